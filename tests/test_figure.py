"""What a figure says reaches the browser: the message read back is the figure."""

import json

import numpy as np
import pytest

from charts.figure import Figure, Film, Move, Shades, Trail, literal, pack, reel, survives_float32


def unpacked(message):
    """The message as the browser reads it (pages/shared/message.js, `decode`)."""
    length = int.from_bytes(message[:4], "little")
    start = 4 + length
    assert start % 8 == 0

    def revive(found):
        for kind in ("f4", "f8"):
            if kind in found:
                offset, count = found[kind]
                assert offset % 8 == 0
                flat = np.frombuffer(message, f"<{kind}", count, start + offset)
                return flat.reshape(found.get("shape", [count]))
        return found

    return json.loads(message[4:start], object_hook=revive)


def figure(data=(), **more):
    return Figure(list(data), {}, "nothing", 300, **more)


def sent(array):
    return unpacked(pack(figure([{"y": array}])))["data"][0]["y"]


def test_a_figure_comes_back_as_it_was_sent():
    x = np.linspace(-5, 5, 401)
    layout = {"xaxis": {"range": [-5, np.float64(5)], "title": {"text": "residual"}}}
    data = [{"type": "scatter", "x": x, "y": x**2 / 2, "line": {"color": "$0/0.5"}}]
    drawn = Figure(data, layout, "a parabola", 420, narrow={"height": 300})
    seen = unpacked(pack(drawn, projector=True))
    assert seen["layout"] == {"xaxis": {"range": [-5, 5.0], "title": {"text": "residual"}}}
    assert (seen["alt"], seen["height"], seen["narrow"]) == ("a parabola", 420, {"height": 300})
    assert seen["projector"] is True
    assert seen["data"][0]["line"] == {"color": "$0/0.5"}
    np.testing.assert_array_equal(seen["data"][0]["y"], (x**2 / 2).astype(np.float32))


@pytest.mark.parametrize(
    "array",
    [
        np.array([1.0, np.nan, -np.inf, 2.5]),
        np.arange(12.0).reshape(3, 4),
        np.array([], dtype=float),
        np.arange(5),
        np.array([1e300, -1e300]),
        np.array([1e-300, 1.0]),
        1e9 + np.linspace(0, 1, 50),
        np.array([0.1, 0.1]),
        np.arange(20.0)[::2],
    ],
    ids=["nan", "rows", "empty", "int", "huge", "tiny", "offset", "constant", "strided"],
)
def test_arrays_that_float32_would_spoil_come_back_exactly(array):
    np.testing.assert_array_equal(sent(array), array)


def test_rounding_to_float32_stays_below_an_eighth_of_a_pixel():
    for values in (np.linspace(0, np.pi, 999), 100 + np.linspace(0, np.pi, 999)):
        assert survives_float32(values)
        assert np.abs(sent(values) - values).max() * 4096 < np.ptp(values) / 8
    assert not survives_float32(1e4 + np.linspace(0, np.pi, 999))


def test_words_dates_and_truths_come_back_as_lists():
    assert sent(np.array(["a", "<b>"], dtype=object)) == ["a", "<b>"]
    assert sent(np.array(["b", "c"])) == ["b", "c"]
    assert sent(np.array([True, False])) == [True, False]
    assert sent(np.array(["2026-01-02"], dtype="M8[D]")) == ["2026-01-02"]
    assert unpacked(pack(figure([{"x": (1, np.nan)}])))["data"][0]["x"] == [1, None]


def test_an_array_used_twice_is_sent_once():
    x = np.linspace(0, np.pi, 1000)
    once, twice = pack(figure([{"x": x}])), pack(figure([{"x": x}, {"x": x}]))
    assert len(twice) - len(once) < 100


def test_films_come_back_with_their_version():
    stops = np.array([0.5, 1.0, 2.0])
    curves = stops[:, None] * np.linspace(-1, 1, 7)
    moves = (Move(0, y=curves, text=["a", "b", "c"]), Trail(1, stops, stops**2))
    film = Film(moves, stops, at=1.0)
    version, message = reel({"delta": film}, key="huber")
    assert message.endswith(version.encode())
    seen = unpacked(message)
    assert seen["key"] == "huber"
    assert seen["films"]["delta"]["frames"] == 3
    first, second = seen["films"]["delta"]["moves"]
    assert (first["trace"], first["x"], first["text"]) == (0, None, ["a", "b", "c"])
    assert (first["grows"], second["grows"]) == (False, True)
    np.testing.assert_array_equal(first["y"], curves.astype(np.float32))
    np.testing.assert_array_equal(second["y"], stops**2)
    assert unpacked(pack(figure(films={"delta": film})))["at"] == {"delta": 1.0}


def test_the_version_of_films_changes_with_a_frame_and_not_with_where_the_slider_stands():
    frames = np.eye(3)
    versions = [
        reel({"delta": Film((Move(0, y=y),), np.arange(3.0), at)})[0]
        for y, at in ((frames, 0.0), (frames.copy(), 2.0), (frames * 2, 0.0))
    ]
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(
    ("moves", "stops"),
    [
        ((), None),
        ((Move(0, y=np.eye(3)), Move(1, y=np.eye(4))), None),
        ((Move(0, y=np.eye(3)),), np.arange(2.0)),
    ],
)
def test_a_film_of_uneven_length_is_refused(moves, stops):
    with pytest.raises(ValueError, match="one length"):
        Film(moves, stops)


def test_the_table_as_csv_gives_every_number_back():
    table = {"x, y": np.array([0.1, 1 / 3]), "n": np.array([1, 2]), "bad": np.array([np.nan, 0])}
    assert figure(table=table).csv() == '"x, y",n,bad\n0.1,1,nan\n0.3333333333333333,2,0\n'


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "%{y}", "$\\alpha$", "$0", "a & b", "x\x00\u202ey"]
)
def test_user_text_has_no_meaning_for_plotly(text):
    shown = literal(text)
    assert not set("<>$") & set(shown)
    assert "%{" not in shown
    assert shown.isprintable()


def test_a_heat_map_travels_once_for_each_picture_and_says_which_is_shown():
    """A film of a thousand steps and a hundred pictures weighs a hundred pictures."""
    pictures, at = np.arange(12.0).reshape(2, 6), np.array([0.0, 0.0, 1.0, 1.0])
    border = np.arange(4.0).reshape(2, 2)
    film = Film((Shades(0, pictures, at), Move(1, border, border, at=at)))
    assert len(film) == 4
    version, message = reel({"clock": film})
    shades, move = unpacked(message[: -len(version)])["films"]["clock"]["moves"]
    np.testing.assert_array_equal(shades["z"], pictures)
    np.testing.assert_array_equal(shades["at"], at)
    np.testing.assert_array_equal(move["x"], border)
    np.testing.assert_array_equal(move["at"], at)
