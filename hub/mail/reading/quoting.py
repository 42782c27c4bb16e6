"""What the writer of a reply wrote, without the history that mail programs put below, above or between. Pure.

Indonesian and English, as Gmail, Outlook, Zimbra, Roundcube, Yahoo and phones write it. Signatures stay: name, NIP and
office are what makes a reply worth something.
"""

import re
from collections.abc import Sequence

from hub.mail.reading.html import HISTORY_BEGINS

_I = re.IGNORECASE

_WROTE = r"(?:menulis|wrote|writes|tulis|berkata|schrieb)"
_ADDRESS = r"[^<>\s@]{1,100}@[^<>\s@]{1,200}"
_WROTE_LINE = re.compile(
    rf"^[\s-]*(?:pada|on|tanggal|tgl\.?|dalam)\b.{{4,300}}?\b{_WROTE}(?:\s{{0,9}}:)?\s{{0,9}}$"
    rf"|^[\s-]*(?:pada|on)\b.{{4,200}}@.{{2,100}}\b{_WROTE}\s{{0,9}}:\s"
    rf"|^.{{2,240}}<{_ADDRESS}>.{{0,60}}\b{_WROTE}\s{{0,9}}:\s{{0,9}}$"
    rf"|^\s*\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}.{{4,200}}(?:{_WROTE}\s{{0,9}}:|<{_ADDRESS}>\s{{0,9}}:)\s{{0,9}}$"
    r"|^\s*(?:kutipan|quoting|mengutip)\b.{0,200}@.{2,100}:\s{0,9}$"
    rf"|^\s*\S.{{0,100}}\b{_WROTE}\s+(?:pada|on)\b.{{4,120}}:\s{{0,9}}$",
    _I,
)
"""One line, or two or three joined, that say who wrote what follows, and when."""
_BEGINS_WROTE = re.compile(r"^\s*(?:pada|on|tanggal|tgl\.?)\s", _I)
_HAS_A_DATE = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}|\d{1,2}/\d{1,2}")

_EARLIER = (
    r"(?:(?:pesan|surat|surel|e-?mail)\s+(?:yang\s+)?(?:asli|terusan|diteruskan|sebelumnya|semula|awal|lama|dibalas)"
    r"|(?:original|forwarded|previous|reply)\s+(?:message|mail|e-?mail|from)|forwarded\b|(?:message|pesan) (?:from"
    r"|dari)\b"
    r"|balasan (?:dari|atas))"
)
_RULED = re.compile(
    rf"^[\s>]*[-_=*]{{2,}}\s*{_EARLIER}.{{0,60}}?(?:[-_=*]{{2,}}\s*(?:dari|from)\b.*|[-_=*]*\s*)$"
    r"|^\s*(?:begin forwarded message|(?:mulai|awal) (?:dari )?pesan (?:yang )?(?:diteruskan|terusan)"
    r"|pesan (?:yang )?(?:diteruskan|terusan|asli|sebelumnya))\s{0,9}:?\s{0,9}$"
    r"|^[\s-]{0,200}---.{0,40}\b(?:asli|terusan|diteruskan|original|forwarded)\b.{0,30}$",
    _I,
)
"""-----Pesan Asli-----, ---------- Forwarded message ---------, -------- Pesan terusan --------."""
_FORWARDED = re.compile(r"forward|terusan|diteruskan", _I)

_FIELD = re.compile(
    r"^[\s*_]*(dari|from|oleh|pengirim|sender|dikirim|terkirim|sent|tanggal|date|tgl|kepada|untuk|ke|to|cc|tembusan"
    r"|salinan|bcc|reply-to|balas ke|perihal|subjek|subject|hal|judul|penting|importance|lampiran|attachments?)"
    r"[*_]*\s*:[*_]*(?:\s|$)",
    _I,
)
_WHO = ("dari", "from", "oleh", "pengirim")
_WHEN = ("dikirim", "terkirim", "sent", "tanggal", "date", "tgl")
_WHOM = ("kepada", "untuk", "ke", "to")
_WHAT = ("perihal", "subjek", "subject", "hal", "judul")

_TIME = re.compile(r"\b\d{1,2}[.:]\d{2}\b(?![./]\d)")
_RULE = re.compile(r"^\s*(?:_{5,}|-{5,}|={5,}|\*{5,}|—{3,}|─{3,})\s*$")
_QUOTED = re.compile(r"^\s{0,3}>")
_DEVICE = re.compile(
    r"^[\s–—-]*(?:dikirim|terkirim|sent|diketik|dibuat)\s+(?:dari|via|dengan|melalui|from|using|with)\s+"
    r"(?:[\w.]+\s+)?(?:iphone|ipad|android|ponsel|hp|handphone|telepon|perangkat|samsung|galaxy|xiaomi|redmi|oppo|vivo"
    r"|realme|huawei|blackberry|nokia|yahoo|outlook|windows|mail|email|surel|gmail|smartphone|mobile|my|aplikasi"
    r"|zimbra|kotak|proton)\b.{0,80}$"
    r"|^\s*(?:get|dapatkan|unduh) {1,3}[\w. ]{2,30}? {1,3}(?:for|untuk|di|from|dari)\s+(?:android|ios|iphone|ipad"
    r"|windows)\b.{0,40}$"
    r"|^\s*\[(?:cid|image|gambar)[:\s][^\]]{0,200}\]\s*$"
    r"|^\s*(?:powered by|dikirim oleh)\s+(?:telkomsel|blackberry).{0,60}$",
    _I,
)


