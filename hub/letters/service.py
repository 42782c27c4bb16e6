"""A letter from draft to signature. The number is given when it is signed, or when its copy to sign is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from hub import clock
from hub.audit.rules import SYSTEM, Actor, person
from hub.audit.service import record, record_all
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.letters import certificates, readiness, rules
from hub.letters.models import Letter, LetterKind, LetterState, SigningMethod, Stationery
from hub.letters.numbering import CannotSign, give_number
from hub.letters.rules import LetterContent
from hub.letters.stationery import service as stationery

LONGEST_REASON = 500
BY_FILE = (SigningMethod.WET, SigningMethod.ELSEWHERE)
"""Ways of signing outside the hub: a copy with the number goes out to be signed, and comes back as a file."""


@dataclass(frozen=True)
class Signature:
    """How somebody signs. `capacity`: "plt." or "plh." where they stand in. `number`: from the office's own register,
    "" where the hub gives it. `file`: the scan, or what another system signed; None until it is there."""

    method: SigningMethod = SigningMethod.APPROVAL
    capacity: str = ""
    number: str = ""
    file: StoredFile | None = None


APPROVED = Signature()
"""Approved in the hub, in the signatory's own office."""


class NotInThisState(ValueError):
    """The letter is not in a state in which this can be done, for example signed twice."""

    def __init__(self, letter: Letter, wanted: LetterState) -> None:
        super().__init__(f"letter {letter.id} is {letter.state}, not {wanted}")
        self.letter = letter


class ForeignSignatory(ValueError):
    """Only a person of the institution that sends a letter can sign it."""


def draft(
    institution: Institution,
    kind: LetterKind,
    subject: str,
    content: LetterContent,
    drafted_by: Person | None,
    about: str = "",
) -> Letter:
    """A new draft. Its verification code is there from the start: the preview shows the letter as it will be."""
    letter = Letter(
        institution=institution,
        kind=kind,
        state=LetterState.DRAFT,
        subject=subject,
        content=content.as_dict(),
        about=about,
        drafted_by_id=drafted_by.id if drafted_by else None,
        verification_code=rules.new_code(),
    )
    db.session.add(letter)
    db.session.flush()
    _record(letter, "drafted", drafted_by)
    return letter


class Written(NamedTuple):
    """What `draft` asks for, of a letter that goes to its signatory as it is."""

    kind: LetterKind
    subject: str
    content: LetterContent
    about: str


def write_all(institution: Institution, version: Stationery | None, written: Sequence[Written]) -> list[Letter]:
    """Draft and submit many letters of one office at once, by nobody in particular.

    `version`: its stationery of today. Raises Unprintable, and then none is written.
    """
    stationery.refuse_unprintable(version)
    terms, now = stationery.terms_of(version), clock.now()
    made = [
        Letter(
            institution=institution,
            kind=one.kind,
            state=LetterState.TO_SIGN,
            subject=one.subject,
            content=stationery.dress(one.content, institution, terms).as_dict(),
            stationery=version,
            about=one.about,
            submitted_at=now,
            verification_code=rules.new_code(),
        )
        for one in written
    ]
    db.session.add_all(made)
    db.session.flush()
    record_all([(one.stream, happened, {}) for one in made for happened in ("drafted", "submitted")], SYSTEM)
    return made


def revise(letter: Letter, subject: str, content: LetterContent, by: Person | None) -> None:
    """Change a draft. Raises NotInThisState once it was submitted: what the signatory reads stays as it is."""
    _lock(letter, LetterState.DRAFT)
    letter.subject, letter.content = subject, content.as_dict()
    _record(letter, "revised", by)


def submit(letter: Letter, by: Person | None = None) -> None:
    """Put the letter before its signatory, as it will be printed for ever. Raises NotInThisState, Unprintable."""
    _lock(letter, LetterState.DRAFT)
    _freeze(letter)
    letter.state, letter.submitted_at, letter.returned_note = LetterState.TO_SIGN, clock.now(), ""
    _record(letter, "submitted", by)


def return_to_draft(letter: Letter, note: str, by: Person | None = None) -> None:
    """The signatory does not sign and says why. Raises NotInThisState, and CannotSign once a number is reserved."""
    _lock(letter, LetterState.TO_SIGN)
    if letter.number:
        raise CannotSign(
            _(
                "The number %(number)s is already reserved for this letter, so it cannot go back. Declare it void: the "
                "number stays with it.",
                number=letter.number,
            )
        )
    letter.state, letter.submitted_at, letter.returned_note = LetterState.DRAFT, None, note
    _record(letter, "returned", by)


def sign(letter: Letter, signatory: Person, signature: Signature = APPROVED, by: Person | None = None) -> None:
    """Number, date and sign: at once, or, on paper and elsewhere, with the file that comes back. `by`: who brought it.

    The date is today's in the institution's zone, or that of the reserved number. Raises NotInThisState (also for the
    second of two signatures at once), ForeignSignatory, and CannotSign, which uses no number.
    """
    _lock(letter, LetterState.TO_SIGN)
    _refuse_foreign(letter, signatory)
    if signature.method in BY_FILE:
        _refuse_other_than_reserved(letter, signatory, signature)
        letter.file = signature.file
    else:
        _refuse_reserved(letter)
        _begin_numbering(letter, signatory, signature)
    letter.signed_at, letter.state = clock.now(), LetterState.SIGNED
    letter.signatory, letter.signing_method = signatory, signature.method
    details = {"number": letter.number or "", "method": signature.method.value, "signatory": signatory.id}
    if letter.file:
        details["sha256"] = letter.file.sha256
    _record(letter, "signed", by or signatory, **details)


