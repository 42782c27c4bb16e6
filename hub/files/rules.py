"""Which files the hub accepts, and what it calls them. Pure."""

import io
import unicodedata
import zipfile
from pathlib import PurePosixPath

import puremagic

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXTENSIONS = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), DOCX: (".docx",), XLSX: (".xlsx",)}
"""What may come in, and how such a file may be called."""

_OFFICE_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_MAX_NAME = 200
_MOST_ENTRIES = 2000
"""Of an office file; one with thousands of pictures is too large anyway. Listing them costs as long as it wants to."""
_ENTRY = b"PK\x01\x02"
"""Begins each entry in the directory of a zip."""


def media_type(name: str, content: bytes) -> str | None:
    """The type when it is allowed and the name agrees with the content, otherwise None.

    No detector catches a file that is two things at once: downloads are attachments, never guessed by the browser.
    """
    extension = PurePosixPath(name.lower()).suffix
    claimed = next((kind for kind, endings in EXTENSIONS.items() if extension in endings), None)
    return claimed if claimed in _detected(content) else None


def _detected(content: bytes) -> set[str]:
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):  # unknown, empty
        return set()
    if not content.startswith(b"PK"):
        return found
    return {kind for kind in found & set(_OFFICE_PARTS) if _is_office_file(content, _OFFICE_PARTS[kind])}


def _is_office_file(content: bytes, part: str) -> bool:
    """A zip with this part and without macros. Only the directory is read, nothing is unpacked."""
    if content.count(_ENTRY) > _MOST_ENTRIES:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return {"[Content_Types].xml", part} <= parts and not any(one.endswith("vbaProject.bin") for one in parts)


def display_name(name: str) -> str:
    """The uploader's name for the file without path and invisible characters (no `fdp.exe` turned around)."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(one for one in name if unicodedata.category(one)[0] != "C").strip(" .") or "berkas"
    if len(name) <= _MAX_NAME:
        return name
    extension = PurePosixPath(name).suffix[:10]
    return name[: _MAX_NAME - len(extension)] + extension


def readable_size(size: int) -> str:
    """Bytes in megabytes, as people write it here: "10 MB", "12,4 MB"."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",") + " MB"
