"""Losses that are not convex: the best of descents from several starts, and no proof."""

import itertools
import math
from dataclasses import replace

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.families import MarginLoss, ResidualLoss
from losses.fit.corners import Corners
from losses.fit.frame import Frame
from losses.fit.newton import SILENT, imbalance, newton
from losses.fit.result import PROVEN, Optimum
from losses.fit.rows import Rows
from losses.fit.smoothing import straight
from losses.fit.together import costs, descend
from losses.margin import Logistic

STARTS, TRIALS, CELLS = 12, 1024, 600_000  # descents; random lines tried; losses at once
SEED = (1984, 871)  # of random rows
SIZES, SHARPNESS = (0.0, 0.5, 1.0, 2.0, 8.0), (0.5, 1.0, 2.0, 8.0, 32.0)  # times a fit
TURNS = (0.2, 1.0, 10.0)  # from the fit: a little, much, and to anywhere
HELD = 1e-3  # what keeps the logistic fit finite, were the classes separable
POLISHES = 5  # Newton steps at the end, at most
WIDE = 1e4  # a score that no data ask for: the weights run away
NOTE = "best of {} starts; the loss is not convex, so a better one may exist"
AWAY = "; the cost still falls as the weights grow"


@SILENT
def best_of_several(loss: Loss, frame: Frame) -> Optimum:
    """The lowest of the minima below several starts: robust lines, or classifiers, and chance."""
    starts = _lines(loss, frame) if isinstance(loss, ResidualLoss) else _classifiers(loss, frame)
    found, rounds = descend(loss, frame.A, frame.y, starts, frame.ridge)
    paid = costs(loss, frame.A, frame.y, found, frame.ridge)
    rows = Rows.of(loss, frame.y)
    z = _polished(rows, frame, found[int(np.nanargmin(paid))])
    u = frame.A @ z - rows.level
    certificate, note = imbalance(rows, frame, z, u), NOTE.format(len(starts))
    if certificate > PROVEN or (not isinstance(loss, ResidualLoss) and np.abs(u).max() > WIDE):
        note += AWAY if not isinstance(loss, ResidualLoss) else "; stopped before its slope was 0"
    return Optimum(z, certificate, rounds, False, note)


def _polished(rows: Rows, frame: Frame, z: Array) -> Array:
    """Newton's steps while they cancel more: the last digits no longer show in the cost."""
    best = imbalance(rows, frame, z, frame.A @ z - rows.level)
    for _ in range(POLISHES):
        u = frame.A @ z - rows.level
        slope = rows.slope(u) @ frame.A + frame.ridge.T @ (frame.ridge @ z)
        H = (frame.A.T * rows.bend(u)) @ frame.A + frame.ridge.T @ frame.ridge
        tried = z - np.linalg.lstsq(H, slope, rcond=None)[0]
        found = imbalance(rows, frame, tried, frame.A @ tried - rows.level)
        if not found < best:
            break
        z, best = tried, found
    return z


def _lines(loss: Loss, frame: Frame) -> Array:
    """Least absolute deviations, least squares, and the best of many planes through random rows."""
    A, y, (n, k) = frame.A, frame.y, frame.A.shape
    half = np.full(n, 0.5)
    base = [straight(Corners(A, y, frame.grain, -half, half), frame).z]
    base.append(frame.squares)
    rows = _subsets(n, k)
    planes = A[rows]
    size = np.linalg.norm(planes, axis=2).prod(axis=1)
    firm = np.abs(np.linalg.det(planes)) > 1e-8 * size
    through = np.linalg.solve(planes[firm], y[rows[firm]][..., None])[..., 0]
    paid = costs(loss, A, y, through, frame.ridge)
    best = through[np.argsort(paid, kind="stable")[: STARTS - 2]]
    return np.vstack([*base, best])


def _subsets(n: int, k: int) -> Indices:
    """Sets of k of n rows, `(trials, k)`: all if they are few, else so many at random."""
    trials = max(4 * STARTS, min(TRIALS, CELLS // n))
    if math.comb(n, k) <= trials:
        sets = [*itertools.combinations(range(n), k)]
        return np.array(sets, dtype=np.intp).reshape(-1, k)
    drawn = np.random.default_rng(SEED).random((trials, n))
    return np.argpartition(drawn, k, axis=1)[:, :k]


def _classifiers(loss: Loss, frame: Frame) -> Array:
    """The logistic fit at several sizes, and the best of many borders turned a little at random,
    each through a random row and as sharp as chance has it."""
    A, (n, k) = frame.A, frame.A.shape
    sign = frame.y if isinstance(loss, MarginLoss) else 2 * frame.y - 1
    held = replace(frame, ridge=np.vstack([frame.ridge, HELD * math.sqrt(n) * np.eye(k)]))
    fitted = newton(Rows.of(Logistic(), sign), held, np.zeros(k)).z
    rng, length = np.random.default_rng(SEED), np.linalg.norm(fitted) or 1.0
    trials = max(4 * STARTS, min(TRIALS, CELLS // n))
    turned = fitted + length * rng.choice(TURNS, (trials, 1)) * rng.normal(size=(trials, k))
    turned -= np.vecdot(A[rng.integers(n, size=trials)], turned)[:, None] * frame.flat
    turned *= rng.choice(SHARPNESS, (trials, 1))
    paid = costs(loss, A, frame.y, turned, frame.ridge)
    best = turned[np.argsort(paid, kind="stable")[: STARTS - len(SIZES)]]
    return np.vstack([np.outer(SIZES, fitted), best])
