"""Probabilities of three classes as points of a triangle, and what cross-entropy costs there.

A corner is certainty, the middle is knowing nothing. Where the true shares are q, answering p costs
−Σ q log p on average: the entropy of q, and on top of it the divergence of p from q.
"""

import numpy as np

from losses.arrays import Array
from losses.links import SOFTMAX

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])  # x and y, of sides of length 1
SIDE = 60  # rays to each side of the triangle
HALVINGS = 50


def place(p: Array) -> Array:
    """x and y `(…, 2)` in the triangle, of probabilities `(…, 3)`."""
    return np.asarray(p @ CORNERS)


def shares(x: float, y: float) -> Array:
    """The probabilities `(3,)` at a point; of a point outside, some are below 0."""
    third = y / CORNERS[2, 1]
    second = x - third / 2
    return np.array([1 - second - third, second, third])


def inside(p: Array) -> bool:
    """Whether three shares are those of a point of the triangle, its border left out."""
    return bool((p > 0).all())


def logits(p: Array) -> Array:
    """The logits `(3,)` of mean 0 that give some probabilities."""
    z = SOFTMAX.score(p)
    return np.asarray(z - z.mean())


def surprise(q: Array, p: Array) -> Array:
    """−Σ q log p in nats, of shares `(3,)` and probabilities `(…, 3)`: infinite if p rules out q."""
    true = q > 0  # a class that never comes costs nothing
    with np.errstate(divide="ignore"):
        return np.asarray(-(np.log(p[..., true]) @ q[true]))


def outline(q: Array, cost: float) -> Array:
    """The border `(rays, 3)` of all probabilities that cost at most so much, cost ≥ entropy of q.

    Along each ray from q to the border of the triangle the cost rises, so halving finds where it is
    met; where the triangle ends before, its border is the outline.
    """
    ends = _border()
    low, high = np.zeros(len(ends)), np.ones(len(ends))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = surprise(q, q + middle[:, None] * (ends - q)) > cost
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray(q + high[:, None] * (ends - q))


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
