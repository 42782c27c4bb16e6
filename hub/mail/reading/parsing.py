"""From raw bytes to the parts of a mail that can be read, whatever its line ends, charsets and flaws. Pure.

The older header policy of the standard library is used on purpose: the newer one raises on headers that real mail
servers write, and costs three times as much.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from hub.mail.reading.html import text_of

LARGEST = 50 * 1024 * 1024
"""Bytes. The common limit of mail servers is 25 MB, which base64 makes a third larger."""
MOST_PARTS = 300
DEEPEST = 12
LONGEST_TEXT = 200_000
"""Characters of one text that are looked at: a reply never needs more, and rules stay quick."""
LONGEST_HEADER = 20_000
MOST_IN_THREAD = 50
_ID_LINE = re.compile(r"^(?:[^\S\n]|>)*Message-ID:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")

_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)


class Unreadable(ValueError):
    """This mail cannot be read safely. The sentence says why; a person looks at it."""


@dataclass(frozen=True)
class Part:
    """One leaf of a mail. `text` is decoded for text and report parts, `content` holds the bytes of a file."""

    content_type: str
    text: str = ""
    name: str = ""
    content: bytes = b""

    @property
    def is_file(self) -> bool:
        return bool(self.name)


@dataclass
class Mail:
    """A mail taken apart. `text` is what its writer sees as the body, in plain text.

    `returned` are the headers of messages attached to this one (a bounce brings the original along), as text.
    """

    headers: Message
    text: str = ""
    parts: list[Part] = field(default_factory=list)
    returned: list[Message] = field(default_factory=list)
    content_types: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        """A header in plain words on one line, "" when it is absent."""
        return decoded(self.headers.get(name))

    def all_headers(self, name: str) -> list[str]:
        return [decoded(value) for value in self.headers.get_all(name, [])]

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """(name, address in lower case) of everybody in these headers."""
        values = [str(value) for name in names for value in self.headers.get_all(name, [])]
        return [(decoded(name), address.lower()) for name, address in _pairs(values) if "@" in address]

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address of who wrote it; an address may be missing, or be a bare word such as "mailer-daemon"."""
        raw = str(self.headers.get("From") or "")
        name, address = next(iter(_pairs([raw])), ("", ""))
        return decoded(name), (address if "@" in address else bare_address(raw) or address).lower()

    @property
    def written_at(self) -> datetime | None:
        """When the mail says that it was written; None when it does not say it in a way that can be understood."""
        try:
            written = parsedate_to_datetime(self.header("Date"))
        except (TypeError, ValueError, IndexError, OverflowError):
            return None
        return written if written.tzinfo else written.replace(tzinfo=UTC)

    @property
    def thread(self) -> list[str]:
        """Message-IDs of the mails this one answers, the nearest first; for a report those of what it returns."""
        told = [self.header("In-Reply-To"), *reversed(self.header("References").split())]
        told += [decoded(one.get("Message-ID")) for one in self.returned]
        told += _ID_LINE.findall(self.text)
        return list(dict.fromkeys(id for one in told for id in _MESSAGE_ID.findall(one)))[:MOST_IN_THREAD]

    @property
    def files(self) -> list[Part]:
        return [part for part in self.parts if part.is_file]


def parse(raw: bytes) -> Mail:
    """Take a mail apart. Raises Unreadable when it is larger, deeper or of more parts than any honest mail is."""
    if len(raw) > LARGEST:
        raise Unreadable(f"The mail is larger than {LARGEST // 1024 // 1024} MB.")
    if len(_BOUNDARY.findall(raw)) > MOST_PARTS:
        raise Unreadable("The mail has too many parts.")
    mail = Mail(message_from_bytes(_with_plain_line_ends(raw)))
    plain: list[str] = []
    rich: list[str] = []
    for place, part in enumerate(_leaves(mail, mail.headers, 0)):
        if place >= MOST_PARTS:
            raise Unreadable("The mail has too many parts.")
        mail.parts.append(part)
        if part.is_file:
            continue
        if part.content_type == "text/html":
            rich.append(part.text)
        elif part.content_type.startswith("text/") and part.content_type not in _HEADERS_ONLY:
            plain.append(part.text)
    has_html_only = rich and not any(text.strip() for text in plain)
    texts = [text_of(html) for html in rich] if has_html_only else plain
    mail.text = "\n\n".join(text.strip("\n") for text in texts if text.strip())[:LONGEST_TEXT]
    return mail


