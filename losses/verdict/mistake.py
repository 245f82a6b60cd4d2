"""What probabilities cost, beside how often they are right: and one row made confidently wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.chances import Chances
from losses.cost import Reduction, cost
from losses.links import SIGMOID, sigmoid, softplus
from losses.probabilistic import CrossEntropy
from losses.verdict.floor import entropy

LOGITS = np.linspace(-40.0, 10.0, 101)  # of a row's own class: where the one row can be put


@dataclass(frozen=True, eq=False)
class Sureness:
    """What a model's probabilities cost in nats, row by row; rows count as much as they weigh.

    The cost is the cross-entropy Σw·L ÷ Σw, and a row is right if its own class is the likeliest.
    """

    chances: Chances

    @cached_property
    def weight(self) -> Array:
        """How much each row counts `(n,)`: 1 where the data do not say."""
        weight = self.chances.weight
        return np.ones(len(self.chances.target)) if weight is None else weight

    @cached_property
    def losses(self) -> Array:
        """−log of the probability of each row's own class `(n,)`."""
        return softplus(-self.chances.true_logit)

    @cached_property
    def rivals(self) -> Array:
        """Of what a row's own class leaves, the share of the likeliest other class, `(n,)`."""
        p = self.chances.probabilities
        own = np.arange(p.shape[1]) == self.chances.target[:, None]
        others = np.where(own, 0.0, p)
        rest = others.sum(axis=1)
        even = 1 / (p.shape[1] - 1)  # nothing is left to say who the others are
        return np.where(rest > 0, others.max(axis=1) / np.where(rest > 0, rest, 1.0), even)

    @cached_property
    def right(self) -> Array:
        """Whether each row is right `(n,)`, as 0 or 1; a tie is a mistake."""
        return self._right(self.chances.true_logit, self.rivals)

    @property
    def cost(self) -> float:
        """The mean cross-entropy in nats."""
        return self._mean(self.losses)

    @property
    def accuracy(self) -> float:
        """The share of the rows that are right."""
        return self._mean(self.right)

    @cached_property
    def base_rates(self) -> Array:
        """The share of each class `(K,)`."""
        found = np.bincount(
            self.chances.target.astype(np.intp), self.weight, len(self.chances.classes)
        )
        return np.asarray(found / self.weight.sum())

    @property
    def base(self) -> float:
        """The entropy of the base rates: what knowing them, and nothing of a row, costs."""
        return entropy(self.base_rates)

    def surest(self) -> int:
        """The place of the right row whose own class is given the most."""
        counted = np.where(self.weight > 0, self.chances.true_logit, -np.inf)
        return int(counted.argmax())

    def with_row(self, row: int, logit: Array) -> tuple[Array, Array]:
        """Cost and accuracy, were one row's own class given these logits; all other rows stay."""
        w, total = self.weight, self.weight.sum()
        others = np.arange(len(w)) != row
        with np.errstate(invalid="ignore"):
            rest = np.where(w > 0, w * self.losses, 0.0)[others].sum()
        cost = (rest + w[row] * softplus(-logit)) / total
        right = (w * self.right)[others].sum() + w[row] * self._right(logit, self.rivals[row])
        return cost, right / total

    def one(self, row: int, logit: float) -> tuple[float, float]:
        """Cost and accuracy at one such logit."""
        cost, right = self.with_row(row, np.array([logit]))
        return float(cost[0]), float(right[0])

    @staticmethod
    def said(logit: float) -> float:
        """The probability of a logit."""
        return float(sigmoid(np.array(logit)))

    def _right(self, logit: Array, rivals: Array | float) -> Array:
        return (sigmoid(logit) > sigmoid(-logit) * rivals).astype(float)

    def _mean(self, values: Array) -> float:
        with np.errstate(invalid="ignore"):
            counted = np.where(self.weight > 0, self.weight * values, 0.0)
        return float(counted.sum() / self.weight.sum())


def conventions(two: Chances, positive: float) -> dict[str, float]:
    """Cross-entropy where rows of class 1 weigh so much, divided by the rows and by the weights.

    Row weights of the data multiply the weights of the classes.
    """
    weight = np.where(two.target > 0, positive, 1.0)
    if two.weight is not None:
        weight = weight * two.weight
    both: dict[str, Reduction] = {"Σ w L ÷ N": "mean", "Σ w L ÷ Σ w": "weighted mean"}
    return {
        said: cost(CrossEntropy(), two.target, two.logits, weight, how, infinite=True)
        for said, how in both.items()
    }


def ten_rows() -> Sequence[Sureness]:
    """Ten rows of class 1: nine right, one confidently wrong; beside eight right, two nearly so."""
    said = {"sure": [0.99] * 9 + [0.0001], "modest": [0.7] * 8 + [0.45] * 2}
    return [
        Sureness(
            Chances(name, ("0", "1"), np.ones(10), SIGMOID.score(np.array(p)), np.arange(1, 11))
        )
        for name, p in said.items()
    ]
