"""The Network page says what the core computes, changes on the way included."""

import re

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.data import Dataset
from losses.data.bundled import Sample
from losses.data.generators import Generator
from losses.data.telling import shares, telling
from losses.descent.album import PICTURES
from losses.descent.bands import bands
from losses.descent.lesson import lesson, network_objective, shadowed
from losses.descent.relay import Leg
from losses.descent.scene import PLANES
from pages.shared.net import legs, seeds
from pages.shared.net.tries import TRIES, address
from tests.visits import drawn, visit, widgets

ADAM = Optimizer.catalogue["adam"]()
MOONS = Generator.catalogue["moons"]().seeded(0).standardized()
LINE = Generator.catalogue["line_with_outliers"]().seeded(0).standardized()
DIABETES = {"source": "Sample", "sample": "Diabetes: ten measures"}
INSIDE, WEIGHTS, SEEDS = "Inside the units", "Through weight space", "Many seeds"
CHANGED = "100~cross_entropy~adam,eta=0.2~16;60~brier~adam~0"


def asked(**settings):
    app = visit("network", **settings)
    assert not app.exception
    return app


def ground(loss="cross_entropy", hidden=(8,), act="tanh", data=MOONS):
    return network_objective(data, Loss.catalogue[loss](), hidden, act)


def run(objective=None, optimizer=ADAM, steps=300, seed=0):
    return lesson([Leg(objective or ground(), optimizer, steps)], seed)


def cost(app):
    """The final cost on the page."""
    said = next(s for s in sentences(app).split("\n") if "cost is **" in s)
    return float(re.search(r"cost is \*\*(\S+?)\*\*", said).group(1))


def captions(app, key="network"):
    return drawn(app)[f"{key}_films"]["captions"]


def sentences(app):
    kinds = (app.info, app.warning, app.error, app.success, app.markdown)
    return "\n".join(one.value for kind in kinds for one in kind)


@pytest.mark.parametrize(
    ("settings", "one"),
    [
        ({}, lambda: run()),
        ({"net_seed": "7", "units_1": "3"}, lambda: run(ground(hidden=(3,)), seed=7)),
        ({"loss": "Hinge", "activation": "ReLU"}, lambda: run(ground("hinge", act="relu"))),
        (
            {
                "net_optimizer": "Momentum",
                "net_momentum_eta": "0.2",
                "hidden": "2",
                "net_steps": "60",
            },
            lambda: run(ground(hidden=(8, 8)), Optimizer.catalogue["momentum"](eta=0.2), 60),
        ),
    ],
)
def test_costs_are_those_of_the_core_at_every_step(settings, one):
    app, one = asked(**settings), one()
    assert cost(app) == float(f"{one.walk.costs[-1]:.6g}")
    said = captions(app)
    assert len(said) == len(one.walk)
    for k in (0, 7, one.last):
        start = f"step {k} of {one.last}: cost {one.walk.costs[k]:.6g}, gradient {one.walk.slopes[k]:.3g}"
        assert said[k].startswith(start)


def test_the_picture_of_another_step_is_named():
    """Few of 301 steps have a picture: who stops between two is told which one is shown."""
    said = captions(asked())
    named = [line for line in said if "picture of step" in line]
    assert len(named) == 301 - PICTURES
    assert f"Of 301 steps, {PICTURES} have a picture" in sentences(asked())


@pytest.mark.parametrize("name", TRIES)
def test_every_try_opens_and_shows_what_it_says(name):
    app = asked(**TRIES[name])
    said = sentences(app).lower()
    found = {
        "dead": "are dead",
        "stuck": "stuck since",
        "plateau": "plateau:",
        "diverges": "diverged:",
    }
    for word, sign in found.items():
        if word in name.lower():
            assert sign in said
    if "learns" in name:
        assert "stuck since" not in said
    assert address(TRIES[name]) in sentences(app)


def test_squared_error_is_stuck_where_cross_entropy_learns():
    """Claim: through a sigmoid that is sure and wrong, squared error has no slope to learn from."""
    stuck, learns = (
        asked(**TRIES[name])
        for name in (
            "Sigmoid and squared error: stuck",
            "The same with cross-entropy: it learns",
        )
    )
    assert cost(stuck) == 0.5  # one class is wrong, and for sure
    assert cost(learns) < 0.3


def test_signs_are_those_of_the_core():
    app = asked(**TRIES["Dead ReLUs: nothing moves any more"])
    plain = Optimizer.catalogue["gradient_descent"](eta=2.0)
    one = run(ground(hidden=(4, 4, 4), act="relu"), plain)
    said = sentences(app)
    for sign in one.signs:
        assert sign.sentence in said
    dead = [sign for sign in one.signs if (sign.kind, sign.layer) == ("dead", 2)]
    assert f"Layer 3: {len(dead)} units are dead" in app.warning[1].value


