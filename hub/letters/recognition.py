"""Whether a file is a letter of this hub: by its very bytes, or else by the code it carries."""

import hashlib
import io
from dataclasses import dataclass
from enum import StrEnum

from hub.letters import pades, queries
from hub.letters.models import Letter, LetterState
from hub.letters.rules import codes_in

_PAGES_READ = 20


class Match(StrEnum):
    """How a file is known: the bytes that were signed, the copy made to sign, or only a code in it."""

    BYTES = "bytes"
    COPY = "copy"
    CODE = "code"


@dataclass(frozen=True)
class Recognised:
    """`signatures`: electronic ones in the file; None where pyHanko is not installed and nobody can judge them."""

    match: Match | None
    letter: Letter | None
    signatures: tuple[pades.Found, ...] | None

    @property
    def is_genuine(self) -> bool:
        """True for the bytes that were signed or issued, as long as the letter is in force."""
        in_force = self.letter is not None and self.letter.state in (LetterState.SIGNED, LetterState.ISSUED)
        return self.match is Match.BYTES and in_force


def recognise(content: bytes) -> Recognised:
    """What the hub knows about these bytes. Of two kinds of likeness the stronger one counts."""
    match, letter = _found(content)
    return Recognised(match, letter, _signatures(content))


def letter_in(content: bytes) -> Letter | None:
    """The letter that these bytes are, or whose code they carry; None when nothing in them tells."""
    return _found(content)[1]


def _found(content: bytes) -> tuple[Match | None, Letter | None]:
    sha256 = hashlib.sha256(content).hexdigest()
    if signed := queries.by_content(sha256):
        return Match.BYTES, signed
    if unsigned := queries.by_signing_copy(sha256):
        return Match.COPY, unsigned
    named = next(filter(None, map(queries.by_verification_code, _codes(content))), None)
    return (Match.CODE, named) if named else (None, None)


def _codes(content: bytes) -> list[str]:
    """Codes in the name the PDF gives itself, which outlives most changes, and in what its pages say."""
    import pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        names = " ".join(str(one) for one in reader.trailer.get("/ID", []))
        pages = " ".join(page.extract_text() for page in reader.pages[:_PAGES_READ])
    except Exception:  # noqa: BLE001  # whatever it is, it is no PDF that tells anything
        return []
    return codes_in(f"{names} {pages}")


def _signatures(content: bytes) -> tuple[pades.Found, ...] | None:
    if not pades.is_signed(content):
        return ()
    if not pades.can_judge():
        return None
    try:
        return tuple(pades.signatures(content))
    except pades.BrokenSignature:
        return (pades.Found("", is_intact=False),)
