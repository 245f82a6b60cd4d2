"""What nobody should type, and somebody will: each gets one sentence, at once, and nothing runs."""

import sys
import tracemalloc
import unicodedata
from contextlib import suppress
from time import perf_counter, process_time

import pytest

from losses.formula import Formula, FormulaError, lint, parameter_names

CODE = """
__import__('os').system('id') | ().__class__.__bases__[0].__subclasses__() | eval('1') | exec("r=1")
open('/etc/passwd').read() | loadtxt('/etc/hostname') | [x for x in r] | lambda r: r | r if r else 1
(r:=1) | r.__class__ | r.real | globals() | locals()['r'] | getattr(r, 'x') | f'{r}' | "r" | b'r' | 'r'
`id` | $(id) | ${jndi:ldap://x} | {{7*7}} | <script>alert(1)</script> | "><img src=x onerror=alert(1)>
r; import os | import os | del r | yield r | await r | async r | *r | **r | @r | r @ r | r // 2 | r % 2
r << 99 | r >> 1 | ~r | r & 1 | r || 1 | r ^^ 2 | r!! | r! | !r | ... | r[0] | {r} | {r: 1} | (r,) | (r, 1)
r = 1 | r == | == r | r === r | r <> 1 | r =< 1 | r => 1 | = | r := 1 | r += 1 | r -> 1 | \\frac{r}{2} | \\
r\\n | #r | r # | /* r */ r | -- | r -- | // | r; | ; | ? | r ? 1 : 2 | : | @ | $ | % | & | _ | _r | __r__
1_000*r | 0x10*r | 0b1*r | 1j*r | 1e | 1e+ | 1.2.3*r | .*r | 1e400*r | 1e101*r | 9e999 | r*1e99999999999
r r | 2 r | r 2 | 2(r) | r(2) | (r)(r) | (r)2 | abs | abs() | abs(r, r) | abs r | abs(r | abs(r)) | abs)r(
where(r) | where() | where(r, r) | where(r > 0) | where(1, r, r) | where(r > 0, r, r, r) | where(r, r, r)
max() | max(r) | max(,r) | max(r,) | max(r,,r) | , | (,) | () | (()) | ( | ) | )( | (r | r) | ((r) | (r))
and | or | not | not r | r and r | r or 1 | and r | r and | not not | r > 0 and | r > 0 or r | not 1
sin(r) | cos(r) | pow(r, 2) | round(r) | sum(r) | print(r) | exit() | quit() | help() | breakpoint() | vars()
system(r) | eval(r) | exec(r) | open(r) | compile(r) | input() | type(r) | dir() | id(r) | hash(r) | iter(r)
np.abs(r) | torch.exp(r) | math.inf | inf | nan | -inf*r | True*r | None | self*r | class | def f | return r
value*r | gradient*r | text*r | tree*r | family*r | name*r | catalogue*r | corners*r | __dict__ | mro*r | phi*r
r + m | y*m | m*z | p*r | s*z | mu*p | mu*r | s | p | z | y | mu | 1 | pi | e | 9**9**9 | 9^9^9^9^9^9 | 1/0 | k
r + k | loss*r | cost*r | np*r | print*r | float*r | keras*r | jax*r | torch*r | math*r | str*r | int*r | len*r
""".replace("\n", " | ")
MARKS = (
    "²³⁻−×÷≤≥√∞δτŷ’“”…аⅼ０１ｒ　\u200b\u202e\u2066\ufeff\x00\x07\x1b\x7f\u0301\U0001d4c7🦆ſKİ\ud800"
)
LARGE = [
    "(" * 300 + "r" + ")" * 99,
    "(" * 199 + "r" + ")" * 199,
    "-" * 399 + "r",
    "not " * 99 + "r > 0",
    "abs(" * 80 + "r" + ")" * 80,
    "r^" * 150 + "r",
    "r+" * 199 + "r",
    "r<" * 199 + "r",
    "max(" + "r," * 150 + "r)",
    "where(r>0," * 39 + "r",
    "r" * 401,
    "r" * 21,
    "9" * 400,
    "0." + "9" * 398,
    "1" * 395 + "*r",
    "r*" * 10**6,
    " " * 401,
    " " * 400,
    "\n",
    "\t\t",
    "a*b*c*d*f*g*h*i*j*r",
    "e" * 30 + "*r",
    "exp(" * 41 + "r" + ")" * 41,
    "2^" * 190 + "2",
    "r*(" * 60 + "r",
    "1e9" + "0" * 90 + "*r",
    *(f"{name}(" * 35 + "r" + ")" * 35 for name in ("logcosh", "softplus")),
    *(f"{name}(" * 35 + "r" + ", 1)" * 35 for name in ("max", "min")),
    "log(exp(r) + exp(" * 19 + "r" + "))" * 19,
    "max(" + ", ".join(f"r - {k}" for k in range(40)) + ")",
]
HOSTILE = sorted(
    {one.strip() for one in CODE.split(" | ")} | set(LARGE) | {f"{mark}*r" for mark in MARKS}
)


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 250


