"""Files as people really send them, each with the table it must give or the sentence it must say."""

import gzip
import io
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from losses.data.choices import GUESS, Choices
from tests.battery.workbook import workbook

nan = float("nan")
GOOD = "y,a,b\n1,0.25,x\n0,0.75,z\n1,-2e-3,x\n"
NUMBERS = {"y": [1.0, 0.0, 1.0], "a": [0.25, 0.75, -0.002]}
GIVEN = {**NUMBERS, "b": ["x", "z", "x"]}
UNNAMED = {f"column {at}": cells for at, cells in enumerate(GIVEN.values(), 1)}
BODY = GOOD.partition("\n")[2]
LONG = "".join(f"{i},{i}.5,x\n" for i in range(2, 30))  # so that one bad line is not a fifth
RU = "город,b\n" + "Москва,1.5\nПетербург,2.5\nНовосибирск,3.5\n" * 3
JA = "都市,b\n" + "東京,1.5\n大阪府,2.5\n名古屋市,3.5\n" * 5


@dataclass
class File:
    """Bytes, what is chosen about them, and either columns (numbers or text) or a sentence.

    `noted` must stand in the notes; no note may be there if it is empty. `lines` are the lines
    that are set aside.
    """

    name: str
    data: bytes
    gives: dict | None = None
    says: str = ""
    noted: str = ""
    lines: list[int] = field(default_factory=list)
    choices: Choices = GUESS


def file(name, text, gives=None, says="", noted="", lines=(), **chosen):
    """A case; text is written as utf-8."""
    data = text if isinstance(text, bytes) else text.encode()
    return File(name, data, gives, says, noted, list(lines), Choices(**chosen))


def files():
    """All of them."""
    kinds = (encodings, delimiters, layouts, numbers, words, refusals, choices, workbooks, parquets)
    return [case for kind in kinds for case in kind()]


def encodings():
    """The same table in other bytes, and bytes that lie."""
    yield file("utf-8", GOOD, GIVEN)
    for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        noted = "" if name == "utf-8-sig" else name
        yield file(name, GOOD.encode(name), GIVEN, noted=noted)
    yield file("two byte-order marks", "\ufeff\ufeff" + GOOD, GIVEN)
    yield file(
        "cp1252",
        "région,b\nÉvian,2.5\nx,3\n".encode("cp1252"),
        {"région": ["Évian", "x"], "b": [2.5, 3.0]},
        noted="Windows-1252",
    )
    yield file(
        "cp1252 with €",
        "preis,b\n5 €,2\n7 €,3\n".encode("cp1252"),
        {"preis": [5.0, 7.0], "b": [2.0, 3.0]},
        noted="Windows-1252",
    )
    yield file(
        "cp1251",
        RU.encode("cp1251"),
        {"город": ["Москва", "Петербург", "Новосибирск"] * 3, "b": [1.5, 2.5, 3.5] * 3},
        noted="1251, a guess",
    )
    yield file(
        "shift_jis",
        JA.encode("shift_jis"),
        {"都市": ["東京", "大阪府", "名古屋市"] * 5, "b": [1.5, 2.5, 3.5] * 5},
        noted="a guess",
    )
    yield file(
        "euc-kr",
        ("도시,b\n" + "서울특별시,1.5\n부산광역시,2.5\n" * 6).encode("euc-kr"),
        {"도시": ["서울특별시", "부산광역시"] * 6, "b": [1.5, 2.5] * 6},
        noted="a guess",
    )
    yield file(
        "utf-8 beyond Latin",
        RU,
        {"город": ["Москва", "Петербург", "Новосибирск"] * 3, "b": [1.5, 2.5, 3.5] * 3},
    )
    yield file(
        "a byte that cp1252 has not",
        b"a,b\nx\x81,1\ny,2\n",
        {"a": ["x\x81", "y"], "b": [1.0, 2.0]},
        noted="Windows-1252",
    )
    yield file("gzip", gzip.compress(GOOD.encode()), GIVEN, noted="gzip")
    yield file("gzip of utf-16", gzip.compress(GOOD.encode("utf-16")), GIVEN, noted="utf-16")
    yield file(
        "a mark that lies",
        b"\xff\xfea\x00,\x00\x00\xd8",
        says="says it is utf-16-le, but byte 7 is not",
    )
    yield file("NUL in text", b"a,b\n1,\x002\n3,4\n", says="line 2 holds a NUL byte")
    yield file("NUL in utf-16", "a,b\n1,\0\n".encode("utf-16"), says="NUL characters")


