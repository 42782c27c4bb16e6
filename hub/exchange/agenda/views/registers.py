"""The two registers, searched and taken out as a file."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.exchange.agenda import exporting, queries
from hub.exchange.agenda.queries import Search
from hub.exchange.agenda.views.blueprint import READERS, blueprint
from hub.letters.models import ISSUED_KINDS, IncomingLetter, Letter, LetterKind, Register
from hub.letters.rules import addressee_of
from hub.responses import papers
from hub.sheets.download import FORMATS, as_file
from hub.webkit import asked
from hub.webkit.access import needs
from hub.webkit.paging import after, page

NUMBERED = [kind for kind in LetterKind if kind not in ISSUED_KINDS]
_NAMES = {Register.IN: "agenda-surat-masuk", Register.OUT: "agenda-surat-keluar"}


@blueprint.get("")
@needs(*READERS)
def index() -> ResponseReturnValue:
    """Letters that came in."""
    search = _search()
    found = page(queries.letters_in(current_user, search), IncomingLetter.id, after(), order=queries.IN_ORDER)
    matters = papers.matters_by_letter(found.items)
    return render_template(
        "agenda/index.html", page=found, search=search, matters=matters, years=queries.years(current_user)
    )


@blueprint.get("/out")
@needs(*READERS)
def out() -> ResponseReturnValue:
    """Letters of this office that have a number."""
    search = _search()
    found = page(queries.letters_out(current_user, search), Letter.id, after(), order=queries.OUT_ORDER)
    matters = queries.matters(found.items)
    return render_template(
        "agenda/out.html",
        page=found,
        search=search,
        matters=matters,
        kinds=NUMBERED,
        addressee_of=addressee_of,
        years=queries.years(current_user),
    )


@blueprint.get("/export")
@needs(*READERS)
def export() -> ResponseReturnValue:
    which, format_ = request.args.get("register", Register.IN), request.args.get("format", "xlsx")
    year = request.args.get("year", type=int) or max(queries.years(current_user), default=0)
    if which not in tuple(Register) or format_ not in FORMATS or not 0 <= year <= date.max.year:
        abort(404)
    register = Register(which)
    headers, rows = exporting.table(current_user, register, year)
    return as_file(f"{_NAMES[register]}-{year}.{format_}", headers, rows)


def _search() -> Search:
    """What the address asks for; what cannot be is left out."""
    kind = request.args.get("kind", "")
    return Search(
        words=request.args.get("q", "").strip(),
        since=asked.day("since"),
        until=asked.day("until"),
        kind=LetterKind(kind) if kind in set(LetterKind) else None,
        unfiled=request.args.get("unfiled") == "1",
    )
