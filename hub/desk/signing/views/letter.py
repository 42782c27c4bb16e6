"""One letter: the ways to sign it, the copy that is signed outside the hub, and what comes back."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from hub.accounts import queries as accounts
from hub.desk.signing import queries
from hub.desk.signing.forms import SignedFileForm, SignForm
from hub.desk.signing.views.blueprint import blueprint, refuse_unread, refused, too_late
from hub.files import service as files
from hub.forwardings import signing
from hub.letters import certificates, document, signed_files, ways
from hub.letters import queries as letters
from hub.letters.models import Letter, LetterState, SigningMethod
from hub.letters.numbering import CannotSign
from hub.letters.service import BY_FILE, Signature
from hub.webkit.access import needs
from hub.webkit.headers import frameable


@blueprint.route("/<int:id>/sign", methods=["GET", "POST"])
@needs("sign", "post")
def sign(id: int) -> ResponseReturnValue:
    """Choose the way. What is signed outside gets its number here, and comes back by `upload`."""
    letter = queries.own_letter(current_user, id)
    if letter.state is not LetterState.TO_SIGN:
        return too_late(letter)
    if letter.number:
        return redirect(url_for(".upload", id=id))
    form = _sign_form(letter)
    if not form.validate_on_submit():
        return _sign_page(letter, form)
    signature = form.signature()
    if sentence := refused(lambda: _sign(letter, form, signature)):
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
        return too_late(letter)
    if not letter.number:
        return redirect(url_for(".sign", id=id))
    form = SignedFileForm()
    if form.validate_on_submit():
        if sentence := refused(lambda: _bring_back(letter, form)):
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


def _sign(letter: Letter, form: SignForm, signature: Signature) -> None:
    refuse_unread(letter, form.read.data)
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
