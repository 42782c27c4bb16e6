"""Use cases of the inbox: keep what came in, read what is kept."""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, takewhile

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from hub import clock
from hub.audit import service as audit
from hub.audit.rules import Actor
from hub.database import all_or_each
from hub.directory.models import Network
from hub.extensions import db
from hub.files import service as files
from hub.files import storage
from hub.files.rules import display_name
from hub.mail import queries as outbox_queries
from hub.mail import return_address
from hub.mail import service as outbox
from hub.mail.inbox.limits import SECONDS_PER_MAIL, TookTooLong, at_most
from hub.mail.inbox.models import IS_UNREAD, ArrivedBy, Filing, FoundBy, InboundMail
from hub.mail.models import EmailDispatch
from hub.mail.reading import numbers
from hub.mail.reading.bounces import Bounce, Permanence
from hub.mail.reading.classify import MailKind, Reading, read
from hub.mail.reading.parsing import LARGEST, Mail, Part, Unreadable
from hub.mail.reading.quoting import own_words
from hub.mail.rules import one_line

log = structlog.get_logger("hub.mail")

EML = "message/rfc822"
TRIES = 3
"""A mail that ended the process that read it this often is set aside."""
_CLAIM = timedelta(minutes=5)
SECONDS_PER_RUN = 10.0
"""Then the worker's other steps have their turn, whatever came in."""
_LONGEST_WORDS = 20_000
MOST_FILES = 20
_MOST_ADDRESSED = 100
REPORTS_WITHIN = timedelta(days=10)
"""A report that only names an address speaks of the last message there, if that left at most so long ago."""
LATEST_UPLOAD = timedelta(days=60)
"""So long after it was written a mail that is brought along still counts from that day."""


def keep(content: bytes, by: ArrivedBy) -> InboundMail:
    """Keep a mail as it came; the same bytes again are the same mail. Nothing is read from it here.

    Of one that is larger than any mail server lets through, the beginning is kept, and a person is told.
    """
    return keep_all([content], by)[0]


def keep_all(contents: Sequence[bytes], by: ArrivedBy) -> list[InboundMail]:
    """The same for several mails at once, in their order: a third of the time for each."""
    named = [(hashlib.sha256(content[:LARGEST]).hexdigest(), content) for content in contents]
    wanted = select(InboundMail).where(InboundMail.sha256.in_([sha256 for sha256, _ in named]))
    known = {mail.sha256: mail for mail in db.session.scalars(wanted)}
    for sha256, content in named:
        if sha256 not in known:
            known[sha256] = InboundMail(
                sha256=sha256,
                raw=files.store_made(f"{sha256[:12]}.eml", content[:LARGEST], EML),
                arrived_by=by,
                arrived_at=clock.now(),
                is_cut=len(content) > LARGEST,
            )
            db.session.add(known[sha256])
    db.session.flush()
    return [known[sha256] for sha256, _ in named]


@dataclass
class ReadReport:
    """What one run read, counted in mails."""

    read: int = 0
    quarantined: int = 0


def read_pending(limit: int = 50) -> ReadReport:
    """Read what was kept and not read yet. One mail that cannot be read is set aside and never stops the others.

    While mails are taken apart no transaction is open. Those that fit into memory together are entered together. A mail
    whose reader died before is read alone and first: neither are its neighbours lost with it again, nor does it wait
    for ever behind new ones.
    """
    report = ReadReport()
    until = time.monotonic() + SECONDS_PER_RUN
    for is_retried in (True, False):
        for together in _handfuls(_claim(1 if is_retried else limit, is_retried)):
            readings = {one.id: _read(one) for one in takewhile(lambda _: time.monotonic() < until, together)}
            _enter_all(readings, report)
            _release([one.id for one in together if one.id not in readings])
            db.session.commit()
    return report


def quarantine(mail: InboundMail, why: str) -> None:
    """Set a mail aside that could not be read; a person opens it with care."""
    mail.words = why[:_LONGEST_WORDS]
    _is(mail, MailKind.QUARANTINED)


def call(mail: InboundMail, kind: MailKind, by: Actor) -> None:
    """A person says what a mail is. It is kept all the same."""
    audit.record(mail.stream, "kind_corrected", by, {"from": mail.kind, "to": kind})
    mail.kind = kind


def keep_upload(content: bytes, by: Actor, network: Network, office_id: int) -> InboundMail:
    """Keep a mail that a person of this office saved and brought along. It counts from the day it was written.

    One that the hub has already stays where it is.
    """
    mail = keep(content, ArrivedBy.UPLOAD)
    if mail.arrived_by is ArrivedBy.UPLOAD and mail.network is None:
        mail.network, mail.office_id = network, office_id
    audit.record(mail.stream, "uploaded", by)
    return mail


def believe_report(mail: InboundMail, by: Actor) -> None:
    """A person takes a report for true that anybody could have written: the message it is about ends as it says."""
    audit.record(mail.stream, "report_believed", by)
    bounce = read(files.read(mail.raw)).bounce  # once more: it was read within the time before
    if bounce and mail.dispatch:
        _tell(mail.dispatch, bounce, mail.arrived_at)


