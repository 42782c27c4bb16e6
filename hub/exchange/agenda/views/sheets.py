"""What the browser prints: the disposition sheet of a letter, and the dispatch book of a day."""

from datetime import timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub import clock
from hub.exchange.agenda import book, queries
from hub.exchange.agenda.views.blueprint import READERS, blueprint
from hub.letters.rules import date_words
from hub.sheets.download import as_file
from hub.webkit import asked
from hub.webkit.access import needs
from hub.workdays.rules import WEEKDAYS


@blueprint.get("/in/<int:id>/sheet")
@needs(*READERS)
def sheet(id: int) -> ResponseReturnValue:
    """The disposition sheet: to be filled in by hand, or with what was disposed (`of`)."""
    letter, wanted = queries.get_own(current_user, id), request.args.get("of", type=int)
    disposition = next((one for one in letter.dispositions if one.id == wanted), None)
    if wanted and disposition is None:
        abort(404)
    return render_template(
        "agenda/sheet.html", letter=letter, disposition=disposition, date_words=date_words, local=clock.local
    )


@blueprint.get("/book")
@needs("post")
def dispatch_book() -> ResponseReturnValue:
    """What went to the post on a day (today, unless told): as a page, to print, or as a file."""
    today = clock.today(current_user.institution.zone)
    day = asked.day("day") or today
    lines, form = book.of_day(current_user, day), request.args.get("as", "")
    if form == "csv":
        return as_file(f"buku-ekspedisi-{day.isoformat()}.csv", book.HEADERS, [line.cells for line in lines])
    return render_template(
        "agenda/book_printed.html" if form == "print" else "agenda/book.html",
        lines=lines,
        day=day,
        today=today,
        a_day=timedelta(days=1),
        weekday=WEEKDAYS[day.weekday()],
        date_words=date_words,
    )
