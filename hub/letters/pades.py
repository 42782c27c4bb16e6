"""Electronic signatures in PDFs: making one (PAdES B-B) and judging those of others.

pyHanko is an optional extra, slow to import (1-2 s): only here, and only when it is needed.
"""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from hub.letters.certificates import Certificate

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

Result = TypeVar("Result")
_SIGNED_RANGE = re.compile(rb"/ByteRange\s*\[")


class BrokenSignature(ValueError):
    """The file says that it is signed, and its bytes say otherwise."""


@dataclass(frozen=True)
class Found:
    """One signature in a PDF. `is_intact`: what it covers has not changed since. It tells nothing about trust."""

    signer: str
    is_intact: bool


def sign(content: bytes, certificate: Certificate) -> bytes:
    """The PDF with the signature of this certificate added after its last byte. Each call gives other bytes."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    load: Any = signers.SimpleSigner.load_pkcs12  # it carries no types
    signer = load(str(certificate.file), passphrase=certificate.password or None)
    if signer is None:
        raise ValueError(f"{certificate.file.name} cannot be read")
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=fields.SigSeedSubFilter.PADES)
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    _apart(lambda: signers.sign_pdf(writer, metadata, signer=signer, output=out))
    return out.getvalue()


def is_signed(content: bytes) -> bool:
    """True when the PDF holds a signature, whatever it is worth."""
    return _SIGNED_RANGE.search(content) is not None


def can_judge() -> bool:
    """False where pyHanko is not installed: then it is only known whether there is a signature."""
    return find_spec("pyhanko") is not None


def signatures(content: bytes) -> list[Found]:
    """What is signed in this PDF, by whom, and whether it is intact. Needs `can_judge`. Raises BrokenSignature."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    def judge() -> list[Found]:
        return [_judged(one) for one in PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures]

    try:
        return _apart(judge)
    except Exception as problem:  # whatever a hostile file does to its reader
        raise BrokenSignature(f"{type(problem).__name__}: {problem}") from problem


def _apart(act: Callable[[], Result]) -> Result:
    """In a thread of its own: pyHanko runs an event loop, which has to be the only one there."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def _judged(signature: "EmbeddedPdfSignature") -> Found:
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    # whom to trust is not judged here, so each is trusted: pyHanko would fill the log with its doubts
    trusted = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, trusted)
    whole = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    is_whole = bool(status.docmdp_ok) and status.coverage in whole
    name = signature.signer_cert.subject.native.get("common_name") or signature.signer_cert.subject.human_friendly
    return Found(str(name), bool(status.intact and status.valid) and is_whole)
