"""The chapters of a report on how firm a verdict is: the rows that decide, and the resamples."""

from collections.abc import Sequence
from functools import partial

from charts.numbers import percent, readable
from losses.verdict import row_losses
from pages.shared.case import Case
from pages.shared.chapters import Chapter, Shown, called, named, worded
from pages.shared.document import Markup, number, signed, table, tag
from pages.shared.findings import Judgment

LISTED = 10  # deciding rows of each loss


def deciding(case: Case, found: Sequence[Judgment]) -> Chapter:
    """The fewest rows without which another model wins, loss by loss."""
    parts = [
        tag("h2", "Which rows decide"),
        tag("p", "Between the cheapest model and the next one: the fewest rows to leave out."),
    ]
    if any(len(one.decision.rows) for one in found):
        where = "Lines are counted from the top of the file, a line of names included."
        parts.append(tag("p", where))
    for one in found:
        parts.append(tag("h3", called(one.loss)))
        parts.append(tag("p", worded(partial(_decided, one))))
        if len(one.decision.rows):
            parts.append(_rows(case, one))
    return parts


def certainty(found: Sequence[Judgment]) -> Chapter:
    """How the differences vary over resamples of the rows, loss by loss."""
    sure = next((one.certainty for one in found if one.certainty), None)
    parts = [tag("h2", "How sure it is")]
    if sure:
        drawn = "the rows" if sure.groups is None else f"{sure.groups} groups of rows"
        parts.append(
            tag(
                "p",
                f"The paired bootstrap: {sure.resamples:,} resamples of {drawn} (seed 0), and "
                f"intervals between percentiles that cover {percent(sure.level)} of them.",
            )
        )
    for one in found:
        parts.append(tag("h3", called(one.loss)))
        parts += _interval(one)
    return parts


def _decided(one: Judgment, shown: Shown) -> str:
    return one.decision.sentence(shown(one.first), shown(one.second))


def _rows(case: Case, one: Judgment) -> Markup:
    """The first of the rows, the most extreme first."""
    rows, places = case.data, one.decision.rows[:LISTED].tolist()
    names = (one.first, one.second)
    given = {name: case.predictions[name] for name in names}
    lost = row_losses(rows.target, given, one.loss).value
    lines = []
    for place in places:
        label = rows.target[place].item()
        target = rows.classes[int(label)] if rows.classes else number(label, f"{label:.6g}")
        values = [given[name][place].item() for name in names] + lost[:, place].tolist()
        cells = [number(value, readable(value)) for value in values]
        if case.weight is not None:
            weight = case.weight[place].item()
            cells.append(number(weight, f"{weight:.6g}"))
        lines.append([str(rows.rows[place]), target, *cells])
    head = ["Line", rows.target_name, *names, *(f"{name}: loss" for name in names)]
    if case.weight is not None:
        head.append("Weight")
    count = len(one.decision.rows)
    which = f"The first {len(places)} of {count:,}" if count > len(places) else "All of them"
    return table(head, lines, f"{which}, the most extreme first")


def _interval(one: Judgment) -> Chapter:
    sure = one.certainty
    if sure is None:
        return [tag("p", f"No interval: {one.refused}.")]
    best = sure.models[sure.winner]
    lines = []
    for model, name in enumerate(sure.models):
        gap, *ends = (each[model].item() for each in (sure.difference, sure.low, sure.high))
        shown = ["—"] * 3 if name == best else [number(x, readable(x)) for x in (gap, *ends)]
        lines.append([name, *shown, percent(sure.cheapest[model].item())])
    head = ["Model", "its cost minus the winner's", "from", "to", "cheapest in"]
    return [tag("p", _lead(one)), table(head, lines)]


def _lead(one: Judgment) -> str:
    """How much more the second model costs; where that may be less, that it may."""
    best, second = named(one.first), named(one.second)
    if one.lead is None:
        return f"{second} costs ∞, and is left out."
    low, high = one.lead
    span = [signed(readable(end)) for end in (low, high)]
    if low > 0:
        said = f"costs {span[0]} to {span[1]} more than {best}: all of the interval is above 0."
        return f"{second} {said}"
    if low == high == 0:
        return f"{second} costs the same as {best} in all of the interval."
    said = f"lies between {span[0]} and {span[1]}: it may be either way."
    return f"The cost of {second} minus that of {best} {said}"
