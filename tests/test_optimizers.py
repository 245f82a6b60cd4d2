"""Optimizers and schedules: their steps by hand, taken apart, many at once, and their limits."""

import re
from itertools import product
from math import cos, pi, prod, sqrt

import numpy as np
import pytest

from losses import Optimizer
from losses.descent import Run, Schedule, descend_together
from losses.descent.function import Function
from tests.latex import evaluate

RNG = np.random.default_rng(4)
MENU = "gradient_descent momentum nesterov adagrad adadelta rmsprop adam adamax nadam amsgrad adamw"
KINDS = Optimizer.catalogue
NAMES = list(KINDS)
STEPS = 12


def tuned():
    """Each optimizer at its defaults and with every parameter at either end of its slider."""
    for slug, cls in KINDS.items():
        yield pytest.param(cls(), id=slug)
        for end in ("low", "high"):
            values = {p.name: getattr(p, end) for p in cls.parameters()}
            yield pytest.param(cls(**values), id=f"{slug}-{end}")


TUNED = list(tuned())


def test_the_menu_is_the_product_s():
    assert NAMES == MENU.split()


# --- Steps by hand


HALF = 1 - 0.5 * 0.96**0.004, 1 - 0.5 * 0.96**0.008, 1 - 0.5 * 0.96**0.012
MU = [0.9 * share for share in HALF]
FIRST, SECOND, THIRD = MU[0], MU[0] * MU[1], MU[0] * MU[1] * MU[2]
CHANGE = 2 * sqrt(1e-6) / sqrt(0.4 + 1e-6)
ADAM = 0.1 * 2 / (2 + 1e-8), 0.1 * (0.08 / 0.19) / (sqrt(0.004996 / 0.001999) + 1e-8)
BY_HAND = {
    # slug: parameters, two gradients, the two steps from w = 1
    "gradient_descent": ({"eta": 0.25}, (2, -1), (0.5, -0.25)),
    # v = .05 · 2, then .9 · .1 − .05
    "momentum": ({"eta": 0.05, "beta": 0.9}, (2, -1), (0.1, 0.04)),
    "nesterov": ({"eta": 0.05, "beta": 0.9}, (2, -1), (0.1, 0.04)),
    # G = 4, then 5
    "adagrad": ({"eta": 0.5}, (2, -1), (1 / (2 + 1e-10), -0.5 / (sqrt(5) + 1e-10))),
    # E[g²] = .1 · 4, then .9 · .4 + .1
    "adadelta": (
        {"eta": 1.0, "rho": 0.9},
        (2, -1),
        (CHANGE, -sqrt(0.1 * CHANGE**2 + 1e-6) / sqrt(0.46 + 1e-6)),
    ),
    "rmsprop": (
        {"eta": 0.05, "rho": 0.9},
        (2, -1),
        (0.1 / (sqrt(0.4) + 1e-8), -0.05 / (sqrt(0.46) + 1e-8)),
    ),
    # m = .2, then .9 · .2 − .1; v = .004, then .999 · .004 + .001; 1 − .9² = .19
    "adam": ({"eta": 0.1}, (2, -1), ADAM),
    # u = 2, then .999 · 2
    "adamax": (
        {"eta": 0.1},
        (2, -1),
        (0.1 * 2 / (2 + 1e-8), 0.1 * (0.08 / 0.19) / (0.999 * (2 + 1e-8))),
    ),
    "nadam": (
        {"eta": 0.1},
        (2, -1),
        (
            0.1 * (MU[1] * 0.2 / (1 - SECOND) + (1 - MU[0]) * 2 / (1 - FIRST)) / (2 + 1e-8),
            0.1
            * (MU[2] * 0.08 / (1 - THIRD) - (1 - MU[1]) / (1 - SECOND))
            / (sqrt(0.004996 / 0.001999) + 1e-8),
        ),
    ),
    # v = .4, then .9 · .4 + .1 · .25 = .385: the larger one stays
    "amsgrad": (
        {"eta": 0.1, "beta2": 0.9},
        (2, -0.5),
        (0.1 * 2 / (2 + 1e-8), 0.1 * (0.13 / 0.19) / (sqrt(0.4 / 0.19) + 1e-8)),
    ),
    # half of eta of what is left of the weight goes besides
    "adamw": (
        {"eta": 0.1, "decay": 0.5},
        (2, -1),
        (0.05 + ADAM[0], 0.05 * (0.95 - ADAM[0]) + ADAM[1]),
    ),
}


