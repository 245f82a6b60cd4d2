"""What a surprise costs: cross-entropy of both classes, in nats or bits; and of many classes."""

import streamlit as st

from charts.numbers import readable
from charts.surprise import MOST, classes_figure, surprise_figure
from losses.probabilistic import CrossEntropy
from losses.verdict.surprise import UNITS, apart, priced
from pages.shared import controls
from pages.shared.figure import show

PREFIX = "cross_entropy_"
KEYS = {"p": "said"} | {one.name: f"{PREFIX}{one.name}" for one in CrossEntropy.parameters()}


def unit() -> str:
    """Nats or bits, as the rail says."""
    help = "The base of the logarithm: a bit is what a fair coin tells, log 2 = 0.693 nats"
    return controls.one_of("Unit", list(UNITS), "unit_of_surprise", help)


@st.fragment
def one() -> None:
    """Sliders and curves of both classes, and what the answer that the slider says costs."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        p = st.slider(
            "Probability p of class 1", 0.01, 0.99, 0.1, 0.01, key=KEYS["p"], bind="query-params",
            help="What the model says; the marks show what it costs if y = 1, and if y = 0",
        )  # fmt: skip
        loss = controls.tuned(CrossEntropy, PREFIX)
        base = unit()
    with stage:
        _sentence(loss, p, base)
        show(surprise_figure(loss, p, base, KEYS), "surprise_curves")
    _table(loss, p)


def _sentence(loss: CrossEntropy, p: float, base: str) -> None:
    """What the answer costs and how it pulls, where y = 1 and where y = 0."""
    factor, plain = UNITS[base], loss == CrossEntropy()
    said = []
    for positive, chance, formula in ((True, p, "−log p"), (False, 1 - p, "−log (1 − p)")):
        read = priced(loss, p, positive=positive)
        how = f"{formula} = " if plain else ""
        said.append(
            f"If y = {int(positive)}, to which you gave {readable(chance, 2)}: {how}"
            f"**{readable(factor * read.value)} {base}**, and a pull on the logit of "
            f"{readable(factor * read.gradient)}."
        )
    why = " The pull is p − y" + (", times 1 ÷ log 2 in bits." if base == "bits" else ".")
    st.info(" ".join(said) + (why if plain else ""))


def _table(loss: CrossEntropy, p: float) -> None:
    """The same answer in both units."""
    rows = [(positive, f"y = {int(positive)}") for positive in (True, False)]
    reads = [priced(loss, p, positive=positive) for positive, _ in rows]
    columns = {"What happens": [name for _, name in rows]}
    for name, factor in UNITS.items():
        columns[name.capitalize()] = [readable(factor * read.value, 6) for read in reads]
    columns["Gradient in the logit (nats)"] = [readable(read.gradient, 6) for read in reads]
    st.table(columns, hide_index=True)
    st.latex(CrossEntropy.latex)
    st.latex(CrossEntropy.where)
    st.markdown(
        "At p = 0 or 1 a formula in p has no number to show for a mistake: its cost is infinite. "
        "All numbers here come from the logit, clipped nowhere."
    )


@st.fragment
def many() -> None:
    """A slider of the number of classes: at two, the softmax's curve is the binary one."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        classes = controls.count("Classes C", 2, MOST, 3, "classes", "At 2 the curves coincide", 1)
    found = apart()
    gap = f"{found.formulas:.2g}" if found.formulas else "exactly 0"
    with stage:
        st.info(
            f"At C = 2 the sum over classes and the binary formula, both in p, differ by "
            f"**{gap}** at {found.points:,} logits and both classes. From the logits, in two "
            f"stable forms, values differ by at most {found.values:.2g}, which is rounding, and "
            f"gradients by {found.gradients:.2g}."
        )
        show(classes_figure(classes, "classes"), "classes_figure")
    st.latex(r"-\sum_c y_c \log p_c")
    st.latex(r"C = 2: \; -y \log p - (1 - y) \log (1 - p)")
    st.markdown(
        "Softmax makes classes exclude each other: their probabilities sum to 1, and only that of "
        "the true one enters the loss; the others act through the sum. Labels that may hold "
        "together need a binary cross-entropy each."
    )
