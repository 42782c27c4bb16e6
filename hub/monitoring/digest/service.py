"""The morning mail to those who watch a network: once on each working day, in their office hours."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import exists, select

from hub import clock
from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import Role
from hub.directory.models import Network, Person
from hub.extensions import db
from hub.forwardings.models import IS_OPEN, Forwarding
from hub.mail import service as mail
from hub.mail.models import EmailPurpose
from hub.mail.rules import usable_address
from hub.monitoring.digest import words
from hub.monitoring.digest.state import Morning, morning
from hub.monitoring.digest.words import Before
from hub.monitoring.models import Digest
from hub.silence import heartbeat
from hub.silence.models import Heartbeat
from hub.silence.queries import Case, cases
from hub.silence.service import SWEEP_EVERY
from hub.upkeep.questions import signature
from hub.upkeep.rules import is_weekday_hour
from hub.workdays import queries as workdays
from hub.workdays.rules import Calendar, is_office_hour

log = structlog.get_logger("hub.monitoring")
DIGEST = "digest"


def send_due(now: datetime) -> int:
    """Write to every monitor who has not been written to today. Returns how many mails that is.

    Whoever could not be written to in the morning gets it later on the same day: of a time without any worker only the
    day on which it ends is told. No query outside office hours, one while nobody is left.
    """
    if not any(is_weekday_hour(clock.local(now, zone)) for zone in clock.ZONES):
        return 0
    day = clock.local(now, "WIB").date()  # while any office of the country is open, all zones have the same date
    monitors = _monitors(day)
    if not monitors or _just_failed(now):
        return 0
    calendars, known, sent = workdays.calendars(), _Known(now), 0
    failed: list[int] = []
    for one in monitors:
        calendar = calendars.of(one.institution.region_code)
        if not is_office_hour(clock.local(now, one.institution.zone), calendar):
            continue
        try:
            with db.session.begin_nested():
                sent += _write_once(one, known.morning(one, day, calendar))
        except Exception:
            log.exception("digest_failed", account=one.id)
            failed.append(one.id)
    if failed or not is_told():
        db.session.merge(Heartbeat(name=DIGEST, at=now, failed=failed))
    return sent


def is_told() -> bool:
    """False when within a day somebody could not be written to, and not since."""
    last = db.session.get(Heartbeat, DIGEST)
    return last is None or not last.failed or clock.now() - last.at > timedelta(days=1)


class _Known:
    """What is open in each network, read when it is first asked for."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._cases: dict[Network, list[Case]] = {}

    def morning(self, account: Account, day: date, calendar: Calendar) -> Morning:
        office = account.institution
        if office.network not in self._cases:
            self._cases[office.network] = cases(Forwarding.network == office.network, self._now)
        failed = heartbeat.named(heartbeat.left_behind(), IS_OPEN & (Forwarding.network == office.network))
        return morning(self._cases[office.network], office.id, day, calendar, failed)


def _monitors(day: date) -> Sequence[Account]:
    """Those who can sign in and be mailed, and have no digest of that day."""
    watches = Account.granted.any(AccountRole.role == Role.MONITOR)
    has_it = exists().where(Digest.account_id == Account.id, Digest.day == day)
    wanted = select(Account).where(watches, Account.is_enabled, ~has_it).order_by(Account.id)
    return [one for one in db.session.scalars(wanted).unique() if usable_address(one.person.email)]


def _just_failed(now: datetime) -> bool:
    """What failed is tried again with the next sweep, not every two seconds."""
    last = db.session.get(Heartbeat, DIGEST)
    return last is not None and bool(last.failed) and now - last.at < SWEEP_EVERY


def _write_once(account: Account, found: Morning) -> bool:
    """Under a lock on the person: of two workers, one writes."""
    db.session.refresh(account.person, with_for_update={"of": Person})
    last = _last(account)
    if last and last.day >= found.day:
        return False
    if found.opened:
        _write(account, found, last)
    grades = {str(grade): number for grade, number in found.grades.items()}
    row = {"day": found.day, "made_at": clock.now(), "grades": grades, "silent": sorted(found.silent)}
    db.session.add(Digest(account_id=account.id, **row))
    return found.opened > 0


def _last(account: Account) -> Digest | None:
    mine = select(Digest).where(Digest.account_id == account.id)
    return db.session.scalar(mine.order_by(Digest.day.desc()).limit(1))


def _write(account: Account, found: Morning, last: Digest | None) -> None:
    network, person = account.institution.network, account.person
    before = Before(last.day, last.grades, frozenset(last.silent)) if last else None
    mail.queue(
        about=account.stream,
        purpose=EmailPurpose.NOTICE,
        institution_id=account.institution.id,
        to_name=person.name,
        to_address=person.email,
        subject=words.subject(network, found),
        paragraphs=words.paragraphs(network, found, before),
        signature=signature(network),
    )
