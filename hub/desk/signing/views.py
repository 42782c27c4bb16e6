"""The signatory's queue, and the pages of one letter that waits for its signature."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from hub.accounts import queries as accounts
from hub.desk.signing import queries
from hub.desk.signing.forms import ReturnForm, SignedFileForm, SignForm, VoidForm
from hub.extensions import db
from hub.files import service as files
from hub.forwardings import signing
from hub.forwardings.rules import NotNow
from hub.forwardings.service import CannotForward
from hub.letters import certificates, document, signed_files, ways
from hub.letters import queries as letters
from hub.letters.models import Letter, LetterState, SigningMethod
from hub.letters.numbering import CannotSign
from hub.letters.service import BY_FILE, NotInThisState, Signature
from hub.webkit.access import needs
from hub.webkit.headers import frameable
from hub.webkit.labels import label

blueprint = Blueprint("signing", __name__, url_prefix="/letters")


@dataclass(frozen=True)
class Refusal:
    """A letter of several that was not signed, and why."""

    subject: str
    sentence: str


@blueprint.get("/to-sign")
@needs("sign", "post")
def index() -> ResponseReturnValue:
    return _queue()


@blueprint.post("/to-sign")
@needs("sign")
def approve() -> ResponseReturnValue:
    """Sign each ticked letter by itself: one that is refused does not stop the others."""
    signature = ways.at_one_press(current_user.institution)
    ticked = request.form.getlist("letter", type=int)
    if signature is None or not ticked:
        flash(_("Tick the letters you have read and approve."), "warning")
        return redirect(url_for(".index"))
    refusals = []
    for id in ticked:
        letter = queries.own_letter(current_user, id)
        subject = letter.subject
        if sentence := _refused(lambda letter=letter: _approve(letter, signature)):  # type: ignore[misc]
            refusals.append(Refusal(subject, sentence))
    if signed := len(ticked) - len(refusals):
        flash(
            ngettext(
                "%(num)s letter is signed; it leaves within minutes.",
                "%(num)s letters are signed; they leave within minutes.",
                signed,
            ),
            "success",
        )
    return _queue(refusals)


@blueprint.route("/<int:id>/sign", methods=["GET", "POST"])
@needs("sign", "post")
def sign(id: int) -> ResponseReturnValue:
    """Choose the way. What is signed outside gets its number here, and comes back by `upload`."""
    letter = queries.own_letter(current_user, id)
    if letter.state is not LetterState.TO_SIGN:
        return _too_late(letter)
    if letter.number:
        return redirect(url_for(".upload", id=id))
    form = _sign_form(letter)
    if not form.validate_on_submit():
        return _sign_page(letter, form)
    signature = form.signature()
    if sentence := _refused(lambda: _sign(letter, form, signature)):
        form.form_errors.append(sentence)
        return _sign_page(letter, form)
    _tell_of_likeness(letter)
    if signature.method in BY_FILE:
        flash(_("The number %(number)s is reserved. The copy to sign is being made.", number=letter.number), "success")
    else:
        flash(_("Signed as %(number)s. It leaves within minutes.", number=letter.number), "success")
    return redirect(url_for(".upload", id=id) if signature.method in BY_FILE else url_for(".index"))


@blueprint.route("/<int:id>/signed", methods=["GET", "POST"])
@needs("sign", "post")
def upload(id: int) -> ResponseReturnValue:
    """The copy to sign, and the place for what comes back signed."""
    letter = queries.own_letter(current_user, id)
    if letter.state is not LetterState.TO_SIGN:
        return _too_late(letter)
    if not letter.number:
        return redirect(url_for(".sign", id=id))
    form = SignedFileForm()
    if form.validate_on_submit():
        if sentence := _refused(lambda: _bring_back(letter, form)):
            form.file.errors = [sentence]
        else:
            flash(_("Letter %(number)s is signed. It leaves within minutes.", number=letter.number), "success")
            return redirect(url_for(".index"))
    status = 422 if form.is_submitted() else 200
    return render_template("signing/upload.html", waiting=queries.line(letter), form=form), status


@blueprint.get("/<int:id>/copy.pdf")
@needs("sign", "post")
def copy(id: int) -> Response:
    """What is to be signed outside the hub; 404 until the worker has made it."""
    file = queries.own_letter(current_user, id).signing_copy
    return files.download(file) if file else abort(404)


@blueprint.get("/<int:id>/preview")
@needs("sign", "post")
@frameable
def preview(id: int) -> str:
    return document.html(queries.own_letter(current_user, id))


@blueprint.route("/<int:id>/return", methods=["GET", "POST"])
@needs("sign")
def return_letter(id: int) -> ResponseReturnValue:
    letter, form = queries.own_letter(current_user, id), ReturnForm()
    if letter.state is not LetterState.TO_SIGN:
        return _too_late(letter)
    done = _("The letter is a draft again; its author sees your note.")
    act, consequence = _("Return to draft"), _("The letter is not signed. Its author sees your note.")
    return _decided(
        letter,
        form,
        act,
        consequence,
        done,
        lambda: signing.return_to_draft(letter, current_user.person, form.reason.data or ""),
    )


@blueprint.route("/<int:id>/void", methods=["GET", "POST"])
@needs("sign", "forward")
def void(id: int) -> ResponseReturnValue:
    letter, form = queries.own_letter(current_user, id), VoidForm()
    if letter.state not in (LetterState.TO_SIGN, LetterState.SIGNED):
        return _too_late(letter)
    act, done = _("Declare void"), _("The letter is void. A new draft with the same text is here.")
    consequence = _(
        "Letter %(number)s will never be in force: nothing of it leaves, whoever checks its code is told, and its "
        "number is not used again. The forwarding becomes a draft with the same text, which gets a new number when it "
        "is signed.",
        number=letter.number or "-",
    )
    return _decided(
        letter, form, act, consequence, done, lambda: signing.void(letter, current_user.person, form.reason.data or "")
    )


def _too_late(letter: Letter) -> ResponseReturnValue:
    """Somebody else was faster, or the page was old: the forwarding says where it stands."""
    flash(_("This letter has gone on meanwhile: it is %(state)s.", state=label("letter", letter.state).text), "warning")
    return redirect(url_for("desk.forwarding", id=queries.subject_of(letter).id))


def _queue(refusals: list[Refusal] | None = None) -> ResponseReturnValue:
    office = current_user.institution
    return render_template(
        "signing/index.html",
        waiting=queries.queue(office),
        refusals=refusals or [],
        at_once=ways.at_one_press(office) if current_user.may("sign") else None,
    )


def _sign_page(letter: Letter, form: SignForm) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template(
        "signing/sign.html",
        waiting=queries.line(letter),
        form=form,
        numbers_itself=ways.numbers_itself(letter.institution),
    ), status


def _sign_form(letter: Letter) -> SignForm:
    """Whoever signs may use every way; whoever keeps the post prepares paper and other systems for a signatory."""
    open_ways = [SigningMethod.WET, SigningMethod.ELSEWHERE]
    signatories = list(accounts.signatories(letter.institution_id))
    if current_user.may("sign"):
        with_certificate = certificates.is_there(letter.institution)
        here = [SigningMethod.APPROVAL, *([SigningMethod.CERTIFICATE] if with_certificate else [])]
        open_ways = [*here, *open_ways]
        me = current_user.person
        signatories = [me, *(one for one in signatories if one.id != me.id)]
    return SignForm(open_ways, ways.usual(letter.institution), signatories)


def _approve(letter: Letter, signature: Signature) -> None:
    _refuse_unread(letter, request.form.get(f"read-{letter.id}"))
    signing.sign(letter, current_user.person, signature)


def _sign(letter: Letter, form: SignForm, signature: Signature) -> None:
    _refuse_unread(letter, form.read.data)
    if signature.method not in BY_FILE:
        if form.signatory.data != current_user.person.id:
            raise CannotSign(_("Only %(name)s can approve in that name.", name=form.names[form.signatory.data]))
        signing.sign(letter, current_user.person, signature)
        return
    signatory = next(one for one in accounts.signatories(letter.institution_id) if one.id == form.signatory.data)
    signing.reserve(letter, signatory, signature, current_user.person)


def _bring_back(letter: Letter, form: SignedFileForm) -> None:
    assert letter.signatory is not None
    assert letter.signing_method is not None
    brought = signed_files.keep(letter, form.file.data.filename or "", form.file.data.read())
    signature = Signature(letter.signing_method, letter.capacity, file=brought.file)
    signing.sign(letter, letter.signatory, signature, current_user.person)
    if brought.signers:
        flash(_("The electronic signature of %(names)s is intact.", names=", ".join(brought.signers)), "success")


def _refuse_unread(letter: Letter, read: str | None) -> None:
    """A page opened before the letter was changed and put to sign again signs nothing."""
    if read != str(letter.submitted_at):
        raise CannotSign(_("The letter was changed after you opened it. Please read it again."))


def _tell_of_likeness(letter: Letter) -> None:
    if letter.running is None and (other := letters.nearly_the_same(letter)):
        flash(
            _(
                "Letter %(other)s of this year has nearly the same number. If yours was mistyped, declare it void "
                "before it leaves.",
                other=other.number,
            ),
            "warning",
        )


def _refused(act: Callable[[], None]) -> str:
    """Do it and keep it; or nothing of it, and the sentence that says why."""
    try:
        act()
        db.session.commit()
    except (CannotForward, CannotSign) as problem:
        db.session.rollback()
        return str(problem)
    except (NotNow, NotInThisState):
        db.session.rollback()
        return _("It does not wait for a signature any more: somebody else was faster.")
    return ""


def _decided(
    letter: Letter,
    form: ReturnForm | VoidForm,
    act: str,
    consequence: str,
    done: str,
    decide: Callable[[], None],
) -> ResponseReturnValue:
    forwarding = queries.subject_of(letter)
    if form.validate_on_submit():
        if not (sentence := _refused(decide)):
            flash(done, "success")
            return redirect(url_for("desk.forwarding", id=forwarding.id))
        form.reason.errors = [sentence]
    status = 422 if form.is_submitted() else 200
    shown = {"form": form, "forwarding": forwarding, "act": act, "consequence": consequence}
    return render_template("forwardings/decision.html", **shown), status
