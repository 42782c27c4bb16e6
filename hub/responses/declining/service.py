"""Use case of the sender of a declined forwarding: another office is asked instead, in one step."""

from dataclasses import replace

from hub.directory.models import Person
from hub.forwardings import service as forwardings
from hub.forwardings import stages
from hub.forwardings.chain import service as chain
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening
from hub.forwardings.service import CannotForward
from hub.responses.declining.queries import standoff
from hub.responses.models import Response
from hub.responses.service import accept, refuse_overtaken


class WentBack(CannotForward):
    """The office chosen has declined this very complaint. The sentence says who can decide."""


def reroute(response: Response, request: Request, author: Person, request_key: str | None = None) -> Forwarding:
    """Accept a decline, and put a letter to another office to sign. The same `request_key` again returns the first.

    Raises NotNow when this decline is not to be reviewed any more; WentBack, CannotForward and OwnCase as `draft` and
    `submit` of a forwarding do. Then nothing of it stays.
    """
    declined = response.forwarding
    stages.lock_all(id for id in (declined.id, declined.parent_id) if id)  # of the same form sent twice, one waits
    if request_key and (first := forwardings.by_request_key(request_key)):
        return first
    refuse_overtaken(response, Happening.DECLINED)
    _refuse_going_back(response, request)
    if declined.parent:
        request = replace(request, answer_by=chain.proposed_date(declined.parent, request.recipient))
        successor = chain.pass_on(declined.parent, request, author, request_key)
    else:
        successor = forwardings.draft(declined.complaint, request, author, request_key)
    successor.rerouted_from = declined
    forwardings.submit(successor, author)
    accept(response, author, rerouted_to=successor)
    return successor


def _refuse_going_back(response: Response, request: Request) -> None:
    found = standoff(response.forwarding, request.recipient)
    if found and request.recipient in found.offices:
        raise WentBack(found.sentence)
