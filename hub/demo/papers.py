"""Letters on paper that come in during the demonstration: answers, a slip, and one that has nothing to do with it."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Select, select

from hub import clock
from hub.accounts.rules import Role
from hub.demo import words
from hub.demo.plot import ASDEP
from hub.demo.story import Story
from hub.directory.models import Institution, Person
from hub.exchange.agenda import service as agenda
from hub.extensions import db
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, Stage
from hub.letters import incoming
from hub.letters.incoming import Received
from hub.letters.models import IncomingLetter
from hub.letters.rules import Instruction, Urgency, number
from hub.responses.models import Decision

SLIP = "Lembar tanda terima yang sudah ditandatangani"


def come_in(story: Story, from_offices: Collection[int]) -> None:
    """A morning's post at Asdep Dumas. `from_offices`: those whose people nobody signs in as."""
    late = _late(story, from_offices)
    for forwarding, decision in zip(late[:2], (Decision.FINAL, Decision.INTERIM), strict=True):
        letter = _answer(story, forwarding.recipient, f"Tindak lanjut surat Nomor {forwarding.letter.number}")
        signed_by = f"{next(story.people.names)}, Inspektur"
        agenda.file(letter, [forwarding], decision, signed_by, _registrar(story))
        asked = [Instruction.ADVISE, Instruction.PROCEED]
        incoming.dispose(letter, "Tim Telaah I", asked, words.DISPOSED, story.staff(ASDEP, Role.SIGNATORY))
    if slip := _delivered(story, from_offices):
        letter = _registered(story, Received(_today(), slip.recipient.name, SLIP, sender=slip.recipient))
        agenda.file(letter, [slip], Decision.RECEIPT, story.random.choice(words.RECEIVERS), _registrar(story))
    name, subject = words.INVITATION
    _registered(story, Received(_today(), name, subject, "005/218/Bag.Um", urgency=Urgency.URGENT))
    _answer(story, late[2].recipient, "Laporan hasil pemeriksaan khusus")
    story.soon(story.mail_leaves)


def _answer(story: Story, office: Institution, subject: str) -> IncomingLetter:
    dated = _today() - timedelta(days=story.random.randint(3, 6))
    told = number(office.number_template, story.random.randint(40, 900), dated)
    return _registered(story, Received(_today(), office.name, subject, told, dated, sender=office))


def _registered(story: Story, told: Received) -> IncomingLetter:
    return incoming.register(story.offices[ASDEP], told, _registrar(story))


def _late(story: Story, offices: Collection[int]) -> list[Forwarding]:
    """Those whose answer is due for longest."""
    waiting = _of_asdep(story, offices, Stage.ACKNOWLEDGED).join(Forwarding.deadlines)
    due = waiting.where(Deadline.ended_at.is_(None), Deadline.clock.in_(RESPONSE_CLOCKS))
    return list(db.session.scalars(due.order_by(Deadline.due_on, Forwarding.id).limit(3)))


def _delivered(story: Story, offices: Collection[int]) -> Forwarding | None:
    """One that the post has delivered and nobody has confirmed."""
    return db.session.scalar(_of_asdep(story, offices, Stage.RECEIVED).order_by(Forwarding.id).limit(1))


def _of_asdep(story: Story, offices: Collection[int], stage: Stage) -> Select[Forwarding]:
    mine = Forwarding.sender_id == story.offices[ASDEP].id
    return select(Forwarding).where(mine, Forwarding.stage == stage, Forwarding.recipient_id.in_(offices))


def _registrar(story: Story) -> Person:
    return story.staff(ASDEP, Role.REGISTRAR)


def _today() -> date:
    return clock.today("WIB")
