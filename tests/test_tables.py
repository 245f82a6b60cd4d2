"""Dirty files: the right table or a sentence, and never a row that goes without a word."""

import gzip
import random
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losses.data import DataError, Dataset
from losses.data.bundled import Sample
from losses.data.generators import Generator
from losses.data.tables import dataset, guess_roles, numbers, read

GOOD = "y_true,a,b\n1,0.25,0.5\n0,0.75,0.125\n1,0.5,1\n"
CELLS = [["1", "0.25", "0.5"], ["0", "0.75", "0.125"], ["1", "0.5", "1"]]
MANY = "".join(f"{i % 2},0.{i},0.5\n" for i in range(1, 30))


def table(text):
    return read(text if isinstance(text, bytes) else text.encode(), "file.csv")


def column(*cells):
    """One column of a table, as numbers and sentences."""
    frame = table("c;other\n" + "".join(f"{cell};x\n" for cell in cells)).frame
    values, problems = numbers(frame, "c")
    return values.tolist(), [problem.said for problem in problems]


@pytest.mark.parametrize(
    ("data", "noted"),
    [
        (GOOD, ""),
        (GOOD.replace("\n", "\r\n"), ""),
        (GOOD.replace("\n", "\r"), ""),
        (GOOD.rstrip("\n"), ""),
        (GOOD.replace(",", " , "), ""),
        (GOOD.replace(",", ";"), "semicolon"),
        (GOOD.replace(",", "\t"), "tab"),
        (GOOD.replace(",", "|"), "bar"),
        ("sep=;\n" + GOOD.replace(",", ";"), "first line says"),
        ("\ufeff" + GOOD, ""),
        ("\ufeff\ufeff" + GOOD, ""),
        (GOOD.encode("utf-16"), "utf-16"),
        (GOOD.encode("utf-16-le"), "utf-16-le"),
        (GOOD.encode("utf-16-be"), "utf-16-be"),
        (GOOD.encode("utf-32"), "utf-32"),
        (gzip.compress(GOOD.encode(), mtime=0), "gzip"),
        ("# made by a model\n\n" + GOOD, "line 1: above the table"),
        ("Report of May\n\n\n" + GOOD, "line 1: above the table"),
        ("Report of May,,\n" + GOOD, "line 1: above the table"),
        ("Report of May,,\n,,\nMade by us,,\n" + GOOD, "lines 1, 3: above the table"),
        (GOOD.replace("\n", ",\n"), "empty last column"),
        (GOOD.replace("\n", ",\n").replace("b,\n", "b\n"), "empty last column"),
        ('"' + GOOD.replace(",", '","').replace("\n", '"\n"')[:-1], ""),
        (GOOD + "\n\n  \n", ""),
    ],
)
def test_a_good_table_in_any_clothes_is_the_same_table(data, noted):
    found = table(data)
    assert found.frame.columns.tolist() == ["y_true", "a", "b"]
    assert [[cell.strip() for cell in row] for row in found.frame.to_numpy()] == CELLS
    assert found.rejected == ()
    assert noted in " ".join(found.notes)
    assert bool(found.notes) == bool(noted)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n\t", "the file is empty"),
        (b",,,\n,,,\n", "the file is empty"),
        (b"\xef\xbb\xbf", "one column only"),
        (b"a,b,c\n", "a header and no rows"),
        (b"only words\nin lines\n", "one column only"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (
            b"PK\x03\x04" + bytes(30) + b"xl/workbook.xml",
            "the Excel workbook is damaged",
        ),
        (b"PK\x03\x04" + bytes(30), "a zip archive"),
        (b"PAR1" + bytes(30), "a Parquet file"),
        (b"\x80\x04\x95\x10\x00.", "a Python pickle"),
        (b"\xd0\xcf\x11\xe0" + bytes(30), "an old Excel"),
        (b'{"y": [1, 2]}', "JSON"),
        (b'[{"y": 1, "p": 2}]', "JSON"),
        (b"<!DOCTYPE html><p>a,b</p>", "HTML"),
        (b"a,b\n1,\x002\n3,4\n", "line 2 holds a NUL byte"),
        (bytes(range(1, 32)) * 9, "no text"),
        (gzip.compress(GOOD.encode() * 9, mtime=0)[:-9], "cut off"),
        (gzip.compress(GOOD.encode(), mtime=0) * 2, "more than one file"),
        (b"\x1f\x8b\x08garbage that is no gzip", "damaged"),
        (gzip.compress(bytes(200_000_000), mtime=0), "unpacks to more than 100 MB"),
        (gzip.compress(gzip.compress(b"a,b\n1,2\n"), mtime=0), "one column only|no text|NUL"),
        (b"a,b\n" + b"1,2\n" * 25_000_000, "the file has 100.0 MB; at most 100 MB"),
        (b"a," * 10_000 + b"a\n" + b"1," * 10_000 + b"1\n", "more than 2000 cells"),
        (b"a,b\n" + b"x" * 2_000_000 + b",1\n", "line 2 is longer than 1,000,000 characters"),
        (b"y;a;b\n1,5;2\n3;4\n5;6;7\n", "lines do not fit the table: line 2 has 2 cells, not 3"),
        (b"y,p\n" + b"1,5,2,5\n" * 40, "line 1 has 2 names and most lines below have 4 cells"),
        (b"a,b\n" + b"1,2\n" * 9 + b'"3,4\n' + b"5,6\n" * 80, "opens a quote that runs over 81"),
        (b"\xff\xfea\x00,\x00\x00\xd8", "says it is utf-16-le, but byte"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused_with_a_sentence_that_names_it(data, said):
    with pytest.raises(DataError, match=said):
        read(data)


@pytest.mark.parametrize(
    ("dirty", "line", "reason"),
    [
        (MANY + "1,2\n", 31, "has 2 cells, not 3"),
        (MANY + "1,2,3,4\n", 31, "has 4 cells, not 3"),
        (MANY + "1,0,5,0,5\n", 31, "has 5 cells, not 3"),
        (MANY + '1,5" disk,3\n', 31, "has a stray quote"),
        (MANY + '"1,2\n0,3\n"1,4,5\n', 31, "opens a quote that runs over 3 lines"),
        (MANY + "total 17\n", 31, "has 1 cell, not 3"),
    ],
)
def test_a_line_that_does_not_fit_is_set_aside_with_its_number(dirty, line, reason):
    found = table("y_true,a,b\n" + dirty)
    assert [tuple(one) for one in found.rejected] == [(line, reason)]
    assert len(found.frame) == 29
    assert f"1 line set aside: line {line} {reason}" in dataset(found, "y_true", ["a"]).notes


def test_every_line_is_the_header_a_row_rejected_or_blank():
    text = "y_true,a,b\n" + MANY + "1,2\n\n" + MANY + "1,2,3,4\n"
    found = table(text)
    lines = {1, *found.frame.index, *(line for line, _ in found.rejected), 32}
    assert lines == set(range(1, text.count("\n") + 1))


def test_a_quoted_line_break_keeps_the_line_numbers_of_the_file():
    found = table('a,b\n"one\ntwo",1\n"say ""no""",2\n')
    assert found.frame["a"].tolist() == ["one\ntwo", 'say "no"']
    assert found.frame.index.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("y,y,y", ["y", "y (2)", "y (3)"]),
        ("y,y (2),y", ["y", "y (2)", "y (3)"]),
        ("y,,p", ["y", "column 2", "p"]),
        ("#y,a,b", ["y", "a", "b"]),
        ("y,\u202ea\u200b,b\x01", ["y", "a", "b"]),
        ("y,<b>a</b>,$x$", ["y", "<b>a</b>", "$x$"]),
        ("7,8,9", ["column 1", "column 2", "column 3"]),
    ],
)
def test_names_are_made_unique_and_the_change_is_noted(head, names):
    found = table(head + "\n1,2,3\n4,5,6\n")
    assert found.frame.columns.tolist() == names
    renamed = {name for name in names if name not in head}
    assert bool(found.notes) == bool(renamed - {"a", "b"})


