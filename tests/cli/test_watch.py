"""`hub watch` tells what it did, or would do."""

import json
from datetime import date

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.cli.watch import watch
from hub.extensions import db
from hub.forwardings import tracks, voices
from hub.forwardings.rules import ResponseClass
from hub.mail.models import EmailDispatch, EmailState
from hub.post import queries as envelopes
from hub.post import service as post
from hub.responses import announcements
from hub.responses.announcements import Told
from hub.responses.models import ResponseKind
from hub.responses.rules import ReplyWay
from hub.silence.models import LadderStep
from tests.story import Story


@pytest.fixture
def late(story: Story) -> int:
    with freeze_time("2026-03-13T02:00:00Z"):
        return story.sent().id


def run(app: Flask, *options: str) -> tuple[int, dict[str, object]]:
    db.session.commit()
    result = app.test_cli_runner().invoke(watch, [*options, "--json"])
    return result.exit_code, json.loads(result.stdout)


def steps() -> int:
    return db.session.scalar(select(func.count(LadderStep.id))) or 0


def test_a_look_at_another_day_changes_nothing(app: Flask, late: int) -> None:
    code, told = run(app, "--at", "2026-03-26")
    assert code == 0
    assert told["dry_run"] is True
    assert told["grades"] == {"receipt_unproven": 1}
    assert [one["forwarding"] for one in told["reminded"]] == [late]  # type: ignore[attr-defined, index]
    assert steps() == 0


def test_what_people_read_names_grades_as_the_pages_do(app: Flask, late: int) -> None:
    db.session.commit()
    told = app.test_cli_runner().invoke(watch, ["--at", "2026-03-26"]).stdout
    assert "  Belum ada bukti terima: 1\n" in told
    assert "receipt_unproven" not in told


@freeze_time("2026-03-26T03:00:00Z")
def test_a_sweep_reminds_once(app: Flask, late: int) -> None:
    _, first = run(app)
    _, second = run(app)
    assert [one["step"] for one in first["reminded"]] == [1]  # type: ignore[attr-defined, index]
    assert second["reminded"] == []
    assert steps() == 1


def test_a_look_tells_whose_turn_it_is_why_and_what_comes_next(app: Flask, late: int) -> None:
    _, told = run(app, "--at", "2026-03-26")
    [case] = told["cases"]  # type: ignore[misc]
    expected = {
        "forwarding": late,
        "code": "35.13",
        "stage": "sent",
        "turn": "sender",
        "grade": "receipt_unproven",
        "since": "2026-03-26",
        "clock": "acknowledge",
        "due_on": "2026-03-25",
        "cause": "quiet",
        "taken": {},
        "step": "reminder",
        "step_on": "2026-03-26",
        "remedies": ["call", "by_post", "resend", "remind"],
    }
    assert {name: case[name] for name in expected} == expected
    assert "Jalan berlubang" not in json.dumps(told)


def test_of_a_letter_in_time_the_next_date_is_told(app: Flask, late: int) -> None:
    _, told = run(app, "--at", "2026-03-25")
    [case] = told["cases"]  # type: ignore[misc]
    assert (case["grade"], case["turn"], case["due_on"]) == (None, "recipient", "2026-03-25")
    assert (case["cause"], case["step"], case["remedies"]) == (None, None, [])


@freeze_time("2026-03-26T03:00:00Z")
def test_after_a_step_the_next_one_is_told_with_its_day(app: Flask, late: int) -> None:
    _, told = run(app)
    [case] = told["cases"]  # type: ignore[misc]
    assert case["taken"] == {"reminder": "2026-03-26"}
    assert (case["step"], case["step_on"]) == ("second_reminder", "2026-03-31")


def test_each_grade_is_told_with_its_cause_and_turn(app: Flask, story: Story) -> None:
    with freeze_time("2026-03-13T02:00:00Z"):
        story.signed(by_post=False)
        bounced = story.sent(by_post=False)
        story.sent(recipient=story.world.province)
        slow = {"recipient": story.world.unstaffed, "response_class": ResponseClass.SUPERVISORY}
        [envelope] = envelopes.of(story.signed(by_email=False, **slow).stream)
        post.mark_printed(envelope)
        post.mark_posted(envelope, "RR473124829ID")
        post.mark_delivered(envelope, date(2026, 3, 13), "Satpam")
        tracks.notice_dispatches()
        story.acknowledged()
        story.answered(ResponseKind.INTERIM)
        announced = Told("700/12/2026", date(2026, 3, 13), ReplyWay.POST, date(2026, 3, 13))
        announcements.announce(story.acknowledged(), announced, voices.signed_in(story.world.regency_pic.person))
        story.answered()
        for one in db.session.query(EmailDispatch).filter_by(about=bounced.stream):
            one.state = EmailState.BOUNCED
    _, told = run(app, "--at", "2026-04-13")
    found = [(one["grade"], one["turn"], one["cause"]) for one in told["cases"]]  # type: ignore[attr-defined]
    assert found == [
        ("not_dispatched", "sender", None),
        ("undelivered", "sender", "quiet"),
        ("receipt_unproven", "sender", "quiet"),
        ("unacknowledged", "recipient", "no_pic"),
        ("unanswered", "recipient", "quiet"),
        ("interim_only", "recipient", "quiet"),
        ("reply_missing", "sender", None),
        ("review_due", "sender", None),
    ]


def test_a_letter_that_could_not_be_seen_to_is_told_by_the_exit_code(app: Flask, story: Story, late: int) -> None:
    story.world.regency_pic.person.email = "bukan alamat"
    record(f"forwarding:{late}", "nobody_knows_this", SYSTEM)
    db.session.commit()
    with freeze_time("2026-03-26T03:00:00Z"):
        result = app.test_cli_runner().invoke(watch, [])
    assert result.exit_code == 1
    assert f"1 penerusan gagal diurus: {late}." in result.stdout


def test_a_mangled_date_is_misuse(app: Flask) -> None:
    result = app.test_cli_runner().invoke(watch, ["--at", "besok"])
    assert result.exit_code == 2
    assert "besok" in result.stderr
