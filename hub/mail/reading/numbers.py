"""Letter numbers in running text. Pure."""

import re

from hub.letters.rules import number_key

MOST = 20
"""Numbers looked for in one mail; nobody answers more letters at once by typing their numbers."""
_LOOKED_AT = 20_000

_CANDIDATE = re.compile(r"(?:[A-Za-z]{1,4}\s?[-–./]\s?)?\w{1,20}(?:\s?[/\\]\s?[\w.\-–]{1,40}){2,10}")
_WORD_BEFORE = re.compile(r"^(?:no|nr|nmr|nomor|surat)\b\W*", re.IGNORECASE)


def mentioned(*texts: str) -> list[str]:
    """Keys of all that looks like a letter number in `texts`, each once, in order: three parts between slashes.

    Dates and paths look so too; whoever looks them up finds the real ones.
    """
    candidates = (one for text in texts for one in _CANDIDATE.findall(text[:_LOOKED_AT]))
    keys = (number_key(_WORD_BEFORE.sub("", one)) for one in candidates)
    return list(dict.fromkeys(key for key in keys if any(sign.isdigit() for sign in key)))[:MOST]


def first_other(text: str, own: str) -> str:
    """The first letter number in `text` as it was typed, other than `own`: the number of the answer. "" without one."""
    typed = (_WORD_BEFORE.sub("", one).strip(" .,") for one in _CANDIDATE.findall(text[:_LOOKED_AT]))
    looks_right = (one for one in typed if any(sign.isdigit() for sign in one) and re.search(r"20\d\d", one))
    return next((one for one in looks_right if number_key(one) != number_key(own)), "")
