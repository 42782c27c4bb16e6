"""Whoever owes something is told when the calendar moves the date: one mail an office, with all its letters."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

from hub.directory.models import Institution, Network
from hub.forwardings import recounting, tracks
from hub.forwardings.correspondence import long_date, office_signature
from hub.forwardings.models import Forwarding
from hub.forwardings.recounting import Move
from hub.forwardings.rules import CLOCKS_OF_THE_SENDER, ClockKey
from hub.letters.rules import gist
from hub.mail import service as mail
from hub.mail.models import EmailPurpose
from hub.webkit import links

MOST_LISTED = 5


def follow_the_calendar() -> tuple[int, list[int]]:
    """Count open due dates again where the calendar has changed, and tell the offices.

    Returns how many dates moved, and the ids of forwardings whose dates could not.
    """
    moved, failed = recounting.recount()
    mine = (one for one in moved if one.deadline.clock not in CLOCKS_OF_THE_SENDER)
    for (sender, recipient, _network), moves in _by_offices(mine).items():
        _tell(sender, recipient, moves)
    return len(moved), failed


def _by_offices(moves: Iterable[Move]) -> dict[tuple[Institution, Institution, Network], list[Move]]:
    """By who wrote, who owes, and the network: each has a PIC of its own."""
    grouped: dict[tuple[Institution, Institution, Network], list[Move]] = defaultdict(list)
    for one in moves:
        forwarding = one.deadline.forwarding
        grouped[forwarding.sender, forwarding.recipient, forwarding.network].append(one)
    return grouped


def _tell(sender: Institution, recipient: Institution, moves: list[Move]) -> None:
    first: Forwarding = moves[0].deadline.forwarding
    letters = {one.deadline.forwarding_id for one in moves}
    subject = f"Batas waktu berubah: {first.letter.number}" if len(letters) == 1 else "Batas waktu surat berubah"
    more = len(moves) - MOST_LISTED
    paragraphs = (
        f"Kalender kerja berubah ({moves[0].why.rstrip('.')}), sehingga batas waktu berikut ikut berubah.",
        *(_line(one) for one in moves[:MOST_LISTED]),
        *([f"Dan {more} batas waktu lain; semuanya tampak di hub."] if more > 0 else []),
        "Saudara tidak perlu melakukan apa pun selain memperhatikan tanggal yang baru.",
    )
    for name, address in tracks.email_addressees(recipient, first.network):
        with suppress(mail.UnusableAddress):
            mail.queue(
                about=first.stream if len(letters) == 1 else recipient.stream,
                purpose=EmailPurpose.NOTICE,
                institution_id=recipient.id,
                to_name=name,
                to_address=address,
                subject=subject,
                paragraphs=paragraphs,
                signature=office_signature(sender),
            )


def _line(move: Move) -> str:
    forwarding = move.deadline.forwarding
    about = gist(forwarding.complaint.subject, 80)
    which = "konfirmasi penerimaan" if move.deadline.clock == ClockKey.ACKNOWLEDGE else "tanggapan"
    dates = f"menjadi {long_date(move.due_on)}, semula {long_date(move.was)}"
    where = f"Halaman surat ini: {links.page(f'/forwardings/{forwarding.id}')}"
    return f"{forwarding.letter.number} ({about}), batas {which}: {dates}.\n{where}"