@pytest.mark.parametrize("slug", NAMES)
def test_two_steps_by_hand(slug):
    """Numbers put into the formulas of the papers, not into the code."""
    values, gradients, steps = BY_HAND[slug]
    optimizer, w, expected = KINDS[slug](**values), np.array([1.0]), 1.0
    state = optimizer.init(w)
    for t, (g, step) in enumerate(zip(gradients, steps, strict=True), start=1):
        w, state = optimizer.step(w, np.array([float(g)]), state, t)
        expected -= step
        # 1 − .999² is a difference of near numbers: three digits fewer
        assert w[0] == pytest.approx(expected, rel=1e-13)


def test_nesterov_looks_where_its_speed_would_carry_it():
    optimizer = KINDS["nesterov"](eta=0.05, beta=0.9)
    w, v = np.array([0.9]), np.array([0.1])
    assert optimizer.probe(w, v)[0] == pytest.approx(0.81, rel=1e-15)
    for slug in set(NAMES) - {"nesterov"}:
        assert KINDS[slug]().probe(w, KINDS[slug]().init(w)) is w


@pytest.mark.parametrize("slug", ["adam", "adamax", "amsgrad"])
def test_the_first_step_of_adam_is_eta_whatever_the_slope(slug):
    optimizer = KINDS[slug](eta=0.1)
    w, g = np.zeros(3), np.array([1e-3, -1.0, 1e6])
    step = optimizer.step(w, g, optimizer.init(w), 1)[0]
    np.testing.assert_allclose(step, -0.1 * np.sign(g), rtol=1.1e-5)  # ε over the smallest slope


def test_amsgrad_keeps_its_steps_small_after_a_large_gradient_that_adam_forgets():
    lengths = {}
    for slug in ("adam", "amsgrad"):
        optimizer, w = KINDS[slug](eta=0.1, beta1=0.0, beta2=0.9), np.zeros(1)
        state = optimizer.init(w)
        for t, g in enumerate([100.0, *[1.0] * 200], start=1):
            before, (w, state) = w, optimizer.step(w, np.array([g]), state, t)
        lengths[slug] = abs(w - before)[0]
    assert lengths["adam"] == pytest.approx(0.1, rel=1e-4)
    assert lengths["amsgrad"] == pytest.approx(0.1 / sqrt(0.1 * 100**2), rel=1e-4)


def test_the_decay_of_adamw_does_not_ask_for_the_size_of_the_gradient():
    decay = {}
    for size in (1e-3, 1e3):
        w, g = np.array([2.0]), np.array([size])
        steps = [
            cls(eta=0.1).step(w, g, cls().init(w), 1)[0] for cls in (KINDS["adam"], KINDS["adamw"])
        ]
        decay[size] = (steps[0] - steps[1])[0]
    assert decay[1e-3] == pytest.approx(0.1 * 0.01 * 2, rel=1e-12)
    assert decay[1e3] == pytest.approx(0.1 * 0.01 * 2, rel=1e-12)


# --- What every step keeps to


def frozen(state):
    """The same state, with arrays that cannot be written to."""
    if isinstance(state, tuple):
        parts = [frozen(part) for part in state]
        return type(state)(*parts) if parts else state
    if isinstance(state, np.ndarray):
        state = state.copy()
        state.flags.writeable = False
    return state


def flat(state):
    """The numbers of a state, one after the other."""
    parts = state if isinstance(state, tuple) else (state,)
    return np.concatenate([np.ravel(part) for part in parts]) if parts else np.zeros(0)


def states(optimizer, *, size=3, seed=0):
    """Weights, gradients, states and numbers of steps on a random way."""
    rng = np.random.default_rng(seed)
    w = rng.normal(size=size)
    state = optimizer.init(w)
    for t in range(1, STEPS + 1):
        g = rng.normal(size=size) * 10.0 ** rng.integers(-2, 3)
        yield w, g, state, t
        w, state = optimizer.step(w, g, state, t)


@pytest.mark.parametrize("optimizer", TUNED)
def test_a_step_changes_nothing_that_it_was_given(optimizer):
    """A trajectory is a list of states: one that a later step wrote to would be a lie."""
    for w, g, state, t in states(optimizer):
        given = frozen(w), frozen(g), frozen(state)
        first, again = (optimizer.step(*given, t) for _ in range(2))
        optimizer.stages(*given, t)
        optimizer.probe(given[0], given[2])
        np.testing.assert_array_equal(first[0], again[0])
        np.testing.assert_array_equal(flat(first[1]), flat(again[1]))
        assert not np.array_equal(first[0], w)
        assert type(first[1]) is type(state)