def delimiters():
    """What stands between cells, and at the ends of lines."""
    for mark, name in ((";", "semicolon"), ("\t", "tab"), ("|", "bar")):
        yield file(name, GOOD.replace(",", mark), GIVEN, noted=f"a {name} stands")
        yield file(
            f"{name} with decimal commas",
            GOOD.replace(",", mark).replace(".", ","),
            GIVEN,
            noted=name,
        )
        yield file(
            f"sep={name}", f"sep={mark}\n" + GOOD.replace(",", mark), GIVEN, noted="first line says"
        )
    yield file("a space after commas", GOOD.replace(",", ", "), GIVEN)
    yield file(
        "spaces",
        "y a\n1 0.25\n0 0.75\n",
        {"y": [1.0, 0.0], "a": [0.25, 0.75]},
        noted="a space stands",
    )
    yield file(
        "columns of spaces",
        "   y     a\n   1  0.25\n   0  0.75  \n",
        {"y": [1.0, 0.0], "a": [0.25, 0.75]},
        noted="a space stands",
    )
    for end, name in (("\r\n", "CRLF"), ("\r", "CR"), ("\n\n", "a blank line after each")):
        yield file(name, GOOD.replace("\n", end), GIVEN)
    yield file("mixed ends", "y,a,b\r\n1,0.25,x\n0,0.75,z\r1,-2e-3,x", GIVEN)
    yield file("no end", GOOD.rstrip("\n"), GIVEN)
    yield file("blank end", GOOD + "\n \n\r\n", GIVEN)
    yield file(
        "delimiters at the end of lines",
        GOOD.replace("\n", ",\n"),
        GIVEN,
        noted="empty last column",
    )
    yield file("rows of delimiters", GOOD + ",,\n,,\n", GIVEN)
    yield file(
        "a decimal comma in a comma file",
        "y,a\n" + "1,2,5\n" * 20,
        says="1 has 2 names and most lines below have 3 cells",
    )
    yield file(
        "two delimiters",
        "a;b,c\n1;2,3\n4;5,6\n",
        {"a": [1.0, 4.0], "b,c": [2.3, 5.6]},
        noted="a semicolon stands",
    )
    yield file(  # cut at its commas, each of which is a decimal one, it had numbers of its own
        "half of a table of decimal commas",
        "0,5389\n0,5388\n0,5387\n0,538940\t385596\n-5493,225\t0\n8856,630\t0\n",
        says="a comma or a tab may stand between cells; choose one",
    )
    yield file(
        "some lines of a table of decimal commas",
        "1\t8j21,15\n-721,15\n-720,15\n-719,15\n-723236\t-0,627019\n-620915\t25245,811",
        says="a comma or a tab may stand between cells; choose one",
    )
    yield file("one column", "a\n1\n2\n3\n", says="one column only")
    yield file("prose", "only words\nin lines\n", says="one column only")


