"""What noise residuals follow: the densities of several losses beside each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.verdict.noise import TIED, Noise, noise


@dataclass(frozen=True)
class Belief:
    """What noise residuals follow: the densities, the likeliest first, and losses without one."""

    noises: tuple[Noise, ...]
    without: tuple[tuple[Loss, str], ...]  # and the reason

    def behind(self) -> Array:
        """How far each is behind the likeliest, in nats per row; 0 where they tie."""
        likelihood = np.array([one.likelihood for one in self.noises])
        gap = likelihood.max(initial=-np.inf) - likelihood
        return np.where(gap > TIED, gap, 0.0)

    def leading(self, count: int) -> list[Noise]:
        """The likeliest densities, one of each set that ties: twins are one curve."""
        apart: list[Noise] = []
        for one in self.noises:
            if not apart or apart[-1].likelihood - one.likelihood > TIED:
                apart.append(one)
        return apart[:count]

    def sentence(self, name: str, shown: Callable[[str], str] = str) -> str:
        """The likeliest noise against the next one; `shown` writes the name of the model."""
        residuals = f"residuals of {shown(name)}"
        if not self.noises:
            return f"No loss shown stands for a noise that the {residuals} could follow."
        best = self.noises[0].likelihood
        tied = [one for one in self.noises if best - one.likelihood <= TIED]
        under = " and ".join(one.described() for one in tied)
        if len(tied) < len(self.noises):
            second = self.noises[len(tied)]
            gap = f"{best - second.likelihood:.2g} nats per row likelier"
            return f"The {residuals} are {gap} under {under} than under {second.described()}."
        if len(tied) > 1:
            return f"The {residuals} are equally likely under {under}."
        return f"Only {under} is shown for the {residuals}."


def belief(residuals: ArrayLike, losses: Sequence[Loss], weight: ArrayLike | None = None) -> Belief:
    """The noise of every loss, fitted to residuals s − y `(n,)`, with weights `(n,)` if given.

    A loss that stands for no density, or for none that fits, is listed with the reason.
    """
    noises, without = [], []
    for loss in losses:
        fitted = noise(residuals, loss, weight)
        if isinstance(fitted, Noise):
            noises.append(fitted)
        else:
            without.append((loss, fitted))
    # what ties stays in the order given, whatever rounding says
    noises.sort(key=lambda one: -round(one.likelihood / TIED))
    return Belief(tuple(noises), tuple(without))
