"""The way a complaint took from one office to another, as the page of one forwarding shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.audit.models import Event
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import PASSED_BY, Happening, Stage, is_possible


@dataclass(frozen=True)
class Course:
    """`came_from`: the forwarding whose recipient was not competent; `went_to`: those that took the place of this one.

    Of the first one the new recipient learns the office, and opens it only where it may.
    """

    came_from: Forwarding | None
    may_see_origin: bool
    went_to: Sequence[Forwarding]
    may_decline: bool
    may_reopen: bool


def course_of(account: Account, forwarding: Forwarding, history: Iterable[Event]) -> Course:
    """One query more for what was re-routed, and none for all else."""
    was_declined = any(event.kind == Happening.DECLINED for event in history)
    origin = forwarding.rerouted_from
    went_to = forwardings.successors(forwarding, account) if was_declined else []
    stands = [one for one in went_to if one.stage not in PASSED_BY]
    is_sender = forwardings.is_sender(account, forwarding)
    return Course(
        came_from=origin,
        may_see_origin=origin is not None and (is_sender or account.may(Capability.MONITOR)),
        went_to=went_to,
        may_decline=forwardings.is_recipient(account, forwarding)
        and forwarding.stage is not Stage.ANSWERED
        and is_possible(forwarding.stage, Happening.ANSWERED),
        may_reopen=is_sender
        and account.may(Capability.REVIEW)
        and is_possible(forwarding.stage, Happening.REOPENED)
        and not stands,
    )