def own_words(text: str) -> str:
    """The lines of `text` that its writer wrote: the history of earlier mails cut, blank lines tidied.

    A reply between quoted lines keeps all its own lines in order. Of a forward without any word of its own, the words
    of the forwarded mail stay: somebody sent them on because they say it.
    """
    lines = [line.rstrip() for line in text.replace("\u200b", "").replace("\ufeff", "").split("\n")]
    begin = _history_begins(lines)
    written = _tidy(lines[:begin])
    if not written and begin < len(lines):
        answered_below = _tidy(_below(lines[begin:]))
        if answered_below:
            return answered_below
        if _is_forward(lines[begin:]):
            return _tidy([line for line in lines[begin:] if not _is_heading(line)])
    return written


def _history_begins(lines: Sequence[str]) -> int:
    """Index of the first line that belongs to earlier mail to the end; the number of lines when there is none."""
    for place, line in enumerate(lines):
        if HISTORY_BEGINS in line:
            return place
        if _RULED.match(line) and not _own_lines_follow(lines, place + 1):
            return place
        if _is_block_of_fields(lines, place):
            return place - 1 if place and _RULE.match(lines[place - 1]) else place
        if (length := _attribution(lines, place)) and not _own_lines_follow(lines, place + length):
            return place
    return len(lines)


def _attribution(lines: Sequence[str], place: int) -> int:
    """Over how many lines somebody is said to have written what follows; 0 when that is not said here."""
    if not lines[place].strip():
        return 0
    if _WROTE_LINE.match(lines[place]):
        return 1
    if not (_BEGINS_WROTE.match(lines[place]) or "@" in lines[place] or _HAS_A_DATE.search(lines[place])):
        return 0
    for length in (2, 3):
        joined = " ".join(line.strip() for line in lines[place : place + length])
        if len(joined) < 400 and _WROTE_LINE.match(joined) and all(line.strip() for line in lines[place : place + 2]):
            return length
    return 0


def _own_lines_follow(lines: Sequence[str], place: int) -> bool:
    """True when quoted lines come next and words of the writer stand between or below them."""
    rest = lines[place:]
    quoted = [number for number, line in enumerate(rest) if _QUOTED.match(line)]
    if not quoted or any(line.strip() for line in rest[: quoted[0]]):
        return False
    return bool(_tidy(_below(rest)))


def _below(rest: Sequence[str]) -> list[str]:
    """What is not quoted after quoted lines have begun: the answer of somebody who writes below or between."""
    if not any(_QUOTED.match(line) for line in rest):
        return []
    own = list(rest)
    begin = next(number for number, line in enumerate(own) if _QUOTED.match(line))
    own = own[begin:]
    for number, line in enumerate(own):
        if HISTORY_BEGINS in line or (number and _is_block_of_fields(own, number)):
            own = own[:number]
            break
    return [line for line in own if not _QUOTED.match(line)]


def _is_block_of_fields(lines: Sequence[str], place: int) -> bool:
    """Dari: / Dikirim: / Kepada: / Perihal: in any order and language, at least three of them, who among them.

    A nota dinas begins so too, as part of the answer; but it names no mail address and no time of day.
    """
    first = _FIELD.match(lines[place])
    if not first or first[1].lower() not in (*_WHO, *_WHAT, *_WHEN, *_WHOM):
        return False
    names, blank, is_from_a_program = set(), 0, bool(place and _RULE.match(lines[place - 1]))
    for line in lines[place : place + 14]:
        found = _FIELD.match(line)
        if found:
            names.add(found[1].lower())
            is_from_a_program = is_from_a_program or "@" in line or bool(_TIME.search(line))
        elif not line.strip():
            blank += 1
            if blank > 5:
                break
    who, rest = names & set(_WHO), (names & set(_WHEN), names & set(_WHOM), names & set(_WHAT))
    return is_from_a_program and bool(who) and sum(bool(one) for one in rest) >= 2


def _is_forward(rest: Sequence[str]) -> bool:
    return any(_FORWARDED.search(line) for line in rest[:3])


def _is_heading(line: str) -> bool:
    return bool(HISTORY_BEGINS in line or _RULED.match(line) or _FIELD.match(line) or _RULE.match(line))


def _tidy(lines: Sequence[str]) -> str:
    """Quoted lines, attributions to them and footers of devices taken out; runs of blank lines made one."""
    kept: list[str] = []
    skip = 0
    for place, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        if _QUOTED.match(line) or _DEVICE.match(line) or _RULED.match(line):
            continue
        if length := _attribution(lines, place):
            skip = length - 1
            continue
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    while kept and (kept[-1].strip() in ("", "--", "-") or _RULE.match(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()
