"""Letters for a bench to print: written by the hub itself, from registering the complaint to signing."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hub import clock
from hub.audit.rules import SYSTEM
from hub.bench import ground
from hub.complaints import service as complaints
from hub.complaints.rules import Intake
from hub.directory import queries as directory
from hub.directory import seeding
from hub.directory import service as people
from hub.forwardings import service as forwardings
from hub.forwardings.correspondence import Request
from hub.forwardings.rules import ResponseClass
from hub.letters import document
from hub.routing.rules import Purpose
from hub.workdays import service as workdays

_STORY = (
    "Jalan desa di Kecamatan Tongas rusak sejak banjir bulan Januari dan belum diperbaiki. "
    "Warga sudah {} kali melapor ke kantor desa. Mohon segera ditindaklanjuti."
)


def letters(count: int) -> list[str]:
    """The pages of so many signed forwarding letters of one page, no two the same."""
    with TemporaryDirectory(prefix="hub-bench-") as folder, ground.hub(Path(folder), 1):
        seeding.seed()
        workdays.seed()
        sender, recipient = directory.by_code("KSN-DUMAS"), directory.by_code("35.13")
        assert sender is not None
        assert recipient is not None
        sender.postal_address, sender.phone = "Jalan Contoh Nomor 17–18, Jakarta 10110", "(021) 555 0017"
        sender.email, sender.website = "dumas@setneg.example", "dumas.setneg.example"
        recipient.email = "inspektorat@probolinggo.example"
        signatory = people.add_person(sender, "Dr. Bagas Wirayuda, M.Si.", "", "bagas@setneg.example", "", SYSTEM)
        request = Request(recipient, Purpose.HANDLING, ResponseClass.ORDINARY, by_email=True, by_post=False)
        pages = []
        for number in range(count):
            intake = Intake(
                channel="SP4N-LAPOR",
                tracking_id=str(7_000_000 + number),
                received_on=clock.today("WIB"),
                region_code="35.13",
                subject="Jalan desa rusak sejak banjir",
                body=_STORY.format(number + 2),
                name="Warga",
                contact="",
            )
            forwarding = forwardings.draft(complaints.register(sender, intake, signatory), request, signatory)
            forwardings.submit(forwarding, signatory)
            forwardings.sign(forwarding, signatory)
            assert forwarding.letter is not None
            pages.append(document.html(forwarding.letter, linked=False))
    return pages