def test_a_run_goes_on_through_its_changes():
    app = asked(net_adam_eta="0.01", batch="16 rows", earlier=CHANGED)
    grounds = ground(), ground("brier")
    made = Optimizer.catalogue["adam"]
    one = lesson(
        [
            Leg(grounds[0], made(eta=0.2), 100, 16),
            Leg(grounds[1], made(), 60),
            Leg(grounds[0], made(eta=0.01), 140, 16),
        ],
        0,
    )
    assert cost(app) == float(f"{one.walk.costs[-1]:.6g}")
    assert captions(app)[100].startswith(f"step 100 of 300: cost {one.walk.costs[100]:.6g}")
    assert "what a cost is measured in" in sentences(app)
    marks = next(trace for trace in drawn(app)["network"]["data"] if trace["name"] == "changes")
    assert set(np.asarray(marks["x"])[np.isfinite(marks["x"])]) == {100.5, 160.5}


def test_holding_steps_changes_nothing_until_a_setting_moves_and_can_be_dropped():
    app = asked()
    first = cost(app)
    widgets(app)[legs.AT].set_value(100).run()
    app.button(key="hold").click().run()
    assert app.text_input(key=legs.KEY).value.startswith("100~cross_entropy")
    assert cost(app) == first  # the same rules go on to the last bit
    widgets(app)["net_adam_eta"].set_value(0.01).run()
    moved = cost(app)
    assert moved != first
    assert "to step 100" in sentences(app)
    app.button(key="drop").click().run()
    assert app.text_input(key=legs.KEY).value == ""
    assert widgets(app)["net_adam_eta"].value == 0.1  # the rules that the steps were held by
    assert cost(app) == first


def test_reset_gives_the_run_by_the_first_rules_to_its_end():
    """Menus in the page and sliders in the rail are what they were, or it would be another run."""
    first, between = "20~brier~momentum,eta=0.2,beta=0.5~4", "30~focal,gamma=3,alpha=0.3~adam~16"
    app = asked(net_adam_eta="0.05", loss="Hinge", earlier=f"{first};{between}")
    app.button(key="drop").click().run()
    assert not app.exception
    assert cost(app) == cost(
        asked(
            loss="Focal",
            focal_gamma="3",
            focal_alpha_on="true",
            focal_alpha="0.3",
            batch="16 rows",
            earlier=first,
        )
    )
    app.button(key="reset").click().run()
    rules = {"loss": "Brier", "net_optimizer": "Momentum", "batch": "4 rows"}
    rates = {"net_momentum_eta": "0.2", "net_momentum_beta": "0.5"}
    assert cost(app) == cost(asked(**rules, **rates))
    assert "reset" not in [button.key for button in app.button]  # there is nothing left to undo


def test_a_run_that_is_all_held_says_that_no_step_is_left():
    said = sentences(asked(earlier="9999~brier~adam~0"))
    assert "No step is left to hold: of 300, 9999 are held already." in said
    assert "A step from 1 to 299 can be held." in sentences(asked(change_at="500"))


def test_earlier_rules_are_listed_in_the_letters_of_the_sliders():
    said = sentences(asked(earlier="60~brier~adam,eta=0.2~0"))
    assert "to step 60: Brier, Adam with η = 0.2, β₁ = 0.9" in said
    word = asked().text_input(key=legs.KEY)
    assert "`steps~loss~optimizer~rows`" in word.help  # or Markdown would strike it through


def test_columns_of_other_data_leave_the_link():
    app = asked(net_across="x2", net_up="x1")
    assert widgets(app)["net_across"].value == "x2"
    widgets(app)["generator"].set_value("Line with outliers").run()
    assert not app.exception
    assert not {"net_across", "net_up"} & set(app.query_params)
    there = asked(**DIABETES, net_across="x2", net_up="bmi")
    assert "x2" not in map(str, there.query_params.values())
    assert not there.error


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("x", "is written steps~loss~optimizer~rows"),
        ("10~no~adam~0", "no loss is called 'no'"),
        ("10~brier~adam,eta=-1~0", "out of range"),
        ("10~brier~adam,eta=x~0", "is no number"),
        ("10~brier~adam,zeta=1~0", "no setting called 'zeta'"),
        ("0~brier~adam~0", "1 to 10,000 steps"),
        ("10~squared_error~adam~0", "trains no binary model"),
        ("400~brier~adam~0", "the run has 300"),
    ],
)
def test_a_change_that_is_none_is_a_sentence(word, said):
    app = asked(earlier=word)
    assert said in app.error[0].value