def test_without_a_header_no_row_is_lost():
    found = table("1,2\n3,4\n5,6\n")
    assert len(found.frame) == 3
    assert "no header was found, so the columns are numbered" in found.notes


def test_long_names_are_cut_at_200_characters():
    assert len(table("n" * 10_000 + ",b\n1,2\n").frame.columns[0]) == 200


def test_cells_stay_the_text_they_were():
    cells = ["001", "True", "1e5", "NA", "=1+1", "1.10", "12345678901234567890", "<script>"]
    assert table("a,b\n" + "".join(f"{c},x\n" for c in cells)).frame["a"].tolist() == cells


def test_an_encoding_that_is_guessed_is_noted_and_changes_no_digit():
    found = table("région,b\nÉvian,2.5\n".encode("cp1252"))
    assert found.frame.columns[0] == "région"
    assert "read as Windows-1252; look at accented letters" in found.notes[0]
    assert numbers(found.frame, "b")[0].tolist() == [2.5]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2.5", "+3e2", ".5", "4."], [1.0, -2.5, 300.0, 0.5, 4.0]),
        (["1,5", "2", "-0,25"], [1.5, 2.0, -0.25]),
        (["1,234.5", "1,000", "7"], [1234.5, 1000.0, 7.0]),
        (["1,234,567", "1,000"], [1234567.0, 1000.0]),
        (["1.234,5", "1.000", "7"], [1234.5, 1000.0, 7.0]),
        (["1 234,5", "7,25"], [1234.5, 7.25]),
        (["1\u00a0234", "-1\u202f000"], [1234.0, -1000.0]),
        (["1'234.5", "7"], [1234.5, 7.0]),
        (["0,123", "1,234"], [0.123, 1.234]),
        (["50%", "12.5 %", "-3%"], [0.5, 0.125, -0.03]),
        (["$5", "-$1,234.50", "$0.25"], [5.0, -1234.5, 0.25]),
        (["5 €", "1,5 €"], [5.0, 1.5]),
        (["\u22125", "3"], [-5.0, 3.0]),
        (["1.234", "5.678"], [1.234, 5.678]),
    ],
)
def test_a_column_in_one_convention_is_read_in_it(cells, values):
    assert column(*cells) == (values, [])


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (["1,234", "5,678"], "'1,234' may be 1234 or 1.234"),
        (["1.5", "2,5"], "'1.5' has decimal points and '2,5' decimal commas"),
        (["50%", "0.5"], "some cells are like '50%' .* and some like '0.5'"),
        (["$5", "6"], "some cells are like '.5' .* and some like '6'"),
        (["1,500", "1.234"], "may be 1500 or 1.5"),
    ],
)
def test_a_column_that_can_be_read_in_two_ways_is_a_question_not_a_guess(cells, asked):
    text = "c;y\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells * 3))
    with pytest.raises(DataError, match=f"column 'c': .*{asked}"):
        dataset(table(text), "y", ["c"])
    values, problems = numbers(table(text).frame, "c")
    assert np.isnan(values).all()
    assert len(problems) == len(values)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1e400", "is '1e400', too large for a number"),
        ("1e-400", "is '1e-400', too small for a number"),
        ("#DIV/0!", "is '#DIV/0!', not a number"),
        ("0x1F", "is '0x1F', not a number like '1.5'"),
        ("1_000", "is '1_000', not a number like '1.5'"),
        ("3-May", "is '3-May', not a number like '1.5'"),
        ("12:30", "is '12:30', not a number like '1.5'"),
        ("\uff11\uff12", "is '\uff11\uff12', not a number"),
        ("\u0661", "is '\u0661', not a number"),
        ("inf", "is 'inf', not a number"),
        ("-Infinity", "is '-Infinity', not a number"),
        ("(5)", "is '(5)', not a number"),
        ("1 2", "is '1 2', not a number like '1.5'"),
        ("9007199254740993", "is '9007199254740993', which has more digits than a number keeps"),
        ("True", "is 'True', not a number"),
        ("x" * 99, f"is '{'x' * 40}...', not a number"),
        ("", "is empty"),
        ("NA", "is 'NA', a missing value"),
        ("n/a", "is 'n/a', a missing value"),
        ("NaN", "is 'NaN', a missing value"),
        ("-", "is '-', a missing value"),
    ],
)
def test_a_cell_that_is_no_number_never_becomes_one_silently(cell, said):
    values, problems = column("1.5", cell, *["2.5"] * 30)
    assert problems == [said]
    assert np.isnan(values[1])
    assert values[0] == 1.5


