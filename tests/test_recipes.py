"""Recipes: a program that we print walks as the page does, down to the last digits."""

import ast
import contextlib
import io

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.data.tables import read
from losses.descent import Linear, Objective, Schedule, Softmax, descend
from losses.descent.derivative import derivative, names
from losses.descent.function import Function
from losses.descent.landscapes import Landscape, TwoWells
from losses.descent.objective_code import ObjectiveCode, slope_of
from losses.descent.published import UncorrectedAdam
from losses.descent.recipes import INLINE, LIBRARIES, data_csv, recipe
from losses.descent.step_code import FACTORS, PENALTIES, STEPS, factor_of
from losses.dialects import DIALECTS
from losses.snippets import LETTERS
from tests.libraries import tuned
from tests.test_contract import rows
from tests.test_landscapes import EACH, places

RNG = np.random.default_rng(3)
X = RNG.normal(size=(24, 2))
TRUE = X @ [1.5, -0.7] + 0.4 + RNG.normal(size=24)
CUT = np.digitize(TRUE, np.quantile(TRUE, [1 / 3, 2 / 3])).astype(float)
DATA = {
    "residual": Dataset("numbers", ("a", "b"), X, TRUE, "y"),
    "positive": Dataset("positive", ("a", "b"), X, np.exp(0.3 * TRUE), "y"),
    "binary": Dataset("two", ("a", "b"), X, (CUT > 0) * 1.0, "y", "binary", ("no", "yes")),
    "multiclass": Dataset("three", ("a", "b"), X, CUT, "y", "multiclass", ("u", "v", "w")),
}
DATA["margin"] = DATA["binary"]
START = np.array([0.5, -0.3, 0.2])
STEPS_TAKEN = 30
TRAINED = [case for case in tuned() if case.values[0].trainable]
# A score that must lie above a number is none that a line keeps to.
LINED = [case for case in TRAINED if case.values[0].lowest == -np.inf]
WALKED = [
    pytest.param(Loss.catalogue[s](), id=s) for s in ("squared_error", "huber", "cross_entropy")
]
OPTIMIZERS = [pytest.param(cls(), id=slug) for slug, cls in Optimizer.catalogue.items()]
SCHEDULES = [pytest.param(cls(), id=slug) for slug, cls in Schedule.catalogue.items()]
L2 = Penalty.catalogue["l2"]()
PLAIN = Optimizer.catalogue["gradient_descent"]()
LANDSCAPES = [pytest.param(cls(), id=slug) for slug, cls in Landscape.catalogue.items()]
DOWN = ["gradient_descent", "nesterov", "adam", "adamw"]
PACES = [pytest.param(Schedule.catalogue[slug](), id=slug) for slug in ("constant", "cosine")]


def objective_of(loss, penalty=None, rows=None):
    data = DATA[loss.family]
    if rows:
        data = Dataset(
            data.name, data.columns, X[:rows], data.target[:rows], "y", data.task, data.classes
        )
    model = Softmax(2, 3) if loss.family == "multiclass" else Linear(2)
    return Objective(model, loss, data, penalty)


