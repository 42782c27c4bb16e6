"""Pictures within a page, such as the emblem of an institution. PNG and JPEG only: an SVG may act, not only show."""

from base64 import b64decode, b64encode

_ENDS = {"image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"), "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9")}
"""What the bytes begin with, and what must follow somewhere: half a picture is none."""


class NotAPicture(ValueError):
    """Neither a whole PNG nor a whole JPEG."""


def media_type(content: bytes) -> str | None:
    """What the bytes say it is; None when it may not stand in a page."""
    for kind, (beginning, ending) in _ENDS.items():
        if content.startswith(beginning) and ending in content:
            return kind
    return None


def address(content: bytes) -> str:
    """The picture as its own address, for `src`: the same page then shows it on screen and in the PDF.

    Raises NotAPicture.
    """
    kind = media_type(content)
    if kind is None:
        raise NotAPicture("a picture within a page is a whole PNG or a JPEG")
    return f"data:{kind};base64,{b64encode(content).decode()}"


def read(address: str) -> tuple[str, bytes]:
    """Media type and bytes of such an address. Raises NotAPicture for everything else."""
    head, _, encoded = address.partition(";base64,")
    try:
        content = b64decode(encoded, validate=True)
    except ValueError:
        content = b""
    kind = media_type(content)
    if kind is None or head != f"data:{kind}":
        raise NotAPicture("a picture within a page is a whole PNG or a JPEG")
    return kind, content
