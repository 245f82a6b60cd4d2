"""Adam and its kin: a running mean of gradients, divided for each weight by their recent size."""

from typing import ClassVar, NamedTuple

import numpy as np

from losses.arrays import Array
from losses.descent.optimizers import MEMORY, Optimizer, Stage, State, memory, rate
from losses.spec import NON_NEGATIVE, catalogued, param


class Moments(NamedTuple):
    """Running means of the gradient and of its square, or another measure of its size."""

    m: Array
    v: Array


@catalogued
class Adam(Optimizer):
    """Steps of about eta, along the recent gradient and divided by its recent size.

    Of its kin each has another mean, another size, or both. The mean is linear in the running mean
    m and the gradient g, so that it falls into what was remembered and what is new.
    """

    name = "Adam"
    latex = r"w \leftarrow w - \eta \hat{m} / (\sqrt{\hat{v}} + \epsilon)"
    reference = "[Kingma & Ba 2015, algorithm 1](https://arxiv.org/abs/1412.6980)"
    remembered: ClassVar[str] = "β₁ mₜ₋₁ / (1 − β₁ᵗ)"
    new: ClassVar[str] = "(1 − β₁) gₜ / (1 − β₁ᵗ)"
    size: ClassVar[str] = "(√v̂ₜ + ε)"
    eta: float = rate(0.1)
    beta1: float = memory(0.9, r"\beta_1", "How long the mean gradient is remembered")
    beta2: float = param(
        0.999,
        0.9,
        0.999,
        r"\beta_2",
        "How long the size of the gradient is remembered",
        step=0.001,
        domain=MEMORY,
    )
    epsilon: float = 1e-8  # keeps the first division finite; the value of the paper

    def init(self, w: Array) -> State:
        return Moments(np.zeros_like(w), np.zeros_like(w))

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        after = self._after(g, state, t)
        return w - self.eta * self._mean(after.m, g, after, t) / self._size(after, t), after

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        after = self._after(g, state, t)
        rates = self.eta / self._size(after, t)
        kept = rates * self._mean(self.beta1 * state.m, np.zeros_like(g), after, t)
        added = rates * self._mean((1 - self.beta1) * g, g, after, t)
        return (
            Stage("gradient", "gₜ", g),
            Stage("mean of gradients", "mₜ = β₁ mₜ₋₁ + (1 − β₁) gₜ", after.m),
            *self._estimates(g, after, t),
            Stage("what the mean remembers", f"−η {self.remembered} / {self.size}", -kept, True),
            Stage("what the gradient adds", f"−η {self.new} / {self.size}", -added, True),
        )

    def _after(self, g: Array, state: State, t: int) -> State:
        m = self.beta1 * state.m + (1 - self.beta1) * g
        return Moments(m, self.beta2 * state.v + (1 - self.beta2) * g**2)

    def _mean(self, m: Array, g: Array, after: State, t: int) -> Array:
        return m / (1 - self.beta1**t)

    def _size(self, after: State, t: int) -> Array:
        return np.sqrt(after.v / (1 - self.beta2**t)) + self.epsilon

    def _estimates(self, g: Array, after: State, t: int) -> tuple[Stage, ...]:
        mean, square = self._mean(after.m, g, after, t), after.v / (1 - self.beta2**t)
        return (
            Stage("mean of squares", "vₜ = β₂ vₜ₋₁ + (1 − β₂) gₜ²", after.v),
            Stage("mean of gradients, bias corrected", "m̂ₜ = mₜ / (1 − β₁ᵗ)", mean),
            Stage("mean of squares, bias corrected", "v̂ₜ = vₜ / (1 − β₂ᵗ)", square),
        )


@catalogued
class Adamax(Adam):
    """Adam that divides by the largest recent gradient instead of by its mean square."""

    name = "Adamax"
    latex = r"u \leftarrow \max(\beta_2 u, |g| + \epsilon), \quad w \leftarrow w - \eta \hat{m} / u"
    reference = "[Kingma & Ba 2015, algorithm 2, with PyTorch's ε](https://arxiv.org/abs/1412.6980)"
    size = "uₜ"

    def _after(self, g: Array, state: State, t: int) -> State:
        m = self.beta1 * state.m + (1 - self.beta1) * g
        return Moments(m, np.maximum(self.beta2 * state.v, np.abs(g) + self.epsilon))

    def _size(self, after: State, t: int) -> Array:
        return after.v

    def _estimates(self, g: Array, after: State, t: int) -> tuple[Stage, ...]:
        _, mean, _ = super()._estimates(g, after, t)
        return mean, Stage("largest gradient, fading", "uₜ = max(β₂ uₜ₋₁, |gₜ| + ε)", after.v)


class Anticipated(NamedTuple):
    """The moments, and the product of the memories μ so far."""

    m: Array
    v: Array
    memory: float


