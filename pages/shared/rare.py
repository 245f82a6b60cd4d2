"""A rare class on the Imbalance page: which one, through which columns, and the sliders for it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st

from charts.plane import Seen
from losses import Penalty
from losses.data import DataError, Dataset
from losses.imbalance import Given, Learned, Rare, rarest, telling
from losses.imbalance.plane import Plane, plane
from losses.probabilistic import Focal
from losses.spec import POSITIVE, Parameter
from pages.shared import cached, chances, controls

WEIGHT = Parameter(
    "weight", 1.0, 1.0, 100.0, "w", "How many rows of class 0 one of class 1 weighs as much as",
    0.5, POSITIVE, False,
)  # fmt: skip
THRESHOLDS = (0.01, 0.99)
BEGAN = "weight_began"  # in the session: where the slider of the weight began


@dataclass(frozen=True, eq=False)
class Case:
    """What every question is asked about; `key` tells it from all others, for what is cached."""

    model: Rare | Given
    plane: Plane
    key: str

    @property
    def fitted(self) -> Rare | None:
        """The rows to be fitted; None where probabilities are given."""
        return self.model if isinstance(self.model, Rare) else None

    def at(self, weight: float = 1.0, gamma: float = 0.0) -> Learned:
        """The fit, kept: the figure asks for it ahead of the script, and its numbers once more."""
        assert isinstance(self.model, Rare)
        model, key = self.model, f"fit {self.key} {weight!r} {gamma!r}"
        return cached.shown(key, lambda: model.at(weight, gamma))

    @property
    def classes(self) -> tuple[str, str]:
        """The names of class 0 and of the rare one."""
        one = self.model.data if isinstance(self.model, Rare) else self.model.chances
        return one.classes[0], one.classes[1]

    @property
    def balancing(self) -> float:
        """The stop of the slider nearest to the weight at which both classes weigh alike."""
        reached = min(max(self.model.balance, WEIGHT.low), WEIGHT.high)
        return WEIGHT.low + WEIGHT.step * round((reached - WEIGHT.low) / WEIGHT.step)

    @property
    def seen(self) -> Seen:
        """The rows, for a figure."""
        return Seen(self.plane, self.model.target, self.classes)


class Rail(NamedTuple):
    """Its sliders, which stand first, and a place for what is said of the fit."""

    sliders: Any
    said: Any

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """Between which values each slider can stand."""
        gamma = Focal.parameters()[0]
        return {
            "weight": (WEIGHT.low, WEIGHT.high),
            "gamma": (gamma.low, gamma.high),
            "threshold": THRESHOLDS,
        }

    def weight(self, case: Case, *, plain: bool = False) -> float:
        """The weight of class 1, or how far the prior of given probabilities is shifted.

        It begins where both classes weigh alike, as far as the slider goes, or if `plain` at 1.
        """
        key, usual = "weight", WEIGHT.low if plain else case.balancing
        # Elsewhere it begins elsewhere: a weight that nobody chose goes along.
        if st.session_state.get(key) == st.session_state.get(BEGAN, WEIGHT.low - 1):
            st.session_state[key] = usual
        st.session_state[BEGAN] = usual
        label = "Class weight w" if case.fitted else "Prior shift w"
        with self.sliders:
            found = controls.slider(WEIGHT, key, label, default=usual)
        if not plain:
            with self.said:
                balance = f"{case.model.balance:.3g}"
                st.markdown(f"Both classes weigh alike at w\u00a0=\u00a0{balance}.")
        return found

    def gamma(self) -> float:
        """Focal's γ."""
        with self.sliders:
            return controls.slider(Focal.parameters()[0], "gamma", "Focal γ", default=0.0)

    def threshold(self) -> float:
        """From which probability on a row is called 1."""
        help = "From this probability on, a row is called class 1; the model stays as it is"
        with self.sliders:
            return st.slider(
                "Threshold t", *THRESHOLDS, 0.5, 0.01, key="threshold", help=help,
                bind="query-params",
            )  # fmt: skip


def case(data: Dataset) -> Case:
    """What the rail makes of the data. Raises DataError where they have no classes to look at."""
    return _given(data) if data.role == "predictions" else _rare(data)


def _rare(data: Dataset) -> Case:
    """Features: the class, the columns that are drawn and those that are fitted, and λ."""
    place = _class(data)
    alive = _alive(data)
    drawn = _columns(data, place, alive)
    columns = drawn
    if len(alive) > len(drawn):
        every = controls.switch(
            f"Fit on all {len(alive)} columns", True, "every",
            "Else the fit sees the two columns that are drawn, and nothing of the others",
        )  # fmt: skip
        columns = alive if every else drawn
    ridge = Penalty.catalogue["l2"].parameters()[0]
    lam = controls.optional(ridge, "ridge", "Penalty λ Σ w²", ridge.default or 0.1) or 0.0
    key = f"{data.digest} {place} {columns} {lam!r}"
    model = cached.made(f"rare {key}", lambda: Rare.of(data, place, columns, lam))
    return Case(model, plane(model, drawn), f"{key} {drawn}")


def _given(data: Dataset) -> Case:
    """Predictions: the model, and one class against the rest."""
    found = chances.one_class(chances.asked(data))
    model = Given(found)
    return Case(model, plane(model), f"{data.digest} {found.model} {found.classes}")


def _class(data: Dataset) -> int:
    """Which class is 1: the rarest, unless another is picked. Raises DataError for numbers."""
    if data.task == "regression":
        raise DataError(f"{data.name}: the target {data.target_name!r} holds numbers, not classes")
    return chances.class_one(data.classes, rarest(data.target, len(data.classes)))


def _alive(data: Dataset) -> tuple[str, ...]:
    """The columns that are not constant; of others it is said that they are left out."""
    if not data.constant:
        return data.columns
    names = ", ".join(map(controls.quoted, data.constant))
    if len(data.constant) == len(data.columns):
        raise DataError(f"{data.name}: every column has one value in all rows, and tells nothing")
    st.warning(f"{names}: one value in all rows, which tells no class; left out.")
    return tuple(name for name in data.columns if name not in data.constant)


def _columns(data: Dataset, place: int, alive: tuple[str, ...]) -> tuple[str, ...]:
    """The two columns that are drawn, or the only one; of more, those that tell most come first."""
    if len(alive) <= 2:
        return alive
    help = "The column on this axis; in the menu, those come first whose class means lie far apart"
    names = list(telling(data, place))
    across = chances.picked("Across", names, "across", help)
    rest = [name for name in names if name != across]
    return across, chances.picked("Up", rest, "up", help)
