"""Whether a ledger's gradient is that of finite differences, and where they are farthest apart."""

from dataclasses import dataclass

import numpy as np

from losses.descent.ledger import Entry, Ledger


@dataclass(frozen=True)
class Agreement:
    """The entry of the largest gradient, that of the largest disagreement, and how large it is.

    The distance is NaN if one of the differences is no finite number; the entry is then its.
    """

    steepest: Entry
    furthest: Entry
    distance: float


def agreement(book: Ledger) -> Agreement:
    """Of all weights of a ledger."""
    entries = {e.weight: e for e in book.of("back") if e.kind == "gradient"}
    with np.errstate(invalid="ignore"):
        apart = np.abs(book.gradient - book.differences)
        sizes = np.abs(book.gradient)
    steepest, furthest = int(sizes.argmax()), int(apart.argmax())  # argmax finds a NaN, too
    return Agreement(entries[steepest], entries[furthest], float(apart[furthest]))
