"""Receipt slips (tanda terima) as pages."""

from hub.letters import queries as letters
from hub.letters.document import content_of, emblem_address, made_at, page, qr
from hub.post import short_codes
from hub.post.models import PostDispatch
from hub.post.service import slip_address


def html(dispatch: PostDispatch, *, linked: bool = True) -> str:
    """The slip as a page."""
    address, content = slip_address(dispatch), content_of(dispatch.letter)
    return page(
        "post/slip.html",
        linked,
        dispatch=dispatch,
        letter=dispatch.letter,
        institution=dispatch.letter.institution,
        content=content,
        made_at=made_at(dispatch.letter),
        emblem=emblem_address(content.emblem),
        address=address,
        qr=qr(address),
        enclosed=letters.enclosed_in(dispatch.letter),
        short_code=short_codes.of(dispatch),
    )
