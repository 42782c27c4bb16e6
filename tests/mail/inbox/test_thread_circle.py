"""A question and its answer on the wire: out by SMTP, back by IMAP, shown and passed on."""

from email.message import EmailMessage

from sqlalchemy import select

from hub.coordination import service
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import MessageKind, Side
from hub.extensions import db
from hub.responses.models import MailedReply

ASKED, ANSWERED = "Berapa panjang jalan yang rusak?", "Lima ratus meter, dari pasar sampai jembatan."


def reply_to(received, words):
    """What a mail program makes of the button "reply"."""
    asked, mail = received.message, EmailMessage()
    mail["From"], mail["To"] = str(asked["To"]), str(asked["Reply-To"])
    mail["Subject"], mail["In-Reply-To"] = f"Re: {asked['Subject']}", str(asked["Message-ID"])
    mail["Date"] = "Mon, 16 Mar 2026 09:00:00 +0700"
    quoted = "\n".join(f"> {line}" for line in received.text.splitlines())
    mail.set_content(f"{words}\n\nPada Jum, 13 Mar 2026 pukul 09.12 Asdep Dumas menulis:\n{quoted}\n")
    return mail.as_bytes()


def sent_to(smtp, address):
    return [one for one in smtp.received if one.recipients == (address,) and "pertanyaan" in one.text.lower()]


def test_a_question_goes_out_and_its_answers_come_back_into_the_thread(story, world, smtp, box, work, signed_in_as):
    forwarding = story.acknowledged()
    service.write(forwarding, Side.RECIPIENT, MessageKind.QUESTION, ASKED, world.regency_pic.person)
    service.write(forwarding, Side.SENDER, MessageKind.QUESTION, ASKED, world.registrar.person)
    work()
    [to_drafter], [to_pic] = (sent_to(smtp, f"{who}@kantor.example") for who in ("registrar", "regency.pic"))
    for one in (to_drafter, to_pic):
        assert one.text.startswith("Mohon jawab pertanyaan kami")
        assert ASKED in one.text
        assert len(one.text.partition("\n-- \n")[0].split()) < 120
        assert list(one.message.iter_attachments()) == []
        assert "/a/" not in one.text
    assert str(to_drafter.message["From"]).startswith("Inspektorat Kabupaten Probolinggo via Penghubung")
    box.deliver(reply_to(to_drafter, ANSWERED), reply_to(to_pic, "Akan kami ukur."))
    box.visit()
    work()  # read and filed
    work()  # and sent on
    said = db.session.scalars(select(ThreadMessage).order_by(ThreadMessage.id)).all()[-1]
    assert (said.side, said.text) == (Side.SENDER, ANSWERED)
    assert [ANSWERED in one.text for one in smtp.received if one.recipients == ("regency.pic@kantor.example",)][-1]
    waiting = db.session.scalars(select(MailedReply)).one()
    page = signed_in_as(world.registrar).get(f"/forwardings/{forwarding.id}").text
    assert ANSWERED in page
    assert "Akan kami ukur." in page
    assert waiting.is_waiting
