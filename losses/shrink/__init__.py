"""Shrinkage: what a penalty does to the best weights, at one strength and at all of them."""

from losses.shrink.exact import penalized
from losses.shrink.judging import Folds, HeldOut, folded, held_out
from losses.shrink.knots import Event, Knots, knots
from losses.shrink.path import Path, path
from losses.shrink.strongest import strongest
from losses.shrink.touching import Touching, level_set, touching
from losses.shrink.translation import Translation, translated
from losses.shrink.two_ways import TwoWays, Walk, two_ways

__all__ = [
    "Event",
    "Folds",
    "HeldOut",
    "Knots",
    "Path",
    "Touching",
    "Translation",
    "TwoWays",
    "Walk",
    "folded",
    "held_out",
    "knots",
    "level_set",
    "path",
    "penalized",
    "strongest",
    "touching",
    "translated",
    "two_ways",
]
