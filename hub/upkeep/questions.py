"""The words of reach checks. They go to offices: always Indonesian."""

from dataclasses import dataclass
from datetime import date

from hub.directory import offices
from hub.directory import queries as directory
from hub.directory.models import Appointment, AppointmentRole, Institution, Network
from hub.directory.rules import written
from hub.forwardings.correspondence import long_date, office_signature
from hub.letters.rules import gist
from hub.upkeep.rules import UNANSWERED_AFTER

BUTTONS = "Ya, saya masih PIC\nSekarang orang lain\nBukan kantor kami"
"""One line a button, in the order of ReachAnswer."""
NETWORKS = {Network.KEMENSETNEG: "Kemensetneg", Network.OMBUDSMAN: "Ombudsman"}
"""What mails call the networks."""
_HEADS = {Network.KEMENSETNEG: offices.KEMENSETNEG, Network.OMBUDSMAN: offices.OMBUDSMAN}
_NAMES = {Network.KEMENSETNEG: "Kementerian Sekretariat Negara", Network.OMBUDSMAN: "Ombudsman RI"}


@dataclass(frozen=True)
class Question:
    """A mail before it is addressed."""

    subject: str
    paragraphs: tuple[str, ...]


def question(office: Institution, networks: list[Network], asked_on: date) -> Question:
    """Are you still the PIC? What is asked and until when comes first."""
    whose = " dan ".join(_NAMES[one] for one in networks)
    until = long_date(asked_on + UNANSWERED_AFTER)
    reason = (
        f"Surat pengaduan masyarakat dari {whose} kami kirim kepada PIC. Bila PIC berganti dan kami tidak tahu, surat "
        "tidak sampai. Karena itu kami bertanya setiap triwulan."
    )
    return Question(
        subject=f"Apakah Saudara masih PIC {office.name}?",
        paragraphs=(f"Apakah Saudara masih PIC {written(office)}? Mohon jawab paling lambat {until}.", reason),
    )


def declined(office: Institution, note: str) -> Question:
    """The successor that was named does not become PIC, and why."""
    return Question(
        subject=f"Usulan pengganti PIC {office.name}",
        paragraphs=(
            f"Usulan pengganti PIC {written(office)} belum kami setujui: {gist(note, 500)}",
            "Sampai ada penunjukan baru, surat tetap kami kirim kepada Saudara.",
        ),
    )


def networks_of(appointment: Appointment, day: date) -> list[Network]:
    """The networks in which this person is PIC of that office on `day`, the one of `appointment` always among them."""
    held = {
        one.network
        for one in directory.appointments_of(appointment.institution)
        if one.person_id == appointment.person_id and one.role is AppointmentRole.PIC and one.is_in_force(day)
    }
    return [network for network in Network if network in held | {appointment.network}]


def signature(network: Network) -> str:
    """The office at the head of the network writes."""
    return office_signature(directory.by_code(_HEADS[network]))
