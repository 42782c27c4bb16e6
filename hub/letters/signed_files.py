"""The file that comes back from outside with a signature: exactly these bytes are sent, and kept."""

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _

from hub.files import service as files
from hub.files.models import StoredFile
from hub.files.rules import PDF
from hub.letters import pades, recognition, rules
from hub.letters.models import Letter, SigningMethod
from hub.letters.numbering import CannotSign


@dataclass(frozen=True)
class SignedFile:
    """`signers`: who signed it electronically, where the hub can judge that."""

    file: StoredFile
    signers: tuple[str, ...] = ()


def keep(letter: Letter, name: str, content: bytes) -> SignedFile:
    """Store what was signed on paper and scanned, or in another system. Raises CannotSign with what to do instead."""
    try:
        is_pdf = files.accepted_type(name, content) == PDF
    except files.UnacceptableFile as problem:
        raise CannotSign(problem.sentence) from None
    if not is_pdf:
        raise CannotSign(_("Only a PDF can be sent and kept as it is: save the scan as PDF, all pages in one file."))
    copy = letter.signing_copy
    if copy is not None and copy.sha256 == hashlib.sha256(content).hexdigest():
        raise CannotSign(_("This is the copy to sign itself, without a signature. Choose the signed file."))
    _refuse_another_letter(letter, content)
    signers = _signers(content) if letter.signing_method is SigningMethod.ELSEWHERE else ()
    file = files.store_made(f"{rules.file_name(letter.number or str(letter.id))}.pdf", content, PDF)
    return SignedFile(file, signers)


def _refuse_another_letter(letter: Letter, content: bytes) -> None:
    """A file uploaded under the wrong letter would tell one office of another's citizen. A scan tells nothing."""
    other = recognition.letter_in(content)
    if other is not None and other.id != letter.id:
        raise CannotSign(
            _(
                "This file is letter %(other)s, not this one. Choose the file that belongs here.",
                other=other.number or other.subject,
            )
        )


def _signers(content: bytes) -> tuple[str, ...]:
    if not pades.is_signed(content):
        raise CannotSign(
            _(
                "This file carries no electronic signature. Choose the file as the other system gave it back, not a "
                "print of it; a scan of a paper belongs to a letter that is signed on paper."
            )
        )
    if not pades.can_judge():
        return ()
    try:
        found = pades.signatures(content)
    except pades.BrokenSignature:
        found = []
    if not found or not all(one.is_intact for one in found):
        raise CannotSign(
            _("The signature in this file is broken: the file was changed after it was signed. Sign it again.")
        )
    return tuple(one.signer for one in found)
