"""The words of mails about answers. They are official, so Indonesian, and never name the citizen."""

from datetime import date

from hub.forwardings.correspondence import Message, long_date
from hub.letters.rules import date_words, gist
from hub.responses.models import AnnouncedReply, Response, ResponseKind

SEND_A_COPY = "Kirim salinan jawaban"


def taken_back(response: Response, reason: str, due_on: date | None) -> Message:
    """An answer that was confirmed counts no more: why, and until when one is awaited."""
    number = response.forwarding.letter.number
    theirs = (
        f" Nomor {response.letter_number} tanggal {date_words(response.letter_date)}" if response.letter_number else ""
    )
    kind = "tanggapan final" if response.kind is ResponseKind.FINAL else "tanggapan sementara"
    until = f" paling lambat {long_date(due_on)}" if due_on else ""
    return Message(
        subject=f"Jawaban tidak dihitung: {number}: {gist(response.forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Kami masih menunggu jawaban Saudara atas surat kami Nomor {number}{until}.",
            f"Jawaban{theirs} dari {response.author_name}, yang kami catat sebagai {kind}, tidak kami hitung lagi.",
            f"Alasannya: {gist(reason, 500)}",
            "Bila ini keliru, jawablah lewat tautan di bawah ini, atau hubungi kami.",
        ),
        action="Jawab surat ini",
    )


def copy_wanted(announced: AnnouncedReply, note: str, due_on: date) -> Message:
    """The announced answer was looked for in vain: a copy is asked for, and until when."""
    forwarding = announced.forwarding
    number = forwarding.letter.number
    told = f"Surat jawaban Saudara Nomor {announced.letter_number} tanggal {date_words(announced.letter_date)}"
    return Message(
        subject=f"Mohon salinan jawaban: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Mohon kirimkan salinan jawaban atas surat kami Nomor {number} paling lambat {long_date(due_on)}.",
            f"{told}, yang dikirim {date_words(announced.sent_on)}, belum kami terima. {gist(note, 600)}",
            "Salinannya dapat diunggah dengan tombol di bawah ini, atau dikirim dengan membalas email ini.",
        ),
        action=SEND_A_COPY,
    )
