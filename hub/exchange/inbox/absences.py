"""An out-of-office answer marks who sent it as away, and the letter goes to whoever stands in. It silences no alarm."""

from contextlib import suppress
from datetime import date, timedelta

from sqlalchemy import select

from hub import clock
from hub.audit.rules import Actor, ActorKind
from hub.directory import queries as directory
from hub.directory import service as directory_service
from hub.directory.models import Person
from hub.directory.rules import Refused
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings import stages, tracks
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, Happening
from hub.mail import queries as outbox
from hub.mail.inbox.models import InboundMail
from hub.mail.models import ON_THE_TRACK, EmailDispatch

WITHOUT_A_DATE = timedelta(days=6)
"""Days after today on which somebody counts as away whose answer does not say until when: a week in all."""
ANSWERS_WITHIN = timedelta(days=3)
"""From the hand-over of our mail to an automatic answer: greylisting and queues on both ways included."""
AT_MOST = timedelta(days=90)
"""A typing error in a year must not keep letters from a PIC for long."""


def notice(mail: InboundMail) -> None:
    """Draw the conclusions of an automatic answer to one of our mails, if it tells of an absence.

    A mailbox answers by itself soon after our mail came in; what comes later was written by somebody who kept it.
    """
    dispatch = mail.dispatch
    if dispatch is None or not mail.is_away or dispatch.to_address.lower() != mail.sender_address:
        return
    if dispatch.handed_over_at is None or mail.arrived_at - dispatch.handed_over_at > ANSWERS_WITHIN:
        return
    person = db.session.scalar(select(Person).where(Person.email == mail.sender_address))
    if person is None:
        return
    actor = Actor(ActorKind.MAIL, mail.id)
    until = _mark_away(person, mail.away_until, actor)
    if until is not None:
        _try_stand_ins(dispatch, mail, until, actor)


def _mark_away(person: Person, until: date | None, actor: Actor) -> date | None:
    """The last day of the absence, as it is known now; None when it is over."""
    day = clock.today(person.institution.zone)
    last = min(until or day + WITHOUT_A_DATE, day + AT_MOST)
    if last < day:
        return None
    if known := directory.absences_of([person.id], day).get(person.id):
        return known.last_day
    for ends in (last, day):  # leave planned in between was told by the person: until then it is a day off
        with suppress(Refused):
            return directory_service.plan_absence(person, day, ends, actor).last_day
    return None


def _try_stand_ins(dispatch: EmailDispatch, mail: InboundMail, until: date, actor: Actor) -> None:
    """Say to deputy or mailbox what this mail said, unless they were told already or somebody has confirmed."""
    forwarding = forwardings.by_stream(dispatch.about)
    if forwarding is None or dispatch.purpose not in ON_THE_TRACK:
        return
    stages.advance(forwarding, Happening.AWAY, actor, {"mail": mail.id, "until": until.isoformat()}, mail.arrived_at)
    if forwarding.stage not in AWAITING_ACKNOWLEDGEMENT:
        return
    there = tracks.email_addressees(forwarding.recipient, forwarding.network)
    known = outbox.still_with([forwarding.stream], [address for _, address in there])
    told = {one.to_address.lower() for one in known if one.purpose in ON_THE_TRACK}
    tracks.send_on(forwarding, dispatch, [one for one in there if one[1].lower() not in told])
