"""Reading the mails that the catcher kept."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{6}")


@dataclass(frozen=True)
class CaughtMail:
    """`id` names its file; `message` is parsed as it travelled."""

    id: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipient(self) -> str:
        return str(self.message["To"] or "")

    @property
    def date(self) -> datetime | None:
        found = self.message["Date"]
        return found.datetime if found is not None else None

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attachments(self) -> tuple[tuple[str, str, bytes], ...]:
        """(name, media type, bytes) of each attached file."""
        parts = self.message.iter_attachments()
        return tuple((one.get_filename() or "lampiran", one.get_content_type(), _bytes(one)) for one in parts)

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def newest(folder: Path, before: str = "", size: int = 50) -> tuple[list[CaughtMail], str]:
    """Up to `size` mails, newest first, older than the id `before`; and the id to go on with, "" at the end."""
    ids = sorted((path.stem for path in folder.glob("*.eml") if _ID.fullmatch(path.stem)), reverse=True)
    older = [id for id in ids if not before or id < before]
    shown = older[:size]
    return [_parsed(folder, id) for id in shown], shown[-1] if len(older) > size else ""


def find(folder: Path, id: str) -> CaughtMail | None:
    """The mail with this id. Anything that is no id is not looked for, so no path leads out of the folder."""
    if not _ID.fullmatch(id) or not (folder / f"{id}.eml").is_file():
        return None
    return _parsed(folder, id)


def _parsed(folder: Path, id: str) -> CaughtMail:
    message = message_from_bytes((folder / f"{id}.eml").read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # what policy.default makes
    return CaughtMail(id, message)


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else part.as_bytes()
