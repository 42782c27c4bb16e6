"""The signatory's queue, and the pages of one letter that waits for its signature."""

from hub.desk.signing.views import decisions, letter, queue
from hub.desk.signing.views.blueprint import blueprint

__all__ = ["blueprint", "decisions", "letter", "queue"]
