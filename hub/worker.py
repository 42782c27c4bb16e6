"""The steady work behind the pages: letters become PDFs, mail leaves and comes in, reminders go out.

Mail is read in the main thread, the only one where it can be interrupted: see `hub/mail/inbox/limits.py`.
"""

import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import structlog

from hub import clock
from hub.extensions import db
from hub.monitoring.digest import service as digest

IDLE_SECONDS = 2.0
LETTERS_A_ROUND = 10
"""A second's work: a backlog of letters never holds up the mail of those that are ready."""

log = structlog.get_logger("hub.worker")


Steps = Mapping[str, Callable[[], Any]]


def run_once(steps: Steps | None = None) -> dict[str, Any]:
    """Do everything that is due, once. A report for each step by its name; a failed one reports what it `failed_with`.

    One step that fails never stops the others. `steps`: other ones, for a rehearsal.
    """
    return {name: _guarded(name, step) for name, step in (STEPS if steps is None else steps).items()}


def told_to_stop() -> threading.Event:
    """Set by SIGTERM or SIGINT from now on. For the main thread only."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    return stop


def run_forever(stop: threading.Event) -> None:
    """Work until `stop` is set; the step under way is finished first."""
    while not stop.is_set():
        for name, step in {**STEPS, "letters": _render_some_letters}.items():
            if stop.is_set():
                return
            _guarded(name, step)
        stop.wait(IDLE_SECONDS)


def _guarded(name: str, step: Callable[[], Any]) -> Any:
    try:
        report = step()
        db.session.commit()
    except Exception as problem:
        db.session.rollback()
        log.exception("step_failed", step=name)
        return {"failed_with": f"{type(problem).__name__}: {problem}"}
    finally:
        db.session.remove()
    return asdict(report) if is_dataclass(report) and not isinstance(report, type) else report


def _render_letters() -> Any:
    from hub.letters.rendering import render_pending  # WeasyPrint takes a second or two to load; pages never need it

    return render_pending()


def _render_some_letters() -> Any:
    from hub.letters.rendering import render_pending

    return render_pending(at_most=LETTERS_A_ROUND)


def _make_prints() -> Any:
    from hub.post.printing import make_and_tidy

    return make_and_tidy()


def _presume_lost() -> Any:
    from hub.post.service import presume_lost

    return {"presumed_lost": presume_lost()}


def _send_mail() -> Any:
    from hub.mail.sender import send_due

    return send_due()


def _take_mail_in() -> Any:
    from hub.mail.inbox import imap, service

    visit = imap.visit() if imap.is_due(clock.now()) else None
    return {**asdict(visit or imap.VisitReport()), **asdict(service.read_pending())}


def _file_mail() -> Any:
    from hub.exchange.inbox.filing import file_pending

    return file_pending()


def _notice_dispatches() -> Any:
    from hub.forwardings.tracks import notice_dispatches

    return {"noticed": notice_dispatches()}


def _sweep() -> Any:
    from hub.silence import service as silence

    now = clock.now()
    return silence.sweep(now) if silence.is_due(now) else None


def _tell_monitors() -> Any:
    return {"digests": digest.send_due(clock.now())}


def _keep_up() -> Any:
    from hub.upkeep.service import keep_up

    return keep_up(clock.now())


STEPS: Steps = {
    "letters": _render_letters,
    "prints": _make_prints,
    "mail": _send_mail,
    "inbox": _take_mail_in,
    "filing": _file_mail,
    "post": _presume_lost,
    "dispatches": _notice_dispatches,
    "sweep": _sweep,
    "digest": _tell_monitors,
    "upkeep": _keep_up,
}
