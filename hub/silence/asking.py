"""Whom to ask at an institution, by phone or, where the number is a mobile one, with a prepared message.

The message goes to an office, so it is Indonesian. It names the letter, what is awaited and until when, never what the
complaint is about: a telephone may lie on any desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from hub.directory.contacts import Contacts
from hub.directory.models import Institution, Person
from hub.directory.rules import dialled, whatsapp
from hub.forwardings.correspondence import long_date
from hub.letters.rules import date_words
from hub.silence.rules import Grade

_NUMBER_AND_DATE = "Mohon beri tahu kami nomor dan tanggal surat jawabannya bila sudah dikirim."
_WORDS = {
    Grade.UNDELIVERED: (
        "{surat} belum sampai{alamat}. Mohon beri tahu kami nama PIC dan alamat email yang berlaku sekarang."
    ),
    Grade.RECEIPT_UNPROVEN: (
        "{surat} sudah kami kirim, tetapi belum ada bukti bahwa surat itu diterima{batas}. Apakah surat itu sudah ada "
        "pada Saudara? Mohon balas pesan ini dengan nama dan jabatan Saudara."
    ),
    Grade.UNACKNOWLEDGED: (
        "{surat} tercatat sampai di kantor Saudara, dan penerimaannya belum dikonfirmasi{batas}. Mohon balas pesan ini "
        "dengan nama dan jabatan Saudara."
    ),
    Grade.UNANSWERED: "Tanggapan atas {surat_} belum kami terima{batas}. " + _NUMBER_AND_DATE,
    Grade.INTERIM_ONLY: (
        "Tanggapan sementara atas {surat_} sudah kami terima; tanggapan finalnya belum{batas}. " + _NUMBER_AND_DATE
    ),
    Grade.REPLY_MISSING: (
        "Jawaban atas {surat_} yang menurut Saudara sudah dikirim belum tiba pada kami{batas}. Mohon kirim salinannya "
        "dengan membalas email kami."
    ),
}
"""What is asked for at each grade at which the recipient can help."""


@dataclass(frozen=True)
class Matter:
    """The letter that is asked about, as far as a message may say. `address`: where it could not be delivered."""

    to: str
    sender: str
    number: str
    dated: date | None = None
    due_on: date | None = None
    address: str = ""


@dataclass(frozen=True)
class Line:
    """A telephone number. `whom`: the person, None for the office. `whatsapp_link` is "" for a fixed line."""

    name: str
    number: str
    phone_link: str
    whatsapp_link: str
    whom: int | None = None


def is_asked_about(grade: Grade | None) -> bool:
    """True where a call to the recipient helps."""
    return grade in _WORDS


def message(grade: Grade, matter: Matter) -> str:
    """The prepared text."""
    of = f"Nomor {matter.number}{f' tanggal {date_words(matter.dated)}' if matter.dated else ''}"
    told = _WORDS[grade].format(
        surat=f"Surat kami {of}",
        surat_=f"surat kami {of}",
        batas=f"; batas waktunya {long_date(matter.due_on)}" if matter.due_on else "",
        alamat=f": alamat {matter.address} tidak dapat dicapai" if matter.address else "",
    )
    return f"Yth. {matter.to}. Kami dari {matter.sender}. {told} Terima kasih."


def lines(office: Institution, known: Contacts, text: str) -> Iterator[Line]:
    """Each number once: the PIC, the deputies, then the office."""
    people: list[tuple[Person | None, str, str]] = [
        (one, one.name, one.phone) for one in (known.pic, *known.deputies) if one
    ]
    people += [(None, office.name, office.whatsapp), (None, office.name, office.phone)]
    seen: set[str] = set()
    for person, name, phone in people:
        number = dialled(phone)
        if number and number not in seen:
            seen.add(number)
            mobile = whatsapp(phone)
            link = f"https://wa.me/{mobile}?text={quote(text)}" if mobile else ""
            yield Line(name, phone, f"tel:{number}", link, person.id if person else None)
