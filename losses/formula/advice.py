"""What people type or paste that is not the language, and how to go on. Sentences, as tables."""

CHOICE = "A choice is written where(condition, a, b)."
BARS = "The size of a number is written abs(r), not |r|; between conditions write “or”."
EITHER = "Between conditions write “or”; the size of a number is written abs(r), not |r|."
ROUND = "Only round parentheses ( ) are read here."
QUOTES = "Quotation marks mean nothing here: write the formula without them."
HAT = "A hat is not read: write s for a predicted number, p for a probability, mu for a mean."
DOT = "A dot stands only within a number, such as 0.5; write abs(r), not r.abs()."
NEGATION = "Write “not” before a condition; unequal is written !=."
RIGHT = "Write only what stands right of this sign: what one error costs, such as r^2."
EQUATION = "A formula is no equation: write only what one error costs, such as r^2."
EQUAL = "Equal is written == in a condition."
POWERS = "Two powers follow on one another: parentheses must say which comes first."
INFINITE = "There is no infinity here; write a large number, such as 1e99."
ROWS = "The mean over the rows is taken anyway: write what one row costs."

# Where these stand, nothing else is read. The longer ones come first.
REFUSED = {
    "===": EQUAL,
    "//": "A division is written with one /; there is none that rounds.",
    "/*": "There are no comments here: write only the formula.",
    "&&": "Between conditions write “and”.",
    "||": EITHER,
    "=<": "At most is written <= here.",
    "=>": "At least is written >= here.",
    "<>": "Unequal is written != here.",
    "&": "Between conditions write “and”.",
    "|": BARS,
    "‖": BARS,
    "!": NEGATION,
    "~": NEGATION,
    "¬": NEGATION,
    "∧": "Between conditions write “and”.",
    "∨": "Between conditions write “or”.",
    ":": "A colon means nothing here; a choice is written where(condition, a, b).",
    "?": CHOICE,
    "%": "There is no remainder and no percent here; 10 % is written 0.1.",
    "‰": "There is no percent here; 10 % is written 0.1.",
    "@": "A product is written with *.",
    ";": "A semicolon means nothing here; arguments are separated by commas.",
    "$": "Write the formula without $, as code has it: this is no LaTeX.",
    "#": "There are no comments here: write only the formula.",
    "_": "A name begins with a letter.",
    ".": DOT,
    "…": "Write out what the dots stand for.",
    "√": "A root is written sqrt(r).",
    "∛": "A cube root is written abs(r)^(1/3).",
    "∞": INFINITE,
    "±": "Write + or -: a formula has one value.",
    "≈": "Two numbers are never about equal here; write abs(a - b) < 0.1.",
    "∑": ROWS,
    "Σ": ROWS,
    "∏": "There is no product over rows: write what one row costs.",
    "∫": "There is no integral here: write what one row costs.",
    "∂": "Derivatives are taken by themselves: write only the loss.",
    "∇": "Derivatives are taken by themselves: write only the loss.",
    "ℓ": "Write only what the loss is, without a name for it.",
    "ŷ": HAT,
    "\u0302": HAT,
    "⅓": "A third is written 1/3.",
    "⅔": "Two thirds are written 2/3.",
    "°": "Angles mean nothing here.",
} | dict.fromkeys("[]{}⟨⟩⌊⌋⌈⌉", ROUND) | dict.fromkeys("\"'`’‘“”„«»′″", QUOTES)  # fmt: skip

# Before a dot: libraries whose functions are written without it.
MODULES = frozenset(
    "np numpy torch math cmath jnp jax tf tensorflow keras K F nn sp sps scipy special".split()
)

