"""What a slider needs to know of a parameter that someone has only named."""

import math

from losses.formula.tree import Node, number, walk
from losses.formula.typeset import symbol
from losses.formula.words import LARGEST_NUMBER
from losses.spec import Domain, Parameter

LEVELS = ("tau", "quantile", "level", "share")  # names of numbers between 0 and 1
FIRST = {"tau": 0.5, "quantile": 0.5, "level": 0.5, "share": 0.5, "q": 1.5, "gamma": 2.0}
ANY = Domain(-LARGEST_NUMBER, LARGEST_NUMBER)


SMALLEST = 1e-300  # a range around a smaller number would have no width


def shares(tree: Node) -> set[str]:
    """The names in a formula that stand for a share, because it also has what is left of one."""
    rests = [one.parts for one in walk(tree) if one.head == "-" and one.parts[0] == number(1.0)]
    return {rest.word for _, rest in rests if rest.head == "name"}


def first_value(name: str, tree: Node | None = None) -> float:
    """What a parameter may start at when its name is known, and the formula or not."""
    if tree is not None and name in shares(tree):
        return 0.5
    return FIRST.get(name.rstrip("0123456789_"), 1.0)


def described(name: str, value: float, tree: Node) -> Parameter:
    """The parameter with a range around its first value, which is one of the slider's stops."""
    share = name in shares(tree) or name.rstrip("0123456789_") in LEVELS
    low, high, step = (0.01, 0.99, 0.01) if share and 0 < value < 1 else _range(value)
    help = "A parameter of your formula"
    return Parameter(name, value, low, high, symbol(name), help, step, ANY, False)


def _range(value: float) -> tuple[float, float, float]:
    if abs(value) < SMALLEST:
        return -3.0, 3.0, 0.1
    decade = 10.0 ** math.floor(math.log10(abs(value)))
    step = decade / 20
    if abs(value / step - round(value / step)) > 1e-9:
        step = decade / 200
    high = 5 * decade if abs(value) <= 2.5 * decade else 10 * decade
    return (step, high, step) if value > 0 else (-high, -step, step)
