"""The line that a loss asks for, found exactly: no learning rate, no walk, a proof at the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from losses.arrays import Array, Indices
from losses.asymmetric import Quantile
from losses.base import Loss
from losses.cost import cost
from losses.families import ResidualLoss
from losses.regression import AbsoluteError, Huber, LogCosh, PseudoHuber, SquaredError

Optimum = tuple[Array, float, int]  # z, certificate, steps

EPS, LEAST = float(np.finfo(float).eps), float(np.finfo(float).tiny)
STEPS, FLAT = 200, 1e-12  # more than are needed; as good as zero, relatively
SEED = (1973, 839)  # of the jitter; no single number, lest data be drawn from the same stream
JITTERS = (1e-8, 1e-10, 1e-12, 1e-14)  # what parts tied rows, as a share of the target's spread


@dataclass(frozen=True, eq=False)
class Fit:
    """The best weights, slopes then bias, their mean loss, and a certificate that none are better.

    At an optimum the pulls of the rows, the slopes of their losses, cancel: the certificate is the
    share that does not, beyond what rounding explains, and with a kink at zero at least the duality
    gap, the share by which the cost could fall at most. Zero is a proof.
    """

    weights: Array
    cost: float
    certificate: float
    steps: int


@dataclass(frozen=True, eq=False)
class Frame:
    """A linear model as scores A z for y, in coordinates that lose no digits of any row.

    Features and target count from their medians, features in powers of two; dependent columns of A
    are turned away. `grain` is the rounding of y, back @ z the weights but for the height of y.
    """

    A: Array
    y: Array
    grain: Array
    back: Array
    height: float

    @classmethod
    def of(cls, features: Array, target: Array) -> "Frame":
        X, y = np.asarray(features, dtype=float), np.asarray(target, dtype=float)
        if X.ndim != 2 or y.shape != X.shape[:1] or not y.size:
            raise ValueError(
                f"features {X.shape} and target {y.shape} must be (n, d) and (n,), n > 0"
            )
        if not (np.isfinite(X).all() and np.isfinite(y).all()):
            raise ValueError("a fit needs finite numbers: leave out rows with gaps or infinities")
        middle, height = np.median(X, axis=0), float(np.median(y))
        scale = np.exp2(np.frexp(np.abs(X - middle).max(axis=0))[1])
        A = np.column_stack([(X - middle) / scale, np.ones(len(y))])
        back = np.diag(1 / np.append(scale, 1.0))
        back[-1, :-1] = -middle / scale
        _, size, turn = np.linalg.svd(np.asarray(np.linalg.qr(A, mode="r")))
        rank = int((size > EPS * max(A.shape) * size[0]).sum())
        if rank < A.shape[1]:
            A, back = A @ turn[:rank].T, back @ turn[:rank].T
        return cls(A, y - height, 2 * EPS * (np.abs(y) + np.abs(y - height)), back, height)

    def fit(self, loss: Loss, optimum: Optimum) -> Fit:
        z, certificate, steps = optimum
        weights = self.back @ z
        weights[-1] += self.height
        return Fit(weights, cost(loss, self.y, self.A @ z), certificate, steps)


def fit(loss: Loss, features: Array, target: Array) -> Fit:
    """The linear model of least mean loss on features `(n, d)` and a target `(n,)`.

    Raises ValueError for a loss without an exact solver and for data that do not fit.
    """
    frame = Frame.of(features, target)
    return frame.fit(loss, solve(loss, frame))


def huber_path(features: Array, target: Array, deltas: Iterable[float]) -> tuple[Fit, ...]:
    """Huber's fits at many deltas, in their order; each starts from that of the next larger one."""
    frame, order = Frame.of(features, target), list(deltas)
    fits, z = dict[float, Fit](), None
    for delta in sorted(set(order), reverse=True):
        optimum = _newton(Huber(delta), frame, z)
        fits[delta], z = frame.fit(Huber(delta), optimum), optimum[0]
    return tuple(fits[delta] for delta in order)


@singledispatch
def solve(loss: Loss, frame: Frame) -> Optimum:
    """The optimum in a frame; each class of losses with an exact solver is registered once."""
    raise ValueError(f"{loss.name} has no exact linear fit: let an optimizer descend instead")


@solve.register
def _(loss: SquaredError | Huber | PseudoHuber | LogCosh, frame: Frame) -> Optimum:
    return _newton(loss, frame)


@solve.register
def _(loss: AbsoluteError | Quantile, frame: Frame) -> Optimum:
    return _vertex(loss.tau if isinstance(loss, Quantile) else 0.5, frame)


def _newton(loss: ResidualLoss, frame: Frame, start: Array | None = None) -> Optimum:
    """Newton's method with line searches, which ends after finitely many steps on Huber's parabolas
    and lines (Madsen & Nielsen 1990, BIT 30, p. 682), and where it starts on a single parabola."""
    z, steps = _start(loss, frame) if start is None else start, 0
    while True:
        r = frame.A @ z - frame.y
        certificate = _imbalance(loss, frame, z, r)
        if certificate <= FLAT or steps == STEPS:
            return z, certificate, steps
        h = _step(loss, frame.A, r)
        z, steps = z + _length(loss, r, frame.A @ h) * h, steps + 1


def _start(loss: ResidualLoss, frame: Frame) -> Array:
    """Least squares, or least absolute deviations where that leaves few rows on the parabola."""
    z, (n, k) = np.linalg.lstsq(frame.A, frame.y, rcond=None)[0], frame.A.shape
    bent = loss.d2phi(frame.A @ z - frame.y).sum()
    return z if bent >= min(n, max(0.02 * n, 3 * k)) else _vertex(0.5, frame)[0]


