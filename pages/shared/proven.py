"""The report on a typed loss: each question, its answer with numbers, and what was seen."""

from collections.abc import Sequence

import streamlit as st

from charts.witness import seen, witness
from losses import Loss
from losses.formula import Finding, Formula, lint

SIGNS = {
    "yes": ":material/check_circle:",
    "no": ":material/cancel:",
    "unknown": ":material/help:",
}
ASKS = "asks"  # of the one finding that no yes or no answers
OPEN = ":material/target:"


def answer(loss: Formula, _beside: Sequence[Loss]) -> None:
    """What it asks for, then every finding in its line."""
    found = lint(loss)
    asks = next(one for one in found if one.slug == ASKS)
    st.info(f"{asks.sentence} {_counted(found)}")
    for one in found:
        own = one.picture is not None and one.picture.across == loss.variable
        _line(one, [seam.at for seam in loss.seams] if own else [])
    st.markdown(
        "Answers are measured, not proven: a yes means that no counterexample was found where its "
        "line says that one was looked for; a no names the numbers at which it fails."
    )


def _counted(found: Sequence[Finding]) -> str:
    asked = [one for one in found if one.slug != ASKS]
    many = {verdict: [one for one in asked if one.verdict == verdict] for verdict in SIGNS}
    said = ", ".join(f"{len(ones)} {verdict}" for verdict, ones in many.items() if ones)
    return f"Of {len(asked)} questions to say yes or no to: {said}."


def _line(one: Finding, breaks: Sequence[float]) -> None:
    question, said, picture = st.columns([1.2, 2.4, 1], vertical_alignment="center", gap="medium")
    sign = OPEN if one.slug == ASKS else SIGNS[one.verdict]
    question.markdown(f"{sign} **{one.question}**")
    said.markdown(one.sentence)
    if one.picture is not None:
        picture.image(witness(one, breaks), width="stretch", alt=seen(one))
