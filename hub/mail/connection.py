"""The way to the mail server: one connection for many messages, with time limits, mended when it drops."""

import re
import smtplib
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Self

import flask_mail

from hub.mail.message import HubMessage
from hub.mail.models import AttemptOutcome
from hub.mail.rules import is_permanent

TIME_LIMIT_SECONDS = 20.0
"""For each step of the talk with the server. A healthy one answers in well under one second."""


_SEND_DATA, _HANGS_UP = 354, 421
_GO_ON = (250, 251, _SEND_DATA)
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class NotTaken(Exception):
    """The server did not take the message. The text is what it said."""

    outcome: AttemptOutcome


class Refused(NotTaken):
    """For good: this message will never reach this recipient."""

    outcome = AttemptOutcome.REFUSED


class Postponed(NotTaken):
    """For now: the same message may be taken later."""

    outcome = AttemptOutcome.POSTPONED


class OurFault(Postponed):
    """The server does not let the hub send: somebody mends that, then the mail leaves."""

    outcome = AttemptOutcome.OUR_FAULT


class Unreachable(Postponed):
    """The talk broke off or never began; the next message would fare no better now."""

    outcome = AttemptOutcome.UNREACHABLE


class NotLetIn(Unreachable):
    """The server refuses our password, or has no way to sign in: the next message would fare no better."""

    outcome = AttemptOutcome.OUR_FAULT


class Connection(flask_mail.Connection):
    """Opened by the first message and kept. Leaving it never raises: what was handed over stays handed over."""

    host: "_Talkative | None"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._leave()

    def configure_host(self) -> "_Talkative":
        """Connect, encrypt and sign in as the settings say; the server's certificate is verified."""
        server, port, limit = self.mail.server, self.mail.port, TIME_LIMIT_SECONDS
        host: _Talkative
        if self.mail.use_ssl:
            host = _TalkativeTLS(server, port, timeout=limit, context=ssl.create_default_context())
        else:
            host = _Talkative(server, port, timeout=limit)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except (OSError, smtplib.SMTPException):
            host.close()
            raise
        return host

    def hand_over(self, message: HubMessage, envelope_from: str) -> str:
        """Give `message` to the server. Returns its last words; raises NotTaken."""
        was_open = self.host is not None
        try:
            return self._attempt(message, envelope_from)
        except Unreachable:
            # A connection kept from an earlier message may have been dropped meanwhile: once more on a fresh one.
            if not was_open:
                raise
        return self._attempt(message, envelope_from)

    def _attempt(self, message: HubMessage, envelope_from: str) -> str:
        content = message.as_bytes()
        try:
            self.host = self.host or self.configure_host()
            return self.host.give(envelope_from, message.recipient.address, content)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as trouble:
            self._leave()
            raise NotLetIn(str(trouble)) from trouble
        except (OSError, smtplib.SMTPException) as trouble:
            self._leave()
            raise Unreachable(str(trouble) or type(trouble).__name__) from trouble

    def _leave(self) -> None:
        host, self.host = self.host, None
        if host is None:
            return
        try:
            host.quit()
        except (OSError, smtplib.SMTPException):
            host.close()


class _Talkative(smtplib.SMTP):
    """Gives a message in half the round trips where the server allows it, and tells its words."""

    def give(self, sender: str, recipient: str, content: bytes) -> str:
        """What the server said when it took the message: the queue number there is evidence. Raises NotTaken."""
        self.ehlo_or_helo_if_needed()
        replies = self._ask(f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA")
        for place, (code, words) in enumerate(replies):
            if code not in _GO_ON:
                self._start_anew(replies)
                raise OurFault(_words(code, words)) if place == 0 else _verdict(code, words)
        self.send(_LEADING_DOT.sub(b"..", content) + b".\r\n")
        code, words = self.getreply()
        if code not in _GO_ON:
            raise _verdict(code, words)
        return _words(code, words)

    def _ask(self, *commands: str) -> list[tuple[int, bytes]]:
        """A reply for each command, all sent at once where the server allows it (RFC 2920), else up to a refusal."""
        at_once = self.has_extn("pipelining")
        if at_once:
            self.send("".join(f"{command}\r\n" for command in commands))
        replies: list[tuple[int, bytes]] = []
        for command in commands:
            if not at_once:
                self.putcmd(command)
            code, words = self.getreply()
            replies.append((code, words))
            if code == _HANGS_UP or (code not in _GO_ON and not at_once):
                break
        return replies

    def _start_anew(self, replies: list[tuple[int, bytes]]) -> None:
        """Leave the server without a half-told message: some say "go on" to DATA although nobody is to get it."""
        with suppress(smtplib.SMTPServerDisconnected):
            if replies[-1][0] == _SEND_DATA:
                self.docmd(".")
            self.rset()


class _TalkativeTLS(_Talkative, smtplib.SMTP_SSL):
    pass


def _verdict(code: int, words: bytes | str) -> NotTaken:
    return (Refused if is_permanent(code) else Postponed)(_words(code, words))


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
