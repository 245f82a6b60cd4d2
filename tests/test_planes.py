"""Planes through a space of weights: what is drawn in one is where it says it is."""

import numpy as np
import pytest

from losses.descent.planes import Plane, curved_plane, path_plane, weight_plane

RNG = np.random.default_rng(5)
SIZE = 6
ORIGIN, FIRST, SECOND = RNG.normal(size=(3, SIZE))
SLANTED = Plane(ORIGIN, 3 * FIRST, SECOND - 2 * FIRST, ("a", "b"))
PATH = np.cumsum(RNG.normal(size=(30, SIZE)) * [3.0, 2.0, 1.0, 0.3, 0.1, 0.0], axis=0)


def variance(path, origin):
    return ((path - origin) ** 2).sum()


# --- A plane


def test_coordinates_undo_weights_though_the_directions_are_slanted():
    a, b = RNG.normal(size=(2, 4, 5))
    W = SLANTED.weights(a, b)
    assert W.shape == (4, 5, SIZE)
    np.testing.assert_allclose(SLANTED.coordinates(W), np.stack([a, b], axis=-1), atol=1e-13)
    assert SLANTED.residue(W).max() < 1e-13


def test_coordinates_and_weights_broadcast():
    a, b = np.linspace(-1, 1, 3), np.linspace(-2, 2, 5)[:, None]
    grid = SLANTED.weights(a, b)
    assert grid.shape == (5, 3, SIZE)
    np.testing.assert_array_equal(grid[4, 1], SLANTED.weights(0.0, 2.0))
    assert SLANTED.coordinates(grid[4, 1]).shape == (2,)
    assert SLANTED.residue(grid[4, 1]).shape == ()


def test_the_projection_is_that_of_least_squares():
    """A path drawn in the plane must be its shadow, the nearest points of the plane."""
    W = RNG.normal(size=(7, SIZE))
    basis = np.column_stack([SLANTED.first, SLANTED.second])
    expected, squares, _, _ = np.linalg.lstsq(basis, (W - ORIGIN).T)
    np.testing.assert_allclose(SLANTED.coordinates(W), expected.T, rtol=1e-11)
    np.testing.assert_allclose(SLANTED.residue(W), np.sqrt(squares), rtol=1e-11)


def test_the_residue_keeps_its_digits_beside_a_large_distance_in_the_plane():
    normal = np.linalg.qr(np.column_stack([FIRST, SECOND, np.ones(SIZE)]))[0][:, 2]
    W = SLANTED.weights(1e6, -1e6) + 1e-3 * normal
    assert SLANTED.residue(W) == pytest.approx(1e-3, rel=1e-6)  # 1e6 rounds at 1e-10


def test_directions_of_any_length_span_a_plane_and_parallel_ones_do_not():
    thin = Plane(ORIGIN, 1e-9 * FIRST, 1e9 * SECOND, ("a", "b"))
    found = thin.coordinates(thin.weights(3e9, 4e-9))
    np.testing.assert_allclose(found, [3e9, 4e-9], rtol=1e-13)
    for second in (2 * FIRST, 0 * FIRST):
        with pytest.raises(ValueError, match="span no plane"):
            Plane(ORIGIN, FIRST, second, ("a", "b"))
    with pytest.raises(ValueError, match="one shape"):
        Plane(ORIGIN, FIRST, SECOND[:-1], ("a", "b"))


# --- Two weights


def test_the_plane_of_two_weights_has_them_for_coordinates():
    """Its axes carry the weights' names, so they must carry their numbers, too."""
    plane = weight_plane(SIZE, 4, 1, ORIGIN, ("e", "b"))
    w = plane.weights(10.0, -20.0)
    assert (w[4], w[1]) == (10.0, -20.0)
    rest = [0, 2, 3, 5]
    np.testing.assert_array_equal(w[rest], ORIGIN[rest])
    np.testing.assert_array_equal(plane.coordinates(ORIGIN), ORIGIN[[4, 1]])
    assert plane.residue(ORIGIN) == 0
    assert plane.names == ("e", "b")


def test_only_where_there_are_two_weights_their_plane_holds_everything():
    assert weight_plane(SIZE, 0, 1, ORIGIN, ("a", "b")).held is None
    assert weight_plane(2, 0, 1, ORIGIN[:2], ("a", "b")).held == 1
    assert curved_plane(np.eye(SIZE), ORIGIN).held is None
    assert curved_plane(np.eye(2), ORIGIN[:2]).held == 1


@pytest.mark.parametrize(("i", "j"), [(1, 1), (0, SIZE), (-1, 0)])
def test_two_weights_that_are_not_two_are_refused(i, j):
    with pytest.raises(ValueError, match="not two different ones of 6"):
        weight_plane(SIZE, i, j, ORIGIN, ("a", "b"))


# --- Curvature


