"""Declaring a letter void before anything of it has left: the number stays with it, and a new draft takes its place."""

from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit.rules import person
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import deadlines, queries, tracks
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening
from hub.forwardings.stages import advance, lock
from hub.letters import queries as letters_of
from hub.letters import service as letters
from hub.letters.models import Letter, LetterState
from hub.letters.numbering import CannotSign
from hub.letters.rules import LetterContent
from hub.mail.models import EmailDispatch, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import GONE


def void(forwarding: Forwarding, by: Person, reason: str) -> None:
    """The letter is no longer in force; the forwarding is a draft again, with a new letter of the same content.

    Raises CannotSign when part of it has left or has no number yet, NotNow when the forwarding has gone on.
    """
    letter = forwarding.letter
    advance(forwarding, Happening.VOIDED, person(by.id), {"letter": letter.id, "reason": reason})
    _refuse_what_leaves(letter)
    letters.void(letter, reason, by)
    tracks.call_back(forwarding)
    deadlines.end(forwarding)
    content = replace(LetterContent.from_dict(letter.content), signatory="", signatory_number="")
    forwarding.letter = letters.draft(letter.institution, letter.kind, letter.subject, content, by, forwarding.stream)


def void_follow_up(letter: Letter, by: Person, reason: str) -> None:
    """The same of a letter that follows up a forwarding, which stays as it is. Raises CannotSign."""
    if forwarding := queries.by_stream(letter.about):
        lock(forwarding)
    _refuse_what_leaves(letter)
    letters.void(letter, reason, by)
    tracks.call_back_letter(letter)


def withdraw_follow_ups(forwarding: Forwarding, by: Person, reason: str) -> None:
    """Nothing is asked any more: what has a number is void, what waits for a signature is a draft again."""
    for letter in letters_of.follow_ups(forwarding.stream):
        if letter.number and letter.state in (LetterState.TO_SIGN, LetterState.SIGNED):
            letters.void(letter, reason, by)
        elif letter.state is LetterState.TO_SIGN:
            letters.return_to_draft(letter, reason, by)


def hold_back_follow_ups(forwarding: Forwarding, note: str) -> None:
    """The date has moved, or an answer is on its way: what waits for a signature is a draft again, and says why.

    One whose number is reserved stays with its signatory, who has the note on the page of the forwarding.
    """
    for letter in letters_of.follow_ups(forwarding.stream):
        if letter.state is LetterState.TO_SIGN and not letter.number:
            letters.return_to_draft(letter, note, None)


def _refuse_what_leaves(letter: Letter) -> None:
    """Hold the messages and envelopes of this letter, so that none leaves from here on; refuse when one has.

    A mail that the worker holds may be in the middle of its talk with the server: it counts as leaving. One that is
    called back here is never begun (mail.claims.begin).
    """
    emails = select(EmailDispatch).where(EmailDispatch.letter_id == letter.id).order_by(EmailDispatch.id)
    posts = select(PostDispatch).where(PostDispatch.letter_id == letter.id).order_by(PostDispatch.id)
    held = {"populate_existing": True}
    left = [
        *(_leaves(one) for one in db.session.scalars(emails.with_for_update().execution_options(**held))),
        *(one.state in GONE for one in db.session.scalars(posts.with_for_update().execution_options(**held))),
    ]
    if any(left):
        raise CannotSign(
            _(
                "This letter has left, or is leaving at this very moment, so it cannot be declared void any more. "
                "Withdraw the forwarding instead."
            )
        )


def _leaves(email: EmailDispatch) -> bool:
    is_held = email.claimed_until is not None and email.claimed_until > clock.now()
    return email.handed_over_at is not None or (email.state is EmailState.QUEUED and is_held)
