"""The words of mails about answers. They are official, so Indonesian, and never name the citizen."""

from collections.abc import Sequence
from datetime import date

from hub.forwardings.correspondence import LOOK, Message, long_date
from hub.forwardings.models import Forwarding
from hub.letters.rules import date_words, gist
from hub.responses.models import AnnouncedReply, Response, ResponseKind

SEND_A_COPY = "Kirim salinan jawaban"
WHAT_AN_ANSWER_SAYS = (
    "Jawaban Saudara kami catat sebagai pemberitahuan bahwa laporan sudah diterima. Mohon dilengkapi dengan hasil "
    "pemeriksaan (terbukti atau tidak), tindakan yang sudah diambil beserta tanggal dan tempatnya, serta siapa yang "
    "menanganinya."
)
"""What is missing in an answer that says nothing yet."""
_LONGEST_REASON = 600
_IN_WORDS = ("", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan")


def taken_back(response: Response, reason: str, due_on: date | None) -> Message:
    """An answer that was confirmed counts no more: why, and until when one is awaited."""
    number = response.forwarding.letter.number
    theirs = (
        f" Nomor {response.letter_number} tanggal {date_words(response.letter_date)}" if response.letter_number else ""
    )
    kind = "tanggapan final" if response.kind is ResponseKind.FINAL else "tanggapan sementara"
    until = f" paling lambat {long_date(due_on)}" if due_on else ""
    return Message(
        subject=f"Jawaban tidak dihitung: {number}: {_about(response.forwarding)}",
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
        subject=f"Mohon salinan jawaban: {number}: {_about(forwarding)}",
        paragraphs=(
            f"Mohon kirimkan salinan jawaban atas surat kami Nomor {number} paling lambat {long_date(due_on)}.",
            f"{told}, yang dikirim {date_words(announced.sent_on)}, belum kami terima. {gist(note, 600)}",
            "Salinannya dapat diunggah dengan tombol di bawah ini, atau dikirim dengan membalas email ini.",
        ),
        action=SEND_A_COPY,
    )


def incomplete_mail(forwarding: Forwarding, missing: str, due_on: date) -> Message:
    """The answer came, something is missing: what, and the new date."""
    number = forwarding.letter.number
    return Message(
        subject=f"Mohon dilengkapi: {number}: {_about(forwarding)}",
        paragraphs=(
            f"Mohon lengkapi tanggapan atas surat kami Nomor {number} paling lambat {long_date(due_on)}.",
            f"Terima kasih, tanggapan Saudara sudah kami terima. Yang masih kurang: {gist(missing, _LONGEST_REASON)}",
        ),
        action=LOOK,
    )


def still_asked_mail(forwarding: Forwarding, reason: str, due_on: date) -> Message:
    """The recipient declined, and the sender holds that it is competent: why, and until when the answer is awaited."""
    number = forwarding.letter.number
    return Message(
        subject=f"Tetap mohon ditangani: {number}: {_about(forwarding)}",
        paragraphs=(
            (
                f"Pengaduan dalam surat kami Nomor {number} tetap kami mohon ditangani oleh kantor Saudara. "
                f"Tanggapan kami tunggu paling lambat {long_date(due_on)}."
            ),
            (
                "Terima kasih, keterangan Saudara mengenai kewenangan sudah kami pelajari. "
                f"Alasan kami: {gist(reason, _LONGEST_REASON)}"
            ),
        ),
        action=LOOK,
    )


def declined_mail(forwarding: Forwarding) -> Message:
    """The recipient is not competent, and nothing more is asked of it."""
    number = forwarding.letter.number
    return Message(
        subject=f"Bukan wewenang: {number}: {_about(forwarding)}",
        paragraphs=(
            f"Surat kami Nomor {number} tidak perlu ditindaklanjuti lagi oleh kantor Saudara.",
            "Terima kasih atas keterangan Saudara. Kami mencatat bahwa pengaduan ini bukan wewenang kantor Saudara.",
        ),
        action="",
    )


def reopened_mail(forwarding: Forwarding, reason: str, due_on: date) -> Message:
    """A matter that had come to its end is asked again: why, and until when."""
    number = forwarding.letter.number
    return Message(
        subject=f"Dibuka kembali: {number}: {_about(forwarding)}",
        paragraphs=(
            f"Mohon sampaikan tanggapan atas surat kami Nomor {number} paling lambat {long_date(due_on)}.",
            f"Penerusan ini kami buka kembali. Alasannya: {gist(reason, _LONGEST_REASON)}",
            "Surat terlampir. Jawaban Saudara sebelumnya tetap tercatat.",
        ),
        action=LOOK,
    )


def please_decide(offices: Sequence[str]) -> str:
    """A paragraph for the letter to who stands above all `offices`: each says that it is not competent."""
    names = " dan ".join((", ".join(offices[:-1]), offices[-1])) if len(offices) > 1 else offices[0]
    how_many = _IN_WORDS[len(offices)] if len(offices) < len(_IN_WORDS) else str(len(offices))
    return (
        f"{how_many} instansi menyatakan bahwa pengaduan ini bukan wewenangnya: {names}. "
        "Mohon Saudara menetapkan instansi yang berwenang menanganinya."
    )


def _about(forwarding: Forwarding) -> str:
    return gist(forwarding.complaint.subject, 120)
