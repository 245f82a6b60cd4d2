"""Figures as the browser gets them: whole, honest in every frame, readable without being seen."""

import importlib
import inspect
import json
import pkgutil
import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import numpy as np
import plotly.graph_objects as go
import pytest

import charts
from charts.bands import bands_figure
from charts.basins import basins_figure
from charts.changes import changes_figure
from charts.coefficients import coefficients_figure
from charts.compare import relative_figure, rows_figure
from charts.cumulative import cumulative_figure
from charts.curves import curve_figure
from charts.data import data_picture
from charts.deciding import decided_figure, path_figure
from charts.descent import captions, descent_figure
from charts.emphasis import ratio_figure
from charts.figure import Figure, Shades, Trail, pack, reel
from charts.fitted import certainty_figure, line_figure, predicted_figure
from charts.floor import floor_figure
from charts.focal import logit_figure, probability_figure
from charts.gallery import card
from charts.huber import fit_figure, handover_figure
from charts.imbalance import Panel, decision_figure
from charts.letting_go import displacement_figure, pulled_figure
from charts.margins import margins_figure
from charts.matching import STOPS as MATCHED
from charts.matching import matching_figure
from charts.mistake import mistake_figure
from charts.murphy import murphy_figure
from charts.network import network_figure
from charts.network_graph import ledger_figure
from charts.noise import density_figure, likelihood_figure
from charts.ownership import ownership_figure
from charts.plane import Seen
from charts.race import sweep_figure
from charts.readings import readings_figure
from charts.reliability import reliability_figure
from charts.resampled import scatter_figure, strips_figure
from charts.residuals import residuals_figure
from charts.ruler import ruler_figure
from charts.shadow import shadow_figure
from charts.shrinking import shrinking_figure
from charts.simplex import STOPS, simplex_figure
from charts.sureness import differences_figure, spread_figure
from charts.surprise import READ, classes_figure, surprise_figure
from charts.touching import touching_figure
from charts.trade import trade_figure
from charts.tuning import tuning_figure
from charts.two_ways import two_ways_figure
from charts.typed import typed_figure
from charts.units import Rows, units_figure
from charts.weighing import weighing_figure
from losses import Loss, Optimizer
from losses.axes import AXES
from losses.chances import learned as chances
from losses.chances import predicted as chances_of
from losses.data import Dataset
from losses.data.bundled import Diabetes, Sample
from losses.data.generators import Generator
from losses.descent.album import album, units
from losses.descent.bands import bands
from losses.descent.basins import basins
from losses.descent.landscapes import Landscape
from losses.descent.ledger import ledger
from losses.descent.lesson import lesson, network_objective, shadowed
from losses.descent.lineup import by_loss, by_optimizer, by_start, objective
from losses.descent.race import fair_race
from losses.descent.relay import Leg
from losses.descent.scene import PLANES, scene
from losses.descent.stability import ruler
from losses.descent.walk import stages
from losses.formula import Formula
from losses.imbalance import Given, Rare, by_gamma, by_weight, scatter, views
from losses.imbalance.plane import plane
from losses.penalties import L1, L2
from losses.probabilistic import Brier, CrossEntropy, Focal
from losses.regression import Huber, SquaredError
from losses.robust import delta_study
from losses.shrink import dialed, penalized, tuned, two_ways, weighed, with_products
from losses.shrink import plane as plane_of_two
from losses.simplex import Answer
from losses.verdict import (
    belief,
    bootstrap,
    calibrations,
    crossings,
    decision,
    matrix,
    murphy,
    residuals,
    row_losses,
    uncertainty,
)
from losses.verdict.cumulative import by_class
from losses.verdict.letting_go import let_go
from losses.verdict.mistake import LOGITS, Sureness, ten_rows
from losses.verdict.ownership import owned
from losses.verdict.reach import grid
from losses.verdict.readings import read
from losses.verdict.shrinking import shrunk
from losses.verdict.training import trained
from tests.conftest import ROOT
from tests.test_network import objective_of, weights_of
from tests.visits import decode

DELTA = Huber.parameters()[0]
GAMMA, ALPHA = Focal.parameters()
SURPRISE = {"p": "said", "positive_weight": "positive_weight", "smoothing": "smoothing"}
ROLE = re.compile(r"\$(\d|ink|muted|grid|paper|accent)(/[01](\.\d+)?)?")
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!;)")


@cache
def line(seed=0, **knobs):
    return Generator.catalogue["line_with_outliers"](n=30, **knobs).seeded(seed)


@cache
def blobs(seed=0):
    return Generator.catalogue["two_blobs"](n=40).seeded(seed)


def floors(eta):
    return floor_figure([CrossEntropy(2.0), Focal(), Brier()], eta, "eta")


def margins(eta):
    slugs = ("zero_one", "perceptron", "hinge", "logistic", "savage")
    return margins_figure([Loss.catalogue[slug]() for slug in slugs], eta, "eta")


def typed(c, text="where(abs(r) < c, abs(r), r^2)"):
    """Two sliders of one text, whose ruler is that of its first value."""
    loss = type(Formula(text, c=2.0))(c=c)
    return typed_figure(loss, [Loss.catalogue["huber"]()], AXES["Residual"], rug=np.arange(3.0))


def triangle(z=(-1.0, 0.0, 1.0), parts=(6.0, 3.0, 1.0), rows=None):
    names = rows.classes if rows else ("a", "b", "c")
    return simplex_figure(Answer(z, parts), names, ("z0", "z1", "z2"), rows)


@cache
def rare():
    data = Generator.catalogue["rare_event"](n=200, share=0.2).seeded(0)
    return Rare.of(data, 1, data.columns)


def seen():
    return Seen(plane(rare(), rare().data.columns), rare().target, ("$<b>no", "yes"))


def panels(weight):
    """A decision by threshold, and by a refit with the weight, whose rows that differ are marked."""
    plain, refit = rare().at(), rare().at(weight)
    found, flat = views(plain.logits, weight, refit.logits), seen().plane
    border, tilts = 1 / (1 + weight), [flat.tilt(one.fit.weights) for one in (plain, refit)]
    differing = found.differing("threshold", "refit")
    return [
        Panel("by threshold", tilts[0], border, found.called["threshold"]),
        Panel("by refit", tilts[1], 0.5, found.called["refit"], differing),
    ]


def given_figure(weight):
    model = Given(chances_of(Sample.catalogue["binary_predictions"]().load(), "random_forest"))
    there, called = plane(model), views(model.at(), weight).called["prior"]
    told = Seen(there, model.target, ("no", "yes"))
    return decision_figure(
        told, [Panel("shifted", there.tilt(model.shift(weight)), 0.5, called)] * 3
    )


def redrawn(weight):
    ways = [scatter(rare(), way, weight, 4) for way in ("oversampling", "undersampling")]
    weighted, plain = rare().at(weight), rare().at()
    fits = [weighted, *(one for way in ways for one in way.fits)]
    border = seen().plane.borders([one.fit.weights for one in fits], 0.5)
    judged = rare().judged(weighted), rare().judged(plain)
    return scatter_figure(seen(), ways, border, 1), strips_figure(ways, *judged, 1)


@cache
def study(seed=0):
    return delta_study(line(seed), DELTA.grid())


