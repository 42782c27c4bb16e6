"""The senders' staff. They know only what the hub shows them, and act on it some hours or days later."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select

from hub import clock
from hub.audit.rules import SYSTEM, person
from hub.complaints import service as complaints
from hub.complaints.rules import Intake
from hub.directory import service as directory
from hub.directory.models import Institution, Network, Person
from hub.exchange.agenda import service as agenda
from hub.exchange.inbox import service as pen
from hub.extensions import db
from hub.forwardings import receipt, signing, tracks
from hub.forwardings import service as forwardings
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, ProofChannel, ResponseClass, Stage, is_possible
from hub.forwardings.service import CannotForward
from hub.letters import incoming
from hub.letters.incoming import Received
from hub.letters.models import FOLLOW_UPS, IS_TO_SIGN, Letter
from hub.letters.service import APPROVED
from hub.mail.inbox.models import IS_HELD, InboundMail
from hub.mail.reading.classify import MailKind
from hub.post import service as post
from hub.post.models import PostDispatch
from hub.post.rules import PostState, ScanKind, Sighting, check_digit
from hub.post.scans import Telling
from hub.responses import announcements, replies
from hub.responses import queries as answers
from hub.responses import service as responses
from hub.responses.models import IS_WAITING, Decision, MailedReply, Response, ResponseKind
from hub.responses.rules import AnswerOutcome
from hub.routing.rules import Purpose
from hub.silence.queries import Case, cases
from hub.silence.rules import Grade
from hub.simulation.policy import CALENDAR_DAYS
from hub.simulation.recipients import Recipients
from hub.simulation.truth import Answer, Copy, Fate, Matter, Promise, Track
from hub.simulation.world import World

_CLASSES = (
    ResponseClass.ORDINARY,
    ResponseClass.ORDINARY,
    ResponseClass.INFORMATION,
    ResponseClass.SUPERVISORY,
)
REPAIRED_WITHIN = 0.7
"""Of what waits on a morning, so much is dealt with that day."""


@dataclass
class Senders:
    world: World
    recipients: Recipients
    serial: int = 0

    # A letter leaves

    def begin(self, sender: str, office: str) -> None:
        """A complaint comes in and is forwarded; the signatory signs within two working days."""
        world, random = self.world, self.world.random
        here, there = world.person(sender, "registrar"), world.offices[office]
        self.serial += 1
        intake = Intake(
            channel="SP4N-LAPOR",
            tracking_id=str(6_000_000 + self.serial),
            received_on=clock.today("WIB"),
            region_code=office,
            subject=f"Pengaduan contoh {self.serial}",
            body="Jalan desa rusak sejak banjir dan belum diperbaiki.",
            name="Warga Contoh",
            contact="",
        )
        recipient = db.session.get_one(Institution, there.id)
        is_clarification = sender != "KSN-DUMAS"
        asked = random.choice(_CLASSES)
        key = "ombudsman_first_request" if is_clarification else f"response_{asked}"
        luck = random.random()
        has_address = self._has_address(sender, office)
        by_post = luck < world.faults.by_post_only + world.faults.by_both_tracks or not has_address
        request = Request(
            recipient=recipient,
            purpose=Purpose.CLARIFICATION if is_clarification else Purpose.HANDLING,
            response_class=asked,
            by_email=luck >= world.faults.by_post_only and has_address,
            by_post=by_post,
        )
        forwarding = forwardings.draft(complaints.register(here.institution, intake, here), request, here)
        forwardings.submit(forwarding, here)
        matter = Matter(
            id=forwarding.id,
            sender=sender,
            office=office,
            limit=world.policy.limit(key),
            in_working_days=key not in CALENDAR_DAYS,
            zone=there.zone,
            written_on=world.today,
        )
        world.matters[matter.id] = matter
        self.recipients.tempers[matter.id] = self.recipients.draw()
        world.after(random.choice((0, 0, 1, 2)), "WIB", partial(self.sign, matter))

    def _has_address(self, sender: str, office: str) -> bool:
        """As the form shows it: an address that is known to be dead is none."""
        network = Network.KEMENSETNEG if sender == "KSN-DUMAS" else Network.OMBUDSMAN
        there = db.session.get_one(Institution, self.world.offices[office].id)
        return bool(tracks.email_addressees(there, network))

    def sign(self, matter: Matter) -> None:
        forwarding = self._forwarding(matter)
        with suppress(CannotForward):
            forwardings.sign(forwarding, self.world.person(matter.sender, "signatory"))
            if forwarding.by_post:
                self._envelope_waits(matter)

    # Each working morning

    def morning(self, sender: str) -> None:
        """The work list, and the letters to sign; the mail room takes its envelopes in the afternoon."""
        world = self.world
        office = world.person(sender, "registrar").institution_id
        for case in cases(Forwarding.sender_id == office):
            if case.id in world.matters and case.verdict.grade and world.chance(REPAIRED_WITHIN):
                self._act(world.matters[case.id], case)
        db.session.commit()
        self._sign_follow_ups(sender)
        self._read_replies(sender)
        self._sort_the_pen(sender)
        self._review(sender)
        self._post(sender)

    def _act(self, matter: Matter, case: Case) -> None:
        acts = {
            Grade.UNDELIVERED: self._repair,
            Grade.RECEIPT_UNPROVEN: self._call,
            Grade.REPLY_MISSING: self._trace,
        }
        if case.verdict.grade in acts:
            with suppress(NotNow, CannotForward):
                acts[case.verdict.grade](matter)

    def _repair(self, matter: Matter) -> None:
        """Somebody phones for the address that works; without one the letter goes by post.

        Whoever sends it again counts on no copy that was sent before.
        """
        for copy in matter.copies:
            if copy.fate is Fate.LOST:
                copy.known_dead_on = copy.known_dead_on or self.world.today
        self._mend_address(matter)
        self._send_again(matter, by_post=self.world.chance(0.5))

    def _mend_address(self, matter: Matter) -> None:
        there, servers = self.world.offices[matter.office], self.world.servers
        box = servers.mailboxes.get(there.pic_address)
        if there.pic and box and (box.is_dead or box.bounces_late):
            self.serial += 1
            address = f"pic.{self.serial}@{there.code.replace('.', '-')}.example"
            servers.open(address)
            directory.change_person(db.session.get_one(Person, there.pic), {"email": address}, SYSTEM)
            there.pic_address = there.listed = address

    def _send_again(self, matter: Matter, by_post: bool) -> None:
        forwarding, author = self._forwarding(matter), self.world.person(matter.sender, "registrar")
        if not is_possible(forwarding.stage, Happening.RESENT):
            return
        by_email = self._has_address(matter.sender, matter.office)
        by_post = by_post or not by_email
        with db.session.begin_nested():
            forwardings.resend(forwarding, by_email, by_post, author)
        if by_post:
            self._envelope_waits(matter)

    def _call(self, matter: Matter) -> None:
        """By phone: whoever has read it says so; else it is sent again, on the other track too."""
        if not self.world.chance(0.6):
            return
        if matter.read_at and self.world.chance(0.7):
            there = self.world.offices[matter.office]
            by = self.world.person(matter.sender, "registrar")
            receipt.acknowledge(
                self._forwarding(matter), ProofChannel.DESK, there.pic_name or "Petugas", "Inspektorat", person(by.id)
            )
            matter.prove(clock.now(), clock.today(matter.zone))
        elif not matter.read_at:
            self._mend_address(matter)
            self._send_again(matter, by_post=not any(one.track is Track.POST for one in matter.copies))

    def _trace(self, matter: Matter) -> None:
        """Looked for in the agenda and the mailbox; not there, so a copy is asked for."""
        forwarding, by = self._forwarding(matter), self.world.person(matter.sender, "registrar")
        for announced in answers.awaited(forwarding):
            due = self._working_day(7)
            announcements.give_up(announced, by, "Agenda dan kotak surat sudah diperiksa.", due)
            for one in matter.answers:
                if one.number == announced.letter_number:
                    one.is_spent = True
            if matter.promise is None or matter.promise.day(self.world.days) < due:
                matter.promise = Promise(self.world.today, named=due)

    def _working_day(self, days: int) -> date:
        return self.world.days.after(self.world.today, days)

    def _sign_follow_ups(self, sender: str) -> None:
        signatory = self.world.person(sender, "signatory")
        waiting = select(Letter).where(
            IS_TO_SIGN,
            Letter.kind.in_(FOLLOW_UPS),
            Letter.institution_id == signatory.institution_id,
        )
        for letter in db.session.scalars(waiting.order_by(Letter.id)).all():
            if self.world.chance(REPAIRED_WITHIN):
                with suppress(NotNow, CannotForward), db.session.begin_nested():
                    signing.sign(letter, signatory, APPROVED)

    # What comes in

    def _read_replies(self, sender: str) -> None:
        reader = self.world.person(sender, "registrar")
        waiting = (
            select(MailedReply)
            .join(MailedReply.forwarding)
            .where(IS_WAITING, Forwarding.sender_id == reader.institution_id)
        )
        for reply in db.session.scalars(waiting.order_by(MailedReply.id)).all():
            if self.world.chance(REPAIRED_WITHIN):
                with suppress(NotNow), db.session.begin_nested():
                    self._decide(reply, reader)

    def _decide(self, reply: MailedReply, reader: Person) -> None:
        meant = self.world.meaning.get(reply.mail.sha256)
        if meant is None:  # an automatic answer taken for a person's
            replies.decide(reply, Decision.RECEIPT, reader)
            return
        about, answer = meant
        if about != reply.forwarding_id:
            mail = reply.mail
            pen.take_back(reply, reader, "Menjawab surat lain.")
            self._file(mail, about, answer, reader)
        elif answer is None:
            replies.decide(reply, Decision.RECEIPT, reader)
        else:
            self._take_answer(reply, answer, reader)

    def _take_answer(self, reply: MailedReply, answer: Answer, reader: Person) -> None:
        if is_possible(reply.forwarding.stage, Happening.ANSWERED):
            decision = Decision.FINAL if answer.is_final else Decision.INTERIM
            outcome = AnswerOutcome.SETTLED if answer.is_final else None
            replies.decide(reply, decision, reader, answer.number, answer.sent_on, outcome)
        else:
            replies.decide(reply, Decision.RECEIPT, reader)

    def _sort_the_pen(self, sender: str) -> None:
        reader = self.world.person(sender, "registrar")
        held = select(InboundMail).where(IS_HELD, InboundMail.kind == MailKind.HUMAN).order_by(InboundMail.id)
        for mail in db.session.scalars(held).all():
            meant = self.world.meaning.get(mail.sha256)
            if meant is None or not self.world.chance(REPAIRED_WITHIN):
                continue
            about, answer = meant
            if self.world.matters[about].sender == sender:
                self._file(mail, about, answer, reader)

    def _file(self, mail: InboundMail, about: int, answer: Answer | None, reader: Person) -> None:
        matter = self.world.matters[about]
        forwarding = self._forwarding(matter)
        with suppress(NotNow), db.session.begin_nested():
            pen.file(mail, [forwarding], reader, is_contact=False)
            matter.prove(clock.now(), clock.local(mail.arrived_at, matter.zone).date())
            reply = answers.reply_of(forwarding, mail)
            if reply is not None and answer is not None:
                self._take_answer(reply, answer, reader)

    def paper_arrives(self, matter: Matter, answer: Answer) -> None:
        """The mail room enters it in the agenda and files it with its matter."""
        clerk = self.world.person(matter.sender, "registrar")
        forwarding = self._forwarding(matter)
        told = Received(
            clock.today("WIB"),
            forwarding.recipient.name,
            "Tindak lanjut pengaduan",
            answer.number,
            answer.sent_on,
            forwarding.recipient,
        )
        letter = incoming.register(clerk.institution, told, clerk)
        answer.held_at = clock.now()
        awaited = is_possible(forwarding.stage, Happening.ANSWERED)
        with suppress(NotNow), db.session.begin_nested():
            kind = Decision.FINAL if answer.is_final else Decision.INTERIM
            agenda.file(letter, [forwarding], kind if awaited else Decision.RECEIPT, "Inspektur", clerk)
            matter.prove(clock.now(), clock.today("WIB"))

    def _review(self, sender: str) -> None:
        reviewer = self.world.person(sender, "registrar")
        waiting = (
            select(Response)
            .join(Response.forwarding)
            .where(
                Forwarding.stage == Stage.ANSWERED,
                Forwarding.sender_id == reviewer.institution_id,
                Response.kind == ResponseKind.FINAL,
                Response.review.is_(None),
                Response.withdrawn_at.is_(None),
            )
        )
        for response in db.session.scalars(waiting.order_by(Response.id)).all():
            if self.world.chance(0.4):
                with suppress(NotNow), db.session.begin_nested():
                    self._judge(response, reviewer)

    def _judge(self, response: Response, reviewer: Person) -> None:
        matter = self.world.matters[response.forwarding_id]
        if self.world.chance(0.06):
            due = self._working_day(7)
            responses.return_incomplete(response, reviewer, "Mohon lampirkan berita acara pemeriksaan.", due)
            matter.promise = Promise(self.world.today, named=due)
            for one in matter.answers:
                one.is_spent = one.is_spent or one.held_at is not None
        else:
            responses.accept(response, reviewer)
            matter.is_over = True

    # The post

    def _envelope_waits(self, matter: Matter) -> None:
        matter.copies.append(Copy(Track.POST, Fate.HERE, self.world.today))

    def _post(self, sender: str) -> None:
        """Envelopes to inspectorates are printed and handed in."""
        clerk = self.world.person(sender, "registrar")
        waiting = (
            select(PostDispatch)
            .join(PostDispatch.letter)
            .where(
                PostDispatch.state == PostState.TO_PRINT,
                Letter.institution_id == clerk.institution_id,
                Letter.file_id.is_not(None),
            )
        )
        for envelope in db.session.scalars(waiting.order_by(PostDispatch.id)).all():
            if self.world.chance(0.6):
                post.mark_printed(envelope, clerk)
                days = self.world.random.choice((0, 0, 1))
                self.world.after(days, "WIB", partial(self._hand_in, envelope.id, clerk.id))

    def _hand_in(self, id: int, by: int) -> None:
        envelope = db.session.get_one(PostDispatch, id)
        if envelope.state is not PostState.PRINTED:
            return
        self.serial += 1
        number = f"{47_000_000 + self.serial * 37}"
        post.mark_posted(envelope, f"RR{number}{check_digit(number)}ID", db.session.get_one(Person, by))
        kind, _, about = envelope.about.partition(":")
        found = self.world.matters.get(int(about)) if kind == "forwarding" else None
        if not found or envelope.institution_id != self.world.office_of(found).id:
            return
        copy = next((one for one in found.copies if one.track is Track.POST and one.fate is Fate.HERE), None)
        if copy is None:
            copy = Copy(Track.POST, Fate.HERE, self.world.today)
            found.copies.append(copy)
        copy.fate, copy.last_news = Fate.UNDER_WAY, self.world.today
        self._travel(found, copy, id)

    def _travel(self, matter: Matter, copy: Copy, id: int) -> None:
        """Two to six working days; it arrives, comes back or is lost on the way."""
        world, faults = self.world, self.world.faults
        days, luck = world.random.randint(2, 6), world.random.random()
        world.after(1, "WIB", partial(self._scan, copy, id, ScanKind.IN_TRANSIT, ""))
        if luck < faults.envelopes_lost:
            copy.fate = Fate.LOST
            return
        if luck < faults.envelopes_lost + faults.envelopes_returned:
            copy.fate = Fate.LOST
            world.after(days + 3, "WIB", partial(self._scan, copy, id, ScanKind.RETURNED, ""))
            return
        world.after(days - 1, "WIB", partial(self._scan, copy, id, ScanKind.IN_TRANSIT, ""))
        receiver = "" if world.chance(faults.deliveries_without_name) else "Petugas persuratan"
        world.after(days, matter.zone, partial(self._deliver, matter, copy, id, receiver))

    def _deliver(self, matter: Matter, copy: Copy, id: int, receiver: str) -> None:
        copy.fate = Fate.ARRIVED
        self.recipients.envelope_arrives(matter, id)
        self._scan(copy, id, ScanKind.DELIVERED, receiver)

    def _scan(self, copy: Copy, id: int, kind: ScanKind, receiver: str) -> None:
        """What the post saw at this moment is told to the hub today, or days later and out of order."""
        world = self.world
        days = 0
        if world.chance(world.faults.scans_late):
            days = world.random.randint(1, 4)
        elif kind is ScanKind.IN_TRANSIT and world.chance(world.faults.scans_out_of_order):
            days = 3
        words = "Alamat tidak dikenal" if kind is ScanKind.RETURNED else ""
        told = partial(self._tell, copy, id, Sighting(clock.now(), kind, receiver, words))
        if days:
            world.after(days, "WIB", told)
        else:
            told()

    def _tell(self, copy: Copy, id: int, seen: Sighting) -> None:
        envelope = db.session.get_one(PostDispatch, id)
        post.note_scans([Telling(envelope, seen, "Kantor pos")])
        day = clock.local(seen.at, "WIB").date()
        copy.last_news = max(copy.last_news, day)
        if seen.kind is ScanKind.RETURNED:
            copy.known_dead_on = self.world.today
        if seen.kind is ScanKind.DELIVERED and seen.receiver:
            found = self.world.matters[int(envelope.about.partition(":")[2])]
            self.world.prove_with_the_next_round(found, seen.at, envelope.letter)

    # Small things

    def _forwarding(self, matter: Matter) -> Forwarding:
        return db.session.get_one(Forwarding, matter.id)
