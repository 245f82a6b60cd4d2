"""The contract of a generator: numeric knobs, knobs with words, and a sample for every seed."""

from typing import ClassVar, NamedTuple

import numpy as np

from losses.data.dataset import Array, Dataset, Task
from losses.spec import Catalogue, Spec


class Draw(NamedTuple):
    """Features (n, d), target (n,) and what a reader should know of the rows."""

    features: Array
    target: Array
    notes: tuple[str, ...] = ()


class Generator(Spec):
    """A law to draw rows from."""

    catalogue: ClassVar[Catalogue] = Catalogue("generator")
    columns: ClassVar[tuple[str, ...]]
    target_name: ClassVar[str]
    task: ClassVar[Task] = "regression"
    classes: ClassVar[tuple[str, ...]] = ()
    unit: ClassVar[str] = ""

    def seeded(self, seed: int) -> Dataset:
        """The rows for a seed."""
        return self.sample(np.random.default_rng(seed))

    def sample(self, rng: np.random.Generator) -> Dataset:
        """Rows of this law; the same state of rng gives the same rows."""
        features, target, notes = self.draw(rng)
        return Dataset(
            name=self.name,
            columns=self.columns,
            features=features,
            target=target,
            target_name=self.target_name,
            task=self.task,
            classes=self.classes,
            unit=self.unit,
            notes=notes,
        )

    def draw(self, rng: np.random.Generator) -> Draw:
        """Features, target and notes of one sample."""
        raise NotImplementedError
