"""The exact Hessian of a network, from how each sum answers to every other sum before it."""

from collections.abc import Sequence

import numpy as np

from losses.arrays import Array
from losses.descent.activations import Activation


def bent(
    act: Activation,
    matrices: Sequence[Array],
    inputs: Sequence[Array],
    pull: Array,
    bend: Array,
) -> Array:
    """The second derivative `(size, size)` of a sum over n rows in the flat weights.

    Of each layer l come its weights `(units, sources + 1)` and what it takes in
    `(sources + 1, n)`; the loss has the slope `pull` `(outputs, n)` and the curvature `bend`
    `(n, outputs, outputs)` in the last sums. A weight acts through the sum z of its unit alone, so
    that derivatives in sums are enough [Bishop 1992, "Exact calculation of the Hessian matrix for
    the multilayer perceptron"].
    """
    deltas = _deltas(act, matrices, inputs, pull)
    starts = np.cumsum([0, *(own.size for own in matrices)])
    hessian = np.empty((starts[-1], starts[-1]))
    for first in range(len(matrices)):
        answers = _answers(act, matrices, inputs, first)
        turns = _turns(act, matrices, inputs, deltas, answers, bend)
        for second in range(first, len(matrices)):
            block = _block(inputs, deltas, answers, turns[second], (first, second), act)
            here, there = (slice(starts[k], starts[k + 1]) for k in (first, second))
            hessian[here, there] = block
            hessian[there, here] = block.T
    return hessian


def _deltas(
    act: Activation, matrices: Sequence[Array], inputs: Sequence[Array], pull: Array
) -> list[Array]:
    """The slopes in the sums of each layer, `(units, n)`."""
    deltas = [pull]
    for own, a in zip(matrices[:0:-1], inputs[:0:-1], strict=True):
        deltas.insert(0, act.slope(a[:-1]) * (own[:, :-1].T @ deltas[0]))
    return deltas


def _answers(
    act: Activation, matrices: Sequence[Array], inputs: Sequence[Array], first: int
) -> dict[int, Array]:
    """The slopes of the sums of a layer and of those behind it in its sums j: `(j, units, n)`."""
    units, rows = len(matrices[first]), inputs[0].shape[-1]
    found: dict[int, Array] = {
        first: np.broadcast_to(np.eye(units)[:, :, None], (units, units, rows))
    }
    for layer in range(first + 1, len(matrices)):
        outputs = act.slope(inputs[layer][:-1]) * found[layer - 1]
        found[layer] = matrices[layer][:, :-1] @ outputs
    return found


def _turns(
    act: Activation,
    matrices: Sequence[Array],
    inputs: Sequence[Array],
    deltas: Sequence[Array],
    answers: dict[int, Array],
    bend: Array,
) -> dict[int, Array]:
    """The slopes of the deltas of those layers in the same sums j: `(j, units, n)`."""
    last = len(matrices) - 1
    found: dict[int, Array] = {last: np.einsum("nkl,jln->jkn", bend, answers[last])}
    for layer in range(last - 1, min(answers) - 1, -1):
        own, a = matrices[layer + 1][:, :-1].T, inputs[layer + 1][:-1]
        bends = act.bend(a) * (own @ deltas[layer + 1])
        found[layer] = bends * answers[layer] + act.slope(a) * (own @ found[layer + 1])
    return found


def _block(
    inputs: Sequence[Array],
    deltas: Sequence[Array],
    answers: dict[int, Array],
    turns: Array,
    layers: tuple[int, int],
    act: Activation,
) -> Array:
    """The second derivatives in the weights of one layer and of another, behind it or itself."""
    first, second = layers
    here, there, delta = inputs[first], inputs[second], deltas[second]
    pairs = here[:, None, :] * there
    rows = here.shape[-1]
    block = turns.reshape(-1, rows) @ pairs.reshape(-1, rows).T
    j, k, i, q = len(turns), len(delta), len(here), len(there)
    block = block.reshape(j, k, i, q).transpose(0, 2, 1, 3)
    if second > first:
        moved = act.slope(there[:-1]) * answers[second - 1]  # of what the layer takes in
        each = (here[:, None, :] * delta).reshape(-1, rows)
        more = moved.reshape(-1, rows) @ each.T  # (j q, i k)
        block[..., :-1] += more.reshape(j, q - 1, i, k).transpose(0, 2, 3, 1)
    return block.reshape(j * i, k * q)
