"""Signs that no font of the letters has: said in words, so that nothing a citizen wrote becomes an empty box."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from hub.letters.readiness import ALSO, FONT, signs_of

OTHER_SCRIPT = "[tulisan dalam aksara lain]"
_UNUSUAL = re.compile(r"[^\t\n\r\x20-\x7e]+")


def legible(text: str) -> str:
    """The text with each sign that cannot be printed named in brackets; foreign writing, however long, only once.

    What has no form of its own (joiners, variation selectors, marks of direction) stays; control characters go.
    """
    return _UNUSUAL.sub(lambda found: "".join(_said(found[0])), text)


def _said(signs: str) -> Iterator[str]:
    for kind, run in groupby(signs, _kind):
        if kind == "control":
            continue
        if kind == "letter":
            yield OTHER_SCRIPT
        elif kind == "symbol":
            yield from (f"[simbol: {unicodedata.name(one, f'U+{ord(one):04X}').lower()}]" for one in run)
        else:
            yield from run


def _kind(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in ("Cc", "Cs"):
        return "control"
    has_no_form = category in ("Cf", "Zs", "Zl", "Zp") or unicodedata.name(sign, "").startswith("VARIATION SELECTOR")
    if has_no_form or ord(sign) in _printable():
        return ""
    return "letter" if category[0] in "LM" else "symbol"


@cache
def _printable() -> frozenset[int]:
    """Of the two fonts that letters are printed in. All, where fontconfig does not tell: the press will say so."""
    known = signs_of(FONT) | signs_of(ALSO)
    return known or frozenset(range(0x110000))
