"""The field that a formula is typed into, and the sliders of what it names."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from charts.numbers import readable
from losses.formula import Formula, FormulaError, first_values, parameter_names
from losses.formula.builder import READINGS
from losses.notation import worded
from losses.spec import Parameter
from pages.shared import controls

KEY, GOOD = "formula", "formula_good"  # what stands in the field, and the last that could be read
FIRST = READINGS[-1].text
PAUSE = "80ms"  # without a key, until what was typed is read
LONG = 45  # characters of a formula that is set smaller: a phone is narrow
LEAST = 1e-6  # in size, of a first value other than 0: the steps of its slider are finer still


class Typed(NamedTuple):
    """The field, the text that is drawn, the names in that, and what is wrong, if anything."""

    field: str
    text: str
    names: tuple[str, ...]
    error: FormulaError | None


def typed() -> Typed:
    """The field; while it cannot be read, the last text that could be."""
    text = st.text_input(
        "What an error costs",
        FIRST,
        key=KEY,
        live=PAUSE,
        bind="query-params",
        autocomplete="off",
        help="Of r, the prediction less the true value; or m, a margin; or y with s, z, p or mu. "
        "Any other name becomes a slider. The language stands at the foot of the page",
    )
    text = text or ""
    try:
        anew(text, {})
    except FormulaError as error:
        good = st.session_state.get(GOOD, FIRST)
        return Typed(text, good, parameter_names(good), error)
    st.session_state[GOOD] = text
    return Typed(text, text, parameter_names(text), None)


def anew(text: str, firsts: Mapping[str, float | None]) -> Formula:
    """The loss of a text; what it names begins where it is told, or usually does.

    Raises FormulaError, also of what is no loss though each part of it can be read.
    """
    told = {name: one for name, one in firsts.items() if one is not None}
    usual = first_values(text)
    return Formula(text, **{name: told.get(name, one) for name, one in usual.items()})


def tuned(found: Typed) -> Formula:
    """The loss as its sliders stand; the ends of a slider follow from where it begins."""
    firsts = first_values(found.text)
    above = st.container()
    if firsts:
        _of_link(anew(found.text, {name: _number_in_link(f"first_{name}") for name in firsts}))
        with st.popover("Where the sliders begin", width="stretch"):
            firsts = {name: _first(name, usual) for name, usual in firsts.items()}
    loss = anew(found.text, firsts)
    with above:
        values = {one.name: _slider(one) for one in loss.parameters()}
    return type(loss)(**values)


def slider(name: str) -> str:
    """The key of the slider of a parameter."""
    return f"own_{name}"


def told(found: Typed, loss: Formula) -> None:
    """The formula as a book would set it; or what cannot be read, and the place."""
    if found.error is None:
        size = r"\footnotesize " if len(loss.text) > LONG else ""
        st.latex(rf"{size}\ell = {loss.latex}")
        return
    st.code(found.error.caret, language=None)
    st.markdown(f":material/error: {_escaped(found.error.sentence)}")


def _escaped(sentence: str) -> str:
    """A sentence with signs and names of a formula in it as Markdown, in which they stay such."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", sentence)


def still(found: Typed) -> str:
    """What is drawn while the field cannot be read."""
    return f"Drawn is still {controls.quoted(found.text)}"


def take(text: str, own: Mapping[str, float]) -> None:
    """Writes a formula into the field, and its values where their sliders begin."""
    st.session_state[KEY] = text
    for name, value in own.items():
        st.session_state[f"first_{name}"] = st.session_state[slider(name)] = value


def take_over(text: str, own: Mapping[str, float], key: str) -> None:
    """A button that does."""
    help = "Writes it into the field above, where you can edit it on"
    st.button("Take it over", key=key, on_click=take, args=(text, own), help=help)


def _slider(parameter: Parameter) -> float:
    """Its slider; a value from before its ends were moved gives way to where it begins."""
    key = slider(parameter.name)
    value = st.session_state.get(key)
    if value is not None and not parameter.low <= value <= parameter.high:
        st.session_state[key] = parameter.default
    return controls.slider(parameter, key)


def _restart(name: str, usual: float) -> None:
    """Sets the slider to where it now begins: the value that it had may lie beyond its ends."""
    value = st.session_state[f"first_{name}"]
    st.session_state[slider(name)] = usual if 0 < abs(value) < LEAST else float(value)


def _of_link(loss: Formula) -> None:
    """Says so where a link asks for a value beyond the ends of a slider: it cannot be had."""
    for one in loss.parameters():
        key = slider(one.name)
        value = None if key in st.session_state else _number_in_link(key)
        if value is not None and not one.low <= value <= one.high:
            st.markdown(
                f"The link's {worded(value)} for {controls.quoted(one.name)} lies beyond the ends "
                "of the slider: “Where the sliders begin” moves them."
            )


def _number_in_link(key: str) -> float | None:
    """A number of a size that sliders can have."""
    try:
        value = float(st.query_params.get(key, ""))
    except ValueError:
        return None
    return value if value == 0 or LEAST <= abs(value) <= controls.FARTHEST else None


def _first(name: str, usual: float) -> float:
    value = st.number_input(
        f"First {name}",
        -controls.FARTHEST,
        controls.FARTHEST,
        usual,
        0.5,
        format="%.8g",
        key=f"first_{name}",
        bind="query-params",
        on_change=_restart,
        args=(name, usual),
        help="The slider runs over values of this size and sign; for 0, to both sides",
    )
    if 0 < abs(value) < LEAST:
        st.markdown(f"{readable(value)} is too fine for a slider: it begins at {usual:g}.")
        return usual
    return float(value)