def test_a_few_cells_in_another_convention_are_bad_and_named():
    values, problems = column(*["1.5"] * 99, "2,5", "5%")
    assert np.isfinite(values).sum() == 99
    assert problems == ["is '2,5', not a number like '1.5'", "is '5%', not a number like '1.5'"]


MESSY = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.integers().map("{:,}".format),
    st.sampled_from(
        ["", "NA", "1,5", "1.5", "1.234,5", "50%", "$5", "5 €", "0x1F", "1_000", "#REF!"]
    ),
    st.text("0123456789.,-+eE%$ '\u2212\u00a0\uff11", max_size=8),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(MESSY, min_size=1, max_size=12))
def test_numbers_missing_and_bad_cells_are_always_all_cells(cells):
    frame = table("c|x\n" + "".join(f'"{cell}"|w\n' for cell in cells)).frame
    values, problems = numbers(frame, "c")
    assert np.isfinite(values).sum() + len(problems) == len(values) == len(cells)
    assert {problem.line for problem in problems} == {
        2 + i for i in np.flatnonzero(np.isnan(values))
    }


def test_rows_that_cannot_be_used_are_left_out_with_line_and_reason():
    text = GOOD + ",0.5,0.5\n1,oops,0.5\n0,0.5,NA\n1,,\n0,0.5,0.5\n"
    data = dataset(table(text), "y_true", ["a", "b"], role="predictions")
    assert data.notes[0] == (
        "4 rows left out: line 5 'y_true' is empty; line 6 'a' is 'oops', not a number; "
        "line 7 'b' is 'NA', a missing value; ..."
    )
    assert data.rows.tolist() == [2, 3, 4, 9]
    assert data.target.tolist() == [1.0, 0.0, 1.0, 0.0]