def test_the_curved_plane_has_the_two_largest_curvatures_for_axes():
    vectors = np.linalg.qr(RNG.normal(size=(SIZE, SIZE)))[0]
    hessian = (vectors * [5.0, -9.0, 2.0, 7.0, 0.1, 0.0]) @ vectors.T
    plane = curved_plane(hessian, ORIGIN)
    np.testing.assert_allclose(hessian @ plane.first, 7 * plane.first, atol=1e-13)
    np.testing.assert_allclose(hessian @ plane.second, 5 * plane.second, atol=1e-13)
    for axis in (plane.first, plane.second):
        assert np.linalg.norm(axis) == pytest.approx(1, rel=1e-14)
        assert axis[np.abs(axis).argmax()] > 0
    np.testing.assert_array_equal(plane.weights(0.0, 0.0), ORIGIN)


def test_the_sign_of_an_axis_is_the_same_on_every_machine():
    """Eigenvectors come with either sign; of two components of one size the first is positive."""
    plane = curved_plane(np.array([[2.0, -1.0], [-1.0, 2.0]]), np.zeros(2))
    np.testing.assert_allclose(plane.first, np.array([1, -1]) / np.sqrt(2), rtol=1e-14)
    np.testing.assert_allclose(plane.second, np.array([1, 1]) / np.sqrt(2), rtol=1e-14)


# --- A path


def test_the_plane_of_a_path_goes_through_its_last_point_and_holds_what_it_says():
    plane = path_plane(PATH)
    np.testing.assert_array_equal(plane.origin, PATH[-1])
    lost = (plane.residue(PATH) ** 2).sum() / variance(PATH, PATH[-1])
    assert plane.held == pytest.approx(1 - lost, rel=1e-13)
    assert 0.5 < plane.held < 1
    basis = np.column_stack([plane.first, plane.second])
    np.testing.assert_allclose(basis.T @ basis, np.eye(2), atol=1e-14)


def test_no_other_plane_through_that_point_holds_more_of_the_path():
    best = path_plane(PATH)
    for scale in (1e-2, 1.0):
        for first, second in RNG.normal(size=(50, 2, SIZE)) * scale:
            other = Plane(best.origin, best.first + first, best.second + second, ("", ""))
            assert (other.residue(PATH) ** 2).sum() > (best.residue(PATH) ** 2).sum()


def test_the_first_direction_holds_more_than_the_second():
    along = path_plane(PATH).coordinates(PATH)
    assert (along[:, 0] ** 2).sum() > (along[:, 1] ** 2).sum()


def test_a_path_is_seen_from_another_point_where_one_is_given():
    plane = path_plane(PATH, through=ORIGIN)
    np.testing.assert_array_equal(plane.origin, ORIGIN)
    lost = (plane.residue(PATH) ** 2).sum() / variance(PATH, ORIGIN)
    assert plane.held == pytest.approx(1 - lost, rel=1e-13)


def test_two_weights_span_everything():
    plane = path_plane(PATH[:, :2])
    assert plane.held == 1
    assert plane.residue(PATH[:, :2]).max() < 1e-13


STRAIGHT = np.linspace(0, 1, 9)[:, None] * np.array([0.6, 0.0, -0.8, 0.0])


@pytest.mark.parametrize("steps", [8, 1])
def test_a_straight_path_gets_a_second_direction_that_every_machine_agrees_on(steps):
    """One step, or a walk down a straight valley, still has to be drawn on a surface."""
    plane = path_plane(STRAIGHT[: steps + 1])
    np.testing.assert_allclose(plane.first, [-0.6, 0, 0.8, 0], atol=1e-15)
    np.testing.assert_array_equal(plane.second, [0, 1, 0, 0])
    assert plane.held == 1


@pytest.mark.parametrize("rows", [1, 4])
def test_a_path_that_stays_where_it_is_gets_the_first_two_weights(rows):
    plane = path_plane(np.tile(ORIGIN, (rows, 1)))
    np.testing.assert_array_equal(plane.first, np.eye(SIZE)[0])
    np.testing.assert_array_equal(plane.second, np.eye(SIZE)[1])
    assert plane.held == 1
    np.testing.assert_array_equal(plane.coordinates(ORIGIN), [0, 0])


def test_a_path_that_diverged_has_a_plane_though_its_squares_overflow():
    huge, tiny = path_plane(PATH * 1e250), path_plane(PATH * 1e-250)
    for plane in (huge, tiny):
        np.testing.assert_allclose(plane.first, path_plane(PATH).first, rtol=1e-10, atol=1e-12)
        assert plane.held == pytest.approx(path_plane(PATH).held, rel=1e-12)


@pytest.mark.parametrize("path", [np.empty((0, 3)), np.zeros(3), np.array([[0.0, np.nan]])])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="rows of finite weights"):
        path_plane(path)


def test_one_weight_has_no_plane():
    with pytest.raises(ValueError, match="two weights or more"):
        path_plane(PATH[:, :1])
    with pytest.raises(ValueError, match="two weights or more"):
        curved_plane(np.eye(1), np.zeros(1))
