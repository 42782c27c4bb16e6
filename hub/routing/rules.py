"""Whom a complaint is forwarded to, and when a recipient would judge in its own case. Pure."""

from enum import StrEnum


class Purpose(StrEnum):
    """`handling`: please deal with it. `clarification`: explain yourself (Ombudsman, UU 37/2008 art. 33)."""

    HANDLING = "handling"
    CLARIFICATION = "clarification"


class Target(StrEnum):
    """Which office a rule means, seen from the region and the body a complaint is about.

    `inspectorate`: of the region; `province`: the one of its province; `body`: the body complained of, or where the hub
    does not have it, the inspectorate that speaks for the region; `supervisor`: who watches over the body.
    """

    INSPECTORATE = "inspectorate"
    PROVINCE = "province"
    BODY = "body"
    SUPERVISOR = "supervisor"
