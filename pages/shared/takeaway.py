"""A descent to take away: the walk as code that runs elsewhere, and the film as one file."""

import streamlit as st

from charts.progress import word
from losses.descent import Objective
from losses.descent.recipes import FILE, LIBRARIES, data_csv, recipe
from losses.descent.scene import Scene, Walk
from pages.shared import controls
from pages.shared.film import film
from pages.shared.walks import Asked, Shown


def panel(asked: Asked, shown: Shown) -> None:
    """Both, made only once somebody opens the panel, or presses the button."""
    box = st.expander("Take it with you: code, film", key="takeaway", on_change="rerun")
    if not box.open:
        return
    scene = shown.scene
    with box:
        _film(shown)
        names = [walk.name for walk in scene.walks]
        name = names[0]
        if len(names) > 1:
            name = controls.one_of("Walk", names, "code_walk", "The walk that the code repeats")
        _code(asked, scene, scene.walks[names.index(name)])


def _film(shown: Shown) -> None:
    title = ", ".join(f"{walk.name} by {walk.optimizer}" for walk in shown.scene.walks)
    st.download_button(
        "Download the film",
        lambda: film(shown.figure, title=f"Descent: {title}", **shown.told),
        "descent.html",
        "text/html",
        on_click="ignore",
        help="One page with the player, of about 5 MB, which plays without a network",
    )


def _code(asked: Asked, scene: Scene, walk: Walk) -> None:
    ground = scene.grounds[walk.ground]
    start = walk.trajectory.weights[0]
    st.markdown(f"Code that repeats this walk, and prints its last weights and {word(scene)}:")
    for tab, library in zip(st.tabs(LIBRARIES), LIBRARIES, strict=True):
        code = recipe(ground, walk.optimizer, start, library=library, **asked.plan)
        tab.code(code, language="python", wrap_lines=True)
    if isinstance(ground, Objective) and FILE in code:
        st.download_button(
            f"Download {FILE}",
            lambda: data_csv(ground.data),
            FILE,
            "text/csv",
            on_click="ignore",
            help="The rows as the code reads them: classes as 0, 1, …",
        )
