"""What a page hands to the browser: traces, layout, films, and the numbers behind them."""

import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

import numpy as np

from losses.data.writing import written

SURFACES = ("contour", "heatmap")
PARTS = ("x", "y", "z", "customdata")  # what makes them heavy
Json = Any  # what json.dumps takes; Plotly's own schema is checked by Plotly


@dataclass(frozen=True, eq=False)
class Move:
    """One trace at each frame: arrays (frames, points), or None for what stays as it is.

    With `at` (frames,) they are (pictures, points), and it says which is shown when: nothing then
    goes from one to the next, whose points may be others.
    """

    trace: int
    x: np.ndarray | None = None
    y: np.ndarray | None = None
    text: Sequence[str] | Sequence[Sequence[str]] | None = None
    at: np.ndarray | None = None

    def __len__(self) -> int:
        if self.at is not None:
            return len(self.at)
        return next(len(part) for part in (self.x, self.y, self.text) if part is not None)


@dataclass(frozen=True, eq=False)
class Trail:
    """A path that grows: at frame k its trace shows the first k + 1 of the points (frames,)."""

    trace: int
    x: np.ndarray
    y: np.ndarray

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, eq=False)
class Shades:
    """A heat map at each frame: pictures (pictures, cells), row by row, and which is shown when.

    The trace has x and y, the range and the colors, but no z: that is the picture. The browser
    paints it into the image that Plotly drew, which takes a millisecond or two.
    """

    trace: int
    z: np.ndarray
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, eq=False)
class Film:
    """Frames computed beforehand, among which the browser only chooses.

    Driven by a slider, `stops` (frames,) are the slider's values at the frames, in any order, and
    `at` the one for which the figure itself was drawn: while the slider stands there, the figure is
    shown, elsewhere the nearest frame. A player shows `pace` frames a second at 1×, and leaps from
    frame to frame below 10. The browser moves scatter traces in under a millisecond if lines are
    linear and fills "toself" or "tozeroy", and heat maps in two; else Plotly redraws, in 30 to 60.
    """

    moves: tuple[Move | Trail | Shades, ...]
    stops: np.ndarray | None = None
    at: float | None = None
    pace: float = 30.0

    def __post_init__(self) -> None:
        lengths = {len(move) for move in self.moves}
        if self.stops is not None:
            lengths.add(len(self.stops))
        if len(lengths) != 1 or 0 in lengths:
            raise ValueError(f"a film needs moves and stops of one length, found {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.moves[0])


@dataclass(frozen=True, eq=False)
class Figure:
    """A Plotly figure as plain dicts over NumPy arrays.

    A color may be a role that the browser resolves in its theme: "$0" to "$5" of the palette,
    "$ink", "$muted", "$grid", "$paper" or "$accent", and with an opacity "$0/0.15". `films` are
    keyed by the key of the slider that drives them, the player's by "clock". `narrow` is merged
    over `layout` below 600 px and may have its own "height". `table` holds columns of one length.
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    alt: str
    height: int
    table: Mapping[str, np.ndarray] = field(default_factory=dict)
    films: Mapping[str, Film] = field(default_factory=dict)
    narrow: dict[str, Any] = field(default_factory=dict)

    def csv(self) -> str:
        """The table as CSV text, each number with the digits that give it back exactly."""
        return written((name, column.tolist()) for name, column in self.table.items())


def literal(text: str) -> str:
    """User text as Plotly shows it unchanged: no markup, no template, no LaTeX, no color role."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return html.escape(printable).replace("%{", "&#37;{").replace("$", "&#36;")


def pack(figure: Figure, *, bare: bool = False, **options: Json) -> bytes:
    """The figure as one message, without its films (see `reel`); `options` join the header.

    A `bare` one leaves out the arrays of surfaces as well (see `scenery`).

    A message is the length of a JSON header (uint32), the header, and the arrays, little endian and
    aligned to 8 bytes. In the header an array is `{"f4": [offset, count]}` (or "f8", with "shape"
    if it has rows), the offset in bytes from the first array; words and dates are JSON lists.
    """
    header = {
        "data": [_bare(trace) for trace in figure.data] if bare else figure.data,
        "layout": figure.layout,
        "narrow": figure.narrow,
        "alt": figure.alt,
        "height": figure.height,
        "at": {key: film.at for key, film in figure.films.items()},
    }
    return _message(header | options)


def scenery(figure: Figure, **options: Json) -> tuple[str, bytes]:
    """The arrays of a figure's surfaces as a message of their own, and its version, as of a reel.

    They are heavy, and stay the same while a path over them changes. No version if there are none.
    """
    grounds = {
        str(k): {part: trace[part] for part in PARTS if part in trace}
        for k, trace in enumerate(figure.data)
        if trace["type"] in SURFACES
    }
    return _versioned({"scenery": grounds} | options) if grounds else ("", b"")


def _bare(trace: dict[str, Any]) -> dict[str, Any]:
    if trace["type"] not in SURFACES:
        return trace
    return {name: value for name, value in trace.items() if name not in PARTS}


def reel(films: Mapping[str, Film], **options: Json) -> tuple[str, bytes]:
    """The films of a figure as a message of their own, and its version, with which it also ends.

    Films are most of what a figure weighs, and seldom change: apart, they need not be sent again.
    """
    return _versioned({"films": {key: _film(film) for key, film in films.items()}} | options)


def _versioned(content: dict[str, Json]) -> tuple[str, bytes]:
    message = _message(content)
    version = blake2b(message, digest_size=8).hexdigest()
    return version, message + version.encode()


def _film(film: Film) -> dict[str, Json]:
    moves = [vars(move) | {"grows": isinstance(move, Trail)} for move in film.moves]
    return {"moves": moves, "stops": film.stops, "frames": len(film), "pace": film.pace}


def _message(content: dict[str, Json]) -> bytes:
    block = Block()
    header = json.dumps(block.store(content), allow_nan=False, separators=(",", ":")).encode()
    header += b" " * (-(4 + len(header)) % 8)
    return b"".join([len(header).to_bytes(4, "little"), header, *block.parts])


class Block:
    """The arrays of one message, each stored once however often it is used."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        # By id, with the array itself, so that the id stays its own.
        self.known: dict[int, tuple[np.ndarray, Json]] = {}

    def store(self, value: Json) -> Json:
        """The value as JSON, its arrays replaced by references into the block."""
        match value:
            case dict():
                return {key: self.store(item) for key, item in value.items()}
            case np.ndarray() if value.dtype.kind in "iuf":
                return self._array(value)
            case np.ndarray():
                return self.store(value.tolist())
            case list() | tuple():
                return [self.store(item) for item in value]
            case np.generic():
                return self.store(value.item())
            case float():
                return value if math.isfinite(value) else None
            case date() | datetime():
                return value.isoformat()
        return value

    def _array(self, array: np.ndarray) -> Json:
        if id(array) not in self.known:
            self.known[id(array)] = (array, self._append(array))
        return self.known[id(array)][1]

    def _append(self, array: np.ndarray) -> Json:
        kind = "f4" if survives_float32(array) else "f8"
        part = np.ascontiguousarray(array, dtype=f"<{kind}").tobytes()
        reference: dict[str, Json] = {kind: [self.size, array.size]}
        if array.ndim > 1:
            reference["shape"] = list(array.shape)
        self.parts.append(part + bytes(-len(part) % 8))
        self.size += len(self.parts[-1])
        return reference


def survives_float32(array: np.ndarray) -> bool:
    """Whether nobody can see the rounding: it is none, or below 1/32768 of the spread.

    A screen has at most 4,096 pixels, so a curve drawn from float32 is exact to an eighth of one.
    Above 1e37 sums could overflow; values below 1e-37, other than zero, would lose digits.
    """
    finite = array[np.isfinite(array)]
    size = np.abs(finite[finite != 0])
    if not size.size:
        return True
    low, high = float(size.min()), float(size.max())
    if high > 1e37 or low < 1e-37:
        return False
    spread = float(finite.max()) - float(finite.min())
    if high * 2.0**-24 <= spread / 32768:
        return True
    return bool(np.array_equal(finite.astype(np.float32).astype(finite.dtype), finite))
