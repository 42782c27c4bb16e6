"""What the overview says about many cases at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hub.directory.models import Network
from hub.forwardings.rules import Stage
from hub.silence.queries import Case
from hub.silence.rules import Grade, Turn


@dataclass(frozen=True)
class Filter:
    """What a monitor looks at; None is everything."""

    province: str | None = None
    network: Network | None = None
    grade: Grade | None = None

    def keeps(self, case: Case) -> bool:
        return (
            self.province in (None, case.province_code)
            and self.network in (None, case.network)
            and self.grade in (None, case.verdict.grade)
        )


@dataclass(frozen=True)
class Tally:
    """Counts over the cases of one filter."""

    total: int
    stages: Counter[Stage]
    grades: Counter[Grade]
    turns: Counter[Turn]
    silent: int

    @property
    def attention(self) -> int:
        """Cases with any grade, whoever's turn it is."""
        return sum(self.grades.values())


def tally(cases: Iterable[Case]) -> Tally:
    """How many at which stage and grade, whose turn, how many silent."""
    known = list(cases)
    return Tally(
        total=len(known),
        stages=Counter(case.stage for case in known),
        grades=Counter(case.verdict.grade for case in known if case.verdict.grade),
        turns=Counter(case.verdict.turn for case in known),
        silent=sum(case.is_silent for case in known),
    )


@dataclass(frozen=True)
class Tile:
    """One province on the tile map. `column` and `row` from the north-west; `level` 0 (nothing open) to 3."""

    code: str
    short: str
    column: int
    row: int
    open: int
    attention: int

    @property
    def level(self) -> int:
        """0 nothing open, 1 all in time, 2 some need attention, 3 at least half."""
        if not self.open:
            return 0
        if not self.attention:
            return 1
        return 3 if self.attention * 2 >= self.open else 2
