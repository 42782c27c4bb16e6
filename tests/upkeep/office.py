"""An office whose PIC leaves, and what tests of the handover ask about it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hub import clock
from hub.audit.rules import person
from hub.directory import service as people
from hub.directory.models import Appointment, AppointmentRole, Network, Person
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.mail.models import EmailDispatch
from hub.upkeep import handover
from hub.upkeep.handover import Handed, Succession
from tests.world import World

KSN = Network.KEMENSETNEG
NEWCOMER, LEAVING, DEPUTY = "wulan@kantor.example", "regency.pic@kantor.example", "bayu@kantor.example"


@dataclass
class Office:
    """The Inspektorat of 35.13, whose PIC leaves. `hand_over()` is the whole act, committed."""

    world: World

    def succession(self, **changes: Any) -> Succession:
        decided: dict[str, Any] = {
            "first_day": self.today,
            "last_day": None,
            "decree_number": "700/9/SK/2026",
            "name": "Wulan Prameswari",
            "title": "Inspektur Pembantu II",
            "email": NEWCOMER,
            "phone": "0812-0000-7777",
        }
        return Succession(**decided | changes)

    def present(self) -> Appointment | None:
        return handover.leaving(self.world.regency, KSN)

    def hand_over(self, **changes: Any) -> Handed:
        present = self.present()
        handed = handover.hand_over(
            self.world.regency, KSN, self.succession(**changes), present.id if present else None, self.by
        )
        db.session.commit()
        return handed

    @property
    def today(self) -> date:
        return clock.today("WIB")

    @property
    def by(self) -> Any:
        return person(self.world.administrator.person_id)

    def end_term(self, days_ago: int = 1) -> Appointment:
        """The PIC's term has ended without a successor."""
        present = self.present()
        assert present is not None
        people.end_term(present, self.today - timedelta(days=days_ago), self.by)
        db.session.commit()
        return present

    def deputy(self) -> Person:
        found = people.add_person(self.world.regency, "Bayu Laksmana", "Auditor", DEPUTY, "", self.by)
        people.appoint(
            found, self.world.regency, KSN, AppointmentRole.DEPUTY, "700/3/SK/2025", date(2025, 1, 2), None, self.by
        )
        db.session.commit()
        return found


def mails_to(address: str, **wanted: Any) -> list[EmailDispatch]:
    found = db.session.query(EmailDispatch).filter_by(to_address=address, **wanted)
    return found.order_by(EmailDispatch.id).all()


def links_of(forwarding: Forwarding, address: str) -> list[EmailDispatch]:
    return mails_to(address, about=forwarding.stream)