def test_earlier_legs_come_back_from_their_word():
    rules = legs.Rules(Loss.catalogue["huber"](), Optimizer.catalogue["adam"](eta=0.25), 16)
    made = [legs.Earlier(20, rules), legs.Earlier(5, rules._replace(batch=None))]
    assert legs.read(legs.written(made), "regression") == tuple(made)


def test_the_plane_says_how_much_it_holds_and_where_it_lies():
    said = asked(net_view=WEIGHTS).info[0].value
    found = shadowed(run(), PLANES[0])[0]
    assert f"**{100 * found.held:.2f}\N{NO-BREAK SPACE}%**" in said
    assert f"by most at step {found.worst}:" in said
    assert "are drawn" not in said
    figure = drawn(asked(net_view=WEIGHTS))["shadow"]["data"]
    lines = {trace["name"]: trace["y"] for trace in figure if "y" in trace}
    gap = np.asarray(lines["true cost"]) - np.asarray(lines["drawn cost"])
    np.testing.assert_allclose(gap, found.off, atol=1e-4)


def test_bands_are_those_of_the_core_and_count_who_diverged():
    app = asked(net_view=SEEDS, net_seeds="4", net_steps="60")
    names = ("adam", "gradient_descent", "momentum")
    found = bands(ground(), [Optimizer.catalogue[name]() for name in names], range(4), steps=60)
    table = app.table[0].value
    assert table["Diverged"].tolist() == [len(band.diverged) for band in found]
    for said, band in zip(table["Median"], found, strict=True):
        assert float(said) == pytest.approx(band.median[-1], rel=1e-3)


def test_units_are_counted_at_the_step_of_the_slider():
    app = asked(net_view=INSIDE, **TRIES["Dead ReLUs: nothing moves any more"])
    plain = Optimizer.catalogue["gradient_descent"](eta=2.0)
    one = run(ground(hidden=(4, 4, 4), act="relu"), plain)
    for at in (one.last, 0):
        widgets(app)[f"unit_step_{one.last}"].set_value(at).run()
        silent = sum(int((layer[at] == 1).sum()) for layer in one.health.silent)
        assert f"**{silent} of 12** hidden units are 0" in app.info[0].value


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({"generator": "Line with outliers"}, {"scatter"}),
        ({"generator": "Three blobs"}, {"heatmap", "scatter"}),
        ({"source": "Sample", "sample": "Diabetes: ten measures"}, {"heatmap", "scatter"}),
        ({"net_up": "none: one feature"}, {"scatter"}),
    ],
)
def test_every_task_has_its_picture(settings, kinds):
    app = asked(**settings)
    assert not app.error
    assert {trace["type"] for trace in drawn(app)["network"]["data"]} == kinds


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_only_losses_that_train_are_offered(task):
    data = {"regression": "House prices", "binary": "Moons", "multiclass": "Three blobs"}[task]
    offered = widgets(asked(generator=data))["loss"].options
    assert set(offered) == {kind.name for kind in Loss.catalogue.values() if kind.trains(task)}


HOSTILE = "`<b>$x$"


def test_names_of_a_visitor_s_columns_stay_out_of_the_link():
    rows = "\n".join(f"{k},{k % 7},{k * k % 5},{'no' if k % 3 else 'yes'}" for k in range(40))
    upload = ("mine.csv", f"{HOSTILE},b,c,y\n{rows}\n".encode())
    app = asked(source="Upload", upload=upload)
    assert not app.error
    across = next(one for one in widgets(app).values() if one.label == "Feature across")
    assert HOSTILE in across.options
    across.set_value("c").run()
    assert not app.exception
    up = next(one for one in widgets(app).values() if one.label == "Feature up")
    up.set_value(HOSTILE).run()
    assert not app.exception
    assert not [value for value in map(str, app.query_params.values()) if HOSTILE in value]
    titles = drawn(app)["network"]["layout"]
    assert titles["xaxis"]["title"]["text"] == "c"
    assert "<" not in titles["yaxis"]["title"]["text"]


def test_one_column_and_three_classes_are_a_sentence(monkeypatch):
    from pages.shared import dataset

    one = Generator.catalogue["three_blobs"](n=40).seeded(0).only("x1")
    monkeypatch.setattr(dataset, "current", lambda: one)
    assert "one column" in asked(generator="Three blobs").error[0].value


