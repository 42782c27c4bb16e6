"""Use cases of the inbox: keep what came in, read what is kept."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain

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
from hub.mail import queries as outbox_queries
from hub.mail import return_address
from hub.mail import service as outbox
from hub.mail.inbox.limits import SECONDS_PER_MAIL, TookTooLong, at_most
from hub.mail.inbox.models import IS_UNREAD, ArrivedBy, Filing, FoundBy, InboundMail
from hub.mail.models import EmailDispatch
from hub.mail.reading import numbers
from hub.mail.reading.bounces import Bounce, Permanence
from hub.mail.reading.classify import MailKind, Reading, read
from hub.mail.reading.parsing import LARGEST, Mail, Unreadable
from hub.mail.rules import one_line

log = structlog.get_logger("hub.mail")

EML = "message/rfc822"
TRIES = 3
"""A mail that ended the process that read it this often is set aside."""
_CLAIM = timedelta(minutes=5)
_LONGEST_WORDS = 20_000
MOST_FILES = 20
REPORTS_WITHIN = timedelta(days=10)
"""A report that only names an address speaks of the last message there, if that left at most so long ago."""


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

    While mails are taken apart no transaction is open. Those that fit into memory together are entered together.
    """
    report = ReadReport()
    for together in _handfuls(_claim(limit)):
        readings = {waiting.id: _read(waiting) for waiting in together}
        abouts = _abouts({id: found.mail for id, found in readings.items() if isinstance(found, Reading)})
        mine = select(InboundMail).where(InboundMail.id.in_(readings)).order_by(InboundMail.id).with_for_update()
        mails = db.session.scalars(mine).all()
        enter_one = partial(_enter_or_set_aside, readings=readings, abouts=abouts)
        all_or_each(db.session, mails, enter_one, _set_aside)
        report.read += len(mails)
        report.quarantined += sum(mail.kind is MailKind.QUARANTINED for mail in mails)
        db.session.commit()
    return report


def quarantine(mail: InboundMail, why: str) -> None:
    """Set a mail aside that could not be read; a person opens it with care."""
    mail.words = why[:_LONGEST_WORDS]
    _is(mail, MailKind.QUARANTINED)


def mark_junk(mail: InboundMail, by: Actor) -> None:
    """A person says that nobody needs this mail. It is kept all the same."""
    mail.kind, mail.filing = MailKind.JUNK, None
    audit.record(mail.stream, "marked_as_junk", by)


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


def _claim(limit: int) -> list[_Waiting]:
    """Mark mails as ours, so that several workers never read the same, and note that reading them begins.

    A mail whose reader died before is taken alone: its neighbours are not lost with it a second time.
    """
    now = clock.now()
    free = or_(InboundMail.claimed_until.is_(None), InboundMail.claimed_until <= now)
    mails = db.session.scalars(
        select(InboundMail)
        .where(IS_UNREAD, free)
        .order_by(InboundMail.tries, InboundMail.id)
        .limit(limit)
        .options(joinedload(InboundMail.raw))
        .with_for_update(skip_locked=True, of=InboundMail)
    ).all()
    mails = [one for one in mails if one.tries == 0] or mails[:1]
    for mail in mails:
        mail.tries += 1
        mail.claimed_until = now + _CLAIM
    waiting = [_Waiting(mail.id, mail.sha256, mail.tries, mail.is_cut, mail.raw.size) for mail in mails]
    db.session.commit()
    return waiting


def _read(waiting: _Waiting) -> Reading | str:
    """What the mail is, or in a sentence why that cannot be said."""
    if waiting.tries > TRIES:
        return "Reading this mail ended the program several times."
    if waiting.is_cut:
        return f"The mail is larger than {LARGEST // 1024 // 1024} MB; only its beginning was kept."
    try:
        with at_most(SECONDS_PER_MAIL):
            return read(storage.path(waiting.sha256).read_bytes())
    except (Unreadable, TookTooLong) as problem:
        return str(problem)
    except Exception as problem:  # whatever a mail does to its reader must not stop the next one
        log.exception("mail_not_read", mail=waiting.id)
        return f"{type(problem).__name__}: {problem}"


