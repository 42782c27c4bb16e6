"""The message as it goes over the line: whatever was written arrives as it was written."""

from email import message_from_bytes, policy

import pytest
from flask import Flask
from flask_mail import Attachment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.mail.message import HubMessage, Mailbox

WRITTEN = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\x00")) | st.sampled_from(
    [".\n..\n", "-- \n", "x" * 2000, "=_=3D=\n=", "From a\nFrom b", " \t \n\t", "é" * 400]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=WRITTEN, page=WRITTEN, content=st.binary(max_size=300))
def test_texts_and_attachment_arrive_as_they_were_written(app: Flask, text: str, page: str, content: bytes) -> None:
    message = HubMessage(
        Mailbox("Kantor A", "a@hub.example"),
        Mailbox("Rina", "rina@kantor.example"),
        "a+r-1-x@hub.example",
        subject="Surat",
        body=text,
        html=page,
        attachments=[Attachment("surat.pdf", "application/pdf", content)],
    )
    raw = message.as_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    arrived = message_from_bytes(raw, policy=policy.default)
    told = [arrived.get_body((kind,)).get_payload(decode=True).decode() for kind in ("plain", "html")]
    assert [one.replace("\r\n", "\n") for one in told] == [text, page]
    assert [one.get_content() for one in arrived.iter_attachments()] == [content]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_a_letter_there_are_only_the_two_texts(app: Flask) -> None:
    plain = HubMessage(Mailbox("", "a@b.example"), Mailbox("", "c@d.example"), "a@b.example", body="x", html="<p>x</p>")
    assert message_from_bytes(plain.as_bytes()).get_content_type() == "multipart/alternative"
