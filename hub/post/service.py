"""An envelope from the printer to the recipient, or back. Each change is an event in stream "post:<id>".

The only place that changes the state of an envelope.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import contains_eager

from hub import clock
from hub.audit.rules import CLOCK, SYSTEM, person
from hub.audit.service import Happened, record, record_all
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.letters.models import Letter, LetterState
from hub.post import rules, scans
from hub.post.models import PostDispatch, PostScan, PrintJob
from hub.post.rules import Addressing, DayFault, NumberFault, PostState, ScanKind, Sighting, Whereabouts
from hub.post.scans import AT_ONCE, Telling
from hub.webkit import links, tokens
from hub.workdays import queries as workdays


class NotPossible(ValueError):
    """Something about an envelope that cannot be. `sentence` says to the person why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NumberInUse(NotPossible):
    """Another envelope of the past twelve months has this number; it may be right all the same."""


def queue(about: str, letter: Letter, institution: Institution, address: str, has_slip: bool = True) -> PostDispatch:
    """An envelope to print. The code on its slip belongs to `institution` and works for half a year.

    `has_slip`: False for an office that has nothing to confirm.
    """
    now = clock.now()
    dispatch = PostDispatch(
        about=about,
        letter=letter,
        institution=institution,
        state=PostState.TO_PRINT,
        address=address,
        nonce=secrets.token_hex(16) if has_slip else "",
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
        dispatch.link_revoked_at = clock.now()


def slip_address(dispatch: PostDispatch) -> str:
    """Where the code on the slip leads. Derived whenever it is printed, never stored."""
    return links.address("slip", dispatch.id, dispatch.nonce)


# Printing


def ask_for_print(
    office: Institution, addressing: Addressing, by: Person, only: PostDispatch | None = None
) -> PrintJob:
    """Put all that waits for the printer into one print, or one envelope alone. The worker makes it.

    Raises NotPossible when there is nothing to print. Two who press at once do not print the same letter twice.
    """
    waiting = (
        select(PostDispatch)
        .join(PostDispatch.letter)
        .where(
            Letter.institution_id == office.id,
            Letter.state == LetterState.SIGNED,
            Letter.file_id.is_not(None),
            PostDispatch.state == PostState.TO_PRINT,
            PostDispatch.id == only.id if only else PostDispatch.print_job_id.is_(None),
        )
        .order_by(PostDispatch.id)
        .limit(rules.MOST_IN_A_PRINT)
        .with_for_update(of=PostDispatch)
    )
    dispatches = db.session.scalars(waiting).all()
    if not dispatches:
        raise NotPossible(_("There is nothing to print: letters whose PDF is still being made come next time."))
    job = PrintJob(institution=office, addressing=addressing, asked_at=clock.now(), asked_by_id=by.id)
    db.session.add(job)
    db.session.flush()
    for dispatch in dispatches:
        dispatch.print_job = job
    record_all([(one.stream, "print_asked", {"print_job": job.id}) for one in dispatches], person(by.id))
    return job


def mark_printed(dispatch: PostDispatch, by: Person | None = None) -> None:
    """Letter and slip are on paper; the file with the slip is deleted soon. Raises NotPossible."""
    _move(dispatch, PostState.PRINTED, by)
    dispatch.printed_at = clock.now()


def mark_all_printed(job: PrintJob, by: Person) -> int:
    """All of this print that still was to be printed is on paper. Returns how many."""
    here = select(PostDispatch).where(PostDispatch.print_job_id == job.id, PostDispatch.state == PostState.TO_PRINT)
    dispatches = db.session.scalars(here.order_by(PostDispatch.id).with_for_update()).all()
    for dispatch in dispatches:
        mark_printed(dispatch, by)
    return len(dispatches)


def print_again(dispatch: PostDispatch, by: Person | None = None) -> None:
    """The print went wrong: it goes into the next one, with the same code. Raises NotPossible."""
    _move(dispatch, PostState.TO_PRINT, by)
    dispatch.printed_at = dispatch.print_job = None


def release(job: PrintJob) -> None:
    """This print exists no more: what was not marked as printed goes into the next one."""
    left = (PostDispatch.print_job_id == job.id) & (PostDispatch.state == PostState.TO_PRINT)
    db.session.execute(update(PostDispatch).where(left).values(print_job_id=None))


# Posting


def mark_posted(
    dispatch: PostDispatch, tracking_number: str, by: Person | None = None, is_double_meant: bool = False
) -> None:
    """Handed in at the post office under this number.

    Raises NotPossible when the number is wrong, NumberInUse when another envelope has it and that was not confirmed.
    """
    number = _usable_number(dispatch, tracking_number, is_double_meant)
    _move(dispatch, PostState.POSTED, by, tracking_number=number)
    dispatch.tracking_number, dispatch.posted_at = number, clock.now()


def correct_number(
    dispatch: PostDispatch, tracking_number: str, by: Person | None = None, is_double_meant: bool = False
) -> None:
    """It left under this number and not the one that was entered. Raises as `mark_posted` does.

    What was seen under the wrong number was another envelope: its scans are withdrawn, and come in anew.
    """
    _refuse_unposted(dispatch)
    number = _usable_number(dispatch, tracking_number, is_double_meant)
    [dispatch] = _locked({dispatch.id})
    if number == dispatch.tracking_number:
        return
    told = scans.of([dispatch])[dispatch.id].values()
    for scan in told:
        scan.withdrawn_at = scan.withdrawn_at or clock.now()
    details = {"was": dispatch.tracking_number, "tracking_number": number}
    record(dispatch.stream, "tracking_number_corrected", person(by.id) if by else SYSTEM, details)
    dispatch.tracking_number = number
    _take_fold(dispatch, told)


def _usable_number(dispatch: PostDispatch, typed: str, is_double_meant: bool) -> str:
    number = rules.tidy_number(typed)
    if fault := rules.number_fault(number):
        raise NotPossible(_number_sentence(fault))
    if not is_double_meant and (other := _holder_of(number, dispatch)):
        raise NumberInUse(_double_sentence(other, dispatch))
    return number


def _holder_of(number: str, dispatch: PostDispatch) -> PostDispatch | None:
    recently = PostDispatch.posted_at > clock.now() - rules.NUMBER_REUSED_AFTER
    other = PostDispatch.id != dispatch.id
    same = PostDispatch.tracking_number == number
    found = select(PostDispatch).where(same, recently, other).order_by(PostDispatch.id.desc()).limit(1)
    return db.session.scalar(found)


def _double_sentence(other: PostDispatch, dispatch: PostDispatch) -> str:
    """Names the other letter only to the office that sent it."""
    if other.letter.institution_id != dispatch.letter.institution_id:
        return _("Another letter of the past twelve months has this number. Please compare the two receipts.")
    return _(
        "Letter %(number)s to %(recipient)s has this number already. Please compare the two receipts.",
        number=other.letter.number,
        recipient=other.institution.name,
    )


def _number_sentence(fault: NumberFault) -> str:
    return {
        NumberFault.SHAPE: _("A tracking number has 8 to 20 letters and digits, for example RR473124829ID."),
        NumberFault.CHECK_DIGIT: _(
            "One character of this number is wrong: its check digit does not fit. Read it again."
        ),
    }[fault]


# What was seen of it on its way


def note_scans(tellings: Sequence[Telling], by: Person | None = None, is_by_hand: bool = False) -> list[bool]:
    """Enter what was seen, in any order, and take the fold of each envelope again. For each: did it say anything new?

    A scan told again (same envelope, time and kind) fills in only what was left open. One that was withdrawn stays so,
    unless it is entered again by hand. The number of statements grows with the envelopes by the hundred.
    """
    dispatches = _locked({one.dispatch.id for one in tellings})
    known = scans.of(dispatches)
    fresh: list[PostScan] = []
    told: list[tuple[str, PostScan]] = []
    news = []
    for telling in tellings:
        scan = known[telling.dispatch.id].get((telling.seen.at, telling.seen.kind))
        kind = None
        if scan is None:
            scan, kind = scans.new_scan(telling, by), telling.seen.kind.value
            known[telling.dispatch.id][scan.at, scan.kind] = scan
            fresh.append(scan)
        elif scan.withdrawn_at is not None and is_by_hand:
            scans.retell(scan, telling, by)
            kind = scan.kind.value
        elif scan.withdrawn_at is None and scans.fill_in(scan, telling):
            kind = "scan_completed"
        if kind:
            told.append((kind, scan))
        news.append(kind is not None)
    scans.insert_all(fresh)
    changed = {scan.dispatch_id for _kind, scan in told}
    dispatches = [one for one in dispatches if one.id in changed]
    kept = scans.of(dispatches)
    happened = [_happened(kind, kept[scan.dispatch_id][scan.at, scan.kind]) for kind, scan in told]
    record_all(happened, person(by.id) if by else SYSTEM)
    for dispatch in dispatches:
        _take_fold(dispatch, kept[dispatch.id].values())
    return news


def note_by_hand(
    dispatch: PostDispatch,
    kind: ScanKind,
    on: date,
    by: Person | None = None,
    *,
    at: time | None = None,
    receiver: str = "",
    words: str = "",
    place: str = "",
    proof: StoredFile | None = None,
) -> bool:
    """What the receipt of the post or the envelope itself says; without a time, noon of the day where it happened.

    Deliveries happen at the recipient's, all else is seen from the sender's. Raises NotPossible for an impossible day
    and for an envelope that was never posted.
    """
    _refuse_unposted(dispatch)
    office = dispatch.institution if kind is ScanKind.DELIVERED else dispatch.letter.institution
    now, moment = clock.now(), datetime.combine(on, at or time(12), clock.ZONES[office.zone])
    _check_day(dispatch, on, office.zone)
    if at and moment > now:
        raise NotPossible(_day_sentence(DayFault.FUTURE))
    if not at and moment > now:
        moment = now.replace(second=0, microsecond=0)
    telling = Telling(dispatch, Sighting(moment, kind, receiver, words), place, proof)
    return note_scans([telling], by, is_by_hand=True)[0]


def mark_delivered(dispatch: PostDispatch, on: date, to: str, by: Person | None = None) -> None:
    """The post has the signature of `to` from that day: proof that the office has the letter. Raises NotPossible."""
    note_by_hand(dispatch, ScanKind.DELIVERED, on, by, receiver=to)


def mark_returned(dispatch: PostDispatch, on: date, reason: str, by: Person | None = None) -> None:
    """The envelope came back. Raises NotPossible."""
    note_by_hand(dispatch, ScanKind.RETURNED, on, by, words=reason)


def name_receiver(dispatch: PostDispatch, receiver: str, by: Person) -> None:
    """Who signed for a delivery of which only the time was known. Raises NotPossible when nothing is left to say."""
    [dispatch] = _locked({dispatch.id})
    told = scans.of([dispatch])[dispatch.id].values()
    open_ones = (one for one in told if one.kind is ScanKind.DELIVERED and not (one.receiver or one.withdrawn_at))
    scan = min(open_ones, key=lambda one: one.at, default=None)
    if scan is None or not dispatch.is_delivered_to_nobody:
        raise NotPossible(_changed_meanwhile())
    scan.receiver = receiver
    record_all([_happened("scan_completed", scan)], person(by.id))
    _take_fold(dispatch, told)


def withdraw_scan(scan: PostScan, by: Person) -> None:
    """It was entered by mistake: the envelope is where the other scans say. Raises NotPossible when it was already."""
    [dispatch] = _locked({scan.dispatch_id})
    told = scans.of([dispatch])[dispatch.id].values()
    if scan.withdrawn_at is not None:
        raise NotPossible(_changed_meanwhile())
    scan.withdrawn_at = clock.now()
    record(dispatch.stream, "scan_withdrawn", person(by.id), {"scan": scan.id})
    _take_fold(dispatch, told)


def presume_lost() -> int:
    """Give up what was not scanned for ten working days of its sender. Returns how many that is.

    One query while nothing is that old.
    """
    last_seen = func.coalesce(PostDispatch.last_scan_at, PostDispatch.posted_at)
    silent = select(PostDispatch.id).where(
        PostDispatch.state.in_(rules.ON_THE_WAY), last_seen < clock.now() - rules.SURELY_UNDER_WAY
    )
    ids = set(db.session.scalars(silent))
    if not ids:
        return 0
    lost = 0
    for dispatch in _locked(ids):
        seen = dispatch.last_scan_at or dispatch.posted_at
        if dispatch.state in rules.ON_THE_WAY and seen and _is_silent_too_long(dispatch, seen):
            dispatch.state = PostState.PRESUMED_LOST
            dispatch.presumed_lost_on = clock.today(dispatch.letter.institution.zone)
            record(dispatch.stream, PostState.PRESUMED_LOST.value, CLOCK)
            lost += 1
    return lost


def _is_silent_too_long(dispatch: PostDispatch, seen: datetime) -> bool:
    office = dispatch.letter.institution
    calendar = workdays.calendar_for(office.region_code)
    return clock.today(office.zone) >= rules.given_up_on(clock.local(seen, office.zone).date(), calendar)


def _take_fold(dispatch: PostDispatch, told: Iterable[PostScan]) -> None:
    """Let the envelope be where its scans say. What does not change is no news to whom the letter is about."""
    found = rules.fold(one.sighting for one in told if one.withdrawn_at is None)
    dispatch.last_scan_at = found.last_scan_at
    end = _end(dispatch, found)
    if any(getattr(dispatch, name) != value for name, value in end.items()):
        for name, value in end.items():
            setattr(dispatch, name, value)
    db.session.expire(dispatch, ["scans"])


def _end(dispatch: PostDispatch, found: Whereabouts) -> dict[str, object]:
    """What the fold says of the columns of an envelope. Days are those where it happened."""
    delivered = found.delivered_at and clock.local(found.delivered_at, dispatch.institution.zone).date()
    returned = found.returned_at and clock.local(found.returned_at, dispatch.letter.institution.zone).date()
    return {
        "state": found.state,
        "delivered_on": delivered,
        "delivered_to": found.delivered_to,
        "returned_on": returned,
        "return_reason": found.return_reason,
        "presumed_lost_on": None,
    }


def _locked(ids: set[int]) -> list[PostDispatch]:
    """Hold these rows, in one order as everybody does, as they are now."""
    db.session.flush()
    found: list[PostDispatch] = []
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_ONCE):
        wanted = (
            select(PostDispatch)
            .join(PostDispatch.letter)
            .join(PostDispatch.institution)
            .where(PostDispatch.id.in_(ordered[first : first + AT_ONCE]))
            .order_by(PostDispatch.id)
            .options(contains_eager(PostDispatch.letter), contains_eager(PostDispatch.institution))
            .with_for_update(of=PostDispatch)
            .execution_options(populate_existing=True)
        )
        found.extend(db.session.scalars(wanted).unique())
    return found


