"""When a letter can follow up another one. Pure."""

from hub.forwardings.rules import Stage

OPEN_FOR = (Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED)
"""Stages in which the recipient owes something that a letter can ask for."""
