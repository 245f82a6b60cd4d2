"""Races that others have published, with the rates and steps that they gave each optimizer."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from losses.arrays import Array
from losses.descent.adaptive import Adam, Moments
from losses.descent.basins import ends
from losses.descent.landscapes import Landscape, TwoWells
from losses.descent.optimizers import GradientDescent, Momentum, Optimizer, RMSProp, Stage, State


@dataclass(frozen=True)
class UncorrectedAdam(Adam):
    """Adam without bias correction: its first step is (1 − β₁) / √(1 − β₂) times η, not η.

    It is in no menu; it is here because published races have run it under the name of Adam.
    """

    slug = "uncorrected_adam"
    name = "Adam without bias correction"
    latex = r"w \leftarrow w - \eta m / (\sqrt{v} + \epsilon)"
    reference = TwoWells.reference

    def step(self, w: Array, g: Array, state: State, t: int) -> tuple[Array, State]:
        after = self._means(g, state)
        return w - self.eta * after.m / (np.sqrt(after.v) + self.epsilon), after

    def stages(self, w: Array, g: Array, state: State, t: int) -> tuple[Stage, ...]:
        after = self._means(g, state)
        step = -self.eta * after.m / (np.sqrt(after.v) + self.epsilon)
        return (
            Stage("gradient", "gₜ", g),
            Stage("mean of gradients", "mₜ = β₁ mₜ₋₁ + (1 − β₁) gₜ", after.m),
            Stage("mean of squares", "vₜ = β₂ vₜ₋₁ + (1 − β₂) gₜ²", after.v),
            Stage("step", "−η mₜ / (√vₜ + ε)", step, True),
        )

    def _means(self, g: Array, state: State) -> Moments:
        m = self.beta1 * state.m + (1 - self.beta1) * g
        return Moments(m, self.beta2 * state.v + (1 - self.beta2) * g**2)


class Runner(NamedTuple):
    """An optimizer as it was tuned, and the number of steps that it was given."""

    optimizer: Optimizer
    steps: int


@dataclass(frozen=True)
class PublishedRace:
    """A race as published: each runner has its own rate and its own number of steps."""

    slug: str
    name: str
    sentence: str
    reference: str
    landscape: Landscape
    runners: tuple[Runner, ...]

    def ends(self, starts: Array) -> Array:
        """Where each runner ends from each of the starts `(K, 2)`: `(M, K, 2)`."""
        return np.stack(
            [
                ends(self.landscape, optimizer, starts, steps=steps)
                for optimizer, steps in self.runners
            ]
        )


DUPONT = PublishedRace(
    slug="dupont",
    name="Dupont's two wells",
    sentence=(
        "Four optimizers race to the deeper of two wells, each at a rate and for a number of steps "
        "that were set by hand; Adam is said to get there from the most starts."
    ),
    reference=TwoWells.reference,
    landscape=TwoWells(),
    runners=(
        Runner(GradientDescent(eta=2e-2), 500),
        Runner(Momentum(eta=1e-2, beta=0.8), 200),
        Runner(RMSProp(eta=1e-2, rho=0.99, epsilon=1e-6), 300),
        Runner(UncorrectedAdam(eta=1e-2, beta1=0.7, beta2=0.999, epsilon=1e-6), 100),
    ),
)  # read from the page's source; its slopes are differences over 1e-7, and ours are exact

PUBLISHED = {race.slug: race for race in (DUPONT,)}
