"""Probabilities of three classes as points of a triangle, and what cross-entropy costs there.

A corner is certainty, the middle is knowing nothing. Where the true shares are q, answering p costs
−Σ q log p on average: the entropy of q, and on top of it the divergence of p from q.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.links import SOFTMAX
from losses.verdict.floor import entropy

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])  # x and y, of sides of length 1
SIDE = 60  # rays to each side of the triangle
HALVINGS = 80


@dataclass(frozen=True)
class Answer:
    """An answer by its three logits, and the truth by how many parts of the whole each class is."""

    logits: tuple[float, ...]
    parts: tuple[float, ...]

    @cached_property
    def p(self) -> Array:
        """The probabilities of the answer `(3,)`."""
        return SOFTMAX.prediction(np.array(self.logits))

    @cached_property
    def q(self) -> Array:
        """The true shares `(3,)`."""
        return np.array(self.parts) / sum(self.parts)

    @property
    def gradient(self) -> Array:
        """Of the average cross-entropy in the logits `(3,)`: what is said less what is true."""
        return self.p - self.q

    @property
    def cost(self) -> float:
        """The average cross-entropy in nats."""
        return float(surprise(self.q, self.p))

    @property
    def floor(self) -> float:
        """What the truth itself costs."""
        return entropy(self.q)

    @property
    def divergence(self) -> float:
        """What the answer costs above the floor, Σ q log (q ÷ p): exactly 0 if p is q.

        Of each class comes q log (q ÷ p) − q + p, which is not negative and adds up to the same;
        the difference of cost and floor would keep the rounding of both.
        """
        true = self.q > 0
        q, p = self.q[true], self.p[true]
        off = (p - q) / q
        with np.errstate(divide="ignore"):
            logs = np.where(np.abs(off) < 0.5, np.log1p(np.maximum(off, -0.5)), np.log(p / q))
        return float((q * (off - logs)).sum() + self.p[~true].sum())

    def along(self, k: int, stops: Array) -> Array:
        """The probabilities `(stops, 3)` as one of the logits runs."""
        swept = np.tile(np.array(self.logits), (len(stops), 1))
        swept[:, k] = stops
        return SOFTMAX.prediction(swept)


def place(p: Array) -> Array:
    """x and y `(…, 2)` in the triangle, of probabilities `(…, 3)`."""
    return np.asarray(p @ CORNERS)


def logits_at(x: float, y: float) -> tuple[float, ...] | None:
    """The logits of mean 0 whose answer lies at a point; None outside the triangle."""
    third = y / CORNERS[2, 1]
    second = x - third / 2
    p = np.array([1 - second - third, second, third])
    if not (p > 0).all():
        return None
    z = SOFTMAX.score(p)
    return tuple((z - z.mean()).tolist())


def surprise(q: Array, p: Array) -> Array:
    """−Σ q log p in nats, of shares `(3,)` and probabilities `(…, 3)`; infinite if p excludes q."""
    true = q > 0  # a class that never comes costs nothing
    with np.errstate(divide="ignore"):
        return np.asarray(-(np.log(p[..., true]) @ q[true]))


def outline(q: Array, cost: float) -> Array:
    """The border `(rays, 3)` of all probabilities that cost at most so much, cost ≥ entropy of q.

    Along each ray from q to the border of the triangle the cost rises, so halving finds where it is
    met; where the triangle ends before, its border is the outline.
    """
    ends = _border()
    low, high = np.zeros(len(ends)), np.ones(len(ends))  # the share of q, from too dear to q itself
    for _ in range(HALVINGS):
        share = (low + high) / 2
        dear = surprise(q, _between(q, ends, share)) > cost
        low, high = np.where(dear, share, low), np.where(dear, high, share)
    return _between(q, ends, np.where(surprise(q, ends) > cost, high, 0.0))


def _between(q: Array, ends: Array, share: Array) -> Array:
    """So much of q and the rest of each end: a small probability keeps all its digits."""
    return np.asarray(share[:, None] * q + (1 - share[:, None]) * ends)


def _border() -> Array:
    """Points once around the triangle `(rays, 3)`, from the first corner back to it."""
    share = np.linspace(0, 1, SIDE, endpoint=False)[:, None]
    eye = np.eye(3)
    sides = [eye[k] * (1 - share) + eye[(k + 1) % 3] * share for k in range(3)]
    return np.concatenate([*sides, eye[:1]])


def lattice(steps: int = 9) -> Array:
    """Points `(points, 3)` spread evenly within the triangle, none of them on its border."""
    whole = np.array([
        (i, j, steps - i - j) for i in range(1, steps) for j in range(1, steps - i)
    ])  # fmt: skip
    return np.asarray(whole / steps)
