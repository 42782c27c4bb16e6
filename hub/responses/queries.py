"""Reading answers, under the visibility rule of their forwarding."""

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from hub.accounts.models import Account
from hub.extensions import db
from hub.files.models import StoredFile
from hub.forwardings import queries as forwardings
from hub.forwardings.models import Forwarding
from hub.responses.models import Response, ResponseFile, ResponseKind


def of(forwarding: Forwarding) -> list[Response]:
    """All answers to a forwarding with authors and files, newest first."""
    return list(
        db.session.scalars(
            select(Response)
            .where(Response.forwarding_id == forwarding.id)
            .options(joinedload(Response.author), selectinload(Response.files))
            .order_by(Response.id.desc())
        )
    )


def to_review(responses: list[Response]) -> Response | None:
    """The final answer that waits for the sender's review, if any. `responses` newest first."""
    waiting = (one for one in responses if one.kind is ResponseKind.FINAL and one.review is None)
    return next(waiting, None)


def get_visible(account: Account, id: int) -> Response:
    """The answer, if this person may see its forwarding; else 404."""
    found = db.session.scalar(
        select(Response)
        .join(Response.forwarding)
        .where(Response.id == id, forwardings.visible(account))
        .options(joinedload(Response.forwarding).joinedload(Forwarding.sender))
    )
    return found or abort(404)


def get_visible_file(account: Account, response_id: int, file_id: int) -> StoredFile:
    """A file of an answer, if this person may see the forwarding; else 404."""
    found = db.session.scalar(
        select(StoredFile)
        .join(ResponseFile, ResponseFile.file_id == StoredFile.id)
        .join(Response, Response.id == ResponseFile.response_id)
        .join(Response.forwarding)
        .where(Response.id == response_id, StoredFile.id == file_id, forwardings.visible(account))
    )
    return found or abort(404)
