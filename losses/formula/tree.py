"""A formula as a tree: what parsing makes, and what everything else reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
CONDITIONS = (*COMPARISONS, "and", "or", "not")


@dataclass(frozen=True)
class Node:
    """A number, a name, or an operator or function with its parts; where it stands in the text.

    The head is "number", "name", an operator, "neg", "indicator" (1 where a condition holds, else
    0) or a function. Two nodes are equal if they mean the same, wherever they stand.
    """

    head: str
    parts: tuple["Node", ...] = ()
    value: float = 0.0
    word: str = ""
    place: int = field(default=0, compare=False)

    @property
    def condition(self) -> bool:
        """Whether it holds or not, instead of being a number."""
        return self.head in CONDITIONS


def number(value: float, place: int = 0) -> Node:
    """A number; minus zero stays itself."""
    return Node("number", value=float(value), place=place)


def call(head: str, *parts: Node) -> Node:
    """An operator or function of parts, where the first of them stands."""
    return Node(head, parts, place=parts[0].place)


TRUE = Node("<", (number(0.0), number(1.0)))
FALSE = Node("<", (number(1.0), number(0.0)))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    yield node
    for part in node.parts:
        yield from walk(part)


def names(node: Node) -> set[str]:
    """Every name that occurs."""
    return {one.word for one in walk(node) if one.head == "name"}


def depth(node: Node) -> int:
    """How many nodes lie one inside the other."""
    return 1 + max((depth(part) for part in node.parts), default=0)


def substituted(node: Node, put: dict[str, Node]) -> Node:
    """The tree with other trees for some of its names."""
    if node.head == "name":
        return put.get(node.word, node)
    if not node.parts:
        return node
    parts = tuple(substituted(part, put) for part in node.parts)
    return Node(node.head, parts, node.value, node.word, node.place)
