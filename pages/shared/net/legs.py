"""Changes on the way: the earlier legs of a run, as a word in the link and as sentences."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from losses import Loss, Optimizer
from losses.spec import Spec
from pages.shared.course import BATCHES

KEY = "earlier"  # in the session and in the link
AT = "change_at"
AGAIN = "menus_moved"  # in the session: the menus outside the rail stand elsewhere now
BETWEEN, INSIDE = ";", "~"


class Rules(NamedTuple):
    """What may change on the way: the loss, the optimizer with its rate, and the batch."""

    loss: Loss
    optimizer: Optimizer
    batch: int | None

    def __str__(self) -> str:
        rows = "all rows" if self.batch is None else f"batches of {self.batch}"
        letters = {one.name: one.letter for one in self.optimizer.parameters()}
        tuned = ", ".join(
            f"{letters.get(name, name)} = {value}" for name, value in _settings(self.optimizer)
        )
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
    help = (
        "What the link remembers of them: each earlier leg as `steps~loss~optimizer~rows`, where 0 "
        "rows are all; empty for none"
    )
    return st.text_input("The changes in one word", key=KEY, bind="query-params", help=help)


def panel(now: Sequence[Earlier], rules: Rules, last: int) -> None:
    """Where a change is made, what was changed so far, and the way back."""
    begun = sum(leg.steps for leg in now)
    _listed(now, rules, last)
    st.markdown(
        "A slider that moves makes another run, from step 0 on. To change a run on its way, hold "
        "it up to a step: what you set afterwards counts from there on, with the same weights and, "
        "of the same optimizer, the same memory."
    )
    help = "The last step that is held. The player does not set it: its own step is said below it"
    # A float, because Streamlit stops at an infinite whole number in a link.
    label, link = "Change from step", "query-params"
    at = int(st.number_input(label, 1.0, 999.0, 100.0, 1.0, "%.0f", key=AT, help=help, bind=link))
    there = begun < at < last
    word = written([*now, Earlier(at - begun, rules)]) if there else ""
    label = f"Hold steps 0 to {at}"
    st.button(label, key="hold", on_click=_set, args=(word,), disabled=not there, width="stretch")
    if not there:
        st.markdown(_held(begun, last))
    if now:
        _ways_back(now)


def _held(begun: int, last: int) -> str:
    """Which steps can be held."""
    if begun + 1 > last - 1:
        return f"No step is left to hold: of {last}, {begun} are held already."
    return f"A step from {begun + 1} to {last - 1} can be held."


def _ways_back(now: Sequence[Earlier]) -> None:
    """The run before its last change, or before all of them: with the rules it had then."""
    ways = {"drop": ("Drop the last change", now[:-1], now[-1].rules)}
    ways["reset"] = ("Reset to the first rules", (), now[0].rules)
    for key, (label, kept, rules) in ways.items():
        help = f"All steps from {sum(leg.steps for leg in kept)} on by {rules}, as before"
        args = (written(kept), rules)
        st.button(label, key=key, on_click=_back, args=args, help=help, width="stretch")


def _back(word: str, rules: Rules) -> None:
    """Sets the legs, and every menu and slider as it was; those outside need a run of their own."""
    _set(word)
    loss, optimizer, batch = rules
    rows = [label for label, size in BATCHES.items() if size == batch]
    wanted: dict[str, Any] = {"loss": loss.name, "net_optimizer": optimizer.name}
    wanted["batch"] = (rows or list(BATCHES))[0]
    for spec, prefix in ((loss, f"{loss.slug}_"), (optimizer, f"net_{optimizer.slug}_")):
        wanted |= {f"{prefix}{name}": value for name, value in _settings(spec)}
        for one in spec.parameters():
            if one.optional:
                wanted[f"{prefix}{one.name}_on"] = getattr(spec, one.name) is not None
    for key, value in wanted.items():
        if key in st.session_state:
            st.session_state[key] = value
        else:  # not drawn yet: it will begin as the link has it, and stay in the link
            st.query_params[key] = str(value).lower() if isinstance(value, bool) else str(value)
    st.session_state[AGAIN] = True


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
