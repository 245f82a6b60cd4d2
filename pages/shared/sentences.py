"""What a page says of its state, in words; every number is computed."""

import streamlit as st

from charts.numbers import percent
from losses import Optimizer
from losses.axes import RESIDUAL
from losses.descent.scene import Scene, Walk
from losses.descent.stability import Ruler
from losses.emphasis import discounts, emphasis
from losses.probabilistic import Focal
from losses.regression import Huber
from losses.robust import DeltaStudy
from pages.shared.controls import quoted

FEW_WALKS = 4  # each of which has a sentence of its own
WORDS = {
    "arrived": "arrived",
    "descending": "are still on their way",
    "hovering": "hover",
    "diverged": "diverged",
}
FEW = 0.2  # of the rows within ±δ: delta then says little about them


def huber(huber: Huber, study: DeltaStudy) -> None:
    """The hand-over, and who is where."""
    data, inside = study.data, study.inside(huber.delta)
    unit = f" {data.unit}" if data.unit else ""
    st.metric("Value at ±δ", f"{huber.delta**2 / 2:.4g}", help="½ δ²: both pieces give it")
    st.metric(
        "Slope at ±δ",
        f"±{huber.delta:.4g}",
        help="δ: both pieces give it, so the curve has no corner",
    )
    st.metric(
        "Rows within ±δ",
        percent(inside.mean()),
        help=f"{inside.sum()} of {len(data)} rows lie within ±{huber.delta:g}{unit} of the line",
    )
    beyond = study.beyond(huber.delta, RESIDUAL.high)
    if beyond:
        far = f"{study.farthest(huber.delta):.4g}{unit}"
        st.markdown(f"{beyond} of {len(data)} rows lie beyond the axis, up to {far}.")
    if inside.mean() < FEW:
        typical = f"{study.typical(huber.delta):.4g}{unit}"
        st.markdown(f"δ is small here: half of the residuals exceed {typical}. Try another unit.")


def huber_limits(huber: Huber, study: DeltaStudy) -> None:
    """The three lines, and how far Huber's has come from one to the other."""
    data, here = study.data, study.weights[study.at(huber.delta)]
    unit = f" {data.unit}" if data.unit else ""
    lines = {
        "Huber": here,
        "Least squares (δ → ∞)": study.least_squares,
        "Least absolute (Huber ÷ δ, δ → 0)": study.least_absolute,
    }
    st.table(
        {
            "Fit": list(lines),
            f"Slope{unit} per unit of {quoted(data.columns[0])}": [
                f"{w[0]:.6g}" for w in lines.values()
            ],
            f"Intercept{unit}": [f"{w[1]:.6g}" for w in lines.values()],
        },
        hide_index=True,
    )


def ruler(ruler: Ruler, optimizer: Optimizer, where: str) -> None:
    """The learning rate against what the surface bears, and how lopsided the valley is."""
    limit, lines = optimizer.limit(ruler.largest), []
    if limit < float("inf"):
        st.metric(
            "Rate ÷ limit",
            f"{optimizer.eta / limit:.3g}",
            help=f"The limit is {optimizer.bound} = {limit:.4g} {where}; beyond it each step of "
            f"{optimizer.name.lower()} lands higher, on the other side of the valley",
        )
    else:
        lines.append(f"The ground is flat {where}: no limit is known there.")
    if ruler.safe is not None and not ruler.certain and optimizer.slug == "gradient_descent":
        lines.append(f"Below {ruler.safe:.4g} every step goes down, from any start.")
    if ruler.condition < float("inf"):
        best = f", and the best rate 2 ÷ (λ₁ + λₙ) = {ruler.best:.4g}" if ruler.best else ""
        lines.append(
            f"The valley is steepest with curvature λ₁ = {ruler.largest:.4g} and flattest with "
            f"λₙ = {ruler.smallest:.4g} {where}: the condition number is {ruler.condition:.4g}"
            f"{best}."
        )
    st.markdown(" ".join(lines))


