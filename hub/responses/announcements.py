"""Answers that are said to be on their way: awaited, so that nobody who answered is called silent, and traced."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import person
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import deadlines, receipt, stages, tracks, voiding
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import (
    OWING_AN_ANSWER,
    RESPONSE_CLOCKS,
    ClockKey,
    Happening,
    NotNow,
    is_possible,
)
from hub.forwardings.voices import Voice
from hub.letters.rules import number_key
from hub.mail.rules import one_line
from hub.responses import queries, words
from hub.responses.models import AnnouncedReply, Response, ResponseKind
from hub.responses.rules import ReplyWay


@dataclass(frozen=True)
class Told:
    """What is said of an answer that has left. `tracking_number`: of the post, tidy, "" where there is none."""

    letter_number: str
    letter_date: date
    way: ReplyWay
    sent_on: date
    tracking_number: str = ""


def announce(
    forwarding: Forwarding, told: Told, voice: Voice, request_key: str | None = None, note: str = ""
) -> AnnouncedReply:
    """An answer is said to be on its way: it is awaited from the day it was sent. Whoever answered has the letter.

    One with the same number that is awaited already, or with the same `request_key`, is the first one. `note`: how the
    sender's staff learnt of it. Raises NotNow when no answer is awaited.
    """
    stages.lock(forwarding)
    if first := _known(forwarding, told.letter_number, request_key):
        return first
    if not is_possible(forwarding.stage, Happening.ANSWERED):
        raise NotNow(forwarding.stage, Happening.ANSWERED)
    announced = AnnouncedReply(
        forwarding=forwarding,
        letter_number=told.letter_number,
        letter_date=told.letter_date,
        way=told.way,
        sent_on=told.sent_on,
        tracking_number=told.tracking_number,
        channel=voice.channel,
        name=one_line(voice.signature, 400),
        announced_at=clock.now(),
        request_key=request_key,
    )
    db.session.add(announced)
    db.session.flush()
    evidence = {"announcement": announced.id, "way": told.way, "reason": note}
    receipt.confirm(
        forwarding,
        voice.channel,
        one_line(voice.name, 200),
        one_line(voice.office, 200),
        voice.actor,
        voice.dispatch_id,
        happening=Happening.REPLY_ANNOUNCED,
        evidence={name: value for name, value in evidence.items() if value},
    )
    await_what_is_under_way(forwarding)
    voiding.hold_back_follow_ups(forwarding, "Jawaban diberitahukan sudah dikirim; tunggu kedatangannya.")
    return announced


def give_up(announced: AnnouncedReply, by: Person, note: str, due_on: date) -> None:
    """The sender looked for it in vain: the recipient is asked for a copy, until `due_on`, a working day there, or its
    own date where that is later.

    Raises NotNow when it is not awaited any more.
    """
    forwarding = _hold(announced)
    if not announced.is_awaited:
        raise NotNow(forwarding.stage, Happening.REPLY_GIVEN_UP)
    details = {"announcement": announced.id, "reason": note, "due_on": due_on.isoformat()}
    stages.advance(forwarding, Happening.REPLY_GIVEN_UP, person(by.id), details)
    announced.given_up_at, announced.given_up_note = clock.now(), note
    db.session.flush()
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    if running is None or running.paused_since or running.due_on < due_on:
        deadlines.end(forwarding, RESPONSE_CLOCKS)
        key = running.clock if running else forwarding.response_clock
        running = deadlines.agree(forwarding, key, due_on)
    await_what_is_under_way(forwarding)
    tracks.notify(forwarding, words.copy_wanted(announced, note, running.due_on))


def withdraw(announced: AnnouncedReply, by: Person, reason: str) -> None:
    """It was a mistake: all stands as if it had never been announced, the old date included.

    Raises NotNow when a later decision of the sender rests on it.
    """
    forwarding = _hold(announced)
    if announced.withdrawn_at is not None:
        return
    receipt.withdraw(forwarding, _proof_of(announced), person(by.id), reason, announcement_id=announced.id)
    announced.withdrawn_at = clock.now()
    db.session.flush()
    await_what_is_under_way(forwarding)


def note_arrival(response: Response) -> None:
    """An answer came in: a final one is what was awaited, an interim one where it bears the same number."""
    for announced in queries.awaited(response.forwarding):
        if _is(announced, response):
            announced.response = response
    db.session.flush()
    await_what_is_under_way(response.forwarding)


def await_again(response: Response) -> None:
    """This answer was a mistake: what it stood for is awaited again, unless another one came after it."""
    later = [one for one in reversed(queries.of(response.forwarding)) if one.id > response.id]
    stood_for = select(AnnouncedReply).where(AnnouncedReply.response_id == response.id)
    for announced in db.session.scalars(stood_for).all():
        announced.response = next((one for one in later if _is(announced, one)), None)
    db.session.flush()
    await_what_is_under_way(response.forwarding)


def await_what_is_under_way(forwarding: Forwarding) -> None:
    """While something is on its way, the clock of its arrival runs: from the day on which the first of it was sent."""
    awaited = queries.awaited(forwarding)
    if awaited and forwarding.stage in OWING_AN_ANSWER:
        deadlines.run_from(forwarding, ClockKey.REPLY_ARRIVES, min(_left_at(one) for one in awaited))
    else:
        deadlines.end(forwarding, {ClockKey.REPLY_ARRIVES})


def _known(forwarding: Forwarding, letter_number: str, request_key: str | None) -> AnnouncedReply | None:
    same_form = select(AnnouncedReply).where(AnnouncedReply.request_key == request_key)
    if request_key and (first := db.session.scalar(same_form)):
        return first
    same_number = number_key(letter_number)
    return next((one for one in queries.awaited(forwarding) if number_key(one.letter_number) == same_number), None)


def _hold(announced: AnnouncedReply) -> Forwarding:
    """Lock the forwarding, then read again what a colleague may have decided meanwhile."""
    stages.lock(announced.forwarding)
    db.session.refresh(announced, with_for_update={"of": AnnouncedReply})
    return announced.forwarding


def _left_at(announced: AnnouncedReply) -> datetime:
    """Noon of the day it was sent, for the sender's office; not after it was told, where the day is further east."""
    return min(announced.announced_at, clock.noon(announced.sent_on, announced.forwarding.sender.zone))


def _is(announced: AnnouncedReply, response: Response) -> bool:
    settles = response.kind is ResponseKind.FINAL and not response.is_decline
    return settles or number_key(announced.letter_number) == number_key(response.letter_number)


def _proof_of(announced: AnnouncedReply) -> Proof | None:
    """The proof of receipt that it came with."""
    for event in audit.of_stream(announced.forwarding.stream):
        if event.kind == Happening.REPLY_ANNOUNCED and event.details.get("announcement") == announced.id:
            return db.session.get(Proof, event.details["proof"])
    return None
