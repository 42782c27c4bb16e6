"""A mail server for the demonstration: it takes every mail and delivers none. Each is kept as a file."""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hub import clock, config
from hub.demo import gate


def default_folder(settings: config.Settings) -> Path:
    """Beside the stored files: `instance/demo-mail`, unless HUB_STORAGE_URL moves them."""
    return Path(unquote(urlsplit(settings.storage_url).path)).parent / "demo-mail"


def start(port: int, folder: Path) -> Controller:
    """Catch mail on 127.0.0.1:`port` in a thread of this process. Returns the server; its `stop()` ends it."""
    gate.require_demo()
    folder.mkdir(parents=True, exist_ok=True)
    server = Controller(_Catcher(folder), hostname="127.0.0.1", port=port, data_size_limit=config.MAX_REQUEST_BYTES)
    server.start()
    return server


def keep(folder: Path, content: bytes) -> str:
    """Keep one mail and return its id. Ids sort by arrival; a half-written file is never seen under one."""
    id = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{id}.part"
    unfinished.write_bytes(content)
    unfinished.rename(folder / f"{id}.eml")
    return id


def forget(folder: Path) -> None:
    """Throw away what was caught: the links of another world lead nowhere in a new one."""
    for mail in folder.glob("*.eml"):
        mail.unlink(missing_ok=True)


class _Catcher:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        content = envelope.content
        id = keep(self.folder, content if isinstance(content, bytes) else str(content).encode())
        return f"250 2.0.0 caught as {id}"
