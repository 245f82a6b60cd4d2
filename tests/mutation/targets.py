"""What there is to break: each member of each catalogued class, and what these classes share."""

import ast
import difflib
import inspect
import math
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tests.mutation.changes import Context, versions

SKIPPED = {"name", "reference", "slug", "catalogue"}
CONTROL = "control"
WORDS = ("asks_for", "needs", "influence")
FIELDS = ("default", "low", "high", "symbol", "help")  # of param, in the order of its arguments


@dataclass(frozen=True)
class Mutant:
    """One change: the row of the table it is counted in, the member, and the file to write."""

    row: str
    member: str
    before: str
    after: str
    file: str
    source: str
    own: tuple[str, ...]  # what the tests that see it first have in their names

    @property
    def key(self):
        """What it is called in the table of those that change nothing."""
        return f"{self.row}.{self.member}: {self.after}"


@dataclass(frozen=True)
class Target:
    """Statements of one file that are counted together, with the class that they make up."""

    row: str
    file: Path
    statements: tuple[ast.stmt, ...]
    cls: type | None
    users: tuple[type, ...]  # the catalogued classes that would notice
    end: int = 0  # the last line of the class


def targets():
    """Every catalogued loss and penalty; then every class and module that they have in common."""
    from losses import Loss, Penalty

    classes = [*Loss.catalogue.values(), *Penalty.catalogue.values()]
    for cls in classes:
        yield _of_class(cls.slug, cls, (cls,))
    for cls in dict.fromkeys(base for heir in classes for base in heir.__mro__[1:]):
        users = tuple(user for user in classes if issubclass(user, cls))
        if cls.__module__.startswith("losses.") and cls not in classes and cls.__name__ != "Spec":
            yield _of_class(cls.__name__, cls, users)
    for module in dict.fromkeys(cls.__module__ for cls in classes):
        users = tuple(cls for cls in classes if cls.__module__ == module)
        yield _of_module(sys.modules[module], users)


def _of_class(row, cls, users):
    file = Path(inspect.getsourcefile(cls))
    body = ast.parse(file.read_text("utf-8")).body
    node = next(n for n in body if isinstance(n, ast.ClassDef) and n.name == cls.__name__)
    return Target(row, file, tuple(node.body), cls, users, node.end_lineno)


def _of_module(module, users):
    body = ast.parse(Path(module.__file__).read_text("utf-8")).body
    shared = (ast.FunctionDef, ast.Assign, ast.AnnAssign)
    statements = tuple(node for node in body if isinstance(node, shared))
    row = module.__name__.removeprefix("losses.") + ".py"
    return Target(row, Path(module.__file__), statements, None, users)


def mutants(target, root, words):
    """Every mutant of a target, after one that changes nothing: the control."""
    text = target.file.read_text("utf-8")
    own = tuple(name for cls in target.users for name in (cls.slug, cls.__name__.lower()))
    file = target.file.relative_to(root).as_posix()
    yield Mutant(target.row, CONTROL, "", "", file, text, own)
    lines, indent = text.splitlines(), "    " if target.cls else ""
    for name, node, others in changes(target, words):
        first, last = (target.end, target.end) if node is None else _span(node)
        old = "" if node is None else ast.unparse(node)
        for new, *shown in list(others):
            inside = [indent + line if line else "" for line in new.splitlines()]
            source = "\n".join([*lines[:first], *inside, *lines[last:], ""])
            yield Mutant(target.row, name, *(shown or _difference(old, new)), file, source, own)


def _span(node):
    """The line before a statement, and its last one."""
    above = [decorator.lineno for decorator in getattr(node, "decorator_list", ())]
    return min([node.lineno, *above]) - 1, node.end_lineno


def _difference(old, new):
    """What a change takes away, and what it puts there."""
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    sides = [[line[2:].strip() for line in lines if line.startswith(sign)] for sign in ("- ", "+ ")]
    return tuple("; ".join(side).replace("\\\\", "\\") for side in sides)


def changes(target, words):
    """Each member by name, its statement (None: it is new), and what to put in its place.

    That is a source each time, which may come with the words for what was there and what is now.
    """
    for node in target.statements:
        name = _name(node)
        if name in SKIPPED or name.startswith("__"):
            continue
        if target.cls is not None and isinstance(node, ast.AnnAssign) and _declares(node):
            yield name, node, declarations(node, target.cls)
        else:
            context = _context(name, node, target.cls, words)
            yield name, node, ((source,) for source in versions(node, context))
    if target.cls is not None and target.users == (target.cls,):
        yield from inherited(target.cls)


def _name(node):
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    return (
        ast.unparse(node.target) if isinstance(node, ast.AnnAssign) else getattr(node, "name", "__")
    )


def _context(name, node, cls, words):
    returns = ast.unparse(node.returns) if getattr(node, "returns", None) else ""
    if cls is None or not hasattr(cls, "slug"):
        return Context(name, returns)
    symbols = tuple(parameter.symbol for parameter in cls.parameters())
    said = words.get(name, {})
    others = tuple(word for word, families in said.items() if _family(cls) in families)
    return Context(name, returns, (cls.asks_for,) if name == "asks" else others, symbols)


def vocabulary():
    """For each declaration in words: each word that a class uses, and the families of these."""
    from losses import Loss

    words = {}
    for cls in Loss.catalogue.values():
        for name in WORDS:
            used = words.setdefault(name, {}).setdefault(getattr(cls(), name, ""), set())
            used.add(_family(cls))
    return words


def _family(cls):
    return getattr(cls, "family", cls.catalogue.kind)


def _declares(node):
    return isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "param"


def declarations(node, cls):
    """The declaration of a parameter with another default, letter, or end of its domain."""
    parameter = next(p for p in cls.parameters() if p.name == node.target.id)
    changed = [("symbol", parameter.symbol, r"\omega", r"'\\omega'")]
    if cls.catalogue.kind == "loss" and parameter.default is not None:
        other = 2 * parameter.default or 1.0
        changed.append(("default", parameter.default, other, repr(other)))
    for other in _other_ends(parameter.domain):
        ends = f"float('{other.low}'), float('{other.high}'), {other.closed_low}"
        code = f"__import__('losses.spec').spec.Domain({ends}, {other.closed_high})"
        changed.append(("domain", parameter.domain, other, code))
    for field, before, after, code in changed:
        other = ast.parse(ast.unparse(node)).body[0]
        _put(other.value, field, ast.parse(code, mode="eval").body)
        yield ast.unparse(other), f"{field} = {before}", f"{field} = {after}"


def _other_ends(domain):
    """The domain that includes an end that it excludes, or the other way around."""
    if math.isfinite(domain.low):
        yield replace(domain, closed_low=not domain.closed_low)
    if math.isfinite(domain.high):
        yield replace(domain, closed_high=not domain.closed_high)


def _put(call, field, value):
    place = FIELDS.index(field) if field in FIELDS else len(call.args)
    if place < len(call.args):
        call.args[place] = value
        return
    call.keywords = [k for k in call.keywords if k.arg != field] + [ast.keyword(field, value)]


def inherited(cls):
    """What a class leaves to its family, declared otherwise."""
    for name in sorted(name for base in cls.__mro__ for name in vars(base)):
        if name not in vars(cls) and isinstance(getattr(cls, name), bool):
            yield name, None, [(f"{name} = {not getattr(cls, name)}",)]
    if hasattr(cls, "kinks") and "kinks" not in vars(cls):
        yield "kinks", None, [("def kinks(self):\n    return (*super().kinks(), 0.37)",)]
