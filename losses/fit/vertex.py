"""Losses made of two straight lines: a best fit meets as many rows as it has weights."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.fit.corners import Corners
from losses.fit.result import EPS, FLAT, LEAST, STEPS

SEED = (1973, 839)  # of the jitter; no single number, lest data be drawn from the same stream
JITTERS = (1e-8, 1e-10, 1e-12, 1e-14)  # what parts tied rows, as a share of the target's spread


@dataclass(frozen=True, eq=False)
class Vertex:
    """A best z, its duality gap, the exchanges that led there, and the rows that it meets."""

    z: Array
    gap: float
    steps: int
    basis: Indices


def vertex(corners: Corners, basis: Indices | None = None) -> Vertex:
    """The simplex method exchanges the rows that a fit meets, until no exchange pays
    (Barrodale & Roberts 1973, SIAM J. Numer. Anal. 10, p. 839), ties being parted by a jitter."""
    A, y = corners.A, corners.y
    basis = _nearest(corners) if basis is None else basis.copy()
    spread = np.median(np.abs(y)) or np.abs(y).mean() or 1.0
    noise, steps = spread * np.random.default_rng(SEED).uniform(-1, 1, len(y)), 0
    for jitter in JITTERS:
        pull, taken = _exchange(corners, y + jitter * noise, basis)
        z, steps = np.linalg.solve(A[basis], y[basis]), steps + taken
        gap = corners.gap(pull, z)
        if gap <= FLAT:
            break
    return Vertex(z, gap, steps, basis)


def _nearest(corners: Corners) -> Indices:
    """The rows nearest to a parallel of the least-squares fit with the right share below it."""
    A, y, low, high = corners.A, corners.y, corners.low, corners.high
    r = A @ np.linalg.lstsq(A, y, rcond=None)[0] - y
    share = high.sum() / (high - low).sum()
    return _basis(A, np.abs(r - np.quantile(r, share)))


def _basis(A: Array, far: Array) -> Indices:
    """The nearest rows that are independent, as many as there are columns."""
    rest, size, basis = A, np.maximum(np.einsum("ij,ij->i", A, A), LEAST), list[int]()
    for _ in range(A.shape[1]):
        left = np.einsum("ij,ij->i", rest, rest) / size
        basis.append(int(np.argmin(np.where(left > min(1e-6, left.max() / 2), far, np.inf))))
        axis = rest[basis[-1]] / np.linalg.norm(rest[basis[-1]])
        rest = rest - np.outer(rest @ axis, axis)
    return np.array(basis)


def _exchange(corners: Corners, y: Array, basis: Indices) -> tuple[Array, int]:
    """Exchanges rows of the basis, in place, until the pulls `(n,)` cancel, and counts them."""
    A, low, high = corners.A, corners.low, corners.high
    size, turn, steps = np.abs(A), high - low, 0
    total = np.ones(len(y)) @ size
    while True:
        inverse = np.linalg.inv(A[basis])
        r = A @ (inverse @ y[basis]) - y
        pull = np.where(r > 0, high, low)
        pull[basis] = 0
        needed = -(pull @ A) @ inverse
        pull[basis] = np.clip(needed, low[basis], high[basis])
        excess = np.abs(needed - pull[basis])
        k = int(np.argmax(excess))
        if excess[k] <= 8 * EPS * (total @ np.abs(inverse)).max() or steps == 10 * STEPS:
            return pull, steps
        edge, steps = inverse[:, k] * np.sign(needed[k] - pull[basis[k]]), steps + 1
        q = A @ edge
        q[np.abs(q) <= 8 * EPS * (size @ np.abs(edge))] = 0
        q[basis] = 0
        rows = np.flatnonzero(np.where(r > 0, q < 0, q > 0))
        if not rows.size:
            return pull, steps
        rows = rows[np.argsort(-r[rows] / q[rows])]
        turned = np.cumsum(np.abs(q[rows]) * turn[rows])  # each row crossed turns its pull
        basis[k] = rows[min(int(np.searchsorted(turned, excess[k])), len(rows) - 1)]
