"""The whole reading of one mail: what kind it is, and what of it matters. Pure."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hub.mail.reading import automatic, bounces, phrases
from hub.mail.reading.bounces import Bounce
from hub.mail.reading.parsing import Mail, parse
from hub.mail.reading.quoting import own_words


class MailKind(StrEnum):
    """What came in. Only `human` can prove receipt; `quarantined` could not be read safely."""

    HUMAN = "human"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    FEEDBACK = "feedback"
    RECEIPT = "receipt"
    JUNK = "junk"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Reading:
    """`bounce` is there for bounces only. `reply_text` holds the writer's own words, "" unless a person wrote it.

    `is_away`: an automatic answer says that somebody is not there; `away_until` is the last day of it, if it names one.
    """

    kind: MailKind
    mail: Mail = field(repr=False)
    bounce: Bounce | None = None
    reply_text: str = ""
    is_away: bool = False
    away_until: date | None = None


def read(raw: bytes) -> Reading:
    """Read a mail. Raises parsing.Unreadable for one that is too large, deep or crowded to be honest."""
    mail = parse(raw)
    if _is_feedback(mail):
        return Reading(MailKind.FEEDBACK, mail)
    if _is_receipt(mail):
        return Reading(MailKind.RECEIPT, mail)
    if bounce := bounces.read(mail):
        return Reading(MailKind.BOUNCE, mail, bounce)
    own = own_words(mail.text)
    if automatic.is_auto_reply(mail, own):
        told = own or mail.text
        is_away = automatic.says_away(mail, told)
        until = automatic.away_until(mail, told) if is_away else None
        return Reading(MailKind.AUTO_REPLY, mail, is_away=is_away, away_until=until)
    if _is_junk(mail):
        return Reading(MailKind.JUNK, mail)
    return Reading(MailKind.HUMAN, mail, reply_text=own)


def _is_feedback(mail: Mail) -> bool:
    """Complaints about a mail (RFC 5965), and requests to leave a list: nobody's answer."""
    if "message/feedback-report" in mail.content_types or _report_type(mail) == "feedback-report":
        return True
    if mail.header("X-Apple-Unsubscribe"):
        return True
    _, address = mail.sender
    subject = mail.header("Subject")
    return bool(mail.returned and phrases.FEEDBACK_SUBJECT.search(subject) and phrases.FEEDBACK_SENDER.match(address))


def _is_receipt(mail: Mail) -> bool:
    """A read receipt (RFC 8098), or a report that a mail was delivered: both say nothing about a person's will."""
    if "message/disposition-notification" in mail.content_types or _report_type(mail) == "disposition-notification":
        return True
    if bounces.reports_arrival(mail):
        return True
    is_titled = phrases.RECEIPT_SUBJECT.match(mail.header("Subject")) and phrases.RECEIPT_WORDS.search(mail.text)
    return bool(is_titled) and (bounces.is_from_machine(mail) or bool(phrases.SAYS_IT_IS_A_RECEIPT.search(mail.text)))


def _report_type(mail: Mail) -> str:
    value = mail.headers.get_param("report-type")
    return str(value or "").lower()


def _is_junk(mail: Mail) -> bool:
    """The server's filter says so, and the mail answers nothing."""
    is_flagged = mail.header("X-Spam-Flag").upper() == "YES" or mail.header("X-Spam-Status").lower().startswith("yes")
    return is_flagged and not (mail.header("In-Reply-To") or mail.header("References"))
