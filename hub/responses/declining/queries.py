"""Who declined a complaint already, and who can decide between them."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from hub.directory.models import Institution
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.responses.declining.rules import Word, at_odds
from hub.responses.models import Response, Review
from hub.responses.rules import AnswerOutcome
from hub.routing.chains import common_superior


@dataclass(frozen=True)
class Standoff:
    """`offices` all say that they are not competent. `superior`: the first above all of them, that may be asked."""

    offices: tuple[Institution, ...]
    superior: Institution | None
    is_own: bool

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.offices]

    @property
    def sentence(self) -> str:
        """What is known, and what to do."""
        said = _("Not competent, as they say themselves: %(names)s.", names=", ".join(self.names))
        return f"{said} {self._remedy}"

    @property
    def _remedy(self) -> str:
        if self.is_own:
            return _("Your own office stands above them: decide who is competent, and tell that office so.")
        if self.superior is None:
            return _("The directory has nobody above all of them: pick an office that can decide.")
        return _("Ask %(name)s to decide: it stands above all of them.", name=self.superior.name)


def declines_of(forwarding: Forwarding) -> list[Response]:
    """All words of "not competent" about this complaint to the same office that stand, oldest first.

    One that the sender has sent back does not, nor one after which the office was asked again.
    """
    return list(
        db.session.scalars(
            select(Response)
            .join(Response.forwarding)
            .where(
                Forwarding.complaint_id == forwarding.complaint_id,
                Forwarding.network == forwarding.network,
                Forwarding.sender_id == forwarding.sender_id,
                Forwarding.stage.in_((Stage.ANSWERED, Stage.DECLINED)),
                Response.outcome == AnswerOutcome.NOT_COMPETENT,
                Response.review.is_distinct_from(Review.INCOMPLETE),
                Response.withdrawn_at.is_(None),
            )
            .options(contains_eager(Response.forwarding).joinedload(Forwarding.recipient))
            .order_by(Response.id)
        )
    )


def standoff(forwarding: Forwarding, next_one: Institution | None) -> Standoff | None:
    """Whether asking `next_one` after `forwarding` was declined would only send the complaint back and forth."""
    declines = declines_of(forwarding)
    words = [Word(one.forwarding.recipient_id, one.proposed_owner_id) for one in declines]
    found = at_odds(words, next_one.id if next_one else None)
    if not found:
        return None
    known = {one.forwarding.recipient_id: one.forwarding.recipient for one in declines}
    offices = tuple(known[id] for id in found)
    superior = common_superior(offices)
    is_own = superior is not None and superior.id == forwarding.sender_id
    return Standoff(offices, None if is_own else superior, is_own)
