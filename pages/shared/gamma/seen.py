"""What every view of focal looks at: the loss as its sliders stand, and a model's chances."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from losses.chances import Chances
from losses.probabilistic import Focal
from pages.shared import cached
from pages.shared.controls import quoted

Made = TypeVar("Made")
STOPS = tuple(Focal.parameters()[0].grid())
USUAL = 0.25  # the paper's best α, at γ = 2


@dataclass(frozen=True)
class Seen:
    """The loss; the chances of two classes, or None without data; and what tells them apart."""

    focal: Focal
    chances: Chances | None
    key: str

    @property
    def rows(self) -> Chances:
        """The chances, where a view needs them."""
        assert self.chances is not None
        return self.chances

    @property
    def gammas(self) -> tuple[float, ...]:
        """The stops of the slider, and where a link has put it if that is none of them."""
        gamma = self.focal.gamma
        return STOPS if gamma in STOPS else tuple(sorted((*STOPS, gamma)))

    def made(self, what: str, make: Callable[[], Made]) -> Made:
        """What is made of the chances, once for all visitors."""
        between = "" if self.gammas is STOPS else f"{self.focal.gamma!r} "
        return cached.made(f"{what} {between}{self.key}", make)

    def name(self, place: int) -> str:
        """One of the two classes, as Markdown takes it."""
        return quoted(self.rows.classes[place])
