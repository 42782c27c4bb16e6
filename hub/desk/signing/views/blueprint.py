"""The blueprint of signing, and what its pages share: an act is kept whole, or refused in a sentence."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hub.desk.signing import queries
from hub.extensions import db
from hub.forwardings.rules import NotNow
from hub.forwardings.service import CannotForward
from hub.letters.models import Letter
from hub.letters.numbering import CannotSign
from hub.letters.service import NotInThisState
from hub.webkit.labels import label

blueprint = Blueprint("signing", __name__, url_prefix="/letters")


def refused(act: Callable[[], None]) -> str:
    """Do it and keep it; or nothing of it, and the sentence that says why."""
    try:
        act()
        db.session.commit()
    except (CannotForward, CannotSign) as problem:
        db.session.rollback()
        return str(problem)
    except NotNow:
        db.session.rollback()
        return _("The forwarding has gone on meanwhile, so this letter is not needed. Return it or declare it void.")
    except NotInThisState:
        db.session.rollback()
        return _("It does not wait for a signature any more: somebody else was faster.")
    return ""


def refuse_unread(letter: Letter, read: str | None) -> None:
    """A page opened before the letter was changed and put to sign again signs nothing."""
    if read != str(letter.submitted_at):
        raise CannotSign(_("The letter was changed after you opened it. Please read it again."))


def too_late(letter: Letter) -> ResponseReturnValue:
    """Somebody else was faster, or the page was old: the forwarding says where it stands."""
    flash(_("This letter has gone on meanwhile: it is %(state)s.", state=label("letter", letter.state).text), "warning")
    return redirect(url_for("desk.forwarding", id=queries.subject_of(letter).id))
