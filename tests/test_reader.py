"""The reader: two ways to one table, choices that win, a report that says all, and its bounds."""

import gzip
import os
import random
from time import perf_counter

import numpy as np
import pandas as pd
import pytest

from losses.data import DataError, Dataset
from losses.data import tables as reader
from losses.data.choices import Choices
from losses.data.engines import Unclean
from losses.data.tables import dataset, guess_roles, read
from tests.battery.files import files
from tests.fuzz import reader as fuzz

CLEAN = "y,a,name\n" + "".join(f"{i % 2},{i / 7!r},n{i % 5}\n" for i in range(500))


def table(text, **chosen):
    return read(text.encode(), "file.csv", choices=Choices(**chosen))


def both(data, **chosen):
    """The same bytes, by the fast way and by the careful one."""
    choices = Choices(**chosen)
    return reader._clean(data, choices), reader._careful(data, choices, "")


def same(one, two):
    """Whether two tables have the same cells, numbers, problems and report."""
    pd.testing.assert_frame_equal(one.frame, two.frame, check_index_type=False)
    for name in one.names:
        left, right = one.column(name), two.column(name)
        np.testing.assert_array_equal(left.values, right.values)
        assert (left.problems, left.question) == (right.problems, right.question)
    assert one.notes == two.notes
    return one.report == two.report


def test_both_ways_give_one_table_wherever_the_fast_way_takes_a_file():
    """What depends on the way that was taken would depend on luck."""
    taken = 0
    for file in files():
        if file.data[:2] in (b"PK", b"PA", b"\x1f\x8b") or len(file.data) > 1_000_000:
            continue
        try:
            fast = reader._clean(file.data, file.choices)
        except (Unclean, DataError):
            continue
        assert same(fast, reader._careful(file.data, file.choices, "")), file.name
        taken += 1
    assert taken > 20


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        CLEAN.replace("\n", "\r\n"),
        "# a title\n\n" + CLEAN,
        CLEAN.replace(",", ";"),
        CLEAN.replace("n3", "Zoë").replace("n4", "New York"),
        CLEAN.replace("0.5,", ",").replace("0.0,", "NA,"),
        "y,a\n" + "0,1e400\n1,1e-400\n0,9007199254740993\n1,inf\n0,nan\n1,-0\n",
        "y,a\n" + "".join(f"{i},{'x' if i == 450 else i}\n" for i in range(500)),
        CLEAN.partition("\n")[2],
    ],
)
def test_a_clean_file_takes_the_fast_way_to_the_same_table(text):
    assert same(*both(text.encode()))


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        (CLEAN + '"1",2,x\n', "line 502 holds a quote"),
        (CLEAN + "1,2,'=x\n", "line 502 holds an apostrophe"),
        (CLEAN + "1, 2,x\n", "a cell starts with a space"),
        (CLEAN + "1,2\n", "Expected 3 columns, got 2"),
        (CLEAN + "\n1,2,x\n", "a line may be blank|Expected 3"),
        (CLEAN + ",,\n1,2,x\n", "a line may be blank"),
        (CLEAN + "1,2,x\x01\n", "control characters"),
        (CLEAN.encode() + b"1,2,\xe9\n", "UTF8"),
        (CLEAN + "1,2," + "x" * 300_000 + "\n", "very long"),
    ],
)
def test_a_single_line_that_needs_a_decision_sends_the_file_the_careful_way(spoiled, why):
    data = spoiled if isinstance(spoiled, bytes) else spoiled.encode()
    with pytest.raises(Unclean, match=why):
        reader._clean(data, Choices())


