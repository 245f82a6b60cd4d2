"""A walk through many weights drawn on a plane: where it lands, and what the drawing hides."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.descent.function import Function
from losses.descent.planes import Plane, path_plane
from losses.descent.walk import Trajectory


@dataclass(frozen=True, eq=False)
class Shadow:
    """The nearest points of a plane to each step of a walk, and how far off they are.

    `places` `(steps + 1, 2)` are their coordinates, `held` the share of the walk's variance about
    the plane's origin that lies in it, `distances` `(steps + 1,)` the way to the weights
    themselves, and `off` `(steps + 1,)` the true cost less the cost that is drawn at the place.
    """

    plane: Plane
    places: Array
    held: float
    distances: Array
    off: Array


def shadow(function: Function, walk: Trajectory, plane: Plane | None = None) -> Shadow:
    """The shadow of a walk down a function, on the plane that holds most of it if none is given."""
    flat = path_plane(walk.weights) if plane is None else plane
    places = flat.coordinates(walk.weights)
    with np.errstate(all="ignore"):
        off = walk.costs - function.values(flat.weights(*places.T))
    return Shadow(flat, places, flat.share(walk.weights), flat.residue(walk.weights), off)
