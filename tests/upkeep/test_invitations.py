"""Invitations: a link that works once sets the password of the person who reads the address, and of nobody else."""

import re
from datetime import date, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select

from hub import clock
from hub.accounts.models import Account
from hub.accounts.service import authenticate, set_password
from hub.audit import queries as audit
from hub.audit.rules import SYSTEM
from hub.audit.rules import person as by_person
from hub.directory import service as directory
from hub.directory.models import AppointmentRole, Network, Person
from hub.extensions import db
from hub.mail import queries as mails
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.mail.service import link_address
from hub.upkeep.invitations import Closed, accept, invite
from tests.world import PASSWORD

SECRET = "kabut turun di lereng bromo"


@pytest.fixture
def newcomer(world) -> Person:
    """Appointed, never seen in the hub."""
    somebody = directory.add_person(
        world.unstaffed, "Wulan Prameswari", "Inspektur Pembantu I", "wulan@kantor.example", "", SYSTEM
    )
    directory.appoint(
        somebody, world.unstaffed, Network.KEMENSETNEG, AppointmentRole.PIC, "700/14/SK/2026", clock.today("WIB"), None,
        SYSTEM,
    )  # fmt: skip
    db.session.commit()
    return somebody


@pytest.fixture
def invited(newcomer, world) -> EmailDispatch:
    dispatch = invite(newcomer, by_person(world.administrator.person_id))
    db.session.commit()
    return dispatch


def path_of(dispatch: EmailDispatch) -> str:
    return link_address(dispatch).removeprefix("http://localhost")


def choose(browser, dispatch: EmailDispatch, password: str = SECRET, again: str = ""):
    return browser.post(path_of(dispatch), data={"new": password, "again": again or password})


def account_of(person: Person) -> Account | None:
    return db.session.scalars(select(Account).where(Account.person_id == person.id)).unique().one_or_none()


def test_the_mail_says_what_it_is_who_appointed_what_to_do_and_until_when(invited, newcomer, work, smtp):
    work()
    [mail] = smtp.received
    assert mail.recipients == ("wulan@kantor.example",)
    last_day = (clock.local(clock.now(), "WIB") + timedelta(days=14)).day
    assert re.search(rf"paling lambat \w+, {last_day} \w+ \d{{4}}\.", mail.text)
    assert "Anda ditunjuk sebagai PIC Inspektorat Kabupaten Pasuruan dalam jaringan Kemensetneg" in mail.text
    assert "Nomor 700/14/SK/2026" in mail.text
    assert "Penghubung mengantar surat pengaduan" in mail.text
    assert link_address(invited) in mail.text
    assert "Asisten Deputi Pengaduan Masyarakat" in mail.text.partition("-- ")[2]
    assert len(mail.text.split()) < 120
    assert newcomer.invited_at is not None


def test_the_page_shows_who_you_are_and_the_button_signs_you_in(invited, newcomer, client):
    page = client.get(path_of(invited))
    for shown in ("Wulan Prameswari", "Inspektorat Kabupaten Pasuruan", "700/14/SK/2026", "wulan@kantor.example"):
        assert shown in page.text
    answer = choose(client, invited)
    assert (answer.status_code, answer.location) == (302, "/")
    home = client.get("/")
    assert home.status_code == 200
    assert home.text.count("Wulan Prameswari") >= 2  # the greeting and the menu
    db.session.refresh(newcomer)
    assert newcomer.verified_at is not None
    assert authenticate("wulan@kantor.example", SECRET) is not None


def test_looking_at_the_link_changes_nothing_however_often(invited, newcomer, client):
    for _ in range(3):
        assert client.get(path_of(invited)).status_code == 200
    db.session.expire_all()
    assert account_of(newcomer) is None
    assert newcomer.verified_at is None


def test_the_link_works_once(invited, client, signed_in_as, app):
    choose(client, invited)
    other = app.test_client()
    assert other.get(path_of(invited)).status_code == 410
    assert choose(other, invited, "sandi lain yang panjang").status_code == 410
    db.session.rollback()
    assert authenticate("wulan@kantor.example", SECRET) is not None


def test_of_two_who_press_at_the_same_time_one_gets_in(invited):
    accept(invited, SECRET)
    db.session.commit()
    with pytest.raises(Closed):
        accept(invited, "sandi lain yang panjang")


