"""The chapters of a report, as HTML: from what was judged to the conventions of its numbers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from charts.numbers import apart, readable
from losses import Loss
from losses.verdict import Dominance
from pages.shared import verdicts
from pages.shared.case import Case
from pages.shared.document import Markup, joined, number, signed, table, tag
from pages.shared.findings import Flips
from pages.shared.formulas import formula

WIDEST = 5  # losses beside each other on a sheet; more stand below each other
HELD = re.compile("\0([0-9]+)\0")  # the place of a name in a sentence that is not done yet
SYMBOLS = {
    "regression": "r is the prediction minus the target",
    "binary": "y is the target, 0 or 1, and p the prediction",
}
Chapter = list[Markup]
Shown = Callable[[str], str]  # writes the name of a model


def named(name: str) -> str:
    """A name of the visitor's within a sentence."""
    return f"“{name}”"


def called(loss: Loss) -> str:
    """A loss with its parameters."""
    return signed(str(loss))


def worded(sentence: Callable[[Shown], str]) -> str:
    """A sentence of the core with true minus signs, and with names as their owner wrote them."""
    return all_worded(lambda shown: [sentence(shown)])[0]


def all_worded(sentences: Callable[[Shown], Sequence[str]]) -> list[str]:
    """Several such sentences."""
    names: list[str] = []

    def held(name: str) -> str:
        names.append(name)
        return f"\0{len(names) - 1}\0"

    said = map(signed, sentences(held))
    return [HELD.sub(lambda place: named(names[int(place[1])]), one) for one in said]


def data(case: Case) -> Chapter:
    """What was judged, and what was done to each row."""
    rows = case.data
    facts = {
        "Data": rows.name,
        "Rows": f"{len(rows):,}",
        "Target": f"{rows.target_name} ({rows.unit})" if rows.unit else rows.target_name,
        "Models": ", ".join(case.models),
        "Weights": _weights(case),
        "Groups": _groups(case),
    }
    if rows.classes:
        facts["Classes"] = ", ".join(rows.classes)
    items = [tag("div", tag("dt", term), tag("dd", said)) for term, said in facts.items()]
    notes = rows.notes or ("Every row of the file was used as it stands.",)
    treated = tag("ul", *(tag("li", note) for note in notes))
    return [tag("h2", "Data"), tag("dl", *items), tag("p", "How the rows were treated:"), treated]


def _weights(case: Case) -> str:
    """Which column says how much each row counts, and how many count for nothing."""
    if case.weight is None:
        return "none: every row counts the same"
    idle = len(case.data) - case.counted
    said = "no row has weight 0"
    if idle:
        verbs = ("has", "does") if idle == 1 else ("have", "do")
        said = f"{idle:,} of {len(case.data):,} rows {verbs[0]} weight 0 and {verbs[1]} not count"
    return f"column {named(case.data.weight_name)}; {said}"


def _groups(case: Case) -> str:
    """Which column says what belongs together."""
    if case.data.group is None:
        return "none: every row stands for itself"
    count = f"{len(case.data.groups):,} group{'s' * (len(case.data.groups) > 1)}"
    return f"column {named(case.data.group_name)}: {count}, which resamples draw whole"


def verdict(case: Case, figure: Markup) -> Chapter:
    """Who wins under which loss, and every cost."""
    found = case.matrix
    warned = all_worded(lambda shown: verdicts.warnings(found, case.data, shown))
    said = [worded(found.verdict), *warned]
    lines = []
    for model, name in enumerate(found.models):
        cells = [_cost(case, model, column) for column in range(len(found.losses))]
        lines.append([name, *cells])
    last = [_constant(case, column) for column in range(len(found.losses))]
    grid = [["Model", *map(called, found.losses)], *lines, ["best constant", *last]]
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
        ends = signed(f"{one.low:.6g} to {one.high:.6g}")
        parts.append(tag("h3", f"{one.name} from {ends}"))
        if one.found is None:
            parts.append(tag("p", signed(f"{one.refused}.")))
            continue
        parts.append(tag("p", _bands(one), class_="said"))
        if not one.found.certain:
            parts.append(tag("p", signed(one.found.sentence)))
        parts.append(figures[one.key])
        if len(one.found.at):
            head = [one.parameter.letter, "wins below", "wins above"]
            parts.append(table(head, _changes(one)))
    return parts


def beyond(found: Sequence[Dominance]) -> Chapter:
    """Who wins under every loss that asks for the same, whether it is shown or not."""
    if not found:
        return []
    best, wanted = found[0].first, found[0].wanted
    lines = [tag("li", _capital(worded(one.sentence))) for one in found]
    return [
        tag("h2", f"Under every loss that asks for {wanted}"),
        tag("p", f"By the Murphy diagram, {named(best)} against each other model:"),
        tag("ul", *lines),
    ]


def conventions(case: Case, versions: str) -> Chapter:
    """What the numbers are, the losses by their formulas, and what computed them."""
    losses = [[called(one), _formula(one), one.asks(), one.sentence()] for one in case.losses]
    name = case.data.weight_name
    weighed = f"rows are weighted by {named(name)}" if name else "every row has the same weight"
    read = worded(lambda shown: verdicts.conventions(case.matrix, case.data, shown))
    return [
        tag("h2", "Conventions"),
        tag("p", read),
        table(["Loss", "Of one row", "Asks for", "In words"], losses),
        tag("p", f"{SYMBOLS[case.data.task]}; {weighed}."),
        tag("p", versions),
    ]


def _formula(loss: Loss) -> Markup:
    """The formula, below it what its abbreviations stand for, and what is left out of it."""
    where = [part for part in loss.where.split(r"\quad") if part]
    out = [one.letter for one in loss.parameters() if getattr(loss, one.name) is None]
    below = [tag("small", "where ", formula(part)) for part in where]
    below += [tag("small", f"without {letter}: its factor is 1") for letter in out]
    return joined([formula(loss.formula), *below])


def _cost(case: Case, model: int, column: int) -> Markup:
    found = case.matrix
    texts = apart([*found.cost[:, column].tolist(), float(found.baseline[column])])
    cost = number(found.cost[model, column].item(), texts[model])
    won = tag("strong", "★ ", cost) if found.wins[model, column] else cost
    times = readable(found.relative[model, column].item())
    skill = found.skill[model, column].item()
    rank = f"rank {found.rank[model, column]}, {times} ×"
    return joined([won, tag("small", rank), tag("small", signed(f"skill {_saved(skill)}"))])


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
    places = [signed(repr(at)) for at in found.at.tolist()]
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


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