@pytest.mark.parametrize("optimizer", TUNED)
def test_many_steps_at_once_are_the_steps_one_by_one_bit_for_bit(optimizer):
    """Walks that step together, at rates of their own, must not see one another."""
    rates = optimizer.eta * np.array([1.0, 0.3, 1.7, 0.01])
    walks = [list(states(optimizer.at(rate), seed=k)) for k, rate in enumerate(rates)]
    packed, column = None, optimizer.at(rates[:, None])
    for together in zip(*walks, strict=True):
        w, g = (np.array([walk[part] for walk in together]) for part in (0, 1))
        packed = column.init(w) if packed is None else packed
        t = together[0][3]
        probe, parts = column.probe(w, packed), column.stages(w, g, packed, t)
        new, packed = column.step(w, g, packed, t)
        for k, (own_w, own_g, state, _) in enumerate(together):
            alone = optimizer.at(rates[k])
            np.testing.assert_array_equal(probe[k], alone.probe(own_w, state))
            np.testing.assert_array_equal(new[k], alone.step(own_w, own_g, state, t)[0])
            for many, one in zip(parts, alone.stages(own_w, own_g, state, t), strict=True):
                assert many[:2] == one[:2]
                np.testing.assert_array_equal(many.value[k], one.value)


# --- Steps taken apart


@pytest.mark.parametrize("optimizer", TUNED)
def test_the_moves_of_a_step_add_up_to_it(optimizer):
    for w, g, state, t in states(optimizer):
        moves = [part.value for part in optimizer.stages(w, g, state, t) if part.moves]
        after = optimizer.step(w, g, state, t)[0]
        scale = np.abs(w) + np.abs(after) + np.abs(moves).sum(axis=0)
        assert (np.abs(w + np.sum(moves, axis=0) - after) <= 1e-14 * scale).all()


@pytest.mark.parametrize("slug", NAMES)
def test_a_step_falls_into_as_many_moves_as_it_has_causes(slug):
    causes = {
        "momentum": 2,
        "nesterov": 2,
        "adam": 2,
        "adamax": 2,
        "nadam": 2,
        "amsgrad": 2,
        "adamw": 3,
    }
    for w, g, state, t in states(KINDS[slug]()):
        parts = KINDS[slug]().stages(w, g, state, t)
        assert sum(part.moves for part in parts) == causes.get(slug, 1)
        assert parts[-1].moves
        assert (
            len({part.name for part in parts})
            == len({part.formula for part in parts})
            == len(parts)
        )
        assert all(part.value.shape == w.shape for part in parts)
        assert any(part.value is g for part in parts)


@pytest.mark.parametrize(
    "slug", ["momentum", "nesterov", "adam", "adamax", "nadam", "amsgrad", "adamw"]
)
def test_what_is_remembered_does_not_depend_on_the_new_slope_and_without_one_is_all(slug):
    """Else the two arrows of the picture would mix what they are to tell apart."""
    cls = KINDS[slug]
    optimizer = cls(decay=0.0) if slug == "adamw" else cls()
    *_, (w, g, state, t) = states(optimizer)
    *_, kept, added = optimizer.stages(w, 0 * g, state, t)
    np.testing.assert_array_equal(added.value, 0 * w)
    np.testing.assert_allclose(w + kept.value, optimizer.step(w, 0 * g, state, t)[0], rtol=1e-14)
    *_, kept, added = optimizer.stages(w, g, optimizer.init(w), 1)
    np.testing.assert_array_equal(kept.value, 0 * w)
    np.testing.assert_allclose(
        w + added.value, optimizer.step(w, g, optimizer.init(w), 1)[0], rtol=1e-14
    )


NAME = r"μ₁…μ[ₜ₊₁]+|(?:E\[[^]]*\]|[A-Za-zĝΔα-ω])[\u0302\u0304]?[ₜ₋₊₁₂]*"
TOKEN = re.compile(rf"(sqrt|abs|max|largest curvature|{NAME}|\d+|[²ᵗ+−/÷(),])|\s+|(.)")
SIGNS = {"−": "-", "÷": "/", "²": "**2", "ᵗ": "**t"}
FUNCTIONS = {"sqrt": np.sqrt, "max": np.maximum, "abs": np.abs}


