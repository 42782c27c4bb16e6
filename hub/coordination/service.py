"""Use cases of the thread: writing to the other side, noting for the own one, asking for more time and deciding it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit.rules import Actor, person
from hub.audit.service import record
from hub.coordination import notices, queries
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import (
    LONGEST_EXTENSION,
    OPEN_FOR_WORDS,
    ExtensionDecision,
    MessageKind,
    Side,
    kind_of_mail,
)
from hub.coordination.words import Resumed
from hub.directory.models import Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import deadlines, stages, voiding
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Happening, NotNow
from hub.mail.inbox.models import InboundMail
from hub.mail.rules import one_line
from hub.workdays import queries as workdays
from hub.workdays.rules import is_working_day


class CannotExtend(ValueError):
    """The sentence says why the date cannot be moved so, and what to do."""


class CannotPause(ValueError):
    """The sentence says why the date cannot stand still, and what to do."""


def write(
    forwarding: Forwarding,
    side: Side,
    kind: MessageKind,
    text: str,
    author: Person,
    files: Sequence[StoredFile] = (),
    request_key: str | None = None,
    still_owes: bool = False,
) -> ThreadMessage:
    """A question or a clarification; the other side gets a mail. The same `request_key` again returns the first one.

    With the sender's word a date that stands still runs again, unless it `still_owes` something. Raises NotNow before
    the letter is signed and after the end of the forwarding.
    """
    stages.lock(forwarding)  # of the same form sent twice at once, one waits here
    if first := _by_request_key(request_key):
        return first
    message = _enter(forwarding, side, kind, text, author, files=list(files), request_key=request_key)
    _share(message, person(author.id), ends_pause=not still_owes)
    return message


def note(
    forwarding: Forwarding, side: Side, text: str, author: Person, request_key: str | None = None
) -> ThreadMessage:
    """Something that only the own side reads: no mail, and no event where the other side could see one.

    Raises NotNow like `write`.
    """
    stages.lock(forwarding)
    if first := _by_request_key(request_key):
        return first
    message = _enter(forwarding, side, MessageKind.NOTE, text, author, request_key=request_key)
    record(message.stream, "noted", person(author.id), {"forwarding": forwarding.id})
    return message


def ask_for_time(
    forwarding: Forwarding, until: date, reason: str, author: Person, request_key: str | None = None
) -> ThreadMessage:
    """The recipient asks for a later date; the running one holds until the sender decides.

    Raises CannotExtend while no date runs, while another request waits, and for a date that cannot be the new one.
    """
    stages.lock(forwarding)
    if first := _by_request_key(request_key):
        return first
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    if running is None or not queries.may_extend(forwarding):
        raise CannotExtend(_("No date for an answer runs at present, so there is nothing to extend."))
    if queries.open_request(forwarding):
        raise CannotExtend(_("Your office has asked for more time already. The sender decides on that request first."))
    _refuse_date(running, until)
    message = _enter(
        forwarding, Side.RECIPIENT, MessageKind.EXTENSION, reason, author, until=until, request_key=request_key
    )
    _share(message, person(author.id))
    return message


def decide(request: ThreadMessage, granted: bool, until: date | None, note: str, by: Person) -> None:
    """The sender's word on a request for more time. Granted, the answer is due on `until`; refused, the date stays.

    Raises CannotExtend when it was decided before or for a date that cannot be the new one, NotNow when no date runs.
    """
    forwarding = request.forwarding
    stages.lock(forwarding)
    db.session.refresh(request, with_for_update={"of": ThreadMessage})
    if request.decision is not None:
        raise CannotExtend(_("This request was decided already."))
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    if running is None or not queries.may_extend(forwarding):
        raise NotNow(forwarding.stage, Happening.EXTENDED)
    if granted:
        request.granted_until = _extend(request, running, until or request.until, by)
    else:
        stages.advance(forwarding, Happening.DISCUSSED, person(by.id), {"message": request.id})
    request.decision = ExtensionDecision.GRANTED if granted else ExtensionDecision.REFUSED
    request.decision_note, request.decided_at, request.decided_by = note, clock.now(), by
    record(request.stream, str(request.decision), person(by.id), {"forwarding": forwarding.id})
    notices.tell_decision(request)


def pause(question: ThreadMessage, by: Person) -> None:
    """The recipient waits for something from the sender: the date of the answer stands still since it was asked for.

    Only the sender says so, about the last word of the recipient. Twice is the same. Raises CannotPause where no date
    ran when it was written.
    """
    forwarding = question.forwarding
    stages.lock(forwarding)
    running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    if queries.is_paused(forwarding):
        return
    if running is None or queries.last_shared(forwarding) is not question or not queries.may_pause(question):
        raise CannotPause(_("No date for an answer ran when that was written, or something was written since."))
    still = deadlines.pause(running, queries.asked_on(question))
    db.session.flush()
    told = {"message": question.id, "deadline": still.id, "since": still.pauses[-1].since.isoformat()}
    stages.advance(forwarding, Happening.PAUSED, person(by.id), told)
    voiding.hold_back_follow_ups(forwarding, "Batas waktu dijeda; surat ini belum diperlukan.")
    notices.tell_pause(question, still.pauses[-1].since)


def resume(forwarding: Forwarding, by: Person) -> None:
    """The sender owes nothing any more: the date runs again from tomorrow on. Nothing happens where none is paused."""
    stages.lock(forwarding)
    if over := _end_pause(forwarding, person(by.id)):
        notices.tell_resumed(forwarding, over)


def take_mail(
    forwarding: Forwarding, side: Side, mail: InboundMail, actor: Actor, but: Collection[str] = ()
) -> ThreadMessage:
    """What a mail says becomes a message of `side`, mailed on once, except to `but`. The same mail again is the same.

    Raises NotNow like `write`.
    """
    stages.lock(forwarding)
    if first := next((one for one in queries.made_of(mail) if one.forwarding_id == forwarding.id), None):
        return first
    last = queries.last_shared(forwarding)
    message = _enter(
        forwarding,
        side,
        kind_of_mail(mail.words, is_asked=last is not None and queries.asks(last) is side),
        mail.words or mail.subject,
        one_line(mail.sender_name or mail.sender_address, 400),
        mail=mail,
        files=list(mail.files),
    )
    _share(message, actor, {mail.sender_address, *but})
    return message


def take_out(forwarding: Forwarding, mail: InboundMail, by: Person) -> None:
    """The mail belonged to another letter: what it said here is hidden, and kept for the record."""
    for message in queries.made_of(mail):
        if message.forwarding_id == forwarding.id:
            message.withdrawn_at = clock.now()
            record(message.stream, "taken_out", person(by.id), {"forwarding": forwarding.id})


def _enter(
    forwarding: Forwarding, side: Side, kind: MessageKind, text: str, author: Person | str, **told: Any
) -> ThreadMessage:
    """`author`: only a name for who wrote by mail."""
    if forwarding.stage not in OPEN_FOR_WORDS:
        raise NotNow(forwarding.stage, Happening.DISCUSSED)
    message = ThreadMessage(
        forwarding=forwarding,
        side=side,
        kind=kind,
        text=text,
        author=author if isinstance(author, Person) else None,
        author_name=author.name if isinstance(author, Person) else author,
        written_at=clock.now(),
        **told,
    )
    db.session.add(message)
    db.session.flush()
    return message


def _share(message: ThreadMessage, actor: Actor, but: Collection[str] = (), ends_pause: bool = True) -> None:
    stages.advance(message.forwarding, Happening.DISCUSSED, actor, {"message": message.id})
    is_given = ends_pause and message.side is Side.SENDER
    notices.tell(message, but, _end_pause(message.forwarding, actor) if is_given else None)


def _end_pause(forwarding: Forwarding, actor: Actor) -> Resumed | None:
    """None when no date stands still."""
    paused = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    if paused is None or paused.paused_since is None:
        return None
    was = paused.due_on
    over = deadlines.resume(paused, clock.today(forwarding.recipient.zone))
    assert over.pause.until is not None
    told = {
        "deadline": paused.id,
        "since": over.pause.since.isoformat(),
        "until": over.pause.until.isoformat(),
        "days": over.amount,
        "old": was.isoformat(),
        "new": paused.due_on.isoformat(),
    }
    stages.advance(forwarding, Happening.RESUMED, actor, told)
    return Resumed(over, paused.due_on)


def _extend(request: ThreadMessage, running: Deadline, new: date | None, by: Person) -> date:
    """End the running date and start the new one."""
    forwarding = request.forwarding
    assert new is not None, "a request names a date"
    _end_pause(forwarding, person(by.id))
    _refuse_date(running, new)
    try:
        deadlines.refuse_unfit(new, forwarding)
    except deadlines.UnfitDate as problem:
        raise CannotExtend(str(problem)) from None
    dates = {"old": running.due_on.isoformat(), "new": new.isoformat()}
    stages.advance(forwarding, Happening.EXTENDED, person(by.id), {"message": request.id, **dates})
    deadlines.end(forwarding, RESPONSE_CLOCKS)
    deadlines.agree(forwarding, running.clock, new)
    voiding.hold_back_follow_ups(forwarding, "Batas waktu diperpanjang; surat ini belum diperlukan.")
    return new


def _refuse_date(running: Deadline, until: date) -> None:
    """Only a later working day there, within reason."""
    office = running.forwarding.recipient
    if until <= running.due_on or until < clock.today(office.zone):
        raise CannotExtend(_("Choose a day after the date that runs now, and not in the past."))
    if until - running.due_on > LONGEST_EXTENSION:
        raise CannotExtend(_("More than a year is too long. Choose an earlier day."))
    if not is_working_day(until, workdays.calendar_for(office.region_code)):
        raise CannotExtend(_("That day is no working day at %(office)s. Choose another one.", office=office.name))


def _by_request_key(request_key: str | None) -> ThreadMessage | None:
    if not request_key:
        return None
    return db.session.scalar(select(ThreadMessage).where(ThreadMessage.request_key == request_key))
