"""Makes losses/data/samples/*.csv from their sources, byte for byte the same on each run.

    python tests/samples/make_samples.py [sample ...] [--folder FOLDER] [--r-library FOLDER]

Needs scikit-learn and statsmodels (development dependencies). Penguins also needs `palmerpenguins`;
phones and star_cluster need `rdata` and, below --r-library, the R packages MASS and robustbase
(Debian: `apt-get download r-cran-mass r-cran-robustbase`, then `dpkg -x` each). Made with
scikit-learn 1.9.1, statsmodels 0.15.0, palmerpenguins 0.1.6, MASS 7.3-58.2, robustbase 0.95-0.
"""

import argparse
import csv
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES = Path(__file__).resolve().parents[2] / "losses" / "data" / "samples"
Records = Iterable[Iterable[object]]


def engel() -> Iterator[tuple[object, ...]]:
    """Income and food expenditure of 235 Belgian households, in Belgian francs."""
    from statsmodels.datasets import engel as source

    data = source.load_pandas().data
    yield "income", "food_expenditure"
    yield from zip(data["income"].tolist(), data["foodexp"].tolist(), strict=True)


def phones(library: Path) -> Iterator[tuple[object, ...]]:
    """Telephone calls made from Belgium by year, in millions."""
    data = _from_r(library, "MASS", "phones")
    yield "year", "calls"
    published = np.round(data["calls"], 1)  # MASS holds 4.7 as 4.699999999999999
    yield from zip(_short(data["year"]), _short(published), strict=True)


def star_cluster(library: Path) -> Iterator[tuple[object, ...]]:
    """Temperature and light of the 47 stars of CYG OB1, both as decimal logarithms."""
    data = _from_r(library, "robustbase", "starsCYG")
    yield "log_temperature", "log_light"
    yield from zip(_short(data["log.Te"]), _short(data["log.light"]), strict=True)


def penguins() -> Iterator[list[str]]:
    """The file of the package, cell by cell; NA stays NA."""
    import palmerpenguins

    source = Path(palmerpenguins.__file__).parent / "data" / "penguins.csv"
    with source.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines)


def breast_cancer() -> Iterator[list[object]]:
    """All 30 measurements of 569 tumors, and what they turned out to be."""
    from sklearn.datasets import load_breast_cancer

    data: Any = load_breast_cancer()
    yield [*data.feature_names, "diagnosis"]
    for features, label in zip(data.data.tolist(), data.target, strict=True):
        yield [*_short(features), data.target_names[label]]


def diabetes() -> Iterator[tuple[object, ...]]:
    """Ten measures of 442 patients, as measured, and what became of their diabetes."""
    from sklearn.datasets import load_diabetes

    data: Any = load_diabetes(scaled=False)
    yield *data.feature_names, "progression"
    for features, target in zip(data.data.tolist(), data.target.tolist(), strict=True):
        yield *_short(features), *_short([target])


def regression_predictions() -> Iterator[tuple[object, ...]]:
    """Visits to a doctor of 500 held-out person-years, predicted by three models."""
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import train_test_split
    from statsmodels.datasets import randhie

    data = randhie.load_pandas().data
    features, target = data.drop(columns="mdvis").to_numpy(float), data["mdvis"].to_numpy(float)
    known, unseen, visits, truth = train_test_split(features, target, test_size=500, random_state=0)
    models = {
        "linear": LinearRegression(),
        "trees_squared": GradientBoostingRegressor(loss="squared_error", random_state=0),
        "trees_absolute": GradientBoostingRegressor(loss="absolute_error", random_state=0),
    }
    predicted = [model.fit(known, visits).predict(unseen) for model in models.values()]
    yield "y_true", *models
    yield from zip(_short(truth), *(p.tolist() for p in predicted), strict=True)


def binary_predictions() -> Iterator[tuple[object, ...]]:
    """The probability that a tumor is malignant, each from a fold that has not seen the tumor."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    data: Any = load_breast_cancer()
    means, malignant = data.data[:, :10], 1 - data.target
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    models = {
        "logistic_regression": make_pipeline(StandardScaler(), LogisticRegression()),
        "random_forest": RandomForestClassifier(200, min_samples_leaf=5, random_state=0),
        "naive_bayes": GaussianNB(),
    }
    say = partial(cross_val_predict, X=means, y=malignant, cv=folds, method="predict_proba")
    predicted = [say(model)[:, 1] for model in models.values()]
    yield "y_true", *models
    yield from zip(malignant.tolist(), *(p.tolist() for p in predicted), strict=True)


def sources(library: Path | None) -> dict[str, Callable[[], Records]]:
    """Slug to maker; those from R only when their library is at hand."""
    makers: dict[str, Callable[[], Records]] = {
        maker.__name__: maker
        for maker in (
            *(engel, penguins, breast_cancer, diabetes),
            *(regression_predictions, binary_predictions),
        )
    }
    if library is not None:
        makers |= {
            "phones": partial(phones, library),
            "star_cluster": partial(star_cluster, library),
        }
    return makers


def write(records: Records, path: Path) -> None:
    """A plain CSV: utf-8, commas, line feeds, shortest digits that read back to the same number."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(records)


def _short(numbers: Iterable[float]) -> list[object]:
    """Whole numbers without a point."""
    return [int(x) if float(x).is_integer() else float(x) for x in numbers]


def _from_r(library: Path, package: str, name: str) -> Any:
    """A data set of an installed R package, out of its lazy-load database."""
    import rdata

    folder = next(library.rglob(f"{package}/data"))
    index = rdata.conversion.convert(rdata.parser.parse_data((folder / "Rdata.rdx").read_bytes()))
    start, length = (int(part) for part in index["variables"][name])
    packed = (folder / "Rdata.rdb").read_bytes()[start : start + length]
    raw = zlib.decompress(packed[4:])
    assert len(raw) == struct.unpack(">I", packed[:4])[0]
    return rdata.conversion.convert(rdata.parser.parse_data(raw))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("samples", nargs="*", help="slugs; all that can be made if none is given")
    parser.add_argument("--folder", type=Path, default=SAMPLES)
    parser.add_argument("--r-library", type=Path)
    asked = parser.parse_args()
    makers = sources(asked.r_library)
    for slug in asked.samples or makers:
        write(makers[slug](), asked.folder / f"{slug}.csv")
        print("wrote", asked.folder / f"{slug}.csv")


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
