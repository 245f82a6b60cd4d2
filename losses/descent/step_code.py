"""Optimizers, schedules and penalties as code, in the letters of their papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from losses.descent.optimizers import Optimizer
from losses.descent.schedules import Schedule
from losses.penalties import Penalty
from losses.spec import Spec


@dataclass(frozen=True)
class Step:
    """A step of an optimizer, of weights w along a gradient g taken at the probe, at t = 1, 2, …

    `begin` is the state before the first step, `lines` the step, `torch` the call of PyTorch's own.
    """

    begin: tuple[str, ...]
    lines: tuple[str, ...]
    torch: str
    probe: str = "w"


ZERO = "{} = np.zeros_like(w)"
MOMENTS = ("m = beta1 * m + (1 - beta1) * g", "v = beta2 * v + (1 - beta2) * g**2")
UNBIASED = ("m_hat = m / (1 - beta1**t)", "v_hat = v / (1 - beta2**t)")
ADAM = (*MOMENTS, *UNBIASED, "w = w - eta * m_hat / (np.sqrt(v_hat) + epsilon)")
TWO_ZEROS = (ZERO.format("m"), ZERO.format("v"))
BETAS = "lr=eta, betas=(beta1, beta2), eps=epsilon"
SPEED = ("v = beta * v + eta * g", "w = w - v")

STEPS = {
    "gradient_descent": Step((), ("w = w - eta * g",), "SGD([w], lr=eta)"),
    "momentum": Step((ZERO.format("v"),), SPEED, "SGD([w], lr=eta, momentum=beta)"),
    "nesterov": Step(
        (ZERO.format("v"),),
        SPEED,
        "SGD([w], lr=eta, momentum=beta, nesterov=True)",
        probe="w - beta * v",
    ),
    "adagrad": Step(
        (ZERO.format("G"),),
        ("G = G + g**2", "w = w - eta * g / (np.sqrt(G) + epsilon)"),
        "Adagrad([w], lr=eta, eps=epsilon)",
    ),
    "adadelta": Step(
        (ZERO.format("G"), ZERO.format("D")),
        (
            "G = rho * G + (1 - rho) * g**2",
            "delta = np.sqrt(D + epsilon) / np.sqrt(G + epsilon) * g",
            "D = rho * D + (1 - rho) * delta**2",
            "w = w - eta * delta",
        ),
        "Adadelta([w], lr=eta, rho=rho, eps=epsilon)",
    ),
    "rmsprop": Step(
        (ZERO.format("v"),),
        ("v = rho * v + (1 - rho) * g**2", "w = w - eta * g / (np.sqrt(v) + epsilon)"),
        "RMSprop([w], lr=eta, alpha=rho, eps=epsilon)",
    ),
    "adam": Step(TWO_ZEROS, ADAM, f"Adam([w], {BETAS})"),
    "adamax": Step(
        (ZERO.format("m"), ZERO.format("u")),
        (
            MOMENTS[0],
            "u = np.maximum(beta2 * u, np.abs(g) + epsilon)",
            UNBIASED[0],
            "w = w - eta * m_hat / u",
        ),
        f"Adamax([w], {BETAS})",
    ),
    "nadam": Step(
        (*TWO_ZEROS, "past = 1.0  # the product of the memories mu so far"),
        (
            *MOMENTS,
            "mu, mu_next = (beta1 * (1 - 0.5 * 0.96 ** (k * decay)) for k in (t, t + 1))",
            "past = past * mu",
            "ahead = mu_next * m / (1 - past * mu_next) + (1 - mu) * g / (1 - past)",
            UNBIASED[1],
            "w = w - eta * ahead / (np.sqrt(v_hat) + epsilon)",
        ),
        f"NAdam([w], {BETAS}, momentum_decay=decay)",
    ),
    "amsgrad": Step(
        (*TWO_ZEROS, ZERO.format("largest")),
        (
            *MOMENTS,
            "largest = np.maximum(largest, v)",
            UNBIASED[0],
            "v_hat = largest / (1 - beta2**t)",
            ADAM[-1],
        ),
        f"Adam([w], {BETAS}, amsgrad=True)",
    ),
    "adamw": Step(
        TWO_ZEROS,
        ("w = w - eta * decay * w", *ADAM),
        f"AdamW([w], {BETAS}, weight_decay=decay)",
    ),
}

# What the learning rate is multiplied by at step t of steps.
FACTORS = {
    "step_decay": "drop ** ((t - 1) // period)",
    "cosine": "floor + (1 - floor) * math.cos(math.pi / 2 * (t - 1) / steps) ** 2",
    "warm_up": "min(1.0, t / length)",
    "inverse_time": "1 / (1 + k * (t - 1))",
}

# What each weight u pays, the biases excepted.
PENALTIES = {
    "l1": "lam * abs(u)",
    "l2": "lam * u**2",
    "elastic_net": "lam * (mix * abs(u) + (1 - mix) * u**2)",
}


def step_of(optimizer: Optimizer) -> Step:
    """The step of an optimizer; raises ValueError if there is no code for it."""
    step: Step = _known(STEPS, optimizer)
    return step


def factor_of(schedule: Schedule) -> str:
    """The factor of a schedule in t and steps, or nothing where it is always 1."""
    return "" if schedule.slug == "constant" else str(_known(FACTORS, schedule))


def price_of(penalty: Penalty | None) -> str:
    """What a weight u pays, or nothing."""
    return "" if penalty is None else str(_known(PENALTIES, penalty))


def _known(table: Mapping[str, Any], spec: Spec) -> Any:
    if spec.slug not in table:
        raise ValueError(f"there is no code for {spec.name}")
    return table[spec.slug]
