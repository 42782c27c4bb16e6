"""Answering with what offices below have answered."""

from hub.directory.models import Person
from hub.forwardings import stages
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Happening, NotNow
from hub.forwardings.voices import signed_in
from hub.responses import service
from hub.responses.models import Response
from hub.responses.rollup import queries
from hub.responses.service import Answer


def answer_with(forwarding: Forwarding, answer: Answer, by: Person, request_key: str | None = None) -> Response:
    """Give the answer made from `answer.sources`; those still under review are accepted, and their letters closed.

    The same `request_key` again returns the first one. Raises NotNow when no answer is awaited, or one of the sources
    is none any more: it was returned, or taken back.
    """
    held = stages.lock_all({forwarding.id, *(one.forwarding_id for one in answer.sources)})
    offered = queries.offers(forwarding)
    for source in answer.sources:
        if source not in offered:
            stage = next(one.stage for one in held if one.id == source.forwarding_id)
            raise NotNow(stage, Happening.CLOSED)
    response = service.receive(forwarding, answer, signed_in(by), request_key)
    for source in answer.sources:
        if source.review is None:
            service.accept(source, by)
    return response
