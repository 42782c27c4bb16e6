"""What every page of the directory needs: the office it is about, who acts, and how a refusal is said."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hub.audit.rules import Actor, person
from hub.directory import queries
from hub.directory.models import Appointment, Institution
from hub.directory.rules import Refused
from hub.extensions import db
from hub.webkit.forms import Form


def institution_or_404(code: str) -> Institution:
    return queries.find(code) or abort(404)


def appointment_or_404(institution: Institution, id: int) -> Appointment:
    """One of the institution's own; another's is not found."""
    return next((one for one in queries.appointments_of(institution) if one.id == id), None) or abort(404)


def actor() -> Actor:
    return person(current_user.person_id)


def say(form: Form, refusal: Refused) -> None:
    """Put a refusal beside its field. What was tried before it is undone; what was typed stays in the form."""
    db.session.rollback()
    form[refusal.field].errors = [refusal.sentence]


def back_to(institution: Institution) -> ResponseReturnValue:
    return redirect(url_for("directory.show", code=institution.code))
