"""Many forwardings are played in several worlds, side by side, and what was found in each is added up."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from statistics import median

from hub.simulation.faults import Faults
from hub.simulation.policy import Policy
from hub.simulation.year import Told, rehearse

WORLD_SIZE = 2500
"""Forwardings in one world at most. How many worlds there are rests on this alone, never on the machine."""
CAUSES_RIGHT = 0.99
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a rehearsal found. `docs/rehearsal.md` tells what each figure means; days to grade are working days.

    None: there was nothing to measure it by.
    """

    forwardings: int
    lost_letters: int
    lost_answers: int
    undetected: tuple[str, ...]
    falsely_silent: tuple[str, ...]
    contradictions: tuple[str, ...]
    silent_true: int
    contestable: int
    days_to_clear: float | None
    causes_right: int
    causes_wrong: dict[str, int]
    days_to_grade: float | None
    days_to_grade_at_most: int | None
    days_to_notice: float | None
    accused: int
    steps: dict[str, int]
    wall_s: float

    @property
    def cause_accuracy(self) -> float | None:
        """Share of evenings of a silence on which its likely cause was one that there was; None without any."""
        judged = self.causes_right + sum(self.causes_wrong.values())
        return self.causes_right / judged if judged else None

    @property
    def is_good(self) -> bool:
        share = self.cause_accuracy
        wrong = self.undetected or self.falsely_silent or self.contradictions
        return not wrong and (share is None or share >= CAUSES_RIGHT)

    def figures(self) -> dict[str, object]:
        """For a machine to read; the names are the interface."""
        return {
            "forwardings": self.forwardings,
            "losses": self.lost_letters + self.lost_answers,
            "lost_letters": self.lost_letters,
            "lost_answers": self.lost_answers,
            "undetected": len(self.undetected),
            "falsely_silent": len(self.falsely_silent),
            "contradictions": len(self.contradictions),
            "silent_true": self.silent_true,
            "contestable": self.contestable,
            "contestable_cleared_days": self.days_to_clear,
            "cause_accuracy": None if self.cause_accuracy is None else round(self.cause_accuracy, 4),
            "causes_wrong": self.causes_wrong,
            "detection_days": self.days_to_grade,
            "detection_days_max": self.days_to_grade_at_most,
            "noticed_after_days": self.days_to_notice,
            "accused": self.accused,
            "steps": self.steps,
            "wall_s": round(self.wall_s, 1),
        }


def play(forwardings: int, seed: int, faults: Faults, policy: Policy, tell: Progress) -> Outcome:
    """Play a virtual year with so many forwardings. The same seed, faults and policy give the same findings.

    `tell` gets a line for each month of each world; it is a function of a module, for worlds are processes.
    """
    started = time.monotonic()
    sizes = _sizes(forwardings)
    play_one = partial(_world, len(sizes), seed, faults, policy, tell)
    if len(sizes) == 1:
        worlds = [play_one(1, sizes[0])]
    else:
        with ProcessPoolExecutor(min(len(sizes), cpu_count() or 1), mp_context=get_context("spawn")) as pool:
            worlds = list(pool.map(play_one, range(1, len(sizes) + 1), sizes))
    return outcome(forwardings, worlds, time.monotonic() - started)


def _sizes(forwardings: int) -> list[int]:
    """How many forwardings each world has: as even as can be."""
    worlds = -(-forwardings // WORLD_SIZE)
    return [forwardings // worlds + (n < forwardings % worlds) for n in range(worlds)]


def _world(worlds: int, seed: int, faults: Faults, policy: Policy, tell: Progress, number: int, size: int) -> Told:
    def progress(day: date) -> None:
        if day.day == 1:
            tell(f"World {number} of {worlds}: {day:%Y-%m}")

    return rehearse(size, f"{seed}:{number}", faults, policy, progress)


def outcome(forwardings: int, worlds: Sequence[Told], wall_s: float) -> Outcome:
    found = [world.findings for world in worlds]
    steps: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for world in worlds:
        steps.update(world.steps)
        wrong.update(world.findings.causes_wrong)
    to_grade = [days for one in found for days in one.days_to_grade]
    return Outcome(
        forwardings=forwardings,
        lost_letters=sum(len(one.lost_letters) for one in found),
        lost_answers=sum(len(one.lost_answers) for one in found),
        undetected=tuple(words for one in found for words in one.undetected.values()),
        falsely_silent=tuple(words for one in found for words in one.falsely.values()),
        contradictions=tuple(words for world in worlds for words in world.contradictions.values()),
        silent_true=sum(len(one.silent) for one in found),
        contestable=sum(len(one.contestable) for one in found),
        days_to_clear=_middle([days for one in found for days in one.days_to_clear]),
        causes_right=sum(one.causes_right for one in found),
        causes_wrong=dict(wrong),
        days_to_grade=_middle(to_grade),
        days_to_grade_at_most=max(to_grade, default=None),
        days_to_notice=_middle([days for one in found for days in one.days_to_notice]),
        accused=sum(len(world.accused) for world in worlds),
        steps=dict(sorted(steps.items())),
        wall_s=wall_s,
    )


def _middle(numbers: Sequence[int]) -> float | None:
    return float(median(numbers)) if numbers else None
