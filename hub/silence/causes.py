"""The likely cause of a silence, from who can be reached at the institution today."""

from collections.abc import Collection, Mapping

from hub import clock
from hub.directory import contacts as directory
from hub.directory.contacts import Contacts
from hub.directory.models import Network
from hub.silence.queries import Case
from hub.silence.rules import Cause, likely_cause

Reach = Mapping[Network, Mapping[int, Contacts]]
"""Contacts of institutions in each network, by the id of the institution."""


def cause_of(known: Contacts) -> Cause:
    is_away = known.pic is not None and known.pic.id in known.away
    return likely_cause(known.pic is not None, bool(known.addressees), is_away)


def reach_of(places: Collection[tuple[int, Network]]) -> Reach:
    """Whom to write to at each of these (institution, network) today. One query for each network."""
    return {
        network: directory.contacts([id for id, one in places if one is network], network, clock.today("WIB"))
        for network in {network for _, network in places}
    }


def causes(cases: Collection[Case]) -> dict[int, Cause]:
    """The likely cause for each case, by its id."""
    reach = reach_of([(case.recipient_id, case.network) for case in cases])
    return {case.id: cause_of(reach[case.network][case.recipient_id]) for case in cases}
