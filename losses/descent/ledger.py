"""One row through a network and back, as a ledger: every product, sum and factor by itself."""

from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import add
from typing import Literal, NamedTuple

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.data import Dataset
from losses.descent.network import MLP, Place
from losses.descent.objective import Objective

EPS = float(np.finfo(float).eps)
STEP = EPS ** (1 / 3)  # where rounding EPS / h and the third derivative h² are alike

Way = Literal["forward", "loss", "back"]
Kind = Literal[
    "product",
    "sum",
    "output",
    "loss",
    "pull",
    "product back",
    "sum back",
    "slope",
    "delta",
    "gradient",
]


class Entry(NamedTuple):
    """One line: what it is in words, the factors or terms it is made of, and what comes out.

    `layer` counts from 0, the last is that of the scores; `unit` is in it, and `other` the unit on
    the far side of a weight: its source, or on the way back the unit that it goes to; None for a
    bias. `weight` is the place among the flat weights. A "gradient" has the `difference` beside it:
    the central difference of the row's loss in that weight.
    """

    way: Way
    kind: Kind
    words: str
    parts: tuple[float, ...]
    value: float
    layer: int
    unit: int | None = None
    other: int | None = None
    weight: int | None = None
    difference: float | None = None


@dataclass(frozen=True, eq=False)
class Ledger:
    """All entries in the order in which they are computed; the loss and its gradient `(size,)`.

    The gradient is that of the entries, which add up in the order of the page; a net that adds in
    another order differs by rounding. `differences` `(size,)` are the finite ones.
    """

    entries: tuple[Entry, ...]
    scores: Array
    loss: float
    gradient: Array
    differences: Array

    def of(self, way: Way, layer: int | None = None) -> tuple[Entry, ...]:
        """The entries of a way, or of one layer on it."""
        return tuple(e for e in self.entries if e.way == way and layer in (None, e.layer))


def ledger(objective: Objective, w: Array, row: int) -> Ledger:
    """The ledger of one row under a network at weights `(size,)`: of its loss, without a penalty.

    Squared error through a sigmoid is the loss called Brier, of which the factor 2 is kept. Raises
    TypeError for a model that is no network.
    """
    if not isinstance(objective.model, MLP):
        raise TypeError(f"a ledger is kept for a network, not for {objective.model}")
    one = Objective(objective.model, objective.loss, objective.data.part(np.array([row])))
    books = _Books(objective.model, one.loss, one.data, np.asarray(w, dtype=float), one.target)
    differences = central(one, books.w)
    with np.errstate(all="ignore"):
        forward, outputs = books.forward()
        score = np.array(outputs[-1])
        loss, pull, middle = books.lost(score)
        back, gradient = books.back(outputs, pull, differences)
    return Ledger((*forward, *middle, *back), score, loss, gradient, differences)


def central(objective: Objective, w: Array) -> Array:
    """The central differences `(size,)` of the cost in each weight.

    The step is ε^⅓ of a weight, or of 1 if it is smaller: about 6e-6, where rounding and the third
    derivative spoil the quotient alike, by about 4e-11 [Press et al. 2007, section 5.7].
    """
    reach = np.diag(STEP * np.maximum(1.0, np.abs(w)))
    above, below = w + reach, w - reach
    moved = np.diag(above - below)  # as far as rounding let them go
    with np.errstate(all="ignore"):
        values = objective.values(np.concatenate([above, below]))
        return (values[: w.size] - values[w.size :]) / moved


