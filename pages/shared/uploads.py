"""A visitor's own file on the bench: how it was read, what its columns mean, and its rows."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NoReturn, TypeVar

import streamlit as st

from charts.numbers import unused
from losses.data import DataError, Dataset
from losses.data.choices import DELIMITERS, ENCODINGS, Choices
from losses.data.roles import Roles
from losses.data.tables import Table, dataset, read
from losses.data.target import one_value
from pages.shared import controls, targets
from pages.shared.menu import Bench

Made = TypeVar("Made")
UPLOAD = "upload"  # (file name, bytes)
FORGOTTEN = "forgotten"  # how many files were: each leaves the uploader to an empty one
TYPES = ["csv", "tsv", "txt", "gz", "xlsx", "xls", "parquet"]
KEPT, MOST_KEPT = "kept", 4  # tables and rows of the file, as they were last chosen
GUESSED = "as guessed"
HOLDS = (GUESSED, "a number", "classes")
NONE = "none"
SCALE, MEND = "The predictions are", "Rows that cannot be probabilities"
SHOWN = 6  # rows of the file, to check the guesses by
SCALES = {GUESSED: None, "probabilities": "probability", "logits": "logit", "margins": "margin"}
MENDS = {
    "keep them, and say so": "keep",
    "leave such rows out": "leave out",
    "divide by their sum": "divide",
}


def brought(wanted: Bench) -> Dataset | None:
    """The data of the visitor's file; None while there is none. Raises DataError."""
    asked, size = _asked(wanted), int(st.get_option("server.maxUploadSize"))
    label = f"A CSV, Excel or Parquet file, up to {size} MB"
    key = f"uploader_{st.session_state.get(FORGOTTEN, 0)}"
    file = st.file_uploader(label, type=TYPES, max_upload_size=size, key=key, help=asked)
    if file is not None:
        st.session_state[UPLOAD] = (file.name, file.getvalue())
    if UPLOAD not in st.session_state:
        st.info(f"{asked} The file stays in this server's memory and never enters the link.")
        return None
    name, content = st.session_state[UPLOAD]
    st.markdown(f"In use: {controls.quoted(name)}")
    if st.button("Forget this file", help="Takes it out of this server's memory"):
        _forget()
    digest = blake2b(content, digest_size=16).hexdigest()
    with st.expander("How it was read"):
        choices = _choices(digest)
        with st.spinner("Reading the file …"):
            table = _kept(
                f"{digest} {name} {choices}", lambda: read(content, name, choices=choices)
            )
        _report(table)
    return _picked(table, digest, wanted)


def _forget() -> NoReturn:
    """Runs again without the file, and with an uploader that does not hold it either."""
    del st.session_state[UPLOAD]
    st.session_state.pop(KEPT, None)
    st.session_state[FORGOTTEN] = st.session_state.get(FORGOTTEN, 0) + 1
    st.rerun()


def _kept(key: str, make: Callable[[], Made]) -> Made:
    """What is made of the file, kept with the session and nowhere else, and not for ever."""
    kept = st.session_state.setdefault(KEPT, {})
    if key not in kept:
        while len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = make()
    return kept[key]


def _choices(file: str) -> Choices:
    """What the visitor says instead of having it guessed; of this file only."""
    encoding = _or_guessed("Encoding", ENCODINGS, f"encoding_{file}", "How letters became bytes")
    marks = {word: mark for mark, word in DELIMITERS.items()}
    mark = _or_guessed("Between cells", marks, f"delimiter_{file}", "What parts two cells")
    help = "What stands before decimals, in all columns"
    points = {"point": ".", "comma": ","}
    point = _or_guessed("Decimal mark", points, f"decimal_{file}", help)
    help = "Whether the first row holds the names of the columns"
    names = {"names of columns": True, "values already": False}
    header = _or_guessed("First row", names, f"header_{file}", help)
    help = "The name of a sheet of a workbook; empty for the first one"
    sheet = st.text_input("Sheet", key=f"sheet_{file}", help=help)
    return Choices(
        encoding,
        marks[mark] if mark else None,
        names[header] if header else None,
        points[point] if point else None,  # type: ignore[arg-type]
        sheet or None,
    )


def _or_guessed(label: str, options: Any, key: str, help: str) -> str | None:
    picked = st.selectbox(label, [GUESSED, *options], key=key, help=help)
    return None if picked == GUESSED else picked


def _report(table: Table) -> None:
    """What the reader found, column by column, and the first rows."""
    found = table.report
    parted = DELIMITERS.get(found.delimiter, "none")
    marks = " and ".join(found.decimal) or "none"
    st.markdown(
        f"Encoding {found.encoding or 'none'}, between cells {parted}, decimal marks {marks}, "
        f"{'names' if found.header else 'no names'} in the first row; {found.rows:,} rows read, "
        f"{found.left_out:,} left out."
    )
    for reason in found.reasons:
        st.text(reason)
    st.dataframe(
        {
            "column": [column.name for column in found.columns],
            "holds": [column.kind for column in found.columns],
            "missing": [column.missing for column in found.columns],
            "unlike the others": [column.bad for column in found.columns],
        },
        hide_index=True,
    )
    first = {name: table.text(name, SHOWN) for name in table.names}
    lines = {unused("line", first): list(table.lines[:SHOWN])}
    st.dataframe(lines | first, hide_index=True)


