"""A step taken apart: the slope and the parts of the step as arrows, and their numbers in words."""

from collections.abc import Sequence

import numpy as np

from charts.figure import Move
from charts.ground import Frames, axes, held_to
from charts.style import Trace
from losses.descent.optimizers import Stage
from losses.descent.scene import Scene, Walk

BARB, SPREAD = 0.028, 0.42  # of the window's width; tangent of the head's half angle
Stages = Sequence[tuple[Stage, ...]]


def arrows(scene: Scene, walk: Walk, stages: Stages, first: int) -> tuple[list[Trace], Frames]:
    """One trace for each part of the step, tip to tail, at every step; numbered from `first`."""
    parts = [stage.name for stage in stages[0] if stage.moves] if stages else []
    x, y = axes(walk.ground)
    traces: list[Trace] = []
    frames: Frames = []
    tails = walk.places[: len(stages)]
    for k, name in enumerate(parts):
        moves = np.array([[s.value for s in step if s.moves][k] for step in stages])
        tips = tails + (
            scene.plane.coordinates(walk.trajectory.weights[: len(stages)] + moves)
            - walk.places[: len(stages)]
        )
        lines = _arrow(scene, tails, tips)
        held = np.concatenate([lines, np.full((1, *lines.shape[1:]), np.nan)])
        held = held_to(scene, held)
        look = {"color": "$ink", "width": 2, "dash": ("solid", "dot", "dash")[k % 3]}
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": held[-1, :, 0], "y": held[-1, :, 1],
                "xaxis": x, "yaxis": y, "name": name, "line": look, "hoverinfo": "skip",
                "showlegend": False,
            }
        )  # fmt: skip
        frames.append(Move(first + k, held[..., 0], held[..., 1]))
        tails = tips
    return traces, frames


def details(scene: Scene, stages: Stages) -> list[list[str]]:
    """The stages of each step as lines of words and numbers."""
    lines = [[_line(stage) for stage in step] for step in stages]
    over = ["The walk ends here: go back a step to see the parts of the next one."]
    return lines + [over] * (scene.steps + 1 - len(lines))


def _line(stage: Stage) -> str:
    numbers = ", ".join(f"{value:.4g}" for value in np.ravel(stage.value)[:6])
    more = ", …" if np.size(stage.value) > 6 else ""
    mark = "→ " if stage.moves else ""
    return f"{mark}{stage.name}: {stage.formula} = ({numbers}{more})"


def _arrow(scene: Scene, tails: np.ndarray, tips: np.ndarray) -> np.ndarray:
    """Lines `(steps, 5, 2)`: shaft and head, the head alike on screen however the axes scale."""
    with np.errstate(all="ignore"):
        tails, tips = scene.window.drawn(tails), scene.window.drawn(tips)
        unit = np.ones(2) if scene.window.wide else scene.window.half
        way = (tips - tails) / unit
        length = np.hypot(*way.T)[:, None]
        ahead = np.where(length > 0, way / length, 0.0)
        size = np.minimum(2 * BARB, 0.4 * length)
        side = SPREAD * np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
        left, right = (tips - (ahead + turn * side) * size * unit for turn in (1, -1))
    lines = np.stack([tails, tips, left, tips, right], axis=1)
    return np.where(np.abs(lines) < 1e12, lines, np.nan)
