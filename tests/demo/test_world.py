"""The demonstration's world: told on one day, looked at on that day, the same on both databases."""

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.accounts.models import Account
from hub.audit.models import Event
from hub.audit.queries import broken_links
from hub.complaints.models import Complaint
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import MessageKind
from hub.demo import complaints, world
from hub.demo.gate import DemoOff
from hub.demo.people import ACCOUNTS, PASSWORD
from hub.desk.queries import work_list
from hub.directory.models import Institution, Person
from hub.directory.queries import regions
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import OPEN_STAGES, Happening, Stage, fold
from hub.letters.models import IncomingLetter, Letter, LetterKind
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import PostState
from hub.responses.models import AnnouncedReply, Response
from hub.responses.rules import AnswerOutcome
from hub.silence.queries import cases
from hub.silence.rules import Grade
from tests.demo.conftest import VIEWED, demonstration, tell

pytestmark = pytest.mark.xdist_group("demo")  # the world is told once, not once for each process


def test_all_420_complaints_come_from_all_38_provinces(viewed) -> None:
    assert db.session.scalar(select(func.count()).select_from(Complaint)) == 420
    codes = set(db.session.scalars(select(Complaint.region_code)))
    assert len({code[:2] for code in codes}) == 38
    assert len(codes) > 120


def test_the_words_of_a_complaint_fit_its_place(viewed) -> None:
    away = db.session.scalars(select(Complaint).where(Complaint.region_code != "35.13"))
    home = {"Tongas", "Kraksaan", "Krucil", "Paiton", "Dringu", "Besuk", "Tiris"}
    for complaint in away:
        assert not home & set(re.findall(r"\w+", complaint.subject + complaint.body))
        assert complaint.channel != "Lapor Kand4"


def test_every_stage_and_every_grade_is_there_in_believable_numbers(viewed) -> None:
    stages = dict(db.session.execute(select(Forwarding.stage, func.count()).group_by(Forwarding.stage)).all())
    assert set(stages) == {*OPEN_STAGES, Stage.CLOSED, Stage.WITHDRAWN, Stage.LAPSED}
    assert stages[Stage.CLOSED] > 230
    found = cases()
    grades = Counter(case.verdict.grade for case in found)
    assert set(Grade) <= set(grades)
    assert 100 <= len(found) <= 160
    assert 5 <= sum(case.is_silent for case in found) <= 20


def test_a_few_complaints_are_not_forwarded_yet(viewed) -> None:
    forwarded = select(Forwarding.id).where(Forwarding.complaint_id == Complaint.id).exists()
    assert 5 <= (db.session.scalar(select(func.count()).select_from(Complaint).where(~forwarded)) or 0) <= 30


def test_envelopes_are_in_every_state_they_can_wait_in(viewed) -> None:
    states = set(db.session.scalars(select(PostDispatch.state)))
    assert set(PostState) - {PostState.POSTED, PostState.CANCELLED} <= states


def test_only_the_letters_of_the_last_afternoon_still_wait_for_the_mail_server(viewed) -> None:
    queued = db.session.scalars(select(EmailDispatch).where(EmailDispatch.state == EmailState.QUEUED)).all()
    assert {EmailPurpose.LETTER, EmailPurpose.COPY} <= {one.purpose for one in queued}
    assert 5 <= len(queued) <= 60  # chance has about thirty letters signed by then, each with one copy at most
    assert len({clock.local(one.queued_at, "WIB").date() for one in queued}) == 1


def test_letters_on_paper_are_in_the_agenda_of_asdep(viewed) -> None:
    letters = db.session.scalars(select(IncomingLetter).order_by(IncomingLetter.running)).all()
    assert [one.running for one in letters] == [1, 2, 3, 4, 5]
    assert [bool(one.about) for one in letters] == [True, True, True, False, False]


