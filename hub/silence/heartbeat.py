"""Does the sweep run? While it does not, nobody is reminded and no date is watched: that is an alarm."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import ColumnElement, func, select

from hub import clock
from hub.accounts.rules import Capability
from hub.complaints.models import Complaint
from hub.extensions import db
from hub.forwardings import queries as forwardings
from hub.forwardings.models import IS_OPEN, Forwarding
from hub.letters.models import Letter
from hub.silence.models import Heartbeat
from hub.webkit.filters import moment

SWEEP = "sweep"
SILENT_AFTER = timedelta(hours=1)
"""Four sweeps that did not come."""
MOST_NAMED, MOST_ASKED = 5, 500
"""Letters in one sentence on top of a page, and those that are looked for."""


def is_beating() -> bool:
    """False when the last sweep is too long ago, or none ever ran although something is open."""
    return _is_recent(db.session.get(Heartbeat, SWEEP))


def left_behind() -> list[int]:
    """Ids of the forwardings that the last sweep could not see to. They are tried again in every round."""
    last = db.session.get(Heartbeat, SWEEP)
    return last.failed if last else []


def named(ids: Sequence[int], those: ColumnElement[bool]) -> dict[int, str]:
    """Letter number, or the hub's reference, of these forwardings as far as they are among `those`."""
    wanted = select(Forwarding.id, func.coalesce(Letter.number, Complaint.reference)).join(Forwarding.letter)
    found = wanted.join(Forwarding.complaint).where(Forwarding.id.in_(ids), those)
    return dict(db.session.execute(found.order_by(Forwarding.id)).all())


def sees_to_all() -> bool:
    return not left_behind()


def _is_recent(last: Heartbeat | None) -> bool:
    if last is not None:
        return clock.now() - last.at <= SILENT_AFTER
    since = clock.now() - SILENT_AFTER
    waiting = IS_OPEN & (Forwarding.created_at < since)
    return db.session.scalar(select(Forwarding.id).where(waiting).limit(1)) is None


def sentences() -> Iterator[str]:
    """For those who count on reminders, and for those who can start the worker again."""
    watches = (Capability.ADMINISTER, Capability.MONITOR, Capability.REGISTER)
    if not any(current_user.may(one) for one in watches):
        return
    last = db.session.get(Heartbeat, SWEEP)
    if _is_recent(last):
        yield from _left_behind(last.failed if last else [])
        return
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


def _left_behind(failed: list[int]) -> Iterator[str]:
    """The letters that the last sweep could not see to: their numbers for who may see them, else how many."""
    if not failed:
        return
    if forwardings.sees_any(current_user):
        names = list(named(failed[:MOST_ASKED], forwardings.visible(current_user)).values())
        if names:
            yield _(
                "The watch over dates and reminders could not see to %(letters)s; it tries again in every round. "
                "Please tell the administrator, and remind the recipient yourself.",
                letters=", ".join([*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])]),
            )
    if current_user.may(Capability.ADMINISTER):
        yield ngettext(
            "The watch over dates and reminders could not see to one letter; the log of the worker says why.",
            "The watch over dates and reminders could not see to %(num)s letters; the log of the worker says why.",
            len(failed),
        )
