"""Whether a loss is convex, monotone, symmetric: searched for counterexamples, never proved."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.probing import Side, beside, kinks, sides, unit

NOISE = 1e-9  # of a size: less is rounding


@dataclass(frozen=True)
class Search:
    """Whether a property held everywhere it was looked at; else two scores where it did not.

    `points` is how many scores were looked at, `target` that of the row, `before` and `after` what
    was compared at the two scores of the witness.
    """

    found: bool
    points: int
    witness: tuple[float, float] = (np.nan, np.nan)
    before: float = np.nan
    after: float = np.nan
    target: float = np.nan


@lru_cache(maxsize=8)
def jumps(loss: Loss) -> tuple[tuple[float, float, float, float], ...]:
    """Each jump of the value: score, value below, value above, target of the row."""
    found, scale = [], unit(loss)
    for side in sides(loss)[: 2 if loss.family == "binary" else 1]:
        values = beside(loss, side.target)[:, 0].T.tolist()
        for at, (below, here, above) in zip(kinks(loss), values, strict=True):
            if apart(below, above, scale) or apart(below, here, scale):
                found.append((float(at), below, above, side.target))
    return tuple(found)


def apart(one: float, other: float, unit: float) -> bool:
    """Whether two numbers differ by more than rounding; where one is none, they do not."""
    if np.isnan(one) or np.isnan(other):
        return False  # the edge of where it is defined
    if np.isinf(one) or np.isinf(other):
        return one != other
    return abs(one - other) > NOISE * (unit + abs(one))


def convexity(loss: Loss) -> Search:
    """Whether the slope never falls, and the value never jumps."""
    looked = sides(loss)
    points = sum(int(side.finite.sum()) for side in looked)
    for at, below, above, target in jumps(loss):
        near = (float(np.nextafter(at, -np.inf)), float(np.nextafter(at, np.inf)))
        return Search(False, points, near, below, above, target)
    worst = None
    for side in looked:
        x, slope = side.x[side.finite], side.slope[side.finite]
        fall = slope[:-1] - slope[1:]
        size = np.maximum(np.abs(slope[:-1]), np.abs(slope[1:]))
        if (fall > NOISE * size + 1e-12 * unit(loss)).any():
            a, b = _widest(slope)
            here = Search(
                False, points, (float(x[a]), float(x[b])), slope[a], slope[b], side.target
            )
            if worst is None or here.before - here.after > worst.before - worst.after:
                worst = here
    return worst or Search(True, points)


def _widest(slope: Array) -> tuple[int, int]:
    """The two places, in order, between which the slope falls the most."""
    peak = np.maximum.accumulate(slope)
    end = int(np.argmax(peak - slope))
    return int(np.argmax(slope[: end + 1])), end


def monotone(loss: Loss) -> Search:
    """Whether being further wrong never costs less: along |r|, against the margin or the logit."""
    looked = sides(loss)
    points = sum(int(side.finite.sum()) for side in looked)
    for side in looked:
        for x, value in _outward(loss, side):
            fall = np.flatnonzero(np.diff(value) < -NOISE * (unit(loss) + np.abs(value[1:])))
            if fall.size:
                a, b = _widest(value)
                pair = (float(x[a]), float(x[b]))
                return Search(False, points, pair, value[a], value[b], side.target)
    return Search(True, points)


def _outward(loss: Loss, side: Side) -> list[tuple[Array, Array]]:
    """Scores in the order of how wrong they are, with their values."""
    ok = np.isfinite(side.value)
    x, value = side.x[ok], side.value[ok]
    if loss.family in ("residual", "positive"):
        center = side.target if loss.link.prediction(np.zeros(1))[0] == 0 else np.log(side.target)
        low, high = x <= center, x >= center
        return [(x[high], value[high]), (x[low][::-1], value[low][::-1])]
    wrong_first = side.target != 1 and loss.family == "binary"
    return [(x, value)] if wrong_first else [(x[::-1], value[::-1])]


def symmetry(loss: Loss) -> Search:
    """Whether both signs of an error cost the same; for losses of the residual."""
    side = sides(loss)[0]
    x = np.unique(np.abs(side.x[side.x != 0]))
    with np.errstate(all="ignore"):
        up, down = (loss.value(np.zeros_like(x), sign * x) for sign in (1.0, -1.0))
        gap = np.abs(up - down) / (unit(loss) + np.abs(up))
    gap = np.where(np.isfinite(up) & np.isfinite(down), gap, up != down)
    gap = np.where(np.isnan(up) & np.isnan(down), 0.0, gap)
    if gap.max() <= NOISE:
        return Search(True, 2 * x.size)
    k = (
        int(np.argmin(np.abs(x - 1)))
        if gap[np.argmin(np.abs(x - 1))] > NOISE
        else int(gap.argmax())
    )
    return Search(False, 2 * x.size, (float(x[k]), float(-x[k])), up[k], down[k], 0.0)
