"""Reports that a mail did not arrive: RFC 3464 ones, and the many that are only text. Pure.

Nearly half of all bounces have no report part. So nothing here knows one mail server: who writes (a daemon), what the
subject and the first lines say, whether the original comes along, and where an address stands in a line decide.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hub.mail.reading import phrases
from hub.mail.reading.parsing import Mail, bare_address, report_text

_I = re.IGNORECASE


_LONGEST_JSON = 20_000
LONGEST_LINE = 1000
"""Characters of a line that are looked at. Servers write shorter ones, and rules of many parts stay quick."""


class Permanence(StrEnum):
    """Whether the same message could arrive later. Delayed mail and a full mailbox are transient."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Bounce:
    """`recipients` in lower case, empty when none is named. `status` as in RFC 3463, "" without one.

    `words` are the server's own, as far as they can be found. `is_final`: the server has given up; a "delayed" notice
    is not.
    """

    permanence: Permanence
    recipients: tuple[str, ...]
    status: str
    words: str
    is_final: bool


def read(mail: Mail) -> Bounce | None:
    """What the mail reports, None when it is no bounce."""
    if told := _by_service(mail.text):
        return told
    reports = _reports(mail)
    if all(report.arrived for report in reports) if reports else not _may_be_bounce(mail):
        return None
    notice = notice_of(mail.text)
    if not (reports or _is_bounce(mail, notice)):
        return None
    failed = [report for report in reports or _reports_inside(mail) if not report.arrived]
    words = _words(failed, notice)
    status = _status(failed, words, notice)
    is_delayed = _is_delayed(mail, failed, notice)
    return Bounce(
        permanence=_permanence(is_delayed, status, words, notice, mail),
        recipients=tuple(_recipients(mail, failed, notice)),
        status=status,
        words=words,
        is_final=not is_delayed,
    )


def notice_of(text: str) -> str:
    """The server's own words: what stands before the copy of the message that it returns."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if _COPY_FOLLOWS.match(line) or _is_header_run(lines, place):
            if place == 0:
                continue
            return "\n".join(lines[:place])
    return text


_COPY_FOLLOWS = re.compile(
    r"^[\s>*|=_-]*(?:(?:this|below|here|following|attached|included)\b.{0,40}"
    r"\b(?:is|are)\b.{0,20}\b(?:a )?(?:copy|header)"
    r"|(?:the )?(?:original|returned|unsent|undelivered|bounced)\s+(?:message|mail|e-?mail)\b(?!.{0,20}(?:was|could"
    r"|has))"
    r"|message (?:text|headers?)(?: .{0,20})? follows?|the headers? of the original|(?:start of )?returned message"
    r"|(?:berikut |di ?bawah ini )?(?:adalah )?(?:salinan|kopi) (?:dari )?(?:pesan|surel|email)|pesan (?:asli|semula)\b"
    r"|header (?:pesan|asli)|isi pesan asli)",
    _I,
)
_HEADER_LINE = re.compile(
    r"^\s{0,8}(received|return-path|message-id|mime-version|dkim-signature|delivered-to|content-type|from|to|date"
    r"|subject"
    r"|x-[\w-]+|reply-to|sender|content-transfer-encoding|list-id):",
    _I,
)
_SURE_HEADER = ("received", "message-id", "mime-version", "return-path", "dkim-signature", "content-type")


def _is_header_run(lines: list[str], place: int) -> bool:
    """A returned message begins here without a word of announcement: header lines, the telling ones among them."""
    if not _HEADER_LINE.match(lines[place]):
        return False
    names = [found[1].lower() for line in lines[place : place + 8] if (found := _HEADER_LINE.match(line))]
    return len(names) >= 3 and any(name in _SURE_HEADER for name in names)


# --- reports -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Report:
    """The fields about one recipient (RFC 3464 §2.3)."""

    recipient: str
    action: str
    status: str
    diagnostic: str

    @property
    def arrived(self) -> bool:
        return self.action in ("delivered", "relayed", "expanded")


def _lines(text: str, most: int | None = None) -> list[str]:
    return [line[:LONGEST_LINE] for line in text.split("\n")[:most]]


_ONE_FIELD = re.compile(r"^[ \t]*([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)$")
_REPORT_FIELD = re.compile(r"^[^\S\n]*(?:final-recipient|original-recipient)\s*:", _I | re.MULTILINE)


def _reports(mail: Mail) -> list[_Report]:
    """What report parts say about each recipient; some servers write the same fields into plain text."""
    texts = [part.text for part in mail.parts if part.content_type.endswith("delivery-status")]
    if not any(_REPORT_FIELD.search(text) for text in texts):
        inside = [part.text for part in mail.parts if part.content_type.startswith("text/") and not part.is_file]
        texts = [*texts, *(text for text in inside if _REPORT_FIELD.search(text) and _ACTION.search(text))]
    return [report for text in texts for block in _blocks(text) if (report := _report(block))]


def _reports_inside(mail: Mail) -> list[_Report]:
    """Some gateways wrap the report of another server into a notice of their own."""
    inside = [
        part for one in mail.returned for part in one.walk() if part.get_content_type().endswith("delivery-status")
    ]
    return [report for part in inside for block in _blocks(report_text(part)) if (report := _report(block))]


_ACTION = re.compile(r"^[^\S\n]*(?:action|status|diagnostic-code)\s*:", _I | re.MULTILINE)


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Groups of fields; a blank line or a second recipient begins a new one."""
    block: dict[str, str] = {}
    last = ""
    for line in [*_lines(text), ""]:
        found = _ONE_FIELD.match(line) if line.strip() else None
        if found and not (last and line[:1] in " \t" and found[1].lower() not in _KNOWN_FIELDS):
            last = found[1].lower()
            if last in ("final-recipient", "original-recipient") and last in block:
                yield block
                block = {}
            block.setdefault(last, found[2].strip())
        elif line.strip() and last and line[:1] in " \t" and len(block[last]) < _LONGEST_FIELD:
            block[last] = f"{block[last]} {line.strip()}"
        elif not line.strip() and block:
            yield block
            block, last = {}, ""


