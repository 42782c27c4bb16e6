"""The words of mails about the thread. They go to offices: always Indonesian, and short."""

from dataclasses import dataclass
from datetime import date

from hub.coordination.models import ThreadMessage
from hub.coordination.rules import ExtensionDecision, MessageKind, Side
from hub.forwardings.correspondence import Message, long_date, paused
from hub.forwardings.models import Forwarding
from hub.letters.rules import gist
from hub.mail.rules import one_line
from hub.webkit import links
from hub.workdays.rules import Paused

LONGEST_QUOTE = 600
"""Characters of a message that its mail repeats; the rest is read in the hub."""
LONGEST_REMINDER = 240
"""The same of what its writer is only reminded of."""


@dataclass(frozen=True)
class Resumed:
    """A date that stood still and runs again: the pause, and until when the answer is due."""

    over: Paused
    due_on: date


def message_mail(message: ThreadMessage, resumed: Resumed | None = None) -> Message:
    """To the other side: what is asked comes first, then the words, the date that runs again, and how to answer."""
    runs_again = _runs_again(resumed) if resumed else ""
    return _mail(message.forwarding, *_asked(message), _quote(message), runs_again, _how_to_answer(message))


def pause_mail(question: ThreadMessage, since: date) -> Message:
    """To the recipient: its date stands still, since when, for which question of its own, and what it need not do."""
    forwarding = question.forwarding
    number = forwarding.letter.number
    return _mail(
        forwarding,
        "Batas waktu dijeda",
        f"Batas waktu tanggapan atas surat kami Nomor {number} dijeda sejak {long_date(since)}: giliran kami.",
        f"Yang Saudara tunggu: “{one_line(question.text, LONGEST_REMINDER)}” ({question.author_name})",
        "Selama jeda tidak ada pengingat. Setelah kami penuhi yang Saudara tunggu, kami sampaikan tanggal barunya.",
        _reply_or_open(forwarding),
    )


def resumed_mail(forwarding: Forwarding, resumed: Resumed) -> Message:
    """To the recipient: its date runs again, and how it was counted."""
    number = forwarding.letter.number
    return _mail(
        forwarding,
        "Batas waktu berjalan lagi",
        f"Batas waktu tanggapan atas surat kami Nomor {number} berjalan lagi.",
        _runs_again(resumed),
        _reply_or_open(forwarding),
    )


def _runs_again(resumed: Resumed) -> str:
    return f"Tanggapan kami tunggu paling lambat {long_date(resumed.due_on)}; {paused(resumed.over)}."


def decision_mail(request: ThreadMessage) -> Message:
    """To the recipient: until when the answer is due now, and what the sender says to that."""
    forwarding = request.forwarding
    number = forwarding.letter.number
    if request.decision is ExtensionDecision.GRANTED and request.granted_until:
        what = "Perpanjangan diberikan"
        first = (
            f"Tanggapan atas surat kami Nomor {number} kami tunggu paling lambat {long_date(request.granted_until)}."
        )
    else:
        what = "Perpanjangan tidak diberikan"
        first = f"Perpanjangan untuk surat kami Nomor {number} tidak dapat kami berikan; batas waktunya tetap."
    note = f"Catatan kami: {one_line(request.decision_note, LONGEST_QUOTE)}" if request.decision_note else ""
    return _mail(forwarding, what, first, note, _reply_or_open(forwarding))


def _mail(forwarding: Forwarding, what: str, *paragraphs: str) -> Message:
    return Message(
        subject=f"{what}: {forwarding.letter.number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=tuple(one for one in paragraphs if one),
        action="",
    )


def _asked(message: ThreadMessage) -> tuple[str, str]:
    """What the mail is, and its first line."""
    number = message.forwarding.letter.number
    if message.kind is MessageKind.EXTENSION:
        until = long_date(message.until) if message.until else ""
        return (
            "Permintaan perpanjangan",
            f"Mohon putuskan permintaan perpanjangan sampai {until} untuk surat Nomor {number}.",
        )
    whose = "kami" if message.side is Side.SENDER else "Saudara"
    if message.kind is MessageKind.QUESTION:
        return "Pertanyaan", f"Mohon jawab pertanyaan kami tentang surat {whose} Nomor {number}."
    return "Penjelasan", f"Untuk diketahui, penjelasan kami tentang surat {whose} Nomor {number}."


def _quote(message: ThreadMessage) -> str:
    """The words themselves, and where the rest and the files are."""
    shown = one_line(message.text, LONGEST_QUOTE)
    more = ["Selengkapnya ada di hub."] if shown.endswith("…") else []
    if message.files:
        more.append(f"{len(message.files)} berkas ada di hub.")
    return " ".join((f"{message.author_name}: {shown}", *more))


def _how_to_answer(message: ThreadMessage) -> str:
    if message.kind is MessageKind.EXTENSION:
        return f"Keputusan diberikan di hub: {_page(message.forwarding)}"
    return _reply_or_open(message.forwarding)


def _reply_or_open(forwarding: Forwarding) -> str:
    return f"Saudara dapat menjawab dengan membalas email ini.\nBuka halaman surat ini: {_page(forwarding)}"


def _page(forwarding: Forwarding) -> str:
    return links.page(f"/forwardings/{forwarding.id}#thread")
