"""Descent and Landscapes without a browser: every mode opens, says numbers, and says them rightly."""

import functools
import re

import numpy as np
import pytest

from losses import Penalty
from losses.descent import Schedule
from losses.descent.landscapes import Landscape
from pages.shared.ahead import PATH, answered
from tests.test_pages import names, sound, text
from tests.visits import decode, drawn, link, sent, visit, widgets

MODES = ("one run", "losses", "optimizers", "starts", "fair race")
BLOBS = {"generator": "Two blobs"}
PENGUINS = {"source": "Sample", "sample": "Palmer penguins"}
CANCER = {"source": "Sample", "sample": "Breast cancer Wisconsin"}
ALL_CANCER = CANCER | {"feature": "all 10 columns"}
DATA = {
    "a generated line": {},
    "two blobs": BLOBS,
    "three kinds of penguin": PENGUINS,
    "all columns of cancer": ALL_CANCER,
}
STEP = re.compile(r"step (\d+) of (\d+): (cost \+ penalty|cost|value) (.*)")
NUMBER = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
LEFT = re.compile(r"It left the picture at step (\d+)\.")
PLANE = re.compile(
    rf"a plane through (\d+) weights\. It holds ({NUMBER})\s% of the variance of the paths\. Along the "
    rf"paths the true cost differs from the drawn one by up to ({NUMBER})\."
)
# Every menu and field that a race has, set to something else than a newcomer sees.
RACES = {
    "one run": {
        "side": "one run", "loss": "Huber", "optimizer": "Momentum", "huber_delta": 2.0,
        "momentum_beta": 0.5, "steps": 60, "start_w": 2.0, "start_b": -0.5, "apart": True,
        "schedule": "Cosine", "batch": "16 rows", "walk_seed": 3.0, "penalty": "L2",
        "window": "wide", "cost_axis": "logarithmic",
    },
    "losses": {
        "side": "losses", "regression_losses": ["Absolute error", "Squared error"],
        "optimizer": "Adam", "adam_eta": 0.3, "penalty": "L1", "standardize": False,
        "window": "plain",
    },
    "optimizers": {
        "side": "optimizers", "optimizers": ["Nesterov", "RMSProp"], "loss": "Log-cosh",
        "nesterov_eta": 0.2, "schedule": "Step decay", "penalty": "Elastic net", "steps": 40,
    },
    "starts": {
        "side": "starts", "starts_count": 4, "walk_seed": 5.0, "batch": "4 rows", "basins": True,
        "schedule": "1/t", "start_w": 1.5, "steps": 30,
    },
    "fair race": {
        "side": "fair race", "race_count": 4, "optimizers": ["Momentum", "Adam"], "steps": 30,
        "batch": "1 row", "schedule": "Warm-up", "penalty": "L2", "window": "wide",
    },
}  # fmt: skip


@functools.cache
def opened(page, settings=()):
    """A page of a link, opened once for all tests that only look at it."""
    return sound(visit(page, **dict(settings)))


def see(page="descent", **settings):
    return opened(page, tuple(sorted(settings.items())))


def captions(app):
    return drawn(app)["descent_films"]["captions"]


def costs(app):
    """The costs of a single walk, as its captions say them."""
    return np.array([float(re.match(NUMBER, STEP.fullmatch(said)[4])[0]) for said in captions(app)])


def slopes(app):
    """The lengths of the gradient of a single walk, as its captions say them."""
    return np.array([float(re.search(rf"gradient ({NUMBER})", said)[1]) for said in captions(app)])


def places(app):
    """Where each walk stands on its ground at each step: `(walks, steps + 1, 2)`."""
    traces = drawn(app)["descent"]["data"]
    moves = drawn(app)["descent_films"]["films"]["clock"]["moves"]
    on_ground = [
        move
        for move in moves
        if traces[move["trace"]]["name"] == "now" and traces[move["trace"]]["xaxis"] != "x3"
    ]
    return np.array([np.concatenate([move["x"], move["y"]], axis=1) for move in on_ground])


def warned(app):
    return " ".join(note.value for note in app.warning)


def metric(app, start):
    return next(float(one.value) for one in app.metric if one.label.startswith(start))


def numbers(value):
    """Every array in a message."""
    match value:
        case np.ndarray():
            yield value
        case dict():
            for item in value.values():
                yield from numbers(item)
        case list():
            for item in value:
                yield from numbers(item)