def layouts():
    """What stands above, beside and between the rows."""
    yield file(
        "comment above", "# made by a model\n" + GOOD, GIVEN, noted="line 1: above the table"
    )
    yield file(
        "comment with commas above",
        "# one, two, three, four\n" + GOOD,
        GIVEN,
        noted="line 1: above",
    )
    yield file(
        "title and blank lines",
        "Report of May\n\n\n" + GOOD,
        GIVEN,
        noted="line 1: above the table",
    )
    yield file("title in a wide row", "Report,,,\n" + GOOD, GIVEN, noted="line 1: above the table")
    yield file("blank lines above", "\n\n" + GOOD, GIVEN)
    yield file("# before names", "#" + GOOD, GIVEN)
    yield file("no header", BODY, UNNAMED, noted="no header")
    yield file(
        "numbers only",
        "1,2\n3,4\n",
        {"column 1": [1.0, 3.0], "column 2": [2.0, 4.0]},
        noted="no header",
    )
    yield file(
        "years as names",
        "2019,2020\n1.5,2.5\n3.5,4.5\n",
        {"column 1": [2019.0, 1.5, 3.5], "column 2": [2020.0, 2.5, 4.5]},
        noted="no header",
    )
    yield file(
        "twice a name",
        "y,y,y\n1,2,3\n4,5,6\n",
        {"y": [1.0, 4.0], "y (2)": [2.0, 5.0], "y (3)": [3.0, 6.0]},
        noted="a second 'y'",
    )
    yield file(
        "a name taken",
        "y,y (2),y\n1,2,3\n4,5,6\n",
        {"y": [1.0, 4.0], "y (2)": [2.0, 5.0], "y (3)": [3.0, 6.0]},
        noted="a second 'y'",
    )
    yield file(
        "no name",
        "y,,a\n1,2,3\n4,5,6\n",
        {"y": [1.0, 4.0], "column 2": [2.0, 5.0], "a": [3.0, 6.0]},
        noted="without a name",
    )
    yield file(
        "names of blanks",
        "y,  ,a\n1,2,3\n4,5,6\n",
        {"y": [1.0, 4.0], "column 2": [2.0, 5.0], "a": [3.0, 6.0]},
        noted="without a name",
    )
    yield file(
        "names with tricks",
        "y,\u202ea\u200b,b\x01\n1,2,3\n4,5,6\n",
        {"y": [1.0, 4.0], "a": [2.0, 5.0], "b": [3.0, 6.0]},
    )
    yield file(
        "names of markup", "<b>y</b>,$a$\n1,2\n3,4\n", {"<b>y</b>": [1.0, 3.0], "$a$": [2.0, 4.0]}
    )
    yield file("a long name", "n" * 999 + ",b\n1,2\n", {"n" * 200: [1.0], "b": [2.0]})
    yield file(
        "quoted names with a line break",
        '"y\nin m",a\n1,2\n3,4\n',
        {"yin m": [1.0, 3.0], "a": [2.0, 4.0]},
    )
    yield file("all in quotes", '"' + GOOD.replace(",", '","').replace("\n", '"\n"')[:-1], GIVEN)
    yield file("words in quotes", GOOD.replace("x", '"x"').replace("z", '"z"'), GIVEN)
    yield file(
        "delimiters in quotes",
        'y,b\n1,"x, y"\n0,"a ""b"", c"\n',
        {"y": [1.0, 0.0], "b": ["x, y", 'a "b", c']},
    )
    yield file(
        "line breaks in quotes",
        'y,b\n1,"x\ny"\n0,"p\r\nq"\n',
        {"y": [1.0, 0.0], "b": ["x\ny", "p\r\nq"]},
    )
    yield file(
        "spaces before quotes", 'y, b\n1, "x, y"\n0, "z"\n', {"y": [1.0, 0.0], "b": ["x, y", "z"]}
    )
    for name, line in (
        ("short", "1,2"),
        ("long", "1,2,x,4"),
        ("a total", "Total 17"),
        ("a stray quote", '1,5" disk,x'),
    ):
        at = 32
        yield file(
            f"{name} row",
            GOOD + LONG + line + "\n",
            {"y": [*NUMBERS["y"], *map(float, range(2, 30))]},
            lines=[at + 1],
        )
    yield file(
        "an open quote",
        GOOD + LONG + '"1,2,x\n3,4,z\n',
        {"y": [*NUMBERS["y"], *map(float, range(2, 30))]},
        lines=[33],
    )
    yield file(
        "an open quote above many lines",
        GOOD + '"1,2,x\n' + LONG * 4,
        says="opens a quote that runs over",
    )
    yield file(
        "two tables",
        "y,a\n1,2\n3,4\n\nname,city,zip\nx,y,1\nz,w,2\n",
        says="lines do not fit|may stand|names and most",
    )
    yield file(
        "a header that is short",
        "y,a\n1,2,3\n4,5,6\n7,8,9\n",
        says="line 1 has 2 names and most lines below have 3",
    )
    yield file(
        "ragged", "y,a,b\n1,2\n3\n4,5,6\n7,8\n", says="lines do not fit the table|names and most"
    )
    yield file("a header only", "y,a,b\n", says="a header and no rows")
    yield file(
        "formulas kept from running",
        "y,b\n1,'=1+1\n2,'-x\n",
        {"y": [1.0, 2.0], "b": ["=1+1", "-x"]},
        noted="apostrophe",
    )
    yield file(
        "an R row name",
        '"","y"\n"1",5\n"2",6\n',
        {"column 1": [1.0, 2.0], "y": [5.0, 6.0]},
        noted="without a name",
    )


