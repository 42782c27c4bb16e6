"""The list as a file that an office keeps: its words are Indonesian."""

from collections.abc import Iterable, Iterator

from flask_babel import force_locale

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


def rows(found: Listing) -> list[tuple[str, ...]]:
    """One row for each letter, in the order of HEADERS; those about which too little is known come last."""
    lists = ((_SILENT, found.silent), (_UNPROVEN, found.unproven))
    with force_locale("id"):
        return [row for name, groups in lists for group in groups for row in _of(name, group)]


def _of(name: str, group: Group) -> Iterable[tuple[str, ...]]:
    return (tuple(_cells(name, group, entry)) for entry in group.entries)


def _cells(name: str, group: Group, entry: Entry) -> Iterator[str]:
    pic = group.contacts.pic
    yield name
    yield group.office.name
    yield group.office.code
    yield _word("network", group.network)
    yield entry.number
    yield entry.dated.isoformat() if entry.dated else ""
    yield entry.sender
    yield _word("grade", entry.grade) if entry.grade else _word("stage", "lapsed")
    yield entry.since.isoformat()
    yield str(entry.working_days)
    yield _word("cause", group.cause) if name is _SILENT or group.cause is not Cause.QUIET else ""
    yield _word("step", entry.reached.name) if entry.reached else ""
    yield _word("step", entry.ahead.step.name) if entry.ahead else ""
    yield entry.ahead.on.isoformat() if entry.ahead and entry.ahead.on else ""
    yield pic.name if pic else ""
    yield group.lines[0].number if group.lines else ""
    yield group.office.email
    yield _word("call_outcome", entry.call.outcome) if entry.call else ""


def _word(group: str, key: str) -> str:
    return str(label(group, key).text)
