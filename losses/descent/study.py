"""A published race beside a fair one: who reaches the deepest minimum from how many starts."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.descent.basins import ends
from losses.descent.landscape import Landscape
from losses.descent.published import PublishedRace

STARTS, SEED = 600, 11
LOW, HIGH, RATES = 2e-6, 0.5, 22


@dataclass(frozen=True, eq=False)
class Study:
    """The share of starts that end in the deepest well, `(M,)`: as published, and tuned alike.

    Tuned alike, every optimizer has the same `steps` and the best of the same `rates` `(R,)`;
    `shares` `(M, R)` are those at each of them, `best` `(M,)` the rates that reach it from most.
    """

    starts: int
    steps: int
    rates: Array
    published: Array
    shares: Array

    @property
    def fair(self) -> Array:
        """The shares at the best rates."""
        return self.shares.max(axis=1)

    @property
    def best(self) -> Array:
        """The best rates."""
        return self.rates[self.shares.argmax(axis=1)]

    @property
    def error(self) -> float:
        """The largest standard error that a share of so many starts can have."""
        return 0.5 / float(np.sqrt(self.starts))

    def leaders(self, shares: Array) -> tuple[int, list[int]]:
        """Who has the largest of shares `(M,)`, and who is within twice the error of the
        difference."""
        first = int(shares.argmax())
        near = np.flatnonzero(shares > shares[first] - 2 * np.sqrt(2) * self.error)
        return first, [int(k) for k in near if k != first]


def study(race: PublishedRace, *, starts: int = STARTS, seed: int = SEED) -> Study:
    """Runs a race as published and with one budget for all: that of its longest walk, 22 times."""
    (left, right), (low, high) = race.landscape.window
    rng = np.random.default_rng(seed)
    places = rng.uniform((left, low), (right, high), (starts, 2))
    rates, steps = np.geomspace(LOW, HIGH, RATES), max(runner.steps for runner in race.runners)
    shares = []
    for optimizer, _ in race.runners:
        each, many = np.repeat(rates, starts), np.tile(places, (RATES, 1))
        last = ends(race.landscape, optimizer, many, rates=each, steps=steps)
        shares.append(_deepest(race.landscape, last.reshape(RATES, starts, 2)))
    published = _deepest(race.landscape, race.ends(places))
    return Study(starts, steps, rates, published, np.array(shares))


def _deepest(landscape: Landscape, last: Array) -> Array:
    """The share of ends `(…, K, 2)` that lie deeper than half-way from the deepest minimum to the
    next: a walk that only bounces over the well is not in it."""
    floors = landscape.values(landscape.minima)
    with np.errstate(all="ignore"):
        return np.asarray((landscape.values(last) < floors[:2].mean()).mean(axis=-1))
