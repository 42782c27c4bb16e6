"""The words of a letter that passes another one on."""

from hub.forwardings.models import Forwarding
from hub.letters.rules import date_words


def opening(parent: Forwarding | None) -> str:
    """It names the letter it follows, never the citizen; "" for a letter that follows none."""
    if parent is None:
        return ""
    letter, sender = parent.letter, parent.sender
    dated = f" tanggal {date_words(letter.dated)}" if letter.dated else ""
    return (
        f"Menindaklanjuti surat {sender.head_title} Nomor {letter.number}{dated} tentang pengaduan masyarakat, bersama "
        "ini kami teruskan pengaduan dengan data sebagai berikut."
    )
