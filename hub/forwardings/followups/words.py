"""The words of letters that follow up one that was not answered: what was sent, what became of it, what is owed.

They are official documents, always Indonesian, and never name the citizen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hub import clock
from hub.directory.models import Institution
from hub.forwardings import deadlines
from hub.forwardings.correspondence import (
    ACKNOWLEDGE,
    CLOSING,
    LOOK,
    RIGHT_OF_REPLY,
    WHERE_TO_ANSWER,
    Message,
    answer_by,
    contact,
    own_words,
)
from hub.forwardings.models import Forwarding, Proof
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, ClockKey
from hub.letters.models import Letter, LetterKind, Stationery
from hub.letters.rules import LetterContent, date_words, gist, limit
from hub.routing.rules import Purpose
from hub.workdays.rules import UNIT_WORDS

IF_ANSWERED = (
    "Bila surat tersebut sudah dijawab, mohon beri tahu kami nomor dan tanggal surat jawabannya dengan membalas email "
    "atau melalui hub."
)
SUBJECTS = {
    LetterKind.REMINDER: "Pengingat atas surat Nomor",
    LetterKind.SECOND_REQUEST: "Permintaan penjelasan kedua atas surat Nomor",
    LetterKind.TO_HEAD: "Surat yang belum ditanggapi, Nomor",
    LetterKind.ESCALATION: "Permohonan bantuan atas surat yang belum ditanggapi, Nomor",
}
OPENINGS = {
    LetterKind.REMINDER: (
        "Menunjuk surat kami Nomor {nomor} tanggal {tanggal}, bersama ini kami ingatkan bahwa {ditunggu} sampai dengan "
        "tanggal surat ini belum kami terima."
    ),
    LetterKind.SECOND_REQUEST: (
        "Menunjuk surat permintaan penjelasan kami Nomor {nomor} tanggal {tanggal}, {ditunggu} sampai dengan tanggal "
        "surat ini belum kami terima. Bersama ini kami sampaikan permintaan penjelasan kedua sesuai Pasal 33 "
        "Undang-Undang Nomor 37 Tahun 2008 tentang Ombudsman Republik Indonesia."
    ),
    LetterKind.TO_HEAD: (
        "Dengan hormat kami sampaikan bahwa atas surat kami Nomor {nomor} tanggal {tanggal} kepada {kepada}, "
        "{ditunggu} sampai dengan tanggal surat ini belum kami terima."
    ),
    LetterKind.ESCALATION: (
        "Dengan hormat kami sampaikan bahwa atas surat kami Nomor {nomor} tanggal {tanggal} kepada {kepada}, "
        "{ditunggu} sampai dengan tanggal surat ini belum kami terima."
    ),
}
"""Office's own words may replace these; {ditunggu} and {kepada} are put in here only."""


@dataclass(frozen=True)
class Fate:
    """What is known of the first letter. `left_by`: "email dan pos"; `proof`: the first one that stands."""

    left_on: date
    left_by: str
    proof: Proof | None
    has_interim: bool


def subject(forwarding: Forwarding, kind: LetterKind) -> str:
    """Hal."""
    return f"{SUBJECTS[kind]} {forwarding.letter.number}"


def content(
    forwarding: Forwarding, kind: LetterKind, to: Institution, fate: Fate, version: Stationery | None, note: str = ""
) -> LetterContent:
    """The whole letter, from the facts of today. `to`: the recipient, or of an escalation who supervises it.

    `version`: the sender's stationery, which may have words of its own.
    """
    first, sender = forwarding.letter, forwarding.sender
    words = own_words(version, kind, first.number or "", first.dated)
    said = (_asked(forwarding, kind, fate), note.strip(), IF_ANSWERED, _where(kind))
    usual = OPENINGS[kind].replace("{ditunggu}", owed(forwarding, fate)).replace("{kepada}", recipient_name(forwarding))
    return LetterContent(
        addressee=addressee(forwarding, kind, to),
        place=to.seat,
        opening=words("opening", usual),
        details=tuple(_facts(forwarding, fate)),
        paragraphs=tuple(part for part in said if part),
        closing=words("closing", CLOSING),
        signing_office=(sender.head_title,),
        attachments=f"1 berkas (salinan surat Nomor {first.number})",
        contact=contact(sender),
        reference=forwarding.complaint.reference,
    )


def note_of(content: LetterContent) -> str:
    """What the sender added in own words."""
    return "\n\n".join(one for one in content.paragraphs[1:] if one not in (IF_ANSWERED, WHERE_TO_ANSWER))


def addressee(forwarding: Forwarding, kind: LetterKind, to: Institution) -> tuple[str, ...]:
    return (forwarding.recipient.line_addressee,) if kind is LetterKind.TO_HEAD else (to.head_title,)


def recipient_name(forwarding: Forwarding) -> str:
    return forwarding.recipient.head_title