def run(program):
    """What a recipe prints: the weights and the value at the end."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(program, "<recipe>", "exec"), {})
    weights, value = output.getvalue().splitlines()
    return np.array(ast.literal_eval(weights.partition(": ")[2])), float(value.partition(": ")[2])


def check(objective, optimizer, library, rel, start=START, **walk):
    """The program ends where the walk does; a stable walk, for a diverging one multiplies rounding."""
    walk = {"steps": STEPS_TAKEN, **walk}
    ours = descend(objective, optimizer, start, **walk)
    assert len(ours) == walk["steps"] + 1
    assert ours.costs[-1] < ours.costs[0] + 2 * abs(ours.costs[0])
    assert np.abs(ours.weights[-1] - start).max() > 1e-3
    weights, value = run(recipe(objective, optimizer, start, library=library, **walk))
    np.testing.assert_allclose(weights, ours.weights[-1], rtol=rel, atol=rel)
    assert value == pytest.approx(ours.costs[-1], rel=rel)


def check_landscape(landscape, slug, library, rel, schedule):
    """At a rate that keeps even momentum from leaping between wells, which multiplies rounding."""
    start = np.array(landscape.start)
    eta = min(0.01, landscape.stability_limit(start) / 10)
    optimizer = Optimizer.catalogue[slug](eta=eta)
    check(landscape, optimizer, library, rel, start, schedule=schedule)


# --- The derivative


def ours_and_theirs(loss, y, s):
    """The gradient of the class, and of the code that a recipe holds, in its own letters."""
    coded = ObjectiveCode(objective_of(loss), "NumPy", None)
    body = slope_of(loss)
    scope = {"np": np, "y": y, "s": s, "math": __import__("math"), **loss.values()}
    scope["sigmoid"] = lambda z: 1 / (1 + np.exp(-z))
    for letter, text in LETTERS[loss.family].items():
        scope[letter] = eval(coded.dialect.spell(text), scope)
    found = eval(coded.dialect.spell(body), scope)
    return loss.gradient(y, s), np.broadcast_to(found, s.shape)


@pytest.mark.parametrize("loss", TRAINED)
def test_the_printed_gradient_is_the_gradient(loss):
    y, s = rows(loss, n=200, seed=4)
    y = y.astype(int) if loss.family == "multiclass" else y
    ours, theirs = ours_and_theirs(loss, y, s)
    np.testing.assert_allclose(theirs, ours, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("loss", [case for case in TRAINED if case.values[0].kinks()])
def test_at_a_corner_the_printed_gradient_takes_the_same_side(loss):
    """Rows that lie exactly on a corner are common: a start at zero puts all logits there."""
    kinks = np.array(loss.kinks())
    y, s = np.zeros(len(kinks)), kinks
    if loss.family == "margin":
        y, s = np.repeat([1.0, -1.0], len(kinks)), np.concatenate([kinks, -kinks])
    if loss.family == "positive":
        y, s = np.ones(len(kinks)), kinks
    if loss.family == "multiclass":
        y, s = np.arange(4) % 3, np.array([[0.0, 0, 0], [1, 2, 2], [0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(*ours_and_theirs(loss, y, s))


def test_a_derivative_reads_as_one_would_write_it():
    """Recipes are read before they are run: products must cancel what cancels on paper."""
    written = {
        "huber": "where(abs(r) <= delta, r, delta * sign(r))",
        "pseudo_huber": "r / sqrt(1 + (r / delta) ** 2)",
        "cauchy": "r / (1 + (r / c) ** 2)",
        "squared_hinge": "-2 * y * maximum(1 - m, 0)",
        "logistic": "-y * sigmoid(-m)",
        "poisson": "exp(s) - y",
        "brier": "2 * p * (1 - p) * (p - y)",
        "softmax_cross_entropy": "p - hot",
    }
    for slug, text in written.items():
        assert slope_of(Loss.catalogue[slug]()) == text
    along_x = {
        "rosenbrock": "-2 * (a - x) - 4 * b * x * (y - x ** 2)",
        "three_hump_camel": "4 * x - 4.2 * x ** 3 + x ** 5 + y",
        "rastrigin": "2 * x + 2 * amplitude * pi * sin(2 * pi * x)",
    }
    for slug, text in along_x.items():
        assert derivative(Landscape.catalogue[slug].expression, "x") == text


@EACH
def test_the_expression_of_a_landscape_is_its_height_and_its_derivatives_are_its_slope(landscape):
    """The program is printed from the expression; the page walks on the methods."""
    text, (x, y) = landscape.expression, places(landscape).T
    tuned = {p.name: getattr(landscape, p.name) for p in landscape.parameters()}
    assert names(text) - {"exp", "cos", "pi"} == {"x", "y", *tuned}
    scope = {"np": np, "pi": np.pi, "x": x, "y": y, **tuned}
    printed = [text, derivative(text, "x"), derivative(text, "y")]
    for ours, body in zip((landscape.height(x, y), *landscape.slope(x, y)), printed, strict=True):
        theirs = eval(DIALECTS["NumPy"].spell(body), scope)
        largest = np.abs(ours).max()  # near a zero, the terms of a sum cancel
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-14 * largest)
        assert largest > 0.1


@pytest.mark.parametrize(
    ("expression", "slope"),
    [
        ("sin(2 * r)", "2 * cos(2 * r)"),
        ("cos(2 * r)", "-2 * sin(2 * r)"),
        ("r ** 3 / 2", "1.5 * r ** 2"),
        ("r ** 2 / 3", "2 * r / 3"),
        ("r ** 2 / 4", "r / 2"),
    ],
)
def test_waves_and_fractions_come_out_as_on_paper(expression, slope):
    assert derivative(expression, "r") == slope


@pytest.mark.parametrize("expression", ["tan(r)", "r % 2", "2 ** r", "r if r else 0"])
def test_what_cannot_be_differentiated_is_refused(expression):
    with pytest.raises(ValueError, match="derivative of"):
        derivative(expression, "r")


# --- The walk


@pytest.mark.parametrize("loss", WALKED)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 5])
@pytest.mark.parametrize("penalty", [None, L2])
def test_the_program_ends_where_the_walk_does(loss, optimizer, batch, penalty):
    check(objective_of(loss, penalty), optimizer, "NumPy", 1e-12, batch=batch, seed=2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_program_keeps_the_schedule(optimizer, schedule):
    objective = objective_of(Loss.catalogue["huber"](), L2)
    check(objective, optimizer, "NumPy", 1e-12, batch=7, schedule=schedule)


@pytest.mark.parametrize("loss", LINED)
@pytest.mark.parametrize("penalty", [cls() for cls in Penalty.catalogue.values()])
def test_every_loss_and_penalty_has_a_program(loss, penalty):
    objective = objective_of(loss, penalty)
    start = np.linspace(-0.2, 0.3, objective.size)
    optimizer = Optimizer.catalogue["gradient_descent"](eta=0.02)
    check(objective, optimizer, "NumPy", 1e-11, start, batch=9)


@pytest.mark.parametrize("landscape", LANDSCAPES)
@pytest.mark.parametrize("slug", DOWN)
@pytest.mark.parametrize("schedule", PACES)
def test_down_a_landscape_the_program_ends_where_the_walk_does(landscape, slug, schedule):
    check_landscape(landscape, slug, "NumPy", 1e-12, schedule)


def test_a_tuned_landscape_keeps_its_parameters():
    landscape = TwoWells(a=4.0, b=0.5, c=0.7, d=0.1)
    check_landscape(landscape, "adam", "NumPy", 1e-12, Schedule.catalogue["warm_up"]())


def test_optimizers_without_memory_have_a_program():
    for slug, zeros in {"nesterov": {"beta": 0.0}, "adam": {"beta1": 0.0}}.items():
        objective = objective_of(Loss.catalogue["huber"]())
        check(objective, Optimizer.catalogue[slug](**zeros), "NumPy", 1e-12)


def test_there_is_code_for_all_that_is_declared():
    assert set(STEPS) == set(Optimizer.catalogue)
    assert {"constant", *FACTORS} == set(Schedule.catalogue)
    assert set(PENALTIES) == set(Penalty.catalogue)
    for cls in Schedule.catalogue.values():
        known = {parameter.name for parameter in cls.parameters()} | {"t", "steps", "math", "min"}
        assert names(factor_of(cls()) or "1") <= known


# --- The program as a text


def test_few_rows_stand_in_the_program_to_the_last_bit():
    objective = objective_of(Loss.catalogue["huber"]())
    program = recipe(objective, Optimizer.catalogue["adam"](), START, library="NumPy", steps=9)
    scope = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(program, scope)
    np.testing.assert_array_equal(scope["X"], X)
    np.testing.assert_array_equal(scope["y"], TRUE)
    assert len(program.splitlines()) < 60 + len(X)


def landscape_recipe(library, slug="nadam", **walk):
    landscape, optimizer = TwoWells(), Optimizer.catalogue[slug]()
    return recipe(landscape, optimizer, np.array(landscape.start), library=library, **walk)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_landscape_has_neither_data_nor_batches(library):
    """A walk on it takes none, whatever is asked for, and there is no row to be named."""
    program = landscape_recipe(library, steps=9)
    assert landscape_recipe(library, steps=9, batch=8) == program
    assert program.splitlines()[0].endswith(": 9 steps")
    assert not {"X", "data", "batches", "rows"} & names(program)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("slug", STEPS)
def test_no_line_of_a_program_runs_out_of_sight(library, slug):
    objective, cosine = objective_of(Loss.catalogue["huber"]()), Schedule.catalogue["cosine"]()
    optimizer = Optimizer.catalogue[slug]()
    whole = recipe(objective, optimizer, START, library=library, steps=9, schedule=cosine)
    for program in (whole, landscape_recipe(library, slug, steps=9, schedule=cosine)):
        assert max(map(len, program.splitlines())) <= 96


def test_a_long_sum_has_a_line_for_each_term():
    program = landscape_recipe("NumPy", steps=9).splitlines()
    first = program.index("    return (")
    assert program[first + 1 : first + 6] == [
        "        x ** 2",
        "        + y ** 2",
        "        - a * np.exp(-((x - 1) ** 2 + y ** 2) / c)",
        "        - b * np.exp(-((x + 1) ** 2 + y ** 2) / d)",
        "    )",
    ]


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_before_its_definitions_a_program_leaves_two_lines(landscape):
    """Also where no parameters stand between the imports and the function."""
    program = recipe(landscape, PLAIN, np.array(landscape.start), library="NumPy", steps=9)
    assert "\n\n\n\n" not in program
    assert program.count("\n\n\ndef ") == program.count("\ndef ") == 3


def many_rows(**names):
    n = INLINE + 1
    target = RNG.integers(0, 2, n).astype(float)
    names = {"columns": ("a", "b"), "target_name": "y", **names}
    return Dataset(
        "many",
        features=RNG.normal(size=(n, 2)),
        target=target,
        task="binary",
        classes=("no", "yes"),
        **names,
    )


@pytest.mark.parametrize("slug", ["hinge", "brier"])
def test_more_rows_are_read_from_the_file_that_is_offered(slug, tmp_path, monkeypatch):
    data = many_rows(columns=("größe, cm\nnet", '"#b"'), target_name="=is it?")
    objective = Objective(Linear(2), Loss.catalogue[slug](), data, L2)
    (tmp_path / "data.csv").write_text(data_csv(data), "utf-8")
    monkeypatch.chdir(tmp_path)
    check(objective, Optimizer.catalogue["momentum"](), "NumPy", 1e-12, batch=8)


def test_the_file_reads_back_to_the_same_bits():
    data = many_rows()
    lines = data_csv(data).splitlines()
    assert lines[0] == "a,b,y"
    values = np.loadtxt(lines, delimiter=",", skiprows=1)
    np.testing.assert_array_equal(values, np.column_stack([data.features, data.target]))
    assert read(data_csv(data).encode(), "data.csv").frame.shape == (INLINE + 1, 3)


def test_a_path_is_written_as_it_is(tmp_path):
    objective, path = objective_of(Loss.catalogue["hinge"]()), tmp_path / 'it\'s "mine" \\n.csv'
    path.write_text(data_csv(objective.data), "utf-8")
    program = recipe(objective, PLAIN, START, library="NumPy", steps=3, data=str(path))
    ours = descend(objective, PLAIN, START, steps=3)
    np.testing.assert_allclose(run(program)[0], ours.weights[-1], rtol=1e-12)


def test_names_from_a_file_stay_in_their_comment():
    """A column called after a line break must not become a line of the program."""
    hostile = "a\nraise SystemExit\r\u2028'''\"\"\""
    data = many_rows(columns=(hostile, "b"), target_name=hostile[1:])
    program = recipe(
        Objective(Linear(2), Loss.catalogue["hinge"](), data),
        PLAIN,
        START,
        library="NumPy",
        steps=3,
    )
    ast.parse(program)
    assert [line for line in program.splitlines() if "raise SystemExit" in line] == [
        line for line in program.splitlines() if line.startswith(("# X:", "# y:"))
    ]


def test_a_single_row_is_still_a_table(tmp_path):
    objective = objective_of(Loss.catalogue["huber"](), rows=1)
    path = tmp_path / "one.csv"
    path.write_text(data_csv(objective.data), "utf-8")
    program = recipe(objective, PLAIN, START, library="NumPy", steps=3, data=str(path))
    ours = descend(objective, PLAIN, START, steps=3)
    np.testing.assert_allclose(run(program)[0], ours.weights[-1], rtol=1e-12)


def test_what_has_no_recipe_is_refused():
    objective = objective_of(Loss.catalogue["huber"]())
    with pytest.raises(ValueError, match="library 'R' is none of NumPy, PyTorch"):
        recipe(objective, PLAIN, START, library="R", steps=3)
    with pytest.raises(ValueError, match="only for a model on data"):
        recipe(Function(), PLAIN, START, library="NumPy", steps=3)
    with pytest.raises(ValueError, match="at least one"):
        recipe(objective, PLAIN, START, library="NumPy", steps=3, batch=0)
    with pytest.raises(ValueError, match="for a landscape without data"):
        recipe(TwoWells(), PLAIN, START[:2], library="NumPy", steps=3, data="rows.csv")
    with pytest.raises(ValueError, match="no code for Adam without bias correction"):
        recipe(TwoWells(), UncorrectedAdam(), START[:2], library="NumPy", steps=3)
