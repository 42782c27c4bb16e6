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
from hub.letters import rules
from hub.letters.models import Letter, LetterState

STYLES = Path(__file__).resolve().parent.parent / "static"
"""Where the style sheets of letters and slips lie; browsers get them as static files."""


def html(letter: Letter, *, linked: bool = True) -> str:
    """The whole page. `linked`: with the address of its style sheet; the PDF brings the sheet along already parsed.

    Of a draft, number, date and name are still open and say so.
    """
    content = rules.LetterContent.from_dict(letter.content)
    return page(
        "letters/forwarding.html",
        linked,
        letter=letter,
        content=content,
        head=letterhead(letter.institution.name),
        is_signed=letter.state == LetterState.SIGNED,
        code=rules.grouped(letter.verification_code),
        address=verification_address(letter),
        qr=qr(verification_address(letter)),
    )


def page(template: str, linked: bool, **values: Any) -> str:
    """A document from its template, outside any request: it depends on its values alone.

    The text is escaped by the template engine; `gist`, `date_words` and `moment_words` are at hand within.
    """
    sheet = f"{current_app.static_url_path}/letter.css" if linked else ""
    words = {"gist": rules.gist, "date_words": rules.date_words, "moment_words": _moment_words}
    return current_app.jinja_env.get_template(template).render(stylesheet=sheet, **words, **values)


def _moment_words(moment: datetime, zone: str) -> str:
    return rules.moment_words(clock.local(moment, zone), zone)


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


def letterhead(name: str) -> tuple[str, str]:
    """Institution and unit, from "Kementerian Sekretariat Negara, Asdep Pengaduan Masyarakat"."""
    institution, _, unit = name.partition(", ")
    return institution, unit


def verification_address(letter: Letter) -> str:
    return f"{current_app.extensions['settings'].base_url}/v/{letter.verification_code}"


def qr(address: str) -> Markup:
    """`address` as a QR code (SVG within the page). Error correction M: a stamp may cover 15 % of it.

    Its title is read aloud, and is what tags need.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        border=0,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        nl=False,
        title=f"Kode QR: {address}",
    )
    return Markup(out.getvalue().decode())  # noqa: S704  # drawn by segno, not typed by anyone
