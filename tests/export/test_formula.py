"""What a typed formula becomes in PyTorch computes what it computes here."""

import pytest

from tests.test_formula import TYPED, prints_its_cost

pytestmark = pytest.mark.export


@pytest.mark.parametrize("slug", TYPED)
def test_its_code_for_pytorch_prints_its_cost(slug, capsys):
    prints_its_cost(slug, "PyTorch", capsys)
