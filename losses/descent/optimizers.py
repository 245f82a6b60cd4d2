"""Optimizers: pure steps with explicit state, so that a trajectory is a list of states."""

from copy import copy
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from losses.arrays import Array
from losses.spec import POSITIVE, Catalogue, Domain, Spec, catalogued, param

State = Any
MEMORY = Domain(0.0, 1.0, closed_high=False)


def rate(default: float) -> Any:
    """The learning rate, which every optimizer calls eta."""
    help = "How far one step goes along the slope"
    return param(default, 0.001, 2.0, r"\eta", help, step=0.001, domain=POSITIVE)


def memory(default: float, symbol: str, help: str) -> Any:
    """The share that one step keeps of what the steps before it have gathered."""
    return param(default, 0.0, 0.99, symbol, help, domain=MEMORY)


class Stage(NamedTuple):
    """A part of one step: a name, what is computed in the letters of the paper, what comes out.

    The formula reads `letter = …`, or just `…` for what no later formula uses. The values
    `(…, size)` of those stages that are moves add up to the step.
    """

    name: str
    formula: str
    value: Array
    moves: bool = False


class Optimizer(Spec):
    """How a gradient becomes a step.

    Weights, gradients and states may have leading axes, `(…, size)`: many walks at once.
    """

    catalogue: ClassVar[Catalogue] = Catalogue("optimizer")
    latex: ClassVar[str]
    bound: ClassVar[str] = ""  # the formula of the limit, in plain text
    eta: float

    def limit(self, steepest: float) -> float:
        """The rate beyond which it overshoots at a curvature; infinite if none is known."""
        return np.inf

    def at(self, eta: Any) -> Self:
        """The same at another rate, or at a column of rates `(m, 1)`, one for each of m walks."""
        tuned = copy(self)
        object.__setattr__(tuned, "eta", eta)
        return tuned

    def init(self, w: Array) -> State:
        """The state before the first step."""
        return ()

    def probe(self, w: Array, state: State) -> Array:
        """Where the gradient of the next step is taken."""
        return w

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        """The weights and the state after step t = 1, 2, … along the gradient g at the probe."""
        raise NotImplementedError

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        """The same step taken apart, in the order of the paper."""
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

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        return Stage("gradient", "gₜ", g), Stage("step", "−η gₜ", -self.eta * g, True)


@catalogued
class Momentum(Optimizer):
    """A ball that remembers its speed: it rolls through small bumps and overshoots the floor."""

    name = "Momentum"
    latex = r"v \leftarrow \beta v + \eta g, \quad w \leftarrow w - v"
    bound = "2(1 + β) ÷ largest curvature"
    reference = "[Polyak 1964; Ruder 2016, eq. 4](https://arxiv.org/abs/1609.04747)"
    eta: float = rate(0.05)
    beta: float = memory(0.9, r"\beta", "The share of its speed that a step keeps")

    def limit(self, steepest: float) -> float:
        return 2 * (1 + self.beta) / steepest if steepest > 0 else np.inf

    def init(self, w: Array) -> State:
        return np.zeros_like(w)

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        v = self.beta * state + self.eta * g
        return w - v, v

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        kept, added = self.beta * state, self.eta * g
        return (
            Stage("gradient", "gₜ", g),
            Stage("velocity", "vₜ = β vₜ₋₁ + η gₜ", kept + added),
            Stage("what momentum keeps", "−β vₜ₋₁", -kept, True),
            Stage("what the slope adds", "−η gₜ", -added, True),
        )


@catalogued
class Nesterov(Momentum):
    """Momentum that looks where it is about to be, and brakes before the slope turns."""

    name = "Nesterov"
    latex = r"v \leftarrow \beta v + \eta g(w - \beta v), \quad w \leftarrow w - v"
    bound = "(2 + 2β) ÷ (1 + 2β) ÷ largest curvature"
    reference = "[Nesterov 1983; Ruder 2016, eq. 5](https://arxiv.org/abs/1609.04747)"

    def limit(self, steepest: float) -> float:
        return (2 + 2 * self.beta) / (1 + 2 * self.beta) / steepest if steepest > 0 else np.inf

    def probe(self, w: Array, state: State) -> Array:
        return w - self.beta * state

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        ahead = Stage("where it looks", "wₜ₋₁ − β vₜ₋₁", self.probe(w, state))
        there = Stage("gradient there", "gₜ", g)
        return ahead, there, *super().stages(w, g, state, t)[1:]


