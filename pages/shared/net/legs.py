"""Changes on the way: the earlier legs of a run, as a word in the link and as sentences."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from losses import Loss, Optimizer
from losses.spec import Spec

KEY = "earlier"  # in the session and in the link
AT = "change_at"
BETWEEN, INSIDE = ";", "~"


class Rules(NamedTuple):
    """What may change on the way: the loss, the optimizer with its rate, and the batch."""

    loss: Loss
    optimizer: Optimizer
    batch: int | None

    def __str__(self) -> str:
        rows = "all rows" if self.batch is None else f"batches of {self.batch}"
        tuned = ", ".join(f"{name} = {value}" for name, value in _settings(self.optimizer))
        return f"{self.loss}, {self.optimizer.name} with {tuned}, {rows}"


class Earlier(NamedTuple):
    """A leg that is over: its rules, and for how many steps they held."""

    steps: int
    rules: Rules


def written(legs: Sequence[Earlier]) -> str:
    """The legs as one word, `60~cross_entropy~adam,eta=0.1~16;…`, where 0 rows are all rows."""
    return BETWEEN.join(
        INSIDE.join(
            (str(leg.steps), _word(leg.rules.loss), _word(leg.rules.optimizer),
             str(leg.rules.batch or 0))
        )
        for leg in legs
    )  # fmt: skip


def read(text: str, task: str) -> tuple[Earlier, ...]:
    """The legs of such a word; a ValueError says what is wrong with one that is none."""
    return tuple(_leg(part, task) for part in text.split(BETWEEN) if part.strip())


def _leg(text: str, task: str) -> Earlier:
    parts = text.strip().split(INSIDE)
    if len(parts) != 4 or not (parts[0].isdecimal() and parts[3].isdecimal()):
        raise ValueError(
            f"an earlier leg is written steps~loss~optimizer~rows, and {text!r} is not"
        )
    steps, rows = int(parts[0][:9]), int(parts[3][:9])
    if not 1 <= steps <= 10_000:
        raise ValueError(f"an earlier leg has 1 to 10,000 steps, and {text!r} has {steps:,}")
    loss: Any = _meant(Loss, parts[1])
    if not loss.trains(task):
        raise ValueError(f"{loss} trains no {task} model, so no earlier leg can have used it")
    return Earlier(steps, Rules(loss, _meant(Optimizer, parts[2]), rows or None))


def _settings(spec: Spec) -> list[tuple[str, Any]]:
    """The names and values of what is set, the words among it, too."""
    names = [one.name for one in (*spec.choices(), *spec.parameters())]
    found = [(name, getattr(spec, name)) for name in names]
    return [(name, value) for name, value in found if value is not None]


def _word(spec: Spec) -> str:
    return ",".join([spec.slug, *(f"{name}={value}" for name, value in _settings(spec))])


def _meant(root: Any, text: str) -> Any:
    slug, *settings = text.split(",")
    if slug not in root.catalogue:
        raise ValueError(f"no {root.__name__.lower()} is called {slug!r}")
    kind, values = root.catalogue[slug], {}
    words = {one.name for one in kind.choices()}
    numbers = {one.name: one for one in kind.parameters()}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in words and name not in numbers:
            raise ValueError(f"{kind.name} has no setting called {name!r}")
        values[name] = value if name in words else _number(name, value)
    return kind(**values)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} = {text!r} is no number") from None


def some() -> bool:
    """Whether there are changes, before the field that knows them is drawn."""
    return bool(st.session_state.get(KEY) or st.query_params.get(KEY))


def known() -> str:
    """The word of the earlier legs, in a field that keeps it in the link."""
    help = "Each earlier leg as steps~loss~optimizer~rows, where 0 rows are all; empty for none"
    return st.text_input("Earlier legs", key=KEY, bind="query-params", help=help)


def panel(now: Sequence[Earlier], rules: Rules, last: int) -> None:
    """Where a change is made, what was changed so far, and the way back."""
    begun = sum(leg.steps for leg in now)
    _listed(now, rules, last)
    st.markdown(
        "Hold the run up to a step: what you set afterwards counts from there on, with the same "
        "weights and, of the same optimizer, the same memory."
    )
    help = "The last step that is held"
    # A float, because Streamlit stops at an infinite whole number in a link.
    label, link = "Change from step", "query-params"
    at = int(st.number_input(label, 1.0, 999.0, 100.0, 1.0, "%.0f", key=AT, help=help, bind=link))
    there = begun < at < last
    args = (written([*now, Earlier(at - begun, rules)]) if there else "",)
    label = f"Hold steps 0 to {at}"
    st.button(label, key="hold", on_click=_set, args=args, disabled=not there, width="stretch")
    if not there:
        st.markdown(f"A step from {begun + 1} to {last - 1} can be held.")
    if now:
        back = (written(now[:-1]),)
        st.button("Drop the last change", key="drop", on_click=_set, args=back, width="stretch")
    help = "Drops all changes and begins again at step 0, from the same weights"
    st.button("Reset", key="reset", on_click=_set, args=("",), help=help, width="stretch")


def _listed(now: Sequence[Earlier], rules: Rules, last: int) -> None:
    """The legs of the run, one a line."""
    first, lines = 0, []
    for leg in now:
        lines.append(f"1. to step {first + leg.steps}: {leg.rules}")
        first += leg.steps
    if lines:
        st.markdown("\n".join([*lines, f"1. to step {last}: {rules}"]))


def _set(word: str) -> None:
    st.session_state[KEY] = word