@pytest.mark.parametrize("kind", [None, 5, b"r", ["r"], {"r": 1}, Ellipsis], ids=repr)
def test_what_is_no_text_is_refused(kind):
    with pytest.raises(FormulaError):
        Formula(kind)


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(one[:30]) for one in HOSTILE])
def test_a_hostile_text_gets_a_sentence_at_once(text):
    started = process_time()
    with pytest.raises(FormulaError) as error:
        Formula(text)
    assert process_time() - started < 0.1
    assert 10 < len(error.value.sentence) < 250
    assert error.value.sentence.isprintable(), "nothing turns the line around or breaks it"
    line, caret = error.value.caret.split("\n")
    assert len(line) <= 36
    assert set(caret) <= {" ", "^"}
    for one in line:
        assert one.isprintable()
        assert unicodedata.bidirectional(one) not in ("R", "AL", "RLO", "LRO", "NSM")


def test_none_of_them_takes_memory():
    tracemalloc.start()
    for text in HOSTILE:
        with pytest.raises(FormulaError):
            Formula(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6


def test_what_chooses_is_written_at_no_great_length():
    """A maximum writes its parts twice: of twenty in a chain, each within the next, a million."""
    for n in range(1, 36):
        for text in (f"max({', '.join(f'r - {k}' for k in range(n + 1))})",
                     "max(" * n + "r" + ", 1)" * n, "logcosh(" * n + "r" + ")" * n):  # fmt: skip
            started, length = perf_counter(), 0
            with suppress(FormulaError):
                length = len(Formula(text).expression)
            assert 0 < length < 100_000 or (n > 5 and not length)
            assert perf_counter() - started < 0.5
    with pytest.raises(FormulaError, match="too deep"):
        Formula(text)


SEEN = []
HARMLESS = {"open", "import", "exec", "compile"}
sys.addaudithook(lambda event, _: SEEN.append(event) if event in HARMLESS else None)


def test_nothing_of_a_formula_is_compiled_imported_or_opened():
    """Python's own audit events, from the text to the report."""
    lint(Formula("where(abs(r) < d, r^2/2, d*(abs(r) - d/2))", d=1.0))  # imports are over
    SEEN.clear()
    formula = Formula(
        "k*where(abs(r) < d, r^2/3, d*(abs(r) - d/3)) + log(1 + exp(r))", d=1.0, k=2.0
    )
    report = lint(formula)
    assert formula.latex
    assert formula.expression
    assert len(report) > 8
    assert SEEN == []


@pytest.mark.parametrize(
    "text",
    ["9**9**9*r", "9^9^9^9^9^9*r", "r^9^9^9", "(" * 35 + "r" + ")" * 35, "exp(exp(exp(exp(exp(r)))))",
     "r^-9^9", "(-1)^0.5*r", "0/0*r", "+".join(["r"] * 99), "*".join(["r^r"] * 49), "r^r^r^r^r^r^r"],
)  # fmt: skip
def test_what_is_only_large_is_computed_in_floats(text):
    """Python's whole numbers would compute 9**9**9 for hours; these overflow to infinity."""
    started = perf_counter()
    assert parameter_names(text) == ()
    lint(Formula(text))
    assert perf_counter() - started < 3
