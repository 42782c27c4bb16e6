"""Queueing: what is fixed before the first attempt, and what is refused."""

from datetime import timedelta

import pytest

from hub import clock
from hub.audit import queries as audit
from hub.extensions import db
from hub.mail import queries, sender, service
from hub.mail.models import EmailState
from hub.webkit.tokens import LinkState


def token_of(dispatch):
    return service.link_address(dispatch).rpartition("/")[2]


def test_the_message_id_is_fixed_and_belongs_to_our_domain(queue):
    first, second = queue(), queue()
    assert first.message_id.startswith("<")
    assert first.message_id.endswith("@hub.example>")
    assert first.message_id != second.message_id


def test_queueing_is_recorded_without_any_address(queue):
    dispatch = queue()
    event = audit.of_stream(f"email:{dispatch.id}")[0]
    assert event.kind == "queued"
    assert event.details == {"about": "forwarding:12", "purpose": "letter"}


def test_a_message_is_lost_together_with_its_cause(queue):
    service.queue(
        about="forwarding:9", purpose="letter", institution_id=None, to_name="", to_address="a@b.example", subject="s",
        paragraphs=["p"], signature="k",
    )  # fmt: skip
    db.session.rollback()
    assert queries.of("forwarding:9") == []


def test_an_unusable_address_is_refused_with_a_sentence(queue):
    with pytest.raises(service.UnusableAddress, match="Bcc: evil@x.example"):
        queue(to_address="rina@kantor.example\nBcc: evil@x.example")


def test_what_was_typed_into_subject_and_name_cannot_become_a_header(queue):
    dispatch = queue(subject="Jalan\r\nBcc: evil@x.example", to_name="Rina\nX: y")
    assert "\n" not in dispatch.subject + dispatch.to_name
    assert "\r" not in dispatch.subject


def test_cancelling_calls_back_only_what_is_still_here(queue, smtp):
    left = queue()
    sender.send_due()
    stays, other = queue(), queue(about="forwarding:13")
    assert service.cancel_queued("forwarding:12") == 1
    db.session.commit()
    assert [left.state, stays.state, other.state] == [EmailState.HANDED_OVER, EmailState.CANCELLED, EmailState.QUEUED]


def test_the_link_opens_the_message_it_was_made_for(queue):
    dispatch = queue()
    assert queries.by_link_token(token_of(dispatch)) is dispatch
    assert dispatch.link_state is LinkState.GOOD


def test_nothing_that_opens_a_link_lies_in_the_database(queue):
    dispatch = queue()
    secret = token_of(dispatch).partition("-")[2]
    columns = [str(getattr(dispatch, column.name)) for column in dispatch.__table__.columns]
    assert not any(secret in value for value in columns)


def test_a_tampered_link_is_unknown_like_one_that_never_was(queue):
    token = token_of(queue())
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (changed, "999999-abc", "abc", "1-", "-x", "1" * 30 + "-x", "ä-ö", ""):
        assert queries.by_link_token(wrong) is None


def test_a_message_without_a_button_has_no_link(queue):
    assert queries.by_link_token(token_of(queue(action=""))) is None


def test_a_link_ends_after_its_life_and_when_revoked(queue):
    expired, revoked = queue(), queue(about="forwarding:13")
    expired.link_expires_at = clock.now() - timedelta(seconds=1)
    service.revoke_links("forwarding:13")
    assert (expired.link_state, revoked.link_state) == (LinkState.EXPIRED, LinkState.REVOKED)


def test_fresh_mail_is_no_cause_for_a_warning(queue):
    queue()
    assert queries.waiting() == queries.Waiting(0, None, "")


def test_mail_that_should_have_left_is_told(queue):
    dispatch = queue()
    dispatch.queued_at = dispatch.next_attempt_at = clock.now() - timedelta(minutes=11)
    waiting = queries.waiting()
    assert (waiting.count, waiting.oldest_queued_at, waiting.last_error) == (1, dispatch.queued_at, "")


def test_an_outage_is_told_at_the_first_failed_attempt(queue):
    queue()
    sender.send_due()
    waiting = queries.waiting()
    assert waiting.count == 1
    assert "refused" in waiting.last_error
