"""Generators and samples: the same for the same seed, and what they claim to be."""

import csv
import importlib.util
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from losses.axes import RESIDUAL
from losses.data import DataError, Dataset
from losses.data.bundled import FOLDER, Sample
from losses.data.dataset import spread
from losses.data.generators import (
    Generator,
    HousePrices,
    LineWithOutliers,
    Moons,
    TwoBlobs,
    VisitTimes,
)
from losses.placing import place, robust_scale

SCRIPT = Path(__file__).parent / "samples" / "make_samples.py"
ROWS = {
    "engel": 235,
    "phones": 24,
    "star_cluster": 47,
    "penguins": 342,
    "breast_cancer": 569,
    "diabetes": 442,
    "regression_predictions": 500,
    "blunders": 200,
    "binary_predictions": 569,
}

generators = pytest.mark.parametrize("kind", Generator.catalogue.values(), ids=Generator.catalogue)
samples = pytest.mark.parametrize("kind", Sample.catalogue.values(), ids=Sample.catalogue)


def drawn(generator, seed=0):
    return generator.sample(np.random.default_rng(seed))


def tiny(**changed):
    parts = {
        "name": "tiny",
        "columns": ("age",),
        "features": [[1.0], [2.0], [3.0]],
        "target": [1.0, 2.0, 4.0],
        "target_name": "y",
    }
    return Dataset(**(parts | changed))


@generators
def test_a_seed_gives_the_same_rows_and_another_seed_gives_others(kind):
    assert drawn(kind()).digest == drawn(kind()).digest
    other = drawn(kind(), seed=1)
    assert np.ptp(other.features[:, 0]) > 0
    assert np.ptp(other.target) > 0
    assert not np.array_equal(other.features, drawn(kind()).features)


@generators
def test_every_knob_turns_the_data_over_its_whole_range(kind):
    default = drawn(kind())
    for knob in kind.parameters():
        low, high = (drawn(kind(**{knob.name: end})) for end in (knob.low, knob.high))
        assert low.digest != high.digest, knob.name
        assert knob.default in knob.grid(), knob.name
        assert low.unit == default.unit
    for word in kind.choices():
        made = [drawn(kind(**{word.name: option})).digest for option in word.options]
        assert len(set(made)) == len(word.options), word.name


@generators
def test_a_generator_is_described_and_refuses_what_it_does_not_know(kind):
    assert kind.sentence().endswith(".")
    assert kind() == kind()
    assert hash(kind()) == hash(kind())
    for knob in kind.parameters():
        assert knob.help
        assert knob.symbol
    with pytest.raises(ValueError, match=r"n = 0 is out of range"):
        kind(n=0)
    with pytest.raises(ValueError, match="whole number"):
        kind(n=20.5)


def test_a_word_that_is_no_choice_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="noise = 'cauchy' must be one of normal, laplace"):
        LineWithOutliers(noise="cauchy")


@pytest.mark.parametrize(("share", "moved"), [(0.0, 0), (0.1, 6), (0.25, 15), (0.5, 30)])
def test_outlier_share_moves_exactly_that_many_rows_by_the_size(share, moved):
    clean = drawn(LineWithOutliers(n=60, share=0.0))
    dirty = drawn(LineWithOutliers(n=60, share=share, size=25.0))
    step = dirty.target - clean.target
    assert np.sum(step != 0.0) == moved
    np.testing.assert_allclose(step[step != 0.0], 25.0, rtol=1e-12)  # 25 is added to each y


def test_a_larger_share_keeps_the_outliers_that_were_there():
    clean = drawn(LineWithOutliers(share=0.0)).target
    moved = [
        set(np.flatnonzero(drawn(LineWithOutliers(share=s)).target - clean)) for s in (0.1, 0.3)
    ]
    assert moved[0] < moved[1]


def test_the_notes_name_the_rows_that_were_thrown():
    clean, dirty = (drawn(LineWithOutliers(share=share)) for share in (0.0, 0.1))
    rows = ", ".join(str(row + 1) for row in np.flatnonzero(dirty.target - clean.target))
    assert dirty.notes == (f"6 of 60 rows thrown off by 15: rows {rows}",)


