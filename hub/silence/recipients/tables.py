"""The list as a file that an office keeps: its words are Indonesian."""

from collections.abc import Iterable, Iterator

from flask_babel import force_locale

from hub.sheets.writing import Cell
from hub.silence.recipients.entries import Entry
from hub.silence.recipients.queries import Group, Listing
from hub.silence.rules import Cause
from hub.webkit.labels import label

HEADERS = (
    "Daftar", "Instansi", "Kode", "Jaringan", "Nomor surat", "Tanggal surat", "Pengirim", "Status respons", "Sejak",
    "Hari kerja", "Kemungkinan sebab", "Langkah terakhir", "Langkah berikutnya", "Mulai tanggal", "PIC", "Telepon",
    "Email kantor", "Terakhir ditanya",
)  # fmt: skip
_SILENT, _UNPROVEN = "Belum merespons", "Belum ada bukti terima (bukan kelalaian penerima)"
_RECORDED = "Tercatat tidak menanggapi"


def rows(found: Listing) -> list[tuple[Cell, ...]]:
    """One row for each letter, in the order of HEADERS; list by list, as the page shows them."""
    lists = ((_SILENT, found.silent), (_UNPROVEN, found.unproven), (_RECORDED, found.recorded))
    with force_locale("id"):
        return [row for name, groups in lists for group in groups for row in _of(name, group)]


def _of(name: str, group: Group) -> Iterable[tuple[Cell, ...]]:
    return (tuple(_cells(name, group, entry)) for entry in group.entries)


def _cells(name: str, group: Group, entry: Entry) -> Iterator[Cell]:
    pic = group.contacts.pic
    yield name
    yield group.office.name
    yield group.office.code
    yield _word("network", group.network)
    yield entry.number
    yield entry.dated or ""
    yield entry.sender
    yield _word("grade", entry.grade) if entry.grade else _word("stage", "lapsed")
    yield entry.since
    yield entry.working_days
    yield _word("cause", group.cause) if name is not _UNPROVEN or group.cause is not Cause.QUIET else ""
    yield _word("step", entry.reached.name) if entry.reached else ""
    yield _ahead(entry)
    yield (entry.ahead and entry.ahead.on) or ""
    yield pic.name if pic else ""
    yield group.lines[0].number if group.lines else ""
    yield group.office.email
    yield _word("call_outcome", entry.call.outcome) if entry.call else ""


def _ahead(entry: Entry) -> str:
    """The next step of the ladder, or what is left to a person."""
    if entry.ahead:
        return _word("step", entry.ahead.step.name)
    return _word("next", entry.advice) if entry.advice else ""


def _word(group: str, key: str) -> str:
    return str(label(group, key).text)