@cache
def walk(loss="squared_error", data=None, optimizer="gradient_descent", steps=30, **knobs):
    data = (data or line()).standardized()
    one = data.only(data.columns[0])
    tuned = Optimizer.catalogue[optimizer](**knobs)
    entrants = by_loss(one, [Loss.catalogue[loss]()], None, tuned, (-1.0, -1.0))
    return scene(entrants, steps=steps, wide=False)


@cache
def beside(what, seed=0):
    """Several walks on one clock."""
    adam, plain = (Optimizer.catalogue[slug]() for slug in ("adam", "gradient_descent"))
    start = (-1.0, -1.0 - seed)
    data = line().standardized()
    kinds = [Loss.catalogue[slug]() for slug in ("squared_error", "huber", "absolute_error")]
    many = [Loss.catalogue[slug]() for slug in ("softmax_cross_entropy", "multiclass_brier")]
    entrants = {
        "losses": lambda: by_loss(data, kinds, None, plain, start),
        "starts": lambda: by_start(objective(data, kinds[1]), adam, start, 5, seed),
        "classes": lambda: by_loss(three_classes(), many[seed:][:1], None, plain, start),
        "landscape": lambda: by_optimizer(Landscape.catalogue["two_wells"](), [adam, plain], start),
    }
    return scene(entrants[what](), steps=20)


@cache
def far(eta):
    """A walk that is followed far out of the window."""
    tuned = Optimizer.catalogue["gradient_descent"](eta=eta)
    data = line().standardized()
    entrants = by_loss(data, [Loss.catalogue["squared_error"]()], None, tuned, (-1.0, -1.0))
    return scene(entrants, steps=400)


@cache
def taught(data=None, *losses, eta=0.1, hidden=(3,), act="tanh", seed=0):
    """A small network in training, under one loss after the other."""
    data, adam = data or blobs(), Optimizer.catalogue["adam"](eta=eta)
    kinds = [Loss.catalogue[slug]() for slug in losses or ("cross_entropy",)]
    grounds = [network_objective(data.standardized(), loss, hidden, act) for loss in kinds]
    return lesson([Leg(ground, adam, 150) for ground in grounds], seed)


def net(*args, **how):
    one = taught(*args, **how)
    return network_figure(one, album(one))


def cast(**how):
    return shadow_figure(shadowed(taught(**how), PLANES[0])[1])


def banded(seeds, **rates):
    kinds = [Optimizer.catalogue[slug](eta=eta) for slug, eta in rates.items()]
    return bands_figure(bands(taught().objective, kinds, range(seeds), steps=20), "cost")


def pictured(*args, **how):
    one = taught(*args, **how)
    data = one.objective.data
    rows = Rows(data.features, data.target if data.classes else None)
    dead = one.health.dead(one.last)
    return units_figure(*units(one, one.last), data.columns, one.last, rows=rows, dead=dead)


@cache
def raced(steps=30):
    kinds = [Optimizer.catalogue[slug]() for slug in ("gradient_descent", "adam")]
    starts = np.array([[0.5, 1.5], [-1.0, 1.0]])
    return fair_race(Landscape.catalogue["rosenbrock"](), kinds, starts, steps=steps)


@cache
def drained(steps=60):
    even = np.linspace(-2.0, 2.0, 9)
    plain = Optimizer.catalogue["gradient_descent"](eta=0.02)
    return basins(Landscape.catalogue["two_wells"](), plain, even, even, steps=steps)


def parts():
    """The steps of momentum, taken apart."""
    one = walk(optimizer="momentum")
    return stages(one.grounds[0], one.walks[0].optimizer, one.walks[0].trajectory, steps=30)


def ruled():
    one = walk()
    return ruler(one.grounds[0], one.walks[0].trajectory.weights[0])


def changes(at):
    found = crossings(*judged(at), Huber(), "delta", 0.05, 5.0)
    return changes_figure(found, "δ", at, "flip", grid(0.05, 5.0))


def decided(scale=1.0):
    target, predictions = judged(scale)
    return decision(target, predictions["a"], predictions["b"], Huber())


def predicted(scale=1.0, *, binary=False):
    """The same rows as a data set: numbers, or two classes and probabilities."""
    target, predictions = judged(scale)
    columns, label, kind = np.column_stack([predictions["a"], predictions["b"]]), "y", {}
    if binary:
        columns, target = 1 / (1 + np.exp(-columns)), (target > 0).astype(float)
        kind = {"task": "binary", "classes": ("no", "yes")}
    return Dataset("rows", ("a", "b"), columns, target, label, role="predictions", **kind)


def resampled(scale=1.0):
    return uncertainty(*judged(scale), Huber(), resamples=200)


def two(scale=1.0):
    target, predictions = judged(scale)
    return bootstrap(target, predictions["a"], predictions["b"], Huber(), resamples=200)


def three_classes():
    y = np.arange(30.0) % 3
    features = np.column_stack([y + np.linspace(0, 1, 30), np.sin(np.arange(30.0))])
    return Dataset("three", ("a", "b"), features, y, "kind", "multiclass", ("x", "y", "z"))


def numbers():
    """A target that is a number, over two features."""
    three = three_classes()
    return Dataset("numbers", three.columns, three.features, three.features.sum(axis=1), "y")


def curves(axis, *, positive=True, half=False, **at):
    """All losses of an axis with every slider a film, each parameter where `at` puts it."""
    kinds = [loss for loss in Loss.catalogue.values() if axis in loss.axes]
    losses = [
        kind(**{p.name: at[p.name] for p in kind.parameters() if p.name in at}) for kind in kinds
    ]
    films = {
        f"{loss.slug}_{parameter.name}": (loss, parameter)
        for loss in losses
        for parameter in loss.parameters()
        if getattr(loss, parameter.name) is not None
    }
    stops = np.linspace(axis.low, axis.high, 7)[1:-1].tolist()
    rug = np.linspace(axis.low, axis.high, 9)
    return curve_figure(
        losses,
        axis,
        positive=positive,
        half=half,
        at=stops[at.get("read", 2)],
        stops=stops,
        rug=rug,
        films=films,
    )


def sliders(axis):
    """The key of each parameter's film, with its loss and its parameter."""
    return {
        f"{kind.slug}_{parameter.name}": (kind, parameter)
        for kind in Loss.catalogue.values()
        for parameter in kind.parameters()
        if axis in kind.axes and not parameter.optional
    }


def alone(axis):
    """One loss of an axis by itself, its parameters at their ends."""
    kind = next(kind for kind in Loss.catalogue.values() if axis in kind.axes)
    return curve_figure([kind(**{p.name: p.high for p in kind.parameters()})], axis, positive=False)


def judged(scale=1.0):
    rng = np.random.default_rng(1)
    target = rng.normal(size=50)
    predictions = {
        name: target + scale * k * rng.normal(size=50) for k, name in enumerate("abc", 1)
    }
    return target, predictions


def costs(scale=1.0):
    losses = [Loss.catalogue[slug]() for slug in ("squared_error", "absolute_error", "huber")]
    return matrix(*judged(scale), losses)


KINDS = [Loss.catalogue[slug]() for slug in ("squared_error", "absolute_error", "huber", "cauchy")]


@cache
def diagram(asks="mean", level=0.5, scale=1.0):
    return murphy(*judged(scale), asks, level)


