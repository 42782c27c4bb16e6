"""The office complained about reads what was sent to it, and nothing that was not."""

from collections.abc import Callable

from sqlalchemy import select

from hub.directory.models import Network
from hub.extensions import db
from hub.forwardings import service
from hub.forwardings.rules import Stage
from hub.letters.models import Letter, LetterKind
from hub.post.models import PostDispatch
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]


def test_a_forwarding_withdrawn_before_it_was_signed_never_shows_to_its_recipient(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(world.regency_pic)
    for forwarding in (story.draft(), story.submitted()):
        service.withdraw(forwarding, world.registrar.person, "Yang diadukan PIC di sana sendiri.")
        for page in ("", "/preview", "/letter.pdf"):
            assert browser.get(f"/forwardings/{forwarding.id}{page}").status_code == 404
        assert browser.post(f"/forwardings/{forwarding.id}/acknowledge").status_code == 404
    assert "Jalan berlubang" not in browser.get("/forwardings").text


def test_why_a_sender_withdrew_stays_with_the_sender(story: Story, world: World, signed_in_as: SignIn) -> None:
    forwarding = story.sent()
    service.withdraw(forwarding, world.registrar.person, "Yang diadukan PIC di sana sendiri.")
    address = f"/forwardings/{forwarding.id}"
    assert "PIC di sana sendiri" in signed_in_as(world.registrar).get(address).text
    page = signed_in_as(world.regency_pic).get(address)
    assert page.status_code == 200
    assert "PIC di sana sendiri" not in page.text


def test_a_monitor_does_not_forward_what_another_office_registered(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    """Seeing the whole network is not deciding for its offices."""
    from hub.directory.queries import by_code

    complaint = story.complaint(office=by_code("ORI-14"))
    browser, address = signed_in_as(world.ombudsman_monitor), f"/complaints/{complaint.id}/forward"
    assert browser.get(f"/complaints/{complaint.id}").status_code == 200
    assert browser.get(address).status_code == 403
    assert browser.post(address, data={"recipient": "35.13"}).status_code == 403
    db.session.rollback()


def test_a_pic_decides_nothing_about_letters_of_other_offices(story: Story, world: World, signed_in_as: SignIn) -> None:
    """A PIC writes, reviews and posts for the own office: not even for the letter that it got."""
    response = story.answered()
    letter, others = response.forwarding, story.signed()
    [envelope] = db.session.query(PostDispatch).filter_by(about=others.stream)
    decisions = (
        f"/forwardings/{letter.id}/withdraw",
        f"/forwardings/{letter.id}/edit",
        f"/forwardings/{letter.id}/submit",
        f"/forwardings/{letter.id}/resend/email",
        f"/responses/{response.id}/accept",
        f"/responses/{response.id}/incomplete",
        f"/complaints/{letter.complaint_id}/forward",
        f"/complaints/{letter.complaint_id}/identity",
        f"/letters/{others.letter_id}/signed",
        f"/letters/{others.letter_id}/void",
        f"/post/{envelope.id}/print",
        f"/post/{envelope.id}/posted",
    )
    stages = letter.stage, others.stage
    for account in (world.regency_pic, world.province_pic, world.other_pic):
        browser = signed_in_as(account)
        for address in decisions:
            assert browser.post(address, data={"reason": "Salah sasaran."}).status_code in (403, 404), address
    db.session.expire_all()
    assert (letter.stage, others.stage) == stages


def test_a_pic_finds_nothing_of_other_offices_in_the_rooms_of_the_own_one(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    story.sent(), story.submitted(), story.complaint()
    for account in (world.province_pic, world.other_pic):
        browser = signed_in_as(account)
        for address in ("/", "/forwardings", "/complaints", "/inventory"):
            page = browser.get(address)
            assert page.status_code == 200
            assert "Jalan berlubang" not in page.text
        closed = ("/inbox", "/inbox/all", "/monitoring", "/monitoring/delivery", "/complaints/new", "/unforwarded")
        for address in (*closed, "/post", "/agenda", "/agenda/out", "/letters/to-sign", "/letters/stationery"):
            assert browser.get(address).status_code == 403, address


def test_the_navigation_of_a_pic_stays_short(world: World, signed_in_as: SignIn) -> None:
    page = signed_in_as(world.regency_pic).get("/").text
    navigation = page.partition('aria-label="Utama"')[2].partition("</nav>")[0]
    assert navigation.count("<a ") == 4  # work list, letters, the inventory of own reports, directory


def test_a_pic_of_another_network_has_no_way_to_a_letter_of_the_own_office(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    """Both sit in the same inspectorate, and one of them passed a letter on in the other network."""
    forwarding = story.signed()
    forwarding.sender, forwarding.letter.institution = world.province, world.province
    [appointment] = world.province_pic.person.appointments
    appointment.network = Network.OMBUDSMAN
    db.session.commit()
    pic, letter = signed_in_as(world.province_pic), forwarding.letter_id
    for address in ("sign", "preview", "copy.pdf", "void"):
        assert pic.get(f"/letters/{letter}/{address}").status_code in (403, 404), address
    assert pic.post(f"/letters/{letter}/void", data={"reason": "Salah cetak."}).status_code == 404
    assert forwarding.stage is Stage.READY


def test_an_appointment_elsewhere_gives_no_right_at_the_own_office(
    story: Story, world: World, signed_in_as: SignIn
) -> None:
    response = story.answered()
    [appointment] = world.other_pic.person.appointments
    appointment.person = world.signatory.person
    db.session.commit()
    signatory = signed_in_as(world.signatory)
    assert signatory.post(f"/responses/{response.id}/accept").status_code == 403
    assert world.signatory.may("respond")
    assert not world.signatory.may("review")


def test_the_list_of_a_colleague_is_opened_by_nobody_else(story: Story, world: World, signed_in_as: SignIn) -> None:
    story.closed()
    signed_in_as(world.monitor).post("/inventory/lists")
    made = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.INVENTORY)).one()
    for account in (world.registrar, world.signatory, world.monitor):
        assert signed_in_as(account).get(f"/letters/{made.id}/preview").status_code in (403, 404)
