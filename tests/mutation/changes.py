"""The ways to break a statement: each puts one other node in the place of one node."""

import ast
import re
from dataclasses import dataclass

ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
RELATIONS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
PAIRS = [("maximum", "minimum"), ("max", "min"), ("sinh", "cosh"), ("zeros_like", "ones_like")]
FUNCTIONS = dict(PAIRS) | {b: a for a, b in PAIRS} | {"any": "all", "all": "any"}
# Equal in theory: what these keep is the digits of small numbers.
NAIVE = {"log1p": "np.log(1 + X)", "expm1": "np.exp(X) - 1"}
KEPT = {
    "float",
    "int",
    "bool",
    "tuple",
    "len",
    "range",
    "super",
    "asarray",
    "array",
    "arange",
    "eye",
}
UNTOUCHED = {"decorator_list", "annotation", "returns", "format_spec", "ctx", "target", "targets"}

ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
TOKEN = re.compile(r"\\\\|\\[A-Za-z]+|[A-Za-z]\w*|\d+(?:\.\d+)?|\*\*|[<>=!]=|[-+*/<>=^]", re.ASCII)
IN_LATEX = {
    "/": [r" \cdot "], r"\cdot": ["/"], "^": [r" \cdot "], r"\frac": [""],
    r"\le": ["<", r"\ge"], r"\ge": [">", r"\le"], "<": [r"\le ", ">"], ">": [r"\ge ", "<"],
    "=": [r"\ne "], r"\ne": ["="], r"\max": [r"\min"], r"\min": [r"\max"],
    r"\cosh": [r"\sinh"], r"\sinh": [r"\cosh"], r"\tanh": [""], r"\log": [""], r"\exp": [""],
    r"\sqrt": [""], r"\arctan": [""], r"\sum": [r"\max"],
}  # fmt: skip
IN_PYTHON = {
    "/": ["*"], "*": ["/"], "**": ["*"], "^": ["*"], "<=": ["<", ">="], ">=": [">", "<="],
    "<": ["<=", ">"], ">": [">=", "<"], "==": ["!="], "!=": ["=="],
    "cosh": ["sinh"], "sinh": ["cosh"], "max": ["min"], "min": ["max"],
    "maximum": ["minimum"], "minimum": ["maximum"], "log1p": ["log"], "expm1": ["exp"],
    "log": [""], "exp": [""], "sqrt": [""], "abs": [""], "tanh": [""], "arctan": [""],
}  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What the changes need to know about the class or module around a statement."""

    member: str
    returns: str = ""  # the annotation of a method
    words: tuple[str, ...] = ()  # that a declaration could hold instead
    symbols: tuple[str, ...] = ()  # of the parameters


def versions(tree, context):
    """The source of a statement with one change, for every change, without repetitions."""
    seen = {ast.unparse(tree)}
    for put, node in places(tree):
        for other in replacements(node, context):
            put(other)
            source = ast.unparse(ast.fix_missing_locations(tree))
            if source not in seen:
                seen.add(source)
                yield source
        put(node)


def places(node):
    """Every node below a node, with the function that puts another one in its place."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED:
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if not isinstance(child, ast.AST) or _is_kept(node, child):
                continue
            yield _setter(node, field, index), child
            yield from places(child)


def _setter(node, field, index):
    if index is None:
        return lambda other: setattr(node, field, other)
    return lambda other: getattr(node, field).__setitem__(index, other)


def _is_kept(node, child):
    """Docstrings, refusals, warnings that are switched off, and the last axis."""
    words = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    last = isinstance(child, ast.UnaryOp) and isinstance(child.operand, ast.Constant)
    axis = isinstance(node, ast.Subscript) or getattr(node, "arg", "") == "axis"
    return words or isinstance(child, ast.Raise | ast.Assert | ast.withitem) or (last and axis)


def replacements(node, context):
    """The nodes to try in the place of one."""
    rule = RULES.get(type(node))
    return rule(node, context) if rule else ()


