"""500 open letters change hands in one transaction."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert

from hub.database import Base
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.mail.models import EmailDispatch
from hub.upkeep import moving
from tests.story import Story
from tests.upkeep.office import LEAVING, NEWCOMER, Office, mails_to

MANY = 500


@pytest.fixture
def many(story: Story) -> None:
    """MANY letters on their way to the one who leaves; a third of them confirmed. All like the first, row by row."""
    first = story.sent()
    (mail,) = db.session.query(EmailDispatch).filter_by(about=first.stream)
    copies = range(1, MANY)
    letters = _copied(
        first.letter, copies, lambda n: {"running": 1000 + n, "number": f"B-{n}/KSN", "verification_code": f"COPY{n}"}
    )
    forwardings = _copied(
        first,
        copies,
        lambda n: {"letter_id": letters[n - 1], "stage": Stage.ACKNOWLEDGED if n % 3 == 0 else Stage.SENT},
    )
    for running in [one for one in first.deadlines if one.ended_at is None]:
        _copied(running, copies, lambda n: {"forwarding_id": forwardings[n - 1]})
    _copied(
        mail,
        copies,
        lambda n: {
            "letter_id": letters[n - 1],
            "about": f"forwarding:{forwardings[n - 1]}",
            "message_id": f"<{n}@copies.example>",
        },
    )
    db.session.commit()


def _copied(row: Base, copies: range, changes: Callable[[int], dict[str, Any]]) -> list[int]:
    """Ids of new rows like `row`, in order."""
    table = type(row)
    alike = {one.key: getattr(row, one.key) for one in table.__mapper__.column_attrs if one.key != "id"}
    rows = [alike | changes(n) for n in copies]
    return list(db.session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))  # type: ignore[attr-defined]


def test_five_hundred_letters_are_one_transaction(many: None, office: Office) -> None:
    commits: list[object] = []
    event.listen(db.engine, "commit", lambda one: commits.append(one))  # noqa: PLW0108  (it looks at the signature)
    handed = office.hand_over()
    assert handed.moved is not None
    assert (len(handed.moved.letters), handed.moved.links, len(commits)) == (MANY, MANY, 1)
    unconfirmed = sum(one.stage is Stage.SENT for one in handed.moved.letters)
    assert handed.moved.mails == unconfirmed
    assert len(mails_to(NEWCOMER)) == unconfirmed + 1
    (told,) = mails_to(office.world.ksn.email)
    assert f"dan {MANY - 20} lainnya" in told.paragraphs
    open_links = db.session.query(EmailDispatch).filter_by(to_address=LEAVING, link_revoked_at=None)
    assert open_links.count() == 0


def test_when_the_last_one_fails_nothing_has_changed(
    many: None, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, last = moving.advance, db.session.query(db.func.max(Forwarding.id)).scalar()

    def fails_at_the_last(forwarding: Forwarding, *rest: Any) -> bool:
        if forwarding.id == last:
            raise RuntimeError("the machine stops here")
        return real(forwarding, *rest)

    monkeypatch.setattr(moving, "advance", fails_at_the_last)
    with pytest.raises(RuntimeError):
        office.hand_over()
    db.session.rollback()
    present = office.present()
    assert present is not None
    assert (present.person.email, present.valid_until) == (LEAVING, None)
    assert db.session.query(EmailDispatch).filter_by(to_address=LEAVING, link_revoked_at=None).count() == MANY
    assert mails_to(NEWCOMER) == []
