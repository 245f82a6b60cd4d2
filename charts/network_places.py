"""Where the units of a network stand in a drawing, and where its ledger is at each line."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.descent.ledger import Entry, Ledger
from losses.descent.network import MLP
from losses.descent.objective import Objective

Node = tuple[int, int | None]  # layer and unit: -1 are the features, None the bias of the next
Edge = tuple[Node, Node]
NEAR_FAN, MIDDLE = 0.42, 0.5  # where on its edge a number stands: apart where edges fan out


@dataclass(frozen=True, eq=False)
class Graph:
    """A column for each layer, its units from top to bottom, 1 apart, and the bias below them."""

    objective: Objective
    book: Ledger

    @cached_property
    def model(self) -> MLP:
        """The network."""
        assert isinstance(self.objective.model, MLP)
        return self.objective.model

    @cached_property
    def last(self) -> int:
        """The layer of the scores."""
        return len(self.model.hidden)

    @cached_property
    def loss(self) -> Node:
        """The node of the loss, a column of its own."""
        return (self.last + 1, 0)

    @cached_property
    def at(self) -> dict[Node, tuple[float, float]]:
        """The place of each node."""
        columns = [(-1, self.model.features)]
        columns += [(layer, units) for layer, (units, _, _) in enumerate(self.model.layers)]
        found: dict[Node, tuple[float, float]] = {}
        for layer, units in columns:
            nodes: list[Node] = [(layer, unit) for unit in range(units)]
            nodes += [(layer, None)] if layer < self.last else []
            top = (len(nodes) - 1) / 2
            found |= {node: (float(layer + 1), top - k) for k, node in enumerate(nodes)}
        return found | {self.loss: (float(self.last + 2), 0.0)}

    def name(self, node: Node) -> str:
        """What a node is called, a user's text."""
        (layer, unit), data = node, self.objective.data
        if unit is None:
            return "bias"
        if node == self.loss:
            return str(self.objective.loss)
        if layer < 0:
            return data.columns[unit]
        if layer < self.last:
            return f"unit {unit + 1}"
        return "score" if self.model.outputs == 1 else f"score of {data.classes[unit]}"

    def title(self, node: Node) -> str:
        """The same with the layer of a unit."""
        layer, unit = node
        inside = 0 <= layer < self.last and unit is not None
        return f"{self.name(node)} of layer {layer + 1}" if inside else self.name(node)

    @cached_property
    def tallest(self) -> int:
        """How many nodes stand in the tallest column."""
        columns = [x for x, _ in self.at.values()]
        return max(map(columns.count, columns))

    @cached_property
    def weights(self) -> list[Edge]:
        """The ends of each of the flat weights, source first."""
        return [((layer - 1, source), (layer, unit)) for layer, unit, source in self.model.places()]

    @cached_property
    def scores(self) -> list[Edge]:
        """From each score to the loss."""
        return [((self.last, unit), self.loss) for unit in range(self.model.outputs)]

    def edges(self, entry: Entry) -> list[Edge]:
        """What a line of the ledger runs along, from where its numbers come to where they go."""
        layer, unit = entry.layer, entry.unit
        here: Node = (layer, unit)
        match entry.kind:
            case "product" | "gradient":
                return [((layer - 1, entry.other), here)]
            case "product back":
                return [((layer + 1, entry.other), here)]
            case "sum":
                return [edge for edge in self.weights if edge[1] == here]
            case "sum back":
                return [(target, source) for source, target in self.weights if source == here]
            case "loss":
                return self.scores
            case "pull":
                return [(self.loss, here)]
        return []

    def node(self, entry: Entry) -> Node:
        """The node that a line of the ledger is about."""
        return self.loss if entry.kind == "loss" else (entry.layer, entry.unit)

    @cached_property
    def most(self) -> int:
        """The most edges of a line."""
        return max(len(self.edges(entry)) for entry in self.book.entries)

    def fans(self) -> tuple[np.ndarray, np.ndarray]:
        """One path `(lines, points)` there and back along all edges of each line, x and y."""
        paths = []
        for entry in self.book.entries:
            end = self.at[self.node(entry)]
            there = [self.at[start] for start, _ in self.edges(entry)]
            path = [place for start in there for place in (start, end)]
            paths.append(path + [end] * (2 * self.most - len(path)))
        return _apart(paths)

    def focus(self) -> tuple[np.ndarray, np.ndarray]:
        """The node of each line `(lines, 1)`, x and y."""
        return _apart([[self.at[self.node(entry)]] for entry in self.book.entries])

    def beside(self) -> tuple[np.ndarray, np.ndarray]:
        """Where on the edges of each line its numbers stand `(lines, most)`, x and y."""
        rows = []
        for entry in self.book.entries:
            end, edges = self.at[self.node(entry)], self.edges(entry)
            share = MIDDLE if len(edges) == 1 else NEAR_FAN
            row = [_between(self.at[start], end, share) for start, _ in edges]
            rows.append(row + [end] * (self.most - len(row)))
        return _apart(rows)


def _between(
    start: tuple[float, float], end: tuple[float, float], share: float
) -> tuple[float, float]:
    return (
        start[0] + share * (end[0] - start[0]),
        start[1] + share * (end[1] - start[1]),
    )


def _apart(places: list[list[tuple[float, float]]]) -> tuple[np.ndarray, np.ndarray]:
    """Places `(lines, points, 2)` as x and y."""
    both = np.array(places)
    return both[..., 0], both[..., 1]
