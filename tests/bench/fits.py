"""How long an exact fit of classes takes, beside scikit-learn: `python -m tests.bench.fits`.

2,000 rows of a rare event by two features, one thread; medians of rounds in turn, in milliseconds.
Ours finds the optimum of cross-entropy or focal loss, class 1 weighted, to 1e-8 of its gradient;
scikit-learn's `LogisticRegression(solver="newton-cholesky", tol=1e-8, C=inf)` knows no focal loss.
A median of ours above 20 ms ends this with an error.
"""

import argparse
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from losses.data.generators import RareEvent
from losses.imbalance import Rare

ROWS, ROUNDS, BAR = 2_000, 21, 20.0
CASES = ((1.0, 0.0), (19.0, 0.0), (1.0, 2.0), (19.0, 2.0), (19.0, 5.0))


def main():
    """Prints the table; ends with an error where a fit takes longer than the bar."""
    argparse.ArgumentParser("python -m tests.bench.fits", description=__doc__).parse_args()
    print(__doc__)
    print(f"{'weight':>8}{'gamma':>8}{'ours, ms':>10}{'scikit-learn, ms':>18}{'apart by':>10}")
    with threadpool_limits(1):
        slowest = max(row(weight, gamma) for weight, gamma in CASES)
    if slowest > BAR:
        sys.exit(f"the slowest fit takes {slowest:.1f} ms; it may take {BAR:g}")


def row(weight, gamma):
    """Prints a line, and returns the milliseconds that our fit takes."""
    data = RareEvent(n=ROWS).seeded(0)
    ours, theirs, apart = [], [], np.nan
    for _ in range(ROUNDS):
        case = Rare.of(data, 1, data.columns)
        began = time.perf_counter()
        learned = case.at(weight, gamma)
        ours.append(time.perf_counter() - began)
        if gamma:
            continue
        X = case.features
        began = time.perf_counter()
        model = LogisticRegression(
            solver="newton-cholesky", tol=1e-8, C=np.inf, class_weight={0: 1.0, 1: weight}
        ).fit(X, case.target)
        theirs.append(time.perf_counter() - began)
        apart = np.abs(model.decision_function(X) - learned.logits).max()
    found = 1e3 * float(np.median(ours))
    judge = f"{1e3 * np.median(theirs):18.1f}{apart:10.0e}" if theirs else f"{'—':>18}{'—':>10}"
    print(f"{weight:8g}{gamma:8g}{found:10.1f}{judge}", flush=True)
    return found


if __name__ == "__main__":
    main()
