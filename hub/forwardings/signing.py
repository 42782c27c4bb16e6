"""Everything that is done to a letter while it waits for its signature, whatever kind of letter it is.

Each kind has use cases of its own, which know what follows from a signature.
"""

from hub.directory.models import Person
from hub.forwardings import queries, service, voiding
from hub.forwardings.followups import service as followups
from hub.forwardings.models import Forwarding
from hub.forwardings.stages import lock
from hub.letters import service as letters
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind, LetterState
from hub.letters.service import NotInThisState, Signature


def sign(letter: Letter, signatory: Person, signature: Signature, by: Person | None = None) -> None:
    """Raises what the use case of its kind raises; letters.NotInThisState for one that another took the place of."""
    match letter.kind:
        case LetterKind.FORWARDING:
            service.sign(_carried_by(letter), signatory, signature, by)
        case kind if kind in FOLLOW_UPS:
            followups.sign(letter, signatory, signature, by)
        case _:
            raise _nobody_signs(letter)


def reserve(letter: Letter, signatory: Person, signature: Signature, by: Person) -> None:
    """Number it for a signature on paper or elsewhere. Raises as `sign` does."""
    match letter.kind:
        case LetterKind.FORWARDING:
            service.reserve(_carried_by(letter), signatory, signature, by)
        case kind if kind in FOLLOW_UPS:
            followups.reserve(letter, signatory, signature, by)
        case _:
            raise _nobody_signs(letter)


def return_to_draft(letter: Letter, signatory: Person, note: str) -> None:
    """Raises as `sign` does."""
    match letter.kind:
        case LetterKind.FORWARDING:
            service.return_letter(_carried_by(letter), signatory, note)
        case kind if kind in FOLLOW_UPS:
            letters.return_to_draft(letter, note, signatory)
        case _:
            raise _nobody_signs(letter)


def void(letter: Letter, by: Person, reason: str) -> None:
    """Raises as `sign` does."""
    match letter.kind:
        case LetterKind.FORWARDING:
            voiding.void(_carried_by(letter), by, reason)
        case kind if kind in FOLLOW_UPS:
            voiding.void_follow_up(letter, by, reason)
        case _:
            raise _nobody_signs(letter)


def _carried_by(letter: Letter) -> Forwarding:
    """The forwarding whose letter this is, held until the transaction ends."""
    forwarding = queries.by_stream(letter.about)
    if forwarding is not None:
        lock(forwarding)
    if forwarding is None or forwarding.letter_id != letter.id:
        raise NotInThisState(letter, LetterState.TO_SIGN)
    return forwarding


def _nobody_signs(letter: Letter) -> LookupError:
    return LookupError(f"letter {letter.id} is a {letter.kind}, which nobody signs")
