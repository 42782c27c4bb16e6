"""Pages of the agenda: the registers, the letters that came in, and the sheets made for printing."""

from hub.exchange.agenda.views import letters, registers, sheets
from hub.exchange.agenda.views.blueprint import blueprint

__all__ = ["blueprint", "letters", "registers", "sheets"]
