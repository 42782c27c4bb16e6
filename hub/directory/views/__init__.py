"""Pages of the directory: every institution, who stands above it, and whom to write to."""

from hub.directory.views import institutions
from hub.directory.views.blueprint import blueprint

__all__ = ["blueprint", "institutions"]