_LONGEST_FIELD = 5000
_KNOWN_FIELDS = ("final-recipient", "original-recipient", "action", "status", "diagnostic-code", "remote-mta")


def _report(block: dict[str, str]) -> _Report | None:
    names = ("final-recipient", "x-actual-recipient", "original-recipient")
    told = [block[name] for name in names if block.get(name)]
    if not told and not (block.keys() & {"action", "diagnostic-code"}):
        return None
    if not told and "action" not in block and "status" not in block:
        return None
    addresses = [address for value in told if (address := _report_address(value))]
    recipient = next(iter(addresses), "")
    if "." not in recipient.partition("@")[2]:  # a name within the server: the same mailbox as it was written to
        local = recipient.partition("@")[0]
        recipient = next((one for one in addresses[1:] if one.partition("@")[0] == local), recipient)
    action = re.sub(r"[^a-z].*", "", block.get("action", "").lower())
    return _Report(recipient, action, block.get("status", ""), block.get("diagnostic-code", ""))


def _report_address(value: str) -> str:
    """The address of "rfc822; name@host", in lower case."""
    bare = value.partition(";")[2] or value
    quoted = re.search(r'"[^"]{1,64}"@[\w.-]+', bare)
    return (quoted[0] if quoted else bare_address(bare)).strip(".").lower()


_SERVICE_KIND = re.compile(r'"(?:notificationType|eventType)"\s*:\s*"Bounce"')


def _by_service(text: str) -> Bounce | None:
    """Amazon SES, where mail is sent through it, tells of bounces in JSON, itself often a string within JSON."""
    bare = text[:_LONGEST_JSON].replace('\\"', '"')
    if not _SERVICE_KIND.search(bare):
        return None
    told = {
        name: re.findall(rf'"{name}"\s*:\s*"([^"]*)"', bare) for name in ("emailAddress", "status", "diagnosticCode")
    }
    is_permanent = re.search(r'"bounceType"\s*:\s*"Permanent"', bare)
    return Bounce(
        permanence=Permanence.PERMANENT if is_permanent else Permanence.TRANSIENT,
        recipients=tuple(dict.fromkeys(address.lower() for address in told["emailAddress"])),
        status=next(iter(_ENHANCED.findall(" ".join(told["status"]))), ""),
        words=next(iter(told["diagnosticCode"]), "").removeprefix("smtp; "),
        is_final=True,
    )


# --- is it one? ----------------------------------------------------------------------------------------------------


def is_from_daemon(mail: Mail) -> bool:
    """Written by a mail server or list: MAILER-DAEMON, postmaster, "Mail Delivery System", or nobody at all."""
    if any(mail.headers.get(name) for name in ("X-Mailman-Version", "X-MLServer", "X-List-Administrivia")):
        return True
    raw = " ".join(str(mail.headers.get("From") or "").split())
    if raw in ("", "<>"):
        return mail.headers.get("From") is not None
    name, address = mail.sender
    local = (address or raw).partition("@")[0].strip(' <>"').lower()
    return bool(phrases.DAEMON.match(local) or phrases.DAEMON_NAME.search(name))


def has_no_return(mail: Mail) -> bool:
    """The envelope sender was empty (RFC 5321 §4.5.5): nobody wants to hear back."""
    value = mail.headers.get("Return-Path")
    return value is not None and not str(value).strip(" <>\t")


