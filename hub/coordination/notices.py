"""Mail about the thread: each message to the other side once, and never back to who wrote it."""

from collections.abc import Collection
from datetime import date

from hub import clock
from hub.accounts.queries import accounts_of
from hub.coordination import words
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import Side
from hub.coordination.words import Resumed
from hub.directory import queries as directory
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import tracks
from hub.forwardings.models import Forwarding
from hub.mail.models import EmailPurpose


def tell(message: ThreadMessage, but: Collection[str] = (), resumed: Resumed | None = None) -> None:
    """Mail a message to the other side, except to these addresses. A side without any reads it in the hub.

    `resumed`: the date that runs again with this message.
    """
    forwarding, mail = message.forwarding, words.message_mail(message, resumed)
    if message.side is Side.SENDER:
        to = _without(tracks.email_addressees(forwarding.recipient, forwarding.network), but)
        tracks.queue_to(forwarding, EmailPurpose.COORDINATION, to, mail)
    else:
        to = _without(_at_the_sender(forwarding), but)
        tracks.queue_to(forwarding, EmailPurpose.COORDINATION, to, mail, office=forwarding.sender)


def tell_decision(request: ThreadMessage) -> None:
    """Mail to the recipient what became of its request for more time."""
    forwarding = request.forwarding
    to = tracks.email_addressees(forwarding.recipient, forwarding.network)
    tracks.queue_to(forwarding, EmailPurpose.COORDINATION, to, words.decision_mail(request))


def tell_pause(question: ThreadMessage, since: date) -> None:
    """Mail to the recipient that its date stands still, for what it asked."""
    forwarding = question.forwarding
    to = tracks.email_addressees(forwarding.recipient, forwarding.network)
    tracks.queue_to(forwarding, EmailPurpose.COORDINATION, to, words.pause_mail(question, since))


def tell_resumed(forwarding: Forwarding, resumed: Resumed) -> None:
    """Mail to the recipient that its date runs again, and which one that is."""
    to = tracks.email_addressees(forwarding.recipient, forwarding.network)
    tracks.queue_to(forwarding, EmailPurpose.COORDINATION, to, words.resumed_mail(forwarding, resumed))


def _at_the_sender(forwarding: Forwarding) -> list[tuple[str, str]]:
    """Who drafted the letter, while at that office, present and within reach; else the office mailbox."""
    office = forwarding.sender
    drafter = db.session.get_one(Person, forwarding.created_by_id)
    dead = {fault.address.lower() for fault in directory.open_faults(office.id)}
    is_away = drafter.id in directory.absences_of([drafter.id], clock.today(office.zone))
    if speaks_for_sender(drafter, forwarding) and not is_away and drafter.email.lower() not in dead:
        return [(drafter.name, drafter.email)]
    of_the_day = directory.contacts([office.id], forwarding.network, clock.today(office.zone))[office.id]
    if of_the_day.pic is not None:
        return list(of_the_day.addressees)
    mailboxes = [one for one in (office.email, office.second_email) if one and one.lower() not in dead]
    return [(office.name, address) for address in mailboxes[:1]]


def speaks_for_sender(who: Person, forwarding: Forwarding) -> bool:
    """True for staff of the office that wrote the letter, and for its PIC or deputy of today in that network."""
    if who.institution_id != forwarding.sender_id:
        return False
    account = accounts_of([who.id]).get(who.id)
    day = clock.today(forwarding.sender.zone)
    appointed = any(
        one.institution_id == forwarding.sender_id and one.network is forwarding.network and one.is_in_force(day)
        for one in who.appointments
    )
    return appointed or (account is not None and account.is_staff and account.is_enabled)


def _without(to: Collection[tuple[str, str]], but: Collection[str]) -> list[tuple[str, str]]:
    known = {address.lower() for address in but}
    return [(name, address) for name, address in to if address.lower() not in known]