def _binary(node, _):
    if type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    if isinstance(node.op, ast.Mult | ast.Div | ast.Pow | ast.BitOr | ast.BitAnd | ast.MatMult):
        yield node.left
    if isinstance(node.op, ast.Mult | ast.BitOr | ast.BitAnd | ast.MatMult):
        yield node.right


def _augmented(node, _):
    if type(node.op) in ARITHMETIC:
        yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)


def _compare(node, _):
    for index, relation in enumerate(node.ops):
        for other in RELATIONS[type(relation)]:
            ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _boolean(node, _):
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _unary(node, _):
    yield node.operand


def _branch(node, _):
    if not isinstance(node.test, ast.Compare | ast.UnaryOp):  # they have changes of their own
        yield type(node)(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def _call(node, _):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    free = isinstance(node.func, ast.Name) or ast.unparse(node.func) == f"np.{name}"
    if not free or not node.args:
        return
    if name in FUNCTIONS:
        other = ast.parse(ast.unparse(node.func)[: -len(name)] + FUNCTIONS[name], mode="eval")
        yield ast.Call(other.body, node.args, node.keywords)
    if name in NAIVE:
        yield ast.parse(
            NAIVE[name].replace("X", f"({ast.unparse(node.args[0])})"), mode="eval"
        ).body
    if name == "where":
        yield ast.Call(node.func, [node.args[0], node.args[2], node.args[1]], node.keywords)
    if name == "clip" or (name not in KEPT and len(node.args) == 1 and not node.keywords):
        yield node.args[0]


def _dictionary(node, _):
    for index, value in enumerate(node.values):
        if not isinstance(value, ast.Constant):
            values = [*node.values[:index], _negative(value), *node.values[index + 1 :]]
            yield ast.Dict(node.keys, values)


def _tuple(node, context):
    """A kink that is dropped, or lies elsewhere."""
    if context.member not in ("kinks", "corners"):
        return
    for index, kink in enumerate(node.elts):
        rest = node.elts[:index], node.elts[index + 1 :]
        yield ast.Tuple([*rest[0], *rest[1]], ast.Load())
        elsewhere = ast.BinOp(kink, ast.Add(), ast.Constant(0.37))
        yield ast.Tuple([*rest[0], elsewhere, *rest[1]], ast.Load())


def _return(node, context):
    """The opposite of a number that is returned, or of each of several."""
    value = node.value
    if isinstance(value, ast.Tuple) and "Array" in context.returns:
        for index, part in enumerate(value.elts):
            parts = [*value.elts[:index], _negative(part), *value.elts[index + 1 :]]
            yield ast.Return(ast.Tuple(parts, ast.Load()))
    elif context.returns in ("Array", "float", "np.ndarray") and "zeros_like" not in ast.unparse(
        value
    ):
        yield ast.Return(_negative(value))


def _negative(node):
    return ast.UnaryOp(ast.USub(), node)


def _constant(node, context):
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(2 * value or 1)
    elif isinstance(value, str):
        others = context.words or texts(value, context)
        yield from (ast.Constant(other) for other in others)


def texts(text, context):
    """A formula, of LaTeX or of Python, with one of its signs, numbers or symbols changed."""
    latex = "\\" in text or context.member in ("latex", "where")
    if not latex and ENGLISH.search(text):
        return
    for match in TOKEN.finditer(text):
        for other in _tokens(match.group(), IN_LATEX if latex else IN_PYTHON, context.symbols):
            yield text[: match.start()] + other + text[match.end() :]
    for bars in re.finditer(r"\|([^|&]+)\|", text):
        yield text[: bars.start()] + f"({bars.group(1)})" + text[bars.end() :]


def _tokens(token, table, symbols):
    if token in symbols:
        yield "1"
    if token in ("+", "-"):
        yield {"+": "-", "-": "+"}[token]
    elif token[0].isdigit():
        number = float(token) if "." in token else int(token)
        yield str(2 * number or 1)
    yield from table.get(token, ())


RULES = {
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.If: _branch,
    ast.IfExp: _branch,
    ast.Call: _call,
    ast.Dict: _dictionary,
    ast.Tuple: _tuple,
    ast.Return: _return,
    ast.Constant: _constant,
}
