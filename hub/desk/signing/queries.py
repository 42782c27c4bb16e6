"""The letters of an office that wait for their signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlalchemy import select

from hub import clock
from hub.accounts.models import Account
from hub.directory.models import Institution
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.followups import queries as followups
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import ClockKey
from hub.letters import queries as letters
from hub.letters.models import FOLLOW_UPS, ISSUED_KINDS, Letter, LetterKind
from hub.letters.rules import LetterContent, addressee_of, first_lines


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. `due`: until when the office owes the signature; None where it owes none."""

    letter: Letter
    to: str
    first_lines: str
    due: date | None
    today: date

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.today > self.due

    @property
    def is_follow_up(self) -> bool:
        return self.letter.kind in FOLLOW_UPS

    @property
    def is_over(self) -> bool:
        """A follow-up letter of a matter that has gone on meanwhile: it cannot be signed any more."""
        return self.is_follow_up and self.due is None

    @property
    def read(self) -> str:
        """What this very text is known by: another one, put to sign later, has another moment."""
        return str(self.letter.submitted_at)


def queue(institution: Institution) -> list[Waiting]:
    """Oldest first. Six queries at most, however many letters."""
    waiting = letters.to_sign(institution.id)
    due, today = _due(waiting), clock.today(institution.zone)
    return [_line(letter, due.get(letter.id), today) for letter in waiting]


def line(letter: Letter) -> Waiting:
    """The same of one letter."""
    return _line(letter, _due([letter]).get(letter.id), clock.today(letter.institution.zone))


def own_letter(account: Account, id: int) -> Letter:
    """A letter of this person's own office that a person signs; 404 for any other, and for one this person may not see.

    Colleagues may be PIC of different networks: whoever has no granted role sees letters of the own network alone.
    """
    letter = db.session.get(Letter, id)
    if letter is None or letter.institution_id != account.institution.id or letter.kind in ISSUED_KINDS:
        abort(404)
    if not account.is_staff:
        forwardings.get_visible(account, next(iter(forwardings.ids_of([letter.about])), 0))
    return letter


def subject_of(letter: Letter) -> Forwarding:
    """The forwarding it is about; 404 for a letter about anything else."""
    return forwardings.by_stream(letter.about) or abort(404)


def _line(letter: Letter, due: date | None, today: date) -> Waiting:
    content = LetterContent.from_dict(letter.content)
    return Waiting(letter, addressee_of(letter.content), first_lines(content), due, today)


def _due(waiting: Sequence[Letter]) -> dict[int, date]:
    """By letter. The clock of a first letter runs on its forwarding, that of a later one from its submission."""
    first = {one.about: one.id for one in waiting if one.kind is LetterKind.FORWARDING}
    running = (Deadline.clock == ClockKey.SIGN) & Deadline.ended_at.is_(None)
    wanted = select(Deadline.forwarding_id, Deadline.due_on).where(
        running, Deadline.forwarding_id.in_(forwardings.ids_of(first))
    )
    found = {first[f"forwarding:{id}"]: due for id, due in db.session.execute(wanted)}
    return found | followups.sign_by(waiting)
