"""While mail does not leave, those who send it are told; everything else works."""

from datetime import timedelta

from hub import clock
from hub.extensions import db
from hub.mail import sender
from hub.mail.inbox.models import Mailbox


def test_without_a_mail_server_pages_work_and_senders_are_told(story, world, signed_in_as):
    story.signed(by_post=False)
    letters_wait_for_their_pdf = sender.send_due()
    assert letters_wait_for_their_pdf.postponed == 0
    _break_mail()
    page = signed_in_as(world.registrar).get("/")
    assert page.status_code == 200
    assert "1 email" in page.text
    assert "Connection refused" not in page.text


def test_administrators_read_what_the_server_said(story, world, signed_in_as):
    story.signed(by_post=False)
    _break_mail()
    assert "Connection refused" in signed_in_as(world.administrator).get("/directory").text


def test_recipients_are_not_bothered(story, world, signed_in_as):
    story.signed(by_post=False)
    _break_mail()
    assert "1 email" not in signed_in_as(world.regency_pic).get("/").text


def test_a_healthy_hub_says_nothing(story, world, signed_in_as, work, smtp):
    story.signed(by_post=False)
    work()
    assert "notice hue-attention" not in signed_in_as(world.registrar).get("/").text


def test_a_mailbox_that_cannot_be_read_is_told_after_ten_minutes(world, signed_in_as):
    lately, long_ago = (clock.now() - timedelta(minutes=minutes) for minutes in (5, 20))
    box = Mailbox(name="hub@imap.example/INBOX", error="the server refused the password", visited_at=lately)
    db.session.add(box)
    browser = signed_in_as(world.registrar)
    assert "refused the password" not in browser.get("/").text
    box.visited_at = long_ago
    assert "refused the password" in browser.get("/").text


def _break_mail():
    """Nothing listens on the mail port; the letter's PDF is there."""
    from hub.letters.rendering import render_pending

    render_pending()
    assert sender.send_due().postponed == 1
    db.session.commit()