def reports_arrival(mail: Mail) -> bool:
    """A report (RFC 3464) that says of every recipient that the mail has arrived, or went on."""
    reports = _reports(mail)
    return bool(reports) and all(report.arrived for report in reports)


def _may_be_bounce(mail: Mail) -> bool:
    """A look at the headers: what a person sent, or answered, is none. Cheap, and most mail ends here."""
    if mail.headers.get("X-Failed-Recipients") or phrases.LOOP_SUBJECT.match(mail.header("Subject")):
        return True
    if is_from_daemon(mail):
        return True
    is_answer = phrases.ANSWER_SUBJECT.match(mail.header("Subject"))
    return not is_answer and (_is_report(mail) or is_from_machine(mail))


def _is_bounce(mail: Mail, notice: str) -> bool:
    subject = mail.header("Subject")
    if mail.headers.get("X-Failed-Recipients") or phrases.LOOP_SUBJECT.match(subject):
        return True
    head = "\n".join(_lines(notice, 60))
    says_so = bool(phrases.NOT_DELIVERED.search(head))
    is_titled = bool(phrases.BOUNCE_SUBJECT.search(subject))
    returns_it = bool(mail.returned) or notice != mail.text
    refused = bool(phrases.REFUSAL.search(head))
    if is_from_daemon(mail):
        return says_so or is_titled or refused or _is_report(mail) or (returns_it and not phrases.AWAY.search(head))
    if has_no_return(mail) or _is_report(mail):
        return (is_titled and (says_so or refused or returns_it)) or (says_so and (refused or returns_it))
    return is_titled and says_so and refused


def _is_report(mail: Mail) -> bool:
    is_so_called = mail.headers.get_content_type() == "multipart/report"
    return is_so_called or any(kind.endswith("delivery-status") for kind in mail.content_types)


def is_from_machine(mail: Mail) -> bool:
    """Nobody wants to hear back, or the mail itself says that it is automatic."""
    automatic = mail.header("Auto-Submitted").lower() not in ("", "no")
    _, address = mail.sender
    return automatic or has_no_return(mail) or bool(phrases.NO_REPLY.search(address))


# --- what it says --------------------------------------------------------------------------------------------------


def _is_delayed(mail: Mail, failed: list[_Report], notice: str) -> bool:
    """The server tries on. With a report its Action decides, otherwise subject and first lines."""
    actions = {report.action for report in failed if report.action}
    if actions:
        return actions == {"delayed"}
    head = "\n".join(_lines(notice, 40))
    if phrases.GIVEN_UP.search(head):
        return False
    return bool(phrases.DELAYED.search(mail.header("Subject")) or phrases.DELAYED.search(head))


_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"(?<![\d.:/#-])([45]\d\d)(?![\d.:-]|\s*(?:bytes|kb|mb)\b)", _I)
_CODED_LINE = re.compile(r"(?<![\d.])(?:[45]\d\d[ -]|[45]\.\d{1,3}\.\d{1,3}\b)", _I)


def _words(failed: list[_Report], notice: str) -> str:
    """The reply of the server that refused: Diagnostic-Code, else the line of the notice that holds a reply code."""
    for report in failed:
        if report.diagnostic:
            told = report.diagnostic.partition(";")[2].strip() or report.diagnostic
            return " ".join(told.split())[:1000]
    lines = [line for raw in _lines(notice) if (line := " ".join(raw.split())).strip("-=*_ ")]
    for place, line in enumerate(lines):
        if (found := _CODED_LINE.search(line)) and not line.startswith(">>>"):
            begin = found.start() if found[0][:3].isdigit() else 0
            return " ".join([line[begin:], *lines[place + 1 : place + 3]])[:1000]
    for pattern in (phrases.GONE, phrases.FULL, phrases.REASON):
        if telling := [line for line in lines if pattern.search(line)]:
            return telling[0][:1000]
    return (lines or [""])[0][:1000]


def _status(failed: list[_Report], words: str, notice: str) -> str:
    """The enhanced status code. One in the server's reply is told before a general one such as 5.0.0."""
    told = [found[1] for report in failed if (found := _ENHANCED.search(report.status))]
    specific = [code for code in told if not code.endswith(".0.0")]
    said = [
        code
        for text in (*(report.diagnostic for report in failed), words, *([] if failed else [notice]))
        for code in _ENHANCED.findall(text)
    ]
    said.sort(key=lambda code: code.endswith(".0.0"))
    return next(iter((*specific, *said, *told)), "")


_NOT_ABOUT_THE_ADDRESS = re.compile(r"5\.[0235]\.")
"""Codes that servers give for a full mailbox too."""


