"""Who speaks for the recipient of a letter, and how the hub knows."""

from dataclasses import dataclass

from hub.audit.rules import Actor, ActorKind, person
from hub.directory.models import Person
from hub.forwardings.rules import ProofChannel


@dataclass(frozen=True)
class Voice:
    """A name and an office with the channel they came by. `person` is None for who has no account, or did not sign in.

    `dispatch_id`: the mail or envelope whose link was used, or the mail or paper that came in.
    """

    channel: ProofChannel
    name: str
    office: str
    actor: Actor
    dispatch_id: int | None = None
    person: Person | None = None

    @property
    def signature(self) -> str:
        """Name and office on one line."""
        return ", ".join(part for part in (self.name, self.office) if part)


def signed_in(who: Person) -> Voice:
    return Voice(ProofChannel.SIGN_IN, who.name, who.title, person(who.id), person=who)


def through_link(channel: ProofChannel, dispatch_id: int, name: str, office: str) -> Voice:
    """Whoever opened the link of a mail (LINK) or of a slip (SLIP), with the name and office they gave."""
    return Voice(channel, name, office, Actor(ActorKind.LINK, dispatch_id), dispatch_id)