def _enter_or_set_aside(mail: InboundMail, readings: Mapping[int, Reading | str], abouts: Mapping[int, _About]) -> None:
    found = readings[mail.id]
    if isinstance(found, Reading):
        _enter(mail, found, abouts[mail.id])
    else:
        quarantine(mail, found)


def _set_aside(mail: InboundMail, problem: Exception) -> None:
    """What was read cannot be entered."""
    if isinstance(problem, OSError):
        raise problem  # the disk is ill, not the mail
    log.error("mail_not_entered", mail=mail.id, exc_info=problem)
    quarantine(mail, f"{type(problem).__name__}: {problem}")


def enter(mail: InboundMail, found: Reading) -> None:
    """Enter what was read of a mail, and let the message of ours that it is about know."""
    _enter(mail, found, _abouts({mail.id: found.mail})[mail.id])


def _enter(mail: InboundMail, found: Reading, about: _About) -> None:
    parsed = found.mail
    name, address = parsed.sender
    mail.sender_name = one_line(name, 200)
    mail.sender_address = address[:254]
    mail.sender_domain = address.rpartition("@")[2][:254]
    mail.subject = one_line(parsed.header("Subject"), 300)
    mail.words = (found.reply_text or (found.bounce.words if found.bounce else ""))[:_LONGEST_WORDS]
    mail.is_away, mail.away_until = found.is_away, found.away_until
    mail.numbers = numbers.mentioned(mail.subject, found.reply_text)
    mail.dispatch, mail.found_by = about
    if found.kind is MailKind.HUMAN:
        _keep_files(mail, parsed)
    if found.bounce:
        _enter_bounce(mail, found.bounce)
    _is(mail, found.kind)


def _is(mail: InboundMail, kind: MailKind) -> None:
    mail.kind, mail.read_at, mail.claimed_until = kind, clock.now(), None


def _abouts(parsed: Mapping[int, Mail]) -> dict[int, _About]:
    """Our message that each of these mails answers or reports on: by the address it came to, else by the thread."""
    came_to = [[value for name in _ADDRESSED for value in mail.all_headers(name)] for mail in parsed.values()]
    named = dict(zip(parsed, return_address.behind_each(came_to), strict=True))
    threads = {id: mail.thread for id, mail in parsed.items() if not named[id]}
    sent = {one.message_id: one for one in outbox_queries.by_message_ids(list(chain(*threads.values())))}
    found: dict[int, _About] = {}
    for id in parsed:
        answered = next((sent[one] for one in threads.get(id, ()) if one in sent), None)
        by_thread: _About = (answered, FoundBy.THREAD) if answered else (None, None)
        found[id] = (named[id][0], FoundBy.ADDRESS) if named[id] else by_thread
    return found


_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")


def _enter_bounce(mail: InboundMail, bounce: Bounce) -> None:
    """A report about a message we know ends it. Only its address, thread or a named recipient may do so."""
    mail.permanence, mail.status, mail.recipients = bounce.permanence, bounce.status, list(bounce.recipients)[:20]
    if mail.dispatch is None and len(bounce.recipients) == 1:
        mail.dispatch = outbox_queries.last_to(bounce.recipients[0], clock.now() - REPORTS_WITHIN)
        mail.found_by = FoundBy.RECIPIENT if mail.dispatch else None
    if mail.dispatch is None:
        return
    if bounce.is_final:
        outbox.bounce(mail.dispatch, bounce.words, bounce.permanence is Permanence.PERMANENT, mail.arrived_at)
    else:
        outbox.delay(mail.dispatch, bounce.words, mail.arrived_at)


def _keep_files(mail: InboundMail, parsed: Mail) -> None:
    """Keep the files that came along, as far as the hub takes them; the others are named and lie in the mail."""
    left_out = []
    for part in parsed.files[:MOST_FILES]:
        try:
            mail.files.append(files.store(part.name, part.content))
        except files.UnacceptableFile:
            left_out.append(one_line(part.name, 100))
    mail.left_out = left_out
