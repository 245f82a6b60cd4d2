"""The gallery on the first page: doors to the verbs, cards for the losses."""

from collections.abc import Sequence

import streamlit as st

from charts.gallery import card
from losses import Loss
from pages.shared import menu

FAMILIES = {
    "residual": "Residual: how far off is a number?",
    "positive": "Positive target: how far off is a count, a size, a price?",
    "margin": "Margin: how far on the right side is a score?",
    "binary": "Probability: how sure of what happened?",
    "multiclass": "Several classes: how sure of the right one?",
}
ACROSS = 5


def doors(*verbs: tuple[str, str, Sequence[menu.Entry]]) -> None:
    """Three columns: a verb, what it is for, and its pages."""
    for column, (verb, sentence, entries) in zip(
        st.columns(len(verbs), border=True), verbs, strict=True
    ):
        column.subheader(verb, anchor=False)
        column.markdown(sentence)
        with column.container(horizontal=True):
            for entry in entries:
                st.page_link(entry.page, icon=":material/arrow_forward:")


def families() -> None:
    """Every catalogued loss by family, each linked to its curve."""
    st.markdown("Every loss, drawn: the solid line is its value, the dashed one its gradient.")
    for family, question in FAMILIES.items():
        st.subheader(question, anchor=False)
        losses = [loss for loss in Loss.catalogue.values() if loss.family == family]
        for first in range(0, len(losses), ACROSS):
            columns = st.columns(ACROSS)
            for column, loss in zip(columns, losses[first : first + ACROSS], strict=False):
                with column:
                    _card(loss)


def _card(loss: type[Loss]) -> None:
    axis = loss.axes[0]
    with st.container(border=True):
        st.image(drawn(loss.slug), width="stretch")
        query = {"axis": axis.name, axis.slug: loss.name}
        st.page_link(
            menu.CURVES.page, label=f"**{loss.name}**", query_params=query, help=loss.sentence()
        )


@st.cache_data(max_entries=128, show_spinner=False)
def drawn(slug: str) -> str:
    """The picture of a loss at its defaults."""
    return card(Loss.catalogue[slug]())
