"""Where the complaints of the demonstration come from: all 38 provinces, some regencies and cities in each."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import cycle
from random import Random

from hub.demo.plot import Reach
from hub.directory.models import Institution, InstitutionKind, Region

LARGE = {"31", "32", "33", "35", "36", "12", "73"}
"""Provinces with most complaints; the pilot of 2019 began in one of them (32)."""
ALWAYS = ("35.13", "35.74")
"""The regency of the sample files, and the city that shares its name."""
_RARE = {Reach.PAPER: 10, Reach.MAILBOX: 8, Reach.DEAD: 3}


@dataclass(frozen=True)
class Map:
    """`reach` of every institution that takes part; `regions` by code."""

    reach: dict[str, Reach]
    regions: dict[str, Region]
    random: Random

    @classmethod
    def drawn(cls, regions: list[Region], offices: list[Institution], random: Random) -> "Map":
        """Every province, and up to four places in it (eight in a large one)."""
        local = defaultdict(list)
        for office in offices:
            if office.kind in (InstitutionKind.REGENCY, InstitutionKind.CITY):
                local[office.code[:2]].append(office.code)
        provinces = [office.code for office in offices if office.kind is InstitutionKind.PROVINCE]
        chosen = set(ALWAYS)
        for province in provinces:
            known = local[province]
            chosen.update(random.sample(known, min(len(known), 8 if province in LARGE else 4)))
        rare = iter(random.sample(sorted(code for code in chosen if code[:2] != "35"), sum(_RARE.values())))
        reach = dict.fromkeys((*provinces, *sorted(chosen)), Reach.PIC)
        for way, number in _RARE.items():
            reach.update({next(rare): way for _ in range(number)})
        return cls(reach, {one.code: one for one in regions}, random)

    def places(self) -> "Draw":
        return Draw(self)


class Draw:
    """Hands out regions: first one in every province, then large provinces three times as often as small ones."""

    def __init__(self, map: Map) -> None:
        self.map = map
        self.by_province: dict[str, list[str]] = defaultdict(list)
        self.rare: dict[Reach, list[str]] = defaultdict(list)
        for code, way in map.reach.items():
            if way is Reach.PIC:
                self.by_province[code[:2]].append(code)
            else:
                self.rare[way].append(code)
        provinces = sorted(self.by_province)
        self.turns = iter([*provinces, *provinces])
        self.weighted = [code for code in provinces for _ in range(3 if code in LARGE else 1)]
        self.rounds = {way: cycle(codes) for way, codes in self.rare.items()}

    def one(self, reach: Reach, place: str = "") -> Region:
        """A region whose inspectorate can be reached so; the region `place`, or any in 35 for "35*"."""
        if place and not place.endswith("*"):
            return self.map.regions[place]
        if reach is not Reach.PIC:
            return self.map.regions[next(self.rounds[reach])]
        province = place[:2] or next(self.turns, None) or self.map.random.choice(self.weighted)
        return self.map.regions[self.map.random.choice(self.by_province[province])]
