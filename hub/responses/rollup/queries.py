"""Which answers from below can be used."""

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, selectinload

from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage
from hub.responses.models import Response, ResponseKind, Review
from hub.responses.rules import AnswerOutcome


def offers(forwarding: Forwarding) -> list[Response]:
    """Final answers to the letters by which this one was passed on, under review or accepted, with office and files.

    Whoever says not to be competent answers nothing. In the order of their letters; read again if known before.
    """
    under_review = (Forwarding.stage == Stage.ANSWERED) & Response.review.is_(None)
    accepted = (Forwarding.stage == Stage.CLOSED) & (Response.review == Review.ACCEPTED)
    says_something = or_(Response.outcome.is_(None), Response.outcome != AnswerOutcome.NOT_COMPETENT)
    wanted = (
        select(Response)
        .join(Response.forwarding)
        .where(Forwarding.parent_id == forwarding.id, Response.kind == ResponseKind.FINAL)
        .where(Response.withdrawn_at.is_(None), says_something, or_(under_review, accepted))
        .options(
            contains_eager(Response.forwarding).joinedload(Forwarding.recipient),
            selectinload(Response.files),
            selectinload(Response.reports),
        )
        .order_by(Forwarding.id, Response.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(wanted))