def _imbalance(loss: ResidualLoss, frame: Frame, z: Array, r: Array) -> float:
    pull, size = loss.dphi(r), np.abs(frame.A)
    noise = frame.grain + 2 * EPS * (size @ np.abs(z))
    blur = loss.dphi(r + noise) - loss.dphi(r - noise) + EPS * np.abs(pull)
    excess = np.abs(pull @ frame.A) - blur @ size
    return float(np.max(excess / np.maximum(np.abs(pull) @ size, LEAST), initial=0.0))


def _step(loss: ResidualLoss, A: Array, r: Array) -> Array:
    """Newton's step, or where too few rows are bent to have one, that of iterated reweighting."""
    pull = loss.dphi(r)
    for bend in (loss.d2phi(r), np.divide(pull, r, out=np.ones_like(r), where=r != 0)):
        R = np.asarray(np.linalg.qr(A * np.sqrt(bend)[:, None], mode="r"))  # R'R is the Hessian
        unit = np.maximum(np.sqrt((R * R).sum(axis=0)), LEAST)
        _, size, axes = np.linalg.svd(R / unit)
        if size[-1] > FLAT:
            break
    h: Array = -(axes @ (pull @ A / unit) / np.maximum(size, FLAT) ** 2) @ axes / unit
    return h


def _length(loss: ResidualLoss, r: Array, q: Array) -> float:
    """The t of least loss at r + t q, by Newton's method in a bracket."""
    low, high, t, flat = 0.0, np.inf, 1.0, 1e-9 * abs(q @ loss.dphi(r))
    for _ in range(100):
        slope, bend = q @ loss.dphi(r + t * q), q @ (q * loss.d2phi(r + t * q))
        if abs(slope) <= flat:
            break
        low, high = (t, high) if slope < 0 else (low, t)
        last, t = t, min(float(t - slope / bend), 10 * t) if bend > 0 else 10 * t
        t = t if low < t < high else (low + high) / 2
        if abs(t - last) <= 1e-3 * last:
            break
    return t


def _vertex(tau: float, frame: Frame) -> Optimum:
    """A best line meets as many rows as it has weights: the simplex method exchanges such rows
    (Barrodale & Roberts 1973, SIAM J. Numer. Anal. 10, p. 839), ties being parted by a jitter."""
    A, y = frame.A, frame.y
    r = A @ np.linalg.lstsq(A, y, rcond=None)[0] - y
    basis = _basis(A, np.abs(r - np.quantile(r, 1 - tau)))
    spread = np.median(np.abs(y)) or np.abs(y).mean() or 1.0
    noise, steps = spread * np.random.default_rng(SEED).uniform(-1, 1, len(y)), 0
    for jitter in JITTERS:
        pull, taken = _exchange(tau, A, y + jitter * noise, basis)
        z, steps = np.linalg.solve(A[basis], y[basis]), steps + taken
        gap = _gap(tau, frame, pull, z)
        if gap <= FLAT:
            break
    return z, gap, steps


def _basis(A: Array, far: Array) -> Indices:
    """The nearest rows that are independent, as many as there are columns."""
    rest, size, basis = A, np.einsum("ij,ij->i", A, A), list[int]()
    for _ in range(A.shape[1]):
        left = np.einsum("ij,ij->i", rest, rest) / size
        basis.append(int(np.argmin(np.where(left > min(1e-6, left.max() / 2), far, np.inf))))
        axis = rest[basis[-1]] / np.linalg.norm(rest[basis[-1]])
        rest = rest - np.outer(rest @ axis, axis)
    return np.array(basis)


def _exchange(tau: float, A: Array, y: Array, basis: Indices) -> tuple[Array, int]:
    """Exchanges rows of the basis, in place, until the pulls `(n,)` cancel, and counts them."""
    size, total, steps = np.abs(A), np.ones(len(y)) @ np.abs(A), 0
    while True:
        inverse = np.linalg.inv(A[basis])
        r = A @ (inverse @ y[basis]) - y
        pull = np.where(r > 0, 1 - tau, -tau)
        pull[basis] = 0
        needed = -(pull @ A) @ inverse
        pull[basis] = np.clip(needed, -tau, 1 - tau)
        excess = np.abs(needed - pull[basis])
        k = int(np.argmax(excess))
        if excess[k] <= 8 * EPS * (total @ np.abs(inverse)).max() or steps == 10 * STEPS:
            return pull, steps
        edge, steps = inverse[:, k] * np.sign(needed[k]), steps + 1
        q = A @ edge
        q[np.abs(q) <= 8 * EPS * (size @ np.abs(edge))] = 0
        q[basis] = 0
        rows = np.flatnonzero(np.where(r > 0, q < 0, q > 0))
        rows = rows[np.argsort(-r[rows] / q[rows])]
        turned = np.cumsum(np.abs(q[rows]))  # each row crossed turns its pull by one
        basis[k] = rows[min(int(np.searchsorted(turned, excess[k])), len(rows) - 1)]


def _gap(tau: float, frame: Frame, pull: Array, z: Array) -> float:
    """Pulls that cancel, between -tau and 1 - tau, bound every cost from below by pull @ r."""
    size, r = np.abs(frame.A), frame.A @ z - frame.y
    r[np.abs(r) <= frame.grain + 4 * EPS * (size @ np.abs(z))] = 0
    value = np.maximum(-tau * r, (1 - tau) * r)
    unbalanced = np.abs(pull @ frame.A) / np.maximum(np.abs(pull) @ size, LEAST)
    return float(max((value - pull * r).sum() / (value.sum() or 1.0), unbalanced.max()))
