"""Public pages behind links, slips and verification codes: no session, nothing to sign in to."""

from hub.exchange.views import answers, declining, letters, reach, slips, underway
from hub.exchange.views.blueprint import blueprint

__all__ = ["answers", "blueprint", "declining", "letters", "reach", "slips", "underway"]
