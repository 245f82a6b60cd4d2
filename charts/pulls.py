"""What the line of each loss does while one row moves away, in words."""

from collections.abc import Callable

import numpy as np

from charts.numbers import readable
from losses.verdict.letting_go import LettingGo

DIGITS = 3


def beginning(found: LettingGo, shown: Callable[[str], str] = str) -> str:
    """What moves, and what the numbers of the lines are; `shown` writes names of the data."""
    data, row = found.data, found.data.rows[found.row]
    feature, target = shown(data.columns[0]), shown(data.target_name)
    unit = f" ({shown(data.unit)})" if data.unit not in ("", data.target_name) else ""
    place = f"{feature} = {readable(found.place)}"
    way, distances = "up", "Distances and heights are"
    if found.sideways:
        way, distances = "sideways", f"Distances are in units of {feature}, heights"
    return (
        f"Row {row} moves {way} from its place at {place}. How high a line lies is measured there, "
        f"against the line fitted without row {row}. {distances} in units of {target}{unit}."
    )


def middles(found: LettingGo) -> list[tuple[str, str]]:
    """Each loss and what its line does, the one that lets go the soonest first."""
    order = np.argsort(found.critical, kind="stable")
    return [(str(found.losses[i]), _line(found, int(i))) for i in order]


def _line(found: LettingGo, i: int) -> str:
    row, end = f"row {found.data.rows[found.row]}", found.ends[i]
    if not found.follows(i):
        return f"its line does not follow; it stays {_height(found, i)} however far {row} moves"
    if end == "never":
        return f"its line never lets go; the farther {row} moves, the farther it is drawn along"
    moved = f"{row} has moved by {readable(float(found.critical[i]), DIGITS)}"
    if end == "settles":
        far = " beyond the distances shown," if found.critical[i] > found.distances[-1] else ""
        return f"its line follows{far} until {moved}, then stays {_height(found, i)}"
    back = "comes back to the line without the row"
    if not found.critical[i]:
        return f"{row} draws its line off the most from its own place; as it moves, the line {back}"
    return f"its line follows until {moved}, then lets go and {back}"


def _height(found: LettingGo, i: int) -> str:
    """Where a line stays."""
    off = found.off(i) if found.ends[i] == "settles" else 0.0
    if not off:
        return "where it would be without the row"
    side = "above" if off > 0 else "below"
    return f"{readable(abs(off), DIGITS)} {side} where it would be without the row"
