"""What an answer says, and how one that is still on its way travels. Pure."""

from enum import StrEnum


class AnswerOutcome(StrEnum):
    """What a final answer found. `NOT_COMPETENT` (bukan wewenang) declines: another office should have been asked."""

    PROVEN = "proven"
    PARTLY_PROVEN = "partly_proven"
    NOT_PROVEN = "not_proven"
    SETTLED = "settled"
    TRANSFERRED = "transferred"
    NOT_COMPETENT = "not_competent"


FOUND = tuple(one for one in AnswerOutcome if one is not AnswerOutcome.NOT_COMPETENT)
"""What an answer on the matter itself can say; whoever is not competent declines."""


SHORTEST_DECLINE, LONGEST_DECLINE = 20, 10_000
"""Characters of the reason for not being competent: a sentence, not a word."""


class AnnouncementState(StrEnum):
    """What became of an answer that was said to be on its way."""

    AWAITED = "awaited"
    ARRIVED = "arrived"
    NOT_FOUND = "not_found"
    MISTAKE = "mistake"


class ReplyWay(StrEnum):
    """How an answer that has not arrived was sent, as its sender says."""

    POST = "post"
    EMAIL = "email"
    BY_HAND = "by_hand"
