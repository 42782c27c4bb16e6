"""A letter from draft to signature. The number is given when it is signed, never before."""

from sqlalchemy.dialects import postgresql, sqlite

from hub import clock
from hub.audit.rules import SYSTEM, Actor, person
from hub.audit.service import record
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.letters import rules
from hub.letters.models import Letter, LetterKind, LetterState, NumberSeries, Register, SigningMethod
from hub.letters.rules import LetterContent
from hub.letters.stationery import service as stationery


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


def revise(letter: Letter, subject: str, content: LetterContent, by: Person | None) -> None:
    """Change a draft. Raises NotInThisState once it was submitted: what the signatory reads stays as it is."""
    _lock(letter, LetterState.DRAFT)
    letter.subject, letter.content = subject, content.as_dict()
    _record(letter, "revised", by)


def submit(letter: Letter, by: Person | None = None) -> None:
    """Put the letter before its signatory, as it will be printed for ever. Raises NotInThisState, EmblemMissing."""
    _lock(letter, LetterState.DRAFT)
    _freeze(letter)
    letter.state, letter.submitted_at, letter.returned_note = LetterState.TO_SIGN, clock.now(), ""
    _record(letter, "submitted", by)


def return_to_draft(letter: Letter, note: str, by: Person | None = None) -> None:
    """The signatory does not sign and says why. Raises NotInThisState."""
    _lock(letter, LetterState.TO_SIGN)
    letter.state, letter.submitted_at, letter.returned_note = LetterState.DRAFT, None, note
    _record(letter, "returned", by)


def sign(letter: Letter, signatory: Person) -> None:
    """Number, date and sign. The date is today's in the institution's zone.

    Raises NotInThisState (also for the second of two signatures at once) and ForeignSignatory.
    """
    _lock(letter, LetterState.TO_SIGN)
    if signatory.institution_id != letter.institution_id:
        raise ForeignSignatory(f"person {signatory.id} does not belong to institution {letter.institution_id}")
    _name_signatory(letter, signatory)
    letter.signed_at = clock.now()
    letter.dated = clock.local(letter.signed_at, letter.institution.zone).date()
    letter.year = letter.dated.year
    letter.running = next_running(letter.institution_id, Register.OUT, letter.year)
    letter.number = rules.number(letter.institution.number_template, letter.running, letter.dated)
    letter.number_key = rules.number_key(letter.number)
    letter.signatory, letter.signing_method, letter.state = signatory, SigningMethod.APPROVAL, LetterState.SIGNED
    _record(letter, "signed", signatory, number=letter.number)


def issue(institution: Institution, kind: LetterKind, subject: str, content: LetterContent, about: str = "") -> Letter:
    """A document that the hub makes in the name of the office, without number and signature: a receipt, a list.

    It bears today's date in the office's zone; the worker prints it like any other. Raises EmblemMissing.
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


def next_running(institution_id: int, register: Register, year: int) -> int:
    """The next number of this register in the year.

    The row stays locked until the transaction ends: one that fails leaves no gap.
    """
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(NumberSeries).values(institution_id=institution_id, register=register, year=year, last=1)
    following = first.on_conflict_do_update(
        index_elements=[NumberSeries.institution_id, NumberSeries.register, NumberSeries.year],
        set_={"last": NumberSeries.last + 1},
    )
    last: int = db.session.execute(following.returning(NumberSeries.last)).scalar_one()
    return last


def _freeze(letter: Letter) -> None:
    content, letter.stationery = stationery.freeze(LetterContent.from_dict(letter.content), letter.institution)
    letter.content = content.as_dict()


def _name_signatory(letter: Letter, signatory: Person) -> None:
    """People change name and number; a letter keeps those it was signed with."""
    named = {"signatory": signatory.name, "signatory_number": signatory.employee_number}
    letter.content = {**letter.content, **named}


def _lock(letter: Letter, state: LetterState) -> None:
    db.session.flush()
    db.session.refresh(letter, ["state"], with_for_update=True)
    if letter.state != state:
        raise NotInThisState(letter, state)


def _record(letter: Letter, kind: str, by: Person | None, **details: str) -> None:
    actor: Actor = person(by.id) if by else SYSTEM
    record(letter.stream, kind, actor, details)
