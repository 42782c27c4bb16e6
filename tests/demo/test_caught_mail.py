"""Caught mail of the demonstration, and that none of it exists elsewhere."""

import socket
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from hub import create_app
from hub.config import Settings
from hub.demo import catcher, caught, gate, people
from hub.extensions import db
from hub.mail import sender, service
from tests import conftest


@pytest.fixture
def hub(database, tmp_path, mail_port):
    """The application as a demonstration, with its catcher."""
    with database.fresh() as url:
        values = conftest.settings(url, tmp_path / "files", mail_port).model_dump()
        app = create_app(Settings(**{**values, "demo": True}))
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, DEMO_MAIL_FOLDER=tmp_path / "mail")
        with app.app_context():
            server = catcher.start(mail_port, tmp_path / "mail")
            yield app
            server.stop()
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def browser(hub):
    hub.test_client_class = conftest.Client
    return hub.test_client()


def send(subject="B-1: Jalan berlubang"):
    dispatch = service.queue(
        about="forwarding:1",
        purpose="letter",
        institution_id=None,
        to_name="Rina Maheswari",
        to_address="rina@kantor.example",
        subject=subject,
        paragraphs=["Mohon konfirmasi penerimaan."],
        signature="Asisten Deputi Pengaduan Masyarakat",
        action="Konfirmasi penerimaan",
    )
    db.session.commit()
    assert sender.send_due().handed_over == 1
    return dispatch


def test_a_mail_that_was_sent_can_be_read_and_its_link_followed(browser):
    dispatch = send()
    assert "caught as" in dispatch.server_reply
    listing = browser.get("/demo/mail")
    assert "B-1: Jalan berlubang" in listing.text
    [mail] = caught.newest(catcher_folder(browser))[0]
    page = browser.get(f"/demo/mail/{mail.id}")
    assert "Rina Maheswari" in page.text
    assert f'href="{service.link_address(dispatch)}"' in page.text


def catcher_folder(browser):
    return browser.application.config["DEMO_MAIL_FOLDER"]


def test_newest_first_page_by_page(browser):
    for number in range(3):
        send(f"Surat {number}")
    folder = catcher_folder(browser)
    first, older = caught.newest(folder, size=2)
    rest, end = caught.newest(folder, before=older, size=2)
    assert [mail.subject for mail in first + rest] == ["Surat 2", "Surat 1", "Surat 0"]
    assert end == ""


def test_the_html_part_is_shown_in_a_frame_that_can_do_nothing(hub, browser):
    send()
    [mail] = caught.newest(catcher_folder(browser))[0]
    response = FlaskClient(hub, hub.response_class).get(f"/demo/mail/{mail.id}/page")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_attachments_can_be_fetched(browser, tmp_path):
    message = EmailMessage()
    message["Subject"] = "Lampiran"
    message.set_content("isi")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="B-1.pdf")
    id = catcher.keep(tmp_path / "mail", message.as_bytes())
    response = browser.get(f"/demo/mail/{id}/files/0")
    assert response.data == b"%PDF-1.7"
    assert "attachment" in response.headers["Content-Disposition"]
    assert browser.get(f"/demo/mail/{id}/files/1").status_code == 404


def test_a_mail_with_nothing_in_it_is_still_shown(browser, tmp_path):
    id = catcher.keep(tmp_path / "mail", b"\xff\xfe not a mail at all")
    assert browser.get("/demo/mail").status_code == 200
    assert browser.get(f"/demo/mail/{id}").status_code == 200


@pytest.mark.parametrize("id", ["nothing", "..%2F..%2Fetc%2Fpasswd", "20260101T000000000000-abcdef"])
def test_no_id_leads_out_of_the_folder(browser, id):
    assert browser.get(f"/demo/mail/{id}").status_code == 404


def test_an_empty_catcher_says_what_will_appear(browser):
    assert 'class="empty"' in browser.get("/demo/mail").text


def test_there_is_no_caught_mail_in_a_real_hub(client):
    assert client.get("/demo/mail").status_code == 404


def test_the_catcher_refuses_to_work_in_a_real_hub(app, tmp_path):
    with pytest.raises(gate.DemoOff), socket.socket() as free:
        catcher.start(free.getsockname()[1], tmp_path)


def test_the_page_to_sign_in_shows_the_accounts_of_the_demonstration(browser):
    page = browser.get("/sign-in").text
    assert all(one.email in page for one in people.ACCOUNTS)
    assert people.PASSWORD in page


def test_the_page_to_sign_in_of_a_real_hub_shows_no_account(client):
    page = client.get("/sign-in").text
    assert "demo-accounts" not in page
    assert people.PASSWORD not in page