def whole(app):
    """The page, once sure that no array it sends holds an infinity; a NaN is a break in a line."""
    for key, message in drawn(app).items():
        for array in numbers(message):
            assert not np.isinf(array).any(), key
    return app


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("data", DATA.values(), ids=DATA.keys())
def test_every_mode_opens_on_every_kind_of_data_and_says_something_with_numbers(data, mode):
    app = whole(see(side=mode, steps="30", **data))
    figure = drawn(app)["descent"]
    now = names(figure)["now"]
    assert now == 2 * names(figure)["path"]
    assert (now > 2) == (mode != "one run")
    assert re.search(rf"from cost {NUMBER} to {NUMBER} in \d+ steps", figure["alt"])
    said = captions(app)
    assert [int(STEP.fullmatch(one)[1]) for one in said] == list(range(31))
    assert re.search(r"\d", text(app))
    assert re.search(
        r"Arrived|Still on its way|Hovering|Diverg|walks, |lowest mean rank", text(app)
    )


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "losses"])
@pytest.mark.parametrize("name", [kind.name for kind in Landscape.catalogue.values()])
def test_every_mode_opens_on_every_landscape(name, mode):
    app = whole(see("landscapes", landscape=name, side=mode, steps="40"))
    assert "minima" in names(drawn(app)["descent"])
    said = captions(app)
    assert len(said) == 41
    assert all(STEP.fullmatch(one)[3] == "value" for one in said)  # a function has no cost


def test_landscape_offers_no_losses_because_it_has_no_rows():
    assert "losses" not in widgets(see("landscapes"))["side"].options


def test_schedules_walk_the_ways_that_they_say():
    """Two schedules with one walk would mean that the menu does nothing."""
    kinds = [kind.name for kind in Schedule.catalogue.values()]
    ends = {name: captions(whole(see(schedule=name, steps="60")))[-1] for name in kinds}
    assert len(set(ends.values())) == len(kinds) > 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("penalty", [kind.name for kind in Penalty.catalogue.values()])
def test_penalty_is_in_the_cost_and_the_page_says_so(penalty, mode):
    """The first promise: a cost that holds a penalty is never called a cost alone."""
    app = see(side=mode, penalty=penalty, steps="20")
    said = captions(app)
    assert all(STEP.fullmatch(one)[3] == "cost + penalty" for one in said)
    figure = drawn(app)["descent"]
    assert "cost + penalty" in figure["layout"]["yaxis3"]["title"]["text"]
    assert "from cost + penalty" in figure["alt"]
    assert said[0] != captions(see(side=mode, steps="20"))[0]


@pytest.mark.parametrize("data", [PENGUINS, ALL_CANCER], ids=["penguins", "cancer"])
def test_plane_of_many_weights_says_what_it_holds_and_how_far_off_it_is(data):
    """The cost drawn under the path is not the cost of the walk, and the page says by how much."""
    app = see(**data)
    size, share, most = PLANE.search(text(app)).groups()
    assert int(size) == (6 if data is PENGUINS else 11)
    assert 50 < float(share) <= 100
    shown = [float(re.search(rf"the plane shows ({NUMBER})", said)[1]) for said in captions(app)]
    off = np.abs(costs(app) - shown).max()
    assert off == pytest.approx(float(most), rel=5e-3, abs=2e-5)  # digits of both are rounded
    assert off > 0


def test_every_kind_of_plane_says_how_far_its_cost_is_from_the_true_one():
    offered = widgets(see(**ALL_CANCER))["plane_11"].options
    for plane in offered[:4]:
        app = sound(visit("descent", **ALL_CANCER))
        sound(widgets(app)["plane_11"].set_value(plane).run())
        most = re.search(rf"differs from the drawn one by up to ({NUMBER})", text(app))
        assert most, plane
        shown = [float(re.search(rf"shows ({NUMBER})", said)[1]) for said in captions(app)]
        off = np.abs(costs(app) - shown).max()
        assert off == pytest.approx(abs(float(most[1])), rel=5e-3, abs=2e-5), plane


def test_walk_that_arrives_on_a_path_plane_is_not_said_to_leave_the_picture():
    """A plane laid through a path is looked at so that the path is in it."""
    for data in (PENGUINS, ALL_CANCER):
        assert not LEFT.search(text(see(**data)))


