"""Pages of the directory: every institution, who stands above it, and whom to write to."""

from hub.directory.views import appointments, coverage, institutions, offices, people, sheets
from hub.directory.views.blueprint import blueprint

__all__ = ["appointments", "blueprint", "coverage", "institutions", "offices", "people", "sheets"]