def owed(forwarding: Forwarding, fate: Fate) -> str:
    """What the recipient still owes: "konfirmasi penerimaan dan tanggapan Saudara"."""
    answer = "penjelasan tertulis" if forwarding.purpose is Purpose.CLARIFICATION else "tanggapan"
    if fate.has_interim:
        return f"{answer} akhir"
    return f"konfirmasi penerimaan dan {answer}" if forwarding.stage in AWAITING_ACKNOWLEDGEMENT else answer


def follow_up_mail(forwarding: Forwarding, letter: Letter) -> Message:
    """To the recipient: that a letter follows up the first one, and until when the answer is due."""
    if letter.kind is LetterKind.SECOND_REQUEST:
        return _second_request_mail(forwarding, letter)
    awaits = forwarding.stage in AWAITING_ACKNOWLEDGEMENT
    to = ", ".join(letter.content["addressee"])
    return Message(
        subject=f"{letter.number}: {gist(letter.subject, 200)}",
        paragraphs=(
            f"Mohon tanggapi surat kami Nomor {forwarding.letter.number}; batas waktunya {answer_by(forwarding)}.",
            f"Terlampir surat kami Nomor {letter.number}, kepada {to}, dan salinan surat pertama.",
            f"{RIGHT_OF_REPLY} di halaman yang dibuka tombol di bawah ini, atau dengan membalas email ini.",
        ),
        action=ACKNOWLEDGE if awaits else LOOK,
    )


def _second_request_mail(forwarding: Forwarding, letter: Letter) -> Message:
    """Its limit runs from its own receipt, so that is what it asks for first."""
    to = ", ".join(letter.content["addressee"])
    return Message(
        subject=f"{letter.number}: {gist(letter.subject, 200)}",
        paragraphs=(
            (
                f"Mohon konfirmasi penerimaan permintaan penjelasan kedua kami, Nomor {letter.number}, dengan tombol "
                "di bawah ini."
            ),
            f"Penjelasan Saudara kami mohon paling lambat {_second_limit(forwarding)}.",
            f"Terlampir surat itu, kepada {to}, dan salinan surat pertama Nomor {forwarding.letter.number}.",
            f"{RIGHT_OF_REPLY} di halaman yang dibuka tombol yang sama, atau dengan membalas email ini.",
        ),
        action=ACKNOWLEDGE,
    )


def escalation_mail(forwarding: Forwarding, letter: Letter) -> Message:
    """To who supervises the recipient. It holds no link: nobody there can confirm a letter that went elsewhere."""
    return Message(
        subject=f"{letter.number}: {gist(letter.subject, 200)}",
        paragraphs=(
            (
                f"Mohon bantuan Saudara agar {recipient_name(forwarding)} menanggapi surat kami Nomor "
                f"{forwarding.letter.number}."
            ),
            f"Terlampir surat kami Nomor {letter.number} dan salinan surat pertama.",
            "Saudara dapat menjawab dengan membalas email ini.",
        ),
        action="",
    )


def _facts(forwarding: Forwarding, fate: Fate) -> Sequence[tuple[str, str]]:
    first = forwarding.letter
    assert first.dated is not None
    return (
        ("Nomor hub", forwarding.complaint.reference),
        ("Surat kami", f"{first.number}, tanggal {date_words(first.dated)}"),
        ("Pokok pengaduan", gist(forwarding.complaint.subject, 200)),
        ("Dikirim", f"{date_words(fate.left_on)}, melalui {fate.left_by}"),
        ("Penerimaan", _received(forwarding, fate.proof)),
        ("Batas waktu", f"paling lambat {answer_by(forwarding)}"),
        ("Yang ditunggu", owed(forwarding, fate)),
    )


def _received(forwarding: Forwarding, proof: Proof | None) -> str:
    if proof is None:
        return "belum ada bukti terima pada kami"
    day = date_words(clock.local(proof.occurred_at, forwarding.recipient.zone).date())
    return f"{day}, oleh {proof.name}" if proof.name else day


def _asked(forwarding: Forwarding, kind: LetterKind, fate: Fate) -> str:
    what = owed(forwarding, fate)
    if kind is LetterKind.SECOND_REQUEST:
        return f"Kami mohon {what} Saudara paling lambat {_second_limit(forwarding)}."
    if kind is LetterKind.REMINDER:
        return f"Kami mohon Saudara segera menyampaikan {what} kepada kami."
    name = recipient_name(forwarding)
    if kind is LetterKind.TO_HEAD:
        return f"Kami mohon perhatian Saudara agar {name} segera menyampaikan {what} kepada kami."
    return f"Kami mohon Saudara, selaku pengawas {name}, membantu agar {what} segera disampaikan kepada kami."


def _second_limit(forwarding: Forwarding) -> str:
    key = ClockKey.OMBUDSMAN_SECOND_REQUEST
    due = deadlines.provisional(key, forwarding.recipient, forwarding.network)
    return limit(due.amount, UNIT_WORDS[due.unit], due.due).replace("sejak surat", "sejak surat ini")


def _where(kind: LetterKind) -> str:
    """Only who got the first letter can confirm it."""
    return "" if kind is LetterKind.ESCALATION else WHERE_TO_ANSWER
