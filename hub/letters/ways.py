"""How an office signs its letters: the usual way, and whether it numbers them itself."""

from hub.letters import queries
from hub.letters.models import SigningMethod
from hub.letters.service import BY_FILE, Signature


def usual(institution_id: int) -> SigningMethod:
    """Approval in the hub, for an office that has not said otherwise."""
    stationery = queries.stationery_of(institution_id)
    return stationery.signing_method if stationery else SigningMethod.APPROVAL


def numbers_itself(institution_id: int) -> bool:
    """True for an office whose letter numbers are typed from its own register."""
    stationery = queries.stationery_of(institution_id)
    return bool(stationery and stationery.uses_own_register)


def at_one_press(institution_id: int) -> Signature | None:
    """The signature of this office that needs nothing but a press; None where a number or a file has to be given."""
    way = usual(institution_id)
    return None if way in BY_FILE or numbers_itself(institution_id) else Signature(way)
