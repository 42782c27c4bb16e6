"""A letter as HTML: the same for the preview on screen and for the PDF."""

import io
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from flask import current_app
from markupsafe import Markup

from hub import clock
from hub.files import storage
from hub.letters import rules
from hub.letters.models import Letter, LetterKind, LetterState, SigningMethod
from hub.letters.stationery import service as stationery

STYLES = Path(__file__).resolve().parent.parent / "static"
"""Where the style sheets of letters and slips lie; browsers get them as static files."""

_TEMPLATES = {LetterKind.RECEIPT: "letters/receipt.html", LetterKind.HANDOVER: "letters/handover.html"}
"""Documents with a title. All other kinds are official letters (surat dinas)."""


def html(letter: Letter, *, linked: bool = True, emblem: bytes = b"") -> str:
    """The whole page. `linked`: with the address of its style sheet; the PDF brings the sheet along already parsed.

    Of a draft, number, date and name are still open and say so. `emblem`: an image to try, instead of the kept one.
    """
    content = content_of(letter)
    return page(
        _TEMPLATES.get(letter.kind, "letters/official.html"),
        linked,
        letter=letter,
        content=content,
        emblem=_within(emblem) if emblem else emblem_address(content.emblem, linked),
        nature=rules.nature(content.security, content.urgency),
        approval=_approval(letter, content),
        made_at=made_at(letter),
        signatory=_signatory(letter, content),
        code=rules.grouped(letter.verification_code),
        address=verification_address(letter),
        qr=qr(verification_address(letter)),
    )


def content_of(letter: Letter) -> rules.LetterContent:
    """What is printed: of a draft with the stationery of today, of any other letter as it was frozen."""
    content = rules.LetterContent.from_dict(letter.content)
    if letter.state != LetterState.DRAFT and content.head:
        return content
    is_draft = letter.state == LetterState.DRAFT
    version = stationery.newest(letter.institution) if is_draft else letter.stationery
    return stationery.dress(content, letter.institution, stationery.terms_of(version))


def page(template: str, linked: bool, **values: Any) -> str:
    """A document from its template, outside any request: it depends on its values alone.

    The text is escaped by the template engine; `gist`, `date_words` and `moment_words` are at hand within.
    """
    sheet = f"{current_app.static_url_path}/letter.css" if linked else ""
    words = {"gist": rules.gist, "date_words": rules.date_words, "moment_words": _moment_words}
    return current_app.jinja_env.get_template(template).render(stylesheet=sheet, **words, **values)


def _moment_words(moment: datetime, zone: str) -> str:
    return rules.moment_words(clock.local(moment, zone), zone)


def _approval(letter: Letter, content: rules.LetterContent) -> tuple[str, ...]:
    """Where a signature would stand: how and when it was approved in the hub; nothing where a pen is to write."""
    if letter.signed_at is None or letter.signing_method not in (None, SigningMethod.APPROVAL):
        return ()
    return "Disetujui melalui hub", _moment_words(letter.signed_at, content.zone)


def _signatory(letter: Letter, content: rules.LetterContent) -> tuple[str, str]:
    """Name and number (NIP) of who signs, as they were when the letter was signed. Empty while nobody has."""
    if content.signatory or letter.signatory is None:
        return content.signatory, content.signatory_number
    return letter.signatory.name, letter.signatory.employee_number


def made_at(letter: Letter) -> str:
    """When it was signed, or the day it was issued, for the record within the PDF; "" for a draft."""
    if letter.signed_at:
        return f"{letter.signed_at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{letter.dated:%Y-%m-%dT00:00:00Z}" if letter.dated else ""


def emblem_address(sha256: str, linked: bool) -> str:
    """Where the image of the head is found: by the printer under its SHA-256, by a browser within the page."""
    if not sha256 or not linked:
        return f"emblem:{sha256}" if sha256 else ""
    place = storage.path(sha256)
    return _within(place.read_bytes() if place.exists() else b"")


def _within(image: bytes) -> str:
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(image).decode()}"


def verification_address(letter: Letter) -> str:
    return f"{current_app.extensions['settings'].base_url}/v/{letter.verification_code}"


def qr(address: str) -> Markup:
    """`address` as a QR code (SVG within the page). Error correction M: a stamp may cover 15 % of it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, svgclass="qr", lineclass=None, omitsize=True, nl=False
    )
    return Markup(out.getvalue().decode())  # noqa: S704  # drawn by segno, not typed by anyone
