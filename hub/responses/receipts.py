"""The receipt of an answer: a document of the hub in the sender's name, and a short mail that carries it."""

from collections.abc import Iterator

import structlog
from sqlalchemy import select

from hub import clock
from hub.extensions import db
from hub.forwardings import correspondence, deadlines, tracks
from hub.forwardings.correspondence import Arrived
from hub.forwardings.rules import BY_LINK, RESPONSE_CLOCKS
from hub.letters import service as letters
from hub.letters.models import Letter, LetterKind
from hub.letters.stationery.service import Unprintable
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.responses.models import Response, ResponseKind

log = structlog.get_logger()


def issue(response: Response) -> Letter | None:
    """Confirm to whoever answered that the answer is here. An office without any address finds it in the hub.

    None, and the log says why, while documents of the sender cannot be printed.
    """
    forwarding, arrived = response.forwarding, _arrived(response)
    try:
        receipt = letters.issue(
            forwarding.sender,
            LetterKind.RECEIPT,
            correspondence.receipt_subject(forwarding),
            correspondence.receipt_document(forwarding, arrived),
            response.stream,
        )
    except Unprintable:  # the answer came in all the same
        log.exception("receipt_not_issued", response=response.id)
        return None
    to = tracks.email_addressees(forwarding.recipient, forwarding.network)
    tracks.queue_to(forwarding, EmailPurpose.NOTICE, to, correspondence.receipt_mail(forwarding, arrived), receipt)
    return receipt


def recall(response: Response) -> None:
    """The answer belonged elsewhere: a mail with its receipt that has not left yet does not leave."""
    if response.receipt:
        mine = select(EmailDispatch).where(EmailDispatch.letter_id == response.receipt.id)
        mail.take_back(db.session.scalars(mine))


def _arrived(response: Response) -> Arrived:
    forwarding = response.forwarding
    due = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    return Arrived(
        number=response.letter_number,
        dated=response.letter_date,
        sender=response.author_name,
        came_on=clock.local(response.arrived_at, forwarding.sender.zone).date(),
        agenda_number=response.incoming.agenda_number if response.incoming else "",
        files=(*(file.name for file in response.files), *_reports(response)),
        is_final=response.kind is ResponseKind.FINAL,
        final_due=due.due_on if due and not due.paused_since else None,
        is_by_link=response.channel in BY_LINK,
        is_decline=response.is_decline,
    )


def _reports(response: Response) -> Iterator[str]:
    """That examination reports came, and how many; fewer people may know their names than read the receipt."""
    if response.reports:
        yield f"laporan hasil pemeriksaan (LHP), {len(response.reports)} berkas"
