"""Use cases of the holding pen: a person says where a held mail belongs, or takes that back."""

from collections.abc import Sequence

from hub.audit.rules import person
from hub.audit.service import record
from hub.directory import service as directory
from hub.directory.models import Network, Person
from hub.forwardings.models import Forwarding
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import Filing, FoundBy, InboundMail
from hub.responses import queries as responses
from hub.responses import replies
from hub.responses.models import MailedReply


def file(mail: InboundMail, letters: Sequence[Forwarding], by: Person, is_contact: bool) -> None:
    """File a held mail with the letters it answers. `is_contact`: keep its sender as somebody of the first's office.

    Raises directory Refused when the address already belongs to somebody elsewhere.
    """
    if is_contact:
        name = mail.sender_name or mail.sender_address.partition("@")[0]
        directory.add_person(letters[0].recipient, name, "", mail.sender_address, "", person(by.id))
    for forwarding in sorted(letters, key=lambda one: one.id):
        replies.take(forwarding, mail, FoundBy.PERSON, by)
    inbox.file(mail, Filing.MATCHED, letters[0].network, letters[0].sender_id)


def settle(mail: InboundMail, by: Person) -> None:
    """A person has looked at a mail that answers nothing, a report about an unknown message for example."""
    inbox.file(mail, None, mail.network, mail.office_id)
    record(mail.stream, "settled", person(by.id))


def mark_junk(mail: InboundMail, by: Person) -> None:
    """Nobody needs this mail."""
    inbox.mark_junk(mail, person(by.id))


def pass_on(mail: InboundMail, by: Person) -> None:
    """The mail is for the other network: its registrars get it."""
    other = Network.OMBUDSMAN if mail.network is Network.KEMENSETNEG else Network.KEMENSETNEG
    inbox.file(mail, Filing.HELD, other)
    record(mail.stream, "passed_on", person(by.id), {"network": other})


def take_back(reply: MailedReply, by: Person, reason: str) -> None:
    """The mail was filed with the wrong letter: it waits again, unless it answers another letter too.

    Raises NotNow when a later decision of the sender rests on it.
    """
    replies.withdraw(reply, by, reason)
    if not responses.replies_from(reply.mail):
        inbox.file(reply.mail, Filing.HELD, reply.forwarding.network, reply.forwarding.sender_id)
