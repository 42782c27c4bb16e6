"""The words of mails about answers. They are official, so Indonesian, and never name the citizen."""

from datetime import date

from hub.forwardings.correspondence import Message, long_date
from hub.letters.rules import date_words, gist
from hub.responses.models import AnnouncedReply

SEND_A_COPY = "Kirim salinan jawaban"


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