def read(text, names):
    """The value of a formula in plain letters, products implied; one that reads two ways fails."""
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(rf"√({NAME})", r"sqrt(\1)", text).replace("√(", "sqrt(")
    source, before, divided = "", "(", [False]  # inside of each parenthesis
    for token, unknown in TOKEN.findall(text):
        assert not unknown, f"{unknown!r} in {text!r}"
        if not token:
            continue
        if token not in "²ᵗ+−/÷)," and before not in ["(", ",", *"+−/÷", *FUNCTIONS]:
            assert not divided[-1], f"{text!r} divides by one factor or by more"
            source += "*"
        if token in "(":
            divided.append(False)
        elif token == ")":
            divided.pop()
        elif token in "+−/÷":
            divided[-1] = token in "/÷"
        is_name = token not in FUNCTIONS and re.fullmatch(rf"largest curvature|{NAME}", token)
        source += f"names[{token!r}]" if is_name else SIGNS.get(token, token)
        before = token
    return eval(source, FUNCTIONS | {"names": names, "t": names["t"]})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−2 x (1 − x) / (1 + x)", 3.0),
        ("2(1 + x) ÷ x", 8 / 3),
        ("√xₜ + √(x + 1) − x²", -5.0),
        ("max(2 x, |xₜ − 12|) / 2", 4.0),
        ("1 − xᵗ", -26.0),
        ("x / 2 x", None),
        ("x / x (x + 1)", None),
        ("x / (x + 1) x", None),
        ("x ? 2", None),
    ],
)
def test_the_reader_of_formulas_reads(text, value):
    names = {"x": 3.0, "xₜ": 4.0, "t": 3}
    if value is None:
        with pytest.raises(AssertionError):
            read(text, names)
    else:
        assert read(text, names) == pytest.approx(value, rel=1e-15)


LETTERS = {
    "momentum": ["v"],
    "nesterov": ["v"],
    "adagrad": ["G"],
    "adadelta": ["E[g²]", "E[Δ²]"],
    "rmsprop": ["v"],
    "adamax": ["m", "u"],
    "amsgrad": ["m", "v", "v̂"],
    "nadam": ["m", "v", "μ₁…μ"],
}


def names_of(optimizer, w, g, state, t):
    """What the letters stand for before the step."""
    names = {p.letter: getattr(optimizer, p.name) for p in optimizer.parameters()}
    names |= {"ε": getattr(optimizer, "epsilon", None), "t": t, "gₜ": g, "wₜ₋₁": w}
    remembered = state if isinstance(state, tuple) else (state,)
    letters = LETTERS.get(optimizer.slug, ["m", "v"])
    names |= {f"{letter}ₜ₋₁": part for letter, part in zip(letters, remembered, strict=False)}
    if optimizer.slug == "nadam":
        mu = [optimizer.beta1 * (1 - 0.5 * 0.96 ** (0.004 * k)) for k in range(1, t + 2)]
        names |= {"μₜ": mu[-2], "μₜ₊₁": mu[-1], "μ₁…μₜ": prod(mu[:-1]), "μ₁…μₜ₊₁": prod(mu)}
    return names


@pytest.mark.parametrize("optimizer", TUNED)
def test_the_formula_of_each_stage_is_its_value(optimizer):
    for w, g, state, t in states(optimizer):
        names = names_of(optimizer, w, g, state, t)
        for part in optimizer.stages(w, g, state, t):
            letter, _, formula = part.formula.rpartition(" = ")
            value = read(formula, names)
            # the same numbers, in an order of their own: some roundings
            np.testing.assert_allclose(part.value, value, rtol=1e-12, atol=1e-14 * np.abs(w).max())
            if letter:
                names[letter] = value


# What the letters of the printed rules are called among the stages, where it is not what they say.
PLAIN = {r"\hat{m}": "m̂ₜ", r"\hat{v}": "v̂ₜ", r"\hat{g}": "ĝₜ", "A": "E[g²]ₜ"}
PLAIN |= {r"\mu_t": "μₜ", r"\mu_n": "μₜ₊₁", "B": "E[Δ²]ₜ₋₁", "g": "gₜ", "w": "wₜ₋₁"}
WRITTEN = {
    "g(w - \\beta v)": "g",
    r"\mu_{t+1}": r"\mu_n",
    "E[g^2]": "A",
    r"E[\Delta^2]": "B",
    r"\Delta": "D",
}


