"""A report in short: a line each for who wins, by how much, where it flips, and how firmly."""

from math import isfinite

from charts.numbers import apart, percent, readable
from pages.shared.case import Case
from pages.shared.chapters import Chapter, called, named, worded
from pages.shared.document import signed, tag
from pages.shared.findings import Findings, Flips, Judgment
from pages.shared.naming import listed

FEW = 3  # losses, or places of a flip, that a line names; the others are counted


def short(case: Case, found: Findings) -> Chapter:
    """The lines on top, each of which has a chapter below."""
    lines = [worded(case.matrix.verdict), _saved(case)]
    if found.judgments:
        lines += [_flips(found), _rows(found), _sure(found), _every(found)]
    return [tag("h2", "In short"), tag("ul", *(tag("li", line) for line in lines if line))]


def _saved(case: Case) -> str:
    """The winner against the best constant, from the loss where it saves least to the most."""
    best = [100 * share for share in case.matrix.skill.max(axis=0).tolist()]
    known = [
        (share, loss) for share, loss in zip(best, case.losses, strict=True) if isfinite(share)
    ]
    if not known:
        return ""
    (least, where), (most, there) = (pick(known, key=_share) for pick in (min, max))
    low, high = (f"{signed(readable(share, 3))} %" for share in (least, most))
    who = "the winner" if len(case.models) > 1 else "it"
    said = f"{low} under {called(where)}"
    if low != high:
        said += f" to {high} under {called(there)}"
    worse = "; below 0 % it is worse" if least < 0 else ""
    return f"Of what the best constant costs, {who} saves {said}{worse}."


def _share(pair: tuple[float, object]) -> float:
    return pair[0]


def _flips(found: Findings) -> str:
    """Which of the usual parameters change the winner, and where."""
    moved = [_passes(one) for one in found.flips if one.found and len(one.found.at)]
    still = [one.name for one in found.flips if one.found and not len(one.found.at)]
    unknown = [one.name for one in found.flips if not (one.found and one.found.certain)]
    said = []
    if moved:
        said.append(f"Another model wins as {' and as '.join(moved)}.")
    if still:
        said.append(f"The winner stays the same over the usual range of {listed(still, FEW)}.")
    if unknown:
        said.append(f"Not every change may be known of {listed(unknown, FEW)}.")
    return " ".join(said)


def _passes(one: Flips) -> str:
    at = [] if one.found is None else one.found.at.tolist()
    return f"{one.name} passes {listed([signed(text) for text in apart(at)], FEW)}"


def _rows(found: Findings) -> str:
    """How many rows decide: under the loss where they are fewest, and where they are most."""
    settled = [one for one in found.judgments if one.decision.settled]
    open_ = [one for one in found.judgments if len(one.decision.rows)]
    said = []
    if open_:
        least, most = (pick(open_, key=_count) for pick in (min, max))
        total, count = least.decision.total, _count(least)
        rows = f"{count:,} of {total:,} rows decide{'s' * (count == 1)}"
        said.append(
            f"{rows} under {called(least.loss)}: without {'it' if count == 1 else 'them'} "
            f"{named(least.second)} would win."
        )
        if _count(most) > count:
            said.append(f"Under {called(most.loss)} it takes {_count(most):,}.")
    if settled:
        under = listed([called(one.loss) for one in settled], FEW)
        said.append(f"Whichever rows are left out, the winner stays the same under {under}.")
    return " ".join(said)


def _count(one: Judgment) -> int:
    return len(one.decision.rows)


def _sure(found: Findings) -> str:
    """Under which losses the interval of the lead is above 0, and under which it is not."""
    leads = [(one, one.lead[0]) for one in found.judgments if one.lead]
    clear = [called(one.loss) for one, low in leads if low > 0]
    chance = [called(one.loss) for one, low in leads if low <= 0]
    unknown = [called(one.loss) for one in found.judgments if not one.lead]
    level = next((f"{percent(one.certainty.level, 0)} " for one, _ in leads if one.certainty), "")
    said = []
    if clear:
        lies = f"lies above 0 under {listed(clear, FEW)}"
        said.append(f"The {level}interval of the lead over the next model {lies}.")
    if chance:
        it = "It" if clear else f"The {level}interval of the lead over the next model"
        said.append(f"{it} holds 0 under {listed(chance, FEW)}: there the lead may be chance.")
    if unknown:
        said.append(f"There is no interval of the lead under {listed(unknown, FEW)}.")
    return " ".join(said)


def _every(found: Findings) -> str:
    """Whether the best model wins beyond the losses shown."""
    best, wanted = named(found.every[0].first), found.every[0].wanted
    rivals = [named(one.second) for one in found.every if one.spans(one.second)]
    if all(one.winner == one.first for one in found.every):
        return f"{best} beats every other model under every loss that asks for {wanted}."
    if not rivals:
        return f"No loss that asks for {wanted} prefers another model to {best}."
    return f"Some losses that ask for {wanted} prefer {listed(rivals, FEW)} to {best}."
