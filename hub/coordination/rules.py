"""Words between sender and recipient about one forwarding. Pure."""

from datetime import timedelta
from enum import StrEnum

from hub.forwardings.rules import AWAITING_ACKNOWLEDGEMENT, Stage

LONGEST_TEXT = 5000
LONGEST_EXTENSION = timedelta(days=366)
"""From the running date to the new one. Whoever needs more asks again."""
OPEN_FOR_WORDS = (Stage.READY, *AWAITING_ACKNOWLEDGEMENT, Stage.ACKNOWLEDGED, Stage.ANSWERED)
"""From the signature of the letter to the end of the forwarding; after it the thread can only be read."""


class Side(StrEnum):
    """The two offices between which a forwarding lies."""

    SENDER = "sender"
    RECIPIENT = "recipient"

    @property
    def other(self) -> "Side":
        return Side.RECIPIENT if self is Side.SENDER else Side.SENDER


class MessageKind(StrEnum):
    """`NOTE` stays inside the office that wrote it; all others go to both sides."""

    QUESTION = "question"
    CLARIFICATION = "clarification"
    EXTENSION = "extension"
    NOTE = "note"


TYPED = (MessageKind.QUESTION, MessageKind.CLARIFICATION)
"""What whoever writes chooses between."""


class ExtensionDecision(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"


def kind_of_mail(words: str, is_asked: bool) -> MessageKind:
    """What a mail is in the thread: an answer where a question waits for one, else what its words look like."""
    return MessageKind.QUESTION if "?" in words and not is_asked else MessageKind.CLARIFICATION
