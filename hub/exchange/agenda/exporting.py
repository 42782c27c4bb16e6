"""A year's register as a table, in the words of the register: Indonesian for everybody."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import force_locale

from hub.accounts.models import Account
from hub.exchange.agenda import queries
from hub.forwardings.models import Forwarding
from hub.letters.models import IncomingLetter, Letter, LetterState, Register
from hub.letters.rules import addressee_of
from hub.responses import papers
from hub.webkit.labels import label

HEADERS = {
    Register.IN: (
        "No. agenda", "Diterima", "Nomor surat", "Tanggal surat", "Dari", "Perihal", "Klasifikasi", "Urgensi",
        "Atas surat kami", "Disposisi", "Catatan",
    ),
    Register.OUT: (
        "No. urut", "Nomor surat", "Tanggal surat", "Kepada", "Perihal", "Jenis", "Status", "Keterangan",
    ),
}  # fmt: skip


def table(account: Account, register: Register, year: int) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    """Headers and rows, the first number first."""
    letters = queries.whole_year(account, register, year)
    matters = papers.matters_by_letter(one for one in letters if isinstance(one, IncomingLetter))
    with force_locale("id"):
        rows = [tuple(_in(one, matters) if isinstance(one, IncomingLetter) else _out(one)) for one in letters]
    return HEADERS[register], rows


def status_of(letter: Letter) -> str:
    """Word of a numbered letter's state; one that waits for its signature has its number only reserved."""
    return "Nomor dicadangkan" if letter.state is LetterState.TO_SIGN else str(label("letter", letter.state).text)


def _in(letter: IncomingLetter, matters: dict[int, list[Forwarding]]) -> Iterator[str]:
    yield letter.agenda_number
    yield letter.received_on.isoformat()
    yield letter.number
    yield _day(letter.dated)
    yield letter.sender_name
    yield letter.subject
    yield str(label("security", letter.security).text)
    yield str(label("urgency", letter.urgency).text)
    yield "; ".join(one.letter.number or "" for one in matters.get(letter.id, []))
    yield "; ".join(one.to for one in letter.dispositions)
    yield letter.note


def _out(letter: Letter) -> Iterator[str]:
    yield str(letter.running or "")
    yield letter.number or ""
    yield _day(letter.dated)
    yield addressee_of(letter.content)
    yield letter.subject
    yield str(label("letter_kind", letter.kind).text)
    yield status_of(letter)
    yield letter.void_reason


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
