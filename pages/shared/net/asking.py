"""What a network is asked to learn: its data, its shape, its rules, and the run that follows."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from charts.numbers import unused
from losses import Loss, Optimizer
from losses.data import Dataset
from losses.data.telling import telling
from losses.descent.activations import Activation
from losses.descent.album import Album, album
from losses.descent.lesson import Lesson, lesson, network_objective
from losses.descent.network import DEEP, WIDE
from losses.descent.objective import Objective
from losses.descent.relay import Leg
from pages.shared import cached, controls, dataset
from pages.shared.course import BATCHES
from pages.shared.net.legs import Earlier, Rules

USUAL = "Adam"  # it learns most nets at its own rate
NONE = "none: one feature"


@dataclass
class Chosen:
    """What the menus say, before any slider tunes it."""

    data: Dataset
    loss: type[Loss]
    optimizer: type[Optimizer]
    activation: str
    batch: int | None
    log: bool | None
    columns: int  # that the data have, of which the network sees one or two


@dataclass
class Asked:
    """A run as it was asked for; `key` tells it from every other one."""

    data: Dataset
    hidden: tuple[int, ...]
    activation: str
    rules: Rules
    steps: int
    seed: int
    earlier: Sequence[Earlier] = ()
    log: bool | None = None
    sliders: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Everything that the walk depends on, in words."""
        shape = self.hidden, self.activation, self.seed, self.steps
        return repr((self.data.digest, shape, self.rules, tuple(self.earlier)))

    @property
    def effort(self) -> int:
        """How many numbers the walk looks at, about."""
        return self.steps * len(self.data) * sum(self.hidden)

    def objective(self, loss: Loss) -> Objective:
        """The cost of the network under a loss."""
        return network_objective(self.data, loss, self.hidden, self.activation)

    def lesson(self) -> Lesson:
        """The run, once for all visitors. Raises ValueError where it cannot begin."""
        return cached.shown(f"lesson {self.key}", lambda: lesson(self._legs(), self.seed))

    def album(self) -> Album:
        """Its pictures."""
        return cached.shown(f"album {self.key}", lambda: album(self.lesson()))

    def _legs(self) -> list[Leg]:
        """The earlier legs, then the present rules for the steps that are left."""
        begun = sum(leg.steps for leg in self.earlier)
        if begun >= self.steps:
            raise ValueError(
                f"the earlier legs take {begun} steps, and the run has {self.steps}: give it more "
                "steps, or drop a change"
            )
        legs = [*self.earlier, Earlier(self.steps - begun, self.rules)]
        grounds = {leg.rules.loss: self.objective(leg.rules.loss) for leg in legs}
        return [
            Leg(grounds[rules.loss], rules.optimizer, steps, rules.batch) for steps, rules in legs
        ]


def chosen(data: Dataset) -> Chosen:
    """Draws the menus and says what is on. Raises ValueError for data that no picture can show."""
    feature, other, loss, optimizer, activation, more = st.columns(
        [1, 1, 1.3, 1.2, 0.9, 1.1], vertical_alignment="bottom"
    )
    columns = len(data.columns)
    data = _features(data, feature, other)
    with loss:
        kind = controls.loss_menu(data.task)
    with optimizer:
        kinds = sorted(Optimizer.catalogue.values(), key=lambda one: one.name != USUAL)
        how = controls.spec_menu("Optimizer", kinds, "net_optimizer", "How a slope becomes a step")
    with activation:
        acts = list(Activation.catalogue.values())
        act = controls.spec_menu("Activation", acts, "activation", "What a unit makes of its sum")
    with more.popover("More settings", width="stretch"):
        if controls.switch("Standardize", True, "standardize", "Columns in standard deviations"):
            data = data.standardized()
        help = "How many rows each step looks at; the cost shown is always that of all rows"
        batch = BATCHES[controls.one_of("Batch", list(BATCHES), "batch", help)]
        log = controls.cost_axis()
    return Chosen(data, kind, how, act.slug, batch, log, columns)


def _features(data: Dataset, across: Any, up: Any) -> Dataset:
    """The data with one column or two: those that the menus pick, whose names may be hostile."""
    if len(data.columns) == 1:
        if data.task == "multiclass":
            raise ValueError(
                f"{data.name} has one column: several classes are drawn over two, so it needs "
                "another one"
            )
        _forgotten("net_across", [])
        _forgotten("net_up", [])
        across.markdown(f"Feature {controls.quoted(data.columns[0])}")
        return data
    many = len(data.columns) > 2  # the two that tell most are the first choice
    names = list(telling(data) if many else data.columns)
    with across:
        first = _column("Feature across", names, "across")
    others = [name for name in names if name != first]
    with up:
        none = unused(NONE, others)
        second = _column("Feature up", others + [none] * (data.task != "multiclass"), "up")
    return data.only(first) if second == none else data.only(first, second)


def _column(label: str, names: list[str], key: str) -> str:
    """A column by its name, which stays out of the link where it is a visitor's."""
    help = (
        "A column that the network sees, and an axis of its picture: it sees two at most, and no "
        "other column; those that tell most about the target by themselves come first"
    )
    if st.session_state[dataset.OWN]:
        _forgotten(f"net_{key}", [])
        return st.selectbox(label, names, key=f"{key}_{hash(tuple(names))}", help=help)
    _forgotten(f"net_{key}", names)
    return controls.one_of(label, names, f"net_{key}", help)


def _forgotten(key: str, names: list[str]) -> None:
    """Takes a column of other data out of the session, and with it out of the link."""
    if key not in st.session_state:
        if not names and key in st.query_params:  # of a link, and no widget will read it
            del st.query_params[key]
    elif not names:
        del st.session_state[key]
    elif st.session_state[key] not in names:
        st.session_state[key] = names[0]


def asked(chosen: Chosen, earlier: Sequence[Earlier], ask: Any) -> Asked:
    """Asks for the sliders of everything that was chosen.

    Who is asked is `controls`, which draws the rail, or `Told`, which knows.
    """
    deep = ask.count("Hidden layers", 1, DEEP, 1, "hidden", "Layers between features and score", 1)
    help = "Each a weighted sum of the layer before, bent by the activation"
    hidden = tuple(
        ask.count(f"Units of layer {k}", 1, WIDE, WIDE, f"units_{k}", help, 1)
        for k in range(1, deep + 1)
    )
    optimizer = ask.tuned(chosen.optimizer, f"net_{chosen.optimizer.slug}_")
    steps = ask.count("Steps", 20, 1000, 300, "net_steps", "How long the run lasts", 20)
    help = "Of the initial weights: the same seed, the same run"
    seed = ask.count("Seed of the weights", 0, 99, 0, "net_seed", help, 1)
    with ask.folded("Parameters of the loss") if chosen.loss.parameters() else nullcontext():
        loss = ask.tuned(chosen.loss, f"{chosen.loss.slug}_")
    rules = Rules(loss, optimizer, chosen.batch)
    act, log = chosen.activation, chosen.log
    return Asked(chosen.data, hidden, act, rules, steps, seed, tuple(earlier), log)
