"""A tree compiled to a tape: equal parts once, constants beforehand, rows in blocks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from losses.arrays import Array
from losses.formula.calculus import Moving, apply
from losses.formula.tree import Node

BLOCK = 8_192  # rows whose temporaries stay in cache


class Step(NamedTuple):
    """An operation on earlier slots, or a letter's slot, or a constant's; which slots end here."""

    head: str
    parts: tuple[int, ...]
    word: str
    constant: Any
    ends: tuple[int, ...]


class Tape:
    """A formula of letters, with the values of its parameters put in."""

    def __init__(self, node: Node, values: Mapping[str, float]) -> None:
        self.values = values
        self.slots: dict[tuple[Any, ...], int] = {}
        self.steps: list[Step] = []
        with np.errstate(all="ignore"):
            self._add(node)
        self._free()

    @property
    def constant(self) -> bool:
        """Whether no letter is left."""
        return self.steps[-1].head == "number"

    def _add(self, node: Node) -> int:
        parts = tuple(self._add(part) for part in node.parts)
        key = (node.head, parts, node.value, node.word)
        if key in self.slots:
            return self.slots[key]
        if node.head == "name" and node.word not in self.values:
            step = Step("letter", (), node.word, None, ())
        elif not node.parts:
            value = self.values[node.word] if node.head == "name" else node.value
            step = Step("number", (), "", np.float64(value), ())
        elif all(self.steps[part].head == "number" for part in parts):
            known = [Moving(self.steps[part].constant) for part in parts]
            step = Step("number", (), "", apply(node.head, known, 0).value, ())
        else:
            step = Step(node.head, parts, "", None, ())
        self.steps.append(step)
        self.slots[key] = len(self.steps) - 1
        return len(self.steps) - 1

    def _free(self) -> None:
        """Keeps what is needed, and notes at each step which slots nothing needs after it."""
        needed, kept = {len(self.steps) - 1}, []
        for at in reversed(range(len(self.steps))):
            if at in needed:
                ends = tuple(set(self.steps[at].parts) - needed)
                needed.update(self.steps[at].parts)
                kept.append((at, self.steps[at]._replace(ends=ends)))
        places = {old: new for new, (old, _) in enumerate(reversed(kept))}
        self.steps = [
            step._replace(
                parts=tuple(places[part] for part in step.parts),
                ends=tuple(places[end] for end in step.ends),
            )
            for _, step in reversed(kept)
        ]

    def run(self, letters: Mapping[str, Array], along: str, order: int) -> tuple[Array, ...]:
        """Value and derivatives in one letter, up to an order: float64, of the letters' shape.

        Where the value is no number, no derivative is one.
        """
        arrays = np.broadcast_arrays(*letters.values())
        shape = arrays[0].shape
        flat = [np.ascontiguousarray(one, dtype=float).reshape(-1) for one in arrays]
        size = flat[0].size
        out = tuple(np.empty(size) for _ in range(order + 1))
        with np.errstate(all="ignore"):
            for start in range(0, size, BLOCK):
                rows = slice(start, start + BLOCK)
                block = {name: one[rows] for name, one in zip(letters, flat, strict=True)}
                self._block(block, along, [one[rows] for one in out])
        return tuple(one.reshape(shape) for one in out)

    def _block(self, letters: Mapping[str, Array], along: str, out: list[Array]) -> None:
        order = len(out) - 1
        slots: list[Any] = []
        for step in self.steps:
            if step.head == "letter":
                moves = 1.0 if step.word == along and order else None
                slots.append(Moving(letters[step.word], moves))
            elif step.head == "number":
                slots.append(Moving(step.constant))
            else:
                slots.append(apply(step.head, [slots[part] for part in step.parts], order))
            for end in step.ends:
                slots[end] = None
        for part, found in zip(out, slots[-1], strict=False):
            part[...] = 0.0 if found is None else found
        wrong = np.isnan(out[0])
        if order and wrong.any():
            for part in out[1:]:
                part[wrong] = np.nan
