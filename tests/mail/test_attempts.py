"""What was tried, what servers said each time, and what reports said later: nothing of it is lost."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from hub import clock
from hub.audit import queries as audit
from hub.audit.rules import ActorKind
from hub.extensions import db
from hub.mail import queries, sender, service
from hub.mail.models import AttemptOutcome, EmailState

WORDS = "550 5.1.1 no such user"


def told(dispatch):
    """AttemptOutcome and words of each attempt."""
    return [(one.outcome, one.words) for one in queries.tried(dispatch.about)[dispatch]]


def kinds(dispatch):
    return [event.kind for event in audit.of_stream(f"email:{dispatch.id}")]


def test_every_word_of_the_server_is_kept(queue, smtp):
    smtp.script("RCPT", "451 4.2.2 mailbox full", "452 4.3.1 disk full")
    dispatch = queue()
    for later in (0, 1, 5):
        with freeze_time(clock.now() + timedelta(minutes=later)):
            sender.send_due()
    assert told(dispatch) == [
        (AttemptOutcome.POSTPONED, "451 4.2.2 mailbox full"),
        (AttemptOutcome.POSTPONED, "452 4.3.1 disk full"),
        (AttemptOutcome.TAKEN, "250 OK"),
    ]
    assert (dispatch.attempts, dispatch.server_reply) == (3, "250 OK")


@pytest.mark.parametrize(
    ("command", "reply", "outcome"),
    [
        ("RCPT", WORDS, AttemptOutcome.REFUSED),
        ("DATA", "554 5.7.1 looks like spam", AttemptOutcome.REFUSED),
        ("DATA", "451 4.3.0 try later", AttemptOutcome.POSTPONED),
        ("MAIL", "550 sender not allowed", AttemptOutcome.OUR_FAULT),
    ],
)
def test_whose_fault_it_was_is_told(queue, smtp, command, reply, outcome):
    smtp.script(command, reply)
    dispatch = queue()
    sender.send_due()
    assert told(dispatch) == [(outcome, reply)]


def test_a_server_out_of_reach_is_told_apart(queue):
    dispatch = queue()
    sender.send_due()
    assert told(dispatch) == [(AttemptOutcome.UNREACHABLE, dispatch.server_reply)]


def test_a_server_that_does_not_let_us_in_is_our_fault_and_ends_the_run(queue, smtp, app, monkeypatch):
    monkeypatch.setattr(app.extensions["mail"], "username", "penghubung")
    monkeypatch.setattr(app.extensions["mail"], "password", "rahasia")
    first, second = queue(), queue()
    report = sender.send_due()
    assert told(first) == [(AttemptOutcome.OUR_FAULT, first.server_reply)]
    assert (told(second), report.error) == ([], first.server_reply)


def test_a_message_that_cannot_be_made_says_why(queue, smtp, monkeypatch):
    monkeypatch.setattr(sender, "compose", lambda *_: 1 / 0)
    dispatch = queue()
    assert sender.send_due().postponed == 1
    assert told(dispatch) == [(AttemptOutcome.NOT_MADE, "ZeroDivisionError: division by zero")]


def test_giving_up_is_said_in_words_and_the_last_answer_stays_as_it_was(queue, smtp):
    smtp.script("RCPT", "451 4.2.2 mailbox full")
    dispatch = queue()
    dispatch.queued_at = clock.now() - timedelta(days=3)
    db.session.commit()
    sender.send_due()
    assert dispatch.state is EmailState.FAILED
    assert told(dispatch) == [(AttemptOutcome.POSTPONED, "451 4.2.2 mailbox full"), (AttemptOutcome.GIVEN_UP, "")]
    assert dispatch.server_reply == "451 4.2.2 mailbox full"


def test_attempts_of_many_messages_cost_one_query(queue, smtp, count_queries):
    first, second, third = queue(), queue(), queue()
    sender.send_due()
    later = queue()
    wanted = [first, second, third, later]
    for one in wanted:
        db.session.refresh(one)
    with count_queries() as statements:
        found = queries.tried(first.about)
    counts = {one: len(attempts) for one, attempts in found.items()}
    assert counts == {first: 1, second: 1, third: 1, later: 0}
    assert len(statements) == 1


@pytest.mark.parametrize("is_permanent", [True, False])
def test_a_report_ends_a_message_that_was_handed_over(queue, smtp, is_permanent):
    dispatch = queue()
    sender.send_due()
    at = clock.now() + timedelta(hours=1)
    service.bounce(dispatch, WORDS, is_permanent, at)
    db.session.commit()
    assert (dispatch.state, dispatch.server_reply, dispatch.ended_at) == (EmailState.BOUNCED, WORDS, at)
    assert dispatch.bounce_is_permanent is is_permanent
    assert told(dispatch)[-1] == (AttemptOutcome.BOUNCED, WORDS)
    event = audit.of_stream(f"email:{dispatch.id}")[-1]
    assert (event.kind, event.occurred_at, event.actor_kind) == ("bounced", at, ActorKind.MAIL)


def test_a_report_quicker_than_the_record_of_the_hand_over_is_believed(queue, smtp):
    """A worker killed after the hand-over: the message is out, the row says queued, the report is here."""
    dispatch = queue()
    service.bounce(dispatch, WORDS, True, clock.now())
    db.session.commit()
    assert dispatch.state is EmailState.BOUNCED
    assert sender.send_due().handed_over == 0


def test_a_hand_over_recorded_after_the_report_does_not_undo_it(queue):
    dispatch = queue()
    service.bounce(dispatch, WORDS, True, clock.now())
    service.hand_over(dispatch, "250 OK")
    assert (dispatch.state, dispatch.server_reply) == (EmailState.BOUNCED, WORDS)
    assert dispatch.handed_over_at is not None


@pytest.mark.parametrize("state", [EmailState.FAILED, EmailState.BOUNCED, EmailState.CANCELLED])
def test_a_report_about_a_message_that_ended_otherwise_is_only_noted(queue, state):
    dispatch = queue()
    dispatch.state, dispatch.server_reply, dispatch.noticed_at = state, "earlier words", clock.now()
    noticed_at = dispatch.noticed_at
    service.bounce(dispatch, WORDS, True, clock.now())
    db.session.commit()
    assert (dispatch.state, dispatch.server_reply, dispatch.noticed_at) == (state, "earlier words", noticed_at)
    assert not dispatch.bounce_is_permanent
    assert told(dispatch) == [(AttemptOutcome.BOUNCED, WORDS)]
    assert kinds(dispatch) == ["queued"]


def test_a_report_of_delay_is_noted_and_changes_nothing(queue, smtp):
    dispatch = queue()
    sender.send_due()
    service.delay(dispatch, "still trying", clock.now())
    db.session.commit()
    assert dispatch.state is EmailState.HANDED_OVER
    assert told(dispatch) == [(AttemptOutcome.TAKEN, "250 OK"), (AttemptOutcome.DELAYED, "still trying")]
    assert kinds(dispatch) == ["queued", "handed_over"]
