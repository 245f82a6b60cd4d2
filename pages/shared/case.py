"""A case on the Compare page: the rows, the models, the losses that judge them, and who won."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import streamlit as st

from charts.numbers import unused
from losses import Loss
from losses.data import Dataset
from losses.verdict import Matrix
from pages.shared import controls


def predictions(data: Dataset) -> dict[str, Any]:
    """Each model's predictions by name: `(n,)`, or `(n, K)` of one model with a column a class."""
    if data.by_class:
        return {"the model": data.features}
    return {name: data.column(name) for name in data.columns}


@dataclass(frozen=True)
class Case:
    """What every further question is asked about."""

    data: Dataset
    losses: Sequence[Loss]
    matrix: Matrix

    @property
    def own(self) -> bool:
        """Whether the rows are the visitor's: names of models must not enter the link."""
        return bool(st.session_state[controls.OWN])

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models, as the visitor wrote them: `controls.quoted` shows them."""
        return self.matrix.models

    @property
    def predictions(self) -> dict[str, Any]:
        """Each model's predictions, by name."""
        return predictions(self.data)

    @property
    def key(self) -> str:
        """What tells the case from every other, for what is cached."""
        return f"{self.data.digest} {self.losses!r}"

    @property
    def weight(self) -> Any:
        """How much each row counts `(n,)`; None where the data do not say."""
        return self.data.weight

    @property
    def counted(self) -> int:
        """How many rows count: those of weight 0 do not."""
        return len(self.data) if self.weight is None else int((self.weight > 0).sum())

    @property
    def group(self) -> list[str] | None:
        """The name of each row's group; None where the data do not say."""
        if self.data.group is None:
            return None
        return [self.data.groups[at] for at in self.data.group]

    def one(self, key: str, help: str) -> int:
        """The place of the model that is picked."""
        return self._picked("Model", self.models, f"{key}_model", help)

    def pair(self, usual: str, names: Sequence[str], key: str, help: str) -> tuple[str, str]:
        """Two models to be compared, in the order of the names: their first two, under the words
        for them, until others are picked."""
        pairs = list(combinations(self.models, 2))
        labels = [f"{first} and {second}" for first, second in pairs]
        options = [unused(usual, labels), *labels]
        place = self._picked("Models", options, f"{key}_pair", help) if len(pairs) > 1 else 0
        first, second = sorted(pairs[place - 1], key=names.index) if place else names[:2]
        return first, second

    def judge(self, key: str) -> Loss:
        """The loss by which a question is answered, with its parameters as they stand above."""
        names = {loss.name: loss for loss in self.losses}
        help = "The loss that judges here, with its parameters as they stand above"
        return names[controls.one_of("Judged by", list(names), f"{key}_loss", help)]

    def costs(self, loss: Loss) -> dict[str, float]:
        """What each model costs under one of the losses, the cheapest first."""
        column = self.matrix.cost[:, self.losses.index(loss)].tolist()
        found = dict(zip(self.matrix.models, column, strict=True))
        return {name: found[name] for name in sorted(found, key=found.__getitem__)}

    def model(self, label: str, usual: str, names: Sequence[str], key: str, help: str) -> str:
        """One of some models: the first of them, under the word for it, until one is picked."""
        options = [unused(usual, names), *names]
        return names[max(0, self._picked(label, options, key, help) - 1)]

    def _picked(self, label: str, options: Sequence[str], key: str, help: str) -> int:
        """The place of an option; names from a file of the visitor's stay out of the link."""
        if not self.own:
            return options.index(controls.one_of(label, options, key, help))
        key = f"{key}_{hash(self.models)}"
        picked = st.selectbox(label, options, key=key, help=help)
        return options.index(picked)
