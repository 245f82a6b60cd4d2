"""Formulas as MathML, which browsers set by themselves: no font, script or network goes with it."""

import html
from functools import cache
from itertools import pairwise
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element

from pages.shared.document import Markup

OPENING = set("([{,=<>≤≥≠")  # after one of these a minus is a sign
CLOSING = set(")]")
ROWS = {"mrow", "mtd", "math"}  # elements whose children stand side by side
GAP = "0.17em"  # around the name of a function


@cache
def formula(latex: str) -> Markup:
    """A formula of ours; a user's text is none."""
    math = convert_to_element(latex)
    del math.attrib["xmlns"]  # HTML knows what math is
    for part in math.iter():
        part.text = html.unescape(part.text) if part.text else None
    for row in list(math.iter()):
        if row.tag in ROWS:
            _spaced(row)
    return Markup(tostring(math, encoding="unicode"))


def _spaced(row: Element) -> None:
    """Closes bars and binds signs, which browsers take for operators; parts log from its neighbors.

    [MathML Core, 3.2.4: the form of an operator is guessed from its place alone]
    """
    for part in row:
        if part.tag == "mo" and part.text == "|":
            part.attrib.update(lspace="0", rspace="0")
        elif part.tag == "mo" and part.text == "max":
            part.attrib.update(lspace=GAP, rspace="0")
    for before, part in list(pairwise(row)):
        if part.text == "−" and before.tag == "mo" and before.text in OPENING:
            part.set("form", "prefix")
        ended = before.tag != "mo" or before.text in CLOSING
        if (_named(before) and part.tag != "mo") or (_named(part) and ended):
            row.insert(list(row).index(part), Element("mspace", width=GAP))


def _named(part: Element) -> bool:
    """Whether it is a function with a name of several letters."""
    return part.tag == "mi" and len(part.text or "") > 1
