"""Keeping files and giving them back."""

import hashlib

from flask import Response, send_file
from flask_babel import gettext as _
from sqlalchemy import func, select

from hub import clock, config
from hub.extensions import db
from hub.files import rules, storage
from hub.files.models import StoredFile


class UnacceptableFile(ValueError):
    """A file the hub does not take. `sentence` says to the person why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def store(name: str, content: bytes) -> StoredFile:
    """Keep an uploaded file. Raises UnacceptableFile when it is empty, too large or of another type."""
    file = store_made(rules.display_name(name), content, accepted_type(name, content))
    db.session.flush()
    return file


def accepted_type(name: str, content: bytes) -> str:
    """The media type of a file the hub takes. Raises UnacceptableFile. It needs no database."""
    name = rules.display_name(name)
    if not content:
        raise UnacceptableFile(_("“%(name)s” is empty. Please choose the file again.", name=name))
    if len(content) > config.MAX_FILE_BYTES:
        raise UnacceptableFile(
            _(
                "“%(name)s” is %(size)s; at most %(limit)s is possible. Please make it smaller or split it.",
                name=name,
                size=rules.readable_size(len(content)),
                limit=rules.readable_size(config.MAX_FILE_BYTES),
            )
        )
    media_type = rules.media_type(name, content)
    if media_type is None:
        raise UnacceptableFile(
            _(
                "“%(name)s” cannot be taken: only PDF, JPEG, PNG, DOCX and XLSX, and the name must fit the content. "
                "Please save it as PDF and send that.",
                name=name,
            )
        )
    return media_type


def store_made(name: str, content: bytes, media_type: str) -> StoredFile:
    """Keep a file the hub made itself. The bytes are safe on disk before the row can be committed."""
    sha256 = hashlib.sha256(content).hexdigest()
    storage.write(sha256, content)
    file = StoredFile(sha256=sha256, name=name, media_type=media_type, size=len(content), created_at=clock.now())
    db.session.add(file)
    return file


def discard(file: StoredFile) -> None:
    """Delete a file for ever: its bytes at once (unless another row has the same), its row with the transaction."""
    same = db.session.scalar(select(func.count()).where(StoredFile.sha256 == file.sha256))
    if same == 1:
        storage.remove(file.sha256)
    db.session.delete(file)


def read(file: StoredFile) -> bytes:
    """The bytes. Raises FileNotFoundError when the storage lost them."""
    return storage.path(file.sha256).read_bytes()


def download(file: StoredFile, inline: bool = False) -> Response:
    """The file as an answer to a request; whoever calls has checked that the person may see it.

    `inline` shows it in the browser, for the hub's own PDFs only. An upload is always an attachment.
    """
    answer = send_file(
        storage.path(file.sha256),
        mimetype=file.media_type,
        as_attachment=not inline,
        download_name=file.name,
        etag=file.sha256,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
