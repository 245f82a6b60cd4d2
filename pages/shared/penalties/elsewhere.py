"""What λ is elsewhere: the same penalty in the numbers that other libraries ask for."""

import streamlit as st

from charts.numbers import readable
from losses import Penalty
from losses.conventions import HAND
from losses.regression import SquaredError
from losses.shrink import Translation, translated
from pages.shared.controls import quoted
from pages.shared.penalties.seen import Seen

IMPORTS = {
    "Lasso": "tol=1e-12, max_iter=1_000_000",
    "Ridge": "",
    "ElasticNet": "tol=1e-12, max_iter=1_000_000",
    "LogisticRegression": "tol=1e-10, max_iter=1_000_000",
}
CODE = """import numpy
from sklearn.linear_model import {name}

X = (X - X.mean(axis=0)) / X.std(axis=0)
y = (y - y.mean()) / y.std()
model = {call}.fit(X, y)
print(model.coef_, model.intercept_)
cost = numpy.mean((model.predict(X) - y) ** 2)
"""
CLASSES = """import numpy
from sklearn.linear_model import LogisticRegression

X = (X - X.mean(axis=0)) / X.std(axis=0)
model = {call}.fit(X, y)
print(model.coef_, model.intercept_)
cost = -numpy.mean(model.predict_log_proba(X)[numpy.arange(len(y)), y])
"""


def view(seen: Seen) -> None:
    """A table of conventions with the numbers in them, and code that finds the same weights."""
    path = seen.path
    seen.tell(path)
    penalty, rows = seen.penalty(path), len(seen.data)
    found = translated(penalty, rows, seen.loss)
    named = [one for one in found if one.library != HAND]
    by_hand = [one for one in found if one.library == HAND]
    lam = readable(float(path.lams[seen.place]))
    st.info(_sentence(seen, named, lam, rows))
    if named:
        _libraries(named)
    st.markdown(f"The same weights, however cost and penalty are written (n = {rows:,}):")
    st.table(
        {
            "Objective": [one.call for one in by_hand],
            "λ": [readable(one.numbers["λ"], 6) for one in by_hand],
        },
        hide_index=True,
    )
    _code(seen, penalty, named)


def _sentence(seen: Seen, named: list[Translation], lam: str, rows: int) -> str:
    """The first library that has the same penalty, and what a sum would need."""
    said = (
        f"Here λ = **{lam}** stands beside the *mean* of {rows:,} losses. Beside their *sum* the "
        f"same penalty needs {rows:,} times as much, and beside half the mean, half of it."
    )
    if not named:
        return said + f" No library in the table fits {seen.loss.name.lower()} with this penalty."
    one = named[0]
    return f"{said} For {one.library} it is {quoted(_short(one))}."


def _short(one: Translation) -> str:
    """A call with its numbers as one writes them."""
    text = one.call
    for number in sorted(one.numbers.values(), key=lambda value: -len(repr(value))):
        text = text.replace(repr(number), readable(number, 6).replace(",", ""))
    return text


def _libraries(named: list[Translation]) -> None:
    st.table(
        {
            "Library": [one.library for one in named],
            "What it must be given": [quoted(_short(one)) for one in named],
            "What it fits": [one.note or "—" for one in named],
        },
        hide_index=True,
    )


def _code(seen: Seen, penalty: Penalty, named: list[Translation]) -> None:
    """A script for scikit-learn, with every digit."""
    if not named:
        return
    call = named[0].call
    name = call.partition("(")[0]
    more = IMPORTS.get(name, "")
    call = call[:-1] + f", {more})" if more else call
    numbers = isinstance(seen.loss, SquaredError)
    y = "`y`" if numbers else "`y` of 0 and 1"
    st.markdown(f"Code that finds the weights of {penalty}, from arrays `X` and {y}:")
    st.code(
        (CODE if numbers else CLASSES).format(name=name, call=call),
        language="python",
        wrap_lines=True,
    )
