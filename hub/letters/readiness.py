"""Whether this machine can print the letters of an institution. Asked before a number is used; loads no printing."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask_babel import gettext as _

from hub.files import storage
from hub.letters import pictures

FONT = "Liberation Sans"
ALSO = "DejaVu Sans"
"""Has the scripts and symbols that the first one lacks, Arabic among them."""

_kept: ContextVar[dict[tuple[str, str], str] | None] = ContextVar("kept", default=None)


def fault(emblem: str | None = None) -> str | None:
    """What stands in the way, as a sentence for whoever is about to sign; None when nothing does.

    `emblem`: SHA-256 of the stored picture in the institution's letterhead, if there is one.
    """
    for font, package in ((FONT, "fonts-liberation2"), (ALSO, "fonts-dejavu-core")):
        if not has_font(font):
            return _(
                "The font %(font)s is missing on the server, so the letter cannot be printed. Please ask the "
                "administrator to install the package %(package)s.",
                font=font,
                package=package,
            )
    if emblem and not _is_whole(emblem):
        return _(
            "The emblem in the letterhead is lost or damaged, so the letter cannot be printed. Please ask the "
            "administrator to upload it again."
        )
    return None


def has_font(family: str) -> bool:
    """Whether fontconfig, which also chooses the fonts of a PDF, knows this very family. Takes some 10 ms."""
    return family in _told("%{family}", family).split(",")


def signs_of(family: str) -> frozenset[int]:
    """The code points this font has a form for; none where there is no such font."""
    if not has_font(family):
        return frozenset()
    ranges = (one.partition("-") for one in _told("%{charset}", family).split())
    return frozenset(sign for first, _to, last in ranges for sign in range(int(first, 16), int(last or first, 16) + 1))


@contextmanager
def keeping_fonts() -> Iterator[None]:
    """Within, each question about fonts is asked once: for many letters in one go, 20 ms less for each."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _told(what: str, family: str) -> str:
    kept = _kept.get()
    if kept is None:
        return _asked(what, family)
    if (what, family) not in kept:
        kept[what, family] = _asked(what, family)
    return kept[what, family]


def _asked(what: str, family: str) -> str:
    program = shutil.which("fc-match")
    if program is None:
        return ""
    question = [program, "-f", what, family]
    return subprocess.run(question, capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603


def _is_whole(sha256: str) -> bool:
    try:
        content = storage.path(sha256).read_bytes()
    except FileNotFoundError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256 and pictures.media_type(content) is not None
