"""The language of formulas as tables: what may be written, and what it means. A page shows them."""

from typing import NamedTuple

MOST_CHARACTERS = 400
MOST_NODES = 200
MOST_DEPTH = 40  # of parentheses, signs and powers one inside the other
MOST_IN_A_ROW = 100  # operations of which each takes the result of the one before
MOST_PARAMETERS = 8
LONGEST_NAME = 20
LARGEST_NUMBER = 1e100


class Word(NamedTuple):
    """Something to write, and what it means."""

    write: str
    means: str


LETTERS = {
    "r": "the residual, prediction − true value",
    "y": "the true value; 0 or 1 beside z or p",
    "s": "the prediction of a number",
    "m": "the margin, y s with y of −1 or +1",
    "z": "the logit of the class 1",
    "p": "the probability of the class 1, sigmoid(z)",
    "mu": "the predicted mean, which is positive; the model emits its logarithm",
}

# Name, number of arguments (None: two or more), and what it means.
FUNCTIONS: dict[str, tuple[int | None, str]] = {
    "abs": (1, "the size of a number"),
    "sign": (1, "−1, 0 or 1"),
    "sqrt": (1, "the square root"),
    "exp": (1, "e to a power"),
    "expm1": (1, "exp(x) − 1, with its digits near 0"),
    "log": (1, "the natural logarithm"),
    "log1p": (1, "log(1 + x), with its digits near 0"),
    "sinh": (1, "the hyperbolic sine"),
    "cosh": (1, "the hyperbolic cosine"),
    "tanh": (1, "the hyperbolic tangent"),
    "arctan": (1, "the inverse tangent, in radians"),
    "sigmoid": (1, "1 / (1 + exp(−x))"),
    "softplus": (1, "log(1 + exp(x))"),
    "logcosh": (1, "log(cosh(x))"),
    "min": (None, "the smallest of its arguments"),
    "max": (None, "the largest of its arguments"),
    "where": (3, "the second argument where the condition holds, else the third"),
}
ALIASES = {"ln": "log", "atan": "arctan", "maximum": "max", "minimum": "min"}
CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045}

RULES = (
    Word("-r^2", "−(r²): a power binds more tightly than a sign"),
    Word("2^3^2", "2⁹: powers are taken from the right"),
    Word("a/b*c", "(a/b)·c: division and multiplication are taken from the left"),
    Word("r**2", "the same as r^2"),
    Word("2*r", "a product needs its sign; 2r is refused"),
    Word("0 < r < 1", "both comparisons hold"),
    Word("(r > 0)*r", "a condition used as a number is 1 where it holds, else 0"),
    Word("not r > 0 and r < 9", "(not (r > 0)) and (r < 9); `and` binds more tightly than `or`"),
    Word("s - y, s < y", "r, r < 0: a formula that says nothing else of s and y is one of r"),
    Word("delta", "any other name is a parameter of yours, with a value"),
    Word("(y − s)², δ·r", "the same as (y - s)^2, delta*r: pasted signs and Greek are read, too"),
)

# Which letters occur decides what kind of loss it is.
FAMILIES = {
    "residual": ({"r"}, "r alone"),
    "margin": ({"m"}, "m alone"),
    "binary": ({"y", "z", "p"}, "y, and z or p"),
    "positive": ({"y", "s", "r"}, "y and s, beyond their difference"),
    "mean": ({"y", "mu"}, "y and mu"),
}

# Names that a parameter cannot have: they would be something else in the code of other libraries.
TAKEN = frozenset(
    "np numpy torch jax jnp keras math print float str int len cost loss inf nan True False None"
    " and or not if else elif for while def class lambda return import from as with is in try"
    " except finally raise pass break continue global nonlocal assert async await del yield".split()
)

# What text from elsewhere has for the same: read as this, in its place.
ALIKE = {
    **dict.fromkeys("−–—‐‑", "-"),
    **dict.fromkeys("×·⋅∙∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "½": "0.5",
    "¼": "0.25",
    "¾": "0.75",
}
GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "Δ": "Delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lam",
    "μ": "mu",
    "µ": "mu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ψ": "psi",
    "ω": "omega",
}
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"  # digits of a power
