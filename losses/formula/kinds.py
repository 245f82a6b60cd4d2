"""Which letters occur decides the kind of loss, and what each letter is of a target and a score."""

from losses.formula.errors import FormulaError
from losses.formula.refusing import taken_for_letter
from losses.formula.tree import COMPARISONS, Node, call, names, number, substituted, walk
from losses.formula.words import FAMILIES, LETTERS

R = Node("name", word="r")


def family(node: Node, text: str) -> tuple[str, Node]:
    """The family, and the tree in its letters. Raises FormulaError where letters do not fit."""
    node = _in_residuals(node)
    used = {name for name in names(node) if name in LETTERS}
    for kind, (allowed, _) in FAMILIES.items():
        if used <= allowed and _complete(kind, used):
            return kind, node
    own = [one for one in walk(node) if one.head == "name" and one.word not in LETTERS]
    raise taken_for_letter(own, text) or (_mixed(node, used, text) if used else _none(text))


def in_logits(node: Node) -> Node:
    """The tree with the probability as sigmoid of the logit."""
    return substituted(node, {"p": call("sigmoid", Node("name", word="z"))})


def in_predictions(node: Node) -> Node:
    """The tree with the residual as the prediction less the true value."""
    s, y = (Node("name", word=word) for word in "sy")
    return substituted(node, {"r": call("-", s, y)})


def in_log_means(node: Node) -> Node:
    """The tree with the positive mean as the exponential of the score."""
    return substituted(node, {"mu": call("exp", Node("name", word="s"))})


def _complete(kind: str, used: set[str]) -> bool:
    needed = {
        "residual": used == {"r"},
        "margin": used == {"m"},
        "binary": "y" in used and bool(used & {"z", "p"}),
        "positive": (bool(used & {"y"}) and bool(used & {"s", "r"})) or used >= {"s", "r"},
        "mean": used == {"y", "mu"},
    }
    return needed[kind]


def _in_residuals(node: Node) -> Node:
    """s − y and y − s as r and −r, where s and y do nothing else."""
    used = names(node) & set(LETTERS)
    if "s" not in used:
        return node
    read = _differences(node)
    return read if not names(read) & {"s", "y"} else node


Terms = list[tuple[float, Node]]  # of a sum, each with its sign


def _differences(node: Node) -> Node:
    if node.head in ("+", "-"):
        terms, _ = _apart(_terms(node), [])
        if terms is not None:
            return _sum(terms, node.place)
    if node.head in COMPARISONS:  # s < y as r < 0
        left, right = _apart(_terms(node.parts[0]), _terms(node.parts[1]))
        if left is not None:
            sides = (_sum(left, node.parts[0].place), _sum(right, node.parts[1].place))
            return Node(node.head, sides, place=node.place)
    parts = tuple(_differences(part) for part in node.parts)
    return Node(node.head, parts, node.value, node.word, node.place)


def _terms(node: Node, sign: float = 1.0) -> Terms:
    if node.head == "neg":
        return _terms(node.parts[0], -sign)
    if node.head not in ("+", "-"):
        return [(sign, node)]
    a, b = node.parts
    return _terms(a, sign) + _terms(b, sign if node.head == "+" else -sign)


def _apart(left: Terms, right: Terms) -> tuple[Terms | None, Terms]:
    """Both sides without s and y, and r on the left; None where it is not their difference."""
    signs: dict[str, list[float]] = {"s": [], "y": []}
    for side, around in ((left, 1.0), (right, -1.0)):
        for sign, one in side:
            if one.head == "name" and one.word in signs:
                signs[one.word].append(around * sign)
    s, y = signs["s"], signs["y"]
    if len(s) != 1 or len(y) != 1 or s[0] != -y[0]:
        return None, []
    first, second = (
        [(sign, one) for sign, one in side if not (one.head == "name" and one.word in signs)]
        for side in (left, right)
    )
    return [(s[0], R), *first], second


def _sum(terms: Terms, place: int) -> Node:
    """The sum of some terms, each of them in residuals."""
    if not terms:
        return number(0.0, place)
    (sign, first), *rest = terms
    node = Node(first.head, first.parts, first.value, first.word, place)
    node = node if first == R else _differences(first)
    node = node if sign > 0 else Node("neg", (node,), place=place)
    for sign, one in rest:
        node = Node("+" if sign > 0 else "-", (node, _differences(one)), place=place)
    return node


def _none(text: str) -> FormulaError:
    return FormulaError(
        "No prediction changes this: write r for prediction − true value; or y with s, z, p or mu; "
        "or m for a margin.",
        text,
    )


def _mixed(node: Node, used: set[str], text: str) -> FormulaError:
    places = {one.word: one.place for one in reversed(list(walk(node))) if one.head == "name"}
    if len(used) == 1:
        (only,) = used
        other = {"y": "a prediction: s, z, p or mu", "mu": "the true value y"}
        missing = other.get(only, "the true value y")
        return FormulaError(f"The formula has {only}, but not {missing}.", text, places[only])
    first = min(used, key=places.__getitem__)
    rest = sorted(used, key=places.__getitem__)
    for word in rest:
        if not any({first, word} <= allowed for allowed, _ in FAMILIES.values()):
            return FormulaError(
                f"{word} and {first} do not go together: a formula is of {_choices()}.",
                text,
                places[word],
            )
    said = ", ".join(rest)
    return FormulaError(
        f"{said} do not go together: a formula is of {_choices()}.", text, places[rest[-1]]
    )


def _choices() -> str:
    said = [phrase for _, phrase in FAMILIES.values()]
    return "; of ".join(said[:-1]) + f"; or of {said[-1]}"
