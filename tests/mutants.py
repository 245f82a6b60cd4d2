"""Breaks every loss and penalty in every small way, and shows which breaks no test notices.

    python -m tests.mutants [--only huber,hinge] [--jobs 4] [--most 25] [--whole]

The working tree is copied first: it can be edited meanwhile. A mutant has one change in one member
of a class. It runs against the tests of contract and formulas that name the loss, then against all
about losses that name no other, and with --whole against every test of the core. What survives is
listed with its change; the exit code is 1 unless EQUIVALENT excuses all of it.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
import zlib
from collections import Counter
from pathlib import Path

# Changes that change nothing, as the last lines of a run name them, under the reason.
REASONS: dict[str, tuple[str, ...]] = {
    "where the comparison changes, both sides are equal": (
        "huber.expression: expression = 'where(abs(r) < delta, r**2 / 2, delta * (abs(r) - delta / 2))'",
        "smooth_l1.expression: expression = 'where(abs(r) < beta, r**2 / (2 * beta), abs(r) - beta / 2)'",
        "quantile.expression: expression = 'where(r >= 0, (1 - tau) * r, -tau * r)'",
        r"expectile.latex: latex = '|\tau - [r \ge  0]| r^2'",
        "expectile.expression: expression = 'where(r >= 0, (1 - tau) * r**2, tau * r**2)'",
        "reverse_huber.expression: expression = 'where(abs(r) < c, abs(r), (r**2 + c**2) / (2 * c))'",
        "reverse_huber.phi: return np.where(a < self.c, a, 0.5 * (a * (a / self.c) + self.c))",
        "tukey_biweight.expression: expression = 'where(abs(r) < c, c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3), c**2 / 6)'",
        "barron.dphi: power = h ** (self.alpha - 1) if self.alpha > 1 else h ** self.alpha / h",
        "smooth_hinge.expression: expression = 'where(m < 0, 0.5 - m, maximum(1 - m, 0) ** 2 / 2)'",
        "modified_huber.expression: expression = 'where(m <= -1, -4 * m, maximum(1 - m, 0) ** 2)'",
        "modified_huber.phi: return np.where(m <= -1, -4 * m, c * c)",
        "smooth_hinge.phi: return np.where(short <= 1, 0.5 * short * short, short - 0.5)",
        "probabilistic.py.chances: sure, unsure, right = (1 / (1 + e), e / (1 + e), m > 0)",
        "deviance.py._grown: return np.where(np.abs(a * t) <= FAR, near, end - scale) / a",
    ),
    "at a kink, the curvature may be that of either side": (
        "smooth_l1.d2phi: return (np.abs(r) < self.beta) / np.full_like(r, self.beta)",
        "expectile._weight: return np.where(r >= 0, 1 - self.tau, self.tau).astype(r.dtype)",
        "squared_epsilon_insensitive.d2phi: return 2 * (np.abs(r) >= self.epsilon).astype(r.dtype)",
        "reverse_huber.d2phi: return (np.abs(r) >= self.c) / np.full_like(r, self.c)",
        "squared_hinge.d2phi: return 2 * (m <= 1).astype(m.dtype)",
        "smooth_hinge.d2phi: return ((m >= 0) & (m < 1)).astype(m.dtype)",
        "smooth_hinge.d2phi: return ((m > 0) & (m <= 1)).astype(m.dtype)",
        "modified_huber.d2phi: return 2 * ((m > -1) & (m < 1)).astype(m.dtype)",
        "modified_huber.d2phi: return 2 * ((m >= -1) & (m <= 1)).astype(m.dtype)",
    ),
    "beyond the threshold, or up to it, both forms are as exact": (
        "log_cosh.phi: core = np.minimum(a, 40.0)",
        "log_cosh.d2phi: return np.cosh(np.clip(r, -350.0, 700.0)) ** (-2)",
        "log_cosh.d2phi: return np.cosh(np.clip(r, -700.0, 350.0)) ** (-2)",
        "welsch.phi: u = np.clip(r / self.c, -40.0, 80.0)",
        "welsch.phi: u = np.clip(r / self.c, -80.0, 40.0)",
        "welsch.d2phi: u = np.clip(r / self.c, -80.0, 40.0)",
        "welsch.d2phi: u = np.clip(r / self.c, -40.0, 80.0)",
        "barron.phi: u = np.clip(u, -80.0, 40.0)",
        "barron.phi: u = np.clip(u, -40.0, 80.0)",
        "barron.d2phi: u = np.clip(u, -80.0, 40.0)",
        "barron.d2phi: u = np.clip(u, -40.0, 80.0)",
        "poisson.value: return np.where(t < FAR, target * excess_exp(t), far)",
        "poisson.value: return np.where(np.abs(t) <= FAR, target * excess_exp(t), far)",
        "poisson.gradient: return np.where(np.abs(t) <= FAR, near, np.exp(score) - target)",
        "gamma.value: return np.where(np.abs(t) <= FAR, excess_exp(-t), far)",
        "gamma.gradient: return np.where(np.abs(t) <= FAR, near, 1 - target * np.exp(-score))",
        "tweedie.value: near = scale * excess_growth(a, np.where(t < FAR, t, 0.0))",
        "tweedie.value: near = scale * excess_growth(a, np.where(np.abs(t) <= FAR, t, 0.0))",
        "squared_log_error._distance: near = np.abs(ratio) <= 0.5",
        "squared_log_error._distance: return np.where(near, np.log1p(np.where(near, ratio, 0.0)), np.log(1 + score) - np.log1p(target))",
        "squared_log_error._distance: return np.where(near, np.log1p(np.where(near, ratio, 0.0)), np.log1p(score) - np.log(1 + target))",
        "log_cosh._split: if max(r.max(), -r.min()) < 20:",
        "log_cosh._split: if max(r.max(), -r.min()) <= 40:",
        "log_cosh._split: core = r.clip(-40.0, 20.0)",
        "log_cosh._split: core = r.clip(-20.0, 40.0)",
        "deviance.py.FAR: FAR = 2.0",
    ),
    "np.where takes the other branch there": (
        "barron.phi: x = np.clip(self.alpha * logarithm, -2.0, 1.0)",
        "barron.phi: x = np.clip(self.alpha * logarithm, -1.0, 2.0)",
        "tweedie.value: near = scale * excess_growth(a, np.where(np.abs(t) < FAR, t, 1))",
        "tweedie.value: return np.where(target == 0, size / (a + 1 or 2.0), some)",
        "squared_log_error._distance: return np.where(near, np.log1p(np.where(near, ratio, 1)), np.log1p(score) - np.log1p(target))",
        "modified_huber.phi: c = np.clip(1 - m, 0.0, 4.0)",
        "softmax_focal.curvature: share = np.where(hot, 1.0, wrong / np.where(q > 0, q, 2.0)[:, None])",
    ),
    "it multiplies or divides by 1 or −1": (
        "cross_entropy._shares: other = np.where(y == 1, y, self.positive_weight)",
        "focal._balance: return np.where(y == 1, self.alpha, (1 - self.alpha) / np.ones_like(y))",
        "Loss.total_and_gradient: out /= sides",
    ),
    "another line has decided there": (
        "barron.expression: b = '(2 - alpha)' if self.alpha <= 2 else '(alpha - 2)'",
        "barron.influence: return 'unbounded' if self.alpha >= 1 else 'redescending'",
    ),
    "it overflows only where the result does": (
        "barron.phi: x = self.alpha * logarithm",
        "gamma.gradient: near = -np.expm1(-t)",
    ),
    "what follows takes whole numbers, too": (
        "MarginLoss.total: return self.sum(target * score)",
        "MarginLoss.sides: return target",
        "BinaryLoss.value: return self.phi(sign * score, target)",
        "BinaryLoss.gradient: return sign * self.dphi(sign * score, target)",
        "BinaryLoss.curvature: return self.d2phi(signs(target) * score, target)",
    ),
    "no margin loss has a parameter": ("MarginLoss.symbols: return {'m': target * score}",),
    "the last of two axes is axis 1": (
        "multiclass_hinge._rival: lead = np.where(index == classes, -np.inf, score - np.take_along_axis(score, classes, 1))",
        "multiclass_hinge._rival: return (np.take_along_axis(lead, rival, 1)[:, 0], index == classes, index == rival)",
    ),
    "a shortcut past the checks of rows, or its lack: the sum would tell as much": (
        "squared_error.telling: telling = False",
        "absolute_error.telling: telling = False",
        "huber.telling: telling = False",
        "smooth_l1.telling: telling = True",
        "log_cosh.telling: telling = False",
        "quantile.telling: telling = False",
        "expectile.telling: telling = True",
        "linex.telling: telling = True",
        "epsilon_insensitive.telling: telling = True",
        "squared_epsilon_insensitive.telling: telling = True",
        "reverse_huber.telling: telling = True",
        "power.telling: telling = True",
        "pseudo_huber.telling: telling = True",
        "cauchy.telling: telling = True",
        "geman_mcclure.telling: telling = True",
        "poisson.telling: telling = True",
        "gamma.telling: telling = True",
        "squared_log_error.telling: telling = True",
        "absolute_percentage_error.telling: telling = True",
    ),
    "its sign is lost: it is zero, or squared": (
        "redescending.py._shares: return (1 / h, -(np.abs(t) / h))",
        "redescending.py._shares: return (1 / h, t / h)",
        "log_cosh._split: return (r, -0.0)",
    ),
}
EQUIVALENT = {key for keys in REASONS.values() for key in keys}
COLUMNS = ("mutants", "killed", "late", "hung", "equivalent", "survived")


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", default="", help="rows of the table, such as huber,hinge")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    parser.add_argument("--most", type=int, default=0, help="as many for each row, instead of all")
    parser.add_argument("--whole", action="store_true", help="run every test on what survives")
    return parser.parse_args()


def planned(tree, only, most):
    """The mutants of the rows asked for."""
    from tests.mutation import targets

    words = targets.vocabulary()
    found = [(t.row, list(targets.mutants(t, tree, words))) for t in targets.targets()]
    rows = [row for row, _ in found]
    if unknown := only - set(rows):
        sys.exit(f"no row is called {', '.join(sorted(unknown))}; there is {', '.join(rows)}")
    wanted = [mutants for row, mutants in found if not only or row in only]
    return [mutant for mutants in wanted for mutant in (some(mutants, most) if most else mutants)]


def some(mutants, most):
    """The control and so many mutants, from all members alike, and the same ones every time."""
    (control, *others), places, members = mutants, {}, Counter()
    for mutant in sorted(others, key=lambda mutant: zlib.crc32(mutant.key.encode())):
        places[mutant.key] = members[mutant.member]
        members[mutant.member] += 1
    return [control, *sorted(others, key=lambda mutant: places[mutant.key])[:most]]


def judged(mutants, trees, stages, known):
    """Each mutant with its verdict, told as it comes; the controls must survive."""
    from tests.mutation.targets import CONTROL
    from tests.mutation.trial import trials

    started, verdicts = time.monotonic(), []
    controls = [mutant.key for mutant in mutants if mutant.member == CONTROL]
    excused = {*EQUIVALENT, *controls[1:]}  # from every test but those that are the nearest
    for mutant, stage, verdict in trials(mutants, trees, stages, known, excused):
        if mutant.member == CONTROL:
            if verdict != "survived":
                sys.exit(f"{mutant.row}: unbroken, and yet {verdict}: nothing can be concluded")
            continue
        if verdict == "survived" and mutant.key in EQUIVALENT:
            verdict = "equivalent"
        verdicts.append((mutant, "late" if verdict == "killed" and stage else verdict))
        if verdict in ("survived", "hung"):
            print(f"{verdict}: {mutant.key}", flush=True)
        if len(verdicts) % 100 == 0 or len(verdicts) == len(mutants) - len(controls):
            passed = time.monotonic() - started
            print(f"{len(verdicts)} in {passed:.0f} s", flush=True)
    return verdicts


def report(verdicts):
    """The table, the survivors with their changes, and whether there are any."""
    table = {}
    for mutant, verdict in verdicts:
        table.setdefault(mutant.row, Counter())[verdict] += 1
    table = dict(sorted(table.items())) | {"in all": sum(table.values(), Counter())}
    print(f"\n{'':30}" + "".join(f"{column:>12}" for column in COLUMNS))
    for row, count in table.items():
        numbers = count | {"mutants": count.total()}
        print(f"{row:30}" + "".join(f"{numbers.get(column, 0):12}" for column in COLUMNS))
    print("late: killed, but not by a test of the contract or the formulas that names the loss")
    survivors = [mutant for mutant, verdict in verdicts if verdict == "survived"]
    for mutant in sorted(survivors, key=lambda mutant: mutant.key):
        print(f"\n{mutant.file}, {mutant.row}.{mutant.member}")
        print(f"  - {mutant.before}\n  + {mutant.after}")
    noticed = {one.key for one, verdict in verdicts if verdict in ("killed", "late", "hung")}
    for key in sorted(noticed & EQUIVALENT):
        print(f"\nnot equivalent, since a test notices it: {key}")
    return bool(survivors)


def main():
    """Copies, breaks, counts."""
    asked = arguments()
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # one each: there are processes enough
    os.environ |= dict.fromkeys((*threads, "PYTEST_DISABLE_PLUGIN_AUTOLOAD"), "1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and leave nothing behind
    from tests.mutation import tree, trial

    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        first = tree.copied(Path(folder) / "0")
        stages = trial.stages(first, asked.whole)
        files = sorted({file for stage in stages for file in stage.files})
        known = tree.unbroken(first, files, asked.jobs)
        trees = [first, *(tree.copied(Path(folder) / str(n), first) for n in range(1, asked.jobs))]
        tree.warm_up(known)
        only = {row for row in asked.only.split(",") if row}
        mutants = tree.ask(first, lambda: planned(first, only, asked.most))
        print(f"{len(mutants)} mutants and controls; tests, with the seconds that they take:")
        print(*(f"  {file} {one.seconds:.1f}" for file, one in known.items()), sep="\n", flush=True)
        survivors = report(judged(mutants, trees, stages, known))
        failing = sorted(test for one in known.values() for test in one.failed)
        for test in failing:
            print(f"left out, since it fails before anything is broken: {test}")
        sys.exit(bool(survivors or failing))


if __name__ == "__main__":
    main()
