"""Each function and operator with its first and second derivative; None stands for zero.

A number on its way through a formula is a `Moving`: its value, and how it changes with the one
variable. Derivatives that are zero everywhere are never computed. At a tie of `max` and `min` the
derivative is the mean of both sides, that of `abs` and `sign` at zero is zero, and `where` has that
of the branch it takes: the conventions of PyTorch.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from losses.links import sigmoid, softplus

CORE = 20.0  # beyond it log cosh x is |x| − log 2 to the last digit


class Moving(NamedTuple):
    """A value with its first and second derivative, each an array, a number or None for zero."""

    value: Any
    first: Any = None
    second: Any = None


class Rule(NamedTuple):
    """A function of x, its slope from (x, value), and its bend from (x, value, slope)."""

    value: Callable[[Any], Any]
    slope: Callable[[Any, Any], Any]
    bend: Callable[[Any, Any, Any], Any] | None


def logcosh(x: Any) -> Any:
    """log cosh x, with its digits near zero."""
    a = np.abs(x)
    core = np.minimum(a, CORE)
    return 0.5 * np.log1p(np.sinh(core) ** 2) + (a - core)


def _sqrt1pm1(x: Any) -> Any:
    """√(1 + x) − 1, with its digits near zero."""
    return np.where(np.isinf(x), x, x / (1 + np.sqrt(1 + x)))


FUNCTIONS = {
    "neg": Rule(np.negative, lambda x, v: -1.0, None),
    "abs": Rule(np.abs, lambda x, v: np.sign(x), None),
    "sign": Rule(np.sign, lambda x, v: 0.0, None),
    "sqrt": Rule(np.sqrt, lambda x, v: 0.5 / v, lambda x, v, s: -0.5 * s / x),
    "exp": Rule(np.exp, lambda x, v: v, lambda x, v, s: v),
    "expm1": Rule(np.expm1, lambda x, v: np.exp(x), lambda x, v, s: s),
    "log": Rule(np.log, lambda x, v: 1 / x, lambda x, v, s: -s * s),
    "log1p": Rule(np.log1p, lambda x, v: 1 / (1 + x), lambda x, v, s: -s * s),
    "sinh": Rule(np.sinh, lambda x, v: np.cosh(x), lambda x, v, s: v),
    "cosh": Rule(np.cosh, lambda x, v: np.sinh(x), lambda x, v, s: v),
    "tanh": Rule(np.tanh, lambda x, v: np.cosh(x) ** -2, lambda x, v, s: -2 * v * s),
    "arctan": Rule(
        np.arctan, lambda x, v: np.hypot(1.0, x) ** -2, lambda x, v, s: -2 * (x * s) * s
    ),
    "sigmoid": Rule(sigmoid, lambda x, v: v * sigmoid(-x), lambda x, v, s: s * (sigmoid(-x) - v)),
    "softplus": Rule(softplus, lambda x, v: sigmoid(x), lambda x, v, s: s * sigmoid(-x)),
    "logcosh": Rule(logcosh, lambda x, v: np.tanh(x), lambda x, v, s: np.cosh(x) ** -2),
    "sqrt1pm1": Rule(
        _sqrt1pm1, lambda x, v: 0.5 / np.sqrt(1 + x), lambda x, v, s: -0.5 * s / (1 + x)
    ),
}
COMPARE = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
LOGIC = {"and": np.logical_and, "or": np.logical_or}


def apply(head: str, parts: list[Moving], order: int) -> Moving:
    """An operator or function of numbers in motion, with its derivatives up to an order."""
    if head in FUNCTIONS:
        return _function(FUNCTIONS[head], parts[0], order)
    if head in COMPARE:
        return Moving(COMPARE[head](parts[0].value, parts[1].value))
    if head in LOGIC:
        return Moving(LOGIC[head](parts[0].value, parts[1].value))
    if head == "not":
        return Moving(np.logical_not(parts[0].value))
    if head == "indicator":
        return Moving(np.asarray(parts[0].value, dtype=float))
    if head == "where":
        return _choose(parts[0].value, parts[1], parts[2])
    return OPERATORS[head](parts[0], parts[1])


def _function(rule: Rule, x: Moving, order: int) -> Moving:
    value = rule.value(x.value)
    if x.first is None or not order:
        return Moving(value)
    slope = rule.slope(x.value, value)
    if order == 1:
        return Moving(value, slope * x.first)
    bend = None if rule.bend is None else rule.bend(x.value, value, slope) * (x.first * x.first)
    return Moving(value, slope * x.first, _plus(bend, _times(slope, x.second)))


def _plus(a: Any, b: Any) -> Any:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _times(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a * b


def _negative(a: Any) -> Any:
    return None if a is None else -a


def _add(a: Moving, b: Moving) -> Moving:
    return Moving(a.value + b.value, _plus(a.first, b.first), _plus(a.second, b.second))


def _subtract(a: Moving, b: Moving) -> Moving:
    first, second = _plus(a.first, _negative(b.first)), _plus(a.second, _negative(b.second))
    return Moving(a.value - b.value, first, second)


def _multiply(a: Moving, b: Moving) -> Moving:
    first = _plus(_times(a.first, b.value), _times(a.value, b.first))
    second = _plus(_times(a.second, b.value), _times(a.value, b.second))
    return Moving(a.value * b.value, first, _plus(second, _times(_times(2.0, a.first), b.first)))


def _times_log(a: Moving, b: Moving) -> Moving:
    """a·b for a logarithm b: its limit, which is 0 where a is, though b be infinite."""
    value = a.value * b.value
    value = np.where((a.value == 0) & np.isinf(b.value), 0.0, value)
    first = _plus(_ending(a.first, b.value), _ending(a.value, b.first))
    second = _plus(_ending(a.second, b.value), _ending(a.value, b.second))
    return Moving(value, first, _plus(second, _times(2.0, _ending(a.first, b.first))))


def _ending(a: Any, b: Any) -> Any:
    """a·b, which is 0 where one of them is."""
    if a is None or b is None:
        return None
    product = a * b
    return np.where(np.isnan(product) & ((a == 0) | (b == 0)), 0.0, product)


def _divide(a: Moving, b: Moving) -> Moving:
    value = a.value / b.value
    if b.first is None:
        first, second = (None if one is None else one / b.value for one in a[1:])
        return Moving(value, first, second)
    first = _plus(a.first, _negative(_times(value, b.first))) / b.value
    second = _plus(_times(_times(-2.0, first), b.first), _negative(_times(value, b.second)))
    return Moving(value, first, _plus(a.second, second) / b.value)


def _logaddexp(a: Moving, b: Moving) -> Moving:
    """log(exp(a) + exp(b)); its slopes are weighted by the shares of the two."""
    value = np.logaddexp(a.value, b.value)
    if a.first is None and b.first is None:
        return Moving(value)
    gap = np.where(a.value == b.value, 0.0, a.value - b.value)  # of equal infinities, too
    up, down = sigmoid(gap), sigmoid(-gap)
    first = _plus(_times(up, a.first), _times(down, b.first))
    second = _plus(_times(up, a.second), _times(down, b.second))
    apart = _plus(a.first, _negative(b.first))
    return Moving(value, first, _plus(second, up * down * (apart * apart)))


def raised(x: Any, n: Any) -> Any:
    """x to a power, by products where the power is small and whole."""
    if np.ndim(n) or n not in (0.0, 1.0, 2.0, 3.0, 4.0):
        return np.power(x, n)
    if n <= 1:
        return x if n else np.ones_like(x)
    square = x * x
    return {2.0: lambda: square, 3.0: lambda: square * x, 4.0: lambda: square * square}[float(n)]()


def _power(a: Moving, b: Moving) -> Moving:
    if b.first is not None:
        grown = _multiply(b, _function(FUNCTIONS["log"], a, 2))
        whole = _function(FUNCTIONS["exp"], grown, 2)
        return Moving(np.power(a.value, b.value), whole.first, whole.second)
    value, n = raised(a.value, b.value), b.value
    if a.first is None:
        return Moving(value)
    slope = _coefficient(n, a.value, n - 1)
    bend = _coefficient(n * (n - 1), a.value, n - 2)
    second = _plus(_times(bend, a.first * a.first), _times(slope, a.second))
    return Moving(value, _times(slope, a.first), second)


def _coefficient(factor: Any, x: Any, power: Any) -> Any:
    """factor · x^power; a factor of zero ends the series, even where the power is infinite."""
    if not np.ndim(factor):
        return None if factor == 0 else factor * raised(x, power)
    return np.where(factor == 0, 0.0, factor * np.power(x, np.where(factor == 0, 1.0, power)))


def _choose(condition: Any, a: Moving, b: Moving) -> Moving:
    if not np.ndim(condition):
        return a if condition else b
    parts = []
    for one, other in zip(a, b, strict=True):
        none = one is None and other is None
        chosen = (0.0 if one is None else one, 0.0 if other is None else other)
        parts.append(None if none else np.where(condition, *chosen))
    return Moving(*parts)


def _extreme(better: Callable[[Any, Any], Any], a: Moving, b: Moving) -> Moving:
    chosen = _choose(better(a.value, b.value), a, b)
    tie = a.value == b.value
    if (a.first is None and b.first is None) or not np.any(tie):
        return chosen
    parts = (_times(0.5, _plus(one, other)) for one, other in zip(a[1:], b[1:], strict=True))
    return _choose(tie, Moving(a.value, *parts), chosen)


def _max(a: Moving, b: Moving) -> Moving:
    return _extreme(lambda x, y: ~(x < y), a, b)  # not a number wins


def _min(a: Moving, b: Moving) -> Moving:
    return _extreme(lambda x, y: ~(x > y), a, b)


OPERATORS = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "timeslog": _times_log,
    "logaddexp": _logaddexp,
    "/": _divide,
    "^": _power,
    "max": _max,
    "min": _min,
}
