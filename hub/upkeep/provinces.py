"""How well each province is reached: PICs appointed, asked, answered and verified, and its place on the map."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from hub import clock
from hub.directory import offices
from hub.directory.models import Appointment
from hub.upkeep.rules import quarter_start
from hub.upkeep.snapshot import INSPECTORATES, Snapshot


class Place(TypedDict):
    """A province on the tile map, column and row counted from the north-west."""

    code: str
    name: str
    short: str
    column: int
    row: int


@dataclass(frozen=True)
class Province:
    """`seats`: inspectorates times networks. `verified`, `asked` and `answered` are of this quarter."""

    code: str
    name: str
    short: str
    column: int
    row: int
    seats: int
    appointed: int
    verified: int
    asked: int
    answered: int

    @property
    def percent(self) -> int | None:
        """Verified of those appointed; None where nobody is."""
        return round(100 * self.verified / self.appointed) if self.appointed else None

    @property
    def level(self) -> int:
        """0 nobody appointed, 1 all verified, 2 some not, 3 at least half not."""
        if not self.appointed:
            return 0
        missing = self.appointed - self.verified
        return 1 if not missing else (3 if missing * 2 >= self.appointed else 2)


def reached(known: Snapshot) -> list[Province]:
    """All 38 provinces, in order of code."""
    counts = {name: Counter[str]() for name in ("appointed", "verified", "asked", "answered")}
    begin = quarter_start(known.day)
    for one in known.present():
        if one.institution.kind not in INSPECTORATES:
            continue
        province = (one.institution.region_code or "")[:2]
        check = known.checks.get((one.person_id, one.institution_id))
        was_asked = check is not None and check.asked_on >= begin
        counts["appointed"][province] += 1
        counts["verified"][province] += _was_verified(one, known)
        counts["asked"][province] += was_asked
        counts["answered"][province] += was_asked and check is not None and check.answer is not None
    return [
        Province(
            **place,
            seats=known.inspectorates.get(place["code"], 0) * len(known.wanted),
            **{name: count[place["code"]] for name, count in counts.items()},
        )
        for place in _places()
    ]


def _was_verified(one: Appointment, known: Snapshot) -> bool:
    seen = one.person.verified_at
    return seen is not None and clock.local(seen, one.institution.zone).date() >= quarter_start(known.day)


@cache
def _places() -> tuple[Place, ...]:
    names = {str(row["code"]): str(row["name"]) for row in offices.regions()}
    return tuple(
        Place(
            code=row["code"],
            name=names[row["code"]],
            short=row["short"],
            column=int(row["column"]),
            row=int(row["row"]),
        )
        for row in sorted(offices.table("province_tiles"), key=lambda row: row["code"])
    )
