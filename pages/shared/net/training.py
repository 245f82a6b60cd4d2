"""Train: the run on the player, how it ended, and what went wrong inside the network."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from charts.figure import Figure
from charts.network import captions, network_figure
from charts.numbers import counted
from losses.descent.health import Sign
from losses.descent.lesson import Lesson
from pages.shared import cached, controls
from pages.shared.ahead import offer
from pages.shared.figure import Ahead
from pages.shared.net.asking import Asked, Chosen, asked
from pages.shared.player import answer_of, play
from pages.shared.told import Told

QUICK = 3_000_000  # numbers that a walk looks at: a tenth of a second of work, about
PLAIN = (bool, int, float, str)
KINDS = {
    "dead": "dead, 0 on every row, so that no row can move its weights",
    "saturated": "saturated on nearly every row, where its slope is nearly 0",
}


def view(chosen: Chosen, asked: Asked, rail: Any) -> None:
    """The sentence, the player, the signs and what the pictures are."""
    one = asked.lesson()
    _ended(one, seen_only(chosen, asked))
    figure, told = _shown(asked)
    play(figure, "network", ahead=_ahead(chosen, asked), **told)
    _signs(one)
    _seen(asked, one)


def _shown(asked: Asked) -> tuple[Figure, dict[str, list[str]]]:
    """The figure and what is told of its frames."""

    def made() -> tuple[Figure, dict[str, list[str]]]:
        one, album = asked.lesson(), asked.album()
        figure = network_figure(one, album, log=asked.log)
        return figure, {"captions": captions(one, album)}

    return cached.shown(f"network {asked.key} {asked.log}", made)


def _ahead(chosen: Chosen, now: Asked) -> Ahead | None:
    """The sliders' values, and what answers while one of them moves: runs that take no time."""
    if now.effort > QUICK:
        return None
    known = {key: value for key, value in st.session_state.items() if isinstance(value, PLAIN)}
    told, projector = Told(known), bool(st.session_state.get("projector"))
    if asked(chosen, now.earlier, told).key != now.key:
        return None  # a widget shows a default that no state has yet

    def answer(values: Mapping[str, float], ground: str) -> bytes:
        moved = Told(known | {key: values[key] for key in values if key in told.sliders})
        found = asked(chosen, now.earlier, moved)
        if found.effort > QUICK:
            raise ValueError("this run takes its time: the script will show its progress")
        figure, said = _shown(found)
        place = "network", moved.sliders, ground
        return answer_of(figure, *place, projector=projector, details=(), **said)

    return Ahead(offer("network", answer).address, told.sliders)


def seen_only(chosen: Chosen, asked: Asked) -> str:
    """Which columns the network sees, where there are others; else nothing."""
    seen = asked.data.columns
    if len(seen) == chosen.columns:
        return ""
    names = " and ".join(map(controls.quoted, seen))
    return f"Trained on {names} only, {len(seen)} of {chosen.columns} columns. "


def _ended(one: Lesson, start: str) -> None:
    """How the run ended, in a sentence with its cost: the only verdict there is."""
    walk, verdict = one.walk, one.verdict
    steps = counted(one.last, "step")
    said = f"{start}After {steps} the cost is **{walk.costs[-1]:.6g}**"
    if one.one_unit:
        said += f", from {walk.costs[0]:.6g} at the start"
    said += f". {verdict.sentence}"
    diverged = [sign.sentence for sign in one.signs if sign.kind == "diverged"]
    if diverged:
        last = f"Step {one.last} is the last with a cost, {walk.costs[-1]:.4g}."
        st.error(f"{start}{last} {diverged[0]}")
    else:
        (st.warning if verdict.kind == "stuck" else st.info)(said)
    if not one.one_unit:
        st.markdown(
            "The loss changes on the way, and with it what a cost is measured in: across a dashed "
            "line heights cannot be compared, and no plateau is looked for."
        )


def _signs(one: Lesson) -> None:
    """What was seen inside: of the whole run a sentence each, of units one for each layer.

    They are causes where the run failed; where it did not, they are only told.
    """
    signs, failed = one.signs, one.verdict.kind in ("stuck", "diverged")
    lines = [sign.sentence for sign in signs if sign.kind == "plateau"]
    for kind, word in KINDS.items():
        for layer in sorted({sign.layer for sign in signs if sign.kind == kind}, key=str):
            lines.append(_layer([s for s in signs if (s.kind, s.layer) == (kind, layer)], word))
    if lines and failed:
        st.warning("\n".join(["Seen inside:", "", *(f"- {line}" for line in lines)]))
    elif lines:
        told = "Seen on the way; none of it ended the learning:"
        st.info("\n".join([told, "", *(f"- {line}" for line in lines)]))
    elif not failed:
        st.success("No plateau, no dead or saturated unit, and no divergence on the way.")
    units = [sign.sentence for sign in signs if sign.unit is not None]
    if units:
        with st.expander("Unit by unit"):
            st.markdown("\n".join(f"- {sentence}" for sentence in units))


def _layer(signs: Sequence[Sign], word: str) -> str:
    """Which units of one layer, and from which step on."""
    told = ", ".join(
        f"unit {sign.unit + 1} from step {sign.step}"
        + ("" if sign.until is None else f" to {sign.until}")
        for sign in signs
        if sign.unit is not None
    )
    many = "1 unit is" if len(signs) == 1 else f"{len(signs)} units are"
    return f"Layer {(signs[0].layer or 0) + 1}: {many} {word}: {told}."


def _seen(asked: Asked, one: Lesson) -> None:
    """What the pictures show, how many there are, and that the run can be had again."""
    album, data = asked.album(), asked.data
    said = []
    if album.second is None:
        said.append("The line is what the network says at each step.")
    elif data.task == "regression":
        said.append(
            "Colors are what the network says, those of the rows their targets; predictions beyond "
            "the range of the bar have the color of its end."
        )
    elif data.task == "binary":
        said.append("Colors are the network's chance of each class; the line is where it is ½.")
    else:
        said.append(
            "The color is that of the class with the most probability, paler where it leads less."
        )
    if any(leg.loss.family == "margin" for _, leg in [*asked.earlier, (0, asked.rules)]):
        said.append(
            "Of a margin loss the score is drawn as ½ + ½ score: its margins are at 0 and 1."
        )
    if len(album.steps) < len(one.walk):
        said.append(
            f"Of {len(one.walk)} steps, {len(album.steps)} have a picture; the cost has them all."
        )
    if data.weight is not None:
        said.append("Row weights are not used: each row counts once.")
    size = counted(one.objective.size, "weight")
    said.append(
        f"{size} from seed {asked.seed}: the same settings give the same run, to the last "
        "bit, also after a reset."
    )
    st.markdown(" ".join(said))
