"""How an office signs its letters: the usual way, and whether it numbers them itself."""

from hub.directory.models import Institution
from hub.letters.models import SigningMethod
from hub.letters.service import BY_FILE, Signature
from hub.letters.stationery import service as stationery


def usual(institution: Institution) -> SigningMethod:
    """Approval in the hub, for an office that has not said otherwise."""
    return stationery.terms_of(stationery.newest(institution)).signing_method


def numbers_itself(institution: Institution) -> bool:
    """True for an office whose letter numbers are typed from its own register."""
    return stationery.terms_of(stationery.newest(institution)).uses_own_register


def at_one_press(institution: Institution) -> Signature | None:
    """The signature of this office that needs nothing but a press; None where a number or a file has to be given."""
    way = usual(institution)
    return None if way in BY_FILE or numbers_itself(institution) else Signature(way)
