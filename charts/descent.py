"""Walks on one clock: paths on the cost surface, fits in data space, costs by step."""

from typing import Any

import numpy as np

from charts import arrows, dataspace, ground, progress
from charts.arrows import Stages
from charts.figure import Figure, Film, literal
from charts.ground import Frames, axes
from charts.style import LEGEND, Layout, Trace
from losses.descent.scene import Scene, Walk, weight_names

HEIGHT = 446
LEFT, RIGHT = [0.0, 0.5], [0.59, 1.0]


def descent_figure(scene: Scene, *, log: bool | None = None, stages: Stages = ()) -> Figure:
    """Grounds, fits and costs on a clock of steps; the costs choose `log` if it is left open.

    With the `stages` of the first walk its steps are drawn part by part.
    """
    log = progress.logarithmic(scene) if log is None else log
    data: list[Trace] = [ground.surface(scene, k) for k in range(len(scene.grounds))]
    data += ground.minima(scene)
    if scene.objective is not None:
        data += dataspace.rows(scene.objective)
    frames: Frames = []
    for walk in scene.walks:
        for part in (ground.path, dataspace.fit):
            traces, moves = part(scene, walk, len(data))
            data, frames = data + traces, frames + moves
        traces, moves = progress.progress(scene, walk, len(data), log=log)
        data, frames = data + traces, frames + moves
    if stages:
        traces, moves = arrows.arrows(scene, scene.walks[0], stages, len(data))
        data, frames = data + traces, frames + moves
    clock = {"clock": Film(tuple(frames))}
    layout = _layout(scene, log)
    layout["showlegend"] = len(scene.walks) > 1 or bool(stages)
    return Figure(data, layout, _alt(scene), HEIGHT, _table(scene), clock, _narrow(scene))


def captions(scene: Scene) -> list[str]:
    """The numbers of each step: of one walk all, of several their costs."""
    last, word = scene.steps, progress.word(scene)
    if len(scene.walks) == 1:
        walk = scene.walks[0]
        return [
            f"step {k} of {last}: {word} {walk.trajectory.costs[k]:.6g}, "
            f"gradient {walk.trajectory.slopes[k]:.3g}{_weights(scene, walk, k)}"
            for k in range(last + 1)
        ]
    told = zip(*(_costs(walk, last) for walk in scene.walks), strict=True)
    return [f"step {k} of {last}: {word} {', '.join(costs)}" for k, costs in enumerate(told)]


def _costs(walk: Walk, last: int) -> list[str]:
    """The cost of a walk at each step of the longest, with its name."""
    said = [f"{walk.name} {cost:.6g}" for cost in walk.trajectory.costs.tolist()]
    return said + [f"{said[-1]} (ended)"] * (last + 1 - len(said))


def _weights(scene: Scene, walk: Walk, k: int) -> str:
    """The weights, where they are few; on a plane through more, the cost that it shows."""
    w = walk.trajectory.weights[k]
    if w.size == 2:
        first, second = (name.split()[-1] for name in weight_names(scene.grounds[0]))
        return f", {first} = {w[0]:.4g}, {second} = {w[1]:.4g}"
    return f"; the plane shows {walk.trajectory.costs[k] - walk.off[k]:.6g} there"


def _layout(scene: Scene, log: bool) -> Layout:
    layout: Layout = {
        **LEGEND,
        "clickanywhere": len(scene.plane.origin) == 2,
    }
    several = len(scene.grounds) > 1
    across, up = progress.layout(scene, log=log)
    cost = [0, 0.36 if several else 0.4] if scene.objective else [0, 1]
    layout |= {
        "xaxis3": {"domain": RIGHT, "anchor": "y3", **across},
        "yaxis3": {"domain": cost, "anchor": "x3", **up},
    }
    if scene.objective is not None:
        across, up = dataspace.layout(scene.objective)
        room = (LEFT, [0, 0.36]) if several else (RIGHT, [0.57, 1])
        layout |= {
            "xaxis2": {"domain": room[0], "anchor": "y2", **across},
            "yaxis2": {"domain": room[1], "anchor": "x2", **up},
        }
    return layout | _grounds(scene)


def _grounds(scene: Scene) -> Layout:
    """The axes of the grounds: one at the left, or several in a row above the rest."""
    several, found = len(scene.grounds), Layout()
    width = (1 - 0.05 * (several - 1)) / several
    for k in range(several):
        x, y = axes(k)
        across, up = ground.layout(scene, k)
        left = k * (width + 0.05)
        if several > 1:
            name = next(walk.name for walk in scene.walks if walk.ground == k)
            across = {**across, "title": {"text": f"{literal(name)}: {across['title']['text']}"}}
            up = up if k == 0 else {**up, "title": {"text": ""}}
        found[_axis(x)] = {"domain": [left, left + width] if several > 1 else LEFT, "anchor": y}
        found[_axis(y)] = {"domain": [0.5, 1] if several > 1 else [0, 1], "anchor": x}
        found[_axis(x)] |= across
        found[_axis(y)] |= up
    return found


def _axis(name: str) -> str:
    """The name of an axis in the layout: xaxis2 for x2."""
    return f"{name[0]}axis{name[1:]}"


def _narrow(scene: Scene) -> Layout:
    """On a phone: everything under each other."""
    panels = [axes(k) for k in range(len(scene.grounds))]
    panels += [("x2", "y2")] if scene.objective is not None else []
    panels += [("x3", "y3")]
    shares = np.array([1.7 if x not in ("x2", "x3") else 1.0 for x, _ in panels])
    gap = 0.09 if len(panels) < 4 else 0.06
    rooms = shares / shares.sum() * (1 - gap * (len(panels) - 1))
    layout: Layout = {"height": int(330 * len(panels))}
    top = 1.0
    for (x, y), room in zip(panels, rooms, strict=True):
        layout[_axis(x)] = {"domain": [0.0, 1.0], "anchor": y}
        layout[_axis(y)] = {"domain": [max(0.0, top - room), top]}
        top -= room + gap
    return layout


def _table(scene: Scene) -> dict[str, np.ndarray]:
    """One line a step; several walks one below the other, by name."""
    columns: dict[str, Any] = {}
    if len(scene.walks) > 1:
        columns["walk"] = np.concatenate([[walk.name] * len(walk) for walk in scene.walks])
    columns["step"] = np.concatenate([np.arange(len(walk)) for walk in scene.walks])
    weights = np.concatenate([walk.trajectory.weights for walk in scene.walks])
    names = weight_names(scene.grounds[0])
    if len(names) == 2:
        names = [name.split()[-1] for name in names]
    columns |= dict(zip(names, weights.T, strict=True))
    for name in ("costs", "slopes"):
        parts = [getattr(walk.trajectory, name) for walk in scene.walks]
        columns[{"costs": progress.word(scene), "slopes": "gradient"}[name]] = np.concatenate(parts)
    return columns


def _alt(scene: Scene) -> str:
    plane, word = " and ".join(scene.plane.names), progress.word(scene)
    told = [
        f"{walk.name} over {plane}: from {word} {walk.trajectory.costs[0]:.4g} to "
        f"{walk.trajectory.costs[-1]:.4g} in {len(walk) - 1} steps. "
        f"{walk.trajectory.outcome.sentence}"
        for walk in scene.walks
    ]
    return " ".join(told)
