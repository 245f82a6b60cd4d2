"""Numbers as one writes them, in sensible digits, and names that stay apart."""

from collections.abc import Container, Sequence

import numpy as np

SPACE = "\N{NO-BREAK SPACE}"  # between a number and what it counts


def readable(value: float, digits: int = 4) -> str:
    """A number in so many digits, as one writes it: 0.01234, −12.34, 1,234, 1.234e+12, ∞."""
    if not np.isfinite(value):
        return "—" if np.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    power = int(np.floor(np.log10(abs(value))))
    if -5 < power < 9:
        return f"{value:,.{max(0, digits - 1 - power)}f}".replace("-", "−")
    return f"{value:.{digits - 1}e}".replace("-", "−")


def apart(values: Sequence[float], least: int = 4) -> list[str]:
    """Numbers in as few digits, so many or more, as it takes to tell the different ones apart."""
    for digits in range(least, 13):
        texts = [readable(value, digits) for value in values]
        if len(set(texts)) == len({readable(value, 12) for value in values}):
            break
    return texts


def percent(share: float, decimals: int = 1) -> str:
    """A share in percent, 63.3 %; a dash where there is none."""
    return "—" if np.isnan(share) else f"{100 * share:.{decimals}f}{SPACE}%"


def counted(count: int, thing: str) -> str:
    """A count with what it counts: 1 row, 2 rows, 1,000 rows."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def unused(name: str, names: Container[str]) -> str:
    """The name, with a mark where a column of the file happens to be called just so."""
    return unused(f"{name} ′", names) if name in names else name
