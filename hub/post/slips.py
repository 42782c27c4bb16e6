"""Receipt slips (tanda terima) as pages."""

from hub.letters.document import letterhead, page, qr
from hub.post.models import PostDispatch
from hub.post.service import slip_address


def html(dispatch: PostDispatch, *, linked: bool = True) -> str:
    """The slip as a page."""
    address = slip_address(dispatch)
    return page(
        "post/slip.html",
        linked,
        dispatch=dispatch,
        letter=dispatch.letter,
        institution=dispatch.letter.institution,
        head=letterhead(dispatch.letter.institution.name),
        address=address,
        qr=qr(address),
    )
