"""A walk through many weights on a plane: the ground and the path, and what the drawing hides."""

import numpy as np

from charts import ground, progress
from charts.figure import Figure, Film, Move
from charts.ground import dot
from charts.numbers import percent
from charts.style import LEGEND, Layout, Trace, axis
from losses.descent.scene import Scene

HEIGHT = 446
LEFT, RIGHT = [0.0, 0.5], [0.59, 1.0]


def shadow_figure(scene: Scene, *, log: bool | None = None) -> Figure:
    """The path over the plane, and by step the true cost and the one that is drawn."""
    log = progress.logarithmic(scene) if log is None else log
    walk = scene.walks[0]
    data: list[Trace] = [ground.surface(scene, 0)]
    traces, frames = ground.path(scene, walk, 1)
    steps, true = np.arange(len(walk), dtype=float), walk.trajectory.costs
    drawn = true - walk.off
    data += traces
    data += [
        _line(steps, _shown(drawn, log), "drawn cost", {"color": "$1", "dash": "dot"}),
        _line(steps, _shown(true, log), "true cost", {"color": "$0", "dash": "solid"}),
        {**_line(steps[-1:], true[-1:], "now", {}), "mode": "markers", "line": {},
         "marker": dot("$0", "$paper"), "showlegend": False},
    ]  # fmt: skip
    frames.append(Move(len(data) - 1, steps[:, None], _shown(true, log)[:, None]))
    table = {"step": steps, "true cost": true, "drawn cost": drawn, "true − drawn": walk.off}
    films = {"clock": Film(tuple(frames))}
    return Figure(data, _layout(scene, log), _alt(scene), HEIGHT, table, films, NARROW)


def _line(x: np.ndarray, y: np.ndarray, name: str, look: Trace) -> Trace:
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "name": name, "xaxis": "x3",
        "yaxis": "y3", "line": {**look, "width": 2.5},
        "hovertemplate": name + " at step %{x}: %{y:.6g}<extra></extra>",
    }  # fmt: skip


def _shown(costs: np.ndarray, log: bool) -> np.ndarray:
    """The costs that an axis can hold."""
    there = np.isfinite(costs) & ((costs > 0) | (not log))
    return np.where(there, costs, np.nan)


def _layout(scene: Scene, log: bool) -> Layout:
    across, up = ground.layout(scene, 0)
    steps, costs = progress.layout(scene, log=log)
    walk = scene.walks[0]
    drawn = _shown(walk.trajectory.costs - walk.off, log)
    high = float(np.nanmax([np.nanmax(walk.trajectory.costs), np.nanmax(drawn, initial=0.0)]))
    low, top = costs["range"]
    costs["range"] = [low, max(top, np.log10(high) + 0.1 if log else 1.05 * high)]
    return {
        **LEGEND,
        "xaxis": {"domain": LEFT, "anchor": "y", **across},
        "yaxis": {"anchor": "x", **up},
        "xaxis3": {"domain": RIGHT, "anchor": "y3", **steps},
        "yaxis3": {"anchor": "x3", **costs, **axis("cost", costs["range"])},
    }


NARROW: Layout = {
    "height": 690,
    "xaxis": {"domain": [0.0, 1.0]},
    "yaxis": {"domain": [0.46, 1.0]},
    "xaxis3": {"domain": [0.0, 1.0]},
    "yaxis3": {"domain": [0.0, 0.34]},
}


def _alt(scene: Scene) -> str:
    walk = scene.walks[0]
    off = walk.off[np.isfinite(walk.off)]
    worst = float(off[np.abs(off).argmax()]) if off.size else 0.0
    return (
        f"The path of {len(scene.plane.origin)} weights in {len(walk) - 1} steps on a plane that "
        f"holds {percent(scene.plane.held or 0.0, 2)} of its variance, and the true cost beside "
        f"the drawn one, which differ by up to {worst:.3g}."
    )
