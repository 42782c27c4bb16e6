"""Whether this machine can print the letters of an institution. Asked before a number is used; loads no printing."""

import hashlib
import shutil
import subprocess

from flask_babel import gettext as _

from hub.files import storage
from hub.letters import pictures

FONT = "Liberation Sans"


def fault(emblem: str | None = None) -> str | None:
    """What stands in the way, as a sentence for whoever is about to sign; None when nothing does.

    `emblem`: SHA-256 of the stored picture in the institution's letterhead, if there is one.
    """
    if not has_font(FONT):
        return _(
            "The font %(font)s is missing on the server, so the letter cannot be printed. Please ask the administrator "
            "to install the package fonts-liberation2.",
            font=FONT,
        )
    if emblem and not _is_whole(emblem):
        return _(
            "The emblem in the letterhead is lost or damaged, so the letter cannot be printed. Please ask the "
            "administrator to upload it again."
        )
    return None


def has_font(family: str) -> bool:
    """Whether fontconfig, which also chooses the fonts of a PDF, knows this very family. Takes some 10 ms."""
    program = shutil.which("fc-match")
    if program is None:
        return False
    question = [program, "-f", "%{family}", family]
    asked = subprocess.run(question, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    return family in asked.stdout.split(",")


def _is_whole(sha256: str) -> bool:
    try:
        content = storage.path(sha256).read_bytes()
    except FileNotFoundError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256 and pictures.media_type(content) is not None
