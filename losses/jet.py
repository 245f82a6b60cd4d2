"""Exact first and second derivatives of any NumPy expression, by truncated Taylor arithmetic.

A jet carries a value with its first two derivatives in one direction through ufuncs, so the very
code that computes a loss also differentiates it: the oracle of the tests and the calculus of typed
formulas.
"""

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from losses.links import sigmoid, softplus

Rule = Callable[[Any], tuple[Any, Any, Any]]


class Jet(NDArrayOperatorsMixin):
    """A value with its first and second derivative, arrays of one shape."""

    def __init__(self, value: Any, first: Any = 0.0, second: Any = 0.0) -> None:
        self.value = np.asarray(value, dtype=float)
        self.first = np.broadcast_to(np.asarray(first, dtype=float), self.value.shape)
        self.second = np.broadcast_to(np.asarray(second, dtype=float), self.value.shape)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def each(self, act: Callable[[Any], Any]) -> "Jet":
        """The same linear rearrangement of value and derivatives."""
        return Jet(act(self.value), act(self.first), act(self.second))

    def __getitem__(self, index: Any) -> "Jet":
        return self.each(lambda part: part[index])

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.value.dtype

    def astype(self, dtype: Any, copy: bool = True) -> "Jet":
        return self  # always of double precision

    def sum(self, axis: int | None = None, keepdims: bool = False) -> "Jet":
        return self.each(lambda part: part.sum(axis=axis, keepdims=keepdims))

    def mean(self, axis: int | None = None, keepdims: bool = False) -> "Jet":
        return self.each(lambda part: part.mean(axis=axis, keepdims=keepdims))

    def argmax(self, axis: int = -1) -> Any:
        return self.value.argmax(axis=axis)

    def max(self, axis: int = -1, keepdims: bool = False) -> "Jet":
        best = np.expand_dims(self.argmax(axis), axis)
        largest = _take_along_axis(self, best, axis)
        return largest if keepdims else largest.each(lambda part: part.squeeze(axis))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "reduce":
            axis = options.get("axis", 0)
            columns = range(inputs[0].shape[axis])
            return reduce(ufunc, (_slice(inputs[0], axis, column) for column in columns))
        if method != "__call__":
            return NotImplemented
        if ufunc in PREDICATES:
            return ufunc(*(plain(part) for part in inputs))
        if ufunc in UNARY:
            return _chain(inputs[0], UNARY[ufunc])
        if ufunc in BINARY:
            return BINARY[ufunc](*(lift(part) for part in inputs))
        return NotImplemented

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function not in FUNCTIONS:
            return NotImplemented
        return FUNCTIONS[function](*args, **options)


def variable(x: Any) -> Jet:
    """The identity at x: what to pass to an expression to differentiate it."""
    return Jet(x, 1.0, 0.0)


def lift(x: Any) -> Jet:
    """A jet as it is; a number or array as a constant."""
    return x if isinstance(x, Jet) else Jet(x)


def plain(x: Any) -> Any:
    """The value of a jet; anything else as it is."""
    return x.value if isinstance(x, Jet) else x


def _slice(jet: Jet, axis: int, index: int) -> Jet:
    return jet.each(lambda part: np.take(part, index, axis=axis))


def _chain(x: Jet, rule: Rule) -> Jet:
    value, slope, bend = rule(x.value)
    return Jet(value, slope * x.first, bend * x.first**2 + slope * x.second)


def _multiply(a: Jet, b: Jet) -> Jet:
    second = a.second * b.value + 2 * a.first * b.first + a.value * b.second
    return Jet(a.value * b.value, a.first * b.value + a.value * b.first, second)


def _power(a: Jet, b: Jet) -> Jet:
    if b.first.any() or b.second.any():
        return lift(np.exp(b * np.log(a)))
    n = b.value

    def rule(x: Any) -> tuple[Any, Any, Any]:
        # a coefficient of zero ends the series: x^1 has no second derivative, not even at zero
        slope = np.where(n == 0, 0.0, n * x ** np.where(n == 0, 1.0, n - 1))
        bend = np.where(
            n * (n - 1) == 0, 0.0, n * (n - 1) * x ** np.where(n * (n - 1) == 0, 1.0, n - 2)
        )
        return x**n, slope, bend

    return _chain(a, rule)


