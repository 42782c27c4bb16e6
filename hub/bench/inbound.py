"""Mail that comes in: kept, read, filed and committed, a second."""

import random
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from hub import clock
from hub.audit.rules import SYSTEM
from hub.bench import ground
from hub.bench.figures import Figure
from hub.complaints import service as complaints
from hub.complaints.rules import Intake
from hub.directory import queries as directory
from hub.directory import seeding
from hub.directory import service as people
from hub.directory.models import Institution
from hub.exchange.inbox import filing
from hub.extensions import db
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ClockKey, Happening, ResponseClass, Stage
from hub.forwardings.stages import advance
from hub.letters.rules import number_key
from hub.mail import return_address
from hub.mail import service as outbox
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy
from hub.mail.models import EmailDispatch
from hub.routing.rules import Purpose
from hub.workdays import service as workdays

Tell = Callable[[str], None]

_AT_ONCE = 20
"""Mails kept in one transaction, as when a mailbox is visited."""
_A_ROUND = 100
"""The middle one of several rounds counts: the first also makes what every later one uses, and the machine has other
work now and then."""
AT_LEAST = 150.0
"""Mails a second: a day's mail of 546 offices in some seconds, and a weekend's after an outage in a minute."""
_WORDS = (
    "Yth. Bapak/Ibu, surat sudah kami terima dan kami teruskan ke Irban II. Tim turun ke lapangan minggu ini.\n"
    "Hasilnya kami sampaikan dengan surat resmi.\n\nHormat kami,\nInspektorat Daerah"
)
_QUOTED = "".join(
    f"> Mohon konfirmasi penerimaan surat kami, baris {number} dari surat yang dikutip.\n" for number in range(40)
)
_AWAY = "Saya sedang dinas luar sampai dengan 20 Maret 2030. Pesan ini dikirim secara otomatis."
_BOUNCE = "Surel tidak dapat disampaikan.\n\n<{address}>: host mx.example said: 550 5.1.1 User unknown\n"


def mail_in(mails: int, tell: Tell) -> Figure:
    """Of ten mails seven are replies, one is out of office, one a bounce, one only names a number."""
    with TemporaryDirectory(prefix="hub-bench-") as folder, ground.hub(Path(folder), 1):
        tell(f"Telling {mails} letters under way.")
        raws = [_answer(number, dispatch) for number, dispatch in enumerate(_letters_under_way(mails))]
        random.shuffle(raws)
        db.session.remove()
        rates = []
        for first in range(0, mails, _A_ROUND):
            rates.append(_a_second(raws[first : first + _A_ROUND]))
            tell(f"{min(first + _A_ROUND, mails)} of {mails} mails are read and filed: {rates[-1]:.0f} mails/s.")
    return Figure(round(median(rates), 1), "mails/s", floor=AT_LEAST)


def _a_second(raws: Sequence[bytes]) -> float:
    """How many of these mails a second are kept, read and filed."""
    started = time.perf_counter()
    for first in range(0, len(raws), _AT_ONCE):
        inbox.keep_all(raws[first : first + _AT_ONCE], ArrivedBy.IMAP)
        db.session.commit()
    left = len(raws)
    while left > 0:
        read = inbox.read_pending().read
        filing.file_pending()
        db.session.remove()
        left -= read
        if not read:
            raise RuntimeError("mail that came in is not read")
    return len(raws) / (time.perf_counter() - started)


def _letters_under_way(count: int) -> list[EmailDispatch]:
    """Letters that a server took and nobody has confirmed, each to an inspectorate of its own as far as they last."""
    seeding.seed()
    workdays.seed()
    office = directory.by_code("KSN-DUMAS")
    assert office is not None
    offices = [one for one in db.session.query(Institution).order_by(Institution.id) if one.region_code]
    intake = Intake(
        channel="SP4N-LAPOR",
        tracking_id="7000001",
        received_on=clock.today("WIB"),
        region_code="35.13",
        subject="Jalan desa rusak",
        body="Jalan desa rusak sejak banjir.",
        name="Warga",
        contact="",
    )
    author = people.add_person(office, "Petugas", "", "petugas@hub.example", "", SYSTEM)
    complaint = complaints.register(office, intake, author)
    dispatches = ground.queue_letters(count)
    for number, dispatch in enumerate(dispatches):
        recipient = offices[number % len(offices)]
        assert dispatch.letter is not None
        recipient.email = recipient.email or dispatch.to_address
        dispatch.letter.number_key = number_key(dispatch.letter.number or "")
        forwarding = Forwarding(
            complaint=complaint,
            network=office.network,
            sender=office,
            recipient=recipient,
            letter=dispatch.letter,
            purpose=Purpose.HANDLING,
            response_class=ResponseClass.ORDINARY,
            by_email=True,
            by_post=False,
            stage=Stage.READY,
            stage_since=clock.now(),
            created_at=clock.now(),
            created_by_id=author.id,
        )
        db.session.add(forwarding)
        db.session.flush()
        dispatch.about, dispatch.institution_id = forwarding.stream, recipient.id
        outbox.hand_over(dispatch, "250 2.0.0 Ok")
        advance(forwarding, Happening.DISPATCHED, SYSTEM)
        deadlines.start(forwarding, ClockKey.ACKNOWLEDGE)
    db.session.commit()
    return dispatches


def _answer(number: int, dispatch: EmailDispatch) -> bytes:
    """What comes back for this message: of each kind so many in ten."""
    assert dispatch.letter is not None
    kind = number % 10
    to, sender = return_address.of(dispatch), f"Petugas <{dispatch.to_address}>"
    if kind == 0:
        mail = _mail("MAILER-DAEMON@mx.example", to, "Undelivered Mail", _BOUNCE.format(address=dispatch.to_address))
        mail["Return-Path"] = "<>"
    elif kind == 1:
        mail = _mail(sender, to, "Balasan otomatis", _AWAY)
        mail["Auto-Submitted"] = "auto-replied"
    elif kind == 2:
        mail = _mail(sender, "penghubung@hub.example", f"Jawaban {dispatch.letter.number}", _WORDS)
    else:
        quoted = f"{_WORDS}\n\nPada {clock.now():%d/%m/%Y %H.%M}, Penghubung <{to}> menulis:\n{_QUOTED}"
        mail = _mail(sender, to, f"Re: {dispatch.subject}", quoted)
        mail["In-Reply-To"] = dispatch.message_id
    return mail.as_bytes()


def _mail(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = clock.now()
    mail.set_content(text)
    return mail
