"""Words between sender and recipient about one forwarding. Pure."""

from enum import StrEnum


class Side(StrEnum):
    """The two offices between which a forwarding lies."""

    SENDER = "sender"
    RECIPIENT = "recipient"


class MessageKind(StrEnum):
    """`NOTE` stays inside the office that wrote it; all others go to both sides."""

    QUESTION = "question"
    CLARIFICATION = "clarification"
    EXTENSION = "extension"
    NOTE = "note"


class ExtensionDecision(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
