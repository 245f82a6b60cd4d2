"""Shrinkage: what a penalty does to the best weights, at one strength and at all of them."""

from losses.shrink.dial import beginning, dialed, lowest, sparse
from losses.shrink.exact import penalized
from losses.shrink.judging import Folds, HeldOut, folded, held_out
from losses.shrink.knots import Event, Knots, knots
from losses.shrink.path import Path, path
from losses.shrink.plane import Plane, plane
from losses.shrink.problem import at_strength
from losses.shrink.strongest import strongest
from losses.shrink.tied import repeated, tied
from losses.shrink.touching import Touching, level_set, touching
from losses.shrink.translation import Translation, translated
from losses.shrink.tuning import Tuned, tuned
from losses.shrink.two_ways import TwoWays, Walk, two_ways
from losses.shrink.weighing import Weighed, dearest, weighed
from losses.shrink.widened import with_products

__all__ = [
    "Event",
    "Folds",
    "HeldOut",
    "Knots",
    "Path",
    "Plane",
    "Touching",
    "Translation",
    "Tuned",
    "TwoWays",
    "Walk",
    "Weighed",
    "at_strength",
    "beginning",
    "dearest",
    "dialed",
    "folded",
    "held_out",
    "knots",
    "level_set",
    "lowest",
    "path",
    "penalized",
    "plane",
    "repeated",
    "sparse",
    "strongest",
    "tied",
    "touching",
    "translated",
    "tuned",
    "two_ways",
    "weighed",
    "with_products",
]
