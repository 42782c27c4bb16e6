"""One complaint to several offices: a forwarding for each, all of them or none."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from hub.accounts.models import Account
from hub.complaints.rules import ComplainedOf
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.monitoring.verification import findings
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[[Account], Client]
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
REGENCY, CITY, PROVINCE = (
    "Inspektorat Kabupaten Probolinggo (35.13)",
    "Inspektorat Kota Semarang (33.74)",
    "Inspektorat Provinsi Jawa Timur (35)",
)


def typed(**changes: object) -> dict[str, object]:
    chosen = {"recipient": REGENCY, "others": [CITY, PROVINCE], "purpose": "handling", "response_class": "ordinary"}
    kinds = {"by_email": "y", "security": "B", "urgency": "ordinary"}
    return {**chosen, **kinds, "request_key": KEY, **changes}


def recipients() -> list[str]:
    return sorted(one.recipient.code for one in db.session.scalars(select(Forwarding)))


def test_each_recipient_gets_a_forwarding_with_a_letter_of_its_own(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    complaint, office = story.complaint(), signed_in_as(world.registrar)
    for _again in range(2):  # a double click
        answer = office.post(f"/complaints/{complaint.id}/forward", data=typed())
    assert recipients() == ["33.74", "35", "35.13"]
    assert len({one.letter_id for one in db.session.scalars(select(Forwarding))}) == 3
    page = office.get(answer.location)
    assert all(name.rpartition(" (")[0] in page.text for name in (REGENCY, CITY, PROVINCE))
    assert list(findings()) == []


@pytest.mark.parametrize("others", [["Inspektorat Kota Entah"], ["Probolinggo"]])
def test_an_office_that_nobody_knows_stops_all_of_them(
    story: Story, world: World, signed_in_as: SignIn, others: list[str]
) -> None:
    answer = signed_in_as(world.registrar).post(
        f"/complaints/{story.complaint().id}/forward", data=typed(others=[CITY, *others])
    )
    assert answer.status_code == 422
    assert others[0] in answer.text
    assert recipients() == []


def test_one_that_cannot_be_reached_or_would_judge_itself_stops_all_of_them(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    office = signed_in_as(world.registrar)
    complaint = story.complaint(complained_of=ComplainedOf.INSPECTORATE)
    own_case = office.post(f"/complaints/{complaint.id}/forward", data=typed(recipient=CITY, others=[REGENCY]))
    assert own_case.status_code == 422
    assert "tidak dapat menangani perkaranya sendiri" in own_case.text
    world.province.postal_address = ""
    no_address = office.post(f"/complaints/{story.complaint().id}/forward", data=typed(by_post="y"))
    assert no_address.status_code == 422
    assert "belum memiliki alamat pos" in no_address.text
    assert recipients() == []


def test_whoever_gets_the_letter_needs_no_copy(story: Story, world: World, signed_in_as: SignIn) -> None:
    answer = signed_in_as(world.registrar).post(
        f"/complaints/{story.complaint().id}/forward", data=typed(copies=[CITY])
    )
    assert answer.status_code == 422
    assert recipients() == []
