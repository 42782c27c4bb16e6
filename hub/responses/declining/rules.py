"""When a complaint goes back and forth between offices of which none is competent. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """`office` says that it is not competent, and that the office `names` is, where it names one. Both are ids."""

    office: int
    names: int | None = None


def at_odds(words: Sequence[Word], next_one: int | None) -> tuple[int, ...]:
    """The offices between which a complaint goes back and forth, in the order they spoke; empty while it does not.

    They are all that declined it, once `next_one` is among them or two of them name each other.
    """
    offices = tuple(dict.fromkeys(word.office for word in words))
    named = {(word.office, word.names) for word in words}
    point_at_each_other = any((other, office) in named for office, other in named)
    return offices if next_one in offices or point_at_each_other else ()
