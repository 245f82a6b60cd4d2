"""A verdict to take away: its numbers as CSV, and all of it as one page that opens offline."""

import platform
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from charts.changes import changes_figure
from charts.compare import relative_figure
from charts.figure import Figure, pack
from losses.verdict import RowLosses
from losses.verdict.reach import grid
from pages.shared import carried, chapters, evidence, export, naming, summary
from pages.shared.assets import HERE
from pages.shared.case import Case
from pages.shared.document import Markup, document, joined, paper, tag
from pages.shared.findings import Findings, Flips, Told, findings, flips, tunable, untold, usual
from pages.shared.working import seldom

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
QUICK = 80_000  # steps × rows that take less than a second, about
STEP = 5_000  # rows, as much as a step costs besides
PAPER = 680  # px: what is left between the margins of a sheet

# Figures are drawn for the width of the screen: for paper they are drawn anew, and in its light.
SCRIPT = f"""
const places = [...document.querySelectorAll("figure > div")];
const show = () => {{
  for (const parentElement of places) {{
    mount({{ data: messages.get(parentElement), parentElement, setTriggerValue() {{}} }});
  }}
}};
const messages = new Map(places.map((place) => [place, bytes(`${{place.id}}_figure`)]));
const printing = (on) => {{
  document.documentElement.classList.toggle("printing", on);
  for (const place of places) {{
    place.style.width = on ? "{PAPER}px" : "";
    stages.get(place).draw();
  }}
}};
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
show();
"""


class Work(NamedTuple):
    """A file that is made in steps: how many, what makes it, and what writes it down."""

    what: str
    steps: int
    make: Callable[[Told], Any]
    write: Callable[[Any], str]
    name: str
    mime: str


def answer(case: Case) -> None:
    """The report, and beside it the numbers as files for a spreadsheet or a program."""
    page, files = st.columns(2, gap="large")
    with page:
        st.markdown(
            "**A report** to read, print and send: what is above, where the winner changes as the "
            "usual parameters run, which rows decide, and how sure it is. One file of about 5 MB "
            "that opens without a network."
        )
        _made_first(case, _whole(case))
    with files:
        st.markdown("**The numbers**, with every digit, for a spreadsheet or a program.")
        _download(
            "Matrix as CSV",
            lambda: export.matrix_csv(case.matrix),
            ("matrix.csv", "text/csv"),
            "Cost, rank and skill (1 − cost ÷ best constant's) by model and loss",
        )
        _made_first(case, _rows(case))
        _made_first(case, _flips(case))


def report(case: Case, found: Findings) -> str:
    """The whole report as one HTML document."""
    drawn, now = {"relative": relative_figure(case.matrix)}, datetime.now(UTC)
    drawn |= {one.key: _still(one) for one in found.flips if one.found is not None}
    figures = {key: _place(key, figure) for key, figure in drawn.items()}
    parts = [tag("p", f"Written by Losscope on {now:%Y-%m-%d at %H:%M} UTC.")]
    parts += summary.short(case, found)
    parts += chapters.verdict(case, figures["relative"]) + chapters.data(case)
    if found.judgments:
        parts += chapters.flips(found.flips, figures) + evidence.deciding(case, found.judgments)
        parts += evidence.certainty(found.judgments) + chapters.beyond(found.every)
    parts += chapters.conventions(case, _versions())
    return document(
        naming.title(case, now),
        joined(parts),
        messages={f"{key}_figure": _message(key, figure) for key, figure in drawn.items()},
        script=SCRIPT,
        style=f"{(HERE / 'report.css').read_text('utf-8')}\n{paper()}",
    )


def _whole(case: Case) -> Work:
    steps = len(case.losses) + len(usual(case))
    write = partial(report, case)
    name = f"{naming.stem(case, datetime.now(UTC))}.html"
    return Work("report as one page", steps, partial(findings, case), write, name, "text/html")


def _rows(case: Case) -> Work:
    """Of each row and model, the loss under every loss shown."""

    def made(told: Told) -> list[RowLosses]:
        found = []
        for place, loss in enumerate(case.losses):
            told(place / len(case.losses), str(loss))
            found.append(carried.rows(case.data, loss))
        return found

    write = partial(export.rows_csv, case.data)
    steps = len(case.losses)
    return Work("row losses as CSV", steps, made, write, "row_losses.csv", "text/csv")


def _flips(case: Case) -> Work:
    """Every parameter of every loss of the family, over its usual range."""
    pairs = list(tunable(case))
    make = partial(flips, case, pairs)
    return Work("flips as CSV", len(pairs), make, export.flips_csv, "flips.csv", "text/csv")


def _made_first(case: Case, work: Work) -> None:
    """A button that makes the file as it is pressed; where that takes long, it is prepared before.

    What is prepared shows how far it is, and ends when any setting changes.
    """
    help = "Everything as it stands above: the losses, their parameters, the rows"
    label, file = work.what[0].upper() + work.what[1:], (work.name, work.mime)
    if work.steps * (STEP + len(case.data)) <= QUICK:
        _download(label, lambda: work.write(work.make(untold)), file, help)
        return
    long = f"{help}. It takes a while; Stop, or a changed setting, ends it"
    prepare = f"Prepare the {work.what}"
    if st.button(prepare, key=f"prepare {work.what}", help=long, width="stretch"):
        bar = st.progress(0.0)
        text = work.write(work.make(seldom(bar.progress)))
        bar.empty()
        _download(label, lambda: text, file, help)


def _download(label: str, write: Callable[[], str], file: Sequence[str], help: str) -> None:
    key = f"take {label}"
    st.download_button(label, write, *file, key=key, on_click="ignore", help=help, width="stretch")


def _still(one: Flips) -> Figure:
    """The costs while a parameter runs, read where it stands: no slider goes with the file."""
    stops, now = grid(one.low, one.high), getattr(one.loss, one.parameter.name)
    at = min(stops.tolist(), key=lambda stop: abs(stop - (one.low if now is None else now)))
    figure = changes_figure(one.found, one.parameter.letter, at, "", stops)
    return replace(figure, films={})


def _message(key: str, figure: Figure) -> bytes:
    still = {"reel": None, "start": None, "plotly": "", "projector": False}
    return pack(figure, key=key, **still)


def _place(key: str, figure: Figure) -> Markup:
    """Where a figure is drawn; in its place there is its description without JavaScript."""
    without = tag("noscript", tag("p", figure.alt))
    return tag("figure", tag("div", without, id=key, style=f"height: {figure.height}px"))


def _versions() -> str:
    """What computed the numbers."""
    mine = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"]
    return (
        f"Computed by Losscope {mine} with NumPy {version('numpy')} on Python "
        f"{platform.python_version()}; drawn by Plotly {version('plotly')}."
    )