def test_without_noise_and_outliers_the_rows_lie_on_the_line():
    data = drawn(LineWithOutliers(scale=0.0, share=0.0, slope=3.0, intercept=-2.0))
    np.testing.assert_array_equal(data.target, -2.0 + 3.0 * data.column("x"))


def test_leverage_points_are_added_far_right_at_the_height_of_the_start():
    data = drawn(LineWithOutliers(n=40, leverage=3, scale=0.0, intercept=4.0))
    assert len(data) == 43
    assert np.all(data.column("x")[40:] > 2.0 * data.column("x")[:40].max())
    np.testing.assert_allclose(
        data.target[40:], 4.0, atol=1e-12
    )  # rounding of slope * x - slope * x


def test_leverage_turns_least_squares_and_outliers_shift_it():
    def slope(generator):
        data = drawn(generator)
        return np.polyfit(data.column("x"), data.target, 1)[0]

    assert slope(LineWithOutliers(share=0.0)) == pytest.approx(2.0, abs=0.1)
    assert slope(LineWithOutliers(share=0.0, leverage=10)) < 0.5


def test_noise_gets_heavier_tailed_from_normal_over_laplace_to_student_t():
    def weight(noise):
        data = drawn(LineWithOutliers(n=20_000, share=0.0, noise=noise))
        rest = np.abs(data.target - 1.0 - 2.0 * data.column("x"))
        return np.quantile(rest, 0.999) / np.quantile(rest, 0.5)

    assert weight("normal") < weight("laplace") < weight("student_t")


def test_house_prices_are_whole_hundreds_of_dollars_and_skewed():
    data = drawn(HousePrices(n=2000))
    assert data.unit == "$"
    assert np.all(data.target % 100 == 0)
    assert data.target.min() > 0
    assert data.target.mean() > 1.05 * np.median(data.target)


def test_visit_times_have_the_median_and_the_tail_that_their_knobs_say():
    data = drawn(VisitTimes(n=400_000, start=10.0, growth=0.2, tail=2.5))
    ratio = data.target / (10.0 + 0.2 * (data.column("age") - 18.0))
    assert np.median(ratio) == pytest.approx(1.0, abs=0.01)  # some 3 standard errors
    # log-logistic: P(ratio > r) = 1 / (1 + r^alpha)
    assert np.mean(ratio > 10.0) == pytest.approx(1.0 / (1.0 + 10.0**2.5), rel=0.1)
    assert ratio.mean() == pytest.approx((np.pi / 2.5) / np.sin(np.pi / 2.5), rel=0.02)


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.99])
def test_two_blobs_have_the_class_ratio_they_are_asked_for(share):
    assert drawn(TwoBlobs(n=200, share=share)).target.sum() == round(200 * share)


def test_both_classes_are_there_even_when_one_is_rare():
    assert set(drawn(TwoBlobs(n=10, share=0.01)).target) == {0.0, 1.0}


@pytest.mark.parametrize("overlap", [0.02, 0.1, 0.3])
def test_the_best_line_through_two_blobs_errs_as_often_as_overlap_says(overlap):
    data = drawn(TwoBlobs(n=200_000, overlap=overlap))
    wrong = (data.features.sum(axis=1) > 0) != data.target
    assert wrong.mean() == pytest.approx(overlap, abs=0.004)  # 4 standard errors at most


def test_moons_without_noise_lie_on_two_half_circles_of_radius_one():
    data = drawn(Moons(noise=0.0))
    centers = np.where(data.target[:, None] == 1.0, [1.0, 0.5], [0.0, 0.0])
    np.testing.assert_allclose(np.linalg.norm(data.features - centers, axis=1), 1.0, rtol=1e-12)
    assert data.target.mean() == 0.5


@samples
def test_a_sample_loads_with_its_rows_and_says_where_it_is_from(kind):
    data = kind().load()
    assert len(data) == ROWS[kind.slug]
    assert data.columns == kind.columns
    assert data.role == kind.role
    assert data.task == kind.task
    assert np.ptp(data.target) > 0
    assert kind.sentence().endswith((".", "?"))
    assert kind.source
    assert kind.licence
    assert f"## {kind.slug}.csv" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_file_among_the_samples_is_declared():
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(Sample.catalogue)


def test_a_sample_is_read_once():
    assert Sample.catalogue["engel"]().load() is Sample.catalogue["engel"]().load()


