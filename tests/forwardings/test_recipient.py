"""Who gets the letter: what the form proposes, what is refused, and what a reason on record allows."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.audit import queries as audit
from hub.complaints import service as complaints
from hub.complaints.models import Complaint
from hub.complaints.rules import ComplainedOf
from hub.directory.models import Absence, ContactFault, FaultKind
from hub.directory.queries import by_code
from hub.directory.rules import written
from hub.extensions import db
from hub.forwardings import service
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ResponseClass, Stage
from hub.forwardings.service import OwnCase
from hub.mail import queries as mails
from hub.post import queries as posts
from hub.routing.rules import Purpose
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]
KEY = "0b7a4a44-9f3a-4f5e-8f4e-0a4f1f0b7a44"
CHOICES = {
    "recipient": "Inspektorat Kabupaten Probolinggo (35.13)",
    "purpose": "handling",
    "response_class": "ordinary",
    "by_email": "y",
    "note": "Mohon segera.",
    "request_key": KEY,
}
REASON = "Gubernur meminta inspektorat ini memeriksa sendiri lebih dahulu."


def about(story: Story, whom: ComplainedOf = ComplainedOf.INSPECTORATE, **changes: object) -> Complaint:
    return story.complaint(complained_of=whom, **changes)


def only() -> Forwarding:
    return db.session.scalars(select(Forwarding)).one()


def how_many() -> int:
    return db.session.scalar(select(func.count(Forwarding.id))) or 0


def shown(page: str, name: str) -> list[str]:
    """The values of the inputs called `name`."""
    inputs = re.findall(r"<input[^>]*>", page)
    values = (re.search(r'value="([^"]*)"', one) for one in inputs if f'name="{name}"' in one)
    return [found[1] for found in values if found and found[1]]


def test_recipient_and_copies_are_filled_in_with_the_reason(story: Story, world: World, signed_in_as: SignIn) -> None:
    page = signed_in_as(world.registrar).get(f"/complaints/{story.complaint().id}/forward").text
    assert shown(page, "recipient") == ["Inspektorat Kabupaten Probolinggo (35.13)"]
    assert shown(page, "copies") == ["Inspektorat Provinsi Jawa Timur (35)"]
    assert "Urusan kabupaten atau kota ditangani inspektoratnya" in page
    assert 'name="override_reason"' not in page


def test_a_complaint_about_the_inspectorate_is_proposed_to_its_supervisor(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    page = signed_in_as(world.registrar).get(f"/complaints/{about(story).id}/forward").text
    assert shown(page, "recipient") == ["Inspektorat Provinsi Jawa Timur (35)"]
    assert shown(page, "copies") == []


def test_the_ombudsman_sees_both_proposals_and_changes_the_purpose_with_a_link(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(world.ombudsman_registrar)
    address = f"/complaints/{about(story, office=world.ombudsman).id}/forward"
    page = browser.get(address).text
    assert shown(page, "recipient") == ["Inspektorat Provinsi Jawa Timur (35)"]
    assert f"{address}?purpose=clarification" in page
    page = browser.get(f"{address}?purpose=clarification").text
    assert shown(page, "recipient") == ["Inspektorat Kabupaten Probolinggo (35.13)"]
    assert '<option selected value="clarification">' in page
    assert browser.get(f"{address}?purpose=x").status_code == 200


def test_a_clarification_goes_to_the_body_itself(story: Story, world: World, signed_in_as: SignIn) -> None:
    complaint = about(story, office=world.ombudsman)
    choices = {**CHOICES, "purpose": "clarification"}
    answer = signed_in_as(world.ombudsman_registrar).post(f"/complaints/{complaint.id}/forward", data=choices)
    assert answer.status_code == 302
    assert only().recipient is world.regency


@pytest.mark.parametrize("whom", [ComplainedOf.INSPECTORATE, ComplainedOf.HEAD])
def test_nobody_handles_its_own_case_and_nothing_typed_is_lost(
    story: Story, world: World, signed_in_as: SignIn, whom: ComplainedOf
) -> None:
    page = signed_in_as(world.registrar).post(f"/complaints/{about(story, whom).id}/forward", data=CHOICES)
    assert page.status_code == 422
    assert how_many() == 0
    assert "Mohon segera." in page.text
    assert "Inspektorat Provinsi Jawa Timur" in page.text
    assert 'name="override_reason"' in page.text
    assert 'name="take"' in page.text


def test_the_proper_recipient_is_one_click_away(story: Story, world: World, signed_in_as: SignIn) -> None:
    complaint = about(story)
    choices = {**CHOICES, "copies": "33.74", "take": "1"}
    assert signed_in_as(world.registrar).post(f"/complaints/{complaint.id}/forward", data=choices).status_code == 302
    forwarding = only()
    assert forwarding.recipient is world.province
    assert (forwarding.note, forwarding.copies, forwarding.override_reason) == ("Mohon segera.", [], "")


@pytest.mark.parametrize("reason", ["", "penting", " " * 40])
def test_a_word_is_no_reason(story: Story, world: World, signed_in_as: SignIn, reason: str) -> None:
    choices = {**CHOICES, "override_reason": reason}
    page = signed_in_as(world.registrar).post(f"/complaints/{about(story).id}/forward", data=choices)
    assert page.status_code == 422
    assert how_many() == 0


def test_a_reason_lets_it_go_there_and_stays_on_record(story: Story, world: World, signed_in_as: SignIn) -> None:
    choices = {**CHOICES, "override_reason": REASON}
    registrar = signed_in_as(world.registrar)
    assert registrar.post(f"/complaints/{about(story).id}/forward", data=choices).status_code == 302
    forwarding = only()
    assert forwarding.override_reason == REASON
    [event] = audit.of_stream(forwarding.stream)
    assert event.details["override_reason"] == REASON
    service.submit(forwarding, world.registrar.person)
    service.sign(forwarding, world.signatory.person)
    address = f"/forwardings/{forwarding.id}"
    assert REASON in registrar.get(address).text
    assert REASON in signed_in_as(world.monitor).get(address).text
    page = signed_in_as(world.regency_pic).get(address)
    assert page.status_code == 200
    assert REASON not in page.text


def test_a_reason_that_nothing_asked_for_is_not_kept(story: Story) -> None:
    assert story.draft(override_reason=REASON).override_reason == ""


def test_no_door_leads_around_the_rule(story: Story, world: World) -> None:
    complaint = about(story)
    request = Request(world.regency, Purpose.HANDLING, ResponseClass.ORDINARY, True, False)
    with pytest.raises(OwnCase):
        service.draft(complaint, request, world.registrar.person)
    forwarding = story.draft(complaint=complaint, recipient=world.province)
    with pytest.raises(OwnCase):
        service.redraft(forwarding, request, world.registrar.person)
    assert forwarding.recipient is world.province


def test_what_became_wrong_before_the_signature_is_not_signed(story: Story, world: World, signed_in_as: SignIn) -> None:
    """Supervisors change, and whom a complaint is about is learnt late."""
    forwarding = story.submitted()
    complaints.change_body(forwarding.complaint, ComplainedOf.HEAD, None, world.registrar.person)
    signatory = signed_in_as(world.signatory)
    read = {"read": str(forwarding.letter.submitted_at)}
    page = signatory.post(f"/forwardings/{forwarding.id}/sign", data=read, follow_redirects=True).text
    assert "Inspektorat Provinsi Jawa Timur" in page
    assert forwarding.stage is Stage.AWAITING_SIGNATURE
    assert forwarding.letter.number is None


def test_a_supervisor_moved_below_the_one_complained_of_does_not_get_it_signed(story: Story, world: World) -> None:
    forwarding = story.submitted(complaint=about(story), recipient=world.unstaffed)
    world.unstaffed.supervisor = world.regency
    with pytest.raises(OwnCase):
        service.sign(forwarding, world.signatory.person)
    db.session.rollback()


def test_a_letter_is_not_sent_again_to_whom_the_complaint_turns_out_to_be_about(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    forwarding, registrar = story.sent(), signed_in_as(world.registrar)
    complaints.change_body(forwarding.complaint, ComplainedOf.INSPECTORATE, None, world.registrar.person)
    for track in ("email", "post"):
        answer = registrar.post(f"/forwardings/{forwarding.id}/resend/{track}", follow_redirects=True)
        assert "Inspektorat Provinsi Jawa Timur" in answer.text
    assert len(mails.of(forwarding.stream)) == 1
    assert len(posts.of(forwarding.stream)) == 1


def test_a_reason_for_one_body_complained_of_is_none_for_another(story: Story, world: World) -> None:
    forwarding = story.submitted(
        complaint=about(story), recipient=world.province, copies=(world.regency,), override_reason=REASON
    )
    complaints.change_body(forwarding.complaint, ComplainedOf.INSPECTORATE, world.province, world.registrar.person)
    with pytest.raises(OwnCase):
        service.sign(forwarding, world.signatory.person)
    db.session.rollback()


def test_a_letter_with_a_reason_is_sent_again_like_any_other(story: Story, world: World) -> None:
    forwarding = story.sent(complaint=about(story), override_reason=REASON)
    service.resend(forwarding, True, False, world.registrar.person)
    assert len(mails.of(forwarding.stream)) == 2


@pytest.mark.parametrize("copy", ["35.13", "Inspektorat Kabupaten Probolinggo (35.13)"])
def test_no_copy_warns_who_is_complained_about(story: Story, world: World, signed_in_as: SignIn, copy: str) -> None:
    choices = {**CHOICES, "recipient": "35", "copies": copy}
    page = signed_in_as(world.registrar).post(f"/complaints/{about(story).id}/forward", data=choices)
    assert page.status_code == 422
    assert how_many() == 0
    assert shown(page.text, "copies") == [copy]


@pytest.mark.parametrize("copies", ["Probolinggo", "99", "35.13", "KSN-DUMAS", "35\n99.99"])
def test_copies_go_to_other_known_offices_only(story: Story, world: World, signed_in_as: SignIn, copies: str) -> None:
    page = signed_in_as(world.registrar).post(
        f"/complaints/{story.complaint().id}/forward", data={**CHOICES, "copies": copies}
    )
    assert page.status_code == 422
    assert how_many() == 0
    assert shown(page.text, "copies") == copies.split("\n")


def test_several_copies_each_in_a_line_or_an_input_are_kept_in_order(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    registrar = signed_in_as(world.registrar)
    choices = {**CHOICES, "copies": ["35.14\n35", "", "Inspektorat Kota Semarang (33.74)", "35"]}
    assert registrar.post(f"/complaints/{story.complaint().id}/forward", data=choices).status_code == 302
    assert [one.code for one in only().copies] == ["33.74", "35", "35.14"]
    page = registrar.get(f"/forwardings/{only().id}/edit").text
    assert shown(page, "copies") == [written(by_code(code)) for code in ("33.74", "35", "35.14")]
    registrar.post(f"/forwardings/{only().id}/edit", data={**CHOICES, "copies": ""})
    assert only().copies == []
    assert "Tembusan" not in registrar.get(f"/forwardings/{only().id}/preview").text


def caution(browser: Client, complaint: Complaint) -> int:
    return browser.get(f"/complaints/{complaint.id}/forward").text.count('class="advice hue-attention"')


def test_the_form_says_what_could_keep_the_letter_from_its_reader(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    browser, person = signed_in_as(world.registrar), world.regency_pic.person
    assert caution(browser, story.complaint()) == 0
    assert caution(browser, story.complaint(region_code="35.14")) == 1
    db.session.add(Absence(person=person, first_day=date(2020, 1, 1), last_day=date(2099, 1, 1)))
    assert caution(browser, story.complaint()) == 1
    fault = {"kind": FaultKind.BOUNCED, "address": person.email, "source": "email:1", "found_at": clock.now()}
    db.session.add(ContactFault(institution=world.regency, person=person, **fault))
    assert caution(browser, story.complaint()) == 2


@pytest.mark.parametrize("who", ["registrar", "ombudsman_registrar"])
def test_the_form_costs_the_same_few_queries(
    story: Story,
    world: World,
    signed_in_as: SignIn,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    who: str,
) -> None:
    account = getattr(world, who)
    browser = signed_in_as(account)
    costs = set()
    for region, whom in (("35.13", ComplainedOf.OFFICE), ("35", ComplainedOf.HEAD), ("31.71", ComplainedOf.OFFICE)):
        complaint = about(story, whom, region_code=region, office=account.institution)
        db.session.commit()
        with count_queries() as statements:
            browser.get(f"/complaints/{complaint.id}/forward")
        costs.add(len(statements))
    assert max(costs) <= 25


def test_a_named_institution_outranks_the_region(story: Story, world: World, signed_in_as: SignIn) -> None:
    complaint = about(story, complained_of_id=by_code("35").id)
    page = signed_in_as(world.registrar).get(f"/complaints/{complaint.id}/forward").text
    assert shown(page, "recipient") == ["Inspektorat Jenderal Kementerian Dalam Negeri (ITJEN)"]