def test_cells_in_columns_that_are_not_chosen_cost_no_row():
    assert len(dataset(table(GOOD + "1,0.5,oops\n"), "y_true", ["a"])) == 4


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["0", "1"] * 9, "binary", ("0", "1")),
        (["1.0", "-1", "1"] * 9, "binary", ("-1", "1")),
        (["yes", "no"] * 9, "binary", ("no", "yes")),
        (["spam", " spam ", "ham"] * 9, "binary", ("ham", "spam")),
        (["cat", "dog", "eel"] * 9, "multiclass", ("cat", "dog", "eel")),
        (["0", "1", "2"] * 9, "multiclass", ("0", "1", "2")),
        (["1", "2", "3", "4"], "regression", ()),
        (["1.5", "2", "3"] * 9, "regression", ()),
        ([str(i) for i in range(40)], "regression", ()),
        (["10", "9", "100"] * 9, "multiclass", ("9", "10", "100")),
    ],
)
def test_the_task_is_guessed_from_the_target_and_said(values, task, classes):
    text = "y,x\n" + "".join(f"{value},{i}\n" for i, value in enumerate(values))
    data = dataset(table(text), "y", ["x"])
    assert (data.task, data.classes) == (task, classes)
    assert any(note.startswith("'y' is taken as") for note in data.notes)
    assert len(data) == len(values)


def test_a_totals_row_without_features_makes_no_third_class():
    data = dataset(table("y,x\n" + "no,1\nyes,2\n" * 5 + "Total,\n"), "y", ["x"])
    assert data.classes == ("no", "yes")
    assert data.notes[0] == "1 row left out: line 12 'x' is empty"


