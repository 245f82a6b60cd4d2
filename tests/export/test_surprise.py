"""What the page about cross-entropy says of PyTorch's weights, by running PyTorch."""

import numpy as np
import pytest

from losses.chances import Chances
from losses.verdict.mistake import conventions

pytestmark = pytest.mark.export


def test_pytorch_divides_by_the_weights():
    """F6: its mean is over the weights, not over the rows."""
    torch = pytest.importorskip("torch")
    y, z = np.array([0.0, 0, 0, 1]), np.array([-1.0, 0.3, -2, 0.4])
    _, by_weights = conventions(Chances("m", ("a", "b"), y, z, np.arange(4)), 5.0).values()
    logits = torch.tensor(np.stack([np.zeros(4), z], axis=1))
    weight = torch.tensor([1.0, 5.0], dtype=torch.float64)
    trained = torch.nn.CrossEntropyLoss(weight=weight)(logits, torch.tensor(y.astype(int)))
    assert by_weights == pytest.approx(float(trained), rel=1e-12)
