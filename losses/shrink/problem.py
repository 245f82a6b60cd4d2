"""A loss, data and the prices of their weights: one problem for every strength of the penalty."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from losses.arrays import Array, Indices
from losses.asymmetric import Linex
from losses.base import Loss
from losses.cost import cost
from losses.fit import Fit, exact, fit
from losses.fit.corners import Corners
from losses.fit.frame import Frame
from losses.fit.result import EPS, FLAT, PROVEN, Optimum
from losses.fit.rows import Rows
from losses.fit.smoothing import Program, cornered
from losses.fit.solving import reversed_huber, solve
from losses.fit.vertex import vertex
from losses.penalties import L1, L2, ElasticNet, Penalty
from losses.shaped import Power, ReverseHuber
from losses.shrink.bending import Bending, blunted, eased
from losses.shrink.cornering import half_rounded, priced
from losses.shrink.exchange import exchanged

SHARP = 0.001  # of the usual rounding, where the fit at the last λ is near
NOT_YET = Optimum(np.empty(0), np.inf, 0)
TINY = 64 * EPS  # of the largest coordinate or target: it moves no score


@dataclass(frozen=True, eq=False)
class Solution:
    """The best coordinates at one strength, and the rows that they meet, if it is a vertex."""

    optimum: Optimum
    basis: Indices | None = None

    @classmethod
    def at(cls, z: Array) -> "Solution":
        """Coordinates from elsewhere, of which nothing is known."""
        return cls(Optimum(z, np.inf, 0))


@dataclass(frozen=True, eq=False)
class Problem:
    """Features and a target in coordinates that keep every column, even one that depends on others.

    A column counts in powers of two from its median; `nothing` are the coordinates of the best
    model without slopes. A penalty is l1 Σ|w| + l2 Σ w² of the slopes.
    """

    loss: Loss
    frame: Frame
    bends: Array  # the ridge at l2 = 1
    nothing: Array

    @classmethod
    def of(cls, loss: Loss, features: Array, target: Array) -> "Problem":
        """Raises ValueError for a loss without an exact solver, or one that is not convex, and
        Separable where no bias is best, because all rows are of one class."""
        if not (loss.convex and exact(type(loss))) or loss.family == "multiclass":
            raise ValueError(f"{loss.name} has no exact penalized fit: let an optimizer descend")
        framed = Frame.of(features, target, 1.0, leveled=loss.family == "residual")
        bias = fit(loss, np.empty((len(framed.y), 0)), target).weights[0]
        nothing = np.zeros(framed.A.shape[1])
        nothing[-1] = bias - framed.height
        frame = replace(framed, ridge=np.empty((0, len(nothing))))
        return cls(loss, frame, framed.ridge, nothing)

    @property
    def units(self) -> Array:
        """What one unit of each coordinate is as a weight; 0 for that of the bias, which is free.

        Shape `(d + 1,)`.
        """
        return np.append(np.diag(self.frame.back)[:-1], 0.0)

    @cached_property
    def corners(self) -> Corners | None:
        """The rows of a loss that is made of straight lines."""
        return Corners.of(self.loss, self.frame.A, self.frame.y, self.frame.grain)

    @property
    def cornered(self) -> bool:
        """Whether the loss has corners, so that a slope there is a set."""
        return self.corners is not None or isinstance(self.loss, ReverseHuber)

    @property
    def sharp(self) -> bool:
        """Whether no slope or bend at the model without slopes tells that it is best."""
        endless = isinstance(self.loss, Power) and self.loss.q < 2  # it bends, at zero
        return self.cornered or endless

    def coordinates(self, weights: Array) -> Array:
        """The coordinates of weights `(d + 1,)`."""
        level = weights.copy()
        level[-1] -= self.frame.height
        z: Array = np.linalg.solve(self.frame.back, level)
        z[:-1][weights[:-1] == 0] = 0.0
        return z

    def standing(self) -> Solution:
        """The model without slopes: the best from the strongest λ that matters on."""
        return Solution(Optimum(self.nothing, 0.0, 0))

    def solved(self, l1: float, l2: float, start: Solution | None = None) -> Solution:
        """The optimum at l1 > 0 or l2 > 0, from the one of a similar strength if there is one."""
        ridge = math.sqrt(l2) * self.bends if l2 else self.frame.ridge
        frame, prices = replace(self.frame, ridge=ridge), len(self.frame.y) * l1 * self.units
        z = self.nothing if start is None else start.optimum.z
        if isinstance(self.loss, ReverseHuber):
            return self._rounded(reversed_huber(self.loss, frame), prices, start)
        if self.corners is not None:
            program = Program(_none(), self.corners, _empty(frame))
            solver = self._rounded if l2 else self._met
            return solver(program, prices, start)
        return self._bent(Bending(Rows.of(self.loss, frame.y), frame, prices), z)

    def fitted(self, optimum: Optimum, penalty: Penalty) -> Fit:
        """An optimum as a fit."""
        weights, (z, certificate, steps, certain, note) = self.frame.weights(optimum.z), optimum
        if certificate > PROVEN and not note:
            note = f"stopped after {steps} steps, with {certificate:.1g} of the pulls not canceled"
        paid = cost(self.loss, self.frame.y, self.frame.A @ z)
        held, certain = float(penalty.value(weights[:-1])), certain and certificate <= PROVEN
        return Fit(weights, paid, certificate, steps, held, certain, note)

    def _bent(self, bending: Bending, z: Array) -> Solution:
        if isinstance(self.loss, Power) and self.loss.q < 2:
            return Solution(blunted(self.loss.q, bending, z))
        found = bending.best(z)
        if isinstance(self.loss, Linex) and found.certificate > PROVEN:
            found = eased(self.loss.a, bending, z)
        if found.certificate <= PROVEN:
            return Solution(found)
        if not bending.prices.any():
            again = solve(self.loss, bending.frame)
            return Solution(again if again.certificate < found.certificate else found)
        none = np.zeros(0)
        nothing = Corners(bending.frame.A[:0], none, none, none, none)
        program = priced(Program(bending.rows, nothing, bending.frame), bending.prices)
        try:
            again = cornered(program, self.nothing)
        except np.linalg.LinAlgError:  # of exponentials that overflow
            return Solution(found)
        return self._cleared(again if again.certificate < found.certificate else found)

    def _met(self, program: Program, prices: Array, start: Solution | None) -> Solution:
        """The vertex of a linear program: a weight whose price is met is exactly zero."""
        n = len(program.corners.y)
        found = vertex(priced(program, prices).corners, None if start is None else start.basis)
        z, zeros = found.z.copy(), found.basis[found.basis >= n] - n
        z[np.flatnonzero(prices)[zeros]] = 0.0
        cleared = self._cleared(Optimum(z, found.gap, found.steps))
        best = replace(cleared, basis=found.basis)
        if found.gap <= FLAT:
            return best
        rounded = self._rounded(program, prices, best)
        if rounded.optimum.certificate < found.gap:
            return replace(rounded, basis=found.basis)
        return best

    def _rounded(self, program: Program, prices: Array, start: Solution | None) -> Solution:
        """Rows exchanged from the last λ, or corners rounded ever less, of rows alone at first."""
        whole = priced(program, prices)
        if start is not None:
            near = exchanged(whole, start.optimum.z)
            if near.certificate <= FLAT:
                return self._cleared(near)
        z, sharp = (self.nothing, 1.0) if start is None else (start.optimum.z, SHARP)
        found = half_rounded(program, prices, z, sharp) if prices.any() else NOT_YET
        if found.certificate > PROVEN and np.isfinite(found.certificate):
            again = exchanged(whole, found.z)
            found = again if again.certificate < found.certificate else found
        if found.certificate > PROVEN:
            again = cornered(whole, z, sharp)
            found = again if again.certificate < found.certificate else found
        return self._cleared(found)

    def _cleared(self, found: Optimum) -> Solution:
        """What is zero but for rounding, and moves no score that could be told from it, is zero."""
        z = found.z.copy()
        size = max(float(np.abs(z).max()), float(np.abs(self.frame.y).max()))
        z[:-1][np.abs(z[:-1]) <= TINY * size] = 0.0
        return Solution(found._replace(z=z))


def shares(penalty: Penalty) -> tuple[float, float]:
    """The prices l1 of a unit of weight and l2 of a squared unit."""
    if isinstance(penalty, L1):
        return penalty.lam, 0.0
    if isinstance(penalty, L2):
        return 0.0, penalty.lam
    if isinstance(penalty, ElasticNet):
        return penalty.lam * penalty.mix, penalty.lam * (1 - penalty.mix)
    raise ValueError(f"{penalty.name} is neither L1 nor L2 nor a mix of both")


def at_strength(penalty: Penalty, lam: float) -> Penalty:
    """The penalty at another λ."""
    values: dict[str, float] = {**penalty.values(), "lam": lam}
    return type(penalty)(**values)


def _none() -> Rows:
    none = np.zeros(0)
    return Rows(none, none, np.zeros_like, np.zeros_like, np.zeros_like)


def _empty(frame: Frame) -> Frame:
    none = np.zeros(0)
    return replace(frame, A=frame.A[:0], y=none, grain=none)
