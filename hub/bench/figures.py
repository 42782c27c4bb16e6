"""What a bench finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number with its unit. `ratio`: how many times as much it is as what stands beside it, if anything does.

    The floor is one for the ratio, or, without it, for the number itself.
    """

    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None

    @property
    def is_met(self) -> bool:
        measured = self.value if self.ratio is None else self.ratio
        return self.floor is None or measured >= self.floor

    def __str__(self) -> str:
        least = "" if self.floor is None else f" (at least {self.floor})"
        compared = "" if self.ratio is None else f", ratio {self.ratio}"
        return f"{self.value} {self.unit}{compared}{least}"