@catalogued
class Adagrad(Optimizer):
    """The more a weight has been pulled, the smaller its steps become, for good."""

    name = "Adagrad"
    latex = r"G \leftarrow G + g^2, \quad w \leftarrow w - \eta g / (\sqrt{G} + \epsilon)"
    reference = (
        "[Duchi, Hazan & Singer 2011, figure 1](https://www.jmlr.org/papers/v12/duchi11a.html)"
    )
    eta: float = rate(0.5)
    epsilon: float = 1e-10  # keeps the first division finite

    def init(self, w: Array) -> State:
        return np.zeros_like(w)

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        squares = self._squares(g, state)
        return w - self._down(g, squares), squares

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        squares = self._squares(g, state)
        return (
            Stage("gradient", "gₜ", g),
            Stage("sum of squares", "Gₜ = Gₜ₋₁ + gₜ²", squares),
            Stage("step", "−η gₜ / (√Gₜ + ε)", -self._down(g, squares), True),
        )

    def _squares(self, g: Array, state: State) -> Array:
        return state + g**2

    def _down(self, g: Array, squares: Array) -> Array:
        return self.eta * g / (np.sqrt(squares) + self.epsilon)


class Sizes(NamedTuple):
    """Running means of the squared gradient and of the squared step."""

    gradient: Array
    step: Array


@catalogued
class Adadelta(Optimizer):
    """Steps as long as recent steps were: it needs hardly any rate, but is slow to get going."""

    name = "Adadelta"
    latex = (
        r"w \leftarrow w - \eta \Delta, \quad"
        r" \Delta = \frac{\sqrt{E[\Delta^2] + \epsilon}}{\sqrt{E[g^2] + \epsilon}} g"
    )
    reference = "[Zeiler 2012, algorithm 1, with a rate before Δ](https://arxiv.org/abs/1212.5701)"
    eta: float = rate(1.0)
    rho: float = memory(0.9, r"\rho", "How long gradients and steps are remembered")
    epsilon: float = 1e-6  # the size of the first step, squared

    def init(self, w: Array) -> State:
        return Sizes(np.zeros_like(w), np.zeros_like(w))

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        squares = self.rho * state.gradient + (1 - self.rho) * g**2
        delta = np.sqrt(state.step + self.epsilon) / np.sqrt(squares + self.epsilon) * g
        steps = self.rho * state.step + (1 - self.rho) * delta**2
        return w - self.eta * delta, Sizes(squares, steps)

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        after = self.step(w, g, state, t)[1]
        delta = np.sqrt(state.step + self.epsilon) / np.sqrt(after.gradient + self.epsilon) * g
        return (
            Stage("gradient", "gₜ", g),
            Stage("mean of squares", "E[g²]ₜ = ρ E[g²]ₜ₋₁ + (1 − ρ) gₜ²", after.gradient),
            Stage("change", "Δₜ = gₜ √(E[Δ²]ₜ₋₁ + ε) / √(E[g²]ₜ + ε)", delta),
            Stage("mean of squared changes", "E[Δ²]ₜ = ρ E[Δ²]ₜ₋₁ + (1 − ρ) Δₜ²", after.step),
            Stage("step", "−η Δₜ", -self.eta * delta, True),
        )


@catalogued
class RMSProp(Adagrad):
    """Adagrad that forgets: each weight's step is divided by the recent size of its gradient."""

    name = "RMSProp"
    latex = (
        r"v \leftarrow \rho v + (1 - \rho) g^2, \quad"
        r" w \leftarrow w - \eta g / (\sqrt{v} + \epsilon)"
    )
    reference = (
        "[Hinton 2012, lecture 6e; Ruder 2016, section 4.5](https://arxiv.org/abs/1609.04747)"
    )
    eta: float = rate(0.05)
    rho: float = memory(0.9, r"\rho", "How long gradients are remembered")
    epsilon: float = 1e-8

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        slope, squares, step = super().stages(w, g, state, t)
        mean = squares._replace(name="mean of squares", formula="vₜ = ρ vₜ₋₁ + (1 − ρ) gₜ²")
        return slope, mean, step._replace(formula="−η gₜ / (√vₜ + ε)")

    def _squares(self, g: Array, state: State) -> Array:
        return self.rho * state + (1 - self.rho) * g**2
