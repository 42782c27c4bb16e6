"""Mails that show what there is, each with what it should be taken for. They may not become wrong again."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.mail.reading.classify import read

MAILS = sorted(Path(__file__).with_name("corpus").glob("*.eml"))


def reading(content: bytes) -> dict[str, Any]:
    found = read(content)
    return {
        "kind": found.kind,
        "permanence": found.bounce.permanence if found.bounce else None,
        "recipients": set(found.bounce.recipients) if found.bounce else set(),
        "status": (found.bounce.status or None) if found.bounce else None,
        "reply_text": found.reply_text,
        "away_until": found.away_until.isoformat() if found.away_until else None,
    }


def lines_ending_in(end: bytes, content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", end)


def test_there_are_mails_of_every_kind_that_is_read():
    told = {json.loads(mail.with_suffix(".json").read_text())["kind"] for mail in MAILS}
    assert told == {"human", "bounce", "auto_reply", "feedback", "receipt", "junk"}


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_a_mail_is_read_as_people_read_it_whatever_ends_its_lines(mail):
    right = json.loads(mail.with_suffix(".json").read_text())
    right["recipients"] = set(right["recipients"])
    for end in (b"\n", b"\r\n", b"\r"):
        found = reading(lines_ending_in(end, mail.read_bytes()))
        assert {name: found[name] for name in right} == right