def test_diverging_walk_says_why_how_fast_and_when_it_left():
    app = whole(see(gradient_descent_eta="1.05"))
    said, found = warned(app), costs(app)
    assert float(re.search(rf"grew ({NUMBER}) × a step", said)[1]) == pytest.approx(
        (found[-1] / found[50]) ** (1 / 50), rel=5e-4
    )
    share, limit = re.search(rf"is ({NUMBER}) × the limit .* = ({NUMBER}) at", said).groups()
    assert float(share) * float(limit) == pytest.approx(1.05, rel=5e-3)
    assert metric(app, "Rate ÷") == float(share)
    left = int(LEFT.search(said)[1])
    plain = drawn(see(gradient_descent_eta="1.05", window="plain"))["descent"]["layout"]
    here = places(see(gradient_descent_eta="1.05", window="plain"))[0]
    ranges = np.array([plain["xaxis"]["range"], plain["yaxis"]["range"]])
    inside = ((here >= ranges[:, 0]) & (here <= ranges[:, 1])).all(axis=1)
    assert left == int(np.argmin(inside)) > 0


def test_wide_window_is_chosen_for_walks_that_leave_and_for_no_others():
    def axes(**settings):
        return str(drawn(see(**settings))["descent"]["layout"]["xaxis"])

    fast = {"gradient_descent_eta": "1.05"}
    assert axes(**fast) == axes(**fast, window="wide") != axes(**fast, window="plain")
    assert axes() == axes(window="plain") != axes(window="wide")


@pytest.mark.parametrize("mode", MODES)
def test_walk_to_infinity_sends_no_number_that_a_browser_cannot_hold(mode):
    app = whole(see(side=mode, gradient_descent_eta="2", steps="1000", optimizer="Momentum"))
    app = whole(see(side=mode, gradient_descent_eta="2", steps="1000"))
    if mode == "one run":
        step = int(re.search(r"from step (\d+) on the cost is no finite number", warned(app))[1])
        assert captions(app)[-1].startswith(f"step {step - 1} of {step - 1}: ")
    if mode == "losses":
        assert " (ended)" in captions(app)[-1]  # the others go on


@pytest.mark.parametrize(
    "settings",
    [
        {"side": "nonsense"},
        {"start_w": "1e300"},
        {"start_w": "1000000000", "start_b": "-1000000000"},
        {"steps": "99999"},
        {"side": "optimizers", "optimizers": "nobody"},
        {"side": "losses", "regression_losses": "Hinge"},
        {"side": "starts", "starts_count": "9999"},
        {"gradient_descent_eta": "nan"},
        {"schedule": "never", "penalty": "all", "batch": "-3", "window": "x", "walk_seed": "1e9"},
        {"side": "fair race", "race_count": "-1", "optimizers": ""},
        {"apart": "perhaps", "standardize": "2"},
    ],
    ids=lambda settings: ",".join(settings),
)
@pytest.mark.parametrize("page", ["descent", "landscapes"])
def test_bad_link_opens_a_walk(page, settings):
    app = whole(sound(visit(page, **settings)))
    assert len(captions(app)) <= 1001


def by_hand(page, settings):
    """The page of a visitor who sets one widget after the other."""
    app = sound(visit(page))
    for key, value in settings.items():
        sound(widgets(app)[key].set_value(value).run())
    return app


def assert_same_race(app, other):
    """What a race is: its settings, its words, and all that it draws at every step."""
    values = [{key: one.value for key, one in widgets(each).items()} for each in (app, other)]
    assert values[0] == values[1]
    assert text(app) == text(other)
    assert captions(app) == captions(other)
    assert sent(app) == sent(other)


@pytest.mark.parametrize("settings", RACES.values(), ids=RACES.keys())
def test_link_restores_the_whole_race(settings):
    """The third promise, for each mode: the address holds the race and not a part of it."""
    app = by_hand("descent", settings)
    assert captions(app) != captions(see())
    assert_same_race(app, sound(visit("descent", **link(settings))))


def test_link_restores_a_race_on_a_landscape():
    settings = {
        "landscape": "Himmelblau", "side": "fair race", "race_count": 5,
        "optimizers": ["Adam", "Nesterov"], "steps": 60, "himmelblau_start_x": -1.0,
    }  # fmt: skip
    app = by_hand("landscapes", settings)
    assert_same_race(app, sound(visit("landscapes", **link(settings))))


def test_link_restores_the_plane_through_many_weights():
    settings = CANCER | {"feature": "all 10 columns", "plane_11": "where the cost bends most"}
    app = by_hand("descent", settings)
    assert_same_race(app, sound(visit("descent", **link(settings))))


def test_code_for_both_libraries_is_shown_once_the_panel_is_opened():
    app = sound(visit("descent", optimizer="Momentum", steps="20"))
    assert not app.get("code")
    app.session_state["takeaway"] = True
    sound(app.run())
    shown = [block.value for block in app.get("code")]
    assert [word in code for word, code in zip(("numpy", "torch"), shown, strict=True)] == [
        True, True,
    ]  # fmt: skip
    for code in shown:
        compile(code, "recipe", "exec")


