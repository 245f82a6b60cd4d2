"""The numbers that families of losses are functions of: names, and the range to look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """The number that a family is a function of: its names, and the range to look at."""

    slug: str
    name: str
    family: str
    symbol: str
    label: str
    low: float
    high: float

    @property
    def letter(self) -> str:
        """The symbol as plain text."""
        return {r"\hat{y}": "ŷ", r"\eta": "η"}.get(self.symbol, self.symbol.replace("_", ""))


CLASSES = 3  # of the scores behind a curve over the logit of the true class

RESIDUAL = Axis("residual", "Residual", "residual", "r", "residual r = s − y", -6.0, 6.0)
PREDICTION = Axis(
    "prediction", "Prediction", "positive", r"\hat{y}", "prediction ŷ, where y = 1", 0.0, 5.0
)
LOG_MEAN = Axis(
    "log_mean", "Log-mean", "positive", r"\eta", "log-mean η = log ŷ, where y = 1", -3.0, 3.0
)
MARGIN = Axis("margin", "Margin", "margin", "m", "margin m = y s", -3.0, 3.0)
LOGIT = Axis("logit", "Logit", "binary", "z", "logit z", -6.0, 6.0)
PROBABILITY = Axis("probability", "Probability", "binary", "p", "probability p", 0.0, 1.0)
CLASS_LOGIT = Axis(
    "class_logit",
    "Class logit",
    "multiclass",
    "z_y",
    f"logit of the true class, the {CLASSES - 1} others at 0",
    -6.0,
    6.0,
)

AXES = {
    axis.name: axis
    for axis in (RESIDUAL, PREDICTION, LOG_MEAN, MARGIN, LOGIT, PROBABILITY, CLASS_LOGIT)
}

TASKS = {  # a target that must be positive is none of them: most data could not be used
    "residual": "regression",
    "margin": "binary",
    "binary": "binary",
    "multiclass": "multiclass",
}
