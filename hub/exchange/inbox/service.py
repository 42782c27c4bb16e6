"""Use cases of the holding pen: a person says what a mail is and where it belongs, or takes that back.

Each raises DealtWith when a colleague was faster. The caller holds the row (`queries.take`).
"""

from collections.abc import Sequence

from hub.audit.rules import person
from hub.audit.service import record
from hub.directory import service as directory
from hub.directory.models import Network, Person
from hub.forwardings.models import Forwarding
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import Filing, FoundBy, InboundMail
from hub.mail.reading.classify import MailKind
from hub.responses import queries as responses
from hub.responses import replies
from hub.responses.models import MailedReply


class DealtWith(ValueError):
    """The mail does not wait any more."""


def file(mail: InboundMail, letters: Sequence[Forwarding], by: Person, is_contact: bool) -> None:
    """File a held mail with the letters it answers. `is_contact`: keep its sender as somebody of the first's office.

    Raises directory Refused when the address already belongs to somebody elsewhere.
    """
    _refuse_unless_held(mail, of_a_person=True)
    if is_contact:
        name = mail.sender_name or mail.sender_address.partition("@")[0]
        directory.add_person(letters[0].recipient, name, "", mail.sender_address, "", person(by.id))
    for forwarding in sorted(letters, key=lambda one: one.id):
        replies.take(forwarding, mail, FoundBy.PERSON, by)
    inbox.file(mail, Filing.MATCHED, letters[0].network, letters[0].sender_id)


def settle(mail: InboundMail, by: Person) -> None:
    """A person has looked at a mail that answers nothing, a report about an unknown message for example."""
    _refuse_unless_held(mail, of_a_person=False)
    inbox.file(mail, None, mail.network, mail.office_id)
    record(mail.stream, "settled", person(by.id))


def believe(mail: InboundMail, by: Person) -> None:
    """The report is true: the message it is about ended there, as if its own address had said so."""
    _refuse_unless_held(mail, of_a_person=False)
    inbox.believe_report(mail, person(by.id))
    inbox.file(mail, None, mail.network, mail.office_id)


def mark_junk(mail: InboundMail, by: Person) -> None:
    """Nobody needs this mail."""
    _refuse_unless_held(mail)
    inbox.call(mail, MailKind.JUNK, person(by.id))
    inbox.file(mail, None, mail.network, mail.office_id)


def reopen(mail: InboundMail, by: Person) -> None:
    """A person wrote this after all, whatever it was taken for: it waits to be filed."""
    if mail.kind is MailKind.HUMAN:
        raise DealtWith
    inbox.call(mail, MailKind.HUMAN, person(by.id))
    inbox.file(mail, Filing.HELD, mail.network, mail.office_id)


def pass_on(mail: InboundMail, by: Person) -> None:
    """The mail is for the other network: its registrars get it."""
    _refuse_unless_held(mail)
    other = Network.OMBUDSMAN if mail.network is Network.KEMENSETNEG else Network.KEMENSETNEG
    inbox.file(mail, Filing.HELD, other)
    record(mail.stream, "passed_on", person(by.id), {"network": other})


def share(mail: InboundMail, by: Person) -> None:
    """The mail is not for this office: every office of the network sees it."""
    _refuse_unless_held(mail)
    inbox.file(mail, Filing.HELD, mail.network)
    record(mail.stream, "shared", person(by.id))


def take_back(reply: MailedReply, by: Person, reason: str) -> None:
    """The mail was filed with the wrong letter: it waits again, unless it answers another letter too.

    Raises NotNow when a later decision of the sender rests on it.
    """
    replies.withdraw(reply, by, reason)
    if not responses.replies_from(reply.mail):
        inbox.file(reply.mail, Filing.HELD, reply.forwarding.network, reply.forwarding.sender_id)


def _refuse_unless_held(mail: InboundMail, of_a_person: bool | None = None) -> None:
    """`of_a_person`: what it was taken for when the button was shown; a colleague may have said otherwise since."""
    is_other = of_a_person is not None and of_a_person is not (mail.kind is MailKind.HUMAN)
    if mail.filing is not Filing.HELD or is_other:
        raise DealtWith