def _permanence(is_delayed: bool, status: str, words: str, notice: str, mail: Mail) -> Permanence:
    head = notice[:6000]
    is_full = status.endswith(".2.2") or phrases.FULL.search(words)
    if not status or _NOT_ABOUT_THE_ADDRESS.match(status):
        is_full = is_full or phrases.FULL.search(head)
    if is_delayed or is_full:
        return Permanence.TRANSIENT
    if codes := [status] if status else _CODE.findall(words):
        return Permanence.PERMANENT if any(code.startswith("5") for code in codes) else Permanence.TRANSIENT
    told = f"{mail.header('Subject')}\n{head}"
    return next((permanence for pattern, permanence in _BY_WORDS if pattern.search(told)), Permanence.UNKNOWN)


_BY_WORDS = (
    (phrases.GONE, Permanence.PERMANENT),
    (phrases.WORN_OUT, Permanence.TRANSIENT),
    (phrases.FOR_GOOD, Permanence.PERMANENT),
    (phrases.FOR_NOW, Permanence.TRANSIENT),
)


# --- whom it did not reach -----------------------------------------------------------------------------------------

_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}"
_ANY = re.compile(_ADDRESS)
_HEADS_LINE = re.compile(
    rf"^[\s>*•·|\"'(\[#-]{{0,40}}(?:\d{{1,2}}[.)]\s+)?(?:[45]\d\d[ -](?:[45]\.\d\.\d{{1,3}}\s+)?)?"
    rf"(?:(?:failed |original |intended )?(?:recipients?|rcpt to|to|address|penerima|alamat|kepada"
    rf"|ke)\s{{0,9}}(?:address(?:es)?"
    rf"|\(s\))?\s{{0,9}}[:=]\s{{0,9}})?[\[<'(]{{0,5}}(?:smtp:|mailto:|rfc822;)?\s{{0,9}}<?(?P<address>{_ADDRESS})>?",
    _I,
)
_RCPT = re.compile(rf"rcpt\s{{1,9}}to\s{{0,9}}:?\s{{0,9}}<?({_ADDRESS})", _I)
_FROM_ENVELOPE = re.compile(r"mail\s+from\s*:|envelope-from|return-path", _I)


def _recipients(mail: Mail, failed: list[_Report], notice: str) -> Iterable[str]:
    told = [report.recipient for report in failed if report.recipient]
    if told:
        return dict.fromkeys(told)
    named = [address for value in mail.all_headers("X-Failed-Recipients") for address in _ANY.findall(value)]
    if named:
        return dict.fromkeys(address.lower() for address in named)
    ours = {address for _, address in mail.addresses("To", "Delivered-To", "Envelope-To", "Cc")}
    ours |= {bare_address(str(one.get(name) or "")).lower() for one in mail.returned for name in _AUTHORS}
    ours |= {mail.sender[1]}
    by_weight: dict[int, dict[str, None]] = {}
    for weight, address in _named_in(notice):
        is_ours = address in ours or phrases.ROLE_OF_THE_SERVER.match(address.partition("@")[0])
        if not is_ours or weight >= _BESIDE_FAILURE:
            by_weight.setdefault(weight - 10 if is_ours else weight, {})[address] = None
    return by_weight[max(by_weight)] if by_weight else _addressee_of_original(mail)


_AUTHORS = ("From", "Sender", "Reply-To", "Return-Path")


_AT_HEAD, _BESIDE_FAILURE, _AS_TO, _SOMEWHERE = 4, 3, 2, 1


def _named_in(notice: str) -> Iterator[tuple[int, str]]:
    """Addresses of the notice, weighed by where they stand: heading a line, beside a word of failure, elsewhere."""
    for line in _lines(notice):
        if "@" not in line or _FROM_ENVELOPE.search(line) or _ARRIVED.search(line):
            continue
        if found := _RCPT.search(line):
            yield _AT_HEAD, found[1].lower()
            continue
        if phrases.TURN_TO.search(line):
            continue
        heads = _HEADS_LINE.match(line)
        fails = phrases.NOT_DELIVERED.search(line) or phrases.REASON.search(line)
        for address in _ANY.findall(line):
            if phrases.KEEPER_OF_A_LIST.search(address):
                continue
            weight = _BESIDE_FAILURE if fails else _SOMEWHERE
            if heads is not None and heads["address"] == address:
                weight = _AS_TO if _TO.match(line) else _AT_HEAD
            yield weight, address.strip(".").lower()


_ARRIVED = re.compile(r"[.:\s](?:delivered|relayed|terkirim|berhasil)[\s.]*$", _I)
_TO = re.compile(r"^[\s>*-]*(?:to|kepada|ke)\s*:", _I)


def _addressee_of_original(mail: Mail) -> list[str]:
    """The one the original was written to, when it comes along and was written to one only."""
    for original in mail.returned:
        written_to = _ANY.findall(str(original.get("To") or ""))
        if len({address.lower() for address in written_to}) == 1 and not original.get("Cc"):
            return [written_to[0].lower()]
    return []
