"""Networks: layers of units, each an activation of a weighted sum, and backpropagation."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.cost import blocks
from losses.descent.activations import Activation
from losses.descent.curvature import bent
from losses.descent.models import Model, Pullback
from losses.links import IDENTITY, Link

DEEP, WIDE = 3, 8  # at most so many hidden layers, and units in one
AT_ONCE = 512  # rows, whose products of two layers' inputs stay in cache


class Place(NamedTuple):
    """Where a weight is: from a source into a unit of a layer; the source None is its bias."""

    layer: int
    unit: int
    source: int | None


@dataclass(frozen=True)
class MLP(Model):
    """A multilayer perceptron: hidden layers of one activation, then one score, or one per class.

    The flat weights hold layer after layer, in it unit after unit, and of each unit the weights of
    its sources, then its bias: of no hidden layer they would be those of Linear and Softmax.
    Raises ValueError for shapes that are none, and KeyError for an activation that is none.
    """

    features: int
    hidden: tuple[int, ...]
    activation: str = "tanh"
    outputs: int = 1
    link: Link = IDENTITY

    linear = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "hidden", tuple(self.hidden))
        if not 1 <= len(self.hidden) <= DEEP or not all(1 <= h <= WIDE for h in self.hidden):
            wanted = f"1 to {DEEP} hidden layers of 1 to {WIDE} units"
            raise ValueError(f"hidden = {self.hidden}, but a network has {wanted}")
        if self.features < 1 or self.outputs < 1:
            raise ValueError(
                f"features = {self.features} and outputs = {self.outputs}: both are at least 1"
            )
        _ = self.act  # of a known activation

    @cached_property
    def act(self) -> Activation:
        """The activation itself."""
        kind: type[Activation] = Activation.catalogue[self.activation]
        return kind()

    @cached_property
    def layers(self) -> tuple[tuple[int, int, slice], ...]:
        """Of each layer, the units and sources it has, and where its weights are."""
        widths, found, start = (self.features, *self.hidden, self.outputs), [], 0
        for sources, units in pairwise(widths):
            stop = start + units * (sources + 1)
            found.append((units, sources, slice(start, stop)))
            start = stop
        return tuple(found)

    @property
    def size(self) -> int:
        return self.layers[-1][2].stop

    @property
    def held(self) -> int:
        return sum(self.hidden) + self.outputs

    @property
    def slopes(self) -> NDArray[np.bool_]:
        marks = [np.arange(u * (s + 1)) % (s + 1) < s for u, s, _ in self.layers]
        return np.concatenate(marks)

    def places(self) -> tuple[Place, ...]:
        """Of each of the flat weights, where it is."""
        return tuple(
            Place(layer, unit, source if source < sources else None)
            for layer, (units, sources, _) in enumerate(self.layers)
            for unit in range(units)
            for source in range(sources + 1)
        )

    def init(self, seed: int) -> Array:
        """Random weights `(size,)`, the same for the same seed; every bias is 0.

        For ReLU normal with variance 2 / sources [He et al. 2015, eq. 10,
        https://arxiv.org/abs/1502.01852]; for the others, and in the last layer, uniform within
        ±√(6 / (sources + units)) [Glorot & Bengio 2010, eq. 16,
        https://proceedings.mlr.press/v9/glorot10a.html].
        """
        rng, w = np.random.default_rng(seed), np.zeros(self.size)
        for layer, (units, sources, part) in enumerate(self.layers):
            own = w[part].reshape(units, sources + 1)
            if self.act.rectified and layer < len(self.hidden):
                own[:, :-1] = rng.normal(0.0, np.sqrt(2 / sources), (units, sources))
            else:
                reach = np.sqrt(6 / (sources + units))
                own[:, :-1] = rng.uniform(-reach, reach, (units, sources))
        return w

    def matrices(self, w: Array) -> list[Array]:
        """The weights of each layer `(…, units, sources + 1)`, as views where that can be."""
        w = np.ascontiguousarray(w)
        return [w[..., part].reshape(*w.shape[:-1], u, s + 1) for u, s, part in self.layers]

    def through(self, w: Array, design: Array) -> tuple[Array, Pullback]:
        matrices = self.matrices(w)
        inputs, score = self._forward(matrices, design)

        def pullback(slope: Array) -> Array:
            own = slope[..., None, :] if self.outputs == 1 else slope.swapaxes(-1, -2)
            return self._backward(matrices, inputs, np.ascontiguousarray(own), w.shape)

        return self._read(score), pullback

    def units(self, w: Array, X: Array) -> list[Array]:
        """The outputs of each hidden layer `(…, units, n)` on features `(n, d)`."""
        inputs, _ = self._forward(self.matrices(w), self.design(X))
        return [a[..., :-1, :] for a in inputs[1:]]

    def hessian(self, w: Array, X: Array, bend: Array, pull: Array | None = None) -> Array:
        """Exact, by the chain rule; of a corner it sees the sides and not the jump."""
        if pull is None:
            raise ValueError("the curvature of a network needs the slope of the scores, too")
        matrices = self.matrices(w)
        pulls, bends = pull.reshape(len(X), -1).T, bend.reshape(len(X), self.outputs, self.outputs)
        hessian = np.zeros((self.size, self.size))
        for rows in blocks(len(X), AT_ONCE):
            inputs, _ = self._forward(matrices, self.design(X[rows]))
            hessian += bent(self.act, matrices, inputs, pulls[:, rows], bends[rows])
        return hessian

    def bulk(self, w: Array, X: Array, pull: Array) -> float:
        """The same by backpropagation of sizes: no term can cancel another."""
        matrices = self.matrices(w)
        inputs, _ = self._forward(matrices, self.design(X))
        sizes, taken = ([np.abs(part) for part in parts] for parts in (matrices, inputs))
        pulls = np.tile(pull / len(X), (self.outputs, 1))
        return float(np.linalg.norm(self._backward(sizes, taken, pulls, w.shape)))

    def _forward(self, matrices: list[Array], design: Array) -> tuple[list[Array], Array]:
        """What each layer takes in, `(…, sources + 1, n)` with a last line of ones, and the sums
        of the last layer `(…, outputs, n)`."""
        inputs, lead = [design], matrices[0].shape[:-2]
        for own, units in zip(matrices[:-1], self.hidden, strict=True):
            a = np.empty((*lead, units + 1, design.shape[-1]))
            a[..., -1, :] = 1.0
            sums = a[..., :-1, :]
            np.matmul(own, inputs[-1], out=sums)
            self.act.value(sums, out=sums)
            inputs.append(a)
        return inputs, np.matmul(matrices[-1], inputs[-1])

    def _read(self, score: Array) -> Array:
        """The scores `(…, n)`, or `(…, n, K)`."""
        if self.outputs == 1:
            return score[..., 0, :]
        return np.ascontiguousarray(score.swapaxes(-1, -2))

    def _backward(
        self, matrices: list[Array], inputs: list[Array], delta: Array, shape: tuple[int, ...]
    ) -> Array:
        """The derivatives `(…, size)` from those in the last sums `(…, outputs, n)`."""
        gradient = np.empty(shape)
        for layer in reversed(range(len(matrices))):
            units, sources, part = self.layers[layer]
            a = inputs[layer]
            product = np.matmul(delta, a.swapaxes(-1, -2))
            gradient[..., part] = product.reshape(*shape[:-1], units * (sources + 1))
            if layer:
                pull = np.matmul(matrices[layer][..., :-1].swapaxes(-1, -2), delta)
                pull *= self.act.slope(a[..., :-1, :])
                delta = pull
        return gradient
