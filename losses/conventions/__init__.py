"""How other libraries name and scale what is catalogued here: facts as data, each one executed.

The tables are keyed by slug. A loss that is in none of them works all the same: nothing but the
pages that show conventions, and the code that calls a library's own function, read them.
"""

from losses.conventions import binary, margin, multiclass, penalties, positive, residual
from losses.conventions.convention import HAND, Convention, Lookalike
from losses.spec import Spec

TABLES = residual.ROWS | positive.ROWS | margin.ROWS | binary.ROWS | multiclass.ROWS
TABLES |= penalties.ROWS

__all__ = ["HAND", "Convention", "Lookalike", "conventions", "lookalikes"]


def conventions(spec: Spec) -> tuple[Convention, ...]:
    """What libraries call this loss or penalty, with its parameters as they are."""
    rows = TABLES.get(spec.slug, ())
    values = spec.values()
    return tuple(row for row in rows if isinstance(row, Convention) and row.holds(values))


def lookalikes(spec: Spec) -> tuple[Lookalike, ...]:
    """What one takes for this loss, and what is another."""
    return tuple(row for row in TABLES.get(spec.slug, ()) if isinstance(row, Lookalike))