def test_numbers_have_the_bits_of_python_whichever_way_they_came():
    """A parser that is off by one in the last bit would be wrong without a word."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**64, 20_000, dtype=np.uint64).view(np.float64)
    literals = [repr(v) for v in bits[np.isfinite(bits)].tolist()]
    literals += [f"{v:.25f}" for v in rng.normal(size=5_000)]
    text = "x,k\n" + "".join(f"{literal},1\n" for literal in literals)
    fast, _ = both(text.encode())
    read_by_arrow = fast.values["x"]
    assert read_by_arrow.tobytes() == np.array(list(map(float, literals))).tobytes()


def test_every_five_hundredth_of_a_fuzz_run_is_run_here():
    """All of it is `make fuzz`: no exception but DataError, and no wrong number."""
    said = [fuzz.judged(seed) for seed in range(0, 50_000, 500)]
    assert set(said) <= fuzz.GOOD
    assert len(set(said)) == 3


def test_the_fuzz_notices_a_wrong_number():
    """A check that cannot fail checks nothing: one cell shifted by a column must be seen."""
    rng = random.Random(4)
    truth = fuzz.drawn(rng)
    while truth.header is None or not truth.rows or truth.data[:2] == b"\x1f\x8b":
        truth = fuzz.drawn(rng)
    found = read(truth.data)
    assert fuzz.right(found, truth.data, truth) == ""
    name = next(n for n in found.names if np.isfinite(found.column(n).values).any())
    found.read_already[name] = found.column(name)._replace(values=found.column(name).values + 1e-9)
    assert "is read as" in fuzz.right(found, truth.data, truth)


def test_the_report_says_how_a_file_was_read_and_what_is_in_each_column():
    text = (
        "# note\nx;n;flag;day;name;gap\n"
        + "1,5;7;yes;2024-05-01;Paris;\nNA;8;no;2024-05-02;7a;\n" * 20
    )
    report = table(text + "1;2\n").report
    assert (report.encoding, report.delimiter, report.decimal, report.header) == (
        "utf-8",
        ";",
        (",",),
        True,
    )
    assert (report.rows, report.left_out, report.reasons) == (
        40,
        1,
        ("line 43 has 2 cells, not 6",),
    )
    kinds = {column.name: column.kind for column in report.columns}
    assert kinds == {
        "x": "number",
        "n": "whole number",
        "flag": "truth value",
        "day": "date",
        "name": "text",
        "gap": "empty",
    }
    assert [column.missing for column in report.columns] == [20, 0, 0, 0, 0, 40]
    assert report.kind("day") == "date"


def test_the_report_counts_bad_cells_and_passes_a_question_on():
    report = table("a;b\n" + "1;1,234\n" * 20 + "oops;5,678\n").report
    assert (report.columns[0].bad, report.columns[0].kind) == (1, "whole number")
    assert "may be" in report.columns[1].question
    assert table("a;b\n" + "1;1,234\n" * 20, decimal=",").report.columns[1].question == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"encoding": "klingon"}, "no encoding is called 'klingon'"),
        ({"encoding": "base64"}, "no encoding is called 'base64'"),
        ({"delimiter": "x"}, "'x' cannot stand between cells"),
        ({"decimal": ";"}, "is no decimal mark"),
        ({"delimiter": ",", "decimal": ","}, "at once"),
    ],
)
def test_a_choice_that_is_none_is_refused_with_a_sentence(wrong, said):
    with pytest.raises(DataError, match=said):
        Choices(**wrong)


BIG = {
    "a PNG": (lambda: b"\x89PNG\r\n\x1a\n" + os.urandom(50_000_000), "a PNG picture"),
    "noise": (lambda: os.urandom(50_000_000), "more than 20 MB must be plain"),
    "one line of 50 MB": (lambda: b"a,b\n" + b"x" * 50_000_000, "its first lines are very long"),
    "NUL bytes": (lambda: b"a,b\n" + bytes(50_000_000), "very long"),
    "a NUL at the end": (lambda: b"a,b\n" + b"1,2\n" * 4_000_000 + b"1,\0\n", "NUL byte"),
    "48 million cells": (lambda: b"a,b\n" + b"1,2\n" * 24_000_000, "24,000,000 rows of 2 cells; at most 20,000,000"),
    "an open quote": (lambda: b'a,b\n1,"' + b"x\n" * 9_000_000, "one column only"),
    "quotes only": (lambda: b'"' * 19_000_000, "longer than 1,000,000 characters"),
    "spaces": (lambda: b"a b\n" + b" " * 19_000_000, "longer than 1,000,000 characters"),
    "a bomb": (lambda: gzip.compress(bytes(150_000_000), 1), "unpacks to more than 100 MB"),
    "a large file that needs care": (lambda: b"y,b\n" + b'1,"x"\n' * 4_000_000, "line 2 holds a quote"),
}  # fmt: skip


@pytest.mark.parametrize("name", BIG)
def test_what_is_too_large_is_refused_at_once(name):
    """Two seconds is the promise; a busy machine has five here, as a hang takes minutes."""
    make, said = BIG[name]
    data = make()
    start = perf_counter()
    with pytest.raises(DataError, match=said):
        read(data)
    assert perf_counter() - start < 5


def test_a_million_rows_are_read():
    rows = 1_000_000
    data = b"y,p\n" + b"1,0.25\n0,0.75\n" * (rows // 2)
    found = read(data)
    made = dataset(found, "y", ["p"], role="predictions")
    assert len(made) == rows
    assert (made.task, made.scale) == ("binary", "probability")
    assert made.features[:2, 0].tolist() == [0.25, 0.75]


# Roles


WORDS = "y_true,p_cat,p_dog,p_eel,sample_weight,fold,city\n"
ROWS = [("cat", 0.7, 0.2, 0.1), ("dog", 0.1, 0.8, 0.1), ("eel", 0.25, 0.25, 0.5)]


def class_file(*more):
    rows = [*ROWS * 5, *more]
    return WORDS + "".join(
        f"{y},{a},{b},{c},{1 + i % 3},f{i % 4},Rome\n" for i, (y, a, b, c) in enumerate(rows)
    )


def test_weight_group_and_a_probability_for_each_class_are_guessed_from_names():
    roles = guess_roles(table(class_file()))
    assert (roles.target, roles.weight, roles.group) == ("y_true", "sample_weight", "fold")
    assert roles.columns == ("p_cat", "p_dog", "p_eel")
    assert (roles.role, roles.by_class, roles.unused) == ("predictions", True, ("city",))


def by_class(text, columns=("p_eel", "p_cat", "p_dog"), **chosen):
    return dataset(table(text), "y_true", columns, role="predictions", by_class=True, **chosen)


def test_probabilities_of_classes_come_in_the_order_of_the_classes():
    data = by_class(class_file(), weight="sample_weight", group="fold")
    assert (data.task, data.classes, data.columns) == (
        "multiclass",
        ("cat", "dog", "eel"),
        ("p_cat", "p_dog", "p_eel"),
    )
    assert data.features[0].tolist() == [0.7, 0.2, 0.1]
    assert data.weight[:4].tolist() == [1.0, 2.0, 3.0, 1.0]
    assert [data.groups[at] for at in data.group[:5]] == ["f0", "f1", "f2", "f3", "f0"]
    assert (data.weight_name, data.group_name, data.by_class) == ("sample_weight", "fold", True)
    assert "not used: column 'city'" in data.notes


def test_rows_that_do_not_sum_to_one_are_counted_and_what_becomes_of_them_is_chosen():
    text = class_file(("cat", 0.7, 0.2, 0.3), ("dog", 1.5, -0.3, -0.2))
    kept = by_class(text)
    said = " ".join(kept.notes)
    assert "1 row of 17 do not sum to one, by up to 0.2" in said
    assert "1 row of 17 with probabilities outside 0 ... 1" in said
    assert len(kept) == 17
    assert len(by_class(text, mend="leave out")) == 15
    divided = by_class(text, mend="divide")
    assert divided.features[15].sum() == pytest.approx(1.0, abs=1e-15)
    assert "1 row divided by their sum, as chosen" in divided.notes


PAIR = "y_true,proba_0,proba_1\n" + "0,0.75,0.25\n1,0.5,0.5\n1,0.25,0.75\n" * 5


def test_the_two_columns_of_one_predict_proba_are_one_model():
    """As two models, the one for class 0 would be judged as if it spoke for class 1."""
    roles = guess_roles(table(PAIR))
    assert (roles.columns, roles.by_class) == (("proba_0", "proba_1"), True)
    data = dataset(table(PAIR), "y_true", roles.columns, role="predictions", by_class=True)
    assert (data.task, data.classes, data.columns) == ("binary", ("0", "1"), ("proba_1",))
    assert data.features[:3, 0].tolist() == [0.25, 0.5, 0.75]
    assert (
        "'proba_0' and 'proba_1' are read as one model's probabilities of '0' and '1'; "
        "judged is 'proba_1'" in data.notes
    )
    turned = dataset(table(PAIR), "y_true", roles.columns[::-1], role="predictions", by_class=True)
    assert turned.columns == ("proba_1",)
    two = dataset(table(PAIR), "y_true", roles.columns, role="predictions")
    assert two.columns == ("proba_0", "proba_1")


def test_a_pair_that_does_not_sum_to_one_can_be_divided_or_left_out():
    text = PAIR + "1,0.2,0.6\n"
    asked = ("y_true", ("proba_0", "proba_1"))
    kept = dataset(table(text), *asked, role="predictions", by_class=True)
    assert "1 row of 16 do not sum to one, by up to 0.2" in kept.notes
    divided = dataset(table(text), *asked, role="predictions", by_class=True, mend="divide")
    assert divided.features[-1, 0] == pytest.approx(0.75, rel=1e-15)
    assert (
        len(dataset(table(text), *asked, role="predictions", by_class=True, mend="leave out")) == 15
    )


@pytest.mark.parametrize(
    "text",
    [
        PAIR.replace("proba_0,proba_1", "forest,logit"),  # no names of classes
        PAIR.replace("0.25,0.75", "0.25,0.6"),  # a third of the rows sum to something else
        PAIR.replace("proba_0,proba_1", "p_1,q_1"),  # both of one class
    ],
)
def test_two_models_are_not_taken_for_the_pair_of_one(text):
    assert not guess_roles(table(text)).by_class


def test_a_label_that_no_column_is_the_probability_of_is_refused_until_rows_may_go():
    text = class_file(("fox", 0.4, 0.3, 0.3))
    with pytest.raises(
        DataError, match="1 row of a class that no column is the probability of: 'fox'"
    ):
        by_class(text)
    data = by_class(text, mend="leave out")
    assert (len(data), data.classes) == (15, ("cat", "dog", "eel"))


SCORES = "y,m\n" + "1,2.5\n0,-1.5\n1,0.5\n0,-40\n"


def scores(text=SCORES, **chosen):
    return dataset(table(text), "y", ["m"], role="predictions", **chosen)


def test_scores_outside_zero_to_one_are_asked_about_and_converted_only_if_chosen():
    asked = scores()
    assert (asked.scale, asked.features[0, 0]) == ("logit", 2.5)
    assert "column 'm': 4 of 4 values" not in " ".join(asked.notes)
    assert (
        "3 of 4 values lie outside 0 ... 1, so they are no probabilities; are they logits?"
        in " ".join(asked.notes)
    )
    made = scores(scale="logit", convert=True)
    assert made.scale == "probability"
    np.testing.assert_allclose(
        made.features[:, 0], 1 / (1 + np.exp(-asked.features[:, 0])), rtol=1e-15
    )
    assert "'m': logits, turned into probabilities by 1 / (1 + exp(-z))" in made.notes
    signs = scores(SCORES.replace("\n0,", "\n-1,"))
    assert signs.scale == "margin"
    assert "are they margins?" in " ".join(signs.notes)
    assert len(scores(mend="leave out", scale="probability")) == 1


def test_a_probability_that_rounds_to_certainty_is_said():
    made = scores("y,m\n1,800\n0,-1\n", scale="logit", convert=True)
    assert made.features[0, 0] == 1.0
    assert "1 of them are so large that the probability rounds to 0 or 1" in made.notes


def test_predicted_labels_are_read_and_those_never_seen_are_counted():
    text = "y_true,y_pred\n" + "cat,cat\ndog,cat\neel,fox\n" * 3
    roles = guess_roles(table(text))
    assert (roles.columns, roles.scale, roles.role) == (("y_pred",), "label", "predictions")
    data = dataset(table(text), "y_true", roles.columns, role="predictions", scale="label")
    assert data.classes == ("cat", "dog", "eel", "fox")
    assert data.features[:3, 0].tolist() == [0.0, 0.0, 3.0]
    assert "3 predicted labels are never in the target: 'fox'" in data.notes
    assert ",cat" in data.as_csv()
    left = dataset(
        table(text), "y_true", ["y_pred"], role="predictions", scale="label", mend="leave out"
    )
    assert (len(left), left.classes) == (6, ("cat", "dog", "eel"))


def test_notes_begin_with_the_rows_left_out_and_say_once_what_holds_of_several_columns():
    """What is missing from every number is read first; a note a column buries it."""
    text = "y;a;b;c\n" + "1,5;1,25;2,5;3\n" * 9 + "1,5;oops;2,5;3\nhalf\n"
    data = dataset(table(text), "y", ["a", "b"], role="predictions")
    assert data.notes[0].startswith("1 row left out: line 11 'a' is 'oops'")
    assert data.notes[1].startswith("1 line set aside: line 12")
    assert data.notes[-1] == (
        "columns 'a': '1,25' is read as 1.25; 'b': '2,5' is read as 2.5; 'y': '1,5' is read as 1.5"
    )
    assert sum("is read as" in note for note in data.notes) == 1


def test_a_weight_may_not_be_negative_or_missing():
    text = "y,p,w\n1,0.5,1\n0,0.5,-1\n1,0.25,NA\n0,0.5,2\n"
    data = dataset(table(text), "y", ["p"], role="predictions", weight="w")
    assert data.weight.tolist() == [1.0, 2.0]
    assert (
        data.notes[0]
        == "2 rows left out: line 3 'w' is -1, a negative weight; line 4 'w' is 'NA', a missing value"
    )


def of_two(i):
    return ("cat", "dog")[i * i % 5 == 1]


@pytest.mark.parametrize(
    ("header", "row", "target"),
    [
        ("height,width,kind", "{x},{z},{word}", "kind"),
        ("kind,height,width", "{word},{x},{z}", "kind"),
        ("u,v,w,fraud", "{x},{z},{x},{word}", "fraud"),
        ("price,height,kind", "{x},{z},{word}", "kind"),  # a name of a target, and measured
        ("price,label,height", "{x},{word},{z}", "label"),
        ("won,height,width", "{bit},{x},{z}", "won"),
        ("height,children,kind,width", "{x},{few},{word},{z}", "kind"),
        ("height,grade,width", "{x},{few},{z}", "grade"),
        ("height,kind,fold", "{x},{word},f{few}", "kind"),
        ("height,kind,day", "{x},{word},2024-01-0{day}", "kind"),
        ("who,height,kind", "n{i},{x},{word}", "kind"),
        ("height,kind,who", "{x},{word},n{i}", "kind"),
        ("kind,y_pred", "{word},{p}", "kind"),
        ("y_true,m,kind", "{x},{p},{word}", "y_true"),  # says what it is, whatever it holds
        ("height,width", "{x},{z}", "width"),  # no column can be classes
    ],
)
def test_a_column_of_classes_is_the_target_for_those_who_take_only_classes(header, row, target):
    """The last column of numbers would be refused there, though its classes stand beside it."""
    rows = [
        row.format(
            i=i, x=i * 0.37, z=i * i * 0.11, word=of_two(i), bit=i % 2, few=i % 4,
            day=1 + i % 5, p=i % 10 / 10,
        )
        for i in range(40)
    ]  # fmt: skip
    assert guess_roles(table("\n".join([header, *rows])), only_classes=True).target == target


@pytest.mark.parametrize(
    ("header", "row", "target"),
    [
        ("height,width,sick", "{x},{z},{word}", "sick"),
        ("height,width,sick,fold", "{x},{z},{word},f{few}", "sick"),
        ("height,sick,width", "{x},{word},{z}", "width"),  # words between numbers: a feature
        ("target,height,sick", "{x},{z},{word}", "target"),  # its name says what it is
        ("height,width,kind", "{x},{z},k{few}", "width"),  # four words
        ("height,width,won", "{x},{z},{few}", "won"),
    ],
)
def test_two_words_that_come_last_are_the_target_for_those_who_take_two_classes(
    header, row, target
):
    """The last column of numbers was predicted, and the classes beside it were not used."""
    rows = [row.format(x=i * 0.37, z=i * i * 0.11, word=of_two(i), few=i % 4) for i in range(40)]
    assert guess_roles(table("\n".join([header, *rows])), two_classes=True).target == target


def test_those_who_take_numbers_keep_the_last_column_of_numbers_as_target():
    text = "kind,height,width\n" + "".join(f"{of_two(i)},{i}.5,{i * i}.5\n" for i in range(40))
    assert guess_roles(table(text)).target == "width"


def test_a_weight_in_kilograms_stays_a_feature():
    text = "height,weight,price\n" + "".join(f"{i}.5,{i * 3}.25,{i * 7}.5\n" for i in range(9))
    roles = guess_roles(table(text))
    assert (roles.columns, roles.weight) == (("height", "weight"), None)


def test_columns_of_text_only_are_named_in_a_sentence():
    """They used to vanish without a word."""
    roles = guess_roles(table("city,label\nParis,x\nRome,z\n"))
    assert roles.columns == ()
    assert (
        roles.trouble
        == "no column beside the target holds numbers ('city' with 'Paris'); at least one is needed"
    )


@pytest.mark.parametrize(
    ("header", "row", "counters", "said"),
    [
        (
            "id,label",
            "{i},{word}",
            ("id",),
            "'id' only numbers the rows and is skipped, and no other column beside the target holds "
            "numbers; choose it to take it in all the same",
        ),
        (
            "id,row,city,label",
            "{i},{i},Rome,{word}",
            ("id", "row"),
            "'id' and 'row' only number the rows and are skipped, and no other column beside the "
            "target holds numbers ('city' with 'Rome'); choose one of them to take it in all the same",
        ),
        ("id,x,label", "{i},{i}.5,{word}", ("id",), ""),
    ],
)
def test_a_column_that_numbers_the_rows_is_said_to_be_skipped(header, row, counters, said):
    """'No column holds numbers (id with 0)' was false: they are numbers, of rows."""
    rows = "".join(row.format(i=i, word=of_two(i)) + "\n" for i in range(40))
    roles = guess_roles(table(f"{header}\n{rows}"))
    assert (roles.target, roles.counters, roles.trouble) == ("label", counters, said)
    assert not set(counters) & set(roles.columns)


def test_numbers_of_rows_are_no_target_while_another_column_may_be_one():
    """An 'id' that stands last was to be predicted."""
    rows = "".join(f"{i}.5,{i * i}.25,{i}\n" for i in range(20))
    roles = guess_roles(table(f"size,cost,id\n{rows}"))
    assert (roles.target, roles.columns, roles.counters) == ("cost", ("size",), ("id",))


def test_weight_and_group_belong_to_the_digest_and_to_the_file_that_is_written():
    def made(**more):
        return Dataset("d", ("x",), [[1.0], [2.0]], [3.0, 4.0], "y", **more)

    weighted = made(weight=[1.0, 2.0], weight_name="w")
    grouped = made(group=[0, 1], groups=("a", "b"), group_name="g")
    assert (
        len(
            {
                one.digest
                for one in (made(), weighted, grouped, made(weight=[1.0, 3.0], weight_name="w"))
            }
        )
        == 4
    )
    assert weighted.as_csv() == "x,y,w\n1,3,1\n2,4,2\n"
    assert grouped.as_csv() == "x,y,g\n1,3,a\n2,4,b\n"
    assert weighted.only("x").weight.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weight": [1.0], "weight_name": "w"}, "a weight for each of 2 rows"),
        ({"weight": [1.0, -1.0], "weight_name": "w"}, "weights must be 0 or more"),
        ({"weight": [0.0, 0.0], "weight_name": "w"}, "not all of them 0"),
        ({"weight": [1.0, 1.0]}, "and its name"),
        ({"weight": [1.0, 1.0], "weight_name": "x"}, "two columns are called 'x'"),
        ({"group": [0, 2], "groups": ("a", "b"), "group_name": "g"}, "is not an index of 2 groups"),
        ({"by_class": True}, "1 columns for 0 classes"),
    ],
)
def test_weights_and_groups_that_cannot_be_are_refused(wrong, said):
    with pytest.raises(DataError, match=said):
        Dataset("d", ("x",), [[1.0], [2.0]], [3.0, 4.0], "y", **wrong)
