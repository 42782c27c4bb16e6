"""Passing a letter on: its recipient asks an office below, by a date that lies before its own."""

from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Institution, Person
from hub.forwardings import deadlines, service
from hub.forwardings.chain import queries, rules
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, NotNow, is_possible
from hub.forwardings.service import CannotForward
from hub.forwardings.stages import advance, lock
from hub.webkit.filters import day as day_words
from hub.workdays import queries as workdays
from hub.workdays.rules import is_working_day


def pass_on(parent: Forwarding, request: Request, author: Person, request_key: str | None = None) -> Forwarding:
    """A letter to an office below, as a draft. The same `request_key` again returns the first one.

    Raises CannotForward where the recipient has the letter already or the date does not fit, and as service.draft does;
    NotNow when no answer is owed to the letter above.
    """
    lock(parent)
    if request_key and (first := service.by_request_key(request_key)):
        return first
    if not is_possible(parent.stage, Happening.FORWARDED_ON):
        raise NotNow(parent.stage, Happening.FORWARDED_ON)
    _refuse(parent, request)
    child = service.draft(parent.complaint, request, author, request_key, parent)
    advance(parent, Happening.FORWARDED_ON, person(author.id), {"child": child.id})
    return child


def redraft(child: Forwarding, request: Request, author: Person) -> Forwarding:
    """Change the draft of a letter that passes one on. Raises as `pass_on` and service.redraft do."""
    assert child.parent is not None
    if child.parent.stage in rules.ENDED_ABOVE:
        raise CannotForward(_("The letter that this one passes on has ended: withdraw this one."))
    _refuse(child.parent, request)
    return service.redraft(child, replace(request, answer_by=request.answer_by or child.answer_by), author)


def proposed_date(parent: Forwarding, below: Institution | None = None) -> date:
    """The date of the answer from below that leaves time to answer above: a working day there, where it is known.

    Raises CannotForward when there is none: the own date is not known yet, or too near.
    """
    above, office = _own_date(parent), parent.recipient
    calendar, today = workdays.calendar_for((below or office).region_code), clock.today(office.zone)
    found = (rules.latest_date(above, calendar, ahead) for ahead in (rules.DAYS_AHEAD, 1))
    fitting = next((day for day in found if rules.leaves_time(day, today, calendar)), None)
    if fitting is None:
        raise CannotForward(_too_near(above))
    return fitting


def _refuse(parent: Forwarding, request: Request) -> None:
    _refuse_circle(parent, request.recipient)
    _refuse_date(parent, request.recipient, request.answer_by)


def _refuse_circle(parent: Forwarding, recipient: Institution) -> None:
    if recipient.id in queries.offices_above(parent):
        raise CannotForward(
            _("%(name)s has sent or got this letter before: choose an office further down.", name=recipient.name)
        )


def _refuse_date(parent: Forwarding, recipient: Institution, answer_by: date | None) -> None:
    above = _own_date(parent)
    calendar, today = workdays.calendar_for(recipient.region_code), clock.today(parent.recipient.zone)
    latest = rules.latest_date(above, calendar)
    if not rules.leaves_time(latest, today, calendar):
        raise CannotForward(_too_near(above))
    if answer_by is None or answer_by > latest:
        raise CannotForward(
            _(
                "Your own answer is due on %(above)s: choose a date until %(latest)s.",
                above=day_words(above),
                latest=day_words(latest),
            )
        )
    if not is_working_day(answer_by, calendar):
        raise CannotForward(_("%(day)s is no working day there: choose another one.", day=day_words(answer_by)))
    if not rules.leaves_time(answer_by, today, calendar):
        raise CannotForward(
            _("Choose a later date: the office below needs at least %(days)s working days.", days=rules.SHORTEST_TIME)
        )


def _own_date(parent: Forwarding) -> date:
    running = deadlines.find_running(parent, *RESPONSE_CLOCKS)
    if running is None:
        raise CannotForward(_("Your own date is not fixed yet: confirm receipt of the letter first."))
    return running.due_on


def _too_near(above: date) -> str:
    return _(
        "Your own answer is due on %(above)s, which leaves no office below %(days)s working days. Ask the sender for "
        "more time first.",
        above=day_words(above),
        days=rules.SHORTEST_TIME,
    )
