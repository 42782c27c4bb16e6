"""The inventory as a file and as a document: both are kept by offices, so their words are Indonesian."""

from collections.abc import Iterable, Iterator

from flask_babel import force_locale

from hub import clock
from hub.directory.models import Institution
from hub.forwardings.correspondence import long_date
from hub.letters import service as letters
from hub.letters.models import Letter, LetterKind
from hub.letters.rules import LetterContent, date_words, gist
from hub.responses.inventory.queries import Search
from hub.responses.models import Response
from hub.webkit.labels import label

HEADERS = (
    "Diterima", "Nomor jawaban", "Tanggal jawaban", "Dari", "Atas surat", "Tanggal surat", "Pengirim", "Nomor hub",
    "Perihal", "Hasil", "Uraian", "Telaah",
)  # fmt: skip
_COLUMNS = ("Nomor jawaban", "Diterima", "Perihal", "Dari", "Hasil", "Telaah")
_NOT_SAID, _NOT_YET = "tidak disebut", "menunggu telaah"


def rows(reports: Iterable[Response], zone: str) -> list[tuple[str, ...]]:
    """One row for each report, in the order of HEADERS. Days are those of `zone`."""
    with force_locale("id"):
        return [tuple(_cells(one, zone)) for one in reports]


def issue(office: Institution, reports: Iterable[Response], search: Search, about: str) -> Letter:
    """The list as a document of the office. Raises Unprintable while its documents cannot be printed."""
    with force_locale("id"):
        lines = tuple(_line(one, office.zone) for one in reports)
    content = LetterContent(
        addressee=(office.head_title,),
        place=office.seat,
        opening=f"{len(lines)} laporan tindak lanjut{_chosen(search)}, menurut keadaan pada {_today(office)}.",
        signing_office=(office.head_title,),
        columns=_COLUMNS,
        rows=lines,
    )
    return letters.issue(office, LetterKind.INVENTORY, office.name, content, about)


def _cells(report: Response, zone: str) -> Iterator[str]:
    forwarding = report.forwarding
    yield clock.local(report.arrived_at, zone).date().isoformat()
    yield report.letter_number
    yield report.letter_date.isoformat()
    yield forwarding.recipient.name
    yield forwarding.letter.number or ""
    yield forwarding.letter.dated.isoformat() if forwarding.letter.dated else ""
    yield forwarding.sender.name
    yield forwarding.complaint.reference
    yield forwarding.complaint.subject
    yield _outcome(report)
    yield report.summary
    yield _review(report)


def _line(report: Response, zone: str) -> tuple[str, ...]:
    forwarding = report.forwarding
    return (
        report.letter_number or "(tanpa nomor)",
        date_words(clock.local(report.arrived_at, zone).date()),
        f"{gist(forwarding.complaint.subject, 120)} (atas surat {forwarding.letter.number})",
        forwarding.recipient.name,
        _outcome(report),
        _review(report),
    )


def _outcome(report: Response) -> str:
    return str(label("outcome", report.outcome).text) if report.outcome else _NOT_SAID


def _review(report: Response) -> str:
    return str(label("review", report.review).text) if report.review else _NOT_YET


def _chosen(search: Search) -> str:
    """In words, which of all reports the list holds."""
    parts = (
        f"yang memuat “{search.words}”" if search.words else "",
        f"dengan hasil {label('outcome', search.outcome).text}" if search.outcome else "",
        f"sejak {date_words(search.since)}" if search.since else "",
        f"sampai {date_words(search.until)}" if search.until else "",
    )
    return "".join(f" {part}" for part in parts if part)


def _today(office: Institution) -> str:
    return long_date(clock.today(office.zone))