def test_penguins_without_measures_are_left_out_in_the_notes():
    notes = Sample.catalogue["penguins"]().load().notes
    assert notes[0].startswith("2 rows left out: line 5 'bill_length_mm' is 'NA'")


def test_phones_hold_the_published_figures():
    data = Sample.catalogue["phones"]().load()
    np.testing.assert_array_equal(data.column("year"), np.arange(50, 74))
    assert data.target[[0, 1, 14, 19, 20, 23]].tolist() == [4.4, 4.7, 119.0, 212.0, 43.0, 29.0]


def test_the_giants_are_the_coolest_stars_and_turn_the_line():
    data = Sample.catalogue["star_cluster"]().load()
    giants = np.array([11, 20, 30, 34]) - 1
    assert np.all(data.column("log_temperature")[giants] < 3.5)
    slopes = [
        np.polyfit(np.delete(data.features[:, 0], gone), np.delete(data.target, gone), 1)[0]
        for gone in ([], giants)
    ]
    assert slopes[0] < 0 < slopes[1]


def test_engel_has_the_known_median_and_means():
    data = Sample.catalogue["engel"]().load()
    # means and extremes as statsmodels prints them
    assert data.column("income").mean() == pytest.approx(982.473044, abs=1e-6)
    assert data.target.mean() == pytest.approx(624.150111, abs=1e-6)
    assert data.column("income").max() == pytest.approx(4957.813024, abs=1e-6)


def test_trees_fitted_with_a_loss_win_under_that_loss():
    data = Sample.catalogue["regression_predictions"]().load()
    residual = data.features - data.target[:, None]
    squared, absolute = (residual**2).mean(axis=0), np.abs(residual).mean(axis=0)
    assert data.columns[squared.argmin()] == "trees_squared"
    assert data.columns[absolute.argmin()] == "trees_absolute"


def test_the_forest_wins_by_accuracy_and_the_regression_by_cross_entropy():
    data = Sample.catalogue["binary_predictions"]().load()
    right = (data.features > 0.5) == data.target[:, None]
    of_truth = np.where(data.target[:, None] == 1.0, data.features, 1.0 - data.features)
    assert of_truth.min() > 0.0  # nobody was certain and wrong
    assert data.columns[right.mean(axis=0).argmax()] == "random_forest"
    cross_entropy = np.mean(-np.log(of_truth), axis=0)
    assert data.columns[cross_entropy.argmin()] == "logistic_regression"
    assert data.columns[cross_entropy.argmax()] == "naive_bayes"


@pytest.mark.parametrize(
    "slug", ["engel", "breast_cancer", "diabetes", "regression_predictions", "binary_predictions"]
)
def test_the_script_makes_the_bundled_sample_again(slug, tmp_path):
    # 1e-9: equal byte for byte on one machine, but BLAS may round otherwise on another
    described = importlib.util.spec_from_file_location("make_samples", SCRIPT)
    script = importlib.util.module_from_spec(described)
    described.loader.exec_module(script)
    script.write(script.sources(None)[slug](), tmp_path / "again.csv")
    again, bundled = (
        list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        for path in (tmp_path / "again.csv", FOLDER / f"{slug}.csv")
    )
    assert again[0] == bundled[0]
    assert len(again) == len(bundled)
    for one, two in zip(again[1:], bundled[1:], strict=True):
        assert one == two or [float(cell) for cell in one] == pytest.approx(
            [float(cell) for cell in two], rel=1e-9, abs=1e-9
        )


def test_a_cell_that_is_no_number_is_named_with_column_and_row():
    with pytest.raises(DataError, match="column 'age', row 12: nan is not a finite number"):
        tiny(features=[[1.0], [np.nan], [2.0]], rows=[10, 12, 13])
    with pytest.raises(DataError, match="column 'y', row 3: inf is not a finite number"):
        tiny(target=[1.0, 2.0, np.inf])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"features": [[1.0], [2.0]]}, r"found features \(2, 1\) and target \(3,\)"),
        ({"columns": ("y",)}, "two columns are called 'y'"),
        ({"features": np.empty((0, 1)), "target": []}, "no row is left"),
        ({"rows": [1, 2]}, "2 row numbers for 3 rows"),
        ({"features": [["n/a"], ["1"], ["2"]]}, "the features must be numbers"),
        ({"task": "binary"}, "do not go with 0 classes"),
        ({"task": "binary", "classes": ("a", "b")}, "row 2: 2 is not a class index 0 ... 1"),
        ({"role": "judges"}, "role 'judges'"),
    ],
)
def test_a_dataset_that_does_not_fit_together_is_refused_with_a_sentence(changed, said):
    with pytest.raises(DataError, match=said):
        tiny(**changed)