def numbers():
    """A column of numbers in every way of writing them: beside it stands a plain one."""
    for name, cells, values in (
        ("plain", ["1", "-2.5", "+3e2", ".5", "4."], [1.0, -2.5, 300.0, 0.5, 4.0]),
        ("exponents", ["1E5", "1e+5", "1e-05", "1e0000001"], [1e5, 1e5, 1e-5, 10.0]),
        (
            "all digits",
            ["0.1234567890123456789", "123456.7890123456789"],
            [0.1234567890123456789, 123456.7890123456789],
        ),
        ("decimal commas", ["1,5", "2", "-0,25"], [1.5, 2.0, -0.25]),
        ("commas between thousands", ["1,234.5", "1,000", "7"], [1234.5, 1000.0, 7.0]),
        ("points between thousands", ["1.234,5", "1.000", "7"], [1234.5, 1000.0, 7.0]),
        ("spaces between thousands", ["1 234,5", "7,25"], [1234.5, 7.25]),
        ("narrow spaces", ["1\u202f234", "-1\xa0000"], [1234.0, -1000.0]),
        ("apostrophes", ["1'234.5", "7"], [1234.5, 7.0]),
        ("percent", ["50%", "12.5 %", "-3%"], [0.5, 0.125, -0.03]),
        ("dollars", ["$5", "-$1,234.50", "$0.25"], [5.0, -1234.5, 0.25]),
        ("euros", ["5 €", "1,5 €"], [5.0, 1.5]),
        ("minus signs of typesetters", ["\u22125", "3"], [-5.0, 3.0]),
        ("leading zeros", ["007", "08"], [7.0, 8.0]),
        ("the largest", ["1.7976931348623157e308", "-1e308"], [1.7976931348623157e308, -1e308]),
        ("the smallest", ["5e-324", "0e5", "-0"], [5e-324, 0.0, -0.0]),
        ("too large", ["1e400", "2"], [nan, 2.0]),
        ("too small", ["1e-400", "2"], [nan, 2.0]),
        ("an id of 19 digits", ["9007199254740993", "2"], [nan, 2.0]),
        ("infinity", ["inf", "2", "-Infinity"], [nan, 2.0, nan]),
        ("not a number", ["nan", "2", "NaN"], [nan, 2.0, nan]),
        ("missing", ["", "NA", "n/a", "NULL", "-", "?", ".", "#N/A", "5"], [nan] * 8 + [5.0]),
        (
            "no number of ours",
            ["0x1F", "1_000", "1 2", "(5)", "\uff11", "\u0661", "5"],
            [nan] * 6 + [5.0],
        ),
        ("spreadsheet errors", ["#DIV/0!", "#REF!", "5", "6"], [nan, nan, 5.0, 6.0]),
    ):
        text = "c|k\n" + "".join(f"{cell}|{at}\n" for at, cell in enumerate(cells))
        yield file(name, text, {"c": values, "k": list(map(float, range(len(cells))))}, noted="bar")
    for name, cells, asked in (
        ("commas of two meanings", ["1,234", "5,678"], "'1,234' may be 1234 or 1.234"),
        ("marks mixed", ["1.5", "2,5"], "decimal points and '2,5' decimal commas"),
        ("percent here and there", ["50%", "0.5"], "some cells are like '50%'"),
    ):
        yield file(
            name,
            "c;k\n" + "".join(f"{cell};1\n" for cell in cells * 3),
            {"c": asked},
            noted="semicolon",
        )


