"""Through weight space: the run on a plane, how much of it that holds, and what it hides."""

from typing import Any

import streamlit as st

from charts.descent import captions
from charts.figure import Figure
from charts.numbers import counted, percent, readable
from charts.shadow import shadow_figure
from losses.descent.framing import SIDE
from losses.descent.lesson import shadowed
from losses.descent.scene import PLANES, Scene
from losses.descent.shadow import Shadow
from pages.shared import cached, controls
from pages.shared.net.asking import Asked, Chosen
from pages.shared.player import play

Found = tuple[Shadow, Scene, Figure, list[str]]


def view(chosen: Chosen, asked: Asked, rail: Any) -> None:
    """The sentence about the plane, and the path on it beside both costs."""
    with rail:
        help = "Two directions through all weights, about where the run ends"
        word = controls.one_of("Plane", list(PLANES), "net_plane", help)
    one = asked.lesson()
    doing = f"Drawing the cost of {counted(len(asked.data), 'row')} at {SIDE**2:,} places …"
    with st.spinner(doing):
        found, scene, figure, said = cached.made(
            f"shadow {asked.key} {word} {asked.log}", lambda: _found(asked, word)
        )
    shown = len(scene.walks[0].trajectory) - 1
    part = f" The run diverges: steps 0 to {shown} are drawn, of {one.last}."
    st.info(_told(found, scene) + part * (shown < one.last))
    if not one.one_unit:
        st.markdown("The loss changes on the way; here every step has the cost of the last one.")
    play(figure, "shadow", captions=said)
    st.markdown(
        "The ground is the cost on the plane; the path is the run's shadow on it, the nearest "
        "places to its weights. Where the dotted line leaves the solid one, the picture shows a "
        "cost that the network does not have."
    )
    if shown < one.last:
        st.markdown(
            f"Step {shown} is the first that costs more than 1,000 times the start. A plane with "
            "room for those beyond would show all others as one point, at a cost that they never "
            "had."
        )


def _found(asked: Asked, word: str) -> Found:
    found, scene = shadowed(asked.lesson(), word)
    return found, scene, shadow_figure(scene, log=asked.log), captions(scene)


def _told(found: Shadow, scene: Scene) -> str:
    """What share the plane holds, and where it is wrong by most."""
    worst = found.worst
    true = float(scene.walks[0].trajectory.costs[worst])
    return (
        f"{counted(len(scene.plane.origin), 'weight')} on a plane of two: it holds "
        f"**{percent(found.held, 2)}** of the variance of the run about its end. The true cost "
        f"differs from the drawn one by most at step {worst}: {readable(true)} is drawn as "
        f"{readable(true - float(found.off[worst]))}."
    )
