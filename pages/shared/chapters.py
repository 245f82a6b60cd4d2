"""The chapters of a report, as HTML: from what was judged to the conventions of its numbers."""

from collections.abc import Iterator, Mapping, Sequence

from charts.numbers import apart, percent, readable
from losses.verdict import row_losses
from pages.shared import verdicts
from pages.shared.case import Case
from pages.shared.document import Markup, joined, number, table, tag
from pages.shared.findings import Findings, Flips, Judgment

LISTED = 10  # deciding rows of each loss
WIDEST = 5  # losses beside each other on a sheet; more stand below each other
SYMBOLS = {
    "regression": "r is the prediction minus the target",
    "binary": "y is the target, 0 or 1, and p the prediction",
}
Chapter = list[Markup]


def named(name: str) -> str:
    """A name of the visitor's within a sentence."""
    return f"“{name}”"


def data(case: Case) -> Chapter:
    """What was judged, and what was done to each row."""
    rows = case.data
    facts = {
        "Data": rows.name,
        "Rows": f"{len(rows):,}",
        "Target": f"{rows.target_name} ({rows.unit})" if rows.unit else rows.target_name,
        "Models": ", ".join(case.models),
    }
    if rows.classes:
        facts["Classes"] = ", ".join(rows.classes)
    items = [tag("div", tag("dt", term), tag("dd", said)) for term, said in facts.items()]
    notes = rows.notes or ("Every row of the file was used as it stands.",)
    treated = tag("ul", *(tag("li", note) for note in notes))
    return [tag("h2", "Data"), tag("dl", *items), tag("p", "How the rows were treated:"), treated]


def verdict(case: Case, figure: Markup) -> Chapter:
    """Who wins under which loss, and every cost."""
    found = case.matrix
    said = [found.verdict(named), *verdicts.warnings(found, case.data, named)]
    lines = []
    for model, name in enumerate(found.models):
        cells = [_cost(case, model, column) for column in range(len(found.losses))]
        lines.append([name, *cells])
    last = [_constant(case, column) for column in range(len(found.losses))]
    grid = [["Model", *map(str, found.losses)], *lines, ["best constant", *last]]
    if len(found.losses) > WIDEST:
        grid = [list(line) for line in zip(*grid, strict=True)]
        grid[0][0] = "Loss"
    legend = (
        "Mean loss; below it the rank, the cost in units of the winner's, and the skill: the share "
        "of the best constant's cost that a model saves. ★ wins."
    )
    return [
        tag("h2", "Verdict"),
        *(tag("p", sentence, class_="said") for sentence in said),
        table(grid[0], grid[1:]),
        tag("p", legend),
        figure,
    ]


def flips(found: Sequence[Flips], figures: Mapping[str, Markup]) -> Chapter:
    """Where the winner changes as the usual parameters run."""
    parts = [tag("h2", "Where the winner changes")]
    for one in found:
        ends = f"{one.low:.6g} to {one.high:.6g}"
        parts.append(tag("h3", f"{one.name} from {ends}"))
        if one.found is None:
            parts.append(tag("p", f"{one.refused}."))
            continue
        parts.append(tag("p", _bands(one), class_="said"))
        if not one.found.certain:
            parts.append(tag("p", one.found.sentence))
        parts.append(figures[one.key])
        if len(one.found.at):
            head = [one.parameter.letter, "wins below", "wins above"]
            parts.append(table(head, _changes(one)))
    return parts


def deciding(case: Case, found: Sequence[Judgment]) -> Chapter:
    """The fewest rows without which another model wins, loss by loss."""
    parts = [
        tag("h2", "Which rows decide"),
        tag("p", "Between the cheapest model and the next one: the fewest rows to leave out."),
    ]
    for one in found:
        parts.append(tag("h3", str(one.loss)))
        parts.append(tag("p", one.decision.sentence(named(one.first), named(one.second))))
        if len(one.decision.rows):
            parts.append(_deciding_rows(case, one))
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
        parts.append(tag("h3", str(one.loss)))
        parts += _interval(one) if one.certainty else [tag("p", f"No interval: {one.refused}.")]
    return parts


def beyond(found: Findings) -> Chapter:
    """Who wins under every loss that asks for the same, whether it is shown or not."""
    every = found.murphy
    if every is None:
        return []
    costs = every.cost.tolist()
    best = every.models[costs.index(min(costs))]
    rivals = [name for name in every.models if name != best]
    lines = [tag("li", _capital(every.sentence(best, name, named))) for name in rivals]
    return [
        tag("h2", f"Under every loss that asks for {every.wanted}"),
        tag("p", f"By the Murphy diagram, {named(best)} against each other model:"),
        tag("ul", *lines),
    ]


