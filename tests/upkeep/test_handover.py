"""A PIC leaves, another comes: no letter stays behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from hub import clock
from hub.accounts.models import Account
from hub.audit.models import Event
from hub.audit.rules import person
from hub.database import read_only
from hub.directory import queries as directory
from hub.directory import service as people
from hub.directory.models import Appointment, AppointmentRole, Network, Person
from hub.directory.service import Refused
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, Stage
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.monitoring.verification import findings
from hub.upkeep import handover
from hub.upkeep.handover import Handed, Succession
from tests.conftest import Client
from tests.story import Story
from tests.world import World

KSN = Network.KEMENSETNEG
TODAY = clock.today("WIB")


@dataclass
class Office:
    """The Inspektorat of 35.13, whose PIC leaves. `hand_over()` is the whole act, committed."""

    world: World

    def succession(self, **changes: Any) -> Succession:
        decided: dict[str, Any] = {
            "first_day": TODAY,
            "last_day": None,
            "decree_number": "700/9/SK/2026",
            "name": "Wulan Prameswari",
            "title": "Inspektur Pembantu II",
            "email": "wulan@kantor.example",
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
    def by(self) -> Any:
        return person(self.world.administrator.person_id)

    def deputy(self) -> Person:
        found = people.add_person(self.world.regency, "Bayu Laksmana", "Auditor", "bayu@kantor.example", "", self.by)
        people.appoint(
            found, self.world.regency, KSN, AppointmentRole.DEPUTY, "700/3/SK/2025", date(2025, 1, 2), None, self.by
        )
        db.session.commit()
        return found


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def mails_to(address: str, **wanted: Any) -> list[EmailDispatch]:
    found = db.session.query(EmailDispatch).filter_by(to_address=address, **wanted)
    return found.order_by(EmailDispatch.id).all()


def links_of(forwarding: Forwarding, address: str) -> list[EmailDispatch]:
    return mails_to(address, about=forwarding.stream)


def test_the_letters_go_to_the_newcomer_with_a_new_link_each(story: Story, office: Office) -> None:
    sent, confirmed = story.sent(), story.acknowledged()
    handed = office.hand_over()
    assert handed.moved is not None
    assert (len(handed.moved.letters), handed.moved.links, handed.moved.mails) == (2, 2, 2)
    for forwarding in (sent, confirmed):
        (old,) = links_of(forwarding, office.world.regency_pic.person.email)
        (new,) = links_of(forwarding, "wulan@kantor.example")
        assert (old.link_state.value, new.link_state.value) == ("revoked", "good")
        assert (new.purpose, new.letter_id) == (EmailPurpose.HANDOVER, forwarding.letter_id)
    assert "belum dikonfirmasi" in links_of(sent, "wulan@kantor.example")[0].paragraphs
    assert "sudah dikonfirmasi" in links_of(confirmed, "wulan@kantor.example")[0].paragraphs


def test_terms_meet_without_a_gap_or_a_shared_day(office: Office) -> None:
    before = office.present()
    assert before is not None
    handed = office.hand_over(first_day=TODAY)
    assert before.valid_until == TODAY - timedelta(days=1)
    assert (handed.appointment.valid_from, handed.appointment.decree_number) == (TODAY, "700/9/SK/2026")
    assert office.present() is handed.appointment


def test_a_letter_that_never_left_leaves_for_the_newcomer(story: Story, office: Office) -> None:
    ready = story.signed()
    office.hand_over()
    (old,) = links_of(ready, office.world.regency_pic.person.email)
    (new,) = links_of(ready, "wulan@kantor.example")
    assert (old.state, new.state, new.purpose) == (EmailState.CANCELLED, EmailState.QUEUED, EmailPurpose.LETTER)