def _picked(table: Table, digest: str, wanted: Bench) -> Dataset:
    """The columns that the visitor picks, with those guessed that their names give away."""
    guess = targets.guessed(table, wanted)
    names = list(table.names)
    file = hash((digest, table.choices, *names))  # another file asks anew: no choice would fit it
    target = st.selectbox(
        "Target",
        names,
        names.index(guess.target) if guess.target else 0,
        key=f"target_{file}",
        help="The column of true values",
    )
    if target == guess.target:
        targets.passed_over(table, guess, wanted)
    help = "Numbers may be measured, or stand for classes"
    holds = st.selectbox("The target holds", HOLDS, key=f"holds_{hash((file, target))}", help=help)
    role = guess.role if guess.role in wanted.roles else wanted.roles[0]
    others = [name for name in names if name != target]
    weight = group = None
    if role == "predictions":
        help = "How much each row counts"
        weight = _beside("Weights", others, guess.weight, f"weight_{file}", help)
        help = "Rows that belong together, such as those of one patient; resampled together"
        group = _beside("Groups", others, guess.group, f"group_{file}", help)
    others = [name for name in others if name not in (weight, group)]
    likely = (guess.target, *guess.columns)  # where another one is the target
    label, guessed = role.capitalize(), [name for name in others if name in likely]
    key = f"columns_{hash((file, target))}"
    columns = st.multiselect(label, others, guessed, key=key, help=f"The columns of {role}")
    if not columns:
        trouble = guess.trouble if guess.target in (None, target) else ""
        raise DataError(trouble or f"no column is chosen: pick at least one under {label}")
    for name in guess.counters:
        if name in others and name not in columns:
            said = "only numbers the rows and is skipped; to take it in, choose it under"
            st.markdown(f"{controls.quoted(name)} {said} {label}.")
    if guess.weight in others and guess.weight not in columns:
        said = "looks like weights of rows, which this page does not use: each row counts once"
        st.markdown(f"{controls.quoted(guess.weight)} {said}.")
    meant = _meaning(guess, role, file)
    plan = {"weight": weight, "group": group, **meant}
    data = _kept(
        f"rows {digest} {table.name!r} {table.choices} {target} {holds} {columns} {role} {plan}",
        lambda: _rows(table, target, columns, holds, role, plan),
    )
    if data.task not in wanted.tasks:
        raise DataError(_refusal(data, wanted))
    return data


def _refusal(data: Dataset, wanted: Bench) -> str:
    """Why this page cannot take a target of this task."""
    name, values = data.target_name, set(data.target.tolist())
    if len(values) == 1 and "regression" not in wanted.tasks:
        return f"{one_value(name, values.pop())}: pick another target, or another page"
    return (
        f"{name!r} makes this a {data.task} task, and this page takes "
        f"{' or '.join(wanted.tasks)}: pick another target, or another page"
    )


def _rows(
    table: Table, target: str, columns: list[str], holds: str, role: Any, plan: dict[str, Any]
) -> Dataset:
    data = dataset(
        table, target, columns, "regression" if holds == HOLDS[1] else None, role, **plan
    )
    if holds == HOLDS[2] and data.task == "regression":
        data = dataset(table, target, columns, "multiclass", role, **plan)
    return data


def _beside(label: str, names: list[str], guess: str | None, key: str, help: str) -> str | None:
    """A column beside the others, or none."""
    offered = [None, *names]
    start = offered.index(guess) if guess in names else 0
    return st.selectbox(
        label,
        offered,
        start,
        key=key,
        help=help,
        format_func=lambda name: NONE if name is None else name,
    )


def _meaning(guess: Roles, role: str, file: int) -> dict[str, Any]:
    """What predictions are, where that is not plain: logits become probabilities."""
    if role != "predictions":
        return {}
    if guess.scale == "label":
        return {"scale": "label"}
    help = "Of two classes: logits become probabilities by 1 / (1 + exp(−z)); margins stay"
    scale = SCALES[st.selectbox(SCALE, list(SCALES), key=f"scale_{file}", help=help)]
    help = "Values outside 0 to 1, and rows of probabilities that do not sum to one"
    mend = MENDS[st.selectbox(MEND, list(MENDS), key=f"mend_{file}", help=help)]
    by_class = guess.by_class and st.toggle(
        "One column for each class",
        True,
        key=f"by_class_{file}",
        help="The probabilities of one model, not those of several models",
    )
    return {"scale": scale, "convert": scale == "logit", "mend": mend, "by_class": by_class}


def _asked(wanted: Bench) -> str:
    if "features" not in wanted.roles:
        return "Bring one column of true values, and one column of predictions for each model."
    return "Bring one column to predict, and columns to predict it from."