def decoded(value: object) -> str:
    """A header value as people read it: encoded words decoded, raw 8-bit bytes guessed, folded lines joined."""
    text = " ".join(str(value or "")[:LONGEST_HEADER].split())
    if "=?" in text:
        try:
            text = "".join(_as_text(part, charset) for part, charset in decode_header(text))
        except (HeaderParseError, ValueError, LookupError):
            return _legible(text)
    return _legible(text)


def bare_address(text: str) -> str:
    """The first thing in `text` that looks like an address, "" without one."""
    found = _ADDRESS.search(text)
    return found[0] if found else ""


_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}")


_HEADERS_ONLY = ("text/rfc822-headers", "message/rfc822-headers")
_REPORTS = (
    *_HEADERS_ONLY,
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
)


def _pairs(values: list[str]) -> list[tuple[str, str]]:
    try:
        return getaddresses([" ".join(value[:LONGEST_HEADER].split()) for value in values], strict=False)
    except TypeError:  # Python before 3.11.10 has no such word, and is never strict
        return getaddresses([" ".join(value[:LONGEST_HEADER].split()) for value in values])


def _as_text(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else _in_charset(part, charset)


def _legible(text: str) -> str:
    """Bytes above 127 that no charset was declared for come as surrogates: they are UTF-8, else Latin."""
    if text.isascii():
        return text
    return _in_charset(text.encode("utf-8", "surrogateescape"), "utf-8")


def _in_charset(content: bytes, charset: str | None) -> str:
    """Text without NUL, which no database keeps."""
    return _guessed(content, charset).replace("\0", "")


def _guessed(content: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return _whole(content.decode(name))
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _whole(text: str) -> str:
    """Without zero bytes and half characters, which some charsets can say and no database can keep."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _with_plain_line_ends(raw: bytes) -> bytes:
    r"""A mail is the same mail with \r\n, \n or \r at the end of its lines. Zero bytes belong to none."""
    return raw.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _leaves(mail: Mail, message: Message, depth: int) -> Iterator[Part]:
    if depth > DEEPEST:
        raise Unreadable("The mail is nested too deeply.")
    kind = message.get_content_type()
    mail.content_types.append(kind)
    inside = message.get_payload()
    if kind == "message/rfc822" and message.is_multipart() and depth:
        mail.returned.extend(one for one in inside if isinstance(one, Message))
        return
    if kind == "message/delivery-status" and message.is_multipart():
        yield Part(kind, report_text(message))
        return
    if kind.startswith("multipart/") and isinstance(inside, str):
        message, kind = _with_found_boundary(inside)
        inside = message.get_payload()
    if message.is_multipart():
        for one in inside:
            if isinstance(one, Message):
                yield from _leaves(mail, one, depth + 1)
        return
    yield _leaf(mail, message, kind)


_DELIMITER = re.compile(r"^--(\S.{0,68}\S)[ \t]*$", re.MULTILINE)


def _with_found_boundary(payload: str) -> tuple[Message, str]:
    """Parts whose delimiter is not the one that was announced, or was not announced; a plain text without any."""
    lines = Counter(_DELIMITER.findall(payload[:LONGEST_TEXT]))
    known = [line for line, times in lines.items() if times > 1 or f"{line}--" in lines]
    if not known:
        return message_from_string(f"\n{payload}"), "text/plain"
    return message_from_string(f'Content-Type: multipart/mixed; boundary="{known[0]}"\n\n{payload}'), "multipart/mixed"


def report_text(report: Message) -> str:
    """The groups of fields of a delivery report, a blank line between them."""
    inside = report.get_payload()
    return "\n\n".join(_block(one) for one in inside if isinstance(one, Message)) if isinstance(inside, list) else ""


def _block(fields: Message) -> str:
    """One group of fields of a delivery report; text that stands where fields should is kept."""
    lines = [f"{name}: {decoded(value)}" for name, value in fields.items()]
    rest = fields.get_payload()
    return "\n".join([*lines, *([rest] if isinstance(rest, str) and rest.strip() else [])])


def _leaf(mail: Mail, message: Message, kind: str) -> Part:
    content = message.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    name = decoded(_file_name(message))
    if kind in _HEADERS_ONLY:
        mail.returned.append(message_from_bytes(content))
    if kind in _REPORTS or kind.startswith("text/"):
        is_file = name and kind not in _REPORTS and message.get_content_disposition() == "attachment"
        text = _in_charset(content, message.get_content_charset())[:LONGEST_TEXT]
        return Part(kind, text, name, content) if is_file else Part(kind, text)
    return Part(kind, "", name or "lampiran", content)


def _file_name(message: Message) -> str:
    try:
        return message.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""