@dataclass(frozen=True, eq=False)
class _Books:
    """What the entries are made from: one row of data, and the weights."""

    model: MLP
    loss: Loss
    data: Dataset
    w: Array
    target: Array

    @property
    def last(self) -> int:
        return len(self.model.hidden)

    def name(self, layer: int, unit: int | None) -> str:
        """What a source or a unit is called; layer -1 are the features."""
        if unit is None:
            return "bias"
        if layer < 0:
            return self.data.columns[unit]
        if layer < self.last:
            return f"unit {unit + 1} of layer {layer + 1}"
        return "score" if self.model.outputs == 1 else f"score of {self._class(unit)}"

    def _class(self, unit: int) -> str:
        known = unit < len(self.data.classes)
        return self.data.classes[unit] if known else f"class {unit}"

    def forward(self) -> tuple[list[Entry], list[list[float]]]:
        """The entries up to the scores, and the outputs of features, units and scores."""
        entries: list[Entry] = []
        outputs = [[float(x) for x in self.data.features[0]]]
        places = groupby(enumerate(self.model.places()), key=lambda one: one[1][:2])
        for (layer, unit), own in places:
            products = [self._product(k, place, outputs[layer]) for k, place in own]
            z = reduce(add, (product.value for product in products))
            named = self.name(layer, unit)
            terms = tuple(product.value for product in products)
            words = f"sum of {named}: its products and its bias"
            entries += [*products, Entry("forward", "sum", words, terms, z, layer, unit)]
            if layer < self.last:
                a = float(self.model.act.value(np.array([z]))[0])
                words = f"output of {named}: {self.model.act.name} of its sum"
                entries.append(Entry("forward", "output", words, (z,), a, layer, unit))
                z = a
            outputs += [[]] if unit == 0 else []
            outputs[layer + 1].append(z)
        return entries, outputs

    def _product(self, k: int, place: Place, taken: list[float]) -> Entry:
        layer, unit, source = place
        w, to = float(self.w[k]), self.name(layer, unit)
        if source is None:
            words = f"bias of {to}"
            return Entry("forward", "product", words, (w,), w, layer, unit, None, k)
        words = f"weight from {self.name(layer - 1, source)} to {to}, times what comes from there"
        value = w * taken[source]
        return Entry("forward", "product", words, (w, taken[source]), value, layer, unit, source, k)

    def lost(self, score: Array) -> tuple[float, list[float], list[Entry]]:
        """The loss of the row, its slopes in the scores, and an entry for each."""
        scores = score[None] if self.loss.family == "multiclass" else score
        loss = float(self.loss.value(self.target, scores)[0])
        pull = [float(x) for x in self.loss.gradient(self.target, scores).ravel()]
        given, y = tuple(map(float, score)), float(self.target[0])
        words = f"{self.loss} of the row, whose target is {y:g}"
        entries = [Entry("loss", "loss", words, (y, *given), loss, self.last)]
        for unit, value in enumerate(pull):
            words = f"slope of the loss in the {self.name(self.last, unit)}"
            entries.append(Entry("loss", "pull", words, (y, *given), value, self.last, unit))
        return loss, pull, entries

    def back(
        self, outputs: list[list[float]], pull: list[float], differences: Array
    ) -> tuple[list[Entry], Array]:
        """The entries from the slopes in the scores down to that of every weight, and those."""
        entries: list[Entry] = []
        gradient = np.empty(self.model.size)
        deltas, places = pull, list(enumerate(self.model.places()))
        for layer in range(self.last, -1, -1):
            for k, place in (one for one in places if one[1].layer == layer):
                entry = self._gradient(k, place, deltas, outputs[layer], differences)
                gradient[k] = entry.value
                entries.append(entry)
            if layer:
                found = [self._delta(layer - 1, j, a, deltas) for j, a in enumerate(outputs[layer])]
                entries += [entry for some in found for entry in some]
                deltas = [some[-1].value for some in found]
        return entries, gradient

    def _gradient(
        self, k: int, place: Place, deltas: list[float], taken: list[float], differences: Array
    ) -> Entry:
        layer, unit, source = place
        delta, to = deltas[unit], self.name(layer, unit)
        x = 1.0 if source is None else taken[source]
        said = f"weight from {self.name(layer - 1, source)} to {to}"
        words = f"slope of the loss in the {said if source is not None else f'bias of {to}'}"
        return Entry(
            "back", "gradient", words, (delta, x), delta * x, layer, unit, source, k,
            float(differences[k]),
        )  # fmt: skip

    def _delta(self, layer: int, unit: int, a: float, deltas: list[float]) -> list[Entry]:
        """What comes back to a unit through its weights, times the slope of its activation."""
        named, step = self.name(layer, unit), layer + 1
        start, sources = self.model.layers[step][2].start, self.model.layers[step][1]
        entries = []
        for to, delta in enumerate(deltas):
            k = start + to * (sources + 1) + unit
            words = f"what {named} answers for in the {self.name(step, to)}: weight times slope"
            parts = (float(self.w[k]), delta)
            value = parts[0] * delta
            entries.append(Entry("back", "product back", words, parts, value, layer, unit, to, k))
        terms = tuple(entry.value for entry in entries)
        total = reduce(add, terms)
        slope = float(self.model.act.slope(np.array([a]))[0])
        rule = f"slope of {self.model.act.name} there, {self.model.act.slope_formula}"
        ends = f"slope of the loss in the sum of {named}"
        entries += [
            Entry(
                "back",
                "sum back",
                f"slope of the loss in the output of {named}",
                terms,
                total,
                layer,
                unit,
            ),
            Entry("back", "slope", rule, (a,), slope, layer, unit),
            Entry("back", "delta", ends, (total, slope), total * slope, layer, unit),
        ]
        return entries
