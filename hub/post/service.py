"""An envelope from the printer to the recipient, or back. Each change is an event in stream "post:<id>"."""

import secrets
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from hub import clock
from hub.audit.rules import SYSTEM, person
from hub.audit.service import record
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.letters.models import Letter
from hub.post import rules
from hub.post.models import PostDispatch
from hub.post.rules import DayFault, NumberFault, PostState
from hub.webkit import links, tokens


class NotPossible(ValueError):
    """Something about an envelope that cannot be. `sentence` says to the person why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def queue(about: str, letter: Letter, institution: Institution, address: str) -> PostDispatch:
    """An envelope to print. The code on its slip belongs to `institution` and works for half a year."""
    now = clock.now()
    dispatch = PostDispatch(
        about=about,
        letter=letter,
        institution=institution,
        state=PostState.TO_PRINT,
        address=address,
        nonce=secrets.token_hex(16),
        link_expires_at=now + tokens.LIFE,
        created_at=now,
    )
    db.session.add(dispatch)
    db.session.flush()
    record(dispatch.stream, "queued", SYSTEM, {"about": about, "letter": letter.id, "institution": institution.id})
    return dispatch


def cancel_queued(about: str, letter_id: int | None = None) -> None:
    """Envelopes of this matter, or of one letter of it, that have not left stay here.

    The code on a slip already printed is worth nothing.
    """
    here = PostDispatch.state.in_((PostState.TO_PRINT, PostState.PRINTED)) & (PostDispatch.about == about)
    these = here if letter_id is None else here & (PostDispatch.letter_id == letter_id)
    for dispatch in db.session.scalars(select(PostDispatch).where(these)):
        _move(dispatch, PostState.CANCELLED, None)
        dispatch.link_revoked_at, dispatch.slip_wanted = clock.now(), False


def mark_printed(dispatch: PostDispatch, by: Person | None = None) -> None:
    """Letter and slip are on paper; the slip's file is deleted soon. Raises NotPossible."""
    _move(dispatch, PostState.PRINTED, by)
    dispatch.printed_at = clock.now()


def print_again(dispatch: PostDispatch, by: Person | None = None) -> None:
    """The print went wrong, or the slip's file has expired: it is made anew with the same code. Raises NotPossible."""
    if dispatch.state == PostState.TO_PRINT:
        record(dispatch.stream, "slip_asked_again", person(by.id) if by else SYSTEM)
    else:
        _move(dispatch, PostState.TO_PRINT, by)
    dispatch.slip_wanted = dispatch.slip_file_id is None or dispatch.slip_wanted
    dispatch.printed_at = None


def mark_posted(dispatch: PostDispatch, tracking_number: str, by: Person | None = None) -> None:
    """Handed in at the post office under this number. Raises NotPossible when the number is wrong or already used."""
    number = rules.tidy_number(tracking_number)
    fault = rules.number_fault(number)
    if fault is None and _is_in_use(number, dispatch):
        fault = NumberFault.IN_USE
    if fault is not None:
        raise NotPossible(_number_sentence(fault))
    _move(dispatch, PostState.POSTED, by, tracking_number=number)
    dispatch.tracking_number, dispatch.posted_at = number, clock.now()


def mark_delivered(dispatch: PostDispatch, on: date, to: str, by: Person | None = None) -> None:
    """The post has the signature of `to` from that day: proof that the office has the letter. Raises NotPossible."""
    _check_day(dispatch, on)
    _move(dispatch, PostState.DELIVERED, by, on=on.isoformat())
    dispatch.delivered_on, dispatch.delivered_to = on, to


def mark_returned(dispatch: PostDispatch, on: date, reason: str, by: Person | None = None) -> None:
    """The envelope came back. Raises NotPossible."""
    _check_day(dispatch, on)
    _move(dispatch, PostState.RETURNED, by, on=on.isoformat())
    dispatch.returned_on, dispatch.return_reason = on, reason


def slip_address(dispatch: PostDispatch) -> str:
    """Where the code on the slip leads. Derived whenever it is printed, never stored."""
    return links.address("slip", dispatch.id, dispatch.nonce)


def _move(dispatch: PostDispatch, state: PostState, by: Person | None, **details: str) -> None:
    db.session.flush()
    db.session.refresh(dispatch, ["state"], with_for_update=True)
    if not rules.may_become(dispatch.state, state):
        raise NotPossible(_("Someone has changed this envelope in the meantime. Please look at its present state."))
    dispatch.state = state
    record(dispatch.stream, state.value, person(by.id) if by else SYSTEM, details)


def _is_in_use(number: str, dispatch: PostDispatch) -> bool:
    recently = PostDispatch.posted_at > clock.now() - rules.NUMBER_REUSED_AFTER
    other = PostDispatch.id != dispatch.id
    same = PostDispatch.tracking_number == number
    return db.session.scalar(select(PostDispatch.id).where(same, recently, other).limit(1)) is not None


def _number_sentence(fault: NumberFault) -> str:
    return {
        NumberFault.SHAPE: _("A tracking number has 8 to 20 letters and digits, for example RR473124829ID."),
        NumberFault.CHECK_DIGIT: _(
            "One character of this number is wrong: its check digit does not fit. Read it again."
        ),
        NumberFault.IN_USE: _(
            "Another letter of the past twelve months has this number. Please compare the two receipts."
        ),
    }[fault]


def _check_day(dispatch: PostDispatch, day: date) -> None:
    zone = dispatch.letter.institution.zone
    posted_on = clock.local(dispatch.posted_at, zone).date() if dispatch.posted_at else day
    fault = rules.day_fault(day, posted_on, clock.today(zone))
    if fault is DayFault.FUTURE:
        raise NotPossible(_("This day lies in the future. Please enter the day on the receipt."))
    if fault is DayFault.BEFORE_POSTING:
        raise NotPossible(_("This day is before the letter was posted. Please enter the day on the receipt."))