def test_minus_zero_and_zero_are_one_class():
    data = dataset(table("y,x\n" + "-0.0,1\n0,2\n1,3\n" * 5), "y", ["x"])
    assert data.classes == ("0", "1")
    assert data.target.tolist() == [0.0, 0.0, 1.0] * 5


def test_a_target_of_counts_beside_predictions_is_a_number():
    text = "y_true,m\n" + "0,0.5\n1,0.5\n2,1.5\n" * 20
    assert dataset(table(text), "y_true", ["m"], role="predictions").task == "regression"


@pytest.mark.parametrize(
    ("target", "columns", "task", "said"),
    [
        ("nope", ["a"], None, "no column is called 'nope'; there is 'y_true', 'a', 'b'"),
        ("a", ["a"], None, "column 'a' is chosen twice"),
        ("y_true", [], None, "'y_true' is the only column; choose at least one more"),
        ("a", ["b"], "binary", "column 'a' has 3 different values .* need exactly 2"),
    ],
)
def test_a_choice_that_makes_no_dataset_is_refused_with_a_sentence(target, columns, task, said):
    with pytest.raises(DataError, match=said):
        dataset(table(GOOD), target, columns, task)


@pytest.mark.parametrize(
    ("cell", "task"), [("7", "multiclass"), ("7.0", "binary"), ("cat", None), ("cat", "binary")]
)
def test_a_target_of_one_value_is_refused_as_classes_by_saying_so(cell, task):
    """'1 different values; classes need 2 ... 100' left open what is wrong with the column."""
    shown = "7" if cell[0] == "7" else "cat"
    said = rf"^column 'y' has one value only \('{shown}'\); a class task needs two or more$"
    with pytest.raises(DataError, match=said):
        dataset(table("x,y\n" + "".join(f"{i},{cell}\n" for i in range(5))), "y", ["x"], task)


def test_no_row_left_is_refused_with_the_first_reasons():
    with pytest.raises(DataError, match=r"no row is left.*line 2 'a' is 'x', not a number"):
        dataset(table("y,a\n1,x\n2,z\n3,w\n"), "y", ["a"])


def test_probabilities_outside_zero_to_one_are_pointed_out():
    data = dataset(table("y,p\n1,3.5\n0,-2\n1,0.5\n"), "y", ["p"], role="predictions")
    assert "column 'p': 2 of 3 values lie outside 0 ... 1" in " ".join(data.notes)


@pytest.mark.parametrize(
    ("header", "target", "columns", "role"),
    [
        ("y_true,a,b", "y_true", ("a", "b"), "predictions"),
        ("ridge,Actual,tree", "Actual", ("ridge", "tree"), "predictions"),
        ("id,y_pred,Y", "Y", ("y_pred",), "predictions"),
        ("x1,x2,Target", "Target", ("x1", "x2"), "features"),
        ("x1,x2,height", "height", ("x1", "x2"), "features"),
        ("label,x,z", "label", ("x", "z"), "features"),
    ],
)
def test_roles_are_guessed_from_names(header, target, columns, role):
    text = header + "\n" + "".join(f"{i},{i * 1.5},{i * 2.5}\n" for i in range(1, 9))
    guessed = guess_roles(table(text).frame)
    assert (guessed.target, guessed.columns, guessed.role) == (target, columns, role)


def test_fractions_beside_two_values_are_guessed_to_be_predictions():
    guessed = guess_roles(table("label,one,two\n1,0.7,0.6\n0,0.2,0.4\n1,0.9,0.5\n").frame)
    assert (guessed.target, guessed.role) == ("label", "predictions")


