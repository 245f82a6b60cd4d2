"""Planes through a space of weights: where a landscape of more than two weights is drawn."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array

EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Plane:
    """The weights `origin + a · first + b · second`, all `(size,)`, with the names of its axes.

    The directions need be neither orthogonal nor of length one. `held` is the share of a path's
    variance about the origin that lies in the plane: 1 where the plane is all there is, and None
    where no path was asked. Raises ValueError for directions that span no plane.
    """

    origin: Array
    first: Array
    second: Array
    names: tuple[str, str]
    held: float | None = None

    def __post_init__(self) -> None:
        if not self.origin.shape == self.first.shape == self.second.shape == (self.origin.size,):
            shapes = self.origin.shape, self.first.shape, self.second.shape
            raise ValueError(f"origin, first and second need one shape (size,), not {shapes}")
        lengths = np.linalg.norm(self._basis, axis=0)
        if not lengths.all() or np.linalg.matrix_rank(self._basis / lengths) < 2:
            raise ValueError("first and second span no plane: one is a multiple of the other")

    def weights(self, a: Array, b: Array) -> Array:
        """The weights `(…, size)` at coordinates a and b, which broadcast to `(…)`."""
        a, b = np.asarray(a, dtype=float)[..., None], np.asarray(b, dtype=float)[..., None]
        return self.origin + a * self.first + b * self.second

    def coordinates(self, W: Array) -> Array:
        """a and b, `(…, 2)`, of the points of the plane that lie nearest to weights `(…, size)`."""
        frame, mixed = np.linalg.qr(self._basis)
        along = (np.asarray(W, dtype=float) - self.origin) @ frame
        return np.asarray(along @ np.linalg.inv(mixed).T)

    def residue(self, W: Array) -> Array:
        """The distances `(…)` of weights `(…, size)` from the plane."""
        frame = np.linalg.qr(self._basis)[0]
        apart = np.asarray(W, dtype=float) - self.origin
        off = apart - (apart @ frame) @ frame.T
        off -= (off @ frame) @ frame.T  # again, for what rounding left in the plane
        return np.asarray(np.linalg.norm(off, axis=-1))

    def share(self, W: Array) -> float:
        """The share of the spread of weights `(n, size)` about the origin that is in the plane."""
        apart = np.asarray(W, dtype=float) - self.origin
        apart = apart / (np.abs(apart).max(initial=0.0) or 1.0)  # so that no square overflows
        total = float((apart**2).sum())
        along = apart @ np.linalg.qr(self._basis)[0]
        return float((along**2).sum() / total) if total else 1.0

    @property
    def _basis(self) -> Array:
        return np.column_stack([self.first, self.second])


def weight_plane(size: int, i: int, j: int, through: Array, names: tuple[str, str]) -> Plane:
    """Weights i and j as they are, with the other weights those of `through` `(size,)`.

    Raises ValueError where i and j are not two different weights of `size`.
    """
    if not (0 <= i < size and 0 <= j < size and i != j):
        raise ValueError(f"weights {i} and {j} are not two different ones of {size}")
    axes, origin = np.eye(size), np.array(through, dtype=float)
    origin[[i, j]] = 0.0
    return Plane(origin, axes[i], axes[j], names, _all_there_is(size))


def curved_plane(hessian: Array, through: Array) -> Plane:
    """The two directions of largest curvature at `through`: eigenvectors of a `(size, size)`.

    Each has length one and its largest component positive. Raises ValueError for fewer than two
    weights.
    """
    _need_two(len(hessian))
    vectors = np.linalg.eigh(hessian)[1]
    names = ("along the largest curvature", "along the second largest curvature")
    first, second = _upright(vectors[:, -1]), _upright(vectors[:, -2])
    return Plane(np.array(through, dtype=float), first, second, names, _all_there_is(len(hessian)))


def path_plane(weights: Array, through: Array | None = None) -> Plane:
    """The plane through a point that holds most of a path `(steps + 1, size)`: its last point.

    Its orthonormal directions are the first two principal components of the path's distances from
    that point [Li et al. 2018, "Visualizing the loss landscape of neural nets", section 7.2]. Where
    the path has no second direction, or none at all, the axes farthest from it complete the plane,
    which then holds all of it. Raises ValueError for a path that is empty, of fewer than two
    weights, or not finite.
    """
    path = np.asarray(weights, dtype=float)
    if path.ndim != 2 or not len(path) or not np.isfinite(path).all():
        raise ValueError("a path is one or more rows of finite weights, (steps + 1, size)")
    _need_two(path.shape[1])
    origin = np.array(path[-1] if through is None else through, dtype=float)
    apart = path - origin
    apart = apart / (np.abs(apart).max() or 1.0)  # so that no square overflows
    _, sizes, vectors = np.linalg.svd(apart, full_matrices=False)
    real = sizes > max(apart.shape) * EPS * sizes[0]  # the others are rounding
    frame = [_upright(vector) for vector in vectors[:2][real[:2]]]
    while len(frame) < 2:
        frame.append(_another(frame, path.shape[1]))
    squares = sizes**2
    held = float(squares[:2].sum() / squares.sum()) if real[2:].any() else 1.0
    names = ("first principal direction of the path", "second principal direction of the path")
    return Plane(origin, frame[0], frame[1], names, held)


def _another(frame: list[Array], size: int) -> Array:
    """A direction orthogonal to those of the frame: of the axis that lies farthest from them."""
    off = np.eye(size)
    for vector in frame:
        off = off - np.outer(off @ vector, vector)
    farthest = off[_first_of_largest(np.linalg.norm(off, axis=1))]
    return _upright(farthest / np.linalg.norm(farthest))


def _upright(vector: Array) -> Array:
    """The vector or its opposite: the one whose largest component is positive."""
    return vector * np.sign(vector[_first_of_largest(np.abs(vector))])


def _first_of_largest(sizes: Array) -> int:
    """The first of those that rounding alone tells apart, so that no machine sees another one."""
    return int(np.argmax(sizes >= (1 - 1e-9) * sizes.max()))


def _all_there_is(size: int) -> float | None:
    """What a plane holds of any path where it is all there is."""
    return 1.0 if size == 2 else None


def _need_two(size: int) -> None:
    if size < 2:
        raise ValueError(f"a plane needs two weights or more, and there is {size}")
