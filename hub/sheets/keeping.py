"""A file that was checked, kept in the page until it is imported. Nothing lies on the server; nobody chooses twice."""

import zlib
from base64 import b64decode, b64encode

from hub.config import MAX_FILE_BYTES, MAX_TYPED_BYTES

MAX_KEPT = MAX_TYPED_BYTES * 3 // 4
"""Characters a form can carry back. 2,000 institutions take 90,000."""


def packed(content: bytes) -> str:
    """The file as text for a hidden field. Empty when it is too large for a form: then it is chosen again."""
    text = b64encode(zlib.compress(content)).decode()
    return text if len(text) <= MAX_KEPT else ""


def unpacked(text: str) -> bytes:
    """What was `packed`. Empty when somebody has tampered with it or it holds more than a file may."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(b64decode(text, validate=True), MAX_FILE_BYTES)
        return content if unpacker.eof else b""
    except (ValueError, zlib.error):
        return b""
