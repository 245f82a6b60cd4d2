"""Every page of the menu, once: its place, its heading, and the data it works on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

HERE = Path(__file__).parent.parent
ICON = HERE / "shared" / "icon.svg"


@dataclass(frozen=True)
class Bench:
    """What the sidebar offers a page: tasks, roles, and the generator or sample to begin with.

    A page that does not need data is drawn without them, too.
    """

    tasks: Sequence[str]
    roles: Sequence[str] = ("features",)
    generator: str = ""
    sample: str = ""
    needed: bool = True


class Entry:
    """A page of the menu; `bench` is None for a page that works without data."""

    def __init__(
        self, file: str, title: str, heading: str, sentence: str, bench: Bench | None = None
    ) -> None:
        self.file = file
        self.title = title
        self.tab = title if not self.path else f"{title} · Losscope"
        self.heading = heading
        self.sentence = sentence
        self.bench = bench

    @property
    def path(self) -> str:
        """Where it stands in the address: the first page at the root."""
        return "" if self.file == "home" else self.file

    @property
    def page(self) -> StreamlitPage:
        """Streamlit's own page, a new one each time.

        It may be run once, which it remembers: two visitors at once must not share one.
        """
        return st.Page(HERE / f"{self.file}.py", title=self.title, default=not self.path)


HOME = Entry(
    "home",
    "Losscope",
    "Losscope",
    "An instrument for looking at loss functions: one data set flows through curve, gradient, fit, "
    "descent and verdict, on data that you make, pick or bring.",
)
CURVES = Entry(
    "curves",
    "Curves",
    "What an error costs, and how hard it pulls",
    "Each loss turns an error into a cost; its gradient is the pull on the model, its curvature "
    "how fast that pull changes.",
    Bench(
        ("regression", "binary"),
        ("features", "predictions"),
        generator="line_with_outliers",
        needed=False,
    ),
)
HUBER = Entry(
    "huber",
    "Huber δ",
    "Huber: a parabola that lets go",
    "Errors up to δ cost half their square; larger ones grow only in proportion, so that no row "
    "pulls harder than δ.",
    Bench(("regression",), generator="line_with_outliers"),
)
FOCAL = Entry(
    "focal",
    "Focal γ",
    "Focal: the surer the right answer, the less it counts",
    "γ discounts every row by how right it is: easy rows go quiet, and some hard ones pull harder.",
    Bench(
        ("binary", "multiclass"),
        ("features", "predictions"),
        sample="binary_predictions",
        needed=False,
    ),
)
CROSS_ENTROPY = Entry(
    "cross_entropy",
    "Cross-entropy",
    "Cross-entropy: what a surprise costs",
    "The less probable you called what happened, the more you pay: −log p, without a limit. Ask "
    "where that bottoms, and what one confident mistake does.",
    Bench(("multiclass", "binary"), ("features", "predictions"), sample="penguins", needed=False),
)
DESCENT = Entry(
    "descent",
    "Descent",
    "Descent: how a loss pulls a model through your data",
    "Each step follows the slope of the cost. Play it, step through it, or drag it backwards; "
    "every panel shows the same step.",
    Bench(("regression", "binary", "multiclass"), generator="line_with_outliers"),
)
NETWORK = Entry(
    "network",
    "Network",
    "Network: how the loss reaches each weight",
    "A few units learn your data, step by step. Play it, change it on the way, and see why it "
    "learns or why it is stuck.",
    Bench(("regression", "binary", "multiclass"), generator="moons"),
)
PENALTIES = Entry(
    "penalties",
    "Penalties",
    "Penalties: what large weights cost",
    "λ puts a price on weights: all of them shrink, useless ones to exactly zero, and in between "
    "is just right.",
    Bench(("regression", "binary"), sample="diabetes"),
)
IMBALANCE = Entry(
    "imbalance",
    "Imbalance",
    "Imbalance: weight, threshold, prior",
    "When one class is rare, weight, threshold and prior are one decision; a threshold alone "
    "leaves the probabilities true.",
    Bench(("binary", "multiclass"), ("features", "predictions"), generator="rare_event"),
)
LANDSCAPES = Entry(
    "landscapes",
    "Landscapes",
    "Landscapes: races over ground that is known",
    "Classic functions of two weights, whose every minimum is known: who arrives where, how fast, "
    "and whether the race was fair.",
)
COMPARE = Entry(
    "compare",
    "Compare",
    "Compare: which model wins, under which loss",
    "Bring true values and the predictions of several models; every loss judges them all.",
    Bench(
        ("regression", "binary", "multiclass"), ("predictions",), sample="regression_predictions"
    ),
)
FIT = Entry(
    "fit",
    "Fit",
    "Fit: trained with one loss, judged by another",
    "Each loss fits its own linear or logistic model exactly; every loss judges it on rows that "
    "were held out.",
    Bench(("regression", "binary", "multiclass"), generator="line_with_outliers"),
)
FORMULA = Entry(
    "formula",
    "Your own",
    "Your own loss: a formula, and what it does",
    "Type what an error costs: the curve follows each key, and a report says what the loss asks "
    "for.",
    Bench(
        ("regression", "binary"),
        ("features", "predictions"),
        generator="line_with_outliers",
        needed=False,
    ),
)

SECTIONS = {
    "": [HOME],
    "See": [CURVES, HUBER, FOCAL, CROSS_ENTROPY],
    "Train": [DESCENT, NETWORK, PENALTIES, IMBALANCE, LANDSCAPES],
    "Decide": [COMPARE, FIT, FORMULA],
}
ENTRIES = [entry for entries in SECTIONS.values() for entry in entries]


def navigate() -> tuple[Entry, StreamlitPage]:
    """Draws the navigation on top; returns the page that the visitor is on, and what runs it."""
    mine = {entry: entry.page for entry in ENTRIES}
    pages = {section: [mine[entry] for entry in entries] for section, entries in SECTIONS.items()}
    here = st.navigation(pages, position="top")
    return next(entry for entry, page in mine.items() if page == here), here
