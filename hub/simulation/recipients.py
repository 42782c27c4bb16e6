"""The inspectorates: mail and envelopes reach somebody there, who confirms, answers, is away, slow, or never acts."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy import select

from hub import clock
from hub.directory.models import Person
from hub.extensions import db
from hub.forwardings import receipt, voices
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, Happening, NotNow, ProofChannel, is_possible
from hub.letters.models import Letter
from hub.letters.rules import number
from hub.mail import return_address
from hub.mail import service as outbox
from hub.mail.models import IS_QUEUED, ON_THE_TRACK, EmailDispatch, EmailPurpose
from hub.post import service as post
from hub.post.models import PostDispatch
from hub.responses import announcements
from hub.responses import service as responses
from hub.responses.announcements import Told
from hub.responses.models import ResponseKind
from hub.responses.rules import AnswerOutcome, ReplyWay
from hub.simulation import mails
from hub.simulation.servers import Mailbox, Taken
from hub.simulation.truth import Answer, Copy, Fate, Matter, Track
from hub.simulation.world import Incoming, Office, World

_OK, _GOES_ON = 200, 303
_SUMMARY = "Tim memeriksa lokasi pada {day}; 3 dari 4 ruas sudah diperbaiki dan sisanya dianggarkan bulan depan."
_SIGNS_WITH_OFFICE = 0.8
_LETTERS = select(EmailDispatch).where(
    EmailDispatch.purpose.in_(ON_THE_TRACK), EmailDispatch.about.startswith("forwarding:")
)
_INTERIM = "Sedang kami periksa; hasil menyusul 10 hari lagi."


@dataclass
class Temper:
    """How whoever gets one letter acts. `confirms_after`: working days from reading it; None: never by itself.

    `pace`: the answer's share of its limit; None: never. `heeds`: acts upon reminders.
    """

    confirms_after: int | None
    confirms_by: ProofChannel
    pace: float | None
    answers_by: ProofChannel
    with_interim: bool = False
    heeds: bool = True


@dataclass
class Recipients:
    """Everybody who gets letters."""

    world: World
    tempers: dict[int, Temper] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    queued_copies: dict[int, Copy] = field(default_factory=dict)
    """Copies that were queued again and wait for the mail server, by matter."""

    def draw(self) -> Temper:
        """The usual luck."""
        random, faults = self.world.random, self.world.faults
        ways = (ProofChannel.LINK, ProofChannel.LINK, ProofChannel.SIGN_IN, ProofChannel.REPLY)
        luck = random.random()
        by = ProofChannel.LINK if random.random() < 0.5 else ProofChannel.SIGN_IN
        if luck < faults.answered_by_mail:
            by = ProofChannel.REPLY
        elif luck < faults.answered_by_mail + faults.answered_by_post:
            by = ProofChannel.PAPER
        temper = Temper(random.choice((0, 0, 1, 1, 2)), random.choice(ways), random.uniform(0.2, 0.9), by)
        temper.with_interim = random.random() < 0.1
        luck = random.random()
        if luck < faults.quiet:
            return Temper(None if random.random() < 0.5 else 1, temper.confirms_by, None, by, heeds=False)
        if luck < faults.quiet + faults.slow:
            temper.confirms_after = random.choice((None, 4, 6))
            temper.pace = random.uniform(1.05, 1.6)
        return temper

    # Mail comes in

    def mails_left(self) -> None:
        """After each round of the worker: what servers took is under way to somebody, or will never arrive."""
        servers = self.world.servers
        taken, servers.taken = servers.taken, []
        refused, servers.refused = servers.refused, []
        ids = [*(one.message_id for one in taken), *(id for id, _ in refused)]
        sent = db.session.scalars(_LETTERS.where(EmailDispatch.message_id.in_(ids)))
        found = {one.message_id: one for one in sent}
        for one in taken:
            if one.message_id in found:
                self._left(one, found[one.message_id])
        for id, address in refused:
            self.world.dead.add(address)
            if id in found and (matter := self._about(found[id])):
                self._begin_copy(matter, Copy(Track.EMAIL, Fate.LOST, self.world.today, self.world.today))
        db.session.commit()

    def _about(self, sent: EmailDispatch) -> Matter | None:
        """The matter whose letter this message carries to its recipient."""
        matter = self.world.matters.get(int(sent.about.partition(":")[2]))
        return matter if matter and sent.institution_id == self.world.office_of(matter).id else None

    def look_in_the_outbox(self) -> None:
        """A mail that has not left yet is a copy that nobody has lost, whoever asked for it."""
        queued = db.session.scalars(_LETTERS.where(IS_QUEUED)).all()
        waiting = {matter.id: one for one in queued if (matter := self._about(one))}
        for id in self.queued_copies.keys() - waiting.keys():
            self.world.matters[id].copies.remove(self.queued_copies.pop(id))
        for id in waiting.keys() - self.queued_copies.keys():
            matter = self.world.matters[id]
            copy = self.queued_copies[id] = Copy(Track.EMAIL, Fate.HERE, self._day(waiting[id].queued_at, matter))
            matter.copies.append(copy)

    def _begin_copy(self, matter: Matter, copy: Copy) -> None:
        waiting = self.queued_copies.pop(matter.id, None)
        if waiting in matter.copies:
            matter.copies.remove(waiting)
        matter.copies.append(copy)

    def _left(self, taken: Taken, sent: EmailDispatch) -> None:
        matter = self._about(sent)
        if matter is None or taken.message_id in self.seen:
            return
        self.seen.add(taken.message_id)
        box = self.world.servers.mailboxes[taken.address]
        copy = Copy(Track.EMAIL, Fate.LOST, self._day(sent.handed_over_at or clock.now(), matter))
        self._begin_copy(matter, copy)
        if taken.arrives_at:
            copy.fate = Fate.UNDER_WAY
            self.world.at(max(taken.arrives_at, clock.now()), partial(self.mail_arrives, matter, sent.id, copy, box))
        elif taken.comes_back:
            delay = timedelta(hours=self.world.random.choice((1, 5, 30, 72)))
            raw = mails.undeliverable(
                taken.return_address, taken.address, taken.message_id, self.world.random.random() < 0.6
            )
            self.world.on_the_way.append(
                Incoming(clock.now() + delay, raw, partial(self._known_dead, copy, taken.address))
            )

    def _known_dead(self, copy: Copy, address: str, at: datetime) -> None:
        self.world.dead.add(address)
        copy.known_dead_on = clock.local(at, "WIB").date()

    def _day(self, moment: datetime, matter: Matter) -> date:
        return clock.local(moment, matter.zone).date()

    def mail_arrives(self, matter: Matter, id: int, copy: Copy, box: Mailbox) -> None:
        """It lies in a mailbox: machines look at once, people when they are there."""
        copy.fate = Fate.ARRIVED
        sent = db.session.get_one(EmailDispatch, id)
        thread = ((sent.to_name, sent.to_address), return_address.of(sent), sent.subject, sent.message_id)
        read = partial(self.reads, matter, sent.purpose is not EmailPurpose.LETTER, mail=id)
        if box.is_scanned or box.runs_scripts:
            self._scan(sent, box.runs_scripts)
        if box.answers_receipts:
            self._to_hub(mails.received(*thread, is_marked=self.world.chance(0.5)))
        office = self.world.office_of(matter)
        leave = office.leave_on(self._day(clock.now(), matter)) if box.address == office.pic_address else None
        if leave and leave.is_told and (leave.first, box.address) not in office.answered_by_itself:
            office.answered_by_itself.add((leave.first, box.address))
            away = mails.away(*thread, leave.last)
            self._to_hub(away, lambda _: office.away_until.update({box.address: leave.last}))
        if leave:
            back = datetime.combine(leave.last, datetime.min.time(), clock.ZONES[matter.zone]) + timedelta(hours=12)
            self.world.at(self.world.hours.after(back, 1, matter.zone), read)
        else:
            self.world.after(self.world.random.choice((0, 0, 1)), matter.zone, read)

    def _scan(self, sent: EmailDispatch, runs_scripts: bool) -> None:
        """A machine opens the link, and may send the form as the page has it."""
        if not sent.action:
            return
        path = urlsplit(outbox.link_address(sent)).path
        self._door("GET", path)
        if runs_scripts:
            self._door("POST", path, {})

    def _to_hub(self, raw: bytes, kept: Callable[[datetime], None] = lambda _: None) -> None:
        self.world.on_the_way.append(Incoming(clock.now() + timedelta(minutes=3), raw, kept))

    def _door(self, method: str, path: str, data: Mapping[str, str] | None = None) -> int:
        """What the hub's own public page answers; what was done so far is committed before."""
        db.session.commit()
        with self.world.app.app_context():
            return self.world.client.open(path, method=method, data=data).status_code

    # Somebody reads, and acts

    def envelope_arrives(self, matter: Matter, envelope: int) -> None:
        self.world.after(
            self.world.random.choice((0, 1)), matter.zone, partial(self.reads, matter, False, envelope=envelope)
        )

    def reads(self, matter: Matter, is_reminder: bool, mail: int | None = None, envelope: int | None = None) -> None:
        """A person has the letter before them."""
        if matter.is_over:
            return
        temper = self.tempers[matter.id]
        is_first, matter.read_at = matter.read_at is None, matter.read_at or clock.now()
        if is_first:
            self._intend(matter, temper, mail, envelope)
        elif is_reminder:
            self._heed(matter, temper, mail)

    def _intend(self, matter: Matter, temper: Temper, mail: int | None, envelope: int | None) -> None:
        if temper.confirms_after is not None:
            self.world.after(temper.confirms_after, matter.zone, partial(self.confirm, matter, mail, envelope))
        if temper.pace is not None:
            days = max(1, round(self._limit(matter) * temper.pace))
            if temper.with_interim and days > 3:
                self.world.after(days // 2, matter.zone, partial(self.answer, matter, mail, is_final=False))
            self.world.after(days, matter.zone, partial(self.answer, matter, mail))

    def _limit(self, matter: Matter) -> int:
        return matter.limit if matter.in_working_days else matter.limit * 5 // 7

    def _heed(self, matter: Matter, temper: Temper, mail: int | None) -> None:
        """A reminder: whoever has answered says so; whoever is asked again sends a copy; the slow hurry."""
        final = [one for one in matter.answers if one.is_final]
        if final:
            last = final[-1]
            if last.is_spent:
                self.world.after(1, matter.zone, partial(self.answer, matter, mail, by=ProofChannel.SIGN_IN))
            elif (
                last.held_at is None
                and last.announced_on is None
                and self.world.chance(self.world.faults.right_of_reply)
            ):
                self.world.after(0, matter.zone, partial(self.announce, matter, last))
        elif temper.heeds and self.world.chance(0.6):
            self.world.after(0, matter.zone, partial(self.confirm, matter, mail, None))
            self.world.after(2, matter.zone, partial(self.answer, matter, mail))

    def confirm(self, matter: Matter, mail: int | None, envelope: int | None) -> None:
        """By the link or slip, signed in, or in a mail."""
        forwarding = self._forwarding(matter)
        if matter.is_over or matter.answers or forwarding.stage not in AWAITING_ACKNOWLEDGEMENT:
            return
        office, by = self.world.office_of(matter), self.tempers[matter.id].confirms_by
        if by is ProofChannel.REPLY and mail:
            self._write(matter, mail, "Surat sudah kami terima dan kami teruskan kepada tim pemeriksa.", None)
        elif by is ProofChannel.SIGN_IN and office.pic:
            voice = self._voice(office)
            receipt.acknowledge(forwarding, voice.channel, voice.name, voice.office, voice.actor)
            matter.prove(clock.now(), self._day(clock.now(), matter))
        elif path := self._path(mail, envelope):
            told = {"name": office.pic_name or "Petugas persuratan", "office": "Inspektur Pembantu I"}
            if self._door("POST", path, told) == _OK:
                self.world.prove(matter, clock.now(), self._letter_in(mail, envelope))

    def answer(self, matter: Matter, mail: int | None, is_final: bool = True, by: ProofChannel | None = None) -> None:
        """Whichever way this office answers; one that needs a person signed in falls back on paper."""
        office = self.world.office_of(matter)
        if matter.is_over or any(one.is_final and not one.is_spent for one in matter.answers):
            return
        if office.leave_on(self._day(clock.now(), matter)):
            self.world.after(2, matter.zone, partial(self.answer, matter, mail, is_final, by))
            return
        by = by or (self.tempers[matter.id].answers_by if is_final else ProofChannel.LINK)
        if by is ProofChannel.SIGN_IN and not office.pic:
            by = ProofChannel.LINK
        if by in (ProofChannel.LINK, ProofChannel.REPLY) and mail is None:
            by = ProofChannel.SIGN_IN if office.pic else ProofChannel.PAPER
        answer = self._dated(matter, by is ProofChannel.PAPER, is_final)
        if by is ProofChannel.LINK:
            self._answer_by_link(matter, answer, mail or 0)
        elif by is ProofChannel.SIGN_IN:
            self._answer_signed_in(matter, answer, office)
        elif by is ProofChannel.REPLY:
            self._answer_by_mail(matter, answer, mail or 0)
        else:
            self._answer_by_post(matter, answer)

    def _dated(self, matter: Matter, by_post: bool, is_final: bool) -> Answer:
        today = self._day(clock.now(), matter)
        told = number("700/{n}/Inspektorat/{YYYY}", len(matter.answers) + matter.id * 10, today)
        return Answer(told, by_post, is_final, today, is_lost=False)

    def _answer_by_link(self, matter: Matter, answer: Answer, mail: int) -> None:
        path = self._path(mail, None)
        kind = "final" if answer.is_final else "interim"
        told = {
            "outcome": AnswerOutcome.SETTLED.value,
            "letter_number": answer.number,
            "letter_date": answer.sent_on.isoformat(),
            "summary": self._summary(answer),
            "name": self.world.office_of(matter).pic_name or "Petugas persuratan",
            "office": "Inspektur Pembantu I",
            "request_key": str(uuid.UUID(int=self.world.random.getrandbits(128), version=4)),
        }
        if path and self._door("POST", f"{path}/answer/{kind}", told) == _GOES_ON:
            self._held(matter, answer)
        elif self.world.office_of(matter).pic:
            self._answer_signed_in(matter, answer, self.world.office_of(matter))
        elif answer.is_final:
            self._answer_by_post(matter, answer)

    def _answer_signed_in(self, matter: Matter, answer: Answer, office: Office) -> None:
        kind = ResponseKind.FINAL if answer.is_final else ResponseKind.INTERIM
        outcome = AnswerOutcome.SETTLED if answer.is_final else None
        said = responses.Answer(kind, answer.number, answer.sent_on, self._summary(answer), outcome=outcome)
        with suppress(NotNow):
            responses.receive(self._forwarding(matter), said, self._voice(office))
            self._held(matter, answer)

    def _held(self, matter: Matter, answer: Answer) -> None:
        answer.held_at = clock.now()
        matter.answers.append(answer)
        matter.prove(clock.now(), self._day(clock.now(), matter))

    def _answer_by_mail(self, matter: Matter, answer: Answer, mail: int) -> None:
        answer.is_lost = self.world.chance(self.world.faults.replies_lost)
        matter.answers.append(answer)
        self._write(
            matter,
            mail,
            f"Menjawab surat Saudara dengan surat kami Nomor {answer.number}. {self._summary(answer)}",
            answer,
        )
        if self.world.chance(self.world.faults.announced):
            self.announce(matter, answer)

    def _write(self, matter: Matter, mail: int, words: str, answer: Answer | None) -> None:
        """A mail to the hub, in the thread, or in that of another letter, or from somebody nobody knows."""
        world = self.world
        sent = db.session.get_one(EmailDispatch, mail)
        sender, subject = (sent.to_name, sent.to_address), sent.subject
        to, answers = return_address.of(sent), sent.message_id
        wrong = self._another(matter) if world.chance(world.faults.to_the_wrong_case) and answer else None
        is_strange = world.chance(world.faults.by_a_stranger)
        if wrong is not None:
            to, subject, answers = return_address.of(wrong), wrong.subject, wrong.message_id
        elif is_strange:
            sender = ("Auditor Muda", f"auditor.{matter.id}@surel.example")
            to, subject, answers = "penghubung@hub.example", "Tanggapan surat", ""
            words = f"{words}\n\n{world.office_of(matter).name}" if world.chance(_SIGNS_WITH_OFFICE) else words
        raw = mails.reply(sender, to, subject, words, answers)
        world.meaning[hashlib.sha256(raw).hexdigest()] = (matter.id, answer)
        if answer is None or not answer.is_lost:
            self._to_hub(raw, partial(self._kept, matter, answer, mail if wrong is None and not is_strange else 0))

    def _kept(self, matter: Matter, answer: Answer | None, answered: int, at: datetime) -> None:
        """`answered`: our mail, where the reply shows by itself which; else 0."""
        if answer:
            answer.held_at = at
        if answered:
            self.world.prove(matter, at, db.session.get_one(EmailDispatch, answered).letter)

    def _another(self, matter: Matter) -> EmailDispatch | None:
        """A mail about another letter of the same sender to this office, which was confirmed already."""
        for other in reversed(list(self.world.matters.values())):
            same = (other.office, other.sender) == (matter.office, matter.sender)
            if same and other is not matter and other.proven_at and not other.is_over:
                return db.session.scalar(
                    select(EmailDispatch)
                    .where(
                        EmailDispatch.about == f"forwarding:{other.id}",
                        EmailDispatch.purpose.in_(ON_THE_TRACK),
                        EmailDispatch.institution_id == self.world.office_of(other).id,
                        EmailDispatch.handed_over_at.is_not(None),
                    )
                    .order_by(EmailDispatch.id)
                    .limit(1)
                )
        return None

    def _answer_by_post(self, matter: Matter, answer: Answer) -> None:
        answer.by_post = True
        answer.is_lost = self.world.chance(self.world.faults.posted_replies_lost)
        matter.answers.append(answer)
        if not answer.is_lost:
            days = self.world.random.randint(2, 7)
            self.world.after(days, "WIB", partial(self.world.paper_arrives, matter, answer))
        if self.world.chance(self.world.faults.announced):
            self.announce(matter, answer)

    def announce(self, matter: Matter, answer: Answer) -> None:
        """The hub is told that the answer has left."""
        forwarding, office = self._forwarding(matter), self.world.office_of(matter)
        if matter.is_over or answer.held_at or not is_possible(forwarding.stage, Happening.ANSWERED):
            return
        way = ReplyWay.POST if answer.by_post else ReplyWay.EMAIL
        voice = self._voice(office)
        announcements.announce(forwarding, Told(answer.number, answer.sent_on, way, answer.sent_on), voice)
        answer.announced_on = self._day(clock.now(), matter)
        matter.prove(clock.now(), self._day(clock.now(), matter))

    # Small things

    def _forwarding(self, matter: Matter) -> Forwarding:
        return db.session.get_one(Forwarding, matter.id)

    def _voice(self, office: Office) -> voices.Voice:
        """Somebody of the office; without a PIC, whoever opened the link."""
        if office.pic:
            return voices.signed_in(db.session.get_one(Person, office.pic))
        return voices.through_link(ProofChannel.LINK, 0, "Petugas persuratan", "Subbagian Umum")

    def _path(self, mail: int | None, envelope: int | None) -> str:
        """Where the button of the mail or the code on the slip leads."""
        if envelope:
            slip = db.session.get_one(PostDispatch, envelope)
            return urlsplit(post.slip_address(slip)).path
        sent = db.session.get_one(EmailDispatch, mail) if mail else None
        return urlsplit(outbox.link_address(sent)).path if sent and sent.action else ""

    def _letter_in(self, mail: int | None, envelope: int | None) -> Letter | None:
        if envelope:
            return db.session.get_one(PostDispatch, envelope).letter
        return db.session.get_one(EmailDispatch, mail).letter if mail else None

    def _summary(self, answer: Answer) -> str:
        return _SUMMARY.format(day=answer.sent_on) if answer.is_final else _INTERIM