def conventions(case: Case, versions: str) -> Chapter:
    """What the numbers are, the losses by their formulas, and what computed them."""
    losses = [
        [str(loss), tag("code", loss.formula), loss.asks(), loss.sentence()] for loss in case.losses
    ]
    name = case.data.weight_name
    weighed = f"rows are weighted by {name}" if name else "every row has the same weight"
    return [
        tag("h2", "Conventions"),
        tag("p", verdicts.conventions(case.matrix, case.data, named)),
        table(["Loss", "Of one row, in LaTeX", "Asks for", "In words"], losses),
        tag("p", f"{SYMBOLS[case.data.task]}; {weighed}."),
        tag("p", versions),
    ]


def _cost(case: Case, model: int, column: int) -> Markup:
    found = case.matrix
    texts = apart([*found.cost[:, column].tolist(), float(found.baseline[column])])
    cost = number(found.cost[model, column].item(), texts[model])
    won = tag("strong", "★ ", cost) if found.wins[model, column] else cost
    times = readable(found.relative[model, column].item())
    skill = found.skill[model, column].item()
    rank = f"rank {found.rank[model, column]}, {times} ×"
    return joined([won, tag("small", rank), tag("small", f"skill {_saved(skill)}")])


def _saved(skill: float) -> str:
    return f"{readable(100 * skill, 3)} %" if skill == skill else "—"


def _constant(case: Case, column: int) -> Markup:
    found = case.matrix
    cost, constant = found.baseline[column].item(), found.constant[column].item()
    predicts = number(constant, readable(constant))
    text = apart([*found.cost[:, column].tolist(), cost])[-1]
    return joined([number(cost, text), tag("small", "predicts ", predicts)])


def _bands(one: Flips) -> str:
    """Who wins where, with every digit of every flip."""
    found, letter = one.found, one.parameter.letter
    if found is None:
        return ""
    who = [_who(winners) for winners in found.winners]
    places = list(map(repr, found.at.tolist()))
    if not places:
        return f"{who[0]} for every {letter} in this range: no flip."
    parts = [f"{who[0]} below {letter} = {places[0]}"]
    parts += [f"then {mid} up to {at}" for mid, at in zip(who[1:-1], places[1:], strict=True)]
    return f"{'; '.join(parts)}; {who[-1]} above."


def _changes(one: Flips) -> Iterator[list[str]]:
    if one.found is not None:
        pairs = zip(one.found.winners, one.found.winners[1:], strict=False)
        for at, (before, after) in zip(one.found.at.tolist(), pairs, strict=True):
            yield [number(at, repr(at)), ", ".join(before) or "none", ", ".join(after) or "none"]


def _who(winners: tuple[str, ...]) -> str:
    if not winners:
        return "nobody wins (all costs are ∞)"
    return f"{' and '.join(map(named, winners))} {'wins' if len(winners) == 1 else 'tie'}"


def _deciding_rows(case: Case, one: Judgment) -> Markup:
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
        lines.append([str(rows.rows[place]), target, *cells])
    head = ["Row of the file", rows.target_name, *names, *(f"{name}: loss" for name in names)]
    count = len(one.decision.rows)
    which = f"The first {len(places)} of {count:,}" if count > len(places) else "All of them"
    return table(head, lines, f"{which}, the most extreme first")


def _interval(one: Judgment) -> Chapter:
    sure = one.certainty
    if sure is None:
        return []
    best = sure.models[sure.winner]
    lines = []
    for model, name in enumerate(sure.models):
        gap, *ends = (each[model].item() for each in (sure.difference, sure.low, sure.high))
        shown = ["—"] * 3 if name == best else [number(x, readable(x)) for x in (gap, *ends)]
        lines.append([name, *shown, percent(sure.cheapest[model].item())])
    head = ["Model", "costs more than the winner by", "from", "to", "cheapest in"]
    if one.second not in sure.models:  # it costs without limit
        return [tag("p", f"{named(one.second)} costs ∞, and is left out."), table(head, lines)]
    rival = sure.models.index(one.second)
    low, high = sure.low[rival].item(), sure.high[rival].item()
    told = "all of it above 0" if low > 0 else "which holds 0: the lead may be chance"
    said = f"{named(one.second)} costs more than {named(best)} by {readable(low)} to "
    said += f"{readable(high)}, {told}."
    return [tag("p", said), table(head, lines)]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
