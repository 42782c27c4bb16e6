"""A declined complaint goes to another office in one step; what only goes back and forth goes to who can decide."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from hub.audit import queries as audit
from hub.complaints.rules import ComplainedOf
from hub.directory.queries import by_code
from hub.extensions import db
from hub.forwardings import service as forwardings
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, ResponseClass, Stage
from hub.mail import queries as mail
from hub.mail.models import EmailState
from hub.monitoring import verification
from hub.post import queries as post
from hub.post.rules import PostState
from hub.responses import service
from hub.responses.declining.rules import Word, at_odds
from hub.responses.models import Response, Review
from hub.routing.rules import Purpose, first_above_all
from tests.conftest import Client
from tests.responses.conftest import Declined
from tests.story import Story
from tests.world import World

SignIn = Callable[[object], Client]
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
PROVINCE = "Inspektorat Provinsi Jawa Timur (35)"
NEIGHBOUR = "Inspektorat Kabupaten Pasuruan (35.14)"
ITJEN = "Inspektorat Jenderal Kementerian Dalam Negeri (ITJEN)"


def typed(recipient: str, **changes: Any) -> dict[str, Any]:
    common = {"purpose": "handling", "response_class": "ordinary", "by_email": "y", "request_key": KEY}
    return {**common, "recipient": recipient, **changes}


def reroute(browser: Client, response: Response, recipient: str, **changes: Any) -> Any:
    return browser.post(f"/responses/{response.id}/reroute", data=typed(recipient, **changes))


def how_many() -> int:
    return db.session.scalar(select(func.count(Forwarding.id))) or 0


def successor_of(forwarding: Forwarding) -> Forwarding:
    return db.session.scalars(select(Forwarding).where(Forwarding.rerouted_from_id == forwarding.id)).one()


def nothing_was_done(response: Response) -> bool:
    return (how_many(), response.review, response.forwarding.stage) == (1, None, Stage.ANSWERED)


def test_one_press_accepts_the_decline_and_puts_the_new_letter_to_sign(
    world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined("35", response_class=ResponseClass.SUPERVISORY, note="Mohon segera.", by_post=True)
    first, registrar = response.forwarding, signed_in_as(world.registrar)
    assert f'href="/responses/{response.id}/reroute"' in registrar.get(f"/forwardings/{first.id}").text
    page = registrar.get(f"/responses/{response.id}/reroute").text
    for kept in (f'value="{PROVINCE}"', '<option selected value="supervisory">', "Mohon segera."):
        assert kept in page
    gone = reroute(registrar, response, PROVINCE, response_class="supervisory", note="Mohon segera.", by_post="y")
    assert gone.status_code == 302
    second = successor_of(first)
    assert (first.stage, response.review) == (Stage.DECLINED, Review.ACCEPTED)
    assert (second.stage, second.recipient) == (Stage.AWAITING_SIGNATURE, world.province)
    assert (second.complaint, second.response_class) == (first.complaint, ResponseClass.SUPERVISORY)
    assert (second.note, second.by_email, second.by_post) == ("Mohon segera.", True, True)
    assert [one.state for one in post.of(first.stream)] == [PostState.CANCELLED]
    assert audit.last_of(first.stream, Happening.DECLINED).details["rerouted_to"] == second.id
    assert first.complaint.reference not in registrar.get("/unforwarded").text
    assert list(verification.findings()) == []


def test_the_history_is_linked_for_who_may_see_the_other_end(
    world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined("35")
    first, registrar = response.forwarding, signed_in_as(world.registrar)
    reroute(registrar, response, PROVINCE)
    second = successor_of(first)
    forwardings.sign(second, world.signatory.person)
    db.session.commit()
    there, back = f'href="/forwardings/{second.id}"', f'href="/forwardings/{first.id}"'
    for account in (world.registrar, world.monitor, world.signatory):
        browser = signed_in_as(account)
        assert there in browser.get(f"/forwardings/{first.id}").text
        assert back in browser.get(f"/forwardings/{second.id}").text
    decliner = signed_in_as(world.regency_pic).get(f"/forwardings/{first.id}").text
    assert "Dialihkan ke" not in decliner
    assert there not in decliner
    heir = signed_in_as(world.province_pic).get(f"/forwardings/{second.id}").text
    assert "Dialihkan dari Inspektorat Kabupaten Probolinggo" in heir
    assert back not in heir
    assert signed_in_as(world.province_pic).get(f"/forwardings/{first.id}").status_code == 404


def test_the_same_form_sent_twice_is_one_new_forwarding(world: World, signed_in_as: SignIn, declined: Declined) -> None:
    response, registrar = declined("35"), signed_in_as(world.registrar)
    answers = [reroute(registrar, response, PROVINCE) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert how_many() == 2
    assert reroute(registrar, response, PROVINCE, request_key=KEY.replace("0b", "1b")).status_code == 409
    assert registrar.get(f"/responses/{response.id}/reroute").status_code == 409


def test_what_cannot_arrive_is_told_and_nothing_is_done(world: World, signed_in_as: SignIn, declined: Declined) -> None:
    response, registrar = declined("35"), signed_in_as(world.registrar)
    by_code("35.14").email = ""
    for choices, told in (
        (typed("35.14"), "belum memiliki PIC"),
        (typed("KSN-DUMAS"), "tidak dapat ditujukan kepada kantor pengirimnya"),
        (typed("Probolinggo"), "Pilih satu kantor dari daftar"),
        ({name: value for name, value in typed(PROVINCE).items() if name != "by_email"}, "sedikitnya satu jalur"),
    ):
        page = registrar.post(f"/responses/{response.id}/reroute", data={**choices, "note": "Mohon segera."})
        assert page.status_code == 422
        assert told in page.text
        assert "Mohon segera." in page.text
        assert nothing_was_done(response)


def test_who_would_judge_in_its_own_case_is_refused_with_a_proposal(
    story: Story, world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    complaint = story.complaint(complained_of=ComplainedOf.OFFICE, complained_of_id=by_code("35.14").id)
    response, registrar = declined("35.14", complaint=complaint), signed_in_as(world.registrar)
    page = reroute(registrar, response, NEIGHBOUR)
    assert page.status_code == 422
    assert "tidak dapat menangani perkaranya sendiri" in page.text
    assert nothing_was_done(response)
    reason = "Hanya instansi ini yang memegang berkasnya sekarang."
    assert reroute(registrar, response, NEIGHBOUR, override_reason=reason).status_code == 302
    assert successor_of(response.forwarding).override_reason == reason


@pytest.mark.parametrize(
    "who",
    [
        "signatory",
        "administrator",
        "regency_pic",
        "province_pic",
        "other_pic",
        "ombudsman_monitor",
        "ombudsman_registrar",
    ],
)
def test_only_who_reviews_and_forwards_at_the_sender_re_routes(
    world: World, signed_in_as: SignIn, declined: Declined, who: str
) -> None:
    response = declined("35")
    browser = signed_in_as(getattr(world, who))
    assert browser.get(f"/responses/{response.id}/reroute").status_code in (403, 404)
    assert reroute(browser, response, PROVINCE).status_code in (403, 404)
    assert nothing_was_done(response)


def test_an_answer_on_the_matter_itself_is_not_re_routed(story: Story, world: World, signed_in_as: SignIn) -> None:
    response = story.answered()
    assert signed_in_as(world.registrar).get(f"/responses/{response.id}/reroute").status_code == 404


def test_without_a_proposed_owner_the_way_leads_above_who_declined(
    world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    """The routing rules would name the very office that declined."""
    response = declined()
    page = signed_in_as(world.registrar).get(f"/responses/{response.id}/reroute").text
    assert f'value="{PROVINCE}"' in page
    assert "Sudah menyatakan bukan wewenangnya: Inspektorat Kabupaten Probolinggo" in page


# Back and forth


@pytest.fixture
def pointed_back(story: Story, world: World, declined: Declined) -> Response:
    """35.13 named 35.14, and 35.14 names 35.13."""
    first = declined("35.14")
    request = Request(world.unstaffed, Purpose.HANDLING, ResponseClass.ORDINARY, True, False)
    from hub.responses.declining.service import reroute as use_case

    second = use_case(first, request, world.registrar.person)
    forwardings.sign(second, world.signatory.person)
    return declined("35.13", forwarding=second)


def test_offices_that_point_at_each_other_are_noticed_and_their_supervisor_is_proposed(
    pointed_back: Response, world: World, signed_in_as: SignIn
) -> None:
    registrar = signed_in_as(world.registrar)
    page = registrar.get(f"/responses/{pointed_back.id}/reroute").text
    assert f'value="{PROVINCE}"' in page
    assert "Mintalah Inspektorat Provinsi Jawa Timur menetapkan" in page
    assert (
        "Dua instansi menyatakan bahwa pengaduan ini bukan wewenangnya: Inspektorat Kabupaten Probolinggo dan "
        "Inspektorat Kabupaten Pasuruan." in page
    )


def test_it_is_not_sent_to_who_declined_it_already(pointed_back: Response, world: World, signed_in_as: SignIn) -> None:
    registrar = signed_in_as(world.registrar)
    page = reroute(registrar, pointed_back, "Inspektorat Kabupaten Probolinggo (35.13)", note="Mohon segera.")
    assert page.status_code == 422
    assert "Teruskan kepada Inspektorat Provinsi Jawa Timur" in page.text
    assert (pointed_back.review, how_many()) == (None, 2)
    taken = reroute(
        registrar, pointed_back, "Inspektorat Kabupaten Probolinggo (35.13)", note="Mohon segera.", take="1"
    )
    assert taken.status_code == 302
    third = successor_of(pointed_back.forwarding)
    assert third.recipient is world.province
    assert third.note.startswith("Dua instansi menyatakan")
    assert third.note.endswith("Mohon segera.")
    assert list(verification.findings()) == []


def test_where_nobody_stands_above_all_of_them_that_is_said(
    story: Story, world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    by_code("35.13").supervisor = None
    response = declined()
    page = signed_in_as(world.registrar).get(f"/responses/{response.id}/reroute").text
    assert "Direktori tidak memuat instansi yang membawahi semuanya" in page


def test_an_ordinary_new_letter_to_who_declined_it_carries_a_caution(
    story: Story, world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined()
    service.accept(response, world.registrar.person)
    registrar = signed_in_as(world.registrar)
    told = "sudah pernah dimintai dan tercatat bukan wewenangnya"
    assert told in registrar.get(f"/complaints/{response.forwarding.complaint_id}/forward").text
    assert told not in registrar.get(f"/complaints/{story.complaint().id}/forward").text


# After it


def test_what_was_re_routed_is_not_reopened_while_the_successor_stands(
    world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response, registrar = declined("35"), signed_in_as(world.registrar)
    reroute(registrar, response, PROVINCE)
    first, address = response.forwarding, f"/forwardings/{response.forwarding_id}/reopen"
    assert address not in registrar.get(f"/forwardings/{first.id}").text
    page = registrar.post(address, data={"reason": "Ternyata tetap wewenangnya."})
    assert page.status_code == 422
    assert "sudah dialihkan ke Inspektorat Provinsi Jawa Timur" in page.text
    forwardings.withdraw(successor_of(first), world.registrar.person, "Salah alamat.")
    assert first.complaint.reference in registrar.get("/unforwarded").text
    assert address in registrar.get(f"/forwardings/{first.id}").text
    assert registrar.post(address, data={"reason": "Ternyata tetap wewenangnya."}).status_code == 302
    assert first.stage is Stage.ACKNOWLEDGED
    assert list(verification.findings()) == []


def test_mail_about_the_declined_one_that_has_not_left_stays_here(
    world: World, signed_in_as: SignIn, declined: Declined
) -> None:
    response = declined("35")
    (receipt,) = [one for one in mail.of(response.forwarding.stream) if one.state is EmailState.QUEUED]
    reroute(signed_in_as(world.registrar), response, PROVINCE)
    queued = [one for one in mail.of(response.forwarding.stream) if one.state is EmailState.QUEUED]
    assert receipt in queued  # a receipt leaves whatever becomes of the matter
    assert len(queued) == 2
    assert any("tidak perlu ditindaklanjuti lagi" in one.paragraphs for one in queued)


# The rules alone


@pytest.mark.parametrize(
    ("words", "next_one", "offices"),
    [
        ([], 1, ()),
        ([Word(1, 2)], 2, ()),
        ([Word(1)], None, ()),
        ([Word(1)], 1, (1,)),
        ([Word(1, 2), Word(2, 1)], 1, (1, 2)),
        ([Word(1, 2), Word(2, 1)], 3, (1, 2)),
        ([Word(1, 2), Word(2, 3)], 3, ()),
        ([Word(1, 2), Word(2, 3), Word(3, 1)], 1, (1, 2, 3)),
        ([Word(1, 2), Word(1, 3)], 3, ()),
    ],
)
def test_when_a_complaint_goes_back_and_forth(
    words: list[Word], next_one: int | None, offices: tuple[int, ...]
) -> None:
    assert at_odds(words, next_one) == offices


@pytest.mark.parametrize(
    ("chains", "first"),
    [
        ([[1, 10, 100], [2, 10, 100]], 10),
        ([[1, 10, 100], [2, 20, 100]], 100),
        ([[1, 10, 100], [10, 100]], 100),
        ([[1, 10], [2, 20]], None),
        ([[1]], None),
        ([[1, 10]], 10),
        ([[1, 2, 1], [2, 1, 2]], None),
    ],
)
def test_the_first_office_above_all(chains: list[list[int]], first: int | None) -> None:
    assert first_above_all(chains) == first
