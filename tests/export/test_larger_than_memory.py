"""The README's recipe for a file that is larger than the memory it is read with."""

import os
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.export

RECIPE = re.search(
    r"larger than memory\.\*\*.*?```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S
)[1]
# Of this program alone: what getrusage says is inherited from the one that started it.
PEAK = """
import re
print(1024 * int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]))
"""
ROWS = 8_000_000
MAKE = f"""COPY (
  SELECT random() * 10 AS target, random() * 10 AS prediction, hash(i) / 1e9 AS note
  FROM range({ROWS}) AS numbers(i)
) TO 'large.csv'"""


def test_the_recipe_judges_a_file_in_less_memory_than_the_file_has(tmp_path, monkeypatch):
    """The same `cost` runs unchanged, block by block; the engine's own sums are the referee."""
    import duckdb  # only where the other libraries are

    monkeypatch.chdir(tmp_path)
    duckdb.sql(MAKE)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", RECIPE + PEAK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    printed, peak = ran.stdout.split("\n")[-3:-1]  # the engine may show its progress above
    (square, huber), *_ = duckdb.sql(
        """SELECT avg(r * r), avg(CASE WHEN r < 2 THEN r * r / 2 ELSE 2 * (r - 1) END)
        FROM (SELECT abs(prediction - target) AS r FROM 'large.csv')"""
    ).fetchall()
    found = [float(number) for number in printed.strip("[]").split(",")]
    assert found == pytest.approx([square, huber], rel=1e-11)
    assert int(peak) < (tmp_path / "large.csv").stat().st_size
