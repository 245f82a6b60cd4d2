"""Controls made from declarations: sliders for parameters, menus for catalogues, in the link."""

import re
import sys
from collections.abc import Sequence
from typing import Any

import streamlit as st

from losses import Loss
from losses.axes import AXES, Axis
from losses.spec import Parameter, Spec

USUAL = ("squared_error", "cross_entropy", "softmax_cross_entropy")  # first in a menu of losses
OWN = "own"  # in the session: whether the data are the visitor's, whose names no link may hold
FARTHEST = 1e9  # a number field's; the square of ?start_w=1e200 would be none


def header(title: str, sentence: str) -> None:
    """What is to be seen, and one sentence about it; the projector switch stands beside them."""
    left, right = st.columns([6, 1], vertical_alignment="bottom")
    left.title(title, anchor=False)
    left.markdown(sentence)
    right.toggle(
        "Projector",
        key="projector",
        bind="query-params",
        help="Larger type and thicker lines, for a room",
    )


def slider(
    parameter: Parameter, key: str, label: str = "", *, default: float | None = None
) -> float:
    """The slider of a parameter, over the range and in the steps that its declaration gives."""
    start = parameter.default if default is None else default
    return st.slider(
        label or parameter.letter,
        parameter.low,
        parameter.high,
        parameter.low if start is None else start,
        parameter.step,
        format=None if parameter.whole else _format(parameter.step),
        key=key,
        help=parameter.help,
        bind="query-params",
    )


def optional(parameter: Parameter, key: str, label: str, usual: float) -> float | None:
    """A switch that lets the parameter in, and its slider: None while it is left out."""
    on = st.toggle(label, key=f"{key}_on", help=parameter.help, bind="query-params")
    return slider(parameter, key, label, default=usual) if on else None


def tuned(
    spec: type[Spec],
    prefix: str = "",
    *,
    rate: Parameter | None = None,
    ask: Any = None,
    **usual: float,
) -> Any:
    """The spec as its sliders stand; their keys are the prefix and the parameter's name.

    A `rate` stands for the declared one; `usual` is where parameters that can be left out begin.
    What is asked is this module, unless it is another that knows.
    """
    ask = ask or sys.modules[__name__]
    values: dict[str, Any] = {
        word.name: ask.one_of(
            word.name.replace("_", " ").capitalize(),
            word.options,
            f"{prefix}{word.name}",
            word.help,
        )
        for word in spec.choices()
    }
    for parameter in spec.parameters():
        key, label = f"{prefix}{parameter.name}", f"{spec.name} {parameter.letter}"
        if parameter.optional:
            start = usual.get(parameter.name, parameter.high / 4)
            values[parameter.name] = ask.optional(parameter, key, label, start)
        else:
            here = rate if rate is not None and parameter.name == rate.name else parameter
            values[parameter.name] = ask.slider(here, key, label)
    return spec(**values)


def one_of(label: str, options: Sequence[str], key: str, help: str, **more: Any) -> str:
    """A menu of words, as they stand in links."""
    return st.selectbox(label, options, key=key, help=help, bind="query-params", **more)


def spec_menu(
    label: str, classes: Sequence[type[Spec]], key: str, help: str, **more: Any
) -> type[Any]:
    """A menu of declared classes by name."""
    names = {spec.name: spec for spec in classes}
    return names[one_of(label, list(names), key, help, **more)]


def axis() -> Axis:
    """The number that losses are functions of."""
    return AXES[one_of("Axis", list(AXES), "axis", "The number that the losses are functions of")]


def tuned_losses(
    kinds: Sequence[type[Loss]],
    key: str,
    help: str,
    first: Sequence[str] = (),
) -> list[Loss]:
    """Some losses with their parameters, in the order they were picked; never none."""
    return [tuned(kind, f"{kind.slug}_") for kind in several("Losses", kinds, key, help, first)]


