"""The questions of `controls`, answered from values that are known: nothing is drawn."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from losses.spec import Parameter, Spec
from pages.shared import controls


class Told:
    """Answers by the keys of widgets; `sliders` are those of sliders that were asked for.

    Raises ValueError for a value at which no slider can stand.
    """

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.sliders: dict[str, float] = {}

    def slider(
        self, parameter: Parameter, key: str, label: str = "", *, default: float | None = None
    ) -> float:
        start = parameter.default if default is None else default
        start = parameter.low if start is None else start
        return self._known(key, start, parameter.low, parameter.high)

    def optional(self, parameter: Parameter, key: str, label: str, usual: float) -> float | None:
        on = self.said.get(f"{key}_on", False)
        return self.slider(parameter, key, label, default=usual) if on else None

    def one_of(self, label: str, options: Sequence[str], key: str, help: str) -> str:
        return self.said.get(key, options[0])

    def tuned(self, spec: type[Spec], prefix: str = "", *, rate: Parameter | None = None) -> Any:
        return controls.tuned(spec, prefix, rate=rate, ask=self)

    def count(
        self, label: str, low: int, high: int, default: int, key: str, help: str, step: int = 10
    ) -> int:
        return int(self._known(key, default, low, high))

    def point(
        self, key: str, first: str, second: str, default: tuple[float, float]
    ) -> tuple[float, float]:
        return (
            self.said.get(f"{key}_{first}", default[0]),
            self.said.get(f"{key}_{second}", default[1]),
        )

    def folded(self, label: str) -> nullcontext[None]:
        return nullcontext()

    def room(self) -> None:
        return None

    def _known(self, key: str, default: float, low: float, high: float) -> float:
        value = self.said.get(key, default)
        if not low <= value <= high:
            raise ValueError(f"{key} = {value} is not between {low} and {high}")
        self.sliders[key] = value
        return value
