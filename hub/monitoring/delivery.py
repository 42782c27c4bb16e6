"""Is mail going out, is it coming in, and where does it get stuck: in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, case, func, select

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
from hub.mail.inbox.models import IS_UNREAD, InboundMail, Mailbox
from hub.mail.models import IS_QUEUED, AttemptOutcome, EmailAttempt, EmailDispatch
from hub.mail.queries import Waiting
from hub.silence.queries import Case, cases
from hub.silence.rules import Grade

LOOKED_BACK = timedelta(days=30)
MOST_DOMAINS = 20
_TROUBLE = (AttemptOutcome.REFUSED, AttemptOutcome.POSTPONED, AttemptOutcome.BOUNCED, AttemptOutcome.DELAYED)
"""What a recipient's server, or a report about it, has to do with; a server of ours is told above all domains."""


@dataclass(frozen=True)
class Delivery:
    """`queued`: messages under way out. `waiting`: those of them that should have left.

    `domains`: mail domains with trouble in the last 30 days, the worst first. `repairs`: addresses that came back and
    were not mended. `unproven`: letters that a server took and nobody confirmed in time, the longest ago first.
    """

    queued: int
    waiting: Waiting
    domains: Sequence[Row[str, int, int, datetime]]
    repairs: list[ContactFault]
    undelivered: list[Case]
    unproven: list[Case]
    mailbox: Mailbox | None
    unread: int
    held: int

    @property
    def is_well(self) -> bool:
        stuck = self.waiting.count or self.repairs or self.undelivered or (self.mailbox and self.mailbox.error)
        return not stuck


def delivery(account: Account) -> Delivery:
    """The state of mail, with letters as far as this person may see them."""
    known = cases(forwardings.visible(account)) if forwardings.sees_any(account) else []
    graded = {grade: [one for one in known if one.verdict.grade is grade] for grade in Grade}
    return Delivery(
        queued=db.session.scalar(select(func.count()).select_from(EmailDispatch).where(IS_QUEUED)) or 0,
        waiting=outbox.waiting(),
        domains=_domains(),
        repairs=[fault for fault in directory.open_faults() if fault.kind is FaultKind.BOUNCED],
        undelivered=graded[Grade.UNDELIVERED],
        unproven=sorted(graded[Grade.RECEIPT_UNPROVEN], key=lambda one: (str(one.verdict.since), one.id)),
        mailbox=mailbox.mailbox(),
        unread=db.session.scalar(select(func.count(InboundMail.id)).where(IS_UNREAD)) or 0,
        held=inbox.number_held(account) if account.may(Capability.REVIEW) else 0,
    )


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
