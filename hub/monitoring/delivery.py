"""Is mail going out, is it coming in, and where does it get stuck: in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, case, func, or_, select

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.directory import queries as directory
from hub.directory.models import ContactFault, FaultKind
from hub.exchange.inbox import queries as inbox
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.mail import queries as outbox
from hub.mail.inbox import queries as mailbox
from hub.mail.inbox.models import InboundMail, Mailbox
from hub.mail.inbox.queries import Intake
from hub.mail.models import IS_QUEUED, AttemptOutcome, EmailAttempt, EmailDispatch
from hub.mail.queries import Waiting
from hub.mail.reading.classify import MailKind
from hub.silence.models import Heartbeat
from hub.silence.queries import Case, cases
from hub.silence.rules import Grade
from hub.silence.service import SWEEP_EVERY

LOOKED_BACK = timedelta(days=30)
MOST_DOMAINS = 20
_TROUBLE = (AttemptOutcome.REFUSED, AttemptOutcome.POSTPONED, AttemptOutcome.BOUNCED, AttemptOutcome.DELAYED)
"""What a recipient's server, or a report about it, has to do with; a server of ours is told above all domains."""


LONGEST_UNVISITED = timedelta(minutes=30)
"""A mailbox is visited every minute, and a visit takes two at most."""
LONGEST_UNREAD = timedelta(minutes=15)
"""What was kept is read in seconds. One that ends the program that reads it is set aside after a quarter of an hour."""
LONGEST_SILENCE = 2 * SWEEP_EVERY
"""Of the worker: each sweep is a sign that it goes round."""


class Flow(StrEnum):
    """How mail flows, the worst first: it does not leave, nobody works, it is not read, some is lost, all is well."""

    STUCK = "stuck"
    IDLE = "idle"
    DEAF = "deaf"
    TROUBLED = "troubled"
    WELL = "well"


@dataclass(frozen=True)
class Delivery:
    """How mail stands `at` this moment.

    `queued`: messages under way out. `waiting`: those of them that should have left. `worked_at`: when the worker was
    heard of last. `domains`: mail domains with trouble in the last 30 days, the worst first. `repairs`: addresses that
    came back and were not mended. `unproven`: letters that a server took and nobody confirmed in time, the longest ago
    first. `arrivals`: mails that came in and were read, in the last 30 days, by kind.
    """

    at: datetime
    worked_at: datetime | None
    queued: int
    waiting: Waiting
    domains: Sequence[Row[str, int, int, datetime]]
    repairs: list[ContactFault]
    undelivered: list[Case]
    unproven: list[Case]
    mailbox: Mailbox | None
    intake: Intake
    arrivals: dict[MailKind, int]
    held: int

    @property
    def state(self) -> Flow:
        if self.waiting.count:
            return Flow.STUCK
        if self.is_idle:
            return Flow.IDLE
        if self.is_unvisited or self.is_left_unread or (self.mailbox and self.mailbox.error):
            return Flow.DEAF
        return Flow.TROUBLED if self.undelivered or self.repairs else Flow.WELL

    @property
    def is_idle(self) -> bool:
        return self.worked_at is None or self.at - self.worked_at > LONGEST_SILENCE

    @property
    def is_unvisited(self) -> bool:
        """The mailbox was left alone too long, and no visit says why. A first one that is under way has its time."""
        if self.mailbox is None or self.mailbox.error:
            return False
        last = self.mailbox.visited_at or self.mailbox.tried_at
        return last is None or self.at - last > LONGEST_UNVISITED

    @property
    def is_left_unread(self) -> bool:
        since = self.intake.unread_since
        return since is not None and self.at - since > LONGEST_UNREAD

    @property
    def is_marked_as_spam(self) -> bool:
        return MailKind.FEEDBACK in self.arrivals


def delivery(account: Account) -> Delivery:
    """The state of mail, with letters as far as this person may see them."""
    known = cases(forwardings.visible(account)) if forwardings.sees_any(account) else []
    graded = {grade: [one for one in known if one.verdict.grade is grade] for grade in Grade}
    return Delivery(
        at=clock.now(),
        worked_at=db.session.scalar(select(func.max(Heartbeat.at))),
        queued=db.session.scalar(select(func.count()).select_from(EmailDispatch).where(IS_QUEUED)) or 0,
        waiting=outbox.waiting(),
        domains=_domains(),
        repairs=[fault for fault in directory.open_faults() if fault.kind is FaultKind.BOUNCED],
        undelivered=graded[Grade.UNDELIVERED],
        unproven=sorted(graded[Grade.RECEIPT_UNPROVEN], key=lambda one: (str(one.verdict.since), one.id)),
        mailbox=mailbox.mailbox(),
        intake=mailbox.intake(),
        arrivals=_arrivals(account),
        held=inbox.number_held(account) if account.may(Capability.REGISTER) else 0,
    )


def _arrivals(account: Account) -> dict[MailKind, int]:
    """Mails by kind, of the own network and of those that belong to none: numbers only, so for every office of it."""
    own = or_(InboundMail.network.is_(None), InboundMail.network == account.institution.network)
    found = db.session.execute(
        select(InboundMail.kind, func.count())
        .where(InboundMail.arrived_at > clock.now() - LOOKED_BACK, InboundMail.kind.is_not(None), own)
        .group_by(InboundMail.kind)
    )
    numbers = dict(found.all())
    return {kind: numbers[kind] for kind in MailKind if kind in numbers}


def _domains() -> Sequence[Row[str, int, int, datetime]]:
    """Domain, messages refused or returned, messages put off or delayed, and when that was last."""
    lost = case((EmailAttempt.outcome.in_((AttemptOutcome.REFUSED, AttemptOutcome.BOUNCED)), EmailAttempt.dispatch_id))
    late = case(
        (EmailAttempt.outcome.in_((AttemptOutcome.POSTPONED, AttemptOutcome.DELAYED)), EmailAttempt.dispatch_id)
    )
    numbers = (func.count(lost.distinct()), func.count(late.distinct()))
    return db.session.execute(
        select(EmailDispatch.to_domain, *numbers, func.max(EmailAttempt.at))
        .join(EmailDispatch, EmailDispatch.id == EmailAttempt.dispatch_id)
        .where(EmailAttempt.at > clock.now() - LOOKED_BACK, EmailAttempt.outcome.in_(_TROUBLE))
        .group_by(EmailDispatch.to_domain)
        .order_by(numbers[0].desc(), numbers[1].desc(), EmailDispatch.to_domain)
        .limit(MOST_DOMAINS)
    ).all()
