"""The list of open letters (daftar serah terima surat) as a document of the office whose letters change hands."""

from collections.abc import Sequence

from hub import clock
from hub.directory.models import Institution
from hub.forwardings.correspondence import long_date
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.letters import service as letters
from hub.letters.models import Letter, LetterKind
from hub.letters.rules import LetterContent, date_words, gist
from hub.upkeep.moving import due_of

COLUMNS = ("Nomor surat", "Tanggal", "Hal", "Pengirim", "Tahap", "Batas waktu")
_STAGES = {
    Stage.READY: "Siap kirim",
    Stage.SENT: "Terkirim",
    Stage.RECEIVED: "Diterima",
    Stage.ACKNOWLEDGED: "Dikonfirmasi",
}


def issue(office: Institution, to: str, open_letters: Sequence[Forwarding]) -> Letter:
    """All of these letters, whoever looks after them from today on being `to`."""
    day = clock.today(office.zone)
    content = LetterContent(
        addressee=(to,),
        place=office.seat,
        opening=(
            f"{len(open_letters)} surat berikut menunggu tindakan {office.name} pada {long_date(day)}, hari serah "
            f"terima kepada {to}. Batas waktu tidak berubah karena serah terima ini."
        ),
        signing_office=(office.head_title,),
        columns=COLUMNS,
        rows=tuple(_row(one) for one in open_letters),
    )
    return letters.issue(office, LetterKind.HANDOVER, office.name, content, office.stream)


def _row(forwarding: Forwarding) -> tuple[str, ...]:
    letter, due = forwarding.letter, due_of(forwarding)
    return (
        letter.number or forwarding.complaint.reference,
        date_words(letter.dated) if letter.dated else "",
        gist(forwarding.complaint.subject, 120),
        forwarding.sender.name,
        _STAGES.get(forwarding.stage, ""),
        date_words(due[0]) if due else "belum berjalan",
    )