def several(
    label: str,
    kinds: Sequence[type[Spec]],
    key: str,
    help: str,
    first: Sequence[str] = (),
    most: int | None = None,
) -> list[type[Any]]:
    """Some declared classes in the order they were picked; never none.

    `first` names those that a newcomer sees; left out, they are the first three. `most` is how many
    can be picked.
    """
    names = {kind.name: kind for kind in kinds}
    usual = [name for name in first if name in names] or list(names)[:3]
    picked = st.multiselect(
        label,
        list(names),
        usual,
        key=key,
        help=help,
        bind="query-params",
        wrap=True,
        max_selections=most,
    )
    if not picked:
        st.markdown(f"None is picked: here is {usual[0].lower()}.")
    return [names[name] for name in picked or usual[:1]]


def sliders(losses: Sequence[Loss]) -> dict[str, tuple[Loss, Parameter]]:
    """The keys of the sliders that `tuned_losses` made, with what each of them turns."""
    return {
        f"{loss.slug}_{parameter.name}": (loss, parameter)
        for loss in losses
        for parameter in loss.parameters()
        if getattr(loss, parameter.name) is not None
    }


def chosen(root: type[Spec], key: str, help: str) -> type[Any]:
    """One class of a catalogue, picked by name."""
    return spec_menu(key.capitalize(), list(root.catalogue.values()), key, help)


def loss_menu(task: str) -> type[Loss]:
    """One loss that a model can be trained with on a task."""
    kinds = [loss for loss in Loss.catalogue.values() if loss.trains(task)]
    kinds.sort(key=lambda kind: kind.slug not in USUAL)
    return spec_menu("Loss", kinds, "loss", "What each row's error costs")


def count(
    label: str, low: int, high: int, default: int, key: str, help: str, step: int = 10
) -> int:
    """A slider over whole numbers."""
    return st.slider(label, low, high, default, step, key=key, help=help, bind="query-params")


def folded(label: str) -> Any:
    """A box that opens."""
    return st.expander(label)


def room() -> Any:
    """A place to be filled later."""
    return st.container()


def cost_axis() -> bool | None:
    """Whether costs are drawn on a logarithmic axis; None leaves it to the costs."""
    scales = {"automatic": None, "linear": False, "logarithmic": True}
    help = "Automatic turns logarithmic once costs span a factor of ten thousand"
    return scales[one_of("Cost axis", list(scales), "cost_axis", help)]


def zoom() -> float:
    """How much closer the figure looks at small values."""
    factors = {"1 ×": 1.0, "4 ×": 4.0, "16 ×": 16.0}
    help = "Looks closer at small values: a bounded loss, or the neighborhood of its minimum"
    picked = st.segmented_control(
        "Zoom", list(factors), default="1 ×", key="zoom", help=help, bind="query-params"
    )
    return factors[picked or "1 ×"]


def switch(label: str, on: bool, key: str, help: str) -> bool:
    """A toggle that the link remembers."""
    return st.toggle(label, on, key=key, help=help, bind="query-params")


def point(key: str, first: str, second: str, default: tuple[float, float]) -> tuple[float, float]:
    """Two number fields side by side for a start; a click that `move` noted sets them."""
    keys = f"{key}_{first}", f"{key}_{second}"
    for name, value in zip(keys, st.session_state.pop(key, ()), strict=False):
        st.session_state[name] = max(-FARTHEST, min(FARTHEST, value))
    values = [
        column.number_input(
            f"Start {name.split('_')[-1]}",
            -FARTHEST,
            FARTHEST,
            value,
            0.1,
            format="%.8g",
            key=name,
            bind="query-params",
            help="Where the walk starts; of two weights, a click on the surface sets them, too",
        )
        for column, name, value in zip(st.columns(2), keys, default, strict=True)
    ]
    return values[0], values[1]


def move(key: str, place: tuple[float, float] | None) -> None:
    """Notes where a figure was clicked for the `point` of that key, and runs again."""
    if place:
        st.session_state[key] = place
        st.rerun()


def quoted(text: str) -> str:
    """Text of a user's as a code span, which Markdown leaves alone whatever it holds."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"{fence}{text}{fence}"


def _format(step: float) -> str:
    digits = len(f"{step:.12f}".rstrip("0").partition(".")[2])
    return f"%.{digits}f"
