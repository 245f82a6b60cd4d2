"""The catalogue of landscapes, in the order of every menu: one valley first, several wells then."""

# isort: off
from losses.descent.landscape import Landscape, Window
from losses.descent.valleys import Beale, Booth, Ravine, Rosenbrock, Saddle
from losses.descent.wells import Himmelblau, Rastrigin, StyblinskiTang, ThreeHumpCamel, TwoWells

__all__ = [
    "Beale",
    "Booth",
    "Himmelblau",
    "Landscape",
    "Rastrigin",
    "Ravine",
    "Rosenbrock",
    "Saddle",
    "StyblinskiTang",
    "ThreeHumpCamel",
    "TwoWells",
    "Window",
]
