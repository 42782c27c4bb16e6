"""Error pages that say what to do, in the reader's language, and nothing about what went wrong inside."""

import secrets

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from hub.extensions import db
from hub.webkit import locale

log = structlog.stdlib.get_logger("hub")

STALE_FORM = (
    _l("This form is too old"),
    _l("It was open for a long time, or you signed out meanwhile. Nothing was saved."),
    _l("Go back, reload the page, and send it again. Cookies must be allowed for this site."),
)
PAGES: dict[int, tuple[LazyString, ...]] = {
    400: (
        _l("The hub could not understand this request"),
        _l("Nothing was saved. Go back, check what you filled in, and send it again."),
    ),
    403: (
        _l("This page is not open to you"),
        _l("Your role does not include it. If you need it for your work, ask the administrator of your office."),
    ),
    404: (
        _l("There is no such page here"),
        _l("The address may be incomplete, or the page is not open to you. Check the address, or begin at the start."),
    ),
    405: (
        _l("This page cannot be opened like that"),
        _l("Go back and use the button on the page."),
    ),
    410: (
        _l("This link is no longer valid"),
        _l("It has expired or was replaced by a newer one. Use the newest letter or email, or ask its sender."),
    ),
    413: (
        _l("The files are too large"),
        _l("Each file may have 10 MB, all together 64 MB. Nothing was saved."),
        _l("Go back: your text is still in the form. Choose smaller files, for example a scan at 150 dpi."),
    ),
    429: (
        _l("Too many attempts"),
        _l("For safety this is closed for a while. Wait fifteen minutes and try again."),
    ),
    500: (
        _l("Something went wrong in the hub"),
        _l("What you just did was not saved. Wait a minute and try again."),
        _l("If it happens again, tell the administrator the reference below."),
    ),
    503: (
        _l("The hub is not available right now"),
        _l("Wait a minute and try again. Letters and replies already sent are safe."),
    ),
}


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, page)
    app.log_exception = log_exception  # type: ignore[method-assign]  # Flask's own writes the path, and paths hold tokens


def page(error: HTTPException) -> Response:
    """The page for an error. A redirect or ready response inside an error passes unchanged."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError):
        return broken()
    return _page(error.code or 500, STALE_FORM if isinstance(error, CSRFError) else None, error)


def broken() -> Response:
    """The page after a crash: the transaction may be dead, so neither it nor the account is touched again."""
    db.session.rollback()
    g._login_user = AnonymousUserMixin()  # noqa: SLF001  (where Flask-Login would keep, and else fetch, the account)
    with force_locale(locale.LOCALES[0]):
        return _page(500, None, None)


def _page(code: int, words: tuple[LazyString, ...] | None, error: HTTPException | None) -> Response:
    title, *advice = words or PAGES.get(code, PAGES[400 if code < 500 else 500])
    reference = g.get("reference", "") if code >= 500 else ""
    response = make_response(
        render_template("errors/error.html", title=title, advice=advice, reference=reference), code
    )
    if error is not None:
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
    return response


def log_exception(exc_info: object) -> None:
    """Keep the traceback under a reference that the page shows; the route, never the path with its tokens."""
    g.reference = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else None
    log.error("crash", reference=g.reference, method=request.method, route=rule, exc_info=exc_info)