def test_it_begins_with_the_columns_that_tell_most_and_says_that_it_sees_no_others():
    data = Sample.catalogue["diabetes"]().load()
    told = [abs(np.corrcoef(column, data.target)[0, 1]) for column in data.features.T]
    best = [data.columns[k] for k in np.argsort(told)[::-1]]
    assert telling(data) == tuple(best)
    app = asked(**DIABETES)
    assert f"Trained on `{best[0]}` and `{best[1]}` only, 2 of 10 columns" in app.info[0].value
    assert widgets(app)["net_across"].options == best
    assert "Trained on" not in sentences(asked())  # it sees all there are


def test_columns_that_part_classes_come_first_and_constant_ones_last():
    y = np.array([0.0, 0, 1, 1, 2, 2])
    X = np.column_stack([np.full(6, 0.1), np.array([1.0, -1, 1, -1, 1, -1]), y, y % 2])
    made = Dataset(
        "made",
        ("same", "noise", "y", "odd"),
        X,
        y,
        "class",
        task="multiclass",
        classes=("a", "b", "c"),
    )
    assert telling(made) == ("y", "odd", "same", "noise")
    assert shares(made).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("settings", [DIABETES, DIABETES | {"net_across": "age", "net_up": "sex"}])
def test_a_run_that_has_learned_what_there_is_has_one_verdict_and_no_warning(settings):
    app = asked(**settings)
    assert "Still on its way" in app.info[0].value
    assert not app.warning


def test_who_fails_has_one_verdict_and_who_learns_has_no_warning():
    stuck = asked(**TRIES["Sigmoid and squared error: stuck"])
    assert "Brier has hardly a slope in these scores" in stuck.warning[0].value
    assert "Hovering" not in sentences(stuck)
    assert "Smaller steps" not in sentences(stuck)
    dead = asked(**TRIES["Dead ReLUs: nothing moves any more"])
    assert "all units of layer 3 are dead" in dead.warning[0].value
    assert "Arrived" not in sentences(dead)
    assert not asked(**TRIES["The same with cross-entropy: it learns"]).warning


def test_a_run_that_diverges_names_the_layer():
    said = asked(**TRIES["It diverges"]).error[0].value
    assert "The weights that lead to the score grow first" in said


def test_a_run_that_diverges_is_drawn_as_far_as_its_start_can_be_seen():
    """All of it on one plane would draw the start at the cost of its end, 1e270 for 1."""
    app = asked(net_view=WEIGHTS, **TRIES["It diverges"])
    costs = run(
        ground("squared_error", (8, 8), data=LINE), Optimizer.catalogue["gradient_descent"](eta=1.0)
    ).walk.costs
    last = int((costs > 1e3 * costs[0]).argmax())
    assert f"steps 0 to {last} are drawn, of {len(costs) - 1}" in app.info[0].value
    lines = {t["name"]: t["y"] for t in drawn(app)["shadow"]["data"] if "y" in t}
    np.testing.assert_allclose(lines["true cost"], costs[: last + 1], rtol=1e-5)


def test_saturated_means_the_same_inside_the_units_as_in_training():
    app = asked(net_view=INSIDE)
    one = run()
    share = float(np.mean(one.health.saturated[0][-1]))
    assert share > 0.5
    assert not one.signs
    assert "**0 of 8** hidden units are saturated" in app.info[0].value
    assert f"in the mean, a unit is there on {100 * share:.1f}" in app.info[0].value


def test_many_rows_are_trained_a_few_seeds_at_a_time_and_give_the_same_bands(monkeypatch):
    whole = asked(net_view=SEEDS, net_seeds="7", net_steps="40").table[0].value
    monkeypatch.setattr(seeds, "LONG", 0)
    parts = asked(net_view=SEEDS, net_seeds="7", net_steps="40").table[0].value
    assert parts.equals(whole)


def test_each_unit_has_a_picture_with_the_rows_and_a_dead_one_says_so():
    app = asked(net_view=INSIDE, **TRIES["Dead ReLUs: nothing moves any more"])
    plain = Optimizer.catalogue["gradient_descent"](eta=2.0)
    one = run(ground(hidden=(4, 4, 4), act="relu"), plain)
    figure = drawn(app)["units"]
    names = [note["text"] for note in figure["layout"]["annotations"]]
    dead = [unit for layer in one.health.silent for unit in layer[-1] == 1]
    assert [": dead" in name for name in names] == dead
    assert sum(dead) == 7
    assert [trace["type"] for trace in figure["data"]] == ["heatmap", "scatter"] * 12
    wide, high = (figure["layout"][f"{way}axis6"]["domain"] for way in "xy")
    inside = 600  # px, about what the pictures have at 1440
    ratio = (high[1] - high[0]) * figure["height"] / ((wide[1] - wide[0]) * inside)
    assert 0.7 < ratio < 1.4  # nearly square, so that a tilt is what it looks like
