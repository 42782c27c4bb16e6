"""The talk with an IMAP server: which messages are new, and the bytes of each. It knows nothing of the database."""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted, UnexpectedCommandStatusError

from hub.config import ImapAccount
from hub.mail.reading.parsing import LARGEST
from hub.mail.rules import one_line

STEP_SECONDS = 20.0
"""How long the server may be silent before the talk is over."""
PORTION = 20_000
"""Messages that are searched at once."""
_TROUBLE = (imaplib.IMAP4.error, ImapToolsError, OSError)


class CannotVisit(Exception):
    """The server is out of reach, refuses us or breaks off. The sentence says which, and never holds the password."""


class NotGiven(CannotVisit):
    """The server twice did not give out one message that it has."""


class Talk:
    """A sign-in at the folder of an account: made when it is needed, and made again when it broke.

    The library connects, signs in and opens the folder. It is not asked to fetch, for it would parse every mail
    outside the limits of time, nor to mark, for it then deletes for ever what a person marked as deleted.
    """

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        self._open: BaseMailBox | None = None
        self._validity: int | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def uid_validity(self) -> int:
        """Another number than last time means that every message has a new UID (RFC 9051 §2.3.1.1)."""
        self._box()
        return self._validity or 0

    def after(self, uid: int) -> list[int]:
        """UIDs behind this one, ascending.

        The answer to a search is one line, and the library takes none of a megabyte: from the last message backwards,
        in portions, until one holds nothing new.
        """
        found: set[int] = set()
        with self._or_say("does not list its messages"):
            box = self._box()
            for last in range(self._count, 0, -PORTION):
                portion = f"{max(1, last - PORTION + 1)}:{last}"
                lines = _ask(box, "SEARCH", portion, "UID", f"{uid + 1}:*")
                new = {int(number) for line in lines if line for number in line.split()}
                new = {one for one in new if one > uid}  # `*` names the last message, be it new or not
                if not new:
                    break
                found |= new
        return sorted(found)

    def content(self, uid: int) -> bytes | None:
        """A message as it came, of a huge one the beginning; None when somebody deleted it. Raises NotGiven.

        One that is not given is asked for again over a new connection: a break in the line is no flaw of a message.
        """
        words = ""
        for _ in range(2):
            box = self._box()
            try:
                return _fetch(box, uid)
            except _TROUBLE as problem:
                words = self._words(problem)
                self._close()
        raise NotGiven(f"{self._account.host} does not give out message {uid} of {self._account.folder}: {words}")

    def mark_seen(self, uids: Sequence[int]) -> None:
        """Show people who open the mailbox what the hub has taken. Nothing depends on it, so it may fail."""
        try:
            _ask(self._box(), "STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)")
        except _TROUBLE:
            self._close()

    def _box(self) -> BaseMailBox:
        if self._open is None:
            self._open = self._connected()
            self._sign_in(self._open)
        return self._open

    def _connected(self) -> BaseMailBox:
        account = self._account
        with self._or_say("cannot be reached"):
            if account.security == "tls":
                context = ssl.create_default_context()
                return MailBox(account.host, account.port, timeout=STEP_SECONDS, ssl_context=context)
            return MailBoxUnencrypted(account.host, account.port, timeout=STEP_SECONDS)

    def _sign_in(self, box: BaseMailBox) -> None:
        account = self._account
        if account.security == "starttls":
            with self._or_say("offers no encryption that can be trusted"):
                box.client.starttls(ssl.create_default_context())
        password = account.password.get_secret_value()
        login = box.login if f"{account.user}{password}".isascii() else box.login_utf8
        with self._or_say(f"refuses the sign-in of {account.user}"):
            login(account.user, password, initial_folder=None)
        with self._or_say(f"does not open the folder {account.folder}"):
            self._count = int(box.folder.set(account.folder)[1][-1] or 0)
        validity = int(box.client.response("UIDVALIDITY")[1][0] or 0)
        if self._validity not in (None, validity):
            raise CannotVisit(f"The folder {account.folder} was replaced during the visit.")
        self._validity = validity

    @contextmanager
    def _or_say(self, what: str) -> Iterator[None]:
        """Trouble within ends the talk with a sentence."""
        try:
            yield
        except _TROUBLE as problem:
            self._close()
            raise CannotVisit(f"{self._account.host} {what}: {self._words(problem)}") from None

    def _words(self, problem: Exception) -> str:
        """What the server or the system said. Some servers repeat what they were sent."""
        words = str(problem)
        if isinstance(problem, UnexpectedCommandStatusError):
            words = _text(problem.command_result[1])
        elif isinstance(problem, TimeoutError):
            words = f"no answer within {STEP_SECONDS:.0f} seconds"
        elif isinstance(problem, OSError) and problem.strerror:
            words = problem.strerror
        return one_line(words.replace(self._account.password.get_secret_value(), "…"), 300)

    def _close(self) -> None:
        box, self._open = self._open, None
        if box is not None:
            with suppress(*_TROUBLE):
                box.client.logout()
            with suppress(OSError):
                box.client.shutdown()


_EMPTY = re.compile(rb'BODY\[\](?:<0>)? ""', re.IGNORECASE)


def _fetch(box: BaseMailBox, uid: int) -> bytes | None:
    """Never more than one byte beyond the largest mail, so that a larger one is known and fills no memory."""
    answer = _ask(box, "FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    for one in answer:
        if isinstance(one, tuple) and b"BODY[" in one[0].upper():
            content: bytes = one[1]
            return content
        if isinstance(one, bytes) and _EMPTY.search(one):
            return b""
    if any(_ask(box, "SEARCH", f"UID {uid}")):
        raise imaplib.IMAP4.error("the answer holds no message")
    return None


def _ask(box: BaseMailBox, *command: str) -> list[Any]:
    """The answer to a command about UIDs: lines, and pairs of a line and the bytes that followed it."""
    status, answer = box.client.uid(*command)
    if status != "OK":
        raise imaplib.IMAP4.error(_text(answer))
    return list(answer)


def _text(answer: Sequence[object]) -> str:
    return " ".join(one.decode("utf-8", "replace") for one in answer if isinstance(one, bytes))
