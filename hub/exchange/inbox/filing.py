"""Filing what came in: by the address it was sent to, the thread it answers, or the letter numbers it names."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from hub import clock
from hub.database import all_or_each
from hub.directory import queries as directory
from hub.directory.models import Institution, Network
from hub.exchange.inbox import absences
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings import stages
from hub.forwardings.models import Forwarding
from hub.mail.inbox import queries as inbox
from hub.mail.inbox import service
from hub.mail.inbox.models import Filing, FoundBy, InboundMail
from hub.mail.models import EmailPurpose
from hub.mail.reading.classify import MailKind
from hub.responses import replies
from hub.upkeep import faults
from hub.workdays import queries as workdays

log = structlog.get_logger("hub.exchange")

_AT_ONCE = 50
HOST = Network.KEMENSETNEG
"""Whose registrars look at a mail that says nothing of itself: the network that runs the hub."""


@dataclass
class FilingReport:
    """What one run did, counted in mails."""

    filed: int = 0
    held: int = 0


def file_pending() -> FilingReport:
    """File all mail that was read since the last time, some dozens in one transaction.

    One that cannot be filed is held for a person; it never stops the others.
    """
    report = FilingReport()
    for is_reply in (False, True):
        while mails := sorted(inbox.news(_AT_ONCE, is_reply), key=_about):
            with workdays.keeping_calendars():
                letters = _letters_of(mails) if is_reply else []
                all_or_each(db.session, mails, place, _hold)
            held = sum(mail.filing is Filing.HELD for mail in mails)
            report.held += held
            report.filed += len(mails) - held
            db.session.commit()
            del letters
    return report


def _letters_of(mails: Sequence[InboundMail]) -> list[Forwarding]:
    """The letters that these mails answer, locked; held on to, so that each is read once.

    Offices come first, as everywhere: who answers shows that the address is read.
    """
    about = [(mail, mail.dispatch) for mail in mails if mail.dispatch]
    faults.heard_from(*(sent for mail, sent in about if sent.to_address.lower() == mail.sender_address))
    return stages.lock_all(forwardings.ids_of(sent.about for _, sent in about))


def _about(mail: InboundMail) -> tuple[int, str, int]:
    """Rows are locked in one order, as by everybody."""
    about = mail.dispatch.about if mail.dispatch else ""
    return len(about), about, mail.id


def _hold(mail: InboundMail, problem: Exception) -> None:
    log.error("mail_not_filed", mail=mail.id, exc_info=problem)
    service.file(mail, Filing.HELD, HOST)


def place(mail: InboundMail) -> None:
    """File one mail that was read, or hold it for a person."""
    if mail.noticed_at is not None:
        return
    if mail.kind is MailKind.HUMAN:
        _file_reply(mail)
    elif mail.kind is MailKind.QUARANTINED or (mail.kind is MailKind.BOUNCE and mail.dispatch is None):
        service.file(mail, Filing.HELD, HOST)
    else:
        if mail.kind is MailKind.AUTO_REPLY:
            absences.notice(mail)
        service.file(mail, None, None)


def _file_reply(mail: InboundMail) -> None:
    found = answered(mail)
    if not found:
        network, office = owner(mail)
        service.file(mail, Filing.HELD, network, office)
        return
    for forwarding, found_by in sorted(found.items(), key=lambda one: one[0].id):
        replies.take(forwarding, mail, found_by)
    first = next(iter(found))
    service.file(mail, Filing.MATCHED, first.network, first.sender_id)


def answered(mail: InboundMail) -> dict[Forwarding, FoundBy]:
    """The letters a mail surely answers, and what shows it. Empty for one that a person has to look at.

    The address and the thread only whoever has the letter can know. A number can be guessed: it counts when the sender
    is known at the office that got that letter, or when the mail answers another letter to the same office anyway.
    """
    found: dict[Forwarding, FoundBy] = {}
    offices: set[int] = set()
    if mail.dispatch and mail.found_by and mail.dispatch.purpose is not EmailPurpose.COPY:
        forwarding = forwardings.by_stream(mail.dispatch.about)
        if forwarding is not None and forwarding.recipient_id == mail.dispatch.institution_id:
            found[forwarding] = mail.found_by
            offices.add(forwarding.recipient_id)
    others = set(mail.numbers) - {one.letter.number_key for one in found}
    named = forwardings.by_letter_numbers(others) if others else []
    if named:
        offices |= directory.offices_of(mail.sender_address)
    for forwarding in named:
        if forwarding.recipient_id in offices:
            found.setdefault(forwarding, FoundBy.NUMBER)
    return found


def owner(mail: InboundMail) -> tuple[Network, int | None]:
    """The network whose registrar looks at a held mail, and the office if one can be told."""
    named = forwardings.by_letter_numbers(mail.numbers) if mail.numbers else []
    if mail.dispatch and (about := forwardings.by_stream(mail.dispatch.about)):
        named = [about, *named]
    if named:
        return named[0].network, named[0].sender_id
    networks = {
        appointment.network
        for id in directory.offices_of(mail.sender_address)
        for appointment in directory.appointments_of(db.session.get_one(Institution, id))
        if appointment.person.email == mail.sender_address
        and appointment.is_in_force(clock.today(appointment.institution.zone))
    }
    return (networks.pop() if len(networks) == 1 else HOST), None
