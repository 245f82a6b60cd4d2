"""The draws behind How sure is it?: the same resamples for every loss and every model, kept."""

from dataclasses import dataclass
from typing import Any

from losses import Loss
from losses.verdict import Bootstrap, Uncertainty, bootstrap, uncertainties, uncertainty
from pages.shared import cached
from pages.shared.case import Case

MANY = 100_000  # rows: above it fewer are drawn, for one loss, unless more is asked for


@dataclass(frozen=True)
class Draw:
    """How rows are drawn anew, and between which shares the interval is taken."""

    level: float
    resamples: int
    seed: int


def finite(case: Case, loss: Loss) -> list[str]:
    """The models of finite cost, as given: no other difference can be resampled."""
    costs = case.costs(loss)
    return [name for name in case.models if costs[name] < float("inf")]


def against_winner(case: Case, loss: Loss, draw: Draw) -> Uncertainty:
    """Every model against the winner; ValueError where nothing can be resampled."""
    if len(case.data) <= MANY and (found := together(case, draw)) is not None:
        return found[loss]
    return alone(case, loss, draw)


def every(case: Case, loss: Loss, draw: Draw) -> Uncertainty | None:
    """The same, of all losses together where that can be; None where nothing can be resampled."""
    if (found := together(case, draw)) is not None:
        return found.get(loss)
    try:
        return alone(case, loss, draw)
    except ValueError:
        return None


def together(case: Case, draw: Draw) -> dict[Loss, Uncertainty] | None:
    """Every loss that leaves two models of finite cost, over one draw; None if one is refused."""

    def make() -> dict[Loss, Uncertainty] | None:
        given = case.predictions
        models = {loss: finite(case, loss) for loss in case.losses}
        judges = [
            (loss, {name: given[name] for name in names})
            for loss, names in models.items()
            if len(names) > 1
        ]
        try:
            found = uncertainties(case.data.target, judges, **asked(case, draw))
        except ValueError:
            return None
        return dict(zip((loss for loss, _ in judges), found, strict=True))

    return cached.resampled(f"sureness {case.key} {draw!r}", make)


def alone(case: Case, loss: Loss, draw: Draw) -> Uncertainty:
    """Under one loss; ValueError where nothing can be resampled."""
    given, names = case.predictions, finite(case, loss)
    return cached.resampled(
        f"sureness {case.data.digest} {loss!r} {names!r} {draw!r}",
        lambda: uncertainty(
            case.data.target, {name: given[name] for name in names}, loss, **asked(case, draw)
        ),
    )


def two(case: Case, loss: Loss, first: str, second: str, draw: Draw) -> Bootstrap:
    """Two models against each other, over the same resamples."""
    places = case.models.index(first), case.models.index(second)
    one, other = case.data.column(first), case.data.column(second)
    return cached.resampled(
        f"two {case.data.digest} {loss!r} {places} {draw!r}",
        lambda: bootstrap(case.data.target, one, other, loss, **asked(case, draw)),
    )


def asked(case: Case, draw: Draw) -> dict[str, Any]:
    return {
        "resamples": draw.resamples,
        "seed": draw.seed,
        "level": draw.level,
        "weight": case.weight,
        "group": case.group,
    }
