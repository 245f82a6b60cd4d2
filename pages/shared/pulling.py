"""How far one row can pull: it moves up or sideways, each line follows it, stops, or comes back."""

import streamlit as st

from charts.letting_go import displacement_figure, pulled_figure
from charts.pulls import beginning, middles
from losses.data import Dataset
from losses.verdict.letting_go import LettingGo, let_go
from losses.verdict.leverage import end_row, middle_row
from losses.verdict.training import Trained
from pages.shared import cached, controls, edits
from pages.shared.figure import show

WAYS = {"up": False, "sideways": True}
WAY_HELP = "Up, away from the line; or sideways, where one far row has the longest lever"
ROWS = {"one at the right end": end_row, "one in the middle": middle_row}
ROW = "pull_row"
BEGAN = "began_"  # the distance at which a slider began
MOVED = "pull_moved"  # the row that a click has put elsewhere, until it is told


def answer(whole: Dataset, found: Trained, factor: float) -> None:
    """The row, its way and its distance; the lines that follow, and where each lets go.

    The factor makes the unit of the picture of that of the whole data.
    """
    st.subheader("How far can one row pull?", anchor=False)
    if found.data.task != "regression" or len(found.data.columns) != 1:
        st.markdown("That takes a target that is a number and one feature: a line to be pulled.")
        return
    arrived = _arrived()
    part = found.data.part(found.train)
    rail, stage = st.columns([1.15, 3.2], gap="large")
    with rail:
        row, way = _row(part), controls.one_of("It moves", list(WAYS), "pull_way", WAY_HELP)
    try:
        path = _path(part, found, row, way)
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
        return
    with rail:
        at, key = _distance(path, way)
    if arrived and at:  # a slider of another reach begins where the link says, not at 0
        st.session_state[MOVED] = arrived
        st.rerun()
    with stage:
        st.info(_said(path))
        left, right = st.columns(2, gap="medium")
        with left:
            place = show(pulled_figure(path, at, key), "pulled")
        with right:
            show(displacement_figure(path, at, key), "displacement")
    _doubts(path, found)
    if place:
        _move(whole, found, path, (place["x"], place["y"] / factor))


def _said(path: LettingGo) -> str:
    """What each line does, a loss a line."""
    lines = [f"- **{name}**: {what}." for name, what in middles(path)]
    return "\n".join([beginning(path, controls.quoted), "", *lines])


def _row(part: Dataset) -> int:
    """The place of the row in the part that is trained on."""
    names = {f"row {number}": place for place, number in enumerate(part.rows.tolist())}
    help = (
        "The row that moves, one of those trained on: far right, where it turns the line; in the "
        "middle, where it has no lever; or by its number in the file"
    )
    picked = controls.one_of("The row", [*ROWS, *names], ROW, help)
    return ROWS[picked](part) if picked in ROWS else names[picked]


def _path(part: Dataset, found: Trained, row: int, way: str) -> LettingGo:
    """The lines at every distance."""
    key = f"let go {part.digest} {found.losses!r} {row} {way}"
    return cached.raced(key, lambda: let_go(part, found.losses, row=row, sideways=WAYS[way]))


def _distance(path: LettingGo, way: str) -> tuple[float, str]:
    """How far the row has moved; each way has its slider, and the slider its key."""
    stops, key = path.distances.tolist(), f"pull_{way}"
    # Another row begins at another distance: one that nobody chose, and no link holds, goes along.
    if key in st.session_state and st.session_state[key] == st.session_state.get(BEGAN + key):
        st.session_state[key] = path.telling
    st.session_state[BEGAN + key] = path.telling
    at = st.slider(
        "Distance",
        stops[0],
        stops[-1],
        path.telling,
        stops[1] - stops[0],
        format="%.4g",
        key=key,
        help="How far it has moved from its place; the pictures follow while you drag",
        bind="query-params",
    )
    return at, key


def _doubts(path: LettingGo, found: Trained) -> None:
    """What the pictures show, and what is not certain."""
    penalty = ", without the penalty" if any(each.penalty for each in found.fits) else ""
    said = [
        f"Left: ◆ is row {path.data.rows[path.row]}, ○ the place that it left; a click puts it "
        "elsewhere. Right: how far each line is drawn up, or down, from the line without the row; "
        "✕ marks the distance at which it stops or turns back, the upright line the distance now.",
        f"The lines are fitted to the {len(path.data):,} rows trained on{penalty}.",
    ]
    pairs = zip(path.losses, path.certain, strict=True)
    unsure = [str(loss) for loss, certain in pairs if not certain]
    if unsure:
        said.append(
            f"Not certain to be the best, because the loss is not convex: {' and '.join(unsure)}, "
            "the better of the minima below two starts."
        )
    st.markdown(" ".join(said))


def _move(whole: Dataset, found: Trained, path: LettingGo, place: tuple[float, float]) -> None:
    """Puts the row where the picture was clicked, and runs again."""
    row = int(found.train[path.row])
    names = found.data.columns[0], found.data.target_name
    edits.put(whole, row, dict(zip(names, place, strict=True)))
    st.session_state[MOVED] = f"row {whole.rows[row]}"
    st.rerun()


def _arrived() -> str | None:
    """After a click the row is the one that moves, and where it was put is its place."""
    moved: str | None = st.session_state.pop(MOVED, None)
    if moved:
        st.session_state[ROW] = moved
        for way in WAYS:
            st.session_state[f"pull_{way}"] = 0.0
    return moved
