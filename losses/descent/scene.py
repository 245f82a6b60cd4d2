"""One descent, ready to be drawn: the surface, the path on it, and the fit at every step."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.data import Dataset
from losses.data.dataset import spread
from losses.descent.models import Linear
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer
from losses.descent.surface import surface
from losses.descent.walk import Trajectory, descend
from losses.fit import fit
from losses.regression import SquaredError

SIDE = 61  # grid points along each weight
LINE = 101  # points of a fitted curve
LOGITS = 5.0  # half the window for logistic weights


@dataclass(frozen=True, eq=False)
class Scene:
    """The cost over slopes and intercepts `(SIDE,)`, a walk, its fits `(steps + 1, LINE)`."""

    objective: Objective
    slopes: Array
    intercepts: Array
    costs: Array
    trajectory: Trajectory
    x: Array
    fits: Array

    @property
    def left_at(self) -> int | None:
        """The first step outside the window, if there is one."""
        w, b = self.trajectory.weights.T
        outside = (
            (w < self.slopes[0])
            | (w > self.slopes[-1])
            | (b < self.intercepts[0])
            | (b > self.intercepts[-1])
        )
        return int(np.argmax(outside)) if outside.any() else None

    @property
    def steepest(self) -> float:
        """The largest curvature at the start."""
        return self.objective.steepest(self.trajectory.weights[0])


def scene(
    data: Dataset, loss: Loss, optimizer: Optimizer, start: tuple[float, float], steps: int
) -> Scene:
    """Runs an optimizer on one feature of a data set, and surveys the cost around its way."""
    model = Linear(1)
    objective = Objective(model, loss, data)
    slopes, intercepts = window(data, start)
    trajectory = descend(objective, optimizer, np.array(start), steps=steps)
    x = np.linspace(data.features.min(), data.features.max(), LINE)
    scores = model.scores(trajectory.weights, x[:, None])
    costs = surface(objective, slopes, intercepts)
    return Scene(objective, slopes, intercepts, costs, trajectory, x, loss.link.prediction(scores))


def window(data: Dataset, start: tuple[float, float]) -> tuple[Array, Array]:
    """Slopes and intercepts to look at: around the least-squares line, with the start inside.

    It depends on the data and the start only, so that the path moves and not the ruler.
    """
    center: Array = np.zeros(2)
    half: Array = np.full(2, LOGITS)
    if data.task == "regression":
        center = fit(SquaredError(), data.features, data.target).weights
        height = float(spread(data.target)) or 1.0
        width = float(spread(data.features)[0]) or 1.0
        half = 1.5 * np.array([height / width, height])
    half = np.maximum(half, 1.25 * np.abs(np.array(start) - center))
    slopes, intercepts = (
        np.linspace(c - h, c + h, SIDE) for c, h in zip(center, half, strict=True)
    )
    return slopes, intercepts
