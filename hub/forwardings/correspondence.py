"""The words of letters and mails about a forwarding. They are official documents: always Indonesian.

The citizen is never named in them: who it is stays sealed with the office that registered the complaint.
"""

from dataclasses import dataclass
from datetime import date

from hub.complaints.models import Complaint, IdentityMode
from hub.directory.models import Institution
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, ResponseClass, response_clock
from hub.letters.rules import LetterContent, date_words, gist, limit
from hub.routing.rules import Purpose
from hub.workdays.rules import UNIT_WORDS, WEEKDAYS

ACKNOWLEDGE = "Konfirmasi penerimaan"
_ASKED = {
    Purpose.HANDLING: (
        "Kami mohon Saudara menindaklanjuti pengaduan tersebut sesuai kewenangan dan menyampaikan hasilnya kepada kami"
    ),
    Purpose.CLARIFICATION: "Kami mohon penjelasan tertulis Saudara atas pengaduan tersebut",
}
_COMPLAINANT = {
    IdentityMode.OPEN: "Identitas pengadu ada pada kami",
    IdentityMode.CONCEALED: "Identitas pengadu ada pada kami",
    IdentityMode.ANONYMOUS: "Tanpa nama (anonim)",
}


@dataclass(frozen=True)
class Message:
    """A mail before it is addressed. `action` is the label of the button behind which the link lies."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str


def subject(complaint: Complaint) -> str:
    """Hal of the letter."""
    return f"Penerusan pengaduan: {gist(complaint.subject, 200)}"


@dataclass(frozen=True)
class Request:
    """What the sender decides about a forwarding; everything else follows from the complaint.

    `override_reason` counts only where the recipient or a copy would judge in its own case.
    """

    recipient: Institution
    purpose: Purpose
    response_class: ResponseClass
    by_email: bool
    by_post: bool
    note: str = ""
    copies: tuple[Institution, ...] = ()
    override_reason: str = ""


def forwarding_letter(complaint: Complaint, sender: Institution, request: Request) -> LetterContent:
    """The forwarding letter (surat penerusan) with its limit and a provisional date counted from today."""
    recipient = request.recipient
    due = deadlines.provisional(response_clock(request.purpose, request.response_class), recipient)
    asked = f"{_ASKED[request.purpose]}, paling lambat {limit(due.amount, UNIT_WORDS[due.unit], due.due)}."
    answer_by = (
        "Jawaban dapat disampaikan melalui hub, email, atau pos. Mohon konfirmasi penerimaan surat ini melalui tautan "
        "pada email atau lembar tanda terima yang menyertainya."
    )
    return LetterContent(
        addressee=(recipient.head_title,),
        place=recipient.seat,
        opening=(
            f"Sehubungan dengan pengaduan masyarakat yang kami terima tanggal {date_words(complaint.received_on)}, "
            "bersama ini kami teruskan pengaduan dengan data sebagai berikut."
        ),
        details=(
            ("Nomor hub", complaint.reference),
            ("Tanggal pengaduan", date_words(complaint.received_on)),
            ("Wilayah", complaint.region.name),
            ("Pengadu", _COMPLAINANT[complaint.identity_mode]),
            ("Pokok pengaduan", gist(complaint.subject, 200)),
            ("Uraian", gist(complaint.body)),
        ),
        paragraphs=tuple(part for part in (asked, gist(request.note), answer_by) if part),
        signing_office=(sender.head_title,),
        copies=tuple(one.head_title for one in request.copies),
        contact=_contact(sender),
        reference=complaint.reference,
    )


def forwarding_mail(forwarding: Forwarding) -> Message:
    """The mail that carries the letter: what is asked and until when comes first."""
    due = deadlines.provisional(forwarding.response_clock, forwarding.recipient)
    soon = deadlines.provisional(ClockKey.ACKNOWLEDGE, forwarding.recipient)
    within = f"{soon.amount} {UNIT_WORDS[soon.unit]}"
    number = forwarding.letter.number
    return Message(
        subject=f"{number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini, dalam {within}.",
            (
                f"Surat terlampir, kepada {forwarding.recipient.head_title}. "
                f"Isinya: {gist(forwarding.complaint.subject, 120)}."
            ),
            f"Jawaban Saudara kami tunggu paling lambat {limit(due.amount, UNIT_WORDS[due.unit], due.due)}.",
        ),
        action=ACKNOWLEDGE,
    )


def copy_mail(forwarding: Forwarding) -> Message:
    """To an office that reads along. It has nothing to confirm and nothing to answer."""
    number, to = forwarding.letter.number, forwarding.recipient
    return Message(
        subject=f"Tembusan: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Kami sampaikan tembusan surat kami Nomor {number} kepada {to.head_title}, untuk diketahui.",
            f"Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.",
            "Surat ini tidak perlu dijawab.",
        ),
        action="",
    )


def reminder_mail(forwarding: Forwarding, step: int, due_on: date, awaits_answer: bool) -> Message:
    """First or second reminder. It says what is still open and that an answer on its way settles it."""
    number = forwarding.letter.number
    which = "Pengingat" if step == 1 else "Pengingat kedua"
    if awaits_answer:
        first = f"Mohon sampaikan tanggapan atas surat kami Nomor {number}; batas waktunya {long_date(due_on)}."
        last = "Bila tanggapan sudah dikirim, mohon beri tahu kami nomor dan tanggalnya dengan membalas email ini."
    else:
        first = f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini."
        last = "Bila surat ini bukan untuk Saudara, mohon beri tahu kami dengan membalas email ini."
    return Message(
        subject=f"{which}: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(first, f"Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.", last),
        action=ACKNOWLEDGE,
    )


def handover_mail(forwarding: Forwarding, confirm_by: date | None, answer_by: str) -> Message:
    """The letter goes to somebody else at the same office: whether it was confirmed, and until when it is answered.

    `confirm_by` is None for a letter that was confirmed already, `answer_by` a date or a limit in words.
    """
    number = forwarding.letter.number
    if confirm_by:
        first = (
            f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini; batas waktunya "
            f"{long_date(confirm_by)}."
        )
        state, action = "Penerimaannya belum dikonfirmasi.", ACKNOWLEDGE
    else:
        first = f"Mohon sampaikan tanggapan atas surat kami Nomor {number}; batas waktunya {answer_by}."
        state, action = "Penerimaannya sudah dikonfirmasi.", "Lihat status surat"
    last = "Batas waktu tidak berubah karena serah terima ini."
    return Message(
        subject=f"Serah terima: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            first,
            f"Surat ini diserahkan kepada Saudara karena PIC di kantor Saudara berganti. {state}",
            f"Surat terlampir. Isinya: {gist(forwarding.complaint.subject, 120)}.",
            f"Jawaban kami tunggu paling lambat {answer_by}. {last}" if confirm_by else last,
        ),
        action=action,
    )


def incomplete_mail(forwarding: Forwarding, missing: str, due_on: date) -> Message:
    """The answer came, something is missing: what, and the new date."""
    number = forwarding.letter.number
    return Message(
        subject=f"Mohon dilengkapi: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Mohon lengkapi tanggapan atas surat kami Nomor {number} paling lambat {long_date(due_on)}.",
            f"Terima kasih, tanggapan Saudara sudah kami terima. Yang masih kurang: {gist(missing, 600)}",
        ),
        action="",
    )


def office_signature(institution: Institution) -> str:
    """Signature of the office, not of a person: people change."""
    return "\n".join(line for line in (institution.name, institution.postal_address, institution.phone) if line)


def long_date(day: date) -> str:
    """ "Jumat, 10 April 2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {date_words(day)}"


def _contact(sender: Institution) -> str:
    return ", ".join(part for part in (sender.name, sender.phone, sender.email) if part)