def _choose(condition: Any, a: Any, b: Any) -> Jet:
    a, b, yes = lift(a), lift(b), plain(condition)
    parts = ((a.value, b.value), (a.first, b.first), (a.second, b.second))
    return Jet(*(np.where(yes, one, other) for one, other in parts))


def _extreme(better: Callable[[Any, Any], Any], a: Jet, b: Jet) -> Jet:
    tie = 0.5 * (a + b)  # the symmetric subgradient, as in PyTorch
    return _choose(a.value == b.value, tie, _choose(better(a.value, b.value), a, b))


def _clip(x: Any, low: Any, high: Any) -> Any:
    return np.minimum(np.maximum(x, low), high)


def _take_along_axis(x: Jet, indices: Any, axis: int) -> Jet:
    return x.each(lambda part: np.take_along_axis(part, indices, axis=axis))


def _log1p_rule(x: Any) -> tuple[Any, Any, Any]:
    return np.log1p(x), 1 / (1 + x), -1 / (1 + x) ** 2


def _tanh_rule(x: Any) -> tuple[Any, Any, Any]:
    t = np.tanh(x)
    return t, 1 - t * t, -2 * t * (1 - t * t)


def _sqrt_rule(x: Any) -> tuple[Any, Any, Any]:
    root = np.sqrt(x)
    return root, 0.5 / root, -0.25 / (root * x)


def _softplus_rule(x: Any) -> tuple[Any, Any, Any]:
    return softplus(x), sigmoid(x), sigmoid(x) * sigmoid(-x)


UNARY: dict[np.ufunc, Rule] = {
    np.negative: lambda x: (-x, -1.0, 0.0),
    np.positive: lambda x: (x, 1.0, 0.0),
    np.square: lambda x: (x * x, 2 * x, 2.0),
    np.reciprocal: lambda x: (1 / x, -1 / x**2, 2 / x**3),
    np.absolute: lambda x: (np.abs(x), np.sign(x), 0.0),
    np.sign: lambda x: (np.sign(x), 0.0, 0.0),
    np.sqrt: _sqrt_rule,
    np.exp: lambda x: (np.exp(x),) * 3,
    np.expm1: lambda x: (np.expm1(x), np.exp(x), np.exp(x)),
    np.log: lambda x: (np.log(x), 1 / x, -1 / x**2),
    np.log1p: _log1p_rule,
    np.sin: lambda x: (np.sin(x), np.cos(x), -np.sin(x)),
    np.cos: lambda x: (np.cos(x), -np.sin(x), -np.cos(x)),
    np.sinh: lambda x: (np.sinh(x), np.cosh(x), np.sinh(x)),
    np.cosh: lambda x: (np.cosh(x), np.sinh(x), np.cosh(x)),
    np.tanh: _tanh_rule,
    np.arctan: lambda x: (np.arctan(x), 1 / (1 + x * x), -2 * x / (1 + x * x) ** 2),
}

BINARY: dict[np.ufunc, Callable[[Jet, Jet], Any]] = {
    np.add: lambda a, b: Jet(a.value + b.value, a.first + b.first, a.second + b.second),
    np.subtract: lambda a, b: Jet(a.value - b.value, a.first - b.first, a.second - b.second),
    np.multiply: _multiply,
    np.divide: lambda a, b: _multiply(a, _chain(b, UNARY[np.reciprocal])),
    np.power: _power,
    np.maximum: lambda a, b: _extreme(operator.gt, a, b),
    np.minimum: lambda a, b: _extreme(operator.lt, a, b),
    np.hypot: lambda a, b: np.sqrt(a * a + b * b),
    np.logaddexp: lambda a, b: b + _chain(a - b, _softplus_rule),
}

PREDICATES = {
    np.greater,
    np.greater_equal,
    np.less,
    np.less_equal,
    np.equal,
    np.not_equal,
    np.isfinite,
    np.isinf,
    np.isnan,
}

FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _choose,
    np.ones_like: lambda x: Jet(np.ones_like(x.value)),
    np.clip: _clip,
    np.take_along_axis: _take_along_axis,
}
