"""To whom a letter that follows up a forwarding would go, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from hub.complaints.rules import ComplainedOf
from hub.directory.models import Institution
from hub.forwardings import tracks
from hub.forwardings.followups import words
from hub.forwardings.followups.rules import OPEN_FOR
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow
from hub.forwardings.service import CannotForward
from hub.letters.models import FOLLOW_UPS, LetterKind
from hub.routing import queries as routing
from hub.routing.rules import Purpose

Wanted = tuple[Forwarding, LetterKind]


@dataclass(frozen=True)
class Choice:
    """A kind of letter, and to whom it would go. `why_not`: the sentence that speaks against it."""

    kind: LetterKind
    to: Institution | None = None
    addressee: str = ""
    why_not: str = ""


def choices(forwarding: Forwarding) -> list[Choice]:
    """Every kind, the mildest first, with its addressee or what speaks against it. Empty when nothing is owed now."""
    if forwarding.stage not in OPEN_FOR:
        return []
    clarifies = forwarding.purpose is Purpose.CLARIFICATION
    kinds = [kind for kind in FOLLOW_UPS if clarifies or kind is not LetterKind.SECOND_REQUEST]
    return choices_of([(forwarding, kind) for kind in kinds])


def choices_of(wanted: Sequence[Wanted]) -> list[Choice]:
    """The choice for each of many letters; who can be mailed is asked once for all."""
    found = [_who(forwarding, kind) for forwarding, kind in wanted]
    offices = [(to, forwarding.network) for (forwarding, _kind), (to, _why) in zip(wanted, found, strict=True) if to]
    mailable = tracks.mailable(offices)
    chosen = []
    for (forwarding, kind), (to, why_not) in zip(wanted, found, strict=True):
        if to is None:
            chosen.append(Choice(kind, why_not=why_not))
        elif not to.postal_address and (to.id, forwarding.network) not in mailable:
            nowhere = _("%(name)s has neither a mail address nor a postal address yet.", name=to.name)
            chosen.append(Choice(kind, why_not=nowhere))
        else:
            chosen.append(Choice(kind, to, ", ".join(words.addressee(forwarding, kind, to))))
    return chosen


def addressed(forwarding: Forwarding, kind: LetterKind) -> Institution:
    """Who gets it. Raises CannotForward when nobody can, NotNow when nothing is owed at this stage."""
    if forwarding.stage not in OPEN_FOR:
        raise NotNow(forwarding.stage, Happening.URGED)
    (choice,) = choices_of([(forwarding, kind)])
    if choice.to is None:
        raise CannotForward(choice.why_not)
    return choice.to


def _who(forwarding: Forwarding, kind: LetterKind) -> tuple[Institution | None, str]:
    recipient, complaint = forwarding.recipient, forwarding.complaint
    if kind is LetterKind.ESCALATION:
        return _superior(forwarding)
    if kind is LetterKind.TO_HEAD:
        if not recipient.line_addressee:
            return None, _("The directory does not say whom %(name)s answers to.", name=recipient.name)
        if complaint.complained_of is ComplainedOf.HEAD and recipient.region_code == complaint.region_code:
            return None, _("The complaint is about %(name)s.", name=recipient.line_addressee)
    return recipient, ""


def _superior(forwarding: Forwarding) -> tuple[Institution | None, str]:
    """Who supervises the recipient, or where that is the body complained of, the first above it."""
    to = forwarding.recipient.supervisor
    if to is None:
        return None, _("The directory does not say who supervises %(name)s.", name=forwarding.recipient.name)
    if conflict := routing.conflict(forwarding.complaint, Purpose.HANDLING, to):
        if conflict.proposal is None:
            return None, conflict.sentence
        to = conflict.proposal
    if to.id in (forwarding.sender_id, forwarding.recipient_id):
        return None, _("That would be %(name)s itself.", name=to.name)
    return to, ""
