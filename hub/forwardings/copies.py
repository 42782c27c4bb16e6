"""Copies (tembusan): offices that read along. They start no clock, are no track, and owe no answer."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from hub.directory.models import Institution
from hub.forwardings import correspondence, tracks
from hub.forwardings.models import Forwarding
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose


@dataclass(frozen=True)
class Copy:
    """One office that reads along, and the mail that carried the letter there. None yet: it needs the post."""

    office: Institution
    emails: tuple[EmailDispatch, ...]


def queue(forwarding: Forwarding) -> None:
    """Mail the signed letter to each of these offices. One without an address that can be used is left to the post."""
    message = correspondence.copy_mail(forwarding)
    for office in forwarding.copies:
        for name, address in tracks.email_addressees(office, forwarding.network):
            with suppress(mail.UnusableAddress):
                mail.queue(
                    about=forwarding.stream,
                    purpose=EmailPurpose.COPY,
                    institution_id=office.id,
                    to_name=name,
                    to_address=address,
                    subject=message.subject,
                    paragraphs=list(message.paragraphs),
                    signature=correspondence.office_signature(forwarding.sender),
                    letter=forwarding.letter,
                )


def of(forwarding: Forwarding, emails: Sequence[EmailDispatch]) -> list[Copy]:
    """The offices that read along, with their part of the mail about this forwarding."""
    sent = [one for one in emails if one.purpose is EmailPurpose.COPY]
    return [Copy(office, tuple(one for one in sent if one.institution_id == office.id)) for office in forwarding.copies]
