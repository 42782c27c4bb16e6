"""Letters that follow up a forwarding letter: a reminder, a second request, to the head, to the supervisor.

They move no stage and are on no track of the first letter. A copy of that letter goes along. Only a second request
starts a clock, once it has arrived (hub.forwardings.second_request).
"""

from flask_babel import gettext as _

from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.audit.rules import person
from hub.directory.models import Institution, Person
from hub.forwardings import queries, tracks
from hub.forwardings.followups import words
from hub.forwardings.followups.addressing import addressed
from hub.forwardings.followups.queries import fates
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening
from hub.forwardings.service import CannotForward, put_to_sign
from hub.forwardings.stages import advance, lock
from hub.letters import queries as letters_of
from hub.letters import service as letters
from hub.letters.models import Letter, LetterKind, LetterState
from hub.letters.service import APPROVED, Signature
from hub.letters.stationery import service as stationery
from hub.mail.models import EmailPurpose
from hub.post import service as post


def draft(
    forwarding: Forwarding, kind: LetterKind, note: str, author: Person | None, changed: Letter | None = None
) -> Letter:
    """A draft of this kind, from the facts of today; `changed` is the draft that becomes it. No `author`: the clock.

    A kind that is a draft already is written anew, not twice. Raises CannotForward when nobody can get it or one waits
    for its signature, NotNow when nothing is owed at this stage.
    """
    lock(forwarding)
    to = addressed(forwarding, kind)
    under_way = [one for one in letters_of.follow_ups(forwarding.stream) if one.kind is kind]
    if any(one.state is LetterState.TO_SIGN for one in under_way):
        raise CannotForward(waits_already())
    fate, version = fates([forwarding])[forwarding.id], stationery.newest(forwarding.sender)
    content = words.content(forwarding, kind, to, fate, version, note)
    letter = changed or next((one for one in under_way if one.state is LetterState.DRAFT), None)
    if letter is None:
        subject = words.subject(forwarding, kind)
        return letters.draft(forwarding.sender, kind, subject, content, author, forwarding.stream)
    letters.revise(letter, words.subject(forwarding, kind), content, author)
    letter.kind = kind
    return letter


def waits_already() -> str:
    """Why no second letter of a kind is written."""
    return _("A letter of this kind waits for its signature already.")


def submit(letter: Letter, author: Person | None) -> None:
    """Put it to the signatory. Raises as `draft` does, and CannotForward when it could not be printed."""
    forwarding = _forwarding(letter)
    addressed(forwarding, letter.kind)
    put_to_sign(letter, author)


def reserve(letter: Letter, signatory: Person, signature: Signature, by: Person) -> None:
    """Number it for a signature on paper or elsewhere. Raises as `sign` does."""
    addressed(_forwarding(letter), letter.kind)
    letters.reserve(letter, signatory, signature, by)


def sign(letter: Letter, signatory: Person, signature: Signature = APPROVED, by: Person | None = None) -> None:
    """Sign it, and send it by the tracks of the forwarding, as far as its addressee can be reached by them.

    `by`: who brought the signed file. Raises CannotForward when nobody can get it any more, NotNow when meanwhile
    nothing is owed: the answer came; and what letters.sign raises.
    """
    forwarding = _forwarding(letter)
    to = addressed(forwarding, letter.kind)
    letters.sign(letter, signatory, signature, by)
    by_email, by_post = _tracks(forwarding, to)
    mailed = _mail(forwarding, letter, to) if by_email else 0
    if not (mailed or by_post):
        raise CannotForward(_("No mail address of %(name)s can be used. Mend it in the directory.", name=to.name))
    if by_post:
        can_confirm = to.id == forwarding.recipient_id
        post.queue(forwarding.stream, letter, to, _address(forwarding, letter.kind, to), has_slip=can_confirm)
    advance(forwarding, Happening.URGED, person((by or signatory).id), {"letter": letter.id, "kind": letter.kind})


def may_read(account: Account, forwarding: Forwarding, letter: Letter) -> bool:
    """True for whom the page of `forwarding` shows this letter: of the recipient, what was signed and sent to it."""
    if queries.is_sender(account, forwarding) or account.may(Capability.MONITOR):
        return True
    is_theirs = letter.state is LetterState.SIGNED and letter.kind is not LetterKind.ESCALATION
    return is_theirs and queries.is_recipient(account, forwarding)


def _forwarding(letter: Letter) -> Forwarding:
    """What the letter follows up, held until the transaction ends."""
    forwarding = queries.by_stream(letter.about)
    if forwarding is None:
        raise LookupError(f"letter {letter.id} follows up nothing")
    lock(forwarding)
    return forwarding


def _tracks(forwarding: Forwarding, to: Institution) -> tuple[bool, bool]:
    """Email and post, as the forwarding travels; the other one where its own cannot be used."""
    email, paper = bool(tracks.email_addressees(to, forwarding.network)), bool(to.postal_address)
    chosen = (email and forwarding.by_email, paper and forwarding.by_post)
    return chosen if any(chosen) else (email, paper)


def _mail(forwarding: Forwarding, letter: Letter, to: Institution) -> int:
    """Mail to the supervisor is like one to an office that reads along: no link, and no track of the first letter."""
    addressees = tracks.email_addressees(to, forwarding.network)
    if to.id == forwarding.recipient_id:
        message = words.follow_up_mail(forwarding, letter)
        return tracks.queue_to(forwarding, EmailPurpose.REMINDER, addressees, message, letter)
    message = words.escalation_mail(forwarding, letter)
    return tracks.queue_to(forwarding, EmailPurpose.COPY, addressees, message, letter, to)


def _address(forwarding: Forwarding, kind: LetterKind, to: Institution) -> str:
    """What stands on the envelope. The head of the institution is written to at the address of the recipient."""
    above = (forwarding.recipient.line_addressee, f"d.a. {to.name}") if kind is LetterKind.TO_HEAD else (to.name,)
    return "\n".join((*above, to.postal_address))
