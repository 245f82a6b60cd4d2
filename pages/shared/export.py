"""Files to take away: every digit, and no text that a spreadsheet would execute."""

from collections.abc import Iterator, Sequence
from typing import Any

from charts.numbers import readable, unused
from losses.data import Dataset
from losses.data.writing import written
from losses.verdict import Matrix, RowLosses
from pages.shared.findings import Flips

Columns = list[tuple[str, Sequence[Any]]]


def matrix_csv(found: Matrix) -> str:
    """One line a model, three columns a loss; the best constant, and what it predicts, below."""
    columns: Columns = [("model", [*found.models, "(best constant)", "(what it predicts)"])]
    for place, loss in enumerate(found.losses):
        constant = [found.baseline[place].item(), found.constant[place].item()]
        columns += [
            (f"{loss}: cost", [*found.cost[:, place].tolist(), *constant]),
            (f"{loss}: rank", [*found.rank[:, place].tolist(), "", ""]),
            (f"{loss}: skill", [*found.skill[:, place].tolist(), "", ""]),
        ]
    return written(columns)


def rows_csv(data: Dataset, judged: Sequence[RowLosses]) -> str:
    """One line a row: its number in the file, target, predictions, weight if any, and losses."""
    return written(listing(data, judged))


def listing(data: Dataset, judged: Sequence[RowLosses], word: str = "") -> Columns:
    """Columns by row of the file; those of losses are called by the loss, or by a shorter word."""
    target: Sequence[Any] = data.target.tolist()
    if data.classes:
        target = [data.classes[int(label)] for label in target]
    columns: Columns = [(data.numbered, data.rows.tolist()), (data.target_name, target)]
    columns += [(name, data.column(name).tolist()) for name in data.columns]
    if data.weight is not None:
        columns.append((data.weight_name, data.weight.tolist()))
    for found in judged:
        losses = zip(found.models, found.value.tolist(), strict=True)
        columns += [(f"{name}: {word or found.loss}", values) for name, values in losses]
    return columns


def picked(columns: Columns, rows: Sequence[int]) -> dict[str, list[Any]]:
    """The columns at some rows, under names that differ."""
    listed: dict[str, list[Any]] = {}
    for name, values in columns:
        listed[unused(name, listed)] = [values[row] for row in rows]
    return listed


def shown(listed: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Numbers as numbers, which a table can sort; as text where one of them is infinite."""
    return {
        name: list(map(readable, values)) if float("inf") in values else values
        for name, values in listed.items()
    }


def flips_csv(found: Sequence[Flips]) -> str:
    """One line a flip, with all its digits; one line for a parameter at which nothing changes."""
    header = ("loss", "parameter", "other parameters", "from", "to", "flip", "wins below")
    lines = [line for one in found for line in _flips(one)]
    cells = zip(*lines, strict=True) if lines else [()] * (len(header) + 2)
    return written(zip((*header, "wins above", "note"), cells, strict=True))


def _flips(one: Flips) -> Iterator[tuple[Any, ...]]:
    named = (one.loss.name, one.parameter.name, one.held, one.low, one.high)
    if one.found is None:
        yield *named, "", "", "", one.refused
        return
    who = [" and ".join(winners) for winners in one.found.winners]
    if len(who) == 1:
        yield *named, "none", who[0], who[0], one.found.sentence
    for place, at in enumerate(one.found.at.tolist()):
        yield *named, at, who[place], who[place + 1], one.found.sentence
