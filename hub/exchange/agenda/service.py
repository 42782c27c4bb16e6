"""Use cases of the agenda: a letter that came in is filed with its matter, corrected, or taken out again.

The caller holds the row (`queries.take`).
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from hub.directory.models import Person
from hub.files.models import StoredFile
from hub.forwardings import stages
from hub.forwardings.models import Forwarding
from hub.letters import incoming
from hub.letters.incoming import Received
from hub.letters.models import IncomingLetter
from hub.responses import papers
from hub.responses.models import Decision
from hub.responses.rules import AnswerOutcome
from hub.webkit.filters import short_day


class CannotFile(ValueError):
    """What was asked does not fit the letter. The message says to the person why, and what to do."""


class DealtWith(ValueError):
    """A colleague was faster: the letter does not stand as the page showed it."""


def file(
    letter: IncomingLetter,
    matters: Sequence[Forwarding],
    decision: Decision,
    signed_by: str,
    by: Person,
    outcome: AnswerOutcome | None = None,
) -> None:
    """Say which forwardings the letter belongs to, mostly one, and what it is to each. All of them, or none.

    Raises CannotFile for a letter from another office than ours went to, and for one that came in before ours was
    written, NotNow for an answer where none is awaited.
    """
    if letter.about:
        raise DealtWith
    held = stages.lock_all(one.id for one in matters)
    for forwarding in held:
        _refuse_unfitting(letter, forwarding)
    incoming.file(letter, [one.stream for one in held], by)
    for forwarding in held:
        papers.take(forwarding, letter, decision, signed_by, by, outcome)


def _refuse_unfitting(letter: IncomingLetter, forwarding: Forwarding) -> None:
    if letter.sender_id not in (None, forwarding.recipient_id):
        raise CannotFile(
            _(
                "This letter is from %(sender)s, and ours went to %(recipient)s: it confirms and answers nothing. "
                "Correct the sender, or choose another letter.",
                sender=letter.sender_name,
                recipient=forwarding.recipient.name,
            )
        )
    dated = forwarding.letter.dated
    if dated and letter.received_on < dated:
        raise CannotFile(
            _(
                "This letter came in on %(came)s, before ours of %(ours)s was written. "
                "Check the day, or choose another letter.",
                came=short_day(letter.received_on),
                ours=short_day(dated),
            )
        )


def take_out(letter: IncomingLetter, by: Person, reason: str) -> None:
    """It was filed with the wrong letter: the forwarding stands as if it had never come, and it can be filed again.

    One that was filed with several letters of ours is taken out of all of them. Raises NotNow when a later decision of
    the sender rests on it.
    """
    matters = stages.lock_all(one.id for one in papers.matters_of(letter))
    if not (letter.about and matters):
        raise DealtWith
    for forwarding in matters:
        papers.withdraw(forwarding, letter, by, reason)
    incoming.take_out(letter, by, reason)


def correct(letter: IncomingLetter, told: Received, by: Person) -> None:
    """Mend the entry. What was filed is taken out first, for its day and number are on record with the matter."""
    if letter.about:
        raise DealtWith
    incoming.correct(letter, told, by)


def add_scan(letter: IncomingLetter, scan: StoredFile, by: Person) -> None:
    """The scan, which may come later. One that went along with an answer already stays."""
    if letter.about and letter.scan_id:
        raise DealtWith
    incoming.attach(letter, scan, by)
    papers.add_scan(letter)
