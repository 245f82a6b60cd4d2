"""A tuned loss as code for other libraries: it takes two arrays y and s, and prints their cost.

Where a library has the loss, its own function is called, times the factor between the two
conventions; where it has not, the loss's `expression` is written out with the library's functions.
"""

import ast
import re

from losses.base import Loss
from losses.conventions import Convention, conventions
from losses.dialects import DIALECTS, Dialect
from losses.links import EXP

LIBRARIES = ("NumPy", "scikit-learn", "SciPy", "PyTorch", "Keras", "JAX")
SPELLED = {"np": "numpy", "sklearn": "scikitlearn", "torch": "pytorch", "tfkeras": "keras"}
SPELLED |= {"jnp": "jax", "jaxnumpy": "jax", "optax": "jax", "jaxoptax": "jax"}

ALIASED = {"np": "numpy as np", "jnp": "jax.numpy as jnp"}

# What y and s are, by family; the scores are what a model emits before its link.
ARRAYS = {
    "residual": "y: true values, s: predictions, both (n,)",
    "positive": "y: true values, s: predictions, both (n,)",
    "margin": "y: labels -1 and +1, s: scores, both (n,)",
    "binary": "y: labels 0 and 1, s: logits, both (n,)",
    "multiclass": "y: class indices 0, 1, 2, ... (n,), s: logits (n, K)",
}
LOG_MEANS = "y: true values, s: logarithms of the predicted means, both (n,)"

# What the letters of an expression stand for, in the notation of expressions, by family.
LETTERS = {
    "residual": {"r": "s - y"},
    "positive": {"r": "s - y"},
    "margin": {"m": "y * s"},
    "binary": {"z": "s", "m": "(2 * y - 1) * s", "p": "sigmoid(s)"},
    "multiclass": {
        "K": "classes(s)",
        "z": "s",
        "hot": "one_hot(y, K)",
        "surprise": "logsumexp(s) - sum(hot * s)",
        "p": "softmax(s)",
    },
}


def code(loss: Loss, library: str) -> str:
    """Python that prints the mean cost of the loss, for a name in LIBRARIES.

    Raises ValueError for another name, and where the library has nothing to build the loss from.
    """
    name = _library(library)
    own, dialect = _own(loss, name), DIALECTS.get(name, DIALECTS["NumPy"])
    if own is not None and not own.inexact:
        return _written(loss, dialect, _scaled(own), own=True)
    if name == "SciPy":
        raise ValueError(f"SciPy has no {loss.name.lower()} loss; {', '.join(offered(loss))} do")
    built = _written(loss, dialect, loss.expression)
    if own is not None:
        return f"# {_scaled(own)} is this, too, but {own.inexact}.\n{built}"
    if name not in DIALECTS:
        return f"# {name} has no public function of two arrays for this; NumPy builds it.\n{built}"
    return built


def offered(loss: Loss) -> tuple[str, ...]:
    """The libraries for which there is code."""
    return tuple(name for name in LIBRARIES if name != "SciPy" or _own(loss, name) is not None)


def _library(name: str) -> str:
    key = re.sub(r"[^a-z]", "", str(name).lower())
    known = {re.sub(r"[^a-z]", "", one.lower()): one for one in LIBRARIES}
    key = SPELLED.get(key, key)
    if key not in known:
        raise ValueError(f"library {name!r} is none of {', '.join(LIBRARIES)}")
    return known[key]


def _own(loss: Loss, library: str) -> Convention | None:
    """The library's own function for the loss, if it has a public one."""
    for row in conventions(loss):
        if row.library == library and row.runs and not row.private:
            return row
    return None


def _scaled(own: Convention) -> str:
    """The library's call times the factor to our number."""
    if own.times == "1":
        return own.call
    return ast.unparse(ast.parse(f"({own.times}) * ({own.call})"))


def _written(loss: Loss, dialect: Dialect, body: str, own: bool = False) -> str:
    """The whole snippet: imports, arrays, parameters, letters, and the line that prints."""
    letters = _needed(LETTERS[loss.family], body)
    spelled = {letter: dialect.spell(text) for letter, text in letters.items()}
    cost = body if own else dialect.spell(body)
    used = _names(cost)
    tuned = {name: value for name, value in loss.values().items() if name in used}
    lines = [f"{name} = {_number(value)}" for name, value in tuned.items()]
    lines += [f"{letter} = {text}" for letter, text in spelled.items()]
    lines += (
        [f"cost = {cost}"] if own else [f"loss = {cost}", f"cost = {dialect.spell('mean(loss)')}"]
    )
    lines.append("print(float(cost))")
    arrays = dialect.classes if loss.family == "multiclass" else dialect.numbers
    text = arrays + "\n".join(lines)
    text = text.replace("--", "")  # what two negations leave
    text = text.replace("jax.numpy.", "jnp.").replace("numpy.", "np.")
    meaning = LOG_MEANS if loss.link is EXP else ARRAYS[loss.family]
    return f"{_imports(text)}\n\n# {meaning}\n{text}\n".lstrip()


def _needed(letters: dict[str, str], body: str) -> dict[str, str]:
    """The letters that the body uses, and those that they use, in order."""
    used = _names(body)
    for letter in reversed(letters):
        if letter in used:
            used |= _names(letters[letter])
    return {letter: text for letter, text in letters.items() if letter in used}


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _number(value: float | None) -> str:
    return "None" if value is None else repr(float(value))


def _imports(text: str) -> str:
    """What the dotted names in a text are imported from."""
    dotted = re.findall(r"\b(?:sklearn|scipy|jax\.scipy)(?:\.[a-z_]\w*)+(?=\.\w)", text)
    roots = re.findall(r"(?<![\w.])(np|jnp|torch|optax|jax|keras|math)\.", text)
    return "\n".join(sorted({f"import {ALIASED.get(name, name)}" for name in [*roots, *dotted]}))
