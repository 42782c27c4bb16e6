"""The code on a slip for those who cannot scan: ten characters to be typed together with the number of the letter.

Derived like the address on the slip, so that nothing usable is stored. Nine of its characters are free: 23^9, 40 bits.
That is little for a secret and enough for one that can only be tried against this hub, together with a letter number:
ten tries from one network address and fifty for one letter number in fifteen minutes are allowed (`hub.exchange`), so a
thousand machines that work on one letter for the 180 days a slip is valid hit it with a chance of 1 in 2,000,000.
"""

import hmac

from sqlalchemy import select

from hub.extensions import db
from hub.letters import rules
from hub.letters.models import Letter
from hub.post.models import PostDispatch
from hub.webkit import links

_PURPOSE = "slip-code"


def of(dispatch: PostDispatch) -> str:
    """As it is printed: "ACDEF-GHJKM". The newest key makes it."""
    return rules.grouped(rules.short_code(links.macs(_PURPOSE, dispatch.id, dispatch.nonce)[0]), 5)


def find(number: str, typed: str) -> PostDispatch | None:
    """The envelope of a letter with this number whose slip carries this code; None without saying what was wrong."""
    code = rules.read_short_code(typed) or ""
    alike = select(PostDispatch).join(PostDispatch.letter).where(Letter.number_key == rules.number_key(number))
    found = None
    with_slip = alike.where(PostDispatch.nonce != "")
    for dispatch in db.session.scalars(with_slip.order_by(PostDispatch.id)):  # to the last: time tells nothing
        codes = [rules.short_code(mac) for mac in links.macs(_PURPOSE, dispatch.id, dispatch.nonce)]
        if any([hmac.compare_digest(code, one) for one in codes]):  # noqa: C419
            found = dispatch
    return found
