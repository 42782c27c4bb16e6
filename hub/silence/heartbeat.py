"""Does the sweep run? While it does not, nobody is reminded and no date is watched: that is an alarm."""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from hub import clock
from hub.accounts.rules import Capability
from hub.extensions import db
from hub.forwardings.models import IS_OPEN, Forwarding
from hub.silence.models import Heartbeat
from hub.webkit.filters import moment

SWEEP = "sweep"
SILENT_AFTER = timedelta(hours=1)
"""Four sweeps that did not come."""


def is_beating() -> bool:
    """False when the last sweep is too long ago, or none ever ran although something is open."""
    last = db.session.get(Heartbeat, SWEEP)
    if last is not None:
        return clock.now() - last.at <= SILENT_AFTER
    since = clock.now() - SILENT_AFTER
    waiting = IS_OPEN & (Forwarding.created_at < since)
    return db.session.scalar(select(Forwarding.id).where(waiting).limit(1)) is None


def sentences() -> Iterator[str]:
    """For those who count on reminders, and for those who can start the worker again."""
    watches = (Capability.ADMINISTER, Capability.MONITOR, Capability.REGISTER)
    if not any(current_user.may(one) for one in watches) or is_beating():
        return
    last = db.session.get(Heartbeat, SWEEP)
    if last is None:
        yield _("The watch over dates and reminders has never run: nobody is reminded until it does.")
    else:
        yield _(
            "The watch over dates and reminders last ran on %(moment)s: nobody is reminded until it runs again, and "
            "everything due is caught up then.",
            moment=moment(last.at),
        )
    is_administrator = current_user.may(Capability.ADMINISTER)
    yield _("Start the worker again.") if is_administrator else _("Please tell the administrator.")
