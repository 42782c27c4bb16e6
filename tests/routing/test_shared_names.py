"""Twenty-six names belong to a regency and to a city. No proposal, picker, letter or mail takes one for the other."""

from collections import defaultdict
from collections.abc import Callable

import pytest
from sqlalchemy import select

from hub.complaints.rules import ComplainedOf
from hub.directory.models import Institution, InstitutionKind, Region
from hub.directory.picking import NotPicked, offered, picked
from hub.directory.rules import bare_name, written
from hub.extensions import db
from hub.letters import document
from hub.mail import queries as mail
from hub.mail.message import text_of
from hub.routing.queries import Question, propose
from hub.routing.rules import Purpose
from tests.conftest import Client
from tests.story import Story
from tests.world import World

Pair = tuple[Institution, Institution]


@pytest.fixture
def pairs(world: World) -> list[Pair]:
    """Inspectorates of the regency and the city of each shared name."""
    found: defaultdict[str, list[Institution]] = defaultdict(list)
    kinds = (InstitutionKind.REGENCY, InstitutionKind.CITY)
    for one in db.session.scalars(select(Institution).join(Region).where(Institution.kind.in_(kinds))):
        assert one.region is not None
        found[bare_name(one.region.name)].append(one)
    shared = [(one[0], one[1]) for one in found.values() if len(one) == 2]
    assert len(shared) == 26
    return shared


def test_each_complaint_goes_to_the_inspectorate_of_its_own_region(pairs: list[Pair]) -> None:
    for office in (one for pair in pairs for one in pair):
        assert office.region is not None
        for about, purpose in ((ComplainedOf.OFFICE, Purpose.HANDLING), (ComplainedOf.HEAD, Purpose.CLARIFICATION)):
            assert propose(Question(office.region, "", about), purpose).recipient is office


def test_no_picker_guesses(pairs: list[Pair]) -> None:
    lines = offered()
    for regency, city in pairs:
        assert written(regency) != written(city)
        assert {written(regency), written(city)} <= set(lines)
        assert picked(written(regency)) is regency
        assert picked(city.code) is city
        assert regency.region is not None
        name = bare_name(regency.region.name)
        for guess in (name, f"Inspektorat {name}", regency.name, f"{regency.name} ({city.code})"):
            with pytest.raises(NotPicked):
                picked(guess)


def test_letter_and_mails_name_the_right_one_of_the_two(pairs: list[Pair], story: Story) -> None:
    for pair in pairs:
        for office, other in (pair, pair[::-1]):
            assert office.region_code is not None
            forwarding = story.signed(
                complaint=story.complaint(region_code=office.region_code),
                recipient=office,
                copies=(other,),
                by_post=False,
            )
            page = document.html(forwarding.letter)
            addressee, _, rest = page.partition('<div class="body">')
            assert office.head_title in addressee
            assert other.head_title not in addressee
            assert f"<li>{other.head_title}</li>" in rest
            copy, letter = mail.of(forwarding.stream)
            for one in (letter, copy):
                words = " ".join(text_of(one).paragraphs)
                assert office.head_title in words
                assert other.head_title not in words
            assert (letter.institution_id, copy.institution_id) == (office.id, other.id)


def test_the_form_proposes_with_kind_and_code(
    pairs: list[Pair], story: Story, world: World, signed_in_as: Callable[..., Client]
) -> None:
    browser = signed_in_as(world.registrar)
    for office in pairs[0] + pairs[-1]:
        complaint = story.complaint(region_code=office.region_code)
        assert f'value="{written(office)}"' in browser.get(f"/complaints/{complaint.id}/forward").text
