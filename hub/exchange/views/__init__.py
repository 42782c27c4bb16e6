"""Public pages behind links, slips and verification codes: no session, nothing to sign in to."""

from hub.exchange.views import declining, letters, reach, slips
from hub.exchange.views.blueprint import blueprint

__all__ = ["blueprint", "declining", "letters", "reach", "slips"]
