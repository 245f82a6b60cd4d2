"""A step taken apart: the slope and the parts of the step as arrows, and their numbers in words."""

from collections.abc import Callable, Sequence

import numpy as np

from charts.figure import Move
from charts.ground import Frames, axes, held_to
from charts.style import Trace
from losses.descent.optimizers import Stage
from losses.descent.scene import Scene, Walk

BARB, SPREAD = 0.028, 0.42  # of the window's width; tangent of the head's half angle
SLOPES = ("gradient", "gradient there")  # the stage that every optimizer has
MANY = 6  # numbers of a line
LENGTH = 0.3  # of half the window: slopes differ too much to be drawn to scale
COLORS = ("$accent", "$ink", "$ink", "$ink")
Stages = Sequence[tuple[Stage, ...]]


def arrows(scene: Scene, walk: Walk, stages: Stages, first: int) -> tuple[list[Trace], Frames]:
    """Downhill, and each part of the step, tip to tail, at every step; numbered from `first`."""
    traces: list[Trace] = []
    frames: Frames = []
    for k, (name, tails, tips) in enumerate(_parts(scene, walk, stages)):
        lines = _arrow(scene, tails, tips)
        held = held_to(scene, np.concatenate([lines, np.full((1, *lines.shape[1:]), np.nan)]))
        look = {
            "color": COLORS[k % 4],
            "width": 2,
            "dash": ("solid", "solid", "dot", "dash")[k % 4],
        }
        x, y = axes(walk.ground)
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": held[-1, :, 0], "y": held[-1, :, 1],
                "xaxis": x, "yaxis": y, "name": name, "line": look, "hoverinfo": "skip",
            }
        )  # fmt: skip
        frames.append(Move(first + k, held[..., 0], held[..., 1]))
    return traces, frames


def _parts(scene: Scene, walk: Walk, stages: Stages) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Name, tails and tips `(steps, 2)` of the arrows: where the slope leads, then the moves."""
    places = walk.places[: len(stages)]
    slopes = _drawn_along(scene, walk, -_values(stages, lambda stage: stage.name in SLOPES)[0])
    size = np.hypot(*(slopes / scene.window.half).T)[:, None]
    with np.errstate(all="ignore"):
        downhill = slopes * np.where(size > 0, LENGTH / size, 0.0)
    parts = [("downhill (not to scale)", places, places + downhill)]
    names = [stage.name for stage in stages[0] if stage.moves]
    for name, moves in zip(names, _values(stages, lambda stage: stage.moves), strict=True):
        tails = parts[-1][2] if len(parts) > 1 else places
        parts.append((name, tails, tails + _drawn_along(scene, walk, moves)))
    return parts


def _values(stages: Stages, wanted: Callable[[Stage], bool]) -> np.ndarray:
    """The values of some stages of every step, `(stages, steps, size)`."""
    return np.array([[stage.value for stage in step if wanted(stage)] for step in stages]).swapaxes(
        0, 1
    )


def _drawn_along(scene: Scene, walk: Walk, ways: np.ndarray) -> np.ndarray:
    """Ways `(steps, size)` through the weights as ways `(steps, 2)` on the plane."""
    weights = walk.trajectory.weights[: len(ways)]
    return scene.plane.coordinates(weights + ways) - walk.places[: len(ways)]


def details(scene: Scene, stages: Stages) -> list[list[str]]:
    """The parts of the step ahead as lines of words and numbers; at the end, those of the last."""
    lines = [
        [f"Step {t} begins with the", *map(_line, step), *_sum(scene, t)]
        for t, step in enumerate(stages, 1)
    ]
    over = ["This was the last step:", *lines[-1][1:]] if lines else []
    return lines + [over] * (scene.steps + 1 - len(lines))


def _sum(scene: Scene, t: int) -> list[str]:
    """Where the step leads."""
    return [f"so that the weights become {_numbers(scene.walks[0].trajectory.weights[t])}"]


def _numbers(values: np.ndarray) -> str:
    more = ", …" if np.size(values) > MANY else ""
    return f"({', '.join(f'{value:.4g}' for value in np.ravel(values)[:MANY])}{more})"


def _line(stage: Stage) -> str:
    mark = "→ " if stage.moves else ""
    return f"{mark}{stage.name}: {stage.formula} = {_numbers(stage.value)}"


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
