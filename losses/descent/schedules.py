"""Schedules: how the learning rate changes on the way."""

import math
from typing import ClassVar

from losses.spec import NON_NEGATIVE, Catalogue, Domain, Spec, catalogued, param

COUNT = Domain(1, math.inf, closed_high=False)


class Schedule(Spec):
    """What the learning rate is multiplied by at each step."""

    catalogue: ClassVar[Catalogue] = Catalogue("schedule")
    latex: ClassVar[str]  # of the rate at step t; T is the number of steps

    def factor(self, t: int, steps: int) -> float:
        """The multiple, above 0 and at most 1, of the learning rate at step t = 1 … steps."""
        raise NotImplementedError


@catalogued
class Constant(Schedule):
    """The same rate at every step."""

    name = "Constant"
    latex = r"\eta_t = \eta"

    def factor(self, t: int, steps: int) -> float:
        return 1.0


@catalogued
class StepDecay(Schedule):
    """Level for a while, then a fraction of it, again and again: coarse steps first, fine later."""

    name = "Step decay"
    latex = r"\eta_t = \eta \, d^{\lfloor (t - 1) / P \rfloor}"
    reference = "[Ge, Kakade, Kidambi & Netrapalli 2019](https://arxiv.org/abs/1904.12838)"
    period: float = param(50, 10, 200, "P", "How many steps the rate stays level", domain=COUNT)
    drop: float = param(
        0.5,
        0.1,
        1.0,
        "d",
        "The share of the rate that each drop leaves",
        domain=Domain(0.0, 1.0, closed_low=False),
    )

    def factor(self, t: int, steps: int) -> float:
        return float(self.drop ** ((t - 1) // self.period))


@catalogued
class Cosine(Schedule):
    """Slow at first and at the end, fast in between: half a wave from the full rate to a floor."""

    name = "Cosine"
    latex = r"\eta_t = \eta (f + \frac{1 - f}{2} (1 + \cos(\pi \frac{t - 1}{T})))"
    reference = "[Loshchilov & Hutter 2017, eq. 5](https://arxiv.org/abs/1608.03983)"
    floor: float = param(
        0.0, 0.0, 1.0, "f", "The share of the rate that is left after the last step"
    )

    def factor(self, t: int, steps: int) -> float:
        wave = math.cos(math.pi / 2 * (t - 1) / steps) ** 2  # ½ (1 + cos 2x), without cancellation
        return self.floor + (1 - self.floor) * wave


@catalogued
class WarmUp(Schedule):
    """Small steps first, while the slope is steep and means are young, then the full rate."""

    name = "Warm-up"
    latex = r"\eta_t = \eta \min(1, t / L)"
    reference = "[Goyal et al. 2017, section 2.2](https://arxiv.org/abs/1706.02677)"
    length: float = param(
        20, 1, 200, "L", "How many steps it takes to reach the full rate", domain=COUNT
    )

    def factor(self, t: int, steps: int) -> float:
        return min(1.0, t / self.length)


@catalogued
class InverseTime(Schedule):
    """Ever smaller steps whose sum has no bound: noise dies out, and no distance is too far."""

    name = "1/t"
    latex = r"\eta_t = \frac{\eta}{1 + k (t - 1)}"
    reference = "[Robbins & Monro 1951](https://doi.org/10.1214/aoms/1177729586)"
    k: float = param(0.05, 0.0, 1.0, "k", "How soon the rate falls", domain=NON_NEGATIVE)

    def factor(self, t: int, steps: int) -> float:
        return 1 / (1 + self.k * (t - 1))
