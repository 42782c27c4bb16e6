"""The words of mails about what the sender makes of an answer. They are official documents: always Indonesian."""

from collections.abc import Sequence
from datetime import date

from hub.forwardings.correspondence import LOOK, Message, long_date
from hub.forwardings.models import Forwarding
from hub.letters.rules import gist

WHAT_AN_ANSWER_SAYS = (
    "Jawaban Saudara kami catat sebagai pemberitahuan bahwa laporan sudah diterima. Mohon dilengkapi dengan hasil "
    "pemeriksaan (terbukti atau tidak), tindakan yang sudah diambil beserta tanggal dan tempatnya, serta siapa yang "
    "menanganinya."
)
"""What is missing in an answer that says nothing yet."""
_LONGEST_REASON = 600
_IN_WORDS = ("", "Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan")


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