def test_code_is_that_of_the_walk_that_was_picked():
    app = sound(visit("descent", side="optimizers", steps="20"))
    app.session_state["takeaway"] = True
    sound(app.run())
    for name in ("Momentum", "Adam"):
        sound(widgets(app)["code_walk"].set_value(name).run())
        assert all(name in block.value.splitlines()[0] for block in app.get("code"))


def test_parts_of_each_step_are_listed_and_drawn():
    app = see(apart="true", optimizer="Momentum", momentum_beta="0.5", steps="20")
    reel = drawn(app)["descent_films"]
    assert len(reel["details"]) == len(reel["captions"]) == 21
    moves = {re.match(r"→ ([^:]+):", line)[1] for line in reel["details"][0] if line[0] == "→"}
    assert moves <= set(names(drawn(app)["descent"]))
    here = places(app)[0]
    for k in (0, 7, 19):  # the parts add up to the step
        parts = [
            [float(one) for one in re.findall(NUMBER, line.rpartition("= (")[2])]
            for line in reel["details"][k]
            if line.startswith("→")
        ]
        np.testing.assert_allclose(np.sum(parts, axis=0), here[k + 1] - here[k], atol=2e-3)


def test_descent_arrives_just_below_the_limit_and_leaves_just_above_it():
    """S16, S32, F10: the rule w ← w − η ∂L/∂w lowers the loss only while η < 2 ÷ λ."""
    limit = (
        float(re.search(rf"λ₁ = ({NUMBER})", text(see()))[1]) / 2
    )  # λ₁ and 2 ÷ λ₁ are both 1 here
    assert limit == 1.0
    below, above = (see(gradient_descent_eta=f"{eta}", steps="1000") for eta in (0.99, 1.01))
    assert [metric(app, "Rate ÷") for app in (below, above)] == [0.99, 1.01]
    assert (np.diff(costs(below)) <= 0).all()
    assert costs(below)[-1] == costs(see())[-1]
    assert slopes(below)[-1] < 1e-8 * slopes(below)[0]
    assert not below.warning
    assert (np.diff(costs(above)) >= 0).all()
    assert costs(above)[-1] > 1e15 * costs(above)[0]
    assert re.match(r"Diverg.* is 1\.01 × the limit", warned(above))


def test_single_steps_on_a_few_rows_go_up_where_those_on_all_rows_go_down():
    """S16, S32: with mini-batches not each iteration is better, at the same harmless rate."""
    full, few = (costs(see(batch=batch, steps="100")) for batch in ("all rows", "1 row"))
    assert (np.diff(full) <= 0).all()
    assert (np.diff(few) > 0).sum() > 10
    assert few[-1] < few[0]


def test_walk_on_a_plateau_does_not_keep_improving():
    """S34: far on the wrong side squared error of a probability hardly moves, cross-entropy does."""
    lost = BLOBS | {"start_w": "-8", "start_b": "0", "steps": "100", "gradient_descent_eta": "0.1"}
    left = {}
    for loss in ("Brier", "Cross-entropy"):
        found = costs(see(loss=loss, **lost))
        left[loss] = found[-1] / found[0]
    assert left["Brier"] > 0.9
    assert left["Cross-entropy"] < 0.5


def test_gradient_is_the_steepest_of_all_directions_and_the_step_goes_against_it():
    """S17: of 36 directions from the start the cost rises most along the gradient."""
    reach, w, b = 0.1, 2.0, 1.0
    turns = np.arange(36) * np.pi / 18

    def cost(turn):
        place = {"start_w": w + reach * np.cos(turn), "start_b": b + reach * np.sin(turn)}
        return costs(see(loss="Log-cosh", steps="10", **link(place)))[0]

    heights = np.array([cost(turn) for turn in turns])
    rise = (heights - np.roll(heights, 18)) / (2 * reach)
    app = see(loss="Log-cosh", steps="10", start_w="2", start_b="1")
    step = np.subtract(*places(app)[0][1::-1])
    uphill = np.arctan2(-step[1], -step[0])
    assert np.cos(turns[rise.argmax()] - uphill) > np.cos(np.pi / 36)  # the nearest of the 36
    np.testing.assert_allclose(rise, slopes(app)[0] * np.cos(turns - uphill), atol=3e-3)


def test_same_rows_and_start_end_elsewhere_under_another_loss():
    """S18: the choice of loss changes what is learned."""
    app = see(side="losses", steps="1000", line_with_outliers_leverage="3")
    starts, ends = places(app)[:, 0], places(app)[:, -1]
    assert (starts == starts[0]).all()
    apart = np.linalg.norm(ends[:, None] - ends, axis=2)
    assert apart[~np.eye(len(ends), dtype=bool)].min() > 0.02


