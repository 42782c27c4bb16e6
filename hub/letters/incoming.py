"""Letters on paper that came in: each gets the next number of its office's agenda. Stream "incoming:<id>"."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.audit.service import record
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.letters.models import Disposition, IncomingLetter, Register
from hub.letters.numbering import next_running
from hub.letters.rules import Instruction, Security, Urgency, number_key


@dataclass(frozen=True)
class Received:
    """What stands on a letter that came in, and the day it did. `sender`: its office, where the directory has it."""

    received_on: date
    sender_name: str
    subject: str
    number: str = ""
    dated: date | None = None
    sender: Institution | None = None
    security: Security = Security.ORDINARY
    urgency: Urgency = Urgency.ORDINARY
    note: str = ""


def register(
    office: Institution, told: Received, by: Person, request_key: str | None = None, scan: StoredFile | None = None
) -> IncomingLetter:
    """Enter a letter in the agenda of the year it came in. The same `request_key` again returns the first one."""
    year = told.received_on.year
    with db.session.begin_nested() as entry:
        running = next_running(office.id, Register.IN, year)  # of the same form sent twice at once, one waits here
        if request_key and (first := _by_request_key(request_key)):
            entry.rollback()  # and gives its number back
            return first
        letter = IncomingLetter(
            institution_id=office.id,
            year=year,
            running=running,
            scan=scan,
            registered_at=clock.now(),
            registered_by_id=by.id,
            request_key=request_key,
        )
        _write(letter, told)
        db.session.add(letter)
        db.session.flush()
    _record(letter, "registered", by, number=letter.agenda_number)
    return letter


def correct(letter: IncomingLetter, told: Received, by: Person) -> None:
    """Mend what was read or typed wrong. The year stays, for the agenda number belongs to it: the caller sees to it."""
    changed = _write(letter, told)
    if changed:
        _record(letter, "corrected", by, fields=changed)


def attach(letter: IncomingLetter, scan: StoredFile, by: Person) -> None:
    """The scan of the letter; a better one takes the place of the first."""
    letter.scan = scan
    _record(letter, "scan_added", by, sha256=scan.sha256)


def file(letter: IncomingLetter, matters: Sequence[str], by: Person) -> None:
    """It belongs to these matters, given by their streams; `about` keeps the first."""
    letter.about = matters[0]
    for matter in matters:
        _record(letter, "filed", by, about=matter)


def take_out(letter: IncomingLetter, by: Person, reason: str) -> None:
    """It does not belong where it was filed."""
    matter, letter.about = letter.about, ""
    _record(letter, "taken_out", by, about=matter, reason=reason)


def dispose(letter: IncomingLetter, to: str, instructions: Sequence[Instruction], note: str, by: Person) -> Disposition:
    """Who is to do what about the letter. The same again, as when a button is pressed twice, is the first one."""
    db.session.refresh(letter, ["about"], with_for_update=True)
    db.session.expire(letter, ["dispositions"])
    last = letter.dispositions[-1] if letter.dispositions else None
    if last and (last.to, last.instructions, last.note, last.by_id) == (to, list(instructions), note, by.id):
        return last
    disposition = Disposition(
        letter_id=letter.id, to=to, instructions=list(instructions), note=note, by=by, at=clock.now()
    )
    letter.dispositions.append(disposition)
    db.session.flush()
    _record(letter, "disposed", by, disposition=disposition.id)
    return disposition


def _write(letter: IncomingLetter, told: Received) -> list[str]:
    """Names of the facts that are other than before."""
    changed = [one.name for one in fields(told) if getattr(letter, one.name) != getattr(told, one.name)]
    for name in changed:
        setattr(letter, name, getattr(told, name))
    letter.number_key = number_key(letter.number)
    return changed


def _by_request_key(request_key: str) -> IncomingLetter | None:
    return db.session.scalar(select(IncomingLetter).where(IncomingLetter.request_key == request_key))


def _record(letter: IncomingLetter, kind: str, by: Person, **details: object) -> None:
    record(letter.stream, kind, person(by.id), details)