def _happened(kind: str, scan: PostScan) -> Happened:
    return f"post:{scan.dispatch_id}", kind, {"scan": scan.id}, scan.at


def _refuse_unposted(dispatch: PostDispatch) -> None:
    if dispatch.state not in rules.GONE:
        raise NotPossible(_("This envelope was not posted yet. Enter its tracking number first."))


def _check_day(dispatch: PostDispatch, day: date, zone: str) -> None:
    posted_on = clock.local(dispatch.posted_at, zone).date() if dispatch.posted_at else day
    if fault := rules.day_fault(day, posted_on, clock.today(zone)):
        raise NotPossible(_day_sentence(fault))


def _day_sentence(fault: DayFault) -> str:
    return {
        DayFault.FUTURE: _("This day lies in the future. Please enter the day on the receipt."),
        DayFault.BEFORE_POSTING: _("This day is before the letter was posted. Please enter the day on the receipt."),
    }[fault]


def _changed_meanwhile() -> str:
    return _("Someone has changed this envelope in the meantime. Please look at its present state.")


def _move(dispatch: PostDispatch, state: PostState, by: Person | None, **details: str) -> None:
    db.session.flush()
    db.session.refresh(dispatch, ["state"], with_for_update=True)
    if not rules.may_become(dispatch.state, state):
        raise NotPossible(_changed_meanwhile())
    dispatch.state = state
    record(dispatch.stream, state.value, person(by.id) if by else SYSTEM, details)
