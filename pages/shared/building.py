"""Formulas without typing: three readings of one wish, losses joined, weighed, mixed, or taken."""

from collections.abc import Callable, Sequence

import streamlit as st

from charts.gallery import card
from losses import Loss
from losses.formula import Formula, lint
from losses.formula.builder import (
    READINGS,
    Built,
    Match,
    Preset,
    by_sign,
    joined_at_c,
    mixture,
    named,
)
from pages.shared import controls, field

READ = "three readings of a wish"
MATCHES: tuple[Match, ...] = ("nothing", "value", "value and slope")
ONE_SCORE = ("residual", "margin", "binary", "positive")


def answer(_loss: Formula, _beside: Sequence[Loss]) -> None:
    """Which way to build, and what it makes."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        way = controls.one_of("Build", [READ, *WAYS], "build", "How the formula is put together")
        if way == READ:
            c = _number("Small ends at c", (0.5, 5.0), 2.0, "build_c", "In units of y")
        else:
            parts = WAYS[way]()
    with stage:
        if way == READ:
            _readings(c)
        else:
            _made(parts)


def _readings(c: float) -> None:
    """What "MSE for big mistakes, MAE for small ones" may mean, three times."""
    st.markdown("**“MSE for big mistakes, MAE for small ones”** can be read in three ways:")
    for column, preset in zip(st.columns(len(READINGS)), READINGS, strict=True):
        with column.container(border=True, height="stretch"):
            _reading(preset, c)


def _reading(preset: Preset, c: float) -> None:
    loss = Formula(preset.text, c=c)
    jumps = next(one for one in lint(loss) if one.slug == "jumps")
    st.markdown(f"**{preset.name}**. {preset.means}")
    st.image(card(loss), width="stretch", alt=f"{preset.name} at c = {c:g}. {jumps.sentence}")
    st.latex(rf"\footnotesize {loss.latex}")
    st.markdown(f"At c = {c:g}, free of jumps? {jumps.sentence}")
    field.take_over(preset.text, {"c": c}, f"take_{preset.name}")


def _made(make: Callable[[], Built]) -> None:
    """The formula that was built: as text, set, and as a curve; or why there is none."""
    try:
        text, own = make()
        loss = Formula(text, **own)
    except ValueError as error:
        st.warning(controls.quoted(str(error)))
        return
    drawn, said = st.columns([1, 1.6], gap="large")
    drawn.image(card(loss), width="stretch", alt=f"The curve of {text}")
    with said:
        st.latex(loss.latex)
        st.code(text, language=None, wrap_lines=True)
        field.take_over(text, own, "take_built")


def _joined() -> Callable[[], Built]:
    """One loss for small errors, another for large ones."""
    kinds = [kind for kind in _of("residual") if kind().symmetric]
    below = _picked("Small errors cost", kinds, "below", "Absolute error")
    above = _picked("Large errors cost", kinds, "above", "Squared error")
    at = _number("Large begins at |r| =", (0.1, 5.0), 2.0, "join_at", "In units of y")
    help = "A constant is added to the second to match the value; a factor matches the slope"
    match = controls.one_of("Match there", MATCHES, "match", help)
    return lambda: joined_at_c(below, above, at, match)


def _by_sign() -> Callable[[], Built]:
    """One loss that weighs too low and too high apart."""
    loss = _picked("Loss", _of("residual"), "signed", "Squared error")
    low = _number("Weight of too low", (0.0, 10.0), 3.0, "too_low", "Predictions below the target")
    high = _number("Weight of too high", (0.0, 10.0), 1.0, "too_high", "Predictions above it")
    return lambda: Built(by_sign(loss, low, high), {})


def _mixed() -> Callable[[], Built]:
    """A weighted sum of two losses of a family."""
    families = [family for family in ONE_SCORE if _of(family)]
    family = controls.one_of("Of a", families, "mix_family", "Both are losses of this")
    kinds = _of(family)
    first = _picked("First", kinds, f"{family}_mix_first", kinds[0].name)
    second = _picked("Second", kinds, f"{family}_mix_second", kinds[1].name)
    share = _number("Share of the first", (0.0, 1.0), 0.5, "mix_share", "The second has the rest")
    return lambda: Built(mixture([(share, first), (round(1 - share, 6), second)]), {})


def _taken() -> Callable[[], Built]:
    """A loss of the catalogue, to be changed by hand."""
    kinds = [kind for family in ONE_SCORE for kind in _of(family)]
    loss = _picked("Loss", kinds, "taken", kinds[0].name)
    return lambda: named(loss)


WAYS = {
    "two losses, joined": _joined,
    "weights by sign": _by_sign,
    "a mixture of two": _mixed,
    "a catalogued loss, as text": _taken,
}


def _of(family: str) -> list[type[Loss]]:
    return [kind for kind in Loss.catalogue.values() if kind.family == family]


def _picked(label: str, kinds: Sequence[type[Loss]], key: str, first: str) -> Loss:
    """One of some losses, with its parameters."""
    kinds = sorted(kinds, key=lambda kind: kind.name != first)
    kind = controls.spec_menu(label, kinds, f"build_{key}", "A loss of the catalogue")
    return controls.tuned(kind, f"build_{key}_{kind.slug}_")


def _number(label: str, ends: tuple[float, float], usual: float, key: str, help: str) -> float:
    """A slider in hundredths or tenths."""
    step = 0.01 if ends[1] == 1 else 0.1
    return st.slider(label, *ends, usual, step, key=key, bind="query-params", help=help)