@cache
def errors(scale=1.0):
    return residuals(*judged(scale), KINDS)[1]


@cache
def believed(scale=1.0):
    return belief(errors(scale).residual, KINDS)


@cache
def calibrated(seed=0, move=None):
    rng = np.random.default_rng(seed)
    target = np.arange(200.0) % 2
    given = {name: rng.beta(1 + 2 * target, 3 - 2 * target) for name in ("<b>", "sharp")}
    return calibrations(target, given, move=move)


@cache
def learned(data, *slugs, **plan):
    losses = [Loss.catalogue[slug]() for slug in slugs]
    return trained(data, losses, losses, **plan)


FOLLOWING = ("squared_error", "absolute_error", "huber", "tukey_biweight")
CLASSING = ("cross_entropy", "brier", "hinge")


@cache
def prices(seed=0):
    return Generator.catalogue["house_prices"](n=40).seeded(seed)


@cache
def let(sideways=False, row=None):
    losses = [Loss.catalogue[slug]() for slug in FOLLOWING]
    return let_go(line(), losses, sideways=sideways, row=row)


def told(seed=0):
    return chances(blobs(seed)).chances


@cache
def gathered(seed=0):
    found = by_class(told(seed), GAMMA.grid())
    return {"<b>": found[0], "$1$": found[1]}


@cache
def shares(seed=0):
    return owned(told(seed), GAMMA.grid())


def focal_shares(focal):
    return ownership_figure(shares(), focal)


def focal_ratio(focal):
    return ratio_figure(focal, np.linspace(0, 1, 50))


def focal_rows(focal):
    return cumulative_figure(gathered(), focal.gamma)


def focal_asks(focal):
    return shrinking_figure(shrunk(told(), focal.gamma, focal.alpha), focal)


def focal_readings(focal):
    return readings_figure(read(told(), focal.gamma, focal.alpha or 0.25))


FOCAL = (focal_shares, focal_ratio, focal_rows, focal_asks, focal_readings)


SHARES = tuple(round(-0.25 * k, 6) for k in range(13))


@cache
def measures():
    """Real rows of four columns."""
    data = Diabetes().load().standardized()
    return replace(data, columns=data.columns[:4], features=data.features[:, :4])


@cache
def touched(kind=L1):
    rows = measures()
    return plane_of_two(SquaredError(), rows.features[:, [2, 0]], rows.target, kind(), SHARES)


def touching_at(place, kind=L1):
    return touching_figure(touched(kind), SHARES, place, ("bmi", "$age%{x}<b>"), "strength")


@cache
def shrunken(kind=L1):
    return dialed(SquaredError(), measures().features, measures().target, kind(), SHARES)


def coefficients_at(place, kind=L1):
    return coefficients_figure(shrunken(kind), SHARES, place, measures().columns, "strength")


@cache
def judged_paths(seed=0):
    return tuned(SquaredError(), with_products(measures()), L1(), SHARES, rows=60, seed=seed)


def tuning_at(place, seed=0):
    return tuning_figure(judged_paths(seed), SHARES, place, "strength")


@cache
def both_ways(lam=0.4):
    ground = objective(measures(), SquaredError(), L1(lam=lam))
    best = penalized(SquaredError(), measures().features, measures().target, L1(lam=lam))
    return two_ways_figure(two_ways(ground, np.full(5, 0.5), steps=60), best.objective)


@cache
def weighing_at(copies, row=7):
    data = measures()
    found = weighed(SquaredError(), data.features, data.target, L1(lam=0.1), row)
    lines = data.rows + 1
    return weighing_figure(found, copies, lines, data.columns, "copies")


# Each figure with another that shows other data or another setting: function, figure, other.
def through(hidden, row, slug="cross_entropy", zoom=1.0):
    """The numbers of one row on a network."""
    there = objective_of(Loss.catalogue[slug](), hidden)
    w = weights_of(there.model)
    return ledger_figure(there, w, row, ledger(there, w, row), zoom=zoom)


