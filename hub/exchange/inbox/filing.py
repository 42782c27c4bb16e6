"""Filing what came in: by the address it was sent to, the thread it answers, or the letter numbers it names."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from hub import clock
from hub.accounts import queries as accounts
from hub.audit.rules import Actor, ActorKind
from hub.coordination import service as coordination
from hub.coordination.notices import speaks_for_sender
from hub.coordination.rules import OPEN_FOR_WORDS, Side
from hub.database import all_or_each
from hub.directory import queries as directory
from hub.directory.models import Institution, Network
from hub.exchange.inbox import absences
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings import stages
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.mail.inbox import queries as inbox
from hub.mail.inbox import service
from hub.mail.inbox.models import ArrivedBy, Filing, FoundBy, InboundMail
from hub.mail.models import EmailPurpose
from hub.mail.reading.classify import MailKind
from hub.responses import replies
from hub.upkeep import faults

log = structlog.get_logger("hub.exchange")

_AT_ONCE = 50
HOST = Network.KEMENSETNEG
"""Whose registrars look at a mail that says nothing of itself: the network that runs the hub."""


@dataclass
class FilingReport:
    """What one run did, counted in mails: `settled` needs nobody, `held` waits for a person."""

    settled: int = 0
    held: int = 0


def file_pending() -> FilingReport:
    """File all mail that was read since the last time, some dozens in one transaction; absences one by one.

    Whoever is away has letters sent on, which locks offices and letters as they come.

    One that cannot be filed is held for a person; it never stops the others.
    """
    report = FilingReport()
    for which, at_once in ((inbox.OF_ABSENCE, 1), (inbox.OF_MACHINES, _AT_ONCE), (inbox.OF_PEOPLE, _AT_ONCE)):
        while mails := sorted(inbox.news(at_once, which), key=_about):
            _place_all(mails)
            held = sum(mail.filing is Filing.HELD for mail in mails)
            report.held += held
            report.settled += len(mails) - held
            db.session.commit()
    return report


def _place_all(mails: Sequence[InboundMail]) -> None:
    """With the letters they answer at hand, for the session forgets what nobody holds."""
    _letters = _letters_of(mails) if mails[0].kind is MailKind.HUMAN else ()
    all_or_each(db.session, mails, place, _hold)


def _letters_of(mails: Sequence[InboundMail]) -> list[Forwarding]:
    """The letters that these mails answer or name, locked in one order.

    Offices come first, as everywhere: who answers shows that the address is read.
    """
    about = [(mail, mail.dispatch) for mail in mails if mail.dispatch]
    news = faults.worth_hearing(mail.sender_address for mail, _ in about)
    for mail, sent in sorted(about, key=lambda one: one[1].institution_id or 0):
        if sent.to_address.lower() == mail.sender_address and mail.sender_address in news:
            faults.heard_from(sent, Actor(ActorKind.MAIL, mail.id), mail.arrived_at)
    named = forwardings.by_letter_numbers({number for mail in mails for number in mail.numbers})
    ids = [*forwardings.ids_of(sent.about for _, sent in about), *(one.id for one in named)]
    return stages.lock_all(ids)


def _about(mail: InboundMail) -> tuple[int, str, int]:
    """Rows are locked in one order, as by everybody."""
    about = mail.dispatch.about if mail.dispatch else ""
    return len(about), about, mail.id


def _hold(mail: InboundMail, problem: Exception) -> None:
    log.error("mail_not_filed", mail=mail.id, exc_info=problem)
    try:
        whose = owner(mail)
    except Exception:  # noqa: BLE001  (what kept the mail from its letter may keep it from its office too)
        whose = (HOST, None)
    service.file(mail, Filing.HELD, *whose)


def place(mail: InboundMail) -> None:
    """File one mail that was read, or hold it for a person."""
    if mail.noticed_at is not None:
        return
    if mail.kind is MailKind.HUMAN:
        _file_reply(mail)
        return
    if mail.kind is MailKind.AUTO_REPLY and mail.arrived_by is not ArrivedBy.UPLOAD:
        absences.notice(mail)
    service.file(mail, Filing.HELD if _needs_a_person(mail) else None, *owner(mail))


def _needs_a_person(mail: InboundMail) -> bool:
    """True for what could not be read, a report that nothing sure ties to a message, and a document sent by a machine.

    A help desk may send the answer itself with the mark of an automatic mail.
    """
    if mail.kind is MailKind.BOUNCE:
        return mail.found_by not in SURE or mail.arrived_by is ArrivedBy.UPLOAD
    if mail.kind is MailKind.AUTO_REPLY:
        return any(not file.media_type.startswith("image/") for file in mail.files)
    return mail.kind is MailKind.QUARANTINED


def _file_reply(mail: InboundMail) -> None:
    if discussed := _discussed_by_the_sender(mail):
        coordination.take_mail(discussed, Side.SENDER, mail, Actor(ActorKind.MAIL, mail.id))
        service.file(mail, Filing.MATCHED, discussed.network, discussed.sender_id)
        return
    found = answered(mail)
    if not found:
        service.file(mail, Filing.HELD, *owner(mail))
        return
    for forwarding, found_by in sorted(found.items(), key=lambda one: one[0].id):
        replies.take(forwarding, mail, found_by)
    first = next(iter(found))
    service.file(mail, Filing.MATCHED, first.network, first.sender_id)


def _discussed_by_the_sender(mail: InboundMail) -> Forwarding | None:
    """The letter whose thread somebody at the sender's office writes into, by answering a mail from it.

    Only at the address of that very mail, and from where it went to: whoever else knows it must not speak for the
    office. Anything else, and what says nothing, waits for a person.
    """
    sent = mail.dispatch
    if sent is None or sent.purpose is not EmailPurpose.COORDINATION or mail.found_by is not FoundBy.ADDRESS:
        return None
    is_genuine = mail.arrived_by is not ArrivedBy.UPLOAD and mail.sender_address == sent.to_address.lower()
    forwarding = forwardings.by_stream(sent.about)
    if forwarding is None or not is_genuine or not (mail.words.strip() or mail.files):
        return None
    is_ours = sent.institution_id == forwarding.sender_id
    is_known_there = is_ours and forwarding.sender_id in directory.offices_of(mail.sender_address)
    writer = directory.person_at(mail.sender_address)
    speaks = is_known_there and (writer is None or speaks_for_sender(writer, forwarding))
    return forwarding if speaks and forwarding.stage in OPEN_FOR_WORDS else None


def answered(mail: InboundMail) -> dict[Forwarding, FoundBy]:
    """The letters a mail surely answers, and what shows it. Empty for one that a person has to look at.

    The address and the thread only whoever has the letter can know. A number can be guessed and a sender's name
    forged: it counts for a letter that has left, from who speaks for its recipient today, and never in two networks. A
    mail that a person brought along answers letters of that person's office alone.
    """
    found: dict[Forwarding, FoundBy] = {}
    if mail.dispatch and mail.found_by in SURE and mail.dispatch.purpose is not EmailPurpose.COPY:
        forwarding = forwardings.by_stream(mail.dispatch.about)
        if forwarding is not None and _may_answer(mail, forwarding) and _is_from_recipient(mail, forwarding):
            found[forwarding] = mail.found_by
    others = set(mail.numbers) - {one.letter.number_key for one in found}
    for forwarding in forwardings.by_letter_numbers(others) if others else ():
        is_of_one_network = all(one.network is forwarding.network for one in found)
        if is_of_one_network and _may_answer(mail, forwarding) and _speaks_for_recipient(mail, forwarding):
            found.setdefault(forwarding, FoundBy.NUMBER)
    return found


SURE = (FoundBy.ADDRESS, FoundBy.THREAD)
"""What only whoever has our message can know."""


def _may_answer(mail: InboundMail, forwarding: Forwarding) -> bool:
    return mail.arrived_by is not ArrivedBy.UPLOAD or forwarding.sender_id == mail.office_id


def _speaks_for_recipient(mail: InboundMail, forwarding: Forwarding) -> bool:
    if forwarding.stage is Stage.READY:
        return False
    recipient = forwarding.recipient
    there = directory.contacts([recipient.id], forwarding.network, clock.today(recipient.zone))
    return there[recipient.id].speak_from(mail.sender_address)


def _is_from_recipient(mail: InboundMail, forwarding: Forwarding) -> bool:
    """What answers the recipient's mail comes from there, unless its sender is known elsewhere only.

    A message that was taken back, since its reader left, still lies with somebody: only the office's people answer it.
    """
    sent = mail.dispatch
    if sent is None or forwarding.recipient_id != sent.institution_id:
        return False
    if sent.link_revoked_at is not None:
        return _speaks_for_recipient(mail, forwarding)
    if mail.sender_address == sent.to_address.lower():
        return True
    known_at = directory.offices_of(mail.sender_address)
    return not known_at or forwarding.recipient_id in known_at


def owner(mail: InboundMail) -> tuple[Network, int | None]:
    """The network whose registrar looks at a held mail, and the office if one can be told that has a registrar.

    An inspectorate that passes letters on has none: what cannot be filed by itself waits with those of the network.
    """
    if mail.arrived_by is ArrivedBy.UPLOAD and mail.network:
        return mail.network, mail.office_id
    named = forwardings.by_letter_numbers(mail.numbers) if mail.numbers else []
    if mail.dispatch and (about := forwardings.by_stream(mail.dispatch.about)):
        named = [about, *named]
    if named:
        return named[0].network, named[0].sender_id if accounts.keeps_mail(named[0].sender_id) else None
    networks = {
        appointment.network
        for id in directory.offices_of(mail.sender_address)
        for appointment in directory.appointments_of(db.session.get_one(Institution, id))
        if appointment.person.email == mail.sender_address
        and appointment.is_in_force(clock.today(appointment.institution.zone))
    }
    return (networks.pop() if len(networks) == 1 else HOST), None
