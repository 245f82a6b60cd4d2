"""From tokens to a tree: precedence climbing over a small grammar, with limits on what it builds.

condition or condition   and   not   < <= > >= == !=   + -   * /   - (sign)   ^
"""

from collections.abc import Callable

from losses.formula.advice import RESERVED
from losses.formula.errors import FormulaError
from losses.formula.reading import Token, tokens
from losses.formula.refusing import no_function, reserved
from losses.formula.tree import COMPARISONS, Node, depth, number
from losses.formula.words import (
    ALIASES,
    CONSTANTS,
    FUNCTIONS,
    MOST_DEPTH,
    MOST_IN_A_ROW,
    MOST_NODES,
    TAKEN,
)

WORDS = ("and", "or", "not")


def parse(text: str) -> Node:
    """The tree of a formula; its names are letters and parameters. Raises FormulaError."""
    return _Parser(text).whole()


class _Parser:
    """Recursive descent; one method a level of precedence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = self.nodes = self.depth = 0

    def whole(self) -> Node:
        if self.now.kind == "end":
            raise self.error("There is no formula yet; r^2 is one.")
        node = self.numeric(self.either())
        if self.now.kind != "end":
            raise self.error(self.leftover())
        if depth(node) > MOST_IN_A_ROW:
            raise self.error(f"More than {MOST_IN_A_ROW} operations follow on one another.")
        return node

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def error(self, sentence: str, place: int | None = None) -> FormulaError:
        return FormulaError(sentence, self.text, self.now.place if place is None else place)

    def leftover(self) -> str:
        now = self.now
        if now.text in RESERVED:
            return RESERVED[now.text]
        if now.text == ")":
            return "This parenthesis closes none."
        if point := self.decimal(self.at):
            return f"A{point[1:]}."
        if now.text == ",":
            return "A comma separates arguments of a function, and there is none here."
        if now.kind in ("number", "name") or now.text == "(":
            return "A sign is missing before this; a product is written with *."
        return f"{now.text} cannot stand here."

    def accept(self, *texts: str) -> Token | None:
        if self.now.kind in ("mark", "name") and self.now.text in texts:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def expect(self, text: str, sentence: str) -> None:
        if not self.accept(text):
            raise self.error(RESERVED.get(self.now.text, sentence))

    def decimal(self, at: int) -> str:
        """How 1,5 is written, where the token is the comma of such a number."""
        around = self.tokens[max(at - 1, 0) : at + 2]
        text = "".join(one.text for one in around)
        kinds = [one.kind for one in around]
        close = around[-1].place + len(around[-1].text) == around[0].place + len(text)
        if close and around[len(around) // 2].text == "," and kinds == ["number", "mark", "number"]:
            return f"a decimal number has a point: {text.replace(',', '.')}"
        return ""

    def make(self, head: str, parts: tuple[Node, ...], place: int) -> Node:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.error(f"The formula has more than {MOST_NODES} operations.", place)
        return Node(head, parts, place=place)

    def inside(self, rule: Callable[[], Node]) -> Node:
        """What a rule reads one level deeper."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.error(f"More than {MOST_DEPTH} levels lie one inside the other.")
        node = rule()
        self.depth -= 1
        return node

    def numeric(self, node: Node) -> Node:
        return self.make("indicator", (node,), node.place) if node.condition else node

    def holding(self, node: Node) -> Node:
        if not node.condition:
            raise self.error("A condition is needed here, such as abs(r) < 2.", node.place)
        return node

    def either(self) -> Node:
        node = self.both()
        while token := self.accept("or"):
            parts = (self.holding(node), self.holding(self.both()))
            node = self.make("or", parts, token.place)
        return node

    def both(self) -> Node:
        node = self.negated()
        while token := self.accept("and"):
            parts = (self.holding(node), self.holding(self.negated()))
            node = self.make("and", parts, token.place)
        return node

    def negated(self) -> Node:
        if token := self.accept("not"):
            return self.make("not", (self.holding(self.inside(self.negated)),), token.place)
        return self.comparison()

    def comparison(self) -> Node:
        left, chain = self.sum(), None
        while token := self.accept(*COMPARISONS):
            right = self.numeric(self.sum())
            link = self.make(token.text, (self.numeric(left), right), token.place)
            chain = link if chain is None else self.make("and", (chain, link), token.place)
            left = right
        return left if chain is None else chain

    def sum(self) -> Node:
        node = self.product()
        while token := self.accept("+", "-"):
            node = self.make(
                token.text, (self.numeric(node), self.numeric(self.product())), token.place
            )
        return node

    def product(self) -> Node:
        node = self.signed()
        while token := self.accept("*", "/"):
            node = self.make(
                token.text, (self.numeric(node), self.numeric(self.signed())), token.place
            )
        return node

    def signed(self) -> Node:
        if token := self.accept("-", "+"):
            node = self.numeric(self.inside(self.signed))
            return node if token.text == "+" else self.make("neg", (node,), token.place)
        return self.power()

    def power(self) -> Node:
        node = self.atom()
        if token := self.accept("^"):
            exponent = self.numeric(self.inside(self.signed))
            return self.make("^", (self.numeric(node), exponent), token.place)
        return node

    def atom(self) -> Node:
        token = self.now
        if token.kind == "end":
            raise self.error("The formula ends where a number or a letter is needed.")
        self.at += 1
        if token.kind == "number":
            self.make("number", (), token.place)
            return number(float(token.text), token.place)
        if token.kind == "name" and token.text not in WORDS:
            return self.named(token)
        if token.text == "(":
            node = self.inside(self.either)
            self.expect(")", "A closing parenthesis is missing here.")
            return node
        self.at -= 1
        raise self.error(f"A number, a letter or a function is needed here, not {token.text}.")

    def named(self, token: Token) -> Node:
        word = ALIASES.get(token.text, token.text)
        called = self.now.text == "(" and self.now.kind == "mark"
        if word in FUNCTIONS:
            if not called:
                raise self.error(f"{word} is a function: it needs parentheses.", token.place)
            return self.called(word, token)
        if called:
            raise self.error(no_function(token.text), token.place)
        self.make("name", (), token.place)
        if word in CONSTANTS:
            return Node("number", value=CONSTANTS[word], word=word, place=token.place)
        if word in TAKEN:
            raise self.error(reserved(word), token.place)
        return Node("name", word=word, place=token.place)

    def called(self, word: str, token: Token) -> Node:
        self.at += 1
        opened = self.at
        parts = [] if self.now.text == ")" else [self.inside(self.either)]
        while self.accept(","):
            parts.append(self.inside(self.either))
        self.expect(")", f"The closing parenthesis of {word} is missing here.")
        wanted = FUNCTIONS[word][0]
        if len(parts) != wanted if wanted else len(parts) < 2:
            many = f"{wanted} argument{'s' * (wanted != 1)}" if wanted else "two or more arguments"
            said = f"{word} takes {many}, here are {len(parts)}"
            points = filter(None, map(self.decimal, range(opened, self.at)))
            raise self.error("; ".join([said, *points][:2]) + ".", token.place)
        if word == "where":
            self.holding(parts[0])
            parts[1:] = [self.numeric(part) for part in parts[1:]]
            return self.make(word, tuple(parts), token.place)
        numbers = [self.numeric(part) for part in parts]
        if wanted == 1:
            return self.make(word, (numbers[0],), token.place)
        return self.paired(word, numbers, token.place)

    def paired(self, word: str, parts: list[Node], place: int) -> Node:
        """min or max of many as one of two halves, so that few lie one inside the other."""
        if len(parts) == 1:
            return parts[0]
        half = (len(parts) + 1) // 2
        halves = (parts[:half], parts[half:])
        one, other = (self.paired(word, some, place) for some in halves)
        return self.make(word, (one, other), place)