FIGURES = {
    "where cost and diamond touch": (
        touching_figure,
        lambda: touching_at(2),
        lambda: touching_at(6),
    ),
    "where cost and circle touch": (
        touching_figure,
        lambda: touching_at(2, L2),
        lambda: touching_at(0),
    ),
    "weights over λ": (
        coefficients_figure,
        lambda: coefficients_at(3),
        lambda: coefficients_at(8),
    ),
    "weights over λ, squared": (
        coefficients_figure,
        lambda: coefficients_at(3, L2),
        lambda: coefficients_at(0, L2),
    ),
    "both ends of λ": (
        tuning_figure,
        lambda: tuning_at(4),
        lambda: tuning_at(4, 1),
    ),
    "two ways to zero": (
        two_ways_figure,
        lambda: both_ways(),
        lambda: both_ways(0.02),
    ),
    "one row that counts": (
        weighing_figure,
        lambda: weighing_at(1),
        lambda: weighing_at(10),
    ),
    **{
        f"curves over the {axis.slug}": (
            curve_figure,
            lambda a=axis: curves(a),
            lambda a=axis: alone(a),
        )
        for axis in AXES.values()
    },
    "curves where y = 0": (
        curve_figure,
        lambda: curves(AXES["Logit"], positive=False),
        lambda: curves(AXES["Logit"]),
    ),
    "curves of ½ r²": (
        curve_figure,
        lambda: curves(AXES["Residual"], half=True),
        lambda: curves(AXES["Residual"]),
    ),
    "hand-over": (
        handover_figure,
        lambda: handover_figure(Huber(1.0), study(), divided=False),
        lambda: handover_figure(Huber(3.0), study(), divided=False),
    ),
    "hand-over, divided": (
        handover_figure,
        lambda: handover_figure(Huber(1.0), study(), divided=True),
        lambda: handover_figure(Huber(3.0), study(), divided=True),
    ),
    "Huber's fit": (
        fit_figure,
        lambda: fit_figure(Huber(1.0), study()),
        lambda: fit_figure(Huber(1.0), study(1)),
    ),
    "focal by probability": (
        probability_figure,
        lambda: probability_figure(Focal()),
        lambda: probability_figure(Focal(4.0)),
    ),
    "focal by logit": (
        logit_figure,
        lambda: logit_figure(Focal()),
        lambda: logit_figure(Focal(4.0)),
    ),
    "focal by probability, weighted": (
        probability_figure,
        lambda: probability_figure(Focal(2.0, 0.25)),
        lambda: probability_figure(Focal(2.0, 0.75)),
    ),
    "focal by logit, weighted": (
        logit_figure,
        lambda: logit_figure(Focal(2.0, 0.25)),
        lambda: logit_figure(Focal(2.0, 0.75)),
    ),
    "focal's pull": (
        ratio_figure,
        lambda: focal_ratio(Focal()),
        lambda: ratio_figure(Focal(4.0)),
    ),
    "focal's pull, weighted": (
        ratio_figure,
        lambda: focal_ratio(Focal(2.0, 0.9)),
        lambda: focal_ratio(Focal(2.0, 0.1)),
    ),
    "rows that carry focal's loss": (
        cumulative_figure,
        lambda: focal_rows(Focal()),
        lambda: cumulative_figure(gathered(1), 4.0),
    ),
    "owners of focal's loss": (
        ownership_figure,
        lambda: focal_shares(Focal()),
        lambda: ownership_figure(shares(1), Focal(4.0)),
    ),
    "owners of focal's loss, weighted": (
        ownership_figure,
        lambda: focal_shares(Focal(2.0, 0.25)),
        lambda: focal_shares(Focal(2.0, 0.75)),
    ),
    "readings of focal": (
        readings_figure,
        lambda: focal_readings(Focal()),
        lambda: focal_readings(Focal(4.0, 0.5)),
    ),
    "what focal asks for": (
        shrinking_figure,
        lambda: focal_asks(Focal()),
        lambda: focal_asks(Focal(4.0, 0.75)),
    ),
    "a surprise in nats": (
        surprise_figure,
        lambda: surprise_figure(CrossEntropy(), 0.1, "nats", SURPRISE),
        lambda: surprise_figure(CrossEntropy(), 0.3, "nats", SURPRISE),
    ),
    "a surprise in bits, weighted and smoothed": (
        surprise_figure,
        lambda: surprise_figure(CrossEntropy(4.0, 0.1), 0.1, "bits", SURPRISE),
        lambda: surprise_figure(CrossEntropy(2.0, 0.1), 0.1, "bits", SURPRISE),
    ),
    "a surprise of C classes": (
        classes_figure,
        lambda: classes_figure(2, "classes"),
        lambda: classes_figure(5, "classes"),
    ),
    "floors": (floor_figure, lambda: floors(0.8), lambda: floors(0.3)),
    "margin losses": (margins_figure, lambda: margins(0.7), lambda: margins(0.5)),
    "a triangle": (simplex_figure, lambda: triangle(), lambda: triangle(parts=(2.0, 3.0, 4.0))),
    "a triangle with rows, one class true": (
        simplex_figure,
        lambda: triangle(parts=(0.0, 1.0, 0.0), rows=chances(three_classes()).chances),
        lambda: triangle(parts=(0.0, 0.0, 1.0), rows=chances(three_classes()).chances),
    ),
    "one mistake": (
        mistake_figure,
        lambda: mistake_figure(ten_rows()[0], 3, -10.0, "nats", "mistake"),
        lambda: mistake_figure(ten_rows()[1], 3, -10.0, "bits", "mistake"),
    ),
    "one mistake in a fit": (
        mistake_figure,
        lambda: mistake_figure(Sureness(chances(blobs()).chances), 0, 2.0, "bits", "mistake"),
        lambda: mistake_figure(Sureness(chances(blobs(1)).chances), 0, 2.0, "bits", "mistake"),
    ),
    "a typed loss": (
        typed_figure,
        lambda: typed(2.0),
        lambda: typed(3.0),
    ),
    "a typed loss far larger than usual": (
        typed_figure,
        lambda: typed(2.0, "-1000*c*abs(r)"),
        lambda: typed(3.0, "-1000*c*abs(r)"),
    ),
    "descent of a line": (
        descent_figure,
        lambda: descent_figure(walk()),
        lambda: descent_figure(walk("huber")),
    ),
    "descent of two classes": (
        descent_figure,
        lambda: descent_figure(walk("cross_entropy", blobs())),
        lambda: descent_figure(walk("cross_entropy", blobs(1))),
    ),
    "descent that diverges": (
        descent_figure,
        lambda: descent_figure(walk(eta=1.9, steps=200)),
        lambda: descent_figure(walk(eta=1.5, steps=200)),
    ),
    "descent of three losses": (
        descent_figure,
        lambda: descent_figure(beside("losses")),
        lambda: descent_figure(beside("losses", 1)),
    ),
    "descent of optimizers in parts": (
        descent_figure,
        lambda: descent_figure(walk(optimizer="momentum"), stages=parts()),
        lambda: descent_figure(walk("huber", optimizer="momentum"), stages=parts()),
    ),
    "descent of starts": (
        descent_figure,
        lambda: descent_figure(beside("starts")),
        lambda: descent_figure(beside("starts", 1)),
    ),
    "descent far away": (
        descent_figure,
        lambda: descent_figure(far(1.5)),
        lambda: descent_figure(far(1.9)),
    ),
    "descent of three classes": (
        descent_figure,
        lambda: descent_figure(beside("classes")),
        lambda: descent_figure(beside("classes", 1)),
    ),
    "descent over a landscape": (
        descent_figure,
        lambda: descent_figure(beside("landscape")),
        lambda: descent_figure(beside("landscape", 1)),
    ),
    "a network of two classes": (
        network_figure,
        lambda: net(),
        lambda: net(blobs(1)),
    ),
    "a network of three classes": (
        network_figure,
        lambda: net(three_classes(), "softmax_cross_entropy"),
        lambda: net(three_classes(), "multiclass_brier"),
    ),
    "a network over one feature": (
        network_figure,
        lambda: net(line(), "squared_error"),
        lambda: net(line(1), "squared_error"),
    ),
    "a network over two features": (
        network_figure,
        lambda: net(numbers(), "squared_error"),
        lambda: net(numbers(), "huber"),
    ),
    "a network whose loss changes": (
        network_figure,
        lambda: net(None, "cross_entropy", "hinge"),
        lambda: net(None, "hinge", "cross_entropy"),
    ),
    "the shadow of a network": (
        shadow_figure,
        lambda: cast(),
        lambda: cast(seed=1),
    ),
    "bands of optimizers": (
        bands_figure,
        lambda: banded(4, adam=0.1, gradient_descent=0.5),
        lambda: banded(5, adam=0.01),
    ),
    "hidden units over two features": (
        units_figure,
        lambda: pictured(hidden=(3, 2)),
        lambda: pictured(hidden=(4, 2)),
    ),
    "hidden units over one feature": (
        units_figure,
        lambda: pictured(line(), "squared_error", hidden=(3, 2), act="relu"),
        lambda: pictured(line(1), "squared_error", hidden=(3, 3)),
    ),
    "sweep of a race": (
        sweep_figure,
        lambda: sweep_figure(raced(), "value"),
        lambda: sweep_figure(raced(60), "value"),
    ),
    "basins": (
        basins_figure,
        lambda: basins_figure(drained(), ("x", "y")),
        lambda: basins_figure(drained(3), ("x", "y")),
    ),
    "stability ruler": (
        ruler_figure,
        lambda: ruler_figure(ruled(), Optimizer.catalogue["gradient_descent"](), (0.0, 2.0)),
        lambda: ruler_figure(ruled(), Optimizer.catalogue["momentum"](eta=1.5), (0.0, 2.0)),
    ),
    "data, a line": (
        data_picture,
        lambda: data_picture(line()),
        lambda: data_picture(Generator.catalogue["house_prices"](n=30).seeded(0)),
    ),
    "data, two classes": (
        data_picture,
        lambda: data_picture(blobs()),
        lambda: data_picture(three_classes()),
    ),
    "models by loss": (
        relative_figure,
        lambda: relative_figure(costs()),
        lambda: relative_figure(costs(3.0)),
    ),
    "changes of the winner": (
        changes_figure,
        lambda: changes(1.0),
        lambda: changes(3.0),
    ),
    "path of a decision": (
        path_figure,
        lambda: path_figure(decided(), "abc", (0, 1)),
        lambda: path_figure(decided(3.0), "abc", (0, 1)),
    ),
    "rows of a decision": (
        decided_figure,
        lambda: decided_figure(predicted(), decided(), ("a", "b")),
        lambda: decided_figure(predicted(3.0), decided(3.0), ("a", "b")),
    ),
    "rows of a decision between classes": (
        decided_figure,
        lambda: decided_figure(predicted(binary=True), decided(), ("a", "b")),
        lambda: decided_figure(predicted(), decided(), ("a", "b")),
    ),
    "differences with intervals": (
        differences_figure,
        lambda: differences_figure(resampled(), Huber(), (0, 1, 2)),
        lambda: differences_figure(resampled(3.0), Huber(), (0, 1, 2)),
    ),
    "spread of a difference": (
        spread_figure,
        lambda: spread_figure(two(), "abc", (0, 1)),
        lambda: spread_figure(two(3.0), "abc", (0, 1)),
    ),
    "Murphy diagram": (
        murphy_figure,
        lambda: murphy_figure(diagram(), diagram().dominance("a", "b")),
        lambda: murphy_figure(diagram(scale=3.0), diagram(scale=3.0).dominance("a", "b")),
    ),
    "Murphy diagram of a quantile": (
        murphy_figure,
        lambda: murphy_figure(
            diagram("quantile", 0.9), diagram("quantile", 0.9).dominance("c", "b")
        ),
        lambda: murphy_figure(diagram("quantile", 0.1), None, "kg"),
    ),
    "residuals": (
        residuals_figure,
        lambda: residuals_figure(errors(), 1),
        lambda: residuals_figure(errors(3.0), 1, "kg"),
    ),
    "densities": (
        density_figure,
        lambda: density_figure(believed().leading(3), errors().bins, "b", 1),
        lambda: density_figure(believed(3.0).leading(3), errors(3.0).bins, "b", 1, "kg"),
    ),
    "likelihoods": (
        likelihood_figure,
        lambda: likelihood_figure(believed()),
        lambda: likelihood_figure(believed(3.0)),
    ),
    "reliability": (
        reliability_figure,
        lambda: reliability_figure({"as given": calibrated()}, "$x$"),
        lambda: reliability_figure({"as given": calibrated(1)}, "$x$"),
    ),
    "reliability, moved": (
        reliability_figure,
        lambda: reliability_figure(
            {"as given": calibrated(), "doubled": calibrated(0, lambda z: 2 * z)}, "yes"
        ),
        lambda: reliability_figure(
            {"as given": calibrated(), "halved": calibrated(0, lambda z: z / 2)}, "yes"
        ),
    ),
    "fitted lines": (
        line_figure,
        lambda: line_figure(learned(line(), *FOLLOWING)),
        lambda: line_figure(learned(line(), *FOLLOWING, lam=0.5)),
    ),
    "fitted curves of two classes": (
        line_figure,
        lambda: line_figure(learned(blobs().only("x1"), *CLASSING)),
        lambda: line_figure(learned(blobs().only("x1"), *CLASSING, seed=1)),
    ),
    "predicted and true": (
        predicted_figure,
        lambda: predicted_figure(learned(prices(), *FOLLOWING)),
        lambda: predicted_figure(learned(prices(1), *FOLLOWING)),
    ),
    "certainty of two classes": (
        certainty_figure,
        lambda: certainty_figure(learned(blobs(), *CLASSING)),
        lambda: certainty_figure(learned(blobs(1), *CLASSING, lam=0.1)),
    ),
    "certainty of three classes": (
        certainty_figure,
        lambda: certainty_figure(learned(three_classes(), "softmax_cross_entropy", lam=0.1)),
        lambda: certainty_figure(learned(three_classes(), "softmax_cross_entropy", lam=0.5)),
    ),
    "a row that pulls": (
        pulled_figure,
        lambda: pulled_figure(let(), 5.0, "pull_up"),
        lambda: pulled_figure(let(sideways=True), 5.0, "pull_sideways"),
    ),
    "where losses let go": (
        displacement_figure,
        lambda: displacement_figure(let(), 5.0, "pull_up"),
        lambda: displacement_figure(let(row=3), 5.0, "pull_up"),
    ),
    "rows by loss": (
        rows_figure,
        lambda: rows_figure(row_losses(*judged(), Huber())),
        lambda: rows_figure(row_losses(*judged(3.0), Huber())),
    ),
}
FIGURES |= {
    "a decision about a rare class": (
        decision_figure,
        lambda: decision_figure(seen(), panels(1.0)[:1]),
        lambda: decision_figure(seen(), panels(9.0)[:1]),
    ),
    "one decision in three views, and a refit": (
        decision_figure,
        lambda: decision_figure(seen(), panels(3.0), 2),
        lambda: decision_figure(seen(), panels(9.0), 2),
    ),
    "a decision about given probabilities": (
        decision_figure,
        lambda: given_figure(1.0),
        lambda: given_figure(9.0),
    ),
    "recall against calibration": (
        trade_figure,
        lambda: trade_figure(by_weight(rare()).at(), "mean", 5.0),
        lambda: trade_figure(by_weight(rare(), 2.0).at(0.3), "brier", 9.0),
    ),
    "what focal buys": (
        trade_figure,
        lambda: trade_figure(by_gamma(rare()).at(), "error", 1.0),
        lambda: trade_figure(by_gamma(rare(), 9.0).at(), "log_loss", 3.0),
    ),
    "resampled decisions": (
        scatter_figure,
        lambda: redrawn(3.0)[0],
        lambda: redrawn(9.0)[0],
    ),
    "what resampled fits come to": (
        strips_figure,
        lambda: redrawn(3.0)[1],
        lambda: redrawn(9.0)[1],
    ),
}
FIGURES |= {
    "one row through a network": (
        ledger_figure,
        lambda: through((3, 2), 2),
        lambda: through((3, 2), 5),
    ),
    "one row through a wide network, for a room": (
        ledger_figure,
        lambda: through((8, 8, 8), 2, "softmax_cross_entropy", zoom=1.4),
        lambda: through((8, 8, 8), 3, "softmax_cross_entropy", zoom=1.4),
    ),
    "why loss and output should match": (
        matching_figure,
        lambda: matching_figure(-8.0, "matched_z"),
        lambda: matching_figure(2.0, "matched_z"),
    ),
}
FIGURES = {
    name: (function, cache(one), cache(other)) for name, (function, one, other) in FIGURES.items()
}
EACH = pytest.mark.parametrize("figure", [one for _, one, _ in FIGURES.values()], ids=FIGURES)


