"""What every view of a penalty looks at: data, a loss, a kind of penalty, and where λ stands."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import streamlit as st

from charts.numbers import readable
from losses import Loss, Penalty
from losses.data import Dataset
from losses.shrink import Path, at_strength, dialed, sparse, tied, with_products
from pages.shared import cached
from pages.shared.controls import quoted

Made = TypeVar("Made")
GRID = 0.05  # of the slider of λ, in powers of ten


@dataclass(frozen=True)
class Seen:
    """The data in standard deviations, and the rail's places for numbers and for more settings.

    The λ of `kind` plays no part: `stop` is log₁₀ of its share of λ₀, with which a path begins.
    """

    data: Dataset
    loss: Loss
    kind: Penalty
    stop: float
    low: float
    slider: str
    numbers: Any
    rail: Any

    @property
    def stops(self) -> tuple[float, ...]:
        """The stops of the slider, falling; and where a link has put it if that is none of them."""
        count = round(-self.low / GRID)
        grid = [round(-GRID * step, 6) + 0.0 for step in range(count + 1)]
        return tuple(sorted({*grid, self.stop}, reverse=True))

    @property
    def place(self) -> int:
        """Which stop the slider is at."""
        return self.stops.index(self.stop)

    @property
    def key(self) -> str:
        """What tells this path from all others."""
        return f"{self.data.digest} {self.loss!r} {self.kind!r} {len(self.stops)} {self._between}"

    @property
    def _between(self) -> float | None:
        return None if round(self.stop / GRID, 4).is_integer() else self.stop

    @property
    def sparse(self) -> bool:
        """Whether this kind of penalty makes weights exactly zero."""
        return sparse(self.kind) > 0

    @cached_property
    def target(self) -> Any:
        """The target as the loss takes it."""
        return self.loss.encode(self.data.target)

    @property
    def path(self) -> Path:
        """The path of all columns. Raises ValueError where there is none."""
        rows = self.data.features, self.target
        return self.made("path", lambda: dialed(self.loss, *rows, self.kind, self.stops))

    def made(self, what: str, make: Callable[[], Made]) -> Made:
        """What is made at every stop, once for all visitors."""
        return cached.traced(f"{what} {self.key}", make)

    def made_here(self, what: str, make: Callable[[], Made]) -> Made:
        """What is made at this λ alone: of a dragged slider's many, none pushes out a path."""
        return cached.shown(f"{what} {self.stop} {self.key}", make)

    def penalty(self, path: Path) -> Penalty:
        """The penalty at the λ of a path."""
        return at_strength(self.kind, float(path.lams[self.place]))

    def trades(self, path: Path) -> list[tuple[str, str]]:
        """Columns that can take weight from others at no cost, and those others, as they are said:
        where there are any, the best weights are not the only best ones."""
        here = path.weights[self.place]
        groups = self.made_here("tied", lambda: tied(self.data.features, here, self.penalty(path)))
        names = [[quoted(self.data.columns[column]) for column in group] for group in groups]
        return [(first, " and ".join(others)) for first, *others in names]

    def on(self, *columns: int) -> "Seen":
        """The same, of some columns alone."""
        names = tuple(self.data.columns[column] for column in columns)
        features = self.data.features[:, list(columns)]
        return replace(self, data=replace(self.data, columns=names, features=features))

    def widened(self) -> "Seen":
        """The same, with the squares and products of its columns."""
        return replace(self, data=with_products(self.data).standardized())

    def tell(self, path: Path, why: str = "") -> None:
        """λ, why it is another here, and what each part of the objective costs, in the rail."""
        cost, penalty = float(path.costs[self.place]), float(path.penalties[self.place])
        lam, top = float(path.lams[self.place]), float(path.lams[0])
        with self.numbers:
            st.markdown(
                f"**λ = {readable(lam)}**, where λ₀ = {readable(top)}: {self._origin}.{why}"
            )
            parts = {"data cost": cost, "penalty": penalty, "objective": cost + penalty}
            said = list(map(readable, parts.values()))
            st.table({"part": list(parts), "here": said}, hide_index=True)
            if not path.certain:
                st.warning("At some λ it is not proven that no weights are better.")

    @property
    def _origin(self) -> str:
        """What λ₀ is."""
        if self.sparse:
            return "from there on all weights are zero"
        return "there no direction keeps more than about 1 % of its weight"