@pytest.mark.parametrize("kind", Sample.catalogue.values(), ids=Sample.catalogue)
def test_a_sample_read_as_an_upload_is_the_same_data_and_guessed_right(kind):
    found = read(kind.file().read_bytes(), kind.file().name)
    own = kind().load()
    data = dataset(found, kind.target, kind.columns, role=kind.role)
    np.testing.assert_array_equal(data.features, own.features)
    np.testing.assert_array_equal(data.target, own.target)
    assert (data.task, data.classes, data.columns) == (own.task, own.classes, own.columns)
    guessed = guess_roles(found.frame)
    assert (guessed.target, guessed.role) == (kind.target, kind.role)


def returned(data):
    """What comes back when the data is written as CSV and read again."""
    again = table(data.as_csv())
    return dataset(again, data.target_name, data.columns, data.task, role=data.role)


@pytest.mark.parametrize(
    "made",
    [kind().sample(np.random.default_rng(3)) for kind in Generator.catalogue.values()]
    + [kind().load() for kind in Sample.catalogue.values()],
    ids=lambda data: data.name,
)
def test_what_is_downloaded_reads_back_to_the_same_bits(made):
    again = returned(made)
    assert again.features.tobytes() == made.features.tobytes()
    assert again.target.tobytes() == made.target.tobytes()
    assert (again.columns, again.classes) == (made.columns, made.classes)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=8, unique_by=repr
    )
)
def test_every_finite_double_survives_the_download(values):
    data = Dataset("d", ("x",), np.array(values)[:, None], np.arange(float(len(values))), "y")
    assert returned(data).features.tobytes() == data.features.tobytes()


def test_no_text_in_a_download_starts_a_formula_and_the_text_comes_back():
    labels = ("'=1", "+1 up", "-x", "=cmd|' /C calc'!A0", "@sum")
    data = Dataset(
        "d",
        ("=x",),
        np.arange(5.0)[:, None],
        [0.0, 1.0, 2.0, 3.0, 4.0],
        "kind",
        task="multiclass",
        classes=labels,
    )
    for line in data.as_csv().splitlines():
        assert all(cell.strip('"')[:1] not in "=+@-" for cell in line.split(","))
    assert returned(data).classes == labels
    assert returned(data).columns == ("=x",)


def test_negative_numbers_in_a_download_stay_numbers():
    assert "-1.5,2" in Dataset("d", ("x",), [[-1.5]], [2.0], "y").as_csv()


SEEDS = [
    GOOD.encode(),
    GOOD.encode("utf-16"),
    gzip.compress(GOOD.encode(), mtime=0),
    ("name;p\n" + 'Zo\u00eb;"1.234,5"\n' * 5).encode("cp1252"),
    b'a\tb\n"x ""y""\nz"\t1\n' * 3,
    b"sep=|\ny|p\n1|50%\n0|$3\n",
    b"# note\n,,\ny,y,\n1,2,3\n",
]


def mutated(rng):
    """A seed with a few bytes changed, cut, doubled or put elsewhere."""
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.randint(1, 6)):
        at, to = sorted(rng.randint(0, len(data)) for _ in range(2))
        kind = rng.randrange(4)
        if kind == 0:
            data[at:at] = rng.choice([b'"', b",", b"\n", b"\x00", b"\r", b";", b"\xff", b"'", b"="])
        elif kind == 1:
            del data[at:to]
        elif kind == 2:
            data[at:at] = data[at:to] * rng.randint(1, 3)
        elif data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def test_three_thousand_mutated_files_give_a_table_or_a_sentence():
    rng, tables, sentences = random.Random(0), 0, list[str]()
    for _ in range(3000):
        try:
            found = read(mutated(rng))
            roles = guess_roles(found.frame)
            for name in found.frame.columns:
                values, problems = numbers(found.frame, name)
                assert np.isfinite(values).sum() + len(problems) == len(found.frame)
            tables += 1
            if roles.target is not None:
                dataset(found, roles.target, roles.columns, role=roles.role)
        except DataError as error:
            sentences.append(str(error))
    assert tables > 500  # the mutations leave enough to read
    assert len(sentences) > 500
    assert all(20 < len(sentence) < 600 for sentence in sentences)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_sentence(data):
    with suppress(DataError):
        assert len(read(data).frame) > 0