def test_a_newer_invitation_takes_the_place_of_the_older(invited, newcomer, world, client):
    newer = invite(newcomer, by_person(world.administrator.person_id))
    db.session.commit()
    assert invited.state is EmailState.CANCELLED  # it had not left yet
    page = client.get(path_of(invited))
    assert page.status_code == 410
    assert "Asisten Deputi Pengaduan Masyarakat" in page.text  # whom to ask
    assert client.get(path_of(newer)).status_code == 200


def test_after_fourteen_days_the_page_says_whom_to_ask(invited, client):
    with freeze_time(clock.now() + timedelta(days=14, minutes=1)):
        page = client.get(path_of(invited))
        assert page.status_code == 410
        assert "Asisten Deputi Pengaduan Masyarakat" in page.text
        assert choose(client, invited).status_code == 410


def test_a_link_sent_to_an_address_that_was_replaced_opens_nothing(invited, newcomer, client):
    directory.change_person(newcomer, {"email": "wulan.baru@kantor.example"}, SYSTEM)
    assert client.get(path_of(invited)).status_code == 410
    assert choose(client, invited).status_code == 410


def test_a_link_from_before_the_password_was_set_opens_nothing(world, client):
    """A mailbox that was read by others is made harmless by a new password alone."""
    dispatch = invite(world.regency_pic.person, SYSTEM)
    db.session.commit()
    with freeze_time(clock.now() + timedelta(hours=1)):
        set_password(world.regency_pic, "hujan reda di teras depan", SYSTEM)
        assert client.get(path_of(dispatch)).status_code == 410
        assert choose(client, dispatch).status_code == 410
        again = invite(world.regency_pic.person, SYSTEM)
        assert choose(client, again).status_code == 302


def test_an_administrator_cannot_take_over_rights_that_the_server_grants(world, client, signed_in_as):
    """A new address and a link to it would make a monitor of whoever keeps the directory."""
    somebody, administrator = world.monitor.person, signed_in_as(world.administrator)
    directory.change_person(somebody, {"email": "lain@kantor.example"}, by_person(world.administrator.person_id))
    administrator.post(f"/directory/KSN-DUMAS/people/{somebody.id}/invite")
    assert "hub user invite" in administrator.get("/directory/KSN-DUMAS").text
    db.session.rollback()
    assert mails.of(f"person:{somebody.id}") == []
    dispatch = invite(somebody, SYSTEM)
    db.session.commit()
    assert choose(client, dispatch).status_code == 302
    with freeze_time(clock.now() + timedelta(hours=1)):  # the address has shown whose it is
        assert invite(somebody, by_person(world.administrator.person_id)).to_address == "lain@kantor.example"


def test_who_holds_no_office_any_more_does_not_get_in(invited, newcomer, client):
    with freeze_time(clock.now() + timedelta(days=3)):
        directory.end_term(newcomer.appointments[0], clock.today("WIB") - timedelta(days=1), SYSTEM)
        assert choose(client, invited).status_code == 410


@pytest.mark.parametrize("token", ["1-x", "999999-abc", "nothing"])
def test_an_invented_link_is_unknown(client, token):
    assert client.get(f"/i/{token}").status_code == 404
    assert client.post(f"/i/{token}", data={"new": SECRET, "again": SECRET}).status_code == 404


def test_the_link_of_a_letter_opens_no_invitation_and_the_other_way_round(story, invited, client):
    forwarding = story.sent()
    [letter] = mails.of(forwarding.stream)
    token, other = (link_address(one).rpartition("/")[2] for one in (letter, invited))
    assert client.get(f"/i/{token}").status_code == 404
    assert client.get(f"/a/{other}").status_code == 404
    assert client.post(f"/a/{other}", data={"name": "Wulan", "office": "Inspektur"}).status_code == 404


@pytest.mark.parametrize(("password", "again"), [("pendek", "pendek"), (SECRET, "lain sekali"), ("a" * 20, "a" * 20)])
def test_a_poor_or_mistyped_password_is_refused_and_the_link_stays(invited, client, password, again):
    refused = choose(client, invited, password, again)
    assert refused.status_code == 422
    assert "ketik lagi kata sandinya" in refused.text
    assert client.get(path_of(invited)).status_code == 200