def figure_functions():
    """Every public function of the charts that returns a figure."""
    for module in pkgutil.walk_packages(charts.__path__, "charts."):
        for function in vars(importlib.import_module(module.name)).values():
            if inspect.isfunction(function) and function.__annotations__.get("return") is Figure:
                yield function


def walked(value, key=""):
    """Every plain value in a nest of dictionaries and lists, with the key it stands under."""
    if isinstance(value, dict):
        for inner, item in value.items():
            yield from walked(item, inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from walked(item, key)
    else:
        yield key, value


def arrays(figure):
    """Every array of a figure and of its films."""
    for _, value in walked(
        [figure.data, *[vars(move) for film in figure.films.values() for move in film.moves]]
    ):
        if isinstance(value, np.ndarray):
            yield value


def shown(figure, key, k):
    """The traces as the browser shows them at one frame of a film."""
    traces = [dict(trace) for trace in figure.data]
    for move in figure.films[key].moves:
        for part in ("x", "y", "text"):
            frames = getattr(move, part, None)
            if frames is not None:
                traces[move.trace][part] = frames[: k + 1] if isinstance(move, Trail) else frames[k]
    return traces


def assert_same_picture(traces, expected):
    """The same traces in the same places, NaN where NaN is."""
    assert [trace["name"] for trace in traces] == [trace["name"] for trace in expected]
    for trace, other in zip(traces, expected, strict=True):
        for part in ("x", "y", "z"):
            if part in other:
                np.testing.assert_array_equal(
                    trace[part], other[part], err_msg=f"{part} of {trace['name']}"
                )
        assert {
            k: v for k, v in trace.items() if k not in "xyz" and not isinstance(v, np.ndarray)
        } == {k: v for k, v in other.items() if k not in "xyz" and not isinstance(v, np.ndarray)}


def few(stops):
    """The ends, the middle and two places between."""
    return [stops[place] for place in np.linspace(0, len(stops) - 1, 5).round().astype(int)]


def test_every_figure_function_is_looked_at_here():
    assert {function for function, *_ in FIGURES.values()} == set(figure_functions())


@EACH
def test_points_have_as_many_x_as_y(figure):
    for trace in figure().data:
        if "z" in trace:
            assert trace["z"].shape == (len(trace["y"]), len(trace["x"]))
        else:
            assert len(trace["x"]) == len(trace["y"]) > 0, trace["name"]


@EACH
def test_every_frame_has_as_many_points_as_the_trace_that_it_moves(figure):
    """The browser moves points that Plotly has drawn; it cannot draw new ones."""
    for key, film in figure().films.items():
        moved = [move.trace for move in film.moves]
        assert len(set(moved)) == len(moved), f"{key} moves a trace twice"
        for move in film.moves:
            points = len(figure().data[move.trace]["x"])
            if isinstance(move, Shades):
                trace = figure().data[move.trace]
                assert move.z.shape[1] == len(trace["x"]) * len(trace["y"])
                assert set(move.at) == set(range(len(move.z))), "a picture that is never seen"
                continue
            for frames in (move.x, move.y):
                if isinstance(move, Trail):
                    assert len(frames) == len(film) == points
                elif frames is not None:
                    shots = len(film) if move.at is None else int(move.at.max()) + 1
                    assert frames.shape == (shots, points), (
                        key,
                        figure().data[move.trace]["name"],
                    )


@EACH
def test_numbers_are_finite_but_for_the_breaks_in_a_line(figure):
    """NaN is where a line breaks; an infinity would say that there is something to draw."""
    assert not [array for array in arrays(figure()) if np.isinf(array).any()]
    for trace in figure().data:
        if trace.get("mode") == "lines" and "clock" not in figure().films:
            assert np.isfinite(trace["y"]).mean() > 0.6, trace["name"]


@EACH
def test_colors_are_roles_that_both_themes_resolve(figure):
    for key, value in walked([figure().data, figure().layout, figure().narrow]):
        if (
            re.search("color(?!scale|axis)", key, re.IGNORECASE)
            and isinstance(value, str)
            and key != "coloring"
        ):
            assert ROLE.fullmatch(value), f"{key}: {value}"


@pytest.mark.parametrize("file", sorted((ROOT / "charts").glob("*.py")), ids=lambda file: file.stem)
def test_no_chart_but_the_gallery_writes_a_color_of_its_own(file):
    assert bool(HEX.search(file.read_text("utf-8"))) == (file.stem == "gallery")


@EACH
def test_columns_of_the_table_have_one_length_and_come_back_from_the_download(figure):
    table = figure().table
    assert len({len(column) for column in table.values()}) <= 1
    if table:
        header, *rows = figure().csv().splitlines()
        assert len(rows) == len(next(iter(table.values())))
        if '"' not in header:
            back = [float(row.split(",")[-1]) for row in rows]
            np.testing.assert_array_equal(back, list(table.values())[-1])


@pytest.mark.parametrize(("one", "other"), [pair for _, *pair in FIGURES.values()], ids=FIGURES)
def test_alt_says_numbers_that_follow_the_data(one, other):
    """Who cannot see the figure hears what it shows, not what it was once drawn for."""
    for figure in (one(), other()):
        assert re.search(r"\d", figure.alt)
        assert figure.alt.endswith(".")
    assert one().alt != other().alt


@EACH
def test_plotly_knows_every_property(figure):
    """A misspelled property is drawn without a word; Plotly's own schema speaks up."""

    def colored(value, key=""):
        if isinstance(value, dict):
            return {inner: colored(item, inner) for inner, item in value.items()}
        if isinstance(value, list | tuple):
            return [colored(item, key) for item in value]
        return "red" if isinstance(value, str) and value.startswith("$") else value

    go.Figure(data=colored(figure().data), layout=colored(figure().layout))
    go.Figure(layout=colored(figure().narrow))


@EACH
def test_figure_travels_and_arrives_with_numbers_that_no_screen_tells_apart(figure):
    message = decode(pack(figure()))
    assert [trace["name"] for trace in message["data"]] == [
        trace["name"] for trace in figure().data
    ]
    for there, here in zip(message["data"], figure().data, strict=True):
        for part in {"x", "y", "z"} & set(here):
            finite = here[part][np.isfinite(here[part])]
            spread = np.ptp(finite) if finite.size else 0.0
            np.testing.assert_allclose(there[part], here[part], rtol=0, atol=spread / 32768)
    version, films = reel(figure().films)
    assert films.endswith(version.encode())
    for key, film in decode(films[: -len(version)])["films"].items():
        assert film["frames"] == len(figure().films[key])
        assert [move["trace"] for move in film["moves"]] == [
            move.trace for move in figure().films[key].moves
        ]


@pytest.mark.parametrize("name", FIGURES)
def test_figure_depends_on_nothing_but_what_it_is_given(name):
    _, one, _ = FIGURES[name]
    again = one.__wrapped__()
    assert pack(again) == pack(one())
    assert reel(again.films) == reel(one().films)


# While a slider is dragged the browser shows frames: they must be what the server would draw.


@pytest.mark.parametrize("axis", AXES.values(), ids=lambda axis: axis.slug)
def test_frame_of_curves_is_the_figure_drawn_with_that_parameter(axis):
    figure = curves(axis)
    for key, (kind, parameter) in sliders(axis).items():
        for stop in few(parameter.grid()):
            frame = shown(figure, key, figure.films[key].stops.tolist().index(stop))
            assert_same_picture(frame, one_moved(axis, kind.slug, parameter.name, stop).data)


def one_moved(axis, slug, name, value):
    """The same curves with one parameter of one loss elsewhere."""
    kinds = [loss for loss in Loss.catalogue.values() if axis in loss.axes]
    losses = [kind(**({name: float(value)} if kind.slug == slug else {})) for kind in kinds]
    stops = np.linspace(axis.low, axis.high, 7)[1:-1].tolist()
    return curve_figure(
        losses, axis, at=stops[2], stops=stops, rug=np.linspace(axis.low, axis.high, 9)
    )


@pytest.mark.parametrize("axis", AXES.values(), ids=lambda axis: axis.slug)
def test_frame_of_the_reading_line_is_the_figure_read_there(axis):
    figure = curves(axis, read=0)
    film = figure.films[f"at_{axis.slug}"]
    for k in range(len(film)):
        frame = shown(figure, f"at_{axis.slug}", k)
        there = curves(axis, read=k)
        lines = [place for place, trace in enumerate(there.data) if trace["name"] == "reading"]
        assert len(lines) == 3
        for place in lines:
            np.testing.assert_array_equal(frame[place]["x"], there.data[place]["x"])


@pytest.mark.parametrize("divided", [False, True])
def test_frame_of_the_hand_over_is_the_figure_drawn_with_that_delta(divided):
    figure = handover_figure(Huber(1.0), study(), divided=divided)
    for stop in few(DELTA.grid()):
        frame = shown(figure, "delta", figure.films["delta"].stops.tolist().index(stop))
        assert_same_picture(frame, handover_figure(Huber(stop), study(), divided=divided).data)


def test_frame_of_hubers_fit_is_the_figure_drawn_with_that_delta():
    figure = fit_figure(Huber(1.0), study())
    for stop in few(DELTA.grid()):
        frame = shown(figure, "delta", figure.films["delta"].stops.tolist().index(stop))
        assert_same_picture(frame, fit_figure(Huber(stop), study()).data)


@pytest.mark.parametrize("draw", [probability_figure, logit_figure])
@pytest.mark.parametrize("alpha", [None, 0.25])
def test_frame_of_focal_is_the_figure_drawn_with_that_gamma(draw, alpha):
    figure = draw(Focal(2.0, alpha))
    for stop in few(GAMMA.grid()):
        frame = shown(figure, "gamma", figure.films["gamma"].stops.tolist().index(stop))
        assert_same_picture(frame, draw(Focal(stop, alpha)).data)


@pytest.mark.parametrize(
    ("draw", "key", "frames"),
    [
        (touching_at, "strength", SHARES),
        (coefficients_at, "strength", SHARES),
        (tuning_at, "strength", SHARES),
        (weighing_at, "copies", range(11)),
    ],
)
def test_frame_of_a_penalty_is_the_figure_drawn_there(draw, key, frames):
    figure = draw(4)
    assert figure.films[key].stops.tolist() == list(frames)
    assert figure.films[key].at == frames[4]
    for place in range(len(frames)):
        assert_same_picture(shown(figure, key, place), draw(place).data)


@pytest.mark.parametrize("draw", FOCAL)
@pytest.mark.parametrize("alpha", [None, 0.25])
def test_frame_of_focal_s_rows_is_the_figure_drawn_with_that_gamma(draw, alpha):
    figure = draw(Focal(2.0, alpha))
    for stop in few(GAMMA.grid()):
        frame = shown(figure, "gamma", figure.films["gamma"].stops.tolist().index(stop))
        assert_same_picture(frame, draw(Focal(stop, alpha)).data)


def test_frame_of_owners_is_the_figure_drawn_with_that_alpha():
    figure = focal_shares(Focal(2.0, 0.25))
    for stop in few(ALPHA.grid()):
        frame = shown(figure, "alpha", figure.films["alpha"].stops.tolist().index(stop))
        assert_same_picture(frame, focal_shares(Focal(2.0, stop)).data)


@pytest.mark.parametrize(
    "name", [name for name in FIGURES if name.startswith(("descent", "one row through"))]
)
def test_last_frame_of_a_clock_is_the_figure_as_it_stands(name):
    _, figure, _ = FIGURES[name]
    clock = figure().films["clock"]
    assert_same_picture(shown(figure(), "clock", len(clock) - 1), figure().data)


@pytest.mark.parametrize("draw", [pulled_figure, displacement_figure])
@pytest.mark.parametrize("sideways", [False, True])
def test_frame_of_a_row_that_pulls_is_the_figure_drawn_at_that_distance(draw, sideways):
    found = let(sideways=sideways)
    figure = draw(found, float(found.distances[20]), "pull")
    for stop in few(found.distances.tolist()):
        k = found.distances.tolist().index(stop)
        assert_same_picture(shown(figure, "pull", k), draw(found, stop, "pull").data)


@pytest.mark.parametrize("key", ["said", "positive_weight", "smoothing"])
def test_frame_of_a_surprise_is_the_figure_drawn_there(key):
    figure = surprise_figure(CrossEntropy(4.0, 0.1), 0.1, "bits", SURPRISE)
    for stop in few(figure.films[key].stops.tolist()):
        tuned = {"positive_weight": 4.0, "smoothing": 0.1, "said": 0.1} | {key: stop}
        p = tuned.pop("said")
        frame = shown(figure, key, figure.films[key].stops.tolist().index(stop))
        other = surprise_figure(CrossEntropy(**tuned), p, "bits", SURPRISE)
        moved = {move.trace for move in figure.films[key].moves}
        for place, (trace, there) in enumerate(zip(frame, other.data, strict=True)):
            if place in moved:
                assert_same_picture([trace], [there])


@pytest.mark.parametrize(("draw", "key"), [("floors", "eta"), ("margins", "eta")])
def test_frame_of_a_true_rate_is_the_figure_drawn_there(draw, key):
    draw = {"floors": floors, "margins": margins}[draw]
    figure = draw(0.8)
    for stop in few(figure.films[key].stops.tolist()):
        frame = shown(figure, key, figure.films[key].stops.tolist().index(stop))
        moved = sorted(move.trace for move in figure.films[key].moves)
        other = draw(stop)
        assert_same_picture([frame[k] for k in moved], [other.data[k] for k in moved])


@pytest.mark.parametrize("k", range(3))
def test_frame_of_an_answer_in_the_triangle_is_the_figure_drawn_there(k):
    figure = triangle()
    for stop in few(STOPS.tolist()):
        frame = shown(figure, f"z{k}", STOPS.tolist().index(stop))
        z = tuple(stop if j == k else value for j, value in enumerate((-1.0, 0.0, 1.0)))
        assert_same_picture(frame, triangle(z=z).data)


def test_frame_of_matched_losses_is_the_figure_drawn_with_that_logit():
    figure = matching_figure(-8.0, "matched_z")
    for stop in few(MATCHED.tolist()):
        frame = shown(figure, "matched_z", MATCHED.tolist().index(stop))
        assert_same_picture(frame, matching_figure(stop, "matched_z").data)


def test_frame_of_one_mistake_is_the_figure_drawn_there():
    figure = mistake_figure(ten_rows()[0], 3, -10.0, "nats", "mistake")
    for stop in few(LOGITS.tolist()):
        frame = shown(figure, "mistake", LOGITS.tolist().index(stop))
        assert_same_picture(frame, mistake_figure(ten_rows()[0], 3, stop, "nats", "mistake").data)


def test_frame_of_c_classes_is_the_figure_drawn_with_so_many_and_at_two_the_binary_curve():
    """S15: the curves coincide at C = 2."""
    figure = classes_figure(3, "classes")
    for k in (0, 1, 8):
        assert_same_picture(shown(figure, "classes", k), classes_figure(k + 2, "classes").data)
    two = classes_figure(2, "classes").data
    for softmax, binary in zip(two[:2], two[2:], strict=True):
        np.testing.assert_allclose(softmax["y"], binary["y"], rtol=0, atol=1e-15)


def test_every_stop_of_a_slider_has_its_frame():
    assert fit_figure(Huber(1.0), study()).films["delta"].stops.tolist() == DELTA.grid()
    assert probability_figure(Focal()).films["gamma"].stops.tolist() == GAMMA.grid()
    films = surprise_figure(CrossEntropy(4.0, 0.1), 0.1, "bits", SURPRISE).films
    assert films["said"].stops.tolist() == READ.tolist()
    for parameter in CrossEntropy.parameters():
        assert films[parameter.name].stops.tolist() == parameter.grid()
    for axis in AXES.values():
        films = curves(axis).films
        for key, (_, parameter) in sliders(axis).items():
            assert films[key].stops.tolist() == parameter.grid()


def test_film_knows_for_which_value_the_figure_was_drawn():
    assert fit_figure(Huber(0.7), study()).films["delta"].at == 0.7
    assert logit_figure(Focal(1.25)).films["gamma"].at == 1.25
    assert curves(AXES["Residual"], delta=2.5).films["huber_delta"].at == 2.5


@pytest.mark.parametrize(
    ("name", "key", "moved"),
    [
        ("curves over the residual", "huber_delta", ["Huber"] * 3),
        ("curves over the residual", "quantile_tau", ["Quantile"] * 3),
        ("curves over the logit", "focal_gamma", ["Focal"] * 3),
        ("hand-over", "delta", [*["≤ δ"] * 3, *["Huber"] * 3, "hand-over", "rows"]),
        ("Huber's fit", "delta", ["within|≤", "beyond|>", "Huber"]),
        ("focal by probability", "gamma", ["Focal"]),
        ("focal by probability, weighted", "gamma", ["y = 1", "y = 0"]),
        ("focal by logit", "gamma", ["harder", "Focal", "Focal"]),
        ("focal's pull", "gamma", ["Focal", "peak", "as hard"]),
        ("rows that carry focal's loss", "gamma", ["Focal", "Focal"]),
        ("owners of focal's loss", "gamma", ["class 0", "class 1"] * 2),
        ("owners of focal's loss, weighted", "alpha", ["class 0", "class 1"] * 2),
        ("readings of focal", "gamma", ["without y", "true", "αₜ", "cheapest"]),
        ("what focal asks for", "gamma", ["Focal", "η", "leave"]),
        (
            "where cost and diamond touch",
            "strength",
            ["data cost", "penalty", "best here", "Data", "Penalty", "Objective", "λ"],
        ),
        ("weights over λ", "strength", ["age", "sex", "bmi", "bp", "λ", "λ"]),
        ("both ends of λ", "strength", ["training", "folds", "held", "λ"]),
        ("one row that counts", "copies", ["a row", "the row", "counts now"]),
        ("a row that pulls", "pull_up", ["Squared", "Absolute", "Huber", "Tukey", "^row "]),
        ("where losses let go", "pull_up", ["^$"]),
        (
            "one row through a network",
            "clock",
            ["present", "here", "outputs", "δ", "plates", "shares"],
        ),
        ("descent of a line", "clock", ["^path", "now", "fit", "now"]),
        ("descent of three losses", "clock", ["^path", "now", "fit", "now"] * 3),
        (
            "descent of optimizers in parts",
            "clock",
            ["^path", "now", "fit", "now", "downhill", "keeps", "adds"],
        ),
    ],
)
def test_moves_address_the_traces_that_they_mean(name, key, moved):
    """Moves number their traces; a trace put before them would shift what they move."""
    _, figure, _ = FIGURES[name]
    addressed = [figure().data[move.trace]["name"] for move in figure().films[key].moves]
    assert len(addressed) == len(moved)
    assert all(re.search(*pair) for pair in zip(moved, addressed, strict=True)), addressed


def test_captions_are_the_numbers_of_the_walk():
    there = walk().walks[0].trajectory
    lines = captions(walk())
    assert len(lines) == len(there) == 31
    said = re.fullmatch(r"step 7 of 30: cost (\S+), gradient (\S+), w = (\S+), b = (\S+)", lines[7])
    numbers = [there.costs[7], there.slopes[7], *there.weights[7]]
    assert [float(number) for number in said.groups()] == pytest.approx(numbers, rel=5e-3)


def test_walk_out_of_sight_is_cut_from_the_picture_and_kept_in_the_captions():
    """Divergence is shown as divergence: the numbers go on where no picture can."""
    diverging = walk(eta=1.9, steps=200)
    figure = descent_figure(diverging)
    path = next(trace for trace in figure.data if trace["name"] == "path")
    assert np.isnan(path["x"][-1])
    assert len(captions(diverging)) == len(diverging.walks[0]) == len(path["x"])


def test_user_text_reaches_plotly_as_text():
    """A column called <b>x</b> or $r$ or %{x} is shown as it is written, in every figure."""
    rude = replace(
        line(), columns=("<b>x</b> $r$ %{x}",), target_name="<a href='javascript:'>y", unit="$"
    )
    figures = [
        data_picture(rude),
        fit_figure(Huber(1.0), delta_study(rude, DELTA.grid())),
        descent_figure(walk(data=rude)),
        line_figure(learned(rude, *FOLLOWING)),
        predicted_figure(learned(rude, *FOLLOWING)),
        *(
            draw(let_go(rude, [Huber()], sideways=way), 1.0, "pull")
            for draw in (pulled_figure, displacement_figure)
            for way in (False, True)
        ),
    ]
    for figure in figures:
        drawn = json.dumps(
            [value for _, value in walked([figure.layout, figure.data]) if isinstance(value, str)]
        )
        assert "<b>" not in drawn
        assert "<a " not in drawn
        assert "%{x} " not in drawn


@pytest.mark.parametrize("loss", Loss.catalogue.values(), ids=lambda loss: loss.slug)
def test_card_of_the_gallery_is_a_picture_of_its_loss(loss):
    image = ElementTree.fromstring(card(loss()))
    paths = [path.get("d") for path in image if path.tag.endswith("path")]
    assert len(paths) == 4
    assert all(re.fullmatch(r"M[-\d.]+ [-\d.]+([ML][-\d.]+ [-\d.]+)+", path) for path in paths)


def test_a_zoom_looks_closer_at_values_and_gradients():
    usual, closer = (curve_figure([Huber()], AXES["Residual"], zoom=z).layout for z in (1.0, 4.0))
    for panel, times in (("yaxis", 4), ("yaxis2", 4), ("yaxis3", 1)):
        assert [times * end for end in closer[panel]["range"]] == usual[panel]["range"]


# At their defaults these are one function, and must be drawn as one.
TWINS = {"barron": "pseudo_huber", "smooth_l1": "huber", "savage": "brier"}


def test_cards_of_the_gallery_differ_where_the_losses_do():
    cards = {slug: card(loss()) for slug, loss in Loss.catalogue.items()}
    for twin, slug in TWINS.items():
        if Loss.catalogue[twin].axes[0] == Loss.catalogue[slug].axes[0]:
            assert cards.pop(twin) == cards[slug]
    assert len(set(cards.values())) == len(cards)
