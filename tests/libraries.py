"""Running what we print: snippets as whole programs, and the calls of conventions by themselves."""

import contextlib
import importlib
import io
import re

import numpy as np
import pytest

from losses import Loss
from losses.snippets import LETTERS
from tests.test_contract import rows

PACKAGES = {
    "NumPy": "numpy", "scikit-learn": "sklearn", "SciPy": "scipy", "statsmodels": "statsmodels",
    "by hand": "numpy", "PyTorch": "torch", "Keras": "keras", "JAX": "optax",
}  # fmt: skip
HERE = (
    "by hand",
    "NumPy",
    "scikit-learn",
    "SciPy",
    "statsmodels",
)  # the others are checked by marker export
CLOSE = {np.float64: 1e-12, np.float32: 1e-6}


def tuned(family=None):
    """Each loss at its defaults and with every parameter elsewhere, whole or by itself."""
    for slug, cls in Loss.catalogue.items():
        yield pytest.param(cls(), id=slug)
        for parameter in cls.parameters():
            other = parameter.low + 0.7 * (parameter.high - parameter.low)
            yield pytest.param(cls(**{parameter.name: other}), id=f"{slug}-{parameter.name}")
    for alpha in (3.0, 2.0, 0.0, float("-inf")):
        yield pytest.param(
            Loss.catalogue["barron"](alpha=alpha, c=0.7), id=f"barron-alpha={alpha:g}"
        )
    for power in (1.0, 2.0):
        yield pytest.param(Loss.catalogue["tweedie"](power=power), id=f"tweedie-power={power:g}")


def data(loss, dtype):
    """Rows that every library takes: classes as whole numbers, labels of both kinds."""
    target, score = rows(loss, n=60, seed=5)
    if loss.family == "multiclass":
        return target.astype(np.int64), score.astype(dtype)
    return target.astype(dtype), score.astype(dtype)


def needs(library):
    """Skips, as not checked, when the library is not there."""
    package = PACKAGES[library]
    return pytest.importorskip(package, reason=f"not checked: {package} is not installed")


def printed(program, y, s):
    """What a snippet prints, run as the program that it is."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, "<snippet>", "exec"), {"y": y, "s": s})
    return float(output.getvalue())


def called(library, call, values, **arrays):
    """The value of a convention's call, with arrays of the library's own."""
    names = {name: _own(library, array) for name, array in arrays.items()} | values
    names |= _modules(call)
    if "y" in names:
        letters = LETTERS[values["family"]] if "family" in values else {}
        plain = {k: v for k, v in letters.items() if k in "rmz"}
        names |= {k: eval(v, {"y": names["y"], "s": names["s"]}) for k, v in plain.items()}
        names["n"] = len(names["y"])
    return float(eval(call, names))


def _own(library, array):
    if library == "PyTorch":
        return importlib.import_module("torch").as_tensor(array)
    if library == "JAX":
        jax = importlib.import_module("jax")
        jax.config.update("jax_enable_x64", True)
        return jax.numpy.asarray(array)
    if library == "Keras":
        keras = importlib.import_module("keras")
        if array.dtype.kind == "f":
            keras.config.set_floatx(str(array.dtype))
        return keras.ops.convert_to_tensor(array)
    return array


def _modules(call):
    """The packages at the roots of the dotted names, their modules imported as deep as they go."""
    names = {"numpy": np}
    for path in re.findall(r"\b[a-z]\w*(?:\.[a-z_]\w*)+", call):
        parts = path.split(".")
        if parts[0] in (*PACKAGES.values(), "jax"):
            for depth in range(1, len(parts) + 1):
                with contextlib.suppress(ImportError):
                    importlib.import_module(".".join(parts[:depth]))
            names[parts[0]] = importlib.import_module(parts[0])
    return names
