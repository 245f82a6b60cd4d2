"""A loss as a polynomial around some arguments."""

import numpy as np

from losses.arrays import Array
from losses.descent.surfaces.shape import Shape


def polynomial(shape: Shape, at: Array, away: Array) -> tuple[list[Array], Array]:
    """Coefficients of φ around some arguments, and what times a square bounds what is left out.

    φ'' is taken from a polynomial of degree four through five arguments. It is compared with φ''
    itself halfway between the outer ones, where it is off by nearly the most; twice that is taken
    for the most. All losses bend around zero, on a scale that a wide cell could overlook: so it is
    compared there, too, or as close to zero as the cell comes.
    """
    bend = shape.bend(at)
    inner, outer = ([shape.bend(at + share * away) for share in (-by, by)] for by in (0.5, 1.0))
    odd, even = zip(*(_halves(bend, pair) for pair in (inner, outer)), strict=True)
    third, fourth = 4 / 3 * (odd[1] - 2 * odd[0]), 4 / 3 * (even[1] - 4 * even[0])
    powers = [bend, odd[1] - third, even[1] - fourth, third, fourth]
    missed = np.zeros_like(bend)
    for share in (-0.75, 0.75, np.clip(-at / away, -1.0, 1.0)):
        taken = powers[4] * share
        for power in powers[3:0:-1]:
            taken = (taken + power) * share
        missed = np.maximum(missed, np.abs(shape.bend(at + share * away) - (taken + bend)))
    parts = [shape.value(at), shape.slope(at)]
    parts += [c / away**k / ((k + 1) * (k + 2)) for k, c in enumerate(powers)]
    needed = [k for k, c in enumerate(powers) if c.any()]
    last = 2 + needed[-1] if needed else 2 if missed.any() else 1
    return parts[: last + 1], missed


def _halves(middle: Array, ends: list[Array]) -> tuple[Array, Array]:
    """The odd and the even part of what a function differs by at both ends."""
    left, right = ends
    return 0.5 * (right - left), 0.5 * (right + left) - middle
