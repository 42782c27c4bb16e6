"""Mail: how many messages a second leave, and come in."""

import os
import smtplib
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory

from hub.bench import ground, inbound
from hub.bench.figures import Figure
from hub.demo.running import free_port
from hub.extensions import db
from hub.mail import return_address
from hub.mail.message import HubMessage, compose
from hub.mail.models import EmailDispatch
from hub.mail.sender import send_due

Tell = Callable[[str], None]

ROUNDS = 10
"""Short turns of each, so that whatever else the machine does meanwhile falls on both."""


class NoSink(Exception):
    """Postfix's `smtp-sink` cannot be used. The text says why, and what to do."""


def figures(mails: int, tell: Tell) -> dict[str, Figure]:
    """Every figure of mail by its name: of `mails` that leave, and a quarter as many that come in. Raises NoSink."""
    return {"mail_out": mail_out(mails, tell), "mail_in": inbound.mail_in(max(mails // 4, 10), tell)}


def mail_out(mails: int, tell: Tell) -> Figure:
    """One worker, its record of each mail included, beside a loop over `smtplib` that sends the same. Raises NoSink."""
    ours, plain = [], []
    with TemporaryDirectory(prefix="hub-bench-") as folder, smtp_sink() as port, ground.hub(Path(folder), port):
        for turn in range(1, ROUNDS + 1):
            messages = [_as_it_leaves(dispatch) for dispatch in ground.queue_letters(mails // ROUNDS)]
            db.session.remove()
            plain.append(_a_second(_send_plainly, messages, port))
            ours.append(_a_second(_send, messages))
            tell(f"Round {turn} of {ROUNDS}: {ours[-1]:.0f} mails/s, a plain loop {plain[-1]:.0f}.")
    ratio = median(mine / other for mine, other in zip(ours, plain, strict=True))
    return Figure(round(median(ours), 1), "mails/s", floor=1.5, ratio=round(ratio, 2))


@contextmanager
def smtp_sink() -> Iterator[int]:
    """A server that takes every mail and forgets it: Postfix's own. Gives its port. Raises NoSink."""
    program = which("smtp-sink", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        raise NoSink(
            "There is no smtp-sink on this machine. It is in the Debian package postfix: make bench installs it."
        )
    port = free_port()
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to be root
    child = subprocess.Popen([program, *as_nobody, "-c", f"127.0.0.1:{port}", "1000"], stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(port)
        yield port
    finally:
        child.kill()
        child.wait()


def _send(messages: Sequence[HubMessage]) -> None:
    left = 0
    while left < len(messages):
        report = send_due()
        left += report.handed_over
        if not report.handed_over:
            raise RuntimeError(f"mail does not leave: {report}")


def _send_plainly(messages: Sequence[HubMessage], port: int) -> None:
    """What a program without an outbox would do: build and send, over one connection, and keep no record."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        for one in messages:
            message = EmailMessage()
            message["Subject"] = one.subject
            message["From"] = str(one.author)
            message["To"] = str(one.recipient)
            message["Reply-To"] = one.reply_address
            message["Date"] = formatdate(localtime=True)
            message["Message-ID"] = one.msgId
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(one.body)
            message.add_alternative(one.html, subtype="html")
            [letter] = one.attachments
            message.add_attachment(letter.data, "application", "pdf", filename=letter.filename)
            server.send_message(message, one.reply_address, [one.recipient.address])


def _as_it_leaves(dispatch: EmailDispatch) -> HubMessage:
    return compose(dispatch, "penghubung@hub.example", return_address.of(dispatch))


def _a_second(send: Callable[..., None], messages: Sequence[HubMessage], *more: int) -> float:
    """How many messages a second `send` does."""
    started = time.perf_counter()
    send(messages, *more)
    return len(messages) / (time.perf_counter() - started)


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=1).quit()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NoSink("smtp-sink does not answer within five seconds. What it said is above.")
