"""A real SMTP server that remembers what it took and answers as a test tells it to."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

DROP = "drop"
"""Scripted instead of a reply: the server closes the connection without a word."""


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def text(self) -> str:
        """The plain text part."""
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""


@dataclass
class MailServer:
    """`received` holds what was taken, in order.

    `refusals` maps an address to the reply it always gets at RCPT; `script("DATA", reply, …)` answers the next
    commands (MAIL, RCPT or DATA) so, one reply each. A message whose DATA reply is DROP was taken all the same:
    that is how a connection dies after the hand-over. `extensions` are what it says it can do.
    """

    port: int
    received: list[Received] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("PIPELINING",)
    _scripted: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))

    def script(self, command: str, *replies: str) -> None:
        self._scripted[command].extend(replies)

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_EHLO(
        self, _: SMTP, session: Session, __: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{one}" for one in self.extensions), responses[-1]]

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        reply = self._next("MAIL", server) or "250 OK"
        if reply.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:
        reply = self._next("RCPT", server) or self.refusals.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        dropped = bool(self._scripted["DATA"]) and self._scripted["DATA"][0] == DROP
        reply = self._next("DATA", server) or "250 OK"
        if dropped or reply.startswith("250"):
            content = envelope.content
            raw = content if isinstance(content, bytes) else str(content).encode()
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return reply

    def _next(self, command: str, server: SMTP) -> str | None:
        if not self._scripted[command]:
            return None
        reply = self._scripted[command].popleft()
        if reply == DROP:
            server.transport.abort()
            return "421 gone"
        return reply
