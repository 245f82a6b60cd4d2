"""Optimizers: pure steps with explicit state, so that a trajectory is a list of states."""

from typing import Any, ClassVar, NamedTuple

import numpy as np

from losses.arrays import Array
from losses.spec import POSITIVE, Catalogue, Domain, Spec, catalogued, param

State = Any
MEMORY = Domain(0.0, 1.0, closed_high=False)


def rate(default: float) -> Any:
    """The learning rate, which every optimizer calls eta."""
    return param(
        default,
        0.001,
        2.0,
        r"\eta",
        "How far one step goes along the slope",
        step=0.001,
        domain=POSITIVE,
    )


class Optimizer(Spec):
    """How a gradient becomes a step."""

    catalogue: ClassVar[Catalogue] = Catalogue("optimizer")
    latex: ClassVar[str]
    bound: ClassVar[str] = ""  # the formula of the limit, in plain text
    eta: float

    def limit(self, steepest: float) -> float:
        """The rate beyond which it overshoots at a curvature; infinite if none is known."""
        return np.inf

    def init(self, w: Array) -> State:
        """The state before the first step."""
        return ()

    def probe(self, w: Array, state: State) -> Array:
        """Where the gradient of the next step is taken."""
        return w

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        """The weights and the state after step t = 1, 2, … along the gradient g."""
        raise NotImplementedError


@catalogued
class GradientDescent(Optimizer):
    """Step straight down the slope, as far as the slope is steep."""

    name = "Gradient descent"
    latex = r"w \leftarrow w - \eta g"
    bound = "2 ÷ largest curvature"
    reference = "[Cauchy 1847; Ruder 2016, eq. 1](https://arxiv.org/abs/1609.04747)"
    eta: float = rate(0.1)

    def limit(self, steepest: float) -> float:
        return 2 / steepest if steepest > 0 else np.inf

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        return w - self.eta * g, state


@catalogued
class Momentum(Optimizer):
    """A ball that remembers its speed: it rolls through small bumps and overshoots the floor."""

    name = "Momentum"
    latex = r"v \leftarrow \beta v + \eta g, \quad w \leftarrow w - v"
    bound = "2(1 + β) ÷ largest curvature"
    reference = "[Polyak 1964; Ruder 2016, eq. 4](https://arxiv.org/abs/1609.04747)"
    eta: float = rate(0.05)
    beta: float = param(
        0.9, 0.0, 0.99, r"\beta", "The share of its speed that a step keeps", domain=MEMORY
    )

    def limit(self, steepest: float) -> float:
        return 2 * (1 + self.beta) / steepest if steepest > 0 else np.inf

    def init(self, w: Array) -> State:
        return np.zeros_like(w)

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        v = self.beta * state + self.eta * g
        return w - v, v


class Moments(NamedTuple):
    """Running means of the gradient and of its square."""

    m: Array
    v: Array


@catalogued
class Adam(Optimizer):
    """Steps of about eta, along the recent gradient and divided by its recent size."""

    name = "Adam"
    latex = r"w \leftarrow w - \eta \hat{m} / (\sqrt{\hat{v}} + \epsilon)"
    reference = "[Kingma & Ba 2015, algorithm 1](https://arxiv.org/abs/1412.6980)"
    eta: float = rate(0.1)
    beta1: float = param(
        0.9, 0.0, 0.99, r"\beta_1", "How long the mean gradient is remembered", domain=MEMORY
    )
    beta2: float = param(
        0.999,
        0.9,
        0.999,
        r"\beta_2",
        "How long the mean squared gradient is remembered",
        step=0.001,
        domain=MEMORY,
    )
    epsilon: float = 1e-8  # keeps the first division finite; the value of the paper

    def init(self, w: Array) -> State:
        return Moments(np.zeros_like(w), np.zeros_like(w))

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        m = self.beta1 * state.m + (1 - self.beta1) * g
        v = self.beta2 * state.v + (1 - self.beta2) * g**2
        unbiased_m, unbiased_v = m / (1 - self.beta1**t), v / (1 - self.beta2**t)
        return w - self.eta * unbiased_m / (np.sqrt(unbiased_v) + self.epsilon), Moments(m, v)
