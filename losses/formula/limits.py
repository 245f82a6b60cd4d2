"""What a curve does towards a place from one side: its limit, and where that is infinite.

It is looked at three times, ever nearer, each time by the same factor. What is smooth there hardly
changes any more; what ends like a power changes by ever less, or by ever more; and what ends like
a logarithm by as much each time.
"""

from collections.abc import Callable

import numpy as np

from losses.arrays import Array

NEAREST = 1e-300
TOP = 2.0**-40  # of the size of a place, or of one: where its sides are sure to be told apart
WIDE = 2.0**-20  # the same: how far off it is looked at first
CHANGED = 1e-3  # of a size: less is what a smooth curve does
NOISE = 1e-9
ENDING = 0.8  # of the change before: what changes by so much goes on for ever

Parts = Callable[[Array], Array]  # value, slope and bend (3, n) of places (n,)


def smallest(at: Array) -> Array:
    """The least step from each place: beside zero not so near that a product rounds to zero."""
    return np.maximum(np.spacing(np.abs(at)), NEAREST)


def scale(at: Array) -> Array:
    """What steps from each place are measured in."""
    return np.maximum(1.0, np.abs(at))


def room(at: Array) -> Array:
    """How far each place of a sorted list may be left without coming near the next one."""
    far = WIDE * scale(at)
    gaps = np.diff(at)
    gaps = np.where(gaps > TOP * scale(at[1:]), gaps, np.inf)
    return np.minimum(far, 0.5 * np.minimum(np.append(gaps, np.inf), np.insert(gaps, 0, np.inf)))


def sided(curve: Parts, at: Array, nearest: Array) -> tuple[Array, Array, Array]:
    """Value, slope and bend `(3, n)` in the limit from below, at each place, and from above."""
    farthest = room(at)
    nearest = np.minimum(nearest, farthest / 16)
    steps = (nearest, np.sqrt(nearest) * np.sqrt(farthest), farthest)
    here, ends = curve(at), []
    for side in (-1.0, 1.0):
        near, *rest = (curve(at + side * step) for step in steps)
        end = limit(near, *rest)
        with np.errstate(invalid="ignore"):
            arrives = np.abs(end[0] - here[0]) <= CHANGED * np.abs(near[0] - here[0])
            arrives &= np.isfinite(here[0])
        end[0] = np.where(arrives, here[0], end[0])
        ends.append(end)
    return ends[0], here, ends[1]


def limit(near: Array, middle: Array, far: Array) -> Array:
    """The limits of values, slopes and bends, each `(3, n)`, seen ever nearer.

    What changes by a share of the change before is continued as a geometric series.
    """
    with np.errstate(all="ignore"):
        last, before = near - middle, middle - far
        same = np.sign(last) == np.sign(before)
        ends = np.abs(last) < ENDING * np.abs(before)
        moving = (np.abs(last) > CHANGED * np.abs(near)) & (np.abs(last) > NOISE)
        found = np.where(same & ends, near - last * (last / (last - before)), near)
        found = np.where(same & ~ends & moving, np.copysign(np.inf, last), found)
        steady = np.abs(before) <= CHANGED * np.abs(middle)
        return np.where(np.isnan(near) & steady, middle, found)
