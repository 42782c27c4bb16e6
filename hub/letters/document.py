"""A letter as HTML: the same for the preview on screen and for the PDF."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from flask import current_app
from markupsafe import Markup

from hub import clock
from hub.files import storage
from hub.letters import pictures, rules
from hub.letters.legible import legible
from hub.letters.models import ISSUED_KINDS, Letter, LetterState
from hub.letters.stationery import service as stationery

STYLES = Path(__file__).resolve().parent.parent / "static"
"""Where the style sheets of letters and slips lie; browsers get them as static files."""

_TEMPLATES = {kind: f"letters/{kind}.html" for kind in ISSUED_KINDS}
"""Documents with a title. All other kinds are official letters (surat dinas)."""


def html(letter: Letter, *, linked: bool = True, emblem: bytes = b"") -> str:
    """The whole page. `linked`: with the address of its style sheet; the PDF brings the sheet along already parsed.

    Of a draft, number, date and name are still open and say so. `emblem`: an image to try, instead of the kept one."""
    content = content_of(letter)
    return page(
        _TEMPLATES.get(letter.kind, "letters/official.html"),
        linked,
        letter=letter,
        content=content,
        emblem=pictures.address(emblem) if emblem else emblem_address(content.emblem),
        nature=rules.nature(content.security, content.urgency),
        approval=_approval(letter, content),
        certified=rules.certified(content.issuer) if content.issuer and not linked else "",
        made_at=made_at(letter),
        signatory=_signatory(letter, content),
        code=rules.grouped(letter.verification_code),
        address=verification_address(letter),
        qr=qr(verification_address(letter)),
    )


def _approval(letter: Letter, content: rules.LetterContent) -> tuple[str, ...]:
    """Where a signature would stand: how and when the letter was signed in the hub; nothing where a pen is to write."""
    words = rules.SIGNED_IN_THE_HUB.get(letter.signing_method or "")
    if letter.state != LetterState.SIGNED or not (letter.signed_at and words):
        return ()
    return words, _moment_words(letter.signed_at, content.zone)


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
    return legible(current_app.jinja_env.get_template(template).render(stylesheet=sheet, **words, **values))


def _moment_words(moment: datetime, zone: str) -> str:
    return rules.moment_words(clock.local(moment, zone), zone)


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


def emblem_address(sha256: str) -> str:
    """The image of the head, within the page; "" without one. A lost one breaks the PDF, not the page on screen."""
    if not sha256:
        return ""
    try:
        return pictures.address(storage.path(sha256).read_bytes())
    except (FileNotFoundError, pictures.NotAPicture):
        return f"bundled:emblem-{sha256}"


def reference(letter: Letter) -> bytes:
    """Which letter it is, as JSON for the archives of others: never what it says, nor about whom.

    Keys are sorted and nothing depends on the day, so that a letter printed again is the same to the byte. `schema`
    grows when a key changes its meaning.
    """
    facts = {
        "schema": 1,
        "number": letter.number,
        "date": letter.dated.isoformat() if letter.dated else None,
        "sender": {"code": letter.institution.code, "name": letter.institution.name},
        "hub_reference": letter.content.get("reference", ""),
        "verification": verification_address(letter),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True).encode()


def verification_address(letter: Letter) -> str:
    return f"{current_app.extensions['settings'].base_url}/v/{letter.verification_code}"


def qr(address: str) -> Markup:
    """`address` as a QR code, a picture within the page. Error correction M: a stamp may cover 15 % of it.

    Four dots to a module stay sharp in print, and cost half of what drawn lines do. Its text is read aloud, and is what
    tags need.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=4, border=0)
    source = pictures.address(out.getvalue())
    return Markup('<img class="qr" src="{}" alt="Kode QR: {}"/>').format(source, address)
