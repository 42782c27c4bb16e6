"""Reading envelopes: of a matter, of a mail room, behind the code on a slip."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from hub.accounts.models import Account
from hub.extensions import db
from hub.letters.models import Letter, LetterState
from hub.post.models import PostDispatch
from hub.post.rules import PostState
from hub.webkit import links, tokens


def of(about: str) -> Sequence[PostDispatch]:
    """Every envelope of this matter, oldest first."""
    return db.session.scalars(select(PostDispatch).where(PostDispatch.about == about).order_by(PostDispatch.id)).all()


def by_link_token(token: str) -> PostDispatch | None:
    """The envelope whose slip carries this token; its `link_state` tells whether the code still works."""
    id = tokens.claimed_id(token)
    dispatch = db.session.get(PostDispatch, id) if id else None
    if dispatch is None or not links.is_genuine(token, "slip", dispatch.id, dispatch.nonce):
        return None
    return dispatch


def visible(account: Account) -> Select[PostDispatch]:
    """Envelopes with signed letters of the account's own institution: all that its mail room may see."""
    return (
        select(PostDispatch)
        .join(PostDispatch.letter)
        .where(_is_signed_by_office_of(account))
        .options(
            contains_eager(PostDispatch.letter),
            joinedload(PostDispatch.institution),
            joinedload(PostDispatch.slip_file),
        )
    )


def get_visible(account: Account, id: int) -> PostDispatch:
    """The envelope, or 404: one of another institution does not exist for this account."""
    dispatch: PostDispatch = db.first_or_404(visible(account).where(PostDispatch.id == id))
    return dispatch


def counts(account: Account) -> dict[PostState, int]:
    """How many envelopes are in each state; states without any are left out."""
    mine = select(PostDispatch.state, func.count()).join(PostDispatch.letter).where(_is_signed_by_office_of(account))
    return dict(db.session.execute(mine.group_by(PostDispatch.state)).all())


def _is_signed_by_office_of(account: Account) -> ColumnElement[bool]:
    """One declared void included: its envelope may be under way, and what becomes of it is still to be told."""
    was_signed = Letter.state.in_((LetterState.SIGNED, LetterState.VOID))
    return and_(Letter.institution_id == account.institution.id, was_signed)
