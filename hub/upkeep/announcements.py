"""What a handover tells: the offices whose letters changed hands, and the newcomer. Mails, so always Indonesian."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from flask import current_app

from hub import clock
from hub.accounts.queries import accounts_of
from hub.audit.rules import Actor
from hub.config import Settings
from hub.directory.models import Institution, Network, Person
from hub.forwardings.correspondence import long_date
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey
from hub.letters.models import Letter
from hub.letters.rules import gist
from hub.letters.stationery.service import Unprintable
from hub.mail import service as mail
from hub.mail.models import EmailPurpose
from hub.upkeep import handover_list, invitations
from hub.upkeep.moving import due_of
from hub.upkeep.questions import NETWORKS, signature

MOST_NUMBERS, MOST_LINES = 20, 5
"""Numbers named to a sender, and letters to a newcomer: each of those comes in a mail of its own as well."""


@dataclass(frozen=True)
class Change:
    """Who looks after the letters of an office from `since` on. `newcomer` is None where no PIC follows."""

    institution: Institution
    network: Network
    newcomer: Person | None
    since: date


def tell_senders(change: Change, letters: Iterable[Forwarding]) -> int:
    """One mail to the mailbox of each office that sent some of `letters`. Returns how many offices were told."""
    by_sender: defaultdict[Institution, list[str]] = defaultdict(list)
    for letter in letters:
        by_sender[letter.sender].append(letter.letter.number or letter.complaint.reference)
    told = {sender: numbers for sender, numbers in by_sender.items() if mailbox_of(sender)}
    for sender, numbers in told.items():
        _tell(change, sender, numbers)
    return len(told)


def mailbox_of(office: Institution) -> str:
    return office.email or office.second_email


def can_sign_in(person: Person) -> bool:
    account = accounts_of([person.id]).get(person.id)
    return account is not None and account.is_enabled


def greet(person: Person, change: Change, letters: Sequence[Forwarding], by: Actor) -> None:
    """One digest to the new PIC, with the whole list; who has no account gets the button that sets a password too."""
    lines, listed = _digest(change, letters), _listed(change, letters, person.name)
    if not can_sign_in(person):
        with suppress(mail.UnusableAddress):
            invitations.invite(person, by, lines, listed)
        return
    opening = (
        f"Anda kini PIC {change.institution.name} dalam jaringan {NETWORKS[change.network]}, mulai "
        f"{long_date(change.since)}."
    )
    _send(change, person.name, person.email, [lines[0], opening, *lines[1:], _where()], letter=listed)


def brief(change: Change, to: Iterable[tuple[str, str]], letters: Sequence[Forwarding]) -> None:
    """The same list for deputies or the office mailbox, who look after the letters while there is no PIC."""
    opening = (
        f"Masa tugas PIC {change.institution.name} dalam jaringan {NETWORKS[change.network]} sudah berakhir dan "
        "penggantinya belum ditunjuk. Sementara itu surat-suratnya kami kirim kepada Anda."
    )
    lines, listed = _digest(change, letters), _listed(change, letters, change.institution.name)
    for name, address in to:
        _send(change, name, address, [lines[0], opening, *lines[1:]], letter=listed)


def _listed(change: Change, letters: Sequence[Forwarding], to: str) -> Letter | None:
    """The list as a document; None for who holds the office only later, and where nothing is open.

    No handover fails for want of a picture in its head.
    """
    if not letters or change.since > clock.today(change.institution.zone):
        return None
    try:
        return handover_list.issue(change.institution, to, letters)
    except Unprintable:
        return None


def _digest(change: Change, letters: Sequence[Forwarding]) -> list[str]:
    """How many letters are open, the most urgent first. Their words only for who holds the office already."""
    if not letters:
        return ["Tidak ada surat terbuka untuk kantor Anda saat ini."]
    if change.since > clock.today(change.institution.zone):
        return [f"Sekarang {len(letters)} surat menunggu kantor Anda; Anda dapat membacanya mulai hari pertama Anda."]
    urgent = sorted(letters, key=lambda letter: (due_of(letter) or (date.max,), letter.id))
    return [
        f"{len(letters)} surat menunggu tindakan kantor Anda, yang paling mendesak lebih dahulu:",
        *(f"{place}. {_line(letter)}" for place, letter in enumerate(urgent[:MOST_LINES], 1)),
        *([f"Dan {len(letters) - MOST_LINES} lainnya di daftar kerja Anda."] if len(letters) > MOST_LINES else []),
        "Batas waktu tidak berubah karena serah terima ini.",
    ]


def _line(letter: Forwarding) -> str:
    named = f"{letter.letter.number}: {gist(letter.complaint.subject, 120)}"
    due = due_of(letter)
    if due is None:
        return f"{named} (sedang dikirim)"
    what = "konfirmasi" if due[1] is ClockKey.ACKNOWLEDGE else "tanggapan"
    return f"{named} ({what} paling lambat {long_date(due[0])})"


def _where() -> str:
    settings: Settings = current_app.extensions["settings"]
    return f"Daftar kerja Anda: {settings.base_url}/"


def _tell(change: Change, sender: Institution, numbers: Sequence[str]) -> None:
    office, newcomer = change.institution, change.newcomer
    known = f"{office.name} ({office.code})"
    if newcomer:
        phone = newcomer.phone or office.phone
        who = ", ".join(part for part in (newcomer.name, newcomer.title, f"telepon {phone}" if phone else "") if part)
        first = f"{known} memiliki PIC baru mulai {long_date(change.since)}: {who}."
        second = "Surat berikut diserahkan kepadanya:"
    else:
        first = f"Masa tugas PIC {known} sudah berakhir dan penggantinya belum ditunjuk."
        second = "Surat berikut kini diurus wakilnya atau email kantornya, bila ada:"
    rest = f", dan {len(numbers) - MOST_NUMBERS} lainnya" if len(numbers) > MOST_NUMBERS else ""
    _send(
        change,
        sender.name,
        mailbox_of(sender),
        [
            first,
            f"{second} {', '.join(numbers[:MOST_NUMBERS])}{rest}.",
            "Batas waktu tidak berubah. Tautan pada email lama ditutup; lembar tanda terima tetap berlaku.",
        ],
        about=sender,
    )


def _send(
    change: Change,
    name: str,
    address: str,
    paragraphs: Sequence[str],
    about: Institution | None = None,
    letter: Letter | None = None,
) -> None:
    """About the office, not about a letter: it is on no letter's track. Letters move even where it cannot be sent."""
    with suppress(mail.UnusableAddress):
        mail.queue(
            about=(about or change.institution).stream,
            purpose=EmailPurpose.NOTICE,
            institution_id=(about or change.institution).id,
            to_name=name,
            to_address=address,
            subject=f"Serah terima PIC: {change.institution.name}",
            paragraphs=paragraphs,
            signature=signature(change.network),
            letter=letter,
        )
