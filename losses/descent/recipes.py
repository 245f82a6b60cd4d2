"""A descent as a program of its own: it walks the same way, and prints where it ends."""

import re
from dataclasses import dataclass
from typing import ClassVar

from losses.arrays import Array
from losses.descent.derivative import derivative, names
from losses.descent.function import Function
from losses.descent.landscape import Landscape
from losses.descent.objective import Objective
from losses.descent.objective_code import (
    FILE,
    INLINE,
    WIDTH,
    ObjectiveCode,
    broken,
    data_csv,
    indented,
    settings,
)
from losses.descent.optimizers import Optimizer
from losses.descent.schedules import Schedule
from losses.descent.step_code import STEPS, factor_of, step_of
from losses.descent.walk import STEADY
from losses.dialects import DIALECTS

__all__ = ["FILE", "INLINE", "LIBRARIES", "data_csv", "recipe"]

LIBRARIES = ("NumPy", "PyTorch")
SIGMOID = ["def sigmoid(z):", "    return 1 / (1 + np.exp(-z))"]
BATCHES = '''def batches(rows, size, seed):
    """Row numbers without end: each pass over the data is shuffled anew."""
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(rows)
        yield from (order[first : first + size] for first in range(0, rows, size))'''.splitlines()


@dataclass(frozen=True)
class LandscapeCode:
    """A landscape f in the words of a library; it has no data."""

    landscape: Landscape
    library: str
    goal: ClassVar[str] = "f"

    @property
    def title(self) -> str:
        return str(self.landscape)

    def call(self, name: str, weights: str, rows: str = "") -> str:
        """The call of one of its definitions; there are no rows to be given."""
        return f"{name}({weights})"

    def data(self) -> list[str]:
        return []

    def parameters(self) -> list[str]:
        return settings(self.landscape, names(self.landscape.expression), alone=True)

    def value(self) -> list[str]:
        """The definition of the function."""
        body = broken("return ", self._spelled(self.landscape.expression))
        return ["def f(w):", *indented(["x, y = w", *body])]

    def gradient(self) -> list[str]:
        """The definition of its gradient."""
        lines = ["x, y = w"]
        for axis in ("x", "y"):
            along = self._spelled(derivative(self.landscape.expression, axis))
            lines += broken(f"along_{axis} = ", along)
        return ["def gradient(w):", *indented([*lines, "return np.array([along_x, along_y])"])]

    def _spelled(self, text: str) -> str:
        return re.sub(r"\bpi\b", "math.pi", DIALECTS[self.library].spell(text))


Problem = ObjectiveCode | LandscapeCode


def recipe(
    function: Function,
    optimizer: Optimizer,
    start: Array,
    *,
    library: str,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
    data: str | None = None,
) -> str:
    """A program that walks as `descend` does with the same arguments, and prints weights and value.

    Of an objective it reads the file at the path `data`, which holds what `data_csv` writes;
    without a path, up to INLINE rows stand in the program, and more are read from FILE. Of a
    landscape there is no data. Raises ValueError for a library that is not in LIBRARIES, and for
    what there is no code for.
    """
    if library not in LIBRARIES:
        raise ValueError(f"library {library!r} is none of {', '.join(LIBRARIES)}")
    if steps < 1 or (batch is not None and batch < 1):
        raise ValueError(f"{steps} steps on batches of {batch}: each must be at least one")
    size = None if batch is None or batch >= function.rows else batch
    walk = _Walk(library, optimizer, schedule, start, steps, size, seed)
    return _program(_problem(function, library, data), walk)


def _problem(function: Function, library: str, data: str | None) -> Problem:
    if isinstance(function, Objective):
        return ObjectiveCode(function, library, data)
    if isinstance(function, Landscape) and data is None:
        return LandscapeCode(function, library)
    raise ValueError("there is a recipe only for a model on data, and for a landscape without data")


@dataclass(frozen=True)
class _Walk:
    """What is asked for, beside the objective."""

    library: str
    optimizer: Optimizer
    schedule: Schedule
    start: Array
    steps: int
    batch: int | None
    seed: int

    @property
    def loop(self) -> list[str]:
        """The head of the loop over steps."""
        if self.batch is None:
            return ["for t in range(1, steps + 1):"]
        drawn = f"batches(len(y), size={self.batch}, seed={self.seed})"
        return [f"rows = {drawn}", "for t, some in zip(range(1, steps + 1), rows):"]

    @property
    def rows(self) -> str:
        return "X, y" if self.batch is None else "X[some], y[some]"

    def steady(self) -> bool:
        return not factor_of(self.schedule)

    def factor(self) -> list[str]:
        """The schedule as a function."""
        if self.steady():
            return []
        body = factor_of(self.schedule)
        head = '    """What the learning rate is multiplied by at step t."""'
        own = indented(settings(self.schedule, names(body)))
        return ["def factor(t, steps):", head, *own, f"    return {body}"]


