"""Answers that are on their way, a letter that is not theirs, one that is passed on, and words in between."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from hub import clock
from hub.accounts.rules import Role
from hub.coordination import service as coordination
from hub.coordination.rules import MessageKind, Side
from hub.demo.plot import ASDEP
from hub.demo.story import Story
from hub.directory.models import Institution, Network, Person
from hub.extensions import db
from hub.forwardings import deadlines, signing, voices
from hub.forwardings import service as forwardings
from hub.forwardings.chain import service as chain
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Stage
from hub.letters.rules import number
from hub.letters.service import APPROVED
from hub.responses import announcements
from hub.responses import service as responses
from hub.responses.announcements import Told
from hub.responses.rules import ReplyWay
from hub.workdays import queries as workdays
from hub.workdays.rules import add_working_days

PROVINCE, BELOW = "35", ("35.13", "35.07")
_SENT = (25, 1)
"""Days since an announced answer was posted: one should have arrived, the other is on its way."""


def tell_of_posted_answers(story: Story, from_offices: Collection[int]) -> None:
    """Two offices say that they have answered by post. `from_offices`: those whose people nobody signs in as."""
    for days, forwarding in zip(_SENT, _owing(story, from_offices)[:2], strict=False):
        office = forwarding.recipient
        sent_on = clock.today(office.zone) - timedelta(days=days)
        answer = number(office.number_template, story.random.randint(40, 900), sent_on)
        told = Told(answer, sent_on, ReplyWay.POST, sent_on, story.tracking_number())
        announcements.announce(forwarding, told, voices.signed_in(_pic(story, forwarding)))


def decline(story: Story, from_offices: Collection[int]) -> None:
    """One office says that another one is competent; nobody at Asdep Dumas has looked yet."""
    for forwarding in _owing(story, from_offices)[-1:]:
        reason = "Ruas jalan yang diadukan berstatus jalan provinsi, sehingga penanganannya bukan wewenang kabupaten."
        owner = story.offices[forwarding.recipient.code[:2]]
        responses.decline(forwarding, reason, owner, voices.signed_in(_pic(story, forwarding)))
        story.soon(story.mail_leaves)


def pass_on(story: Story) -> None:
    """The province asks two of its regencies; one of them is the office whose PIC signs in."""
    room = workdays.calendar_for(PROVINCE)
    for forwarding in _owing(story, [story.offices[PROVINCE].id]):
        running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
        if running and running.due_on > add_working_days(clock.today("WIB"), 7, room):
            first, _waits_for_the_signature = [_ask(story, forwarding, story.offices[code]) for code in BELOW]
            signing.sign(first.letter, story.staff(PROVINCE, Role.SIGNATORY), APPROVED)
            story.soon(story.mail_leaves)
            return


def talk(story: Story) -> None:
    """A question that waits for the PIC who signs in, and a request for more time that waits for Asdep Dumas."""
    mine = _owing(story, [story.offices[BELOW[0]].id])
    for forwarding in mine[:1]:
        question = "Apakah ruas yang sudah diperbaiki termasuk jembatan di kilometer 3? Mohon disebutkan dalam jawaban."
        author = story.staff(ASDEP, Role.REGISTRAR)
        coordination.write(forwarding, Side.SENDER, MessageKind.QUESTION, question, author)
    for forwarding in mine[-1:]:
        running = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
        if running:
            until = add_working_days(running.due_on, 5, workdays.calendar_for(forwarding.recipient.region_code))
            why = "Pemeriksaan lapangan baru dapat dilakukan minggu depan."
            coordination.ask_for_time(forwarding, until, why, _pic(story, forwarding))
    story.soon(story.mail_leaves)


def _ask(story: Story, forwarding: Forwarding, office: Institution) -> Forwarding:
    request = Request(
        recipient=office,
        purpose=forwarding.purpose,
        response_class=forwarding.response_class,
        by_email=True,
        by_post=False,
        answer_by=chain.proposed_date(forwarding),
    )
    author = _pic(story, forwarding)
    child = chain.pass_on(forwarding, request, author)
    forwardings.submit(child, author)
    return child


def _owing(story: Story, offices: Collection[int]) -> list[Forwarding]:
    """Letters of Asdep Dumas that were confirmed and not answered, the one due first at the head."""
    due = (Deadline.ended_at.is_(None)) & Deadline.clock.in_(RESPONSE_CLOCKS)
    wanted = (
        select(Forwarding)
        .join(Forwarding.deadlines)
        .where(
            due,
            Forwarding.stage == Stage.ACKNOWLEDGED,
            Forwarding.sender_id == story.offices[ASDEP].id,
            Forwarding.recipient_id.in_(offices),
        )
    )
    return list(db.session.scalars(wanted.order_by(Deadline.due_on, Forwarding.id)))


def _pic(story: Story, forwarding: Forwarding) -> Person:
    return story.people.focal_points[forwarding.recipient.code, Network.KEMENSETNEG]
