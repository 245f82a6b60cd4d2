"""What may be written in a formula, as tables."""

from collections.abc import Sequence

import streamlit as st

from losses.formula import words
from losses.formula.stable import REWRITES
from pages.shared.controls import quoted


def tables() -> None:
    """Letters, functions, rules, and what is computed in another form to keep its digits."""
    box = st.expander("The language: letters, functions, rules", key="words", on_change="rerun")
    if not box.open:
        return
    with box:
        letters, functions = st.columns(2, gap="large")
        with letters:
            st.markdown("**Letters.** Which of them occur decides what kind of loss it is.")
            _table(list(words.LETTERS.items()))
            kinds = "; ".join(phrase for _, phrase in words.FAMILIES.values())
            st.markdown(f"A formula is one of {kinds}.")
            st.markdown("**Rules**")
            _table(words.RULES)
        with functions:
            st.markdown("**Functions**")
            _table([(_called(name, many), said) for name, (many, said) in words.FUNCTIONS.items()])
            numbers = " and ".join(f"`{name}`" for name in words.CONSTANTS)
            st.markdown(f"Also {numbers}; {_aliases()}.")
        st.markdown("**Computed so**, with no value changed: only how many digits of it survive.")
        _table(REWRITES, ("Written", "Computed"))
        st.markdown(
            f"A formula may have {words.MOST_CHARACTERS} characters and {words.MOST_PARAMETERS} "
            "parameters of its own. Nothing of it is ever executed."
        )


def _table(rows: Sequence[tuple[str, str]], heads: tuple[str, str] = ("Write", "It means")) -> None:
    columns = {heads[0]: [quoted(write) for write, _ in rows]}
    st.table(columns | {heads[1]: [_plain(means) for _, means in rows]}, hide_index=True)


def _plain(text: str) -> str:
    """A text in which a star is a star."""
    return text.replace("*", r"\*")


def _called(name: str, many: int | None) -> str:
    letters = {1: "x", 3: "condition, a, b"}.get(many or 0, "a, b, …")
    return f"{name}({letters})"


def _aliases() -> str:
    return ", ".join(f"`{other}` for `{name}`" for other, name in words.ALIASES.items())
