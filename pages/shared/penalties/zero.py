"""Does descent find the zero: a subgradient hops over it, a proximal step lands on it."""

from math import isfinite

import streamlit as st

from charts.numbers import readable
from charts.two_ways import two_ways_figure
from losses.descent.lineup import objective
from losses.shrink import Path, TwoWays, two_ways
from pages.shared import controls
from pages.shared.figure import show
from pages.shared.penalties.seen import Seen

START = 0.5
LANDS = r"w \leftarrow \mathrm{sign}(v) \max(|v| - \eta \lambda, 0)"
STEPS = {  # of a subgradient, and from where a plain step has led, v
    "l1": (r"\lambda\,\mathrm{sign}\,w", LANDS),
    "l2": (r"2 \lambda w", r"w \leftarrow \frac{v}{1 + 2 \eta \lambda}"),
    "elastic_net": (
        r"{} \\ \lambda (\rho\,\mathrm{sign}\,w + 2 (1 - \rho) w)",
        r"w \leftarrow \frac{\mathrm{sign}(v) \max(|v| - \eta \lambda \rho, 0)}"
        r"{1 + 2 \eta \lambda (1 - \rho)}",
    ),
}


def view(seen: Seen) -> None:
    """Both walks from one start at one rate, in a sentence, a figure and a table."""
    path = seen.path
    seen.tell(path)
    with seen.rail:
        steps = controls.count("Steps", 50, 1000, 300, "steps", "How long both ways are", 50)
        eta = _rate(seen)
    ground = objective(seen.data, seen.loss, seen.penalty(path))
    start = [START] * ground.size
    key = f"two ways {steps} {eta}"
    found = seen.made_here(key, lambda: two_ways(ground, start, steps=steps, eta=eta))
    best = path.fits[seen.place]
    wanted = len(seen.data.columns) - int(path.nonzero[seen.place])
    st.info(_sentence(seen, found, wanted) + _several(seen, path))
    show(two_ways_figure(found, best.objective), "two_ways")
    _table(found, best.objective, wanted)
    _formulas(seen.kind.slug, found.eta)


def _rate(seen: Seen) -> float | None:
    """A rate, only where the curvature of the loss gives none."""
    if 0 < seen.loss.steepest and isfinite(seen.loss.steepest):
        return None
    return st.slider(
        "Learning rate η",
        0.001,
        0.2,
        0.02,
        0.001,
        format="%.3f",
        key="eta",
        bind="query-params",
        help=f"{seen.loss.name} has no largest curvature, which would give a rate that is safe",
    )


def _sentence(seen: Seen, found: TwoWays, wanted: int) -> str:
    """Which of the two arrives."""
    if not seen.sparse:
        return (
            "Squares have no kink at zero: there is no zero to find, and both ways lead to the "
            "same small weights. Choose L1 to see them part."
        )
    if not wanted:
        return "At this λ no weight is zero at the optimum: turn λ up, and some will be."
    plain, proximal = found.subgradient, found.proximal
    first = next((step for step, zeros in enumerate(proximal.zeros.tolist()) if zeros), None)
    lands = "not yet" if first is None else f"at step {first}"
    zeros = int(plain.zeros[-1])
    hops = "**never**" if not plain.zeros.any() else f"now and then, {zeros} of them now"
    end, share = int(proximal.zeros[-1]), " ρ" if seen.kind.slug == "elastic_net" else ""
    return (
        f"At the optimum {wanted} of {len(seen.data.columns)} weights are exactly zero. Proximal "
        f"steps have their first exact zero {lands}, and **{end}** at the end. The subgradient "
        f"hits zero {hops}: its smallest weight is {readable(float(plain.smallest[-1]), 3)} after "
        f"{len(plain.totals) - 1} steps, for each step hops by up to η λ{share} over zero and back."
    )


def _several(seen: Seen, path: Path) -> str:
    """Why the zeros may be others than those of the optimum, where it is not the only one."""
    if not (trades := seen.trades(path)):
        return ""
    grows, others = trades[0]
    return (
        f" But that optimum is not the only one: {grows} can take weight from {others} at no cost, "
        "so at others fewer weights are zero, and the start decides at which of them steps end."
    )


def _table(found: TwoWays, best: float, wanted: int) -> None:
    """Where both ways end."""
    walks = {"subgradient": found.subgradient, "proximal": found.proximal}
    st.table(
        {
            "way": list(walks),
            "weights exactly zero": [f"{int(w.zeros[-1])} of {wanted}" for w in walks.values()],
            "smallest |w|": [readable(float(w.smallest[-1])) for w in walks.values()],
            "objective": [readable(float(w.totals[-1]), 8) for w in walks.values()],
            "above the least": [readable(float(w.totals[-1]) - best, 2) for w in walks.values()],
        },
        hide_index=True,
    )


def _formulas(slug: str, eta: float) -> None:
    """A step of both ways under a kind of penalty, in lines that fit a phone."""
    paid, lands = STEPS[slug]
    st.latex(
        rf"\begin{{gathered}} \text{{subgradient}} \\ w \leftarrow w - \eta (\nabla C + {paid}) "
        rf"\\[0.8em] \text{{proximal}} \\ v = w - \eta \nabla C \\ {lands} \end{{gathered}}"
    )
    st.markdown(
        f"Both start with every weight at {START:g} and step at η = {readable(eta)}. The bias pays "
        "nothing and takes plain steps."
    )
