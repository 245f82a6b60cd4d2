"""The samples that come with the program: real data, each declared once with where it is from."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from losses.data.columns import assemble
from losses.data.dataset import Dataset, Role, Task
from losses.spec import Catalogue, Spec, catalogued

FOLDER = Path(__file__).parent / "samples"


class Sample(Spec):
    """Real data with a source and a licence."""

    catalogue: ClassVar[Catalogue] = Catalogue("sample")
    target: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    task: ClassVar[Task] = "regression"
    role: ClassVar[Role] = "features"
    unit: ClassVar[str] = ""
    source: ClassVar[str]
    licence: ClassVar[str]

    @classmethod
    def file(cls) -> Path:
        """Where the rows are."""
        return FOLDER / f"{cls.slug}.csv"

    def load(self) -> Dataset:
        """The rows, read once per process."""
        return _load(self.slug)


@lru_cache(maxsize=32)
def _load(slug: str) -> Dataset:
    sample: type[Sample] = Sample.catalogue[slug]
    with sample.file().open(encoding="utf-8", newline="") as lines:
        header, *records = csv.reader(lines)
    cells = dict(zip(header, zip(*records, strict=True), strict=True))
    return assemble(
        sample.name,
        {name: cells[name] for name in (*sample.columns, sample.target)},
        range(2, len(records) + 2),
        sample.target,
        task=sample.task,
        role=sample.role,
        unit=sample.unit,
    )


@catalogued
class Engel(Sample):
    """What 235 Belgian working-class households earned and spent on food, in 1857."""

    name = "Engel: income and food"
    target = "food_expenditure"
    columns = ("income",)
    unit = "Belgian francs"
    source = "Engel 1857; [Koenker and Bassett 1982](https://doi.org/10.2307/1912528); statsmodels"
    licence = "public domain (statsmodels' notice)"


@catalogued
class Phones(Sample):
    """Telephone calls from Belgium by year; from 1964 to 1969 another quantity was written down."""

    name = "Belgian telephone calls"
    target = "calls"
    columns = ("year",)
    unit = "million calls"
    source = "Rousseeuw and Leroy 1987, page 26, table 2; R package MASS"
    licence = "published figures; the R package that carries them is GPL-2 or GPL-3"


@catalogued
class StarCluster(Sample):
    """The 47 stars of CYG OB1, four of them giants that turn the least-squares line upside down."""

    name = "Star cluster CYG OB1"
    target = "log_light"
    columns = ("log_temperature",)
    unit = "log10 of light intensity"
    source = "Rousseeuw and Leroy 1987, page 27, table 3; R package robustbase"
    licence = "published figures; the R package that carries them is GPL-2 or later"


@catalogued
class Penguins(Sample):
    """Bills, flippers and weights of 344 Antarctic penguins: of three species, which is it?"""

    name = "Palmer penguins"
    target = "species"
    columns = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
    task = "multiclass"
    source = (
        "[Gorman and others 2014](https://doi.org/10.1371/journal.pone.0090081); palmerpenguins"
    )
    licence = "CC0 1.0"


@catalogued
class BreastCancer(Sample):
    """Cell nuclei of 569 breast tumors, measured in ten ways: is it benign or malignant?"""

    name = "Breast cancer Wisconsin"
    target = "diagnosis"
    columns = (
        *("mean radius", "mean texture", "mean perimeter", "mean area", "mean smoothness"),
        *("mean compactness", "mean concavity", "mean concave points", "mean symmetry"),
        "mean fractal dimension",
    )
    task = "binary"
    source = "[Wolberg and others 1995](https://doi.org/10.24432/C5DW2B), UCI; scikit-learn"
    licence = "CC BY 4.0"


@catalogued
class Diabetes(Sample):
    """Ten measures of 442 patients, and how far their diabetes had progressed a year later."""

    name = "Diabetes: ten measures"
    target = "progression"
    columns = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
    source = (
        "[Efron and others 2004](https://doi.org/10.1214/009053604000000067), table 1; scikit-learn"
    )
    licence = "published data without a licence of its own; the library that carries it is BSD"


@catalogued
class RegressionPredictions(Sample):
    """Doctor visits in 500 unseen years, predicted by a line and by trees fitted to two losses."""

    name = "Doctor visits, predicted"
    target = "y_true"
    columns = ("linear", "trees_squared", "trees_absolute")
    role = "predictions"
    unit = "visits a year"
    source = "RAND Health Insurance Experiment (statsmodels); models of scikit-learn 1.9.1"
    licence = "public domain (statsmodels' notice)"


@catalogued
class Blunders(Sample):
    """A sharp model that blunders on four rows of 200, beside one that is mediocre on all."""

    name = "Four blunders, or mediocre"
    target = "y_true"
    columns = ("sharp", "mediocre")
    role = "predictions"
    source = "normal noise of NumPy's generator, seed 7: README.md beside the file has the recipe"
    licence = "CC0 1.0"


@catalogued
class BinaryPredictions(Sample):
    """The chance that a tumor is malignant, for 569 tumors, as three models saw it out of fold."""

    name = "Malignant or not, predicted"
    target = "y_true"
    columns = ("logistic_regression", "random_forest", "naive_bayes")
    task = "binary"
    role = "predictions"
    source = (
        "[Wolberg and others 1995](https://doi.org/10.24432/C5DW2B), UCI; scikit-learn 1.9.1 models"
    )
    licence = "CC BY 4.0"