def test_a_dataset_keeps_its_own_arrays_and_cannot_be_changed():
    target = np.array([1.0, 2.0, 4.0])
    data = tiny(target=target)
    target[0] = 99.0
    assert data.target[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        data.target[0] = 5.0


def test_the_digest_tells_every_difference():
    made = [
        tiny(),
        tiny(target=[1.0, 2.0, np.nextafter(4.0, 5.0)]),
        tiny(name="other"),
        tiny(unit="$"),
        tiny(rows=[2, 3, 4]),
        tiny(columns=("years",)),
    ]
    assert len({data.digest for data in made}) == len(made)
    assert tiny().digest == tiny().digest
    assert all(one.digest != two.digest for one, two in pairwise(made))


def test_rescaling_changes_the_target_and_its_predictions_but_no_feature():
    features = tiny(unit="$").rescaled(0.001, "thousand $")
    assert features.target.tolist() == [0.001, 0.002, 0.004]
    assert features.features.tolist() == [[1.0], [2.0], [3.0]]
    assert features.unit == "thousand $"
    predictions = tiny(role="predictions").rescaled(1000.0, "cents")
    assert predictions.features.tolist() == [[1000.0], [2000.0], [3000.0]]


def test_classes_have_no_unit_and_a_factor_must_be_usable():
    with pytest.raises(DataError, match="classes have no unit"):
        drawn(Moons()).rescaled(2.0, "$")
    with pytest.raises(DataError, match="must be finite and not 0"):
        tiny().rescaled(0.0, "$")


def test_a_column_is_found_by_name_or_refused_with_the_names():
    assert tiny().column("age").tolist() == [1.0, 2.0, 3.0]
    assert tiny().column("y").tolist() == [1.0, 2.0, 4.0]
    with pytest.raises(DataError, match="no column is called 'Age'; there is 'age', 'y'"):
        tiny().column("Age")


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e9 + 0.1, -7e-12, 0.0])
@pytest.mark.parametrize("n", [3, 50, 9999])
def test_what_rounding_leaves_of_a_constant_is_no_spread(value, n):
    column = np.full(n, value)
    assert spread(column) == 0
    data = tiny(features=column[:, None], target=column).standardized()
    assert not data.features.any()
    assert not data.target.any()


def test_a_true_spread_counts_however_small():
    column = np.array([1.0, 1.0 + 1e-12, 1.0 - 1e-12])
    assert spread(column) == column.std()
    assert spread(np.array([1e-300, 3e-300])) == pytest.approx(1e-300)
    mixed = np.column_stack([np.full(3, 0.1), column])
    assert spread(mixed).tolist() == [0.0, column.std()]
    assert tiny(features=column[:, None]).standardized().features.std() == pytest.approx(1)


def test_residuals_that_are_rounding_of_the_target_have_no_scale():
    noise = np.array([1.0, -1.0, 2.0, -2.0, 0.5]) * 1e-16
    assert robust_scale(noise) < 1e-15
    assert robust_scale(noise, size=1.0) == 1.0
    assert robust_scale(1e6 * noise, size=1.0) == robust_scale(1e6 * noise)
    x = np.linspace(0.1, 0.9, 30)
    exact = tiny(features=x[:, None], target=0.1 + 0.3 * x)
    assert np.abs(place(exact, RESIDUAL).values).max() < 1e-12


def test_a_part_of_the_rows_keeps_their_weights_and_groups():
    data = Dataset(
        name="d", columns=("a",), features=np.arange(4.0)[:, None], target=np.arange(4.0),
        target_name="y", weight=np.array([1.0, 0, 2, 3]), weight_name="w",
        group=np.array([0, 1, 1, 0]), groups=("x", "z"), group_name="g",
    )  # fmt: skip
    part = data.part(np.array([3, 1]))
    assert part.weight.tolist() == [3, 0]
    assert part.group.tolist() == [0, 1]
    assert part.rows.tolist() == [4, 2]
