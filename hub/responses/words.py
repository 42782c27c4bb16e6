"""What mails about an answer say, in Indonesian like all letters of the hub."""

from datetime import date

from hub.forwardings.correspondence import Message, long_date
from hub.letters.rules import date_words, gist
from hub.responses.models import Response, ResponseKind


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