def file(mail: InboundMail, filing: Filing | None, network: Network | None, office_id: int | None = None) -> None:
    """Note where the mail ended up. The floor above decides; `office_id` is the office whose registrar owns it."""
    mail.filing, mail.network, mail.office_id = filing, network, office_id
    mail.noticed_at = clock.now()


_About = tuple[EmailDispatch | None, FoundBy | None]


@dataclass(frozen=True)
class _Waiting:
    """What is needed to read a mail without asking the database again."""

    id: int
    sha256: str
    tries: int
    is_cut: bool
    size: int


@dataclass(frozen=True)
class _Found:
    """All that can be said of a mail without the database: what takes time is done before a transaction is open."""

    reading: Reading
    words: str
    numbers: list[str]
    came_to: list[str]
    thread: list[str]
    files: list[tuple[Part, str]]
    left_out: list[str]


def _handfuls(waiting: list[_Waiting]) -> Iterator[list[_Waiting]]:
    """So many at once that together they are no larger than the largest mail alone."""
    together: list[_Waiting] = []
    for one in waiting:
        if together and sum(other.size for other in (*together, one)) > LARGEST:
            yield together
            together = []
        together.append(one)
    if together:
        yield together


def _claim(limit: int, is_retried: bool) -> list[_Waiting]:
    """Mark mails as ours, so that several workers never read the same, and note that reading them begins.

    `is_retried`: of those whose reader died before.
    """
    now = clock.now()
    free = or_(InboundMail.claimed_until.is_(None), InboundMail.claimed_until <= now)
    mails = db.session.scalars(
        select(InboundMail)
        .where(IS_UNREAD, free, InboundMail.tries > 0 if is_retried else InboundMail.tries == 0)
        .order_by(InboundMail.tries, InboundMail.id)
        .limit(limit)
        .options(joinedload(InboundMail.raw))
        .with_for_update(skip_locked=True, of=InboundMail)
    ).all()
    for mail in mails:
        mail.tries += 1
        mail.claimed_until = now + _CLAIM
    waiting = [_Waiting(mail.id, mail.sha256, mail.tries, mail.is_cut, mail.raw.size) for mail in mails]
    db.session.commit()
    return waiting


def _release(ids: Sequence[int]) -> None:
    """Give claimed mails back that were not begun with."""
    if not ids:
        return
    for mail in db.session.scalars(select(InboundMail).where(InboundMail.id.in_(ids))):
        mail.claimed_until = None
        mail.tries -= 1


def _read(waiting: _Waiting) -> _Found | str:
    """What the mail is, or in a sentence why that cannot be said."""
    if waiting.tries > TRIES:
        return "Reading this mail ended the program several times."
    if waiting.is_cut:
        return f"The mail is larger than {LARGEST // 1024 // 1024} MB; only its beginning was kept."
    try:
        with at_most(SECONDS_PER_MAIL):
            return _found(read(storage.path(waiting.sha256).read_bytes()))
    except (Unreadable, TookTooLong) as problem:
        return str(problem)
    except Exception as problem:  # whatever a mail does to its reader must not stop the next one
        log.exception("mail_not_read", mail=waiting.id)
        return f"{type(problem).__name__}: {problem}"


_WITH_FILES = (MailKind.HUMAN, MailKind.AUTO_REPLY, MailKind.JUNK)
"""What people wrote or may have written."""


def _found(reading: Reading) -> _Found:
    parsed, bounce = reading.mail, reading.bounce
    words = reading.reply_text or (bounce.words if bounce else own_words(parsed.text))
    words = words[:_LONGEST_WORDS]
    came_to = [value for name in _ADDRESSED for value in parsed.all_headers(name)[:_MOST_ADDRESSED]]
    accepted: list[tuple[Part, str]] = []
    parts = parsed.files if reading.kind in _WITH_FILES else []
    left_out = [one_line(part.name, 100) for part in parts[MOST_FILES:]]
    for part in parts[:MOST_FILES]:
        try:
            accepted.append((part, files.accepted_type(part.name, part.content)))
        except files.UnacceptableFile:
            left_out.append(one_line(part.name, 100))
    mentioned = numbers.mentioned(_subject(parsed), words)
    return _Found(reading, words, mentioned, came_to, parsed.thread, accepted, left_out)


def _subject(parsed: Mail) -> str:
    return one_line(parsed.header("Subject"), 300)


def _enter_all(readings: Mapping[int, _Found | str], report: ReadReport) -> None:
    if not readings:
        return
    mine = select(InboundMail).where(InboundMail.id.in_(readings)).order_by(InboundMail.id).with_for_update()
    abouts: dict[int, _About] = {}
    try:
        abouts = _abouts({id: found for id, found in readings.items() if isinstance(found, _Found)})
    except Exception:  # looked up one by one below: the mail that it fails for is set aside alone
        log.exception("mails_not_looked_up")
        db.session.rollback()
    mails = db.session.scalars(mine).all()
    all_or_each(db.session, mails, partial(_enter_or_set_aside, readings=readings, abouts=abouts), _set_aside)
    report.read += len(mails)
    report.quarantined += sum(mail.kind is MailKind.QUARANTINED for mail in mails)


