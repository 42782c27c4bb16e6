"""Years of a hub in a minute: many forwardings that have ended, and some that are open. Invented, and made in bulk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from typing import cast as cast_type

from sqlalchemy import CTE, ColumnElement, String, Table, case, cast, func, insert, literal, null, select, text, update

from hub.audit.models import Event, EventStream
from hub.audit.rules import GENESIS
from hub.complaints.models import Complaint
from hub.complaints.rules import Classification, IdentityMode
from hub.database import Base
from hub.directory import queries as directory
from hub.directory import seeding
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.extensions import db
from hub.forwardings.models import Deadline, Forwarding, Proof
from hub.forwardings.rules import ClockKey, Happening, ProofChannel, ResponseClass, Stage
from hub.letters.models import Letter, LetterKind, LetterState
from hub.mail.models import EmailDispatch, EmailPurpose, EmailState
from hub.post.models import PostDispatch
from hub.post.rules import PostState
from hub.responses.models import Response, ResponseKind, Review
from hub.responses.rules import AnswerOutcome
from hub.routing.rules import Purpose
from hub.silence import ladders
from hub.silence.ladder import Step
from hub.silence.models import LadderStep
from hub.workdays import service as workdays
from hub.workdays.models import CalendarVersion
from hub.workdays.rules import Unit

Tell = Callable[[str], None]

TODAY = date(2026, 7, 15)
"""A Wednesday like any other; at ten in Jakarta all offices of the country are open."""
NOW = datetime(2026, 7, 15, 3, tzinfo=UTC)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)

_FIRST_DAY = date(2023, 1, 2)
_AT_ONCE = 50_000
"""Rows of one statement."""
_CLOCKS = {
    ClockKey.SIGN: 2,
    ClockKey.DISPATCH_MAIL: 4,
    ClockKey.ACKNOWLEDGE: 3,
    ClockKey.RESPONSE_ORDINARY: 14,
    ClockKey.REVIEW: 5,
}
"""The clocks of a whole life, in their order, with their limits."""
_ENDS = ((17, Stage.CLOSED), (18, Stage.DECLINED), (19, Stage.WITHDRAWN), (20, Stage.LAPSED))
"""Of twenty that have ended, how many ended so, or as those before."""
_WITH_POST, _REMINDED, _INTERIM = 2, 4, 10
"""One of so many also went by post, was reminded, had an interim answer."""
_STORY = (
    "Jalan desa di Kecamatan Tongas rusak sejak banjir bulan Januari dan belum diperbaiki. Warga sudah berkali-kali "
    "melapor ke kantor desa. Mohon segera ditindaklanjuti."
)
_MAIL = (
    "Mohon konfirmasi penerimaan surat kami dengan tombol di bawah ini, dalam 3 hari kerja.\n\n"
    "Surat terlampir, kepada Inspektur. Isinya: Jalan desa rusak sejak banjir.\n\n"
    "Jawaban Saudara kami tunggu paling lambat 14 (empat belas) hari kerja sejak surat diterima."
)


@dataclass(frozen=True)
class Group:
    """Open forwardings that stand alike: `share` of a hundred. `running` clocks end on these days; others are over.

    `taken`: steps of the ladder about the last of those clocks, with the days since.
    """

    share: int
    stage: Stage
    running: Mapping[ClockKey, date]
    taken: Mapping[Step, int]


_LONG_AGO, _SOON = TODAY - timedelta(days=4), TODAY + timedelta(days=12)
OPEN = (
    Group(3, Stage.AWAITING_SIGNATURE, {ClockKey.SIGN: TOMORROW}, {}),
    Group(5, Stage.READY, {ClockKey.DISPATCH_MAIL: TOMORROW}, {}),
    Group(15, Stage.SENT, {ClockKey.ACKNOWLEDGE: TOMORROW}, {}),
    Group(7, Stage.SENT, {ClockKey.ACKNOWLEDGE: _LONG_AGO}, {Step.REMINDER: 1}),
    Group(35, Stage.ACKNOWLEDGED, {ClockKey.RESPONSE_ORDINARY: _SOON}, {}),
    Group(15, Stage.ACKNOWLEDGED, {ClockKey.RESPONSE_ORDINARY: _LONG_AGO}, {Step.REMINDER: 1}),
    Group(10, Stage.ACKNOWLEDGED, {ClockKey.RESPONSE_ORDINARY: _LONG_AGO}, {Step.REMINDER: 6, Step.SECOND_REMINDER: 1}),
    Group(10, Stage.ANSWERED, {ClockKey.REVIEW: TOMORROW}, {}),
)
"""Nothing is due on the day of the bench: a third is late, and the next step has yet to come."""


def build(forwardings: int, opened: int, tell: Tell) -> None:
    """Fill the empty tables of this hub and commit: so many forwardings, the newest `opened` of which are open."""
    offices = _offices()
    ended = forwardings - opened
    for first in range(1, ended + 1, _AT_ONCE):
        last = min(first + _AT_ONCE - 1, ended)
        day = _FIRST_DAY + (TODAY - timedelta(days=120) - _FIRST_DAY) * (first / ended)
        _add(_Rows(first, last, day, offices))
        db.session.commit()
        tell(f"{last} of {forwardings} forwardings are there.")
    first = ended + 1
    for place, group in enumerate(OPEN):
        is_last = place == len(OPEN) - 1
        last = forwardings if is_last else first + opened * group.share // 100 - 1
        if last >= first:
            _add(_Rows(first, last, TODAY - timedelta(days=40), offices, group))
        first = last + 1
    db.session.commit()
    _tidy()


def make_due(count: int) -> list[int]:
    """Let the date of `count` open forwardings have passed yesterday, without any step so far. Returns their ids."""
    waiting = Deadline.ended_at.is_(None) & (Deadline.clock == ClockKey.RESPONSE_ORDINARY) & (Deadline.due_on == _SOON)
    wanted = select(Deadline.forwarding_id).where(waiting)
    ids = list(db.session.scalars(wanted.order_by(Deadline.forwarding_id).limit(count)))
    due = Deadline.forwarding_id.in_(ids) & Deadline.ended_at.is_(None)
    moved = update(Deadline).where(due).values(due_on=YESTERDAY)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    db.session.commit()
    return ids


def leave_only_post() -> None:
    """From now on no office can be mailed: every step is a letter that a person signs."""
    db.session.execute(update(Person).values(email=Person.name))
    db.session.execute(update(Institution).values(email="", second_email="", postal_address="Jalan Melati Nomor 1"))
    db.session.commit()


def change_calendar() -> None:
    """A new version of the calendar, by which nearly every date that runs is another one, and lies ahead."""
    begun = update(Deadline).where(Deadline.ended_at.is_(None)).values(started_on=YESTERDAY)
    db.session.execute(begun, execution_options={"synchronize_session": False})
    db.session.add(CalendarVersion(made_at=NOW, note="Bench", source="Bench"))
    db.session.commit()


def _offices() -> Sequence[int]:
    """Ids of the recipients, one after the other, each with a PIC and a mailbox. Fills in what a new hub knows."""
    seeding.seed()
    workdays.seed()
    ladders.seed()
    recipients = list(db.session.scalars(select(Institution).where(Institution.region_code.is_not(None))))
    recipients.sort(key=lambda one: one.id)
    for one in recipients:
        domain = f"{one.code.lower().replace('.', '-')}.example"
        one.email = f"inspektorat@{domain}"
        pic = Person(institution=one, name=f"PIC {one.name}", email=f"pic@{domain}")
        term = {"network": Network.KEMENSETNEG, "role": AppointmentRole.PIC, "decree_number": "700/1/SK/2023"}
        db.session.add(Appointment(person=pic, institution=one, valid_from=_FIRST_DAY, **term))
    db.session.commit()
    ids = [one.id for one in recipients]
    return range(ids[0], ids[-1] + 1) if ids[-1] - ids[0] + 1 == len(ids) else ids[:1]


def _table(model: type[Base]) -> Table:
    return cast_type(Table, model.__table__)


class _Rows:
    """The forwardings numbered `first` to `last`, as rows of a table that the database makes by itself."""

    def __init__(self, first: int, last: int, day: date, offices: Sequence[int], group: Group | None = None) -> None:
        self.first, self.last, self.day, self.group = first, last, day, group
        self.at = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        self.sender = directory.by_code("KSN-DUMAS").id
        self.author = db.session.scalars(select(Person.id).order_by(Person.id).limit(1)).one()
        self.numbers = self._numbers()
        self.n: ColumnElement[int] = self.numbers.c.n
        self.recipient = literal(offices[0]) + self.n % len(offices)
        self.stream = literal("forwarding:") + cast(self.n, String)
        self.stage = group.stage if group else self._end()
        self.is_signed = not group or group.stage is not Stage.AWAITING_SIGNATURE
        self.has_left = self.is_signed and (not group or group.stage is not Stage.READY)

    def _numbers(self) -> CTE:
        counted = select(literal(self.first).label("n")).cte("numbers", recursive=True)
        return counted.union_all(select(counted.c.n + 1).where(counted.c.n < self.last))

    def _end(self) -> ColumnElement[Any]:
        kind = Forwarding.stage.type
        place = self.n % 20
        return case(*((place < upto, literal(stage, kind)) for upto, stage in _ENDS))

    def put(self, model: type[Base], only: ColumnElement[bool] | None = None, **columns: Any) -> None:
        """Insert a row of `model` for each number, or only for those that fit."""
        table = _table(model)
        values = [
            (one if isinstance(one, ColumnElement) else literal(one, table.c[name].type)).label(name)
            for name, one in columns.items()
        ]
        wanted = select(*values).select_from(self.numbers)
        if only is not None:
            wanted = wanted.where(only)
        db.session.execute(insert(table).from_select(list(columns), wanted))

    def after(self, days: int) -> datetime:
        return self.at + timedelta(days=days)


def _add(rows: _Rows) -> None:
    _add_letters(rows)
    _add_ways(rows)
    _add_clocks(rows)
    if rows.group is None:
        _add_ends(rows)


def _add_letters(rows: _Rows) -> None:
    n = rows.n
    code = cast(n, String)
    rows.put(
        Complaint,
        id=n,
        reference=literal("ADU-") + code,
        office_id=rows.sender,
        network=Network.KEMENSETNEG,
        channel="SP4N-LAPOR",
        tracking_id=code,
        received_on=rows.day,
        registered_at=rows.at,
        registered_by_id=rows.author,
        region_code="35.13",
        subject="Jalan desa rusak sejak banjir",
        body=_STORY,
        classification=Classification.COMPLAINT,
        is_supervisory=False,
        identity_mode=IdentityMode.OPEN,
    )
    signed: dict[str, Any] = {"signed_at": rows.at, "dated": rows.day} if rows.is_signed else {}
    rows.put(
        Letter,
        id=n,
        institution_id=rows.sender,
        kind=LetterKind.FORWARDING,
        state=LetterState.SIGNED if rows.is_signed else LetterState.TO_SIGN,
        about=rows.stream,
        subject="Penerusan pengaduan: Jalan desa rusak sejak banjir",
        content={},
        submitted_at=rows.at,
        year=2026,
        running=n,
        number=literal("B-") + code + literal("/Dumas/2026"),
        number_key=literal("B") + code + literal("DUMAS2026"),
        verification_code=code,
        **signed,
    )
    rows.put(
        Forwarding,
        id=n,
        complaint_id=n,
        network=Network.KEMENSETNEG,
        sender_id=rows.sender,
        recipient_id=rows.recipient,
        letter_id=n,
        purpose=Purpose.HANDLING,
        response_class=ResponseClass.ORDINARY,
        by_email=True,
        by_post=False,
        stage=rows.stage,
        stage_since=rows.at,
        created_at=rows.at,
        created_by_id=rows.author,
        received_at=rows.at,
    )
    rows.put(EventStream, name=rows.stream, length=1, head=GENESIS)
    rows.put(
        Event,
        stream=rows.stream,
        seq=1,
        kind=Happening.DRAFTED.value,
        occurred_at=rows.at,
        recorded_at=rows.at,
        actor_kind="person",
        actor_id=rows.author,
        details={},
        previous=GENESIS,
        hash=GENESIS,
    )


def _add_ways(rows: _Rows) -> None:
    """Mail that was handed over, some of it again as a reminder; for some an envelope that arrived."""
    if not rows.is_signed:
        return
    left: dict[str, Any] = {"handed_over_at": rows.at, "ended_at": rows.at} if rows.has_left else {}
    for purpose, only in ((EmailPurpose.LETTER, None), (EmailPurpose.REMINDER, rows.n % _REMINDED == 0)):
        rows.put(
            EmailDispatch,
            only,
            about=rows.stream,
            purpose=purpose,
            state=EmailState.HANDED_OVER if rows.has_left else EmailState.QUEUED,
            message_id=literal(f"<{purpose}-") + cast(rows.n, String) + literal("@hub.example>"),
            institution_id=rows.recipient,
            to_name="Inspektur Pembantu",
            to_address="pic@inspektorat.example",
            to_domain="inspektorat.example",
            subject="Jalan desa rusak sejak banjir",
            paragraphs=_MAIL,
            signature="Asisten Deputi Pengaduan Masyarakat",
            action="Konfirmasi penerimaan",
            nonce=cast(rows.n, String),
            letter_id=rows.n,
            queued_at=rows.at,
            next_attempt_at=rows.at,
            attempts=1,
            noticed_at=rows.at,
            **left,
        )
    rows.put(
        PostDispatch,
        rows.n % _WITH_POST == 0,
        about=rows.stream,
        letter_id=rows.n,
        institution_id=rows.recipient,
        state=PostState.DELIVERED,
        address="Jalan Melati Nomor 1",
        nonce=cast(rows.n, String),
        created_at=rows.at,
        posted_at=rows.at,
        delivered_on=rows.day,
        delivered_to="Rina",
        noticed_at=rows.at,
    )


def _add_clocks(rows: _Rows) -> None:
    """Every clock up to the one that runs; of what has ended, all. Their ids follow from the number."""
    running = rows.group.running if rows.group else {}
    begun = list(_CLOCKS)
    if running:
        begun = begun[: max(begun.index(key) for key in running) + 1]
    for place, key in enumerate(begun):
        rows.put(
            Deadline,
            id=rows.n * len(_CLOCKS) + place,
            forwarding_id=rows.n,
            clock=key,
            started_on=rows.day,
            amount=_CLOCKS[key],
            unit=Unit.HOURS if key is ClockKey.DISPATCH_MAIL else Unit.WORKING_DAYS,
            due_on=running.get(key, rows.day + timedelta(days=4 * place)),
            calendar_version=1,
            ended_at=null() if key in running else rows.after(place),
        )
    taken = rows.group.taken if rows.group else {Step.REMINDER: 0}
    is_reminded = None if rows.group else rows.n % _REMINDED == 0
    for step, ago in taken.items():
        rows.put(
            LadderStep,
            is_reminded,
            deadline_id=rows.n * len(_CLOCKS) + (len(begun) - 1 if rows.group else 3),
            forwarding_id=rows.n,
            step=int(step),
            taken_at=NOW - timedelta(days=ago) if rows.group else rows.after(30),
        )


def _add_ends(rows: _Rows) -> None:
    """Proof of receipt, some interim answers, and the final one with its review."""
    rows.put(
        Proof,
        forwarding_id=rows.n,
        channel=ProofChannel.LINK,
        name="Rina",
        office="Irban I",
        occurred_at=rows.at,
        recorded_at=rows.at,
    )
    for kind, only in ((ResponseKind.INTERIM, rows.n % _INTERIM == 0), (ResponseKind.FINAL, None)):
        is_final = kind is ResponseKind.FINAL
        rows.put(
            Response,
            only,
            forwarding_id=rows.n,
            kind=kind,
            channel=ProofChannel.LINK,
            outcome=AnswerOutcome.SETTLED if is_final else null(),
            letter_number="700/12/2026",
            letter_date=rows.day,
            summary="Jalan sudah diperbaiki.",
            author_name="Rina, Irban I",
            arrived_at=rows.after(10),
            review=Review.ACCEPTED if is_final else null(),
            reviewed_at=rows.after(12),
        )


def _tidy() -> None:
    """Numbers of new rows follow, and PostgreSQL knows how much there is, as its own upkeep would soon have told it."""
    if db.engine.dialect.name != "postgresql":
        return
    for model in (Complaint, Letter, Forwarding, Deadline):
        name = model.__tablename__
        last = select(func.max(_table(model).c.id)).scalar_subquery()
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