def words():
    """Cells that are no numbers stay what they are."""
    for name, cells in (
        ("codes", ["001a", "1e5x", "12:30"]),
        ("truths", ["True", "False", "TRUE"]),
        ("dates", ["2024-05-01", "31.12.2024", "5/1/24"]),
        ("missing or Namibia", ["NA", "DE", "None"]),
        ("commands", ["=1+1", "@sum", "=cmd|x"]),
        ("markup", ["<script>alert(1)</script>", "[a](javascript:b)", "$x$"]),
        ("spaces inside", ["New York", "a  b", "x "]),
        ("emoji", ["🎈", "é", "z\u0301"]),
        ("semicolons", ["a;b", "c;d;e", "f"]),
    ):
        text = "y\tb\n" + "".join(f"{at}\t{cell}\n" for at, cell in enumerate(cells))
        yield file(name, text, {"y": list(map(float, range(len(cells)))), "b": cells}, noted="tab")
    yield file(
        "words only",
        "city,name\nParis,x\nRome,z\n",
        {"city": ["Paris", "Rome"], "name": ["x", "z"]},
    )


def refusals():
    """What is no table says what it is."""
    for name, data, says in (
        ("empty", b"", "the file is empty"),
        ("blank", b"\n \r\n\t", "the file is empty"),
        ("delimiters only", b",,,\n,,,\n", "the file is empty"),
        ("PNG", b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        ("JPEG", b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG picture"),
        ("GIF", b"GIF89a" + bytes(50), "a GIF picture"),
        ("PDF", b"%PDF-1.7\n", "a PDF document"),
        ("old Excel", b"\xd0\xcf\x11\xe0" + bytes(30), "an old Excel"),
        ("binary Excel", b"PK\x03\x04" + bytes(30) + b"xl/workbook.bin", "a binary Excel workbook"),
        ("Word", b"PK\x03\x04" + bytes(30) + b"word/document.xml", "a Word document"),
        (
            "OpenDocument",
            b"PK\x03\x04" + bytes(30) + b"mimetypeapplication/vnd.oasis.opendocument",
            "an OpenDocument file",
        ),
        ("zip", b"PK\x03\x04" + bytes(30), "a zip archive"),
        ("Parquet cut off", b"PAR1" + bytes(30), "a Parquet file that is cut off"),
        ("pickle", b"\x80\x04\x95\x10\x00.", "a Python pickle"),
        ("NumPy", b"\x93NUMPY\x01", "a NumPy array"),
        ("HDF5", b"\x89HDF\r\n", "an HDF5 file"),
        ("SQLite", b"SQLite format 3\x00", "an SQLite database"),
        ("Arrow", b"ARROW1\x00\x00", "an Arrow file"),
        ("bzip2", b"BZh9", "a bzip2 archive"),
        ("xz", b"\xfd7zXZ\x00", "an xz archive"),
        ("7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        ("JSON", b'{"y": [1, 2]}', "JSON"),
        ("JSON rows", b'[{"y": 1, "p": 2}]', "JSON"),
        ("HTML", b"<!DOCTYPE html><p>a,b</p>", "HTML"),
        ("XML", b"<?xml version='1.0'?><a>1,2</a>", "HTML or XML"),
        ("noise", bytes(range(1, 32)) * 9, "no text"),
        ("gzip cut off", gzip.compress(GOOD.encode() * 9)[:-9], "cut off"),
        ("two in a gzip", gzip.compress(GOOD.encode()) * 2, "more than one file"),
        ("gzip damaged", b"\x1f\x8b\x08garbage that is no gzip", "damaged"),
        ("gzip bomb", gzip.compress(bytes(120_000_000), 1), "unpacks to more than 100 MB"),
        (
            "gzip in gzip",
            gzip.compress(gzip.compress(GOOD.encode())),
            "one column only|no text|NUL",
        ),
        (
            "10 000 columns",
            b"a," * 10_000 + b"a\n" + b"1," * 10_000 + b"1\n",
            "more than 2000 cells",
        ),
        ("one line", b"a,b\n" + b"x" * 5_000_000, "longer than 1,000,000 characters"),
        ("a long cell", b"a,b\n" + b"x" * 200_000 + b",1\n", "field larger than"),
        (
            "too many cells",
            b'a,b\n"",\n' + b",\n" * 3_000_000,
            "at most 3,000,000 can be looked at",
        ),
    ):
        yield file(name, data, says=says)


def choices():
    """What is chosen wins over what would be guessed, and is refused where it cannot be."""
    latin = "région,b\nÉvian,2.5\n"
    yield file(
        "chosen cp1252",
        latin.encode("cp1252"),
        {"région": ["Évian"], "b": [2.5]},
        encoding="cp1252",
    )
    yield file(
        "chosen mac",
        latin.encode("mac-roman"),
        {"région": ["Évian"], "b": [2.5]},
        encoding="mac-roman",
    )
    yield file(
        "chosen latin-1 for utf-8", "é,b\n1,2\n", {"Ã©": [1.0], "b": [2.0]}, encoding="latin-1"
    )
    yield file(
        "chosen utf-8, which it is not",
        latin.encode("cp1252"),
        says="byte 2 is not utf-8",
        encoding="utf-8",
    )
    yield file("chosen utf-16", GOOD.encode("utf-16-le"), GIVEN, encoding="utf-16-le")
    yield file(
        "chosen semicolon",
        "a;b,c\n1;2,3\n4;5,6\n",
        {"a": [1.0, 4.0], "b,c": [2.3, 5.6]},
        delimiter=";",
    )
    yield file(
        "chosen comma",
        "a;b,c\n1;2,3\n4;5,6\n",
        {"a;b": ["1;2", "4;5"], "c": [3.0, 6.0]},
        delimiter=",",
    )
    yield file(
        "chosen space", "name y\nx 1\nz 2\n", {"name": ["x", "z"], "y": [1.0, 2.0]}, delimiter=" "
    )
    yield file("chosen over sep=", "sep=;\ny,a\n1,2\n", {"y": [1.0], "a": [2.0]}, delimiter=",")
    yield file("chosen tab, of which there is none", GOOD, says="one column only", delimiter="\t")
    yield file(
        "chosen header of numbers", "2019,2020\n1,2\n", {"2019": [1.0], "2020": [2.0]}, header=True
    )
    yield file(
        "chosen no header",
        GOOD,
        {"column 1": ["y", "1", "0", "1"], "column 2": ["a", "0.25", "0.75", "-2e-3"]},
        noted="no line is the header",
        header=False,
    )
    yield file(
        "chosen decimal comma",
        "c;k\n1,234;1\n5,678;2\n",
        {"c": [1.234, 5.678], "k": [1.0, 2.0]},
        noted="semicolon",
        decimal=",",
    )
    yield file(
        "chosen decimal point",
        "c;k\n1,234;1\n5,678;2\n",
        {"c": [1234.0, 5678.0], "k": [1.0, 2.0]},
        noted="semicolon",
        decimal=".",
    )
    yield file(
        "chosen comma, written point",
        "c;k\n1.5;1\n2.5;2\n",
        {"c": ["1.5", "2.5"], "k": [1.0, 2.0]},
        noted="semicolon",
        decimal=",",
    )
    yield file(
        "chosen comma, point between thousands",
        "c;k\n1.234;1\n5.678;2\n",
        {"c": [1234.0, 5678.0], "k": [1.0, 2.0]},
        noted="semicolon",
        decimal=",",
    )


def workbooks():
    """Excel, whatever the file is called."""
    table = [["y", "a", "b"], [1, 0.25, "x"], [0, 0.75, "z"], [1, -0.002, "x"]]
    yield file(
        "workbook",
        workbook(data=table),
        GIVEN,
        noted="an Excel workbook, of which sheet 'data' is read",
    )
    yield file("second sheet", workbook(empty=[], data=table), GIVEN, noted="not read: 'empty'")
    yield file(
        "title in a workbook",
        workbook(data=[["Report"], [None], *table]),
        GIVEN,
        noted="line 1: above the table",
    )
    yield file(
        "chosen sheet",
        workbook(other=[["p", "q"], [1, 2]], data=table),
        GIVEN,
        noted="'data' is read; not read: 'other'",
        sheet="data",
    )
    yield file(
        "chosen sheet that is none",
        workbook(data=table),
        says="no sheet is called 'x'; there is 'data'",
        sheet="x",
    )
    yield file(
        "shared words",
        workbook(words=["y", "x"], data=[[[0], [1]], [1, 2.5], [2, 0.1]]),
        {"y": [1.0, 2.0], "x": [2.5, 0.1]},
        noted="Excel",
    )
    yield file(
        "truths in a workbook",
        workbook(data=[["y", "b"], [1, True], [2, False]]),
        {"y": [1.0, 2.0], "b": ["TRUE", "FALSE"]},
        noted="Excel",
    )
    yield file(
        "errors in a workbook",
        workbook(data=[["y", "b"], [1, "#DIV/0!"], [2, 5]]),
        {"y": [1.0, 2.0], "b": [nan, 5.0]},
        noted="1 cell of the workbook with an error",
    )
    yield file("no cells", workbook(data=[]), says="no cell with anything in it")
    yield file(
        "cells far apart",
        workbook(
            data='<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        says="spans 16,384 columns and 1,048,576 rows",
    )
    yield file(
        "a bomb of zeros",
        workbook(data=table, padding=bytes(120_000_000)),
        says="unpacks to more than 100 MB",
    )
    yield file(
        "a bomb of words",
        workbook(words=["x" * 3_000_000], data=[[[0], [0]]] * 50),
        says="the text in the Excel workbook unpacks",
    )
    yield file("cut off workbook", workbook(data=table)[:-30], says="damaged or locked")


def written(**columns):
    """A Parquet file."""
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def parquets():
    """Parquet, whatever the file is called."""
    yield file("Parquet", written(**GIVEN), GIVEN, noted="a Parquet file")
    yield file(
        "missing in Parquet",
        written(y=[1, None, 3], b=["x", None, "z"]),
        {"y": [1.0, nan, 3.0], "b": ["x", "", "z"]},
        noted="Parquet",
    )
    yield file(
        "single precision",
        written(y=[1, 2], f=pa.array([0.1, 3], pa.float32())),
        {"y": [1.0, 2.0], "f": [0.10000000149011612, 3.0]},
        noted="Parquet",
    )
    yield file(
        "large whole numbers",
        written(y=[1, 2**60 + 1], f=[0.5, 1e300]),
        {"y": [1.0, nan], "f": [0.5, 1e300]},
        noted="Parquet",
    )
    yield file(
        "infinity in Parquet",
        written(y=[1.5, float("inf")], f=[nan, 1.0]),
        {"y": [1.5, nan], "f": [nan, 1.0]},
        noted="Parquet",
    )
    yield file(
        "lists in Parquet",
        written(y=[1, 2], b=[[1], [2]]),
        says="column 'b' of the Parquet file holds lists",
    )
    yield file("one column of Parquet", written(y=[1, 2]), says="one column only")
    yield file(
        "no rows of Parquet",
        written(y=pa.array([], pa.int64()), b=pa.array([], pa.int64())),
        says="a header and no rows",
    )
    yield file(
        "damaged Parquet",
        written(y=[1], p=[2.0])[:-20] + b"PAR1",
        says="the Parquet file cannot be read",
    )
    bomb = written(y=pa.array(["x" * 500_000] * 1000).dictionary_encode(), z=list(range(1000)))
    yield file("a bomb of words in Parquet", bomb, says="unpacks to too many bytes")
    yield file(
        "many rows of Parquet",
        written(y=np.zeros(11_000_000), z=np.zeros(11_000_000)),
        says="at most 2000 columns, 20,000,000 cells",
    )