def reserve(letter: Letter, signatory: Person, signature: Signature, by: Person) -> None:
    """Give the letter the number and date that its copy to sign is printed with; the worker makes that copy.

    `signatory` is whose name stands on it. Raises as `sign` does.
    """
    _lock(letter, LetterState.TO_SIGN)
    _refuse_foreign(letter, signatory)
    _refuse_reserved(letter)
    _begin_numbering(letter, signatory, signature)
    letter.signatory, letter.signing_method = signatory, signature.method
    details = {"number": letter.number or "", "method": signature.method.value, "signatory": signatory.id}
    _record(letter, "number_reserved", by, **details)


def void(letter: Letter, reason: str, by: Person | None = None) -> None:
    """Declare void a letter that has a number, for good: the number stays with it. Raises NotInThisState, CannotSign.

    Whoever knows where the letter is going calls back what has not left.
    """
    db.session.flush()
    db.session.refresh(letter, ["state", "number"], with_for_update=True)
    if letter.state not in (LetterState.TO_SIGN, LetterState.SIGNED):
        raise NotInThisState(letter, LetterState.SIGNED)
    if not letter.number:
        raise CannotSign(_("This letter has no number yet: return it to draft instead."))
    letter.state, letter.voided_at, letter.void_reason = LetterState.VOID, clock.now(), reason[:LONGEST_REASON]
    _record(letter, "voided", by, number=letter.number, reason=reason)


def _begin_numbering(letter: Letter, signatory: Person, signature: Signature) -> None:
    """From here on a number is used: whatever would keep the letter from being printed must be told before."""
    _refuse_unprintable(letter, signature)
    _name_signatory(letter, signatory, signature)
    letter.capacity = signature.capacity
    give_number(letter, signature.number)


def _refuse_unprintable(letter: Letter, signature: Signature) -> None:
    if fault := readiness.fault(LetterContent.from_dict(letter.content).emblem):
        raise CannotSign(fault)
    if signature.capacity not in rules.CAPACITIES:
        raise CannotSign(_("Choose how you sign: in your own office, plt. or plh."))
    if signature.method is SigningMethod.CERTIFICATE:
        try:
            certificates.of(letter.institution)
        except certificates.NoCertificate as problem:
            raise CannotSign(str(problem)) from None


def _refuse_foreign(letter: Letter, signatory: Person) -> None:
    if signatory.institution_id != letter.institution_id:
        raise ForeignSignatory(f"person {signatory.id} does not belong to institution {letter.institution_id}")


def issue(institution: Institution, kind: LetterKind, subject: str, content: LetterContent, about: str = "") -> Letter:
    """A document that the hub makes in the name of the office, without number and signature: a receipt, a list.

    It bears today's date in the office's zone; the worker prints it like any other. Raises Unprintable.
    """
    frozen, version = stationery.freeze(content, institution)
    letter = Letter(
        institution=institution,
        kind=kind,
        state=LetterState.ISSUED,
        subject=subject,
        content=frozen.as_dict(),
        stationery=version,
        about=about,
        dated=clock.today(institution.zone),
        verification_code=rules.new_code(),
    )
    db.session.add(letter)
    db.session.flush()
    _record(letter, "issued", None)
    return letter


def _refuse_reserved(letter: Letter) -> None:
    if letter.number:
        raise CannotSign(
            _(
                "The number %(number)s is reserved for this letter: upload its signed copy, or declare it void.",
                number=letter.number,
            )
        )


def _refuse_other_than_reserved(letter: Letter, signatory: Person, signature: Signature) -> None:
    """What comes back signed must be what was printed: that number, and that name under it."""
    if not letter.number or letter.signatory_id != signatory.id or letter.signing_method is not signature.method:
        raise CannotSign(_("Make the copy to sign first: it carries the number, and the name of who signs."))
    if signature.file is None:
        raise CannotSign(_("Choose the signed file: exactly these bytes are sent and kept."))


def _freeze(letter: Letter) -> None:
    content, letter.stationery = stationery.freeze(LetterContent.from_dict(letter.content), letter.institution)
    letter.content = content.as_dict()


def _name_signatory(letter: Letter, signatory: Person, signature: Signature) -> None:
    """People change name and number, and certificates end; a letter keeps what it was signed with."""
    issuer = certificates.of(letter.institution).issuer if signature.method is SigningMethod.CERTIFICATE else ""
    named = {"signatory": signatory.name, "signatory_number": signatory.employee_number, "issuer": issuer}
    letter.content = {**letter.content, **named}


def _lock(letter: Letter, state: LetterState) -> None:
    db.session.flush()
    db.session.refresh(letter, ["state", "number"], with_for_update=True)
    if letter.state != state:
        raise NotInThisState(letter, state)


def _record(letter: Letter, kind: str, by: Person | None, **details: str | int) -> None:
    actor: Actor = person(by.id) if by else SYSTEM
    record(letter.stream, kind, actor, details)