def test_every_answer_has_its_receipt_and_each_way_of_answering_is_there(viewed) -> None:
    answers = db.session.scalar(select(func.count(Response.id)))
    assert db.session.scalar(select(func.count()).where(Letter.kind == LetterKind.RECEIPT)) == answers
    announced = db.session.scalars(select(AnnouncedReply)).all()
    assert [one.is_awaited for one in announced] == [True, True]
    declined = Response.outcome == AnswerOutcome.NOT_COMPETENT
    assert db.session.scalar(select(func.count()).where(declined, Response.review.is_(None))) == 1
    assert db.session.scalar(select(func.count()).where(Forwarding.parent_id.is_not(None))) == 2
    kinds = set(db.session.scalars(select(ThreadMessage.kind)))
    assert kinds == {MessageKind.QUESTION, MessageKind.EXTENSION}


def test_the_record_holds_and_its_fold_gives_every_stage(viewed) -> None:
    assert list(broken_links()) == []
    events = db.session.execute(
        select(Event.stream, Event.kind).where(Event.stream.startswith("forwarding:")).order_by(Event.stream, Event.seq)
    )
    told: dict[str, list[Happening]] = {}
    for stream, kind in events:
        told.setdefault(stream, []).append(Happening(kind))
    for forwarding in db.session.scalars(select(Forwarding)):
        assert fold(told[forwarding.stream]) is forwarding.stage


def test_it_is_told_in_order_and_nothing_lies_ahead(viewed) -> None:
    moments = list(db.session.scalars(select(Event.recorded_at).order_by(Event.id)))
    story = moments[2:]  # directory and calendar were filled before
    assert len(story) > 300
    assert story == sorted(story)
    assert story[-1] < VIEWED


def test_letters_are_numbered_in_the_order_of_their_signatures(viewed) -> None:
    asdep = Letter.institution.has(code="KSN-DUMAS")
    signed = select(Letter.running).where(asdep, Letter.year == VIEWED.year).order_by(Letter.signed_at)
    numbers = list(db.session.scalars(signed))
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_address_leads_to_anybody(viewed) -> None:
    addresses = [
        *db.session.scalars(select(Person.email)),
        *db.session.scalars(select(Institution.email).where(Institution.email != "")),
        *db.session.scalars(select(EmailDispatch.to_address)),
    ]
    assert len(addresses) > 1000
    assert [one for one in addresses if not one.endswith(".example")] == []


@pytest.mark.parametrize("one", ACCOUNTS, ids=lambda one: one.email)
def test_everybody_who_can_sign_in_finds_work_waiting(viewed, one) -> None:
    account = db.session.scalars(select(Account).join(Account.person).where(Person.email == one.email)).unique().one()
    desk = work_list(account)
    if one.roles and "administrator" in one.roles:
        assert desk.errands == []
    else:
        assert len(desk.errands) >= (1 if account.person.institution.code == "35" and "signatory" in one.roles else 3)


def test_the_printed_password_opens_an_account(viewed) -> None:
    response = viewed.test_client().post("/sign-in", data={"email": ACCOUNTS[0].email, "password": PASSWORD})
    assert response.status_code == 302


def test_the_same_day_tells_the_same_story_on_both_databases(told, postgresql, tmp_path) -> None:
    other = demonstration(postgresql.empty(), tmp_path)
    tell(other)
    assert _story(told) == _story(other)
    with other.app_context():
        assert list(broken_links()) == []
        db.session.remove()
        db.engine.dispose()


def _story(app):
    columns = (Event.stream, Event.kind, Event.occurred_at, Event.actor_kind, Event.actor_id, Event.details)
    wanted = select(*columns).where(Event.kind != "signed_in").order_by(Event.stream, Event.seq)
    with app.app_context():
        rows = [tuple(row) for row in db.session.execute(wanted)]
        db.session.remove()
    # a reply is sent to an address, and names a Message-ID, that chance makes anew in each database: other bytes
    return [(*row, {name: value for name, value in details.items() if name != "sha256"}) for *row, details in rows]


def test_a_real_hub_is_never_filled_with_stories(app) -> None:
    with pytest.raises(DemoOff):
        world.fill()
    assert db.session.scalar(select(func.count()).select_from(Complaint)) == 0


def test_the_sample_files_can_still_be_imported(viewed) -> None:
    numbers = set(db.session.scalars(select(Complaint.tracking_id)))
    samples = complaints.samples(regions(), clock.today("WIB"))
    assert not numbers & {one.tracking_id for one in samples}
