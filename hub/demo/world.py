"""The demonstration's world: half a year of letters, told day by day up to last night, the same for everyone."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from hub import clock
from hub.complaints.models import Complaint
from hub.demo import complaints, people, plot
from hub.demo.gate import require_demo
from hub.demo.places import Map
from hub.demo.plot import Case, Reach
from hub.demo.scenes import Scenes
from hub.demo.story import SWEEP_AT, Story
from hub.demo.thread import Thread
from hub.directory import queries as directory
from hub.directory.models import Network, Person
from hub.extensions import db
from hub.simulation.agenda import OfficeHours
from hub.workdays import queries as workdays

SEED = 2019
"""The year of the pilot."""

LATELY = 100
"""Days for which the upkeep is told: a quarter's round of reach checks, and every scene."""

Told = Callable[[date], None]


def is_empty() -> bool:
    """True for a hub that was initialised and never used."""
    return db.session.scalar(select(Complaint.id).limit(1)) is None and (
        db.session.scalar(select(Person.id).limit(1)) is None
    )


def fill(told: Told = lambda _: None) -> None:
    """Tell the whole story in one transaction: it is there entirely, or not at all. `told` is told each new day.

    The same on every run of the same day. Raises DemoOff where HUB_DEMO is off.
    """
    require_demo()
    today = clock.today("WIB")
    since = today - timedelta(days=plot.DAYS + 2)
    random = Random(SEED)
    hours = OfficeHours(workdays.calendar_for(None), random)
    regions, offices = directory.regions(), people.offices()
    map = Map.drawn(regions, offices, random)
    with clock.travelling(_midnight(since)):
        settled = people.settle(offices, map.reach, random, today)
    cases = _placed(plot.cast(complaints.samples(regions, today), hours, today), map, random)
    dead = (settled.focal_points[code, Network.KEMENSETNEG] for code, way in map.reach.items() if way is Reach.DEAD)
    story = Story(
        settled, {one.code: one for one in offices}, hours, random, today, frozenset(one.email for one in dead)
    )
    scenes = Scenes.cast(story, kept={one.institution for one in people.ACCOUNTS})
    _plan(story, scenes, cases, since)
    days: set[date] = set()

    def begun(moment: datetime) -> None:
        day = clock.local(moment, "WIB").date()
        if day not in days:
            days.add(day)
            told(day)

    with _without_collecting():
        story.agenda.play(_midnight(today), begun)
    db.session.commit()


def _plan(story: Story, scenes: Scenes, cases: list[Case], since: date) -> None:
    """Enter the sweep and the upkeep of every working day, the scenes, and the first act of every thread."""
    scenes.enter()
    for day in (since + timedelta(days=n) for n in range((story.today - since).days)):
        if story.hours.is_working_day(day):
            moment = datetime.combine(day, SWEEP_AT, clock.ZONES["WIB"])
            story.agenda.enter(moment, story.sweep)
            if (story.today - day).days <= LATELY:
                story.agenda.enter(moment + timedelta(minutes=1), scenes.keep_up)
    for case in sorted(cases, key=lambda one: (one.intake.received_on, one.intake.tracking_id or "")):
        thread = Thread(story, case)
        story.agenda.enter(thread.registered_at(), thread.register)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Looking for garbage among ever more rows costs an eighth of the time, and there is next to none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _placed(cases: list[Case], map: Map, random: Random) -> list[Case]:
    places = map.places()
    return [
        replace(case, intake=complaints.moved(case.intake, places.one(case.course.reach, case.place), random))
        for case in cases
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.ZONES["WIB"])
