"""Numbers of letters: running by office, register and year, or typed from the office's own register."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.extensions import db
from hub.letters import queries, rules
from hub.letters.models import Letter, NumberSeries, Register
from hub.letters.rules import LetterContent
from hub.letters.stationery import service as stationery


class CannotSign(ValueError):
    """A letter that cannot be signed, numbered, returned or declared void. The sentence tells a person what to do."""


def give_number(letter: Letter, typed: str = "") -> None:
    """Date and number the letter, today in the zone of its office. Raises CannotSign, and then no number is used.

    `typed` is the number of an office that keeps its own register; for any other it is empty.
    """
    dated = clock.today(letter.institution.zone)
    if stationery.terms_of(stationery.newest(letter.institution)).uses_own_register:
        _put(letter, _from_own_register(letter, typed, dated.year), dated, None)
        return
    if typed:
        raise CannotSign(_("The hub gives the numbers of this office. Leave the number empty."))
    content = LetterContent.from_dict(letter.content)
    _refuse_without_archive_class(letter, content)
    while True:  # a number somebody typed, when the office still had its own register, is in use already
        running = next_running(letter.institution_id, Register.OUT, dated.year)
        number = _by_pattern(letter, content, running, dated)
        if not queries.is_number_taken(letter, number, dated.year):
            break
    _put(letter, number, dated, running)


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


def _put(letter: Letter, number: str, dated: date, running: int | None) -> None:
    """Of two who type the same number at once, the second is refused by the database."""
    try:
        with db.session.begin_nested():
            letter.dated, letter.year, letter.running = dated, dated.year, running
            letter.number, letter.number_key = number, rules.number_key(number)
    except IntegrityError:
        raise _taken(number) from None


def _by_pattern(letter: Letter, content: LetterContent, running: int, dated: date) -> str:
    number = rules.number(letter.institution.number_template, running, dated, content.security, content.archive)
    if len(number) > rules.LONGEST_NUMBER:
        raise CannotSign(
            _(
                "The pattern of letter numbers of %(office)s makes this number longer than 120 characters. "
                "The administrator has to shorten it in the directory.",
                office=letter.institution.name,
            )
        )
    return number


def _refuse_without_archive_class(letter: Letter, content: LetterContent) -> None:
    if "{archive}" in letter.institution.number_template and not content.archive:
        raise CannotSign(
            _(
                "The numbers of this office hold an archive class, and this letter has none. "
                "Enter the office's archive classes first."
            )
        )


def _from_own_register(letter: Letter, typed: str, year: int) -> str:
    number = rules.tidy_number(typed)
    if not number:
        raise CannotSign(_("This office numbers its letters itself: type the number from its register."))
    if not rules.is_number(number):
        raise CannotSign(_("A letter number has at least one digit and at most 120 characters."))
    if queries.is_number_taken(letter, number, year):
        raise _taken(number)
    return number


def _taken(number: str) -> CannotSign:
    return CannotSign(
        _(
            "Another letter of this office and year has the number %(number)s. Compare with the register, and type the "
            "right one.",
            number=number,
        )
    )
