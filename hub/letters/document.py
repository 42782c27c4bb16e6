"""A letter as HTML: the same for the preview on screen and for the PDF."""

import io
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


def html(letter: Letter, *, linked: bool = True, issuer: str = "") -> str:
    """The whole page. `linked`: with the address of its style sheet; the PDF brings the sheet along already parsed.

    `issuer`: of the certificate that this very PDF is signed with as soon as it is made; "" for all that is not. Of a
    draft, number, date and name are still open and say so.
    """
    content = rules.LetterContent.from_dict(letter.content)
    return page(
        "letters/forwarding.html",
        linked,
        letter=letter,
        content=content,
        head=letterhead(letter.institution.name),
        nature=rules.nature(content.security, content.urgency),
        is_signed=letter.state == LetterState.SIGNED,
        approval=approval(letter),
        certified=rules.certified(issuer) if issuer else "",
        code=rules.grouped(letter.verification_code),
        address=verification_address(letter),
        qr=qr(verification_address(letter)),
    )


def approval(letter: Letter) -> tuple[str, ...]:
    """Where a signature would stand: how and when the letter was signed in the hub; nothing where a pen is to write."""
    words = rules.SIGNED_IN_THE_HUB.get(letter.signing_method or "")
    if letter.state != LetterState.SIGNED or not (letter.signed_at and words):
        return ()
    return words, _moment_words(letter.signed_at, letter.institution.zone)


def page(template: str, linked: bool, **values: Any) -> str:
    """A document from its template, outside any request: it depends on its values alone.

    The text is escaped by the template engine; `gist`, `date_words` and `moment_words` are at hand within.
    """
    sheet = f"{current_app.static_url_path}/letter.css" if linked else ""
    words = {"gist": rules.gist, "date_words": rules.date_words, "moment_words": _moment_words}
    return current_app.jinja_env.get_template(template).render(stylesheet=sheet, **words, **values)


def _moment_words(moment: datetime, zone: str) -> str:
    return rules.moment_words(clock.local(moment, zone), zone)


def letterhead(name: str) -> tuple[str, str]:
    """Institution and unit, from "Kementerian Sekretariat Negara, Asdep Pengaduan Masyarakat"."""
    institution, _, unit = name.partition(", ")
    return institution, unit


def verification_address(letter: Letter) -> str:
    return f"{current_app.extensions['settings'].base_url}/v/{letter.verification_code}"


def qr(address: str) -> Markup:
    """`address` as a QR code (SVG within the page). Error correction M: a stamp may cover 15 % of it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, svgclass="qr", lineclass=None, omitsize=True, nl=False
    )
    return Markup(out.getvalue().decode())  # noqa: S704  # drawn by segno, not typed by anyone
