"""Pages that keep the directory alive."""

from hub.upkeep.views import absence, handover, invitations, network, reach
from hub.upkeep.views.blueprint import blueprint

__all__ = ["absence", "blueprint", "handover", "invitations", "network", "reach"]
