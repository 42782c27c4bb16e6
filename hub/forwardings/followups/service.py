"""Letters that follow up a forwarding letter: a reminder, a second request, to the head, to the supervisor.

They move no stage and are on no track of the first letter. A copy of that letter goes along. Only a second request
starts a clock, once it has arrived (hub.forwardings.second_request).
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from hub import clock
from hub.accounts.models import Account
from hub.accounts.rules import Capability
from hub.audit import queries as audit
from hub.audit.rules import person
from hub.complaints.rules import ComplainedOf
from hub.directory.models import Institution, Person
from hub.forwardings import queries, tracks
from hub.forwardings.followups import words
from hub.forwardings.followups.rules import OPEN_FOR
from hub.forwardings.followups.words import Fate
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow, standing
from hub.forwardings.service import CannotForward, put_to_sign
from hub.forwardings.stages import advance, lock
from hub.letters import queries as letters_of
from hub.letters import service as letters
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind, LetterState
from hub.letters.service import APPROVED, Signature
from hub.mail.models import EmailPurpose
from hub.post import service as post
from hub.routing import queries as routing
from hub.routing.rules import Purpose


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
    return [_choice(forwarding, kind) for kind in FOLLOW_UPS if clarifies or kind is not LetterKind.SECOND_REQUEST]


def draft(
    forwarding: Forwarding, kind: LetterKind, note: str, author: Person | None, changed: Letter | None = None
) -> Letter:
    """A draft of this kind, from the facts of today; `changed` is the draft that becomes it. No `author`: the clock.

    A kind that is a draft already is written anew, not twice. Raises CannotForward when nobody can get it or one waits
    for its signature, NotNow when nothing is owed at this stage.
    """
    lock(forwarding)
    to = _addressed(forwarding, kind)
    under_way = [one for one in letters_of.follow_ups(forwarding.stream) if one.kind is kind]
    if any(one.state is LetterState.TO_SIGN for one in under_way):
        raise CannotForward(_("A letter of this kind waits for its signature already."))
    content = words.content(forwarding, kind, to, _fate(forwarding), note)
    letter = changed or next((one for one in under_way if one.state is LetterState.DRAFT), None)
    if letter is None:
        subject = words.subject(forwarding, kind)
        return letters.draft(forwarding.sender, kind, subject, content, author, forwarding.stream)
    letters.revise(letter, words.subject(forwarding, kind), content, author)
    letter.kind = kind
    return letter


def submit(letter: Letter, author: Person | None) -> None:
    """Put it to the signatory. Raises as `draft` does, and CannotForward when it could not be printed."""
    forwarding = _forwarding(letter)
    _addressed(forwarding, letter.kind)
    put_to_sign(letter, author)


def reserve(letter: Letter, signatory: Person, signature: Signature, by: Person) -> None:
    """Number it for a signature on paper or elsewhere. Raises as `sign` does."""
    _addressed(_forwarding(letter), letter.kind)
    letters.reserve(letter, signatory, signature, by)


def sign(letter: Letter, signatory: Person, signature: Signature = APPROVED, by: Person | None = None) -> None:
    """Sign it, and send it by the tracks of the forwarding, as far as its addressee can be reached by them.

    `by`: who brought the signed file. Raises CannotForward when nobody can get it any more, NotNow when meanwhile
    nothing is owed: the answer came; and what letters.sign raises.
    """
    forwarding = _forwarding(letter)
    to = _addressed(forwarding, letter.kind)
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


def _choice(forwarding: Forwarding, kind: LetterKind) -> Choice:
    to, why_not = _who(forwarding, kind)
    if to is None:
        return Choice(kind, why_not=why_not)
    if not any(_tracks(forwarding, to)):
        return Choice(kind, why_not=_("%(name)s has neither a mail address nor a postal address yet.", name=to.name))
    return Choice(kind, to, ", ".join(words.addressee(forwarding, kind, to)))


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


def _addressed(forwarding: Forwarding, kind: LetterKind) -> Institution:
    if forwarding.stage not in OPEN_FOR:
        raise NotNow(forwarding.stage, Happening.URGED)
    choice = _choice(forwarding, kind)
    if choice.to is None:
        raise CannotForward(choice.why_not)
    return choice.to


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


def _fate(forwarding: Forwarding) -> Fate:
    events = audit.of_stream(forwarding.stream)
    left = next((one.occurred_at for one in events if one.kind == Happening.DISPATCHED), forwarding.stage_since)
    history = standing((Happening(one.kind), one.details) for one in events)
    ways = [word for word, is_used in (("email", forwarding.by_email), ("pos", forwarding.by_post)) if is_used]
    proofs = queries.proofs(forwarding)
    return Fate(
        left_on=clock.local(left, forwarding.sender.zone).date(),
        left_by=" dan ".join(ways),
        proof=proofs[0] if proofs else None,
        has_interim=Happening.INTERIM_RECEIVED in history,
    )
