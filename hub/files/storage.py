"""Where the bytes lie: one file for each content, named by its SHA-256."""

import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app


def path(sha256: str) -> Path:
    """`<root>/ab/abcdef…`: the first byte as a folder, so that none grows past some hundred entries for long."""
    return _root() / sha256[:2] / sha256


def write(sha256: str, content: bytes) -> None:
    """Write and flush beside the place, then rename: a crash leaves the whole file or none."""
    place = path(sha256)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def remove(sha256: str) -> None:
    """Gone, also when it was gone before."""
    path(sha256).unlink(missing_ok=True)


def _root() -> Path:
    url = current_app.extensions["settings"].storage_url
    parts = urlsplit(url)
    if parts.scheme != "file" or not parts.path:
        raise ValueError(f"HUB_STORAGE_URL must be file:///path/to/folder, not {url}")
    return Path(unquote(parts.path))