# What other languages call functions, and what to write for them.
FUNCTIONS_INSTEAD = {
    "relu": "max(0, x)",
    "leaky_relu": "max(x, 0.01*x)",
    "log10": "log(x)/log(10)",
    "log2": "log(x)/log(2)",
    "lg": "log(x)/log(10)",
    "exp2": "2^x",
    "pow": "x^a",
    "power": "x^a",
    "square": "x^2",
    "sqr": "x^2, or sqrt(x)",
    "cbrt": "sign(x)*abs(x)^(1/3)",
    "reciprocal": "1/x",
    "fabs": "abs(x)",
    "absolute": "abs(x)",
    "norm": "abs(x)",
    "sgn": "sign(x)",
    "sigma": "sigmoid(x)",
    "expit": "sigmoid(x)",
    "logistic": "sigmoid(x)",
    "logit": "log(x/(1 - x))",
    "logsigmoid": "-softplus(-x)",
    "log_sigmoid": "-softplus(-x)",
    "logaddexp": "log(exp(a) + exp(b))",
    "xlogy": "a*log(b)",
    "asinh": "log(x + sqrt(x^2 + 1))",
    "arcsinh": "log(x + sqrt(x^2 + 1))",
    "sech": "1/cosh(x)",
    "clip": "min(max(x, a), b)",
    "clamp": "min(max(x, a), b)",
    "heaviside": "(x > 0)",
    "step": "(x > 0)",
    "iif": "where(condition, a, b)",
    "ifelse": "where(condition, a, b)",
    "cond": "where(condition, a, b)",
    "select": "where(condition, a, b)",
    "cases": "where(condition, a, b)",
    "hinge": "max(0, 1 - m)",
    "huber": "where(abs(r) <= c, r^2/2, c*(abs(r) - c/2))",
    "pinball": "max(-tau*r, (1 - tau)*r)",
    "quantile": "max(-tau*r, (1 - tau)*r)",
    "mse": "r^2",
    "mae": "abs(r)",
    "bce": "-y*log(p) - (1 - y)*log(1 - p)",
}
OVER_ROWS = frozenset("mean sum average avg total expectation nanmean median".split())
# Functions with names like those of others, which they are not.
ABSENT = frozenset(
    "sin cos tan cot sec csc sinc arcsin arccos asin acos arctan2 atan2 arctanh atanh arccosh acosh"
    " floor ceil round trunc mod fmod gamma lgamma erf erfc rand random diff max_pool".split()
)

# Names that mean a letter of the language to whoever types them.
MEANT = {
    "r": "R x err error errors residual residuals resid res diff e_i delta_y".split(),
    "s": "S y_pred ypred yhat y_hat pred preds predicted prediction forecast output f".split(),
    "y": "Y y_true ytrue true target targets label labels actual t".split(),
    "p": "P prob proba probability phat p_hat y_prob".split(),
    "z": "Z logit logits score".split(),
    "m": "M margin".split(),
    "mu": "mean mu_hat muhat".split(),
}
LETTER_MEANT = {word: letter for letter, words in MEANT.items() for word in words}

# Words that no parameter can be called.
RESERVED = dict.fromkeys(("if", "else", "elif"), CHOICE) | {
    "lambda": "lambda is a word of Python; write lam for a number, or the formula alone.",
    "inf": INFINITE,
    "nan": "nan is no number to compute with: write the formula without it.",
    "True": "Write 1 for True.",
    "False": "Write 0 for False.",
}

# Commands of LaTeX; Greek letters and functions are written by their names alone.
LATEX = {
    "frac": "(a)/(b) for a fraction",
    "dfrac": "(a)/(b) for a fraction",
    "tfrac": "(a)/(b) for a fraction",
    "cdot": "* for a product",
    "times": "* for a product",
    "le": "<= for at most",
    "leq": "<= for at most",
    "ge": ">= for at least",
    "geq": ">= for at least",
    "ne": "!= for unequal",
    "neq": "!= for unequal",
    "lvert": "abs( ) for bars",
    "vert": "abs( ) for bars",
    "hat": "s for a predicted number, p for a probability",
    "begin": "where(condition, a, b) for cases",
    "infty": "a large number, such as 1e99",
    "lambda": "lam for its letter",
    "sum": "what one row costs, without the sum",
}