@pytest.mark.parametrize("optimizer", TUNED)
def test_the_printed_rule_of_an_optimizer_is_its_step(optimizer):
    """The rule assigns a state first, if it has one, and then the weights."""
    rule = optimizer.latex
    for text, simple in WRITTEN.items():
        rule = rule.replace(text, simple)
    lines = [re.split(r" \\leftarrow | = ", line.strip()) for line in rule.split(r", \quad")]
    for w, g, state, t in states(optimizer):
        names = names_of(optimizer, w, g, state, t)
        found = {p.symbol: names[p.letter] for p in optimizer.parameters()}
        found |= {r"\epsilon": names["ε"], "t": float(t), "u": names.get("uₜ₋₁")}
        for part in optimizer.stages(w, g, state, t):
            letter, _, _ = part.formula.rpartition(" = ")
            names |= {letter: part.value}
        found |= {symbol: names[plain] for symbol, plain in PLAIN.items() if plain in names}
        found |= {letter: names.get(f"{letter}ₜ₋₁") for letter in "vG"}
        if optimizer.slug == "amsgrad":
            found |= {r"\hat{v}": names["v̂ₜ₋₁"], "v": names["vₜ"]}
        for letter, formula in sorted(lines, key=lambda line: line[0] == "w"):
            found[letter] = evaluate(formula, found)
        after = optimizer.step(w, g, state, t)[0]
        np.testing.assert_allclose(found["w"], after, rtol=1e-12, atol=1e-14 * np.abs(w).max())


# --- Limits


class Bowl(Function):
    """Half of λ w²."""

    size = 1

    def __init__(self, steepest):
        self.curvature = steepest

    def values(self, W):
        return 0.5 * self.curvature * (W**2).sum(axis=-1)

    def gradient(self, W, rows=None):
        return self.curvature * W

    def hessian(self, w):
        return np.array([[self.curvature]])


def radius(optimizer, steepest):
    """By which factor weight and velocity grow at each step of a slow optimizer, in the long run."""
    columns = []
    for w, v in np.eye(2)[:, :, None]:
        state = v if len(flat(optimizer.init(w))) else ()
        w, state = optimizer.step(w, steepest * optimizer.probe(w, state), state, 1)
        columns.append([w[0], *flat(state)])
    square = np.array(columns).T
    return np.abs(np.linalg.eigvals(square[:, : len(square)])).max()


@pytest.mark.parametrize("slug", ["gradient_descent", "momentum", "nesterov"])
@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("steepest", [0.05, 7.0])
def test_a_limit_is_where_the_spectral_radius_passes_one(slug, beta, steepest):
    cls = KINDS[slug]
    made = cls() if slug == "gradient_descent" else cls(beta=beta)
    limit = made.limit(steepest)
    assert radius(made.at(0.999 * limit), steepest) < 1
    assert radius(made.at(1.001 * limit), steepest) > 1
    for share in (0.01, 0.2, 0.7):
        assert radius(made.at(share * limit), steepest) < 1
    names = {"β": beta, "largest curvature": steepest, "t": 1}
    assert read(made.bound, names) == pytest.approx(limit, rel=1e-15)


@pytest.mark.parametrize("slug", ["gradient_descent", "momentum", "nesterov"])
def test_walks_keep_to_the_limit(slug):
    bowl, made = Bowl(2.5), KINDS[slug]()
    runs = [Run(KINDS[slug](eta=share * made.limit(2.5)), np.ones(1)) for share in (0.98, 1.02)]
    below, above = descend_together(bowl, runs, steps=1000)
    assert below.costs[-1] < 1e-6 * below.costs[0]
    assert above.outcome.kind == "diverged"
    assert made.bound in above.outcome.sentence


@pytest.mark.parametrize("slug", NAMES)
def test_where_no_limit_is_known_none_is_told(slug):
    made = KINDS[slug]()
    assert np.isfinite(made.limit(2.0)) == bool(made.bound)
    for flat_or_hill in (0.0, -1.0):
        assert made.limit(flat_or_hill) == np.inf


# --- Schedules


SCHEDULES = Schedule.catalogue
LENGTHS = [1, 2, 7, 1000]


def scheduled():
    """Each schedule at its defaults and at the corners of its sliders."""
    for slug, cls in SCHEDULES.items():
        ends = [[(p.name, p.low), (p.name, p.high)] for p in cls.parameters()]
        for values in [{}, *map(dict, product(*ends))]:
            yield pytest.param(cls(**values), id=f"{slug}{list(values.values())}")