def _enter_or_set_aside(mail: InboundMail, readings: Mapping[int, _Found | str], abouts: Mapping[int, _About]) -> None:
    found = readings[mail.id]
    if isinstance(found, str):
        quarantine(mail, found)
    else:
        _enter(mail, found, abouts.get(mail.id) or _abouts({mail.id: found})[mail.id])


def _set_aside(mail: InboundMail, problem: Exception) -> None:
    """What was read cannot be entered."""
    if isinstance(problem, OSError):
        raise problem  # the disk is ill, not the mail
    log.error("mail_not_entered", mail=mail.id, exc_info=problem)
    quarantine(mail, f"{type(problem).__name__}: {problem}")


def enter(mail: InboundMail, found: Reading) -> None:
    """Enter what was read of a mail, and let the message of ours that it is about know."""
    all_of_it = _found(found)
    _enter(mail, all_of_it, _abouts({mail.id: all_of_it})[mail.id])


def _enter(mail: InboundMail, found: _Found, about: _About) -> None:
    reading, parsed = found.reading, found.reading.mail
    name, address = parsed.sender
    mail.sender_name = one_line(name, 200)
    mail.sender_address = address[:254]
    mail.sender_domain = address.rpartition("@")[2][:254]
    mail.subject = _subject(parsed)
    mail.words = found.words
    mail.is_away, mail.away_until = reading.is_away, reading.away_until
    mail.numbers = found.numbers
    mail.dispatch, mail.found_by = about
    kind = reading.kind
    if kind is MailKind.JUNK and (mail.dispatch or mail.numbers):
        kind = MailKind.HUMAN  # a filter took an answer for spam
    if kind is not MailKind.JUNK:
        _keep_files(mail, found)
    if reading.bounce:
        _enter_bounce(mail, reading.bounce)
    if mail.arrived_by is ArrivedBy.UPLOAD and parsed.written_at:
        mail.arrived_at = _counts_from(mail, parsed.written_at)
    _is(mail, kind)


def _counts_from(mail: InboundMail, written_at: datetime) -> datetime:
    """The day an uploaded mail says that it was written, within reason: nobody answers what has not left yet."""
    earliest = mail.arrived_at - LATEST_UPLOAD
    if mail.dispatch and mail.dispatch.handed_over_at:
        earliest = max(earliest, mail.dispatch.handed_over_at)
    return min(mail.arrived_at, max(written_at, earliest))


def _is(mail: InboundMail, kind: MailKind) -> None:
    mail.kind, mail.read_at, mail.claimed_until = kind, clock.now(), None


def _abouts(mails: Mapping[int, _Found]) -> dict[int, _About]:
    """Our message that each of these mails answers or reports on: by the address it came to, else by the thread."""
    named = dict(zip(mails, return_address.behind_each([mail.came_to for mail in mails.values()]), strict=True))
    threads = {id: mail.thread for id, mail in mails.items() if not named[id]}
    sent = {one.message_id: one for one in outbox_queries.by_message_ids(list(chain(*threads.values())))}
    found: dict[int, _About] = {}
    for id in mails:
        answered = next((sent[one] for one in threads.get(id, ()) if one in sent), None)
        by_thread: _About = (answered, FoundBy.THREAD) if answered else (None, None)
        found[id] = (named[id][0], FoundBy.ADDRESS) if named[id] else by_thread
    return found


_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")


def _enter_bounce(mail: InboundMail, bounce: Bounce) -> None:
    """A report about a message we know ends it. One that anybody could have written changes nothing by itself.

    The address and the thread only servers on the way of the message can know. A recipient alone is a guess.
    """
    mail.recipients = list(bounce.recipients)[:20]
    if mail.dispatch is None and len(bounce.recipients) == 1:
        mail.dispatch = outbox_queries.last_to(bounce.recipients[0], clock.now() - REPORTS_WITHIN)
        mail.found_by = FoundBy.RECIPIENT if mail.dispatch else None
    is_sure = mail.found_by is not FoundBy.RECIPIENT and mail.arrived_by is not ArrivedBy.UPLOAD
    if mail.dispatch and is_sure:
        _tell(mail.dispatch, bounce, mail.arrived_at)


def _tell(dispatch: EmailDispatch, bounce: Bounce, at: datetime) -> None:
    """The message bounced, or is late. A report of somebody else, to whom it was sent on, condemns no address."""
    if not bounce.is_final:
        outbox.delay(dispatch, bounce.words, at)
        return
    is_named = not bounce.recipients or dispatch.to_address.casefold() in map(str.casefold, bounce.recipients)
    is_permanent = is_named and bounce.permanence is Permanence.PERMANENT
    outbox.bounce(dispatch, bounce.words, is_permanent, at)


def _keep_files(mail: InboundMail, found: _Found) -> None:
    """Keep the files that came along, as far as the hub takes them; the others are named and lie in the mail."""
    for part, media_type in found.files:
        mail.files.append(files.store_made(display_name(part.name), part.content, media_type))
    mail.left_out = found.left_out
