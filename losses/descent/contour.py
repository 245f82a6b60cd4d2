"""Lines of equal height through grids of numbers, many grids at once."""

import numpy as np

from losses.arrays import Array


def contours(values: Array, first: Array, second: Array, level: float) -> tuple[Array, Array]:
    """Where `values` `(pictures, second, first)` cross a level: x and y `(pictures, points)`.

    Each cell's crossing is a straight piece between linear crossings of its edges: two points and
    a nan behind them. Pictures with fewer pieces end in nan. A saddle is parted by the mean of its
    corners; a cell with a corner that is no number has no line.
    """
    above = values - level
    corners = [above[:, :-1, :-1], above[:, :-1, 1:], above[:, 1:, 1:], above[:, 1:, :-1]]
    with np.errstate(all="ignore"):
        crossed = [(a > 0) != (b > 0) for a, b in zip(corners, corners[1:] + corners[:1])]  # noqa: B905
    sound = np.isfinite(sum(corners))
    count = np.where(sound, sum(one.astype(int) for one in crossed), 0)
    pieces = [_piece(corners, crossed, count == 2, None)]
    middle = (sum(corners) > 0) == (corners[0] > 0)  # whether the first corner joins the third
    for edges in ((0, 1), (2, 3)):
        pieces.append(_piece(corners, crossed, (count == 4) & middle, edges))
    for edges in ((3, 0), (1, 2)):
        pieces.append(_piece(corners, crossed, (count == 4) & ~middle, edges))
    picture, x, y = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    order = np.argsort(picture, kind="stable")
    return _padded(picture[order], x[order], y[order], len(values), first, second)


def _piece(
    corners: list[Array], crossed: list[Array], where: Array, edges: tuple[int, int] | None
) -> tuple[Array, Array, Array]:
    """Pictures `(n,)` and the ends `(n, 2)` of pieces in cells, in places of the grid."""
    picture, row, column = np.nonzero(where)
    taken = np.array([one[picture, row, column] for one in crossed])  # (4, n)
    if edges is None:
        ends = [taken.argmax(axis=0), 3 - taken[::-1].argmax(axis=0)]
    else:
        ends = [np.full(len(picture), edge) for edge in edges]
    heights = np.array([one[picture, row, column] for one in corners])
    across, up = np.array([0, 1, 1, 0]), np.array([0, 0, 1, 1])
    n, points = np.arange(len(picture)), []
    for end in ends:
        after = (end + 1) % 4
        a, b = heights[end, n], heights[after, n]
        share = a / (a - b)
        points.append(
            (
                column + across[end] + share * (across[after] - across[end]),
                row + up[end] + share * (up[after] - up[end]),
            )
        )
    x, y = (np.stack(parts, axis=-1) for parts in zip(*points, strict=True))
    return picture.astype(float), x, y


def _padded(
    picture: Array, x: Array, y: Array, pictures: int, first: Array, second: Array
) -> tuple[Array, Array]:
    """Pieces of each picture one after the other, with nan between, as long as the longest."""
    whose = picture.astype(int)
    counts = np.bincount(whose, minlength=pictures)
    place = np.arange(len(whose)) - np.repeat(np.cumsum(counts) - counts, counts)
    found = []
    for ends, axis in ((x, first), (y, second)):
        lines = np.full((pictures, max(1, int(counts.max(initial=0))), 3), np.nan)
        lines[whose, place, :2] = np.interp(ends, np.arange(len(axis)), axis)
        found.append(lines.reshape(pictures, -1))
    return found[0], found[1]