def _program(problem: Problem, walk: _Walk) -> str:
    torch = walk.library == "PyTorch"
    start = ", ".join(map(repr, map(float, walk.start)))
    begin = f"torch.tensor([{start}], requires_grad=True)" if torch else f"np.array([{start}])"
    parts = [
        [*problem.data(), "", *problem.parameters()],
        problem.value(),
        [] if torch else problem.gradient(),
        BATCHES if walk.batch else [],
        walk.factor(),
        _by_pytorch(problem, walk) if torch else _by_hand(problem, walk),
        [
            f"w = descend({begin}, steps={walk.steps})",
            'print("weights:", w.tolist())',
            f'print("{problem.goal}:", float({problem.call(problem.goal, "w")}))',
        ],
    ]
    if any("sigmoid(" in line for part in parts for line in part) and not torch:
        parts.insert(1, SIGMOID)
    blocks = ["\n".join(part).strip() for part in parts]
    text = "\n\n\n".join(block for block in blocks if block)
    text = f"\n{text}" if text.startswith("def ") else text
    return f"{_head(problem, walk)}\n{_imports(text, torch)}\n\n{text}\n"


def _head(problem: Problem, walk: _Walk) -> str:
    """What this is, as a comment."""
    rows = " on all rows" if walk.batch is None else f" on batches of {walk.batch} rows"
    rows = rows if problem.data() else ""
    rate = "" if walk.steady() else f", {walk.schedule}"
    return f"# {walk.optimizer}{rate}: {walk.steps} steps{rows}\n# down {problem.title}"


def _by_hand(problem: Problem, walk: _Walk) -> list[str]:
    """The walk, its step written out."""
    step = step_of(walk.optimizer)
    lines = [f"g = {problem.call('gradient', step.probe, walk.rows)}", *step.lines]
    if not walk.steady():
        lines = [re.sub(r"\beta\b", "eta_t", line) for line in lines]
        lines.insert(0, "eta_t = eta * factor(t, steps)")
    own = [*settings(walk.optimizer, names("\n".join((*step.lines, step.probe)))), *step.begin]
    body = [*own, *walk.loop, *indented(lines), "return w"]
    return ["def descend(w, steps):", *indented(body)]


def _by_pytorch(problem: Problem, walk: _Walk) -> list[str]:
    """The walk by PyTorch's own optimizer."""
    step, rolls = step_of(walk.optimizer), walk.optimizer.slug in ("momentum", "nesterov")
    ahead = walk.optimizer.slug == "nesterov"
    if rolls and not getattr(walk.optimizer, "beta", 0):  # PyTorch refuses to look ahead by nothing
        step, rolls, ahead = STEPS["gradient_descent"], False, False
    made, goal = step.torch, problem.call(problem.goal, "w", walk.rows)
    lines = ["optimizer.zero_grad()", f"{goal}.backward()", "optimizer.step()"]
    speed = 'eta * optimizer.state[w]["momentum_buffer"]'
    if not walk.steady() and rolls:  # the speed remembers each gradient times the rate of its time
        made, speed = made.replace("lr=eta", "lr=1.0"), speed.removeprefix("eta * ")
        lines[1] = f"(eta * factor(t, steps) * {goal}).backward()"
    elif not walk.steady():
        lines.insert(0, 'optimizer.param_groups[0]["lr"] = eta * factor(t, steps)')
    own = settings(walk.optimizer, names(f"(eta, {made})"))
    end = ["return w.detach()"]
    if ahead:
        end = [
            f"v = {speed}  # PyTorch keeps the place ahead, w - beta * v",
            "return (w + beta * v).detach()",
        ]
    body = [*own, *_made(made), *walk.loop, *indented(lines), *end]
    return ["def descend(w, steps):", *indented(body)]


def _made(call: str) -> list[str]:
    """The line that makes PyTorch's optimizer; a long one is three."""
    line = f"optimizer = torch.optim.{call}"
    if len(line) < WIDTH:
        return [line]
    head, _, arguments = line.partition("(")
    return [f"{head}(", f"    {arguments.removesuffix(')')}", ")"]


def _imports(text: str, torch: bool) -> str:
    found = [f"import {name}" for name in ("math",) if f"{name}." in text]
    found += [""] if found else []
    found += ["import numpy as np"] if "np." in text else []
    found += ["import torch", "", "torch.set_default_dtype(torch.float64)"] if torch else []
    return "\n".join(found)