def test_the_session_begun_is_a_new_one(invited, client, signed_in_as, world):
    """Also for somebody who was signed in as another: an administrator trying the link, for example."""
    browser = signed_in_as(world.administrator)
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"
    choose(browser, invited)
    with browser.session_transaction() as session:
        assert "planted" not in session
    assert "Wulan Prameswari" in browser.get("/account/password").text
    assert browser.get("/network/start").status_code == 403


def test_inviting_somebody_with_an_account_replaces_the_password_and_ends_other_sessions(world, client, signed_in_as):
    elsewhere = signed_in_as(world.regency_pic)
    person = world.regency_pic.person
    dispatch = invite(person, by_person(world.administrator.person_id))
    db.session.commit()
    assert "kata sandi baru" in dispatch.paragraphs
    assert elsewhere.get("/account/password").status_code == 200  # until it is used, nothing changes
    assert authenticate(person.email, PASSWORD) is not None
    choose(client, dispatch)
    assert elsewhere.get("/account/password").status_code == 302
    db.session.rollback()
    assert authenticate(person.email, PASSWORD) is None
    assert authenticate(person.email, SECRET) is not None


def test_only_people_with_an_office_are_invited(world):
    stranger = directory.add_person(world.unstaffed, "Seno Baskara", "", "seno@kantor.example", "", SYSTEM)
    with pytest.raises(directory.Refused, match="Seno Baskara"):
        invite(stranger, SYSTEM)
    directory.appoint(
        stranger, world.unstaffed, Network.OMBUDSMAN, AppointmentRole.DEPUTY, "1", date(2020, 1, 1), date(2020, 12, 31),
        SYSTEM,
    )  # fmt: skip
    with pytest.raises(directory.Refused):
        invite(stranger, SYSTEM)
    directory.appoint(
        stranger, world.unstaffed, Network.OMBUDSMAN, AppointmentRole.DEPUTY, "2", date(2090, 1, 1), None, SYSTEM
    )
    db.session.refresh(stranger)
    assert "wakil PIC" in invite(stranger, SYSTEM).paragraphs


def test_staff_with_granted_roles_are_invited_as_what_they_are(world):
    dispatch = invite(world.monitor.person, SYSTEM, ["Dua penerusan menunggu Anda."])
    assert "terdaftar sebagai pemantau pada Kementerian Sekretariat Negara" in dispatch.paragraphs
    assert "\n\nDua penerusan menunggu Anda.\n\n" in dispatch.paragraphs


def test_the_administrator_invites_with_one_button(newcomer, world, signed_in_as):
    administrator = signed_in_as(world.administrator)
    answer = administrator.post(f"/directory/35.14/people/{newcomer.id}/invite")
    assert (answer.status_code, answer.location) == (302, "/directory/35.14")
    assert "wulan@kantor.example" in administrator.get("/directory/35.14").text
    db.session.rollback()
    [dispatch] = mails.of(f"person:{newcomer.id}")
    assert dispatch.purpose is EmailPurpose.INVITATION
    kinds = [event.kind for event in audit.of_stream("institution:35.14")]
    assert "person_invited" in kinds


def test_nobody_is_invited_through_another_office_or_without_the_right(newcomer, world, signed_in_as):
    administrator, monitor = signed_in_as(world.administrator), signed_in_as(world.monitor)
    assert administrator.post(f"/directory/35.13/people/{newcomer.id}/invite").status_code == 404
    assert administrator.post("/directory/35.14/people/999999/invite").status_code == 404
    assert monitor.post(f"/directory/35.14/people/{newcomer.id}/invite").status_code == 403
    db.session.rollback()
    assert mails.of(f"person:{newcomer.id}") == []


def test_who_cannot_be_invited_is_told_why(world, signed_in_as):
    stranger = directory.add_person(world.unstaffed, "Seno Baskara", "", "seno@kantor.example", "", SYSTEM)
    administrator = signed_in_as(world.administrator)
    administrator.post(f"/directory/35.14/people/{stranger.id}/invite")
    assert 'role="alert"' in administrator.get("/directory/35.14").text


def test_accepting_is_recorded_with_who_it_was(invited, newcomer):
    account = accept(invited, SECRET)
    kinds = [event.kind for event in audit.of_stream("institution:35.14")]
    assert kinds[-3:] == ["person_invited", "address_confirmed", "invitation_accepted"]
    assert [event.kind for event in audit.of_stream(account.stream)] == ["account_created", "signed_in"]
