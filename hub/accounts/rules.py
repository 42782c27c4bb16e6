"""Roles, the one table that says what each may do, and what a password must be. Pure."""

from collections.abc import Iterable
from enum import StrEnum

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
"""NIST SP 800-63B: length is what counts. The upper bound keeps hashing cheap."""


class Role(StrEnum):
    PIC = "pic"
    DEPUTY = "deputy"
    REGISTRAR = "registrar"
    SIGNATORY = "signatory"
    MONITOR = "monitor"
    ADMINISTRATOR = "administrator"


class Capability(StrEnum):
    REGISTER = "register"
    FORWARD = "forward"
    REVIEW = "review"
    SIGN = "sign"
    POST = "post"
    RESPOND = "respond"
    MONITOR = "monitor"
    ADMINISTER = "administer"


HANDLING_LETTERS = frozenset(
    {Capability.REGISTER, Capability.FORWARD, Capability.REVIEW, Capability.SIGN, Capability.POST}
)
"""Whoever may do one of these sees the complaints and letters of the own office."""

_FOCAL_POINT = frozenset({Capability.RESPOND, Capability.FORWARD, Capability.REVIEW})
"""An inspectorate passes letters on and reviews what comes back. Its registers, post and signing need a granted role: a
letter there does not say in which network it travels."""

CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.PIC: _FOCAL_POINT,
    Role.DEPUTY: _FOCAL_POINT,
    Role.REGISTRAR: frozenset({Capability.REGISTER, Capability.FORWARD, Capability.REVIEW, Capability.POST}),
    Role.SIGNATORY: frozenset({Capability.SIGN}),
    Role.MONITOR: frozenset({Capability.REGISTER, Capability.FORWARD, Capability.REVIEW, Capability.MONITOR}),
    Role.ADMINISTRATOR: frozenset({Capability.ADMINISTER}),
}


KEEPING_MAIL = frozenset(role for role, may in CAPABILITIES.items() if Capability.REGISTER in may)
"""Whoever has one of these looks through mail that nobody could file."""


def capabilities_of(roles: Iterable[Role]) -> frozenset[Capability]:
    """Everything that at least one of `roles` may do."""
    return frozenset().union(*(CAPABILITIES[role] for role in roles))


def is_acceptable_password(password: str) -> bool:
    return SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD and len(set(password)) > 3