def test_rate_that_changes_no_axis_visibly_leaves_the_axes_alone():
    """Another layout, be it by a billionth, has Plotly draw all grounds anew: 100 ms while playing."""
    walks = {"side": "losses", "steps": "600"}
    layouts = [
        str(drawn(see(gradient_descent_eta=eta, **walks))["descent"]["layout"])
        for eta in ("0.011", "0.012", "0.013")
    ]
    assert len(set(layouts)) == 1


def offered(app):
    """The offer of a page's player, and the values of its sliders; it lives as long as `app`."""
    ahead = drawn(app)["descent"]["ahead"]
    return ahead["address"].removeprefix(PATH), ahead["values"]


@pytest.mark.parametrize(
    ("settings", "slider", "value"),
    [
        ({"side": "losses"}, "gradient_descent_eta", 0.217),
        ({"side": "losses"}, "huber_delta", 0.35),
        ({"side": "optimizers"}, "adam_eta", 0.031),
        ({"apart": "true", "optimizer": "Momentum"}, "momentum_beta", 0.55),
        ({"side": "starts"}, "starts_count", 5),
        ({"penalty": "L2", "schedule": "Step decay"}, "l2_lam", 0.3),
        ({"steps": "40"}, "steps", 130),
        (BLOBS | {"loss": "Focal", "focal_alpha_on": "true"}, "focal_alpha", 0.35),
    ],
    ids=str,
)
def test_an_answer_ahead_is_what_the_script_says_a_moment_later(settings, slider, value):
    """Two ways to one picture must never differ: the visitor sees first the one, then the other."""
    app = visit("descent", **settings)
    token, values = offered(app)
    assert slider in values
    body = answered(token, {slider: str(value)})
    parts = []
    while body:
        size = int.from_bytes(body[:4], "little")
        parts, body = [*parts, body[4 : 4 + size]], body[4 + size :]
    later = visit("descent", **settings | {slider: str(value)})
    message, films, *_ = map(decode, filter(None, parts))
    said = drawn(later)
    assert (
        message["ahead"]["values"] == said["descent"]["ahead"]["values"] == values | {slider: value}
    )
    np.testing.assert_equal(message["data"], said["descent"]["data"])
    np.testing.assert_equal(message["layout"], said["descent"]["layout"])
    assert message["reel"] == said["descent"]["reel"]
    assert films["captions"] == said["descent_films"]["captions"]
    assert films["details"] == said["descent_films"]["details"]


def test_surfaces_that_the_browser_has_are_not_sent_again():
    """They weigh a third of an answer, and a moved rate leaves them as they are."""
    app = visit("descent")
    token, _ = offered(app)
    version = drawn(app)["descent"]["scenery_version"]
    asked = {"gradient_descent_eta": "0.2"}
    whole, rest = answered(token, asked), answered(token, asked | {"ground": version})
    assert len(rest) < len(whole) - 10_000
    assert answered(token, asked | {"ground": "another"}) == whole
    assert answered(token, asked | {"ground": ""}) == whole


def test_landscapes_answer_ahead_as_well():
    app = visit("landscapes", landscape="Ravine", side="optimizers")
    token, values = offered(app)
    assert {"ravine_kappa", "ravine_adam_eta", "steps"} <= set(values)
    assert answered(token, {"ravine_kappa": "60"})


def test_nobody_else_and_nothing_wrong_is_answered():
    """The address is the session's secret, and what a slider cannot say the script must answer."""
    app = visit("descent")
    token, _ = offered(app)
    assert answered(token, {"gradient_descent_eta": "0.2"})
    assert answered(token, {"gradient_descent_eta": "-1"}) is None
    assert answered(token, {"gradient_descent_eta": "nan"}) is None
    assert answered(token, {"gradient_descent_eta": "much"}) is None
    assert answered(token, {"steps": "20000"}) is None
    assert answered(token, {"steps": "inf"}) is None
    assert answered("a guess", {"gradient_descent_eta": "0.2"}) is None


def test_settings_that_are_no_sliders_are_not_taken_from_the_browser():
    """Starts and switches are the script's: whoever asks for them ahead gets the walk as it is."""
    app = visit("descent")
    token, _ = offered(app)
    asked = {"gradient_descent_eta": "0.2"}
    assert answered(token, asked | {"start_w": "0.3"}) == answered(token, asked)


def test_long_walks_and_races_are_left_to_the_script():
    assert drawn(visit("descent", side="fair race", steps="10"))["descent"]["ahead"] is None
