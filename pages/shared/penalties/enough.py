"""How much is just right: training cost and cost on unseen rows over λ, both ends bad."""

from collections.abc import Callable

import streamlit as st

from charts.numbers import counted, readable
from charts.tuning import tuning_figure
from losses.shrink import Tuned, tuned
from pages.shared import controls, dataset
from pages.shared.figure import show
from pages.shared.penalties.seen import Seen
from pages.shared.working import worked


def view(seen: Seen) -> None:
    """The costs in a sentence, a figure, and a table of the λ that are of interest."""
    with seen.rail:
        plan = _plan(len(seen.data))
    key = f"tuned {seen.key} {plan!r}"

    def make(told: Callable[[float], None]) -> Tuned:
        return tuned(seen.loss, seen.data, seen.kind, seen.stops, told=told, **plan)

    found = worked(key, "Finding the path with all rows, and without each fold …", make)
    seen.tell(found.path, _why(seen, found))
    st.info(_sentence(found))
    show(tuning_figure(found, seen.stops, seen.place, seen.slider), "tuning")
    _table(seen, found, plan["folds"])


def _plan(rows: int) -> dict[str, int]:
    """How the rows are divided."""
    share = st.slider(
        "Share of the rows to train on",
        0.1,
        0.9,
        0.45,
        0.05,
        format="percent",
        key="share",
        bind="query-params",
        help="The others are held out: they never touch a fit. Fewer rows are memorized sooner",
    )
    folds = controls.count(
        "Folds", 2, 10, 5, "folds", "Each part of the training rows is judged by the others", 1
    )
    # A float, because Streamlit stops at an infinite whole number in a link.
    seed = st.number_input(
        "Seed of the split", 0.0, 999_999.0, 0.0, 1.0, "%.0f", key="split_seed",
        bind="query-params", help="Another seed draws other rows to train on",
    )  # fmt: skip
    return {"rows": round(share * rows), "folds": folds, "seed": int(seed + 0.5)}


def _why(seen: Seen, found: Tuned) -> str:
    """Why λ₀, and λ with it, is another than where all rows are fitted."""
    columns = len(seen.data.columns)
    more = ", squares and products among them" if columns > len(dataset.current().columns) else ""
    return (
        f" λ₀ is that of the **{len(found.train):,} rows** trained on, of {len(seen.data):,}, and "
        f"of **{counted(columns, 'column')}**{more}, so it is another than in other questions."
    )


def _sentence(found: Tuned) -> str:
    """What the training rows say, and what the unseen ones answer."""
    train, fold = found.training, found.folds.costs
    weak, strong = readable(float(train[-1])), readable(float(train[0]))
    said = (
        f"On the rows it was fitted to, the cost only falls as λ does: from {strong} to {weak}. "
        f"The folds, unseen by their fits, say "
    )
    low, high = (readable(float(fold[end])) for end in (-1, 0))
    ends = f"{low} at the weakest λ and {high} at the strongest"
    best, simple = found.best, found.simplest
    least = f"**{readable(float(fold[best]))}** at λ = **{readable(float(found.path.lams[best]))}**"
    if found.folds.inside:
        said += f"that both ends are bad: {ends}, against {least}."
    else:
        said += f"that an end is best here: {ends}; the least is {least}."
    if simple == best:
        return said
    many, few = (int(found.path.nonzero[place]) for place in (best, simple))
    fewer = f", with {counted(few, 'weight')} instead of {many}" if few < many else ""
    return (
        said + f" Up to λ = **{readable(float(found.path.lams[simple]))}** it stays within one "
        f"standard error{fewer}."
    )


def _table(seen: Seen, found: Tuned, folds: int) -> None:
    """The costs at the λ of interest."""
    places = {
        "weakest": len(found.path) - 1,
        "★ least by folds": found.best,
        "◆ within one error": found.simplest,
        "strongest": 0,
        "where λ stands": seen.place,
    }
    at, errors = list(places.values()), found.folds.errors
    judged = {
        "training rows": found.training, "folds": found.folds.costs,
        "held out": found.held_out.costs,
    }  # fmt: skip
    costs = {name: [readable(float(one[place])) for place in at] for name, one in judged.items()}
    st.table(
        {
            "λ": list(places),
            " ": [readable(float(found.path.lams[place])) for place in at],
            **costs,
            "± one error of the folds": [readable(float(errors[place]), 3) for place in at],
            "weights left": [str(int(found.path.nonzero[place])) for place in at],
        },
        hide_index=True,
    )
    st.markdown(
        f"Fitted on {len(found.train):,} rows, which are divided into {folds} folds for the choice "
        f"of λ; {len(found.held):,} rows are held out, and judge once λ is chosen. Standard "
        "deviations are those of the training rows."
    )