@catalogued
class Nadam(Adam):
    """Adam that looks ahead as Nesterov does, with a memory that grows during the run."""

    name = "Nadam"
    latex = (
        r"w \leftarrow w - \eta (\mu_{t+1} \hat{m} + (1 - \mu_t) \hat{g})"
        r" / (\sqrt{\hat{v}} + \epsilon)"
    )
    reference = (
        "[Dozat 2016, with β₁ in place of μ in the running mean, as Keras and PyTorch have it]"
        "(https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ)"
    )
    remembered = "μₜ₊₁ β₁ mₜ₋₁ / (1 − μ₁…μₜ₊₁)"
    new = "(μₜ₊₁ (1 − β₁) / (1 − μ₁…μₜ₊₁) + (1 − μₜ) / (1 − μ₁…μₜ)) gₜ"
    decay: float = 0.004  # of the difference between the memory and beta1, as in the paper

    def init(self, w: Array) -> State:
        return Anticipated(np.zeros_like(w), np.zeros_like(w), 1.0)

    def _after(self, g: Array, state: State, t: int) -> State:
        m, v = super()._after(g, state, t)
        return Anticipated(m, v, state.memory * self._memory(t))

    def _mean(self, m: Array, g: Array, after: State, t: int) -> Array:
        soon, now = self._memory(t + 1), self._memory(t)
        return soon * m / (1 - after.memory * soon) + (1 - now) * g / (1 - after.memory)

    def _estimates(self, g: Array, after: State, t: int) -> tuple[Stage, ...]:
        square, _, even = super()._estimates(g, after, t)
        slope = g / (1 - after.memory)
        mean = after.m / (1 - after.memory * self._memory(t + 1))
        ahead = self._mean(after.m, g, after, t)
        return (
            Stage("gradient, bias corrected", "ĝₜ = gₜ / (1 − μ₁…μₜ)", slope),
            square,
            Stage("mean of gradients, bias corrected", "m̂ₜ = mₜ / (1 − μ₁…μₜ₊₁)", mean),
            even,
            Stage("mean of gradients, ahead", "m̄ₜ = μₜ₊₁ m̂ₜ + (1 − μₜ) ĝₜ", ahead),
        )

    def _memory(self, t: int) -> float:
        """μ at a step: from about β₁ / 2 towards β₁."""
        return float(self.beta1 * (1 - 0.5 * 0.96 ** (t * self.decay)))


class Longest(NamedTuple):
    """The moments, and the largest mean square so far."""

    m: Array
    v: Array
    largest: Array


@catalogued
class AMSGrad(Adam):
    """Adam whose memory of large gradients lasts: it divides by the largest mean square so far."""

    name = "AMSGrad"
    latex = (
        r"\hat{v} \leftarrow \max(\hat{v}, v), \quad"
        r" w \leftarrow w - \eta \hat{m} / (\sqrt{\hat{v} / (1 - \beta_2^t)} + \epsilon)"
    )
    reference = (
        "[Reddi, Kale & Kumar 2018, algorithm 2, with Adam's bias corrections, as PyTorch has it]"
        "(https://arxiv.org/abs/1904.09237)"
    )
    size = "(√(v̂ₜ / (1 − β₂ᵗ)) + ε)"

    def init(self, w: Array) -> State:
        return Longest(np.zeros_like(w), np.zeros_like(w), np.zeros_like(w))

    def _after(self, g: Array, state: State, t: int) -> State:
        m, v = super()._after(g, state, t)
        return Longest(m, v, np.maximum(state.largest, v))

    def _size(self, after: State, t: int) -> Array:
        return np.sqrt(after.largest / (1 - self.beta2**t)) + self.epsilon

    def _estimates(self, g: Array, after: State, t: int) -> tuple[Stage, ...]:
        square, mean, _ = super()._estimates(g, after, t)
        largest = Stage("largest mean of squares", "v̂ₜ = max(v̂ₜ₋₁, vₜ)", after.largest)
        return square, largest, mean


@catalogued
class Adamw(Adam):
    """Adam beside a decay of all weights, the bias too, which no size of a gradient divides."""

    name = "AdamW"
    latex = r"w \leftarrow w - \eta \lambda w - \eta \hat{m} / (\sqrt{\hat{v}} + \epsilon)"
    reference = (
        "[Loshchilov & Hutter 2019, algorithm 2, with λ per unit of η, as PyTorch has it]"
        "(https://arxiv.org/abs/1711.05101)"
    )
    decay: float = param(
        0.01,
        0.0,
        1.0,
        r"\lambda",
        "The share of a weight lost per unit of eta",
        domain=NON_NEGATIVE,
    )

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        return super().step(w - self.eta * self.decay * w, g, state, t)

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        decay = Stage("what decay takes", "−η λ wₜ₋₁", -self.eta * self.decay * w, True)
        *found, remembered, added = super().stages(w, g, state, t)
        return *found, decay, remembered, added
