"""Everything that holds for each page: language, sign-in, access, transactions, headers, errors, filters, log."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.logging import wsgi_errors_stream
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.routing import IntegerConverter, Map

from hub import database
from hub.extensions import db, login
from hub.webkit import access, asked, errors, filters, headers, labels, locale

log = structlog.stdlib.get_logger("hub")

Warner = Callable[[], Iterable[str]]


def install(app: Flask, babel: Babel, load_account: Callable[[str], Any]) -> None:
    """Furnish `app`. `load_account` finds the account of a signed-in session, or None."""
    babel.init_app(app, locale_selector=locale.choose)
    login.user_loader(load_account)
    login.unauthorized_handler(_to_sign_in)
    _log_as_json()
    app.before_request(_begin)
    app.before_request(access.enforce)
    app.before_request(_refuse_unstorable)
    app.url_map.converters["int"] = _Key
    headers.install(app)
    app.after_request(_log_request)
    app.teardown_request(_end)
    errors.install(app)
    filters.install(app)
    app.extensions["warners"] = []
    app.extensions["watched"] = {}
    app.context_processor(lambda: {"warnings": _warnings(), "is_demo": current_app.extensions["settings"].demo})
    app.jinja_env.globals.update(
        label=labels.label,
        asset=asset,
        navigation=navigation,
        kept=asked.kept,
        bootstrap_version=version("bootstrap-flask"),
    )


def warn(app: Flask, warner: Warner) -> None:
    """Let `warner` put sentences on top of every signed-in page. It is asked only when such a page is rendered."""
    app.extensions["warners"].append(warner)


def watch(app: Flask, name: str, is_well: Callable[[], bool]) -> None:
    """Let `/health/ready` ask whether this part of the hub does its work."""
    app.extensions["watched"][name] = is_well


def navigation() -> Iterator[tuple[str, str, str]]:
    """Endpoint, word and icon of each place this person goes to. A PIC reaches post and registers from a letter."""
    sees_network = current_user.may("monitor") or current_user.may("administer")
    keeps_post = current_user.is_staff and current_user.may("post")
    awaits_answers = current_user.is_staff and current_user.may("forward")
    reads_registers = current_user.is_staff and any(map(current_user.may, ("register", "sign", "post")))
    places = (
        ("desk.home", _("Work list"), "list", True),
        ("desk.index", _("Forwardings"), "send", True),
        ("complaints.index", _("Complaints"), "folder", current_user.may("register") or current_user.may("sign")),
        ("monitoring.overview", _("Overview"), "chart", current_user.may("monitor")),
        ("silence.index", _("Not responding yet"), "hourglass", awaits_answers),
        ("inbox.index", _("Incoming mail"), "inbox", current_user.may("register")),
        ("post.room", _("Post room"), "post", keeps_post),
        ("agenda.index", _("Agenda"), "slip", reads_registers),
        ("inventory.index", _("Reports"), "folder", not current_user.may("administer")),
        ("upkeep.network", _("Network"), "people", sees_network),
        ("monitoring.delivery", _("Mail delivery"), "send", sees_network),
        ("directory.index", _("Directory"), "book", True),
    )
    return ((endpoint, text, icon) for endpoint, text, icon, open_to in places if open_to)


def asset(filename: str) -> str:
    """Address of a static file that changes with its content, so that browsers may keep it for ever."""
    digests: dict[str, str] = current_app.extensions.setdefault("asset_digests", {})
    if filename not in digests or current_app.debug:
        content = Path(str(current_app.static_folder), filename).read_bytes()
        digests[filename] = sha256(content).hexdigest()[:12]
    return f"{current_app.static_url_path}/{filename}?v={digests[filename]}"


def _warnings() -> Iterator[str]:
    for warner in current_app.extensions["warners"]:
        yield from warner()


def _to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    return redirect(url_for("accounts.sign_in", next=wanted))


def _begin() -> None:
    """A request begins with no transaction open; one that only looks gets one in which nothing can be written."""
    db.session.rollback()
    g.started = time.perf_counter()
    g.transaction = ExitStack()
    g.transaction.enter_context(database.read_only(request.method in ("GET", "HEAD", "OPTIONS")))


def _refuse_unstorable() -> None:
    """PostgreSQL compares nothing with a NUL. No link of the hub holds one; forms take it out of what was pasted."""
    typed = (*request.args.values(), *(request.view_args or {}).values())
    if any("\0" in one for one in typed if isinstance(one, str)):
        abort(400)


class _Key(IntegerConverter):
    """The key of a row in an address. A number that no key can be is no address."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=database.LARGEST_KEY)


def _end(_: BaseException | None) -> None:
    """Whatever was not committed is lost, also where an outer context (a test, a shell) keeps the session alive."""
    transaction = g.pop("transaction", None)
    if transaction is not None:
        db.session.rollback()
        transaction.close()


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    logger = logging.getLogger("hub")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler(wsgi_errors_stream))  # type: ignore[call-overload]  # a proxy of a stream
        logger.setLevel(logging.INFO)
        logger.propagate = False


def _log_request(response: Response) -> Response:
    """One line a request: the route, never the path, which holds tokens; no address, no name."""
    if request.endpoint and not request.endpoint.endswith("static"):
        route = request.url_rule.rule if request.url_rule else None
        took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        log.info("request", method=request.method, route=route, status=response.status_code, ms=took)
    return response
