"""Where rows are drawn, and where a linear model's probability takes a value among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.data.dataset import spread
from losses.imbalance.outcome import logit_of
from losses.imbalance.rare import Given, Rare

LOGIT = "logit of the given probability"  # the name of the axis of given probabilities
FAR = 3.0  # windows from the middle: there no line or strip can be seen
ROOM = 0.06  # of the window, on each side of the rows
HEADROOM = 0.26  # of the rows' height, above them: four labels of lines, one below the other
INSET = 0.055  # of the window: how far from its border a line is labeled
GOLDEN = 0.618034  # its multiples spread evenly


@dataclass(frozen=True, eq=False)
class Plane:
    """Rows `(n, 2)` over two columns, or over one number, spread upwards by chance.

    The logit of a model with weights w is Σ w_k (x_k − mean_k) / scale_k + bias, where columns
    that are not drawn are held at their means. `columns` are places among the model's features,
    `names` their names; the second is empty where it is chance. `beyond` rows have an infinite
    logit, and are drawn at the edge.
    """

    places: Array
    names: tuple[str, str]
    columns: tuple[int, ...]
    mean: Array
    scale: Array
    beyond: int = 0

    @cached_property
    def window(self) -> Array:
        """The least and the greatest of both axes `(2, 2)`, with room beyond the rows.

        Where heights are chance, labels of lines have room above all rows.
        """
        low, high = self.places.min(axis=0), self.places.max(axis=0)
        room = np.where(high > low, ROOM * (high - low), 0.5)
        above = 0.0 if self.names[1] else HEADROOM * (high - low) * np.array([0.0, 1.0])
        return np.stack([low - room, high + room + above], axis=1)

    def tilt(self, weights: Array) -> Array:
        """a, b and c of the logit a x + b y + c, from weights `(d + 1,)`."""
        found = np.zeros(3)
        drawn = list(self.columns)
        found[: len(drawn)] = weights[drawn] / self.scale
        found[2] = weights[-1] - float(found[: len(drawn)] @ self.mean)
        return found

    def borders(self, weights: Sequence[Array], threshold: float) -> Array:
        """Tilts `(k, 3)` of models, moved so that each decides at a threshold where it is 0."""
        found = np.array([self.tilt(each) for each in weights])
        found[:, 2] -= logit_of(threshold)
        return found

    def strips(self, tilt: Array, edges: Array) -> Array:
        """The corners `(k, 4, 2)` of the strips between k + 1 rising logits."""
        normal, along, far = self._frame(tilt, edges)
        ends = far[:, None] * normal
        low, high = ends[:-1], ends[1:]
        corners = [low - along, low + along, high + along, high - along]
        return self._placed(np.stack(corners, axis=1))

    def lines(self, tilt: Array, levels: Array) -> Array:
        """The ends `(k, 2, 2)` of the lines on which the logit has k values."""
        normal, along, far = self._frame(tilt, levels)
        middle = far[:, None] * normal
        return self._placed(np.stack([middle - along, middle + along], axis=1))

    def labels(self, tilt: Array, levels: Array) -> Array:
        """Where each of these lines is seen highest `(k, 2)`; NaN where nowhere.

        Each is taken a little further inside than the one before, so that no two touch.
        """
        low, high = self.window.T
        found = np.full((len(levels), 2), np.nan)
        for k, (first, last) in enumerate(self.lines(tilt, levels)):
            inset = INSET * (k + 1) * (high - low)
            with np.errstate(divide="ignore", invalid="ignore"):
                share = (np.stack([low + inset, high - inset]) - first) / (last - first)
                met = first + share.ravel()[:, None] * (last - first)
            slack = 1e-9 * (high - low)
            inside = ((met >= low + inset - slack) & (met <= high - inset + slack)).all(axis=1)
            if inside.any():
                found[k] = met[np.where(inside, met[:, 1], -np.inf).argmax()]
        return found

    def _frame(self, tilt: Array, levels: Array) -> tuple[Array, Array, Array]:
        """In windows from the middle: uphill, along a line, and how far uphill each level lies."""
        low, high = self.window.T
        steep = tilt[:2] * (high - low)
        height = float(tilt[:2] @ (low + high) / 2 + tilt[2])
        norm = float(np.hypot(*steep))
        normal = steep / norm if norm else np.array([1.0, 0.0])
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(levels == height, 0.0, (levels - height) / norm)
        return normal, FAR * np.array([-normal[1], normal[0]]), np.clip(far, -FAR, FAR)

    def _placed(self, units: Array) -> Array:
        low, high = self.window.T
        return (low + high) / 2 + units * (high - low)


def plane(case: Rare | Given, drawn: tuple[str, ...] = ()) -> Plane:
    """Two of the columns, by name, or one; of given probabilities their logits."""
    if isinstance(case, Given):
        return _logits(case.chances.logits)
    data = case.data
    at = tuple(data.columns.index(name) for name in drawn)
    X = data.features[:, list(at)]
    size = spread(X)
    scale = np.where(size > 0, size, np.inf)  # a column that stands still tilts nothing
    names = (drawn[0], drawn[1] if len(drawn) > 1 else "")
    places = X if len(at) > 1 else np.column_stack([X[:, 0], _scattered(len(X))])
    return Plane(places, names, at, X.mean(axis=0), scale)


def edges(probabilities: tuple[float, ...]) -> Array:
    """The logits of rising probabilities, with those of 0 and 1 around them."""
    return np.array([-np.inf, *map(logit_of, probabilities), np.inf])


def _logits(logits: Array) -> Plane:
    finite = np.isfinite(logits)
    reach = float(np.abs(logits[finite]).max(initial=1.0)) + 1
    x = np.where(finite, logits, np.sign(logits) * reach)
    places = np.column_stack([x, _scattered(len(x))])
    one = np.ones(1)
    return Plane(places, (LOGIT, ""), (0,), 0 * one, one, int((~finite).sum()))


def _scattered(rows: int) -> Array:
    """Heights from 0 to 1 that keep rows apart, always alike."""
    found: Array = np.arange(rows) * GOLDEN % 1.0
    return found
