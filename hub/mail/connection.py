"""The way to the mail server: one connection for many messages, with time limits, mended when it drops."""

import smtplib
import ssl
from types import TracebackType
from typing import Any, Self

import flask_mail

from hub.mail.rules import is_permanent

TIME_LIMIT_SECONDS = 20.0
"""For each step of the talk with the server. A healthy one answers in well under one second."""


class NotTaken(Exception):
    """The server did not take the message. The text is what it said."""


class Refused(NotTaken):
    """For good: this message will never reach this recipient."""


class Postponed(NotTaken):
    """For now: the same message may be taken later."""


class Unreachable(Postponed):
    """The talk broke off or never began; the next message would fare no better now."""


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
        if self.mail.use_ssl:
            return self._sign_in(_TalkativeTLS(server, port, timeout=limit, context=ssl.create_default_context()))
        host = _Talkative(server, port, timeout=limit)
        if self.mail.use_tls:
            host.starttls(context=ssl.create_default_context())
        return self._sign_in(host)

    def hand_over(self, message: flask_mail.Message, envelope_from: str) -> str:
        """Give `message`, which has one recipient, to the server. Returns its last words; raises NotTaken."""
        was_open = self.host is not None
        try:
            return self._attempt(message, envelope_from)
        except Unreachable:
            # A connection kept from an earlier message may have been dropped meanwhile: once more on a fresh one.
            if not was_open:
                raise
        return self._attempt(message, envelope_from)

    def _attempt(self, message: flask_mail.Message, envelope_from: str) -> str:
        try:
            self.host = self.host or self.configure_host()
            self.send(message, envelope_from)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _verdict(*next(iter(refused.recipients.values()))) from refused
        except smtplib.SMTPDataError as refused:
            raise _verdict(refused.smtp_code, refused.smtp_error) from refused
        except smtplib.SMTPSenderRefused as refused:
            # Our own address is at fault, not the recipient's: somebody mends that, then the mail leaves.
            raise Postponed(_words(refused.smtp_code, refused.smtp_error)) from refused
        except (OSError, smtplib.SMTPException) as trouble:
            self._leave()
            raise Unreachable(str(trouble) or type(trouble).__name__) from trouble
        return self.host.last_words

    def _sign_in(self, host: "_Talkative") -> "_Talkative":
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host

    def _leave(self) -> None:
        host, self.host = self.host, None
        if host is None:
            return
        try:
            host.quit()
        except (OSError, smtplib.SMTPException):
            host.close()


class _Talkative(smtplib.SMTP):
    """Remembers what the server said when it took a message: the queue number there is evidence here."""

    last_words = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, words = super().data(msg)
        self.last_words = _words(code, words)
        return code, words


class _TalkativeTLS(_Talkative, smtplib.SMTP_SSL):
    pass


def _verdict(code: int, words: bytes | str) -> NotTaken:
    return (Refused if is_permanent(code) else Postponed)(_words(code, words))


def _words(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