RATES = list(scheduled())


def factors(schedule, steps):
    return np.array([schedule.factor(t, steps) for t in range(1, steps + 1)])


def test_the_menu_of_schedules():
    assert list(SCHEDULES) == "constant step_decay cosine warm_up inverse_time".split()


@pytest.mark.parametrize("schedule", RATES)
@pytest.mark.parametrize("steps", LENGTHS)
def test_a_schedule_leaves_some_of_the_rate_and_never_more_than_all(schedule, steps):
    """A rate of 0 would stop a walk, one beyond eta could break a limit that the screen promises."""
    found = factors(schedule, steps)
    assert all(type(schedule.factor(t, steps)) is float for t in (1, steps))
    assert np.isfinite(found).all()
    assert (found > 0).all()
    assert (found <= 1).all()


@pytest.mark.parametrize("schedule", RATES)
@pytest.mark.parametrize("steps", LENGTHS)
def test_a_schedule_falls_from_one_but_a_warm_up_rises_to_it(schedule, steps):
    found = factors(schedule, steps)
    if schedule.slug == "warm_up":
        found = found[::-1]
        assert found[0] == min(1, steps / schedule.length)
    else:
        assert found[0] == 1
    assert (np.diff(found) <= 0).all()


@pytest.mark.parametrize(
    ("slug", "values", "steps", "expected"),
    [
        ("constant", {}, 5, {1: 1, 5: 1}),
        (
            "step_decay",
            {"period": 10, "drop": 0.5},
            100,
            {10: 1, 11: 0.5, 20: 0.5, 21: 0.25, 100: 2.0**-9},
        ),
        ("step_decay", {"period": 10, "drop": 1.0}, 100, {100: 1}),
        ("cosine", {}, 4, {1: 1, 2: (1 + sqrt(0.5)) / 2, 3: 0.5, 4: (1 - sqrt(0.5)) / 2}),
        ("cosine", {"floor": 0.2}, 100, {51: 0.6, 100: 0.2 + 0.4 * (1 + cos(0.99 * pi))}),
        ("cosine", {"floor": 1.0}, 100, {1: 1, 100: 1}),
        ("warm_up", {"length": 20}, 100, {1: 0.05, 10: 0.5, 20: 1, 21: 1, 100: 1}),
        ("warm_up", {"length": 1}, 100, {1: 1}),
        ("inverse_time", {"k": 0.05}, 100, {1: 1, 21: 0.5, 81: 0.2}),
        ("inverse_time", {"k": 0.0}, 100, {100: 1}),
    ],
)
def test_schedules_by_hand(slug, values, steps, expected):
    schedule = SCHEDULES[slug](**values)
    for t, share in expected.items():
        assert schedule.factor(t, steps) == pytest.approx(share, rel=1e-14)


@pytest.mark.parametrize("slug", ["cosine", "warm_up", "inverse_time"])
def test_the_printed_formula_of_a_schedule_is_what_it_does(slug):
    schedule = SCHEDULES[slug]()
    rate, formula = schedule.latex.split(" = ")
    assert rate == r"\eta_t"
    names = {p.symbol: getattr(schedule, p.name) for p in schedule.parameters()} | {
        r"\eta": 0.3,
        "T": 60,
    }
    for t in range(1, 61):
        found = evaluate(formula, names | {"t": float(t)})
        assert found == pytest.approx(0.3 * schedule.factor(t, 60), rel=1e-12)


@pytest.mark.parametrize("cls", [*SCHEDULES.values(), *KINDS.values()])
def test_every_parameter_of_a_schedule_and_a_source_are_named(cls):
    assert cls.sentence().endswith(".")
    assert cls.reference or cls.slug == "constant"
    if issubclass(cls, Schedule):
        assert all(p.symbol in cls.latex for p in cls.parameters())


@pytest.mark.parametrize(
    ("slug", "wrong"),
    [
        ("step_decay", {"period": 2.5}),
        ("step_decay", {"period": 0}),
        ("step_decay", {"drop": 0.0}),
        ("step_decay", {"drop": 1.5}),
        ("cosine", {"floor": -0.1}),
        ("warm_up", {"length": 0.5}),
        ("inverse_time", {"k": -1.0}),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(slug, wrong):
    """A falling rate that rises, or half a step, would be drawn as if it had a meaning."""
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{slug}: {name} = .* out of range"):
        SCHEDULES[slug](**wrong)
