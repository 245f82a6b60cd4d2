"""A battery of files: each gives the table it must give, or says the sentence it must say."""

import re

import numpy as np
import pytest

from losses.data import DataError
from losses.data.tables import read
from tests.battery.files import files

FILES = files()


def test_the_battery_is_large_and_no_two_of_its_files_have_one_name():
    assert len(FILES) >= 120
    assert len({file.name for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_gives_its_table_or_says_its_sentence(file):
    if file.says:
        with pytest.raises(DataError, match=file.says) as said:
            read(file.data, "renamed.csv", choices=file.choices)
        assert 15 < len(str(said.value)) < 400
        return
    table = read(file.data, "renamed.csv", choices=file.choices)
    for name, expected in file.gives.items():
        column = table.column(name)
        if isinstance(expected, str):  # a question that only the reader can answer
            assert re.search(expected, column.question)
        elif isinstance(expected[0], str):
            assert [cell.strip() for cell in table.text(name)] == [
                cell.strip() for cell in expected
            ]
        else:
            np.testing.assert_array_equal(column.values, expected)
            without = np.flatnonzero(~np.isfinite(expected))
            assert [problem.at for problem in column.problems] == without.tolist()
    assert [line for line, _ in table.rejected] == file.lines
    assert file.noted in " ".join(table.notes)
    assert bool(table.notes) == bool(file.noted)
