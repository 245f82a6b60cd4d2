"""The shape of the code: who imports whom, and how large a file may be."""

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDARD = set(sys.stdlib_module_names)
ALLOWED = {
    "losses": {"losses", "numpy"},
    "charts": {"charts", "losses", "plotly", "numpy"},
    "pages": {"pages", "charts", "losses", "streamlit"},
}
# The libraries that read files or set formulas for us have one module of their own: nothing else knows their names.
EXTRA = {
    "losses/data/tables.py": {"pandas"},
    "losses/data/engines.py": {"pyarrow", "chardet", "python_calamine"},
    "pages/shared/assets.py": {"plotly"},
    "pages/shared/formulas.py": {"latex2mathml"},
}
# Lower ones must not know higher ones; a module that is not named here uses the families.
ORDER = {
    "arrays": 0, "spec": 0, "axes": 1, "data": 1, "links": 1, "special": 1, "sums": 1, "softmax": 1, "base": 2, "families": 2, "jet": 2,
    "regression": 3, "asymmetric": 3, "shaped": 3, "redescending": 3, "deviance": 3, "margin": 3, "hinges": 3, "probabilistic": 3, "multiclass": 3,
    "penalties": 3, "descent": 5, "shrink": 6,
}  # fmt: skip
USES = 4


def files(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def place(file):
    return file.relative_to(ROOT).as_posix()


def module(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file):
    """Every module that a file imports, by full name, wherever in the file it does so."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(file)} imports by a relative name"
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if is_module(name) else node.module for name in inside)


def is_module(name):
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def each(*folders):
    return [pytest.param(file, id=place(file)) for folder in folders for file in files(folder)]


def test_there_is_something_to_check():
    assert {module(file) for file in files("losses")} >= {
        "losses",
        "losses.base",
        "losses.descent.walk",
    }
    assert set(imported(ROOT / "losses/base.py")) >= {"numpy", "losses.links", "losses.spec"}


@pytest.mark.parametrize("file", each(*ALLOWED))
def test_a_layer_imports_only_what_it_may(file):
    allowed = ALLOWED[place(file).split("/")[0]] | EXTRA.get(place(file), set()) | STANDARD
    assert {name.partition(".")[0] for name in imported(file)} <= allowed


def level(name):
    return ORDER.get(name.split(".")[1], USES)


@pytest.mark.parametrize("file", [p for p in each("losses") if module(p.values[0]) != "losses"])
def test_inside_the_core_nothing_imports_what_stands_above_it(file):
    mine = module(file)
    own = {name for name in imported(file) if name.split(".")[0] == "losses"}
    assert "losses" not in own, "the package imports its modules, not they the package"
    too_high = {name for name in own if level(name) > level(mine)}
    assert not too_high
    if level(mine) == 3:
        assert not [name for name in own if level(name) == 3], "families know nothing of each other"


@pytest.mark.parametrize("folder", ALLOWED)
def test_no_module_imports_itself_in_a_circle(folder):
    graph = {
        module(file): {n for n in imported(file) if n.startswith(folder)} for file in files(folder)
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("file", each("losses", "charts", "pages"))
def test_a_file_has_a_size_that_can_be_read(file):
    page = file.parent == ROOT / "pages"
    assert len(file.read_text("utf-8").splitlines()) <= (60 if page else 250)


def test_no_page_writes_html_by_hand():
    for file in [*files("pages"), *files("charts"), ROOT / "app.py"]:
        assert "unsafe_allow_html" not in file.read_text("utf-8"), place(file)


@pytest.mark.parametrize("file", each("losses"))
def test_the_core_draws_randomness_only_from_a_generator(file):
    """Nothing calls NumPy's global generator: `np.random` appears as a type or as default_rng."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random":
            assert node.attr in {"Generator", "default_rng", "SeedSequence"}, ast.unparse(node)
