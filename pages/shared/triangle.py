"""Three classes as a triangle: an answer, the truth, and a model's rows between the corners."""

import streamlit as st

from charts.numbers import readable
from charts.simplex import ABOVE, STOPS, simplex_figure
from losses.chances import Chances
from losses.data import DataError
from losses.simplex import Answer, logits_at
from pages.shared import chances, controls, dataset
from pages.shared.figure import show

KEYS = ("z1", "z2", "z3")
ORDER = ("first", "second", "third")
START = (-1.0, 0.0, 1.0)
MIX = "a mix of all three"
CLICKED = "simplex_click"


@st.fragment
def answer() -> None:
    """The truth, the logits of an answer, and the triangle with both."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        said = Answer(_logits(), _truth())
        rows, why = _rows()
    names = rows.classes if rows else tuple(f"{word} class" for word in ORDER)
    *first, last = (f"{above:g}" for above in ABOVE)
    listed = f"{', '.join(first)} or {last}"
    with stage:
        _sentence(said)
        _noted(show(simplex_figure(said, names, KEYS, rows), "simplex"))
        st.markdown(
            "A click in the triangle answers so, at the nearest places of the sliders. Lines are "
            f"outlines of all answers that cost at most {listed} nats more than the truth. Arrows "
            "are the pull on the logits, q − p, which sums to 0: from every answer straight at the "
            f"truth. {why}"
        )
    _table(said, names)


def _rows() -> tuple[Chances | None, str]:
    """The rows of the bench as a model of three classes sees them, or why there are none."""
    if dataset.DATA not in st.session_state:
        return None, "No rows are drawn: the data bench is empty."
    data = dataset.current()
    if len(data.classes) != 3:
        name, count = controls.quoted(data.name), len(data.classes)
        return None, f"No rows are drawn: {name} has {count} classes, and the triangle needs three."
    try:
        return chances.asked(data), ""
    except DataError as error:
        return None, f"No rows are drawn: {controls.quoted(str(error))}."


def _truth() -> tuple[float, ...]:
    """The parts of the whole that each class is: one class for certain, or a mix."""
    help = "What is true of rows that look alike: one class for certain, or shares of all three"
    options = [MIX, *(f"the {word} class" for word in ORDER)]
    picked = options.index(controls.one_of("Truth", options, "truth", help))
    if picked:
        return tuple(float(k == picked - 1) for k in range(3))
    return tuple(
        controls.count(f"Parts of the {word}", 1, 20, usual, f"parts_{word}", PARTS, 1)
        for word, usual in zip(ORDER, (12, 6, 2), strict=True)
    )


PARTS = "The true share of the class is its parts over all parts"


def _logits() -> tuple[float, ...]:
    """The logits of the answer, where the sliders or the last click put them."""
    for key, value in zip(KEYS, st.session_state.pop(CLICKED, ()), strict=False):
        st.session_state[key] = min(STOPS.tolist(), key=lambda stop: abs(stop - value))
    low, high = float(STOPS[0]), float(STOPS[-1])
    help = "A logit of the answer: adding the same to all three changes nothing"
    return tuple(
        st.slider(f"Logit z{k}", low, high, usual, 0.1, key=key, bind="query-params", help=help)
        for k, (key, usual) in enumerate(zip(KEYS, START, strict=True), 1)
    )


def _noted(click: dict[str, float] | None) -> None:
    """Answers as the triangle was clicked, and runs again."""
    if click and (found := logits_at(click["x"], click["y"])):
        st.session_state[CLICKED] = found
        st.rerun(scope="fragment")


def _sentence(said: Answer) -> None:
    """What the answer costs, and how much of it is the truth's own."""
    floor, cost = readable(said.floor), readable(said.cost)
    more = readable(said.divergence)
    pull = ", ".join(readable(part, 3) for part in said.gradient.tolist())
    st.info(
        f"The answer costs **{cost}** nats on average: {floor}, the entropy of the truth, plus "
        f"{more}, the divergence from it. Its gradient in the logits is p − q = ({pull})."
    )


def _table(said: Answer, names: tuple[str, ...]) -> None:
    """Truth, answer and gradient of each class."""
    st.table(
        {
            "Class": list(map(controls.quoted, names)),
            "Truth q": [readable(part) for part in said.q.tolist()],
            "Answer p": [readable(part) for part in said.p.tolist()],
            "Gradient p − q": [readable(part) for part in said.gradient.tolist()],
        },
        hide_index=True,
    )