def outcome(scene: Scene) -> None:
    """How the only walk ended, and when it left the picture."""
    walk = scene.walks[0]
    kind = walk.trajectory.outcome.kind
    (st.warning if kind == "diverged" else st.info)(_ending(scene, walk))


def outcomes(scene: Scene) -> None:
    """How each of several walks ended; of many, how many ended how."""
    if len(scene.walks) <= FEW_WALKS:
        lines = [f"- **{walk.name}**: {_ending(scene, walk)}{_end(walk)}" for walk in scene.walks]
        st.markdown("\n".join(lines))
        return
    kinds = [walk.trajectory.outcome.kind for walk in scene.walks]
    if len(scene.plane.origin) == 2:
        ends = [walk.trajectory.weights[[0, -1]].tolist() for walk in scene.walks]
        st.table(
            {
                "": [walk.name for walk in scene.walks],
                "From": [f"({a:.3g}, {b:.3g})" for (a, b), _ in ends],
                "To": [f"({a:.4g}, {b:.4g})" for _, (a, b) in ends],
                f"{scene.grounds[0].noun.capitalize()} there": [
                    f"{walk.trajectory.costs[-1]:.6g}" for walk in scene.walks
                ],
                "How": kinds,
            },
            hide_index=True,
        )
    counted = ", ".join(f"{kinds.count(kind)} {WORDS[kind]}" for kind in WORDS if kind in kinds)
    st.markdown(f"Of {len(kinds)} walks, {counted}.")


def plane(scene: Scene) -> None:
    """What a plane through more than two weights does not show."""
    size = len(scene.plane.origin)
    if size == 2:
        return
    worst = max((off for walk in scene.walks for off in walk.off), key=abs)
    st.markdown(
        f"The picture is a plane through {size} weights. It holds "
        f"{percent(scene.plane.held, 3)} of the variance of the paths. "
        "Along the paths the true cost differs from the drawn one by up "
        f"to {worst:.3g}."
    )


def _end(walk: Walk) -> str:
    """Where it ended, if two weights say it."""
    last = walk.trajectory.weights[-1]
    return f" It ends at ({last[0]:.4g}, {last[1]:.4g})." if len(last) == 2 else ""


def _ending(scene: Scene, walk: Walk) -> str:
    left = scene.left_at(walk)
    gone = f" It left the picture at step {left}." if left else ""
    return walk.trajectory.outcome.sentence + gone


def focal(focal: Focal) -> None:
    """Where focal pulls harder than cross-entropy, and how much at most."""
    found = emphasis(focal)
    intervals = " and ".join(f"{low:.4g} – {high:.4g}" for low, high in found.louder)
    where = "at every pₜ alike" if found.constant else f"reached at pₜ = {found.peak_at:.3g}"
    ratio = "The gradient in the logit, divided by cross-entropy's"
    st.metric("Pulls harder for pₜ in", intervals or "none", help=f"{ratio}, is above 1 there")
    st.metric("Largest ratio of pulls", f"{found.peak:.4g}×", help=f"{ratio}; {where}")
    if focal.alpha is not None:
        negative = emphasis(focal, positive=False)
        st.markdown(
            f"These are for y = 1, weighted α = {focal.alpha:g}; for y = 0, weighted "
            f"{1 - focal.alpha:g}, the largest ratio is {negative.peak:.4g}×."
        )


def focal_table(focal: Focal) -> None:
    """What focal leaves of cross-entropy at a few p_t."""
    rows = discounts(focal)
    which = "" if focal.alpha is None else ", y = 1"
    st.table(
        {
            "pₜ": [f"{row.p:g}" for row in rows],
            "Cross-entropy": [f"{row.entropy:.4g}" for row in rows],
            f"{focal}{which}": [f"{row.focal:.4g}" for row in rows],
            "Divided by": [f"{row.entropy / row.focal:.4g}" if row.focal else "∞" for row in rows],
        },
        hide_index=True,
    )
