"""One complaint on its way, told with the hub's own use cases: each step takes a forwarding one stage further."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from hub import clock
from hub.complaints import service as complaints
from hub.complaints.models import Complaint
from hub.complaints.rules import Intake
from hub.directory.models import Institution
from hub.extensions import db
from hub.forwardings import receipt, tracks, voices
from hub.forwardings import service as forwardings
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ProofChannel, ResponseClass
from hub.mail.models import EmailDispatch, EmailState
from hub.responses import service as responses
from hub.responses.models import Response, ResponseKind
from hub.routing.rules import Purpose
from tests.world import World

_NUMBERS = count(1)


@dataclass
class Story:
    """Kemensetneg forwards to the Inspektorat of 35.13, unless told otherwise. Every step is committed.

    `sent` pretends that the recipient's mail server took the message; for the real way use the fixtures `smtp` and
    `work`.
    """

    world: World

    def complaint(self, **changes: Any) -> Complaint:
        facts: dict[str, Any] = {
            "channel": "SP4N-LAPOR",
            "tracking_id": str(7_000_000 + next(_NUMBERS)),
            "received_on": clock.today("WIB"),
            "region_code": "35.13",
            "subject": "Jalan berlubang di Kecamatan Tongas",
            "body": "Jalan berlubang sejak dua bulan lalu dan belum diperbaiki.",
            "name": "Puspa Anggraini",
            "contact": "puspa@warga.example",
        }
        office = changes.pop("office", self.world.ksn)
        complaint = complaints.register(office, Intake(**{**facts, **changes}), self.world.registrar.person)
        db.session.commit()
        return complaint

    def draft(
        self,
        complaint: Complaint | None = None,
        recipient: Institution | None = None,
        purpose: Purpose = Purpose.HANDLING,
        response_class: ResponseClass = ResponseClass.ORDINARY,
        by_email: bool = True,
        by_post: bool = True,
        **more: Any,
    ) -> Forwarding:
        request = Request(recipient or self.world.regency, purpose, response_class, by_email, by_post, **more)
        forwarding = forwardings.draft(complaint or self.complaint(), request, self.world.registrar.person)
        db.session.commit()
        return forwarding

    def submitted(self, **choices: Any) -> Forwarding:
        forwarding = self.draft(**choices)
        forwardings.submit(forwarding, self.world.registrar.person)
        db.session.commit()
        return forwarding

    def signed(self, **choices: Any) -> Forwarding:
        forwarding = self.submitted(**choices)
        forwardings.sign(forwarding, self.world.signatory.person)
        db.session.commit()
        return forwarding

    def sent(self, **choices: Any) -> Forwarding:
        forwarding = self.signed(**choices)
        for dispatch in db.session.query(EmailDispatch).filter_by(about=forwarding.stream):
            dispatch.state, dispatch.handed_over_at = EmailState.HANDED_OVER, clock.now()
        db.session.flush()
        tracks.notice_dispatches()
        db.session.commit()
        return forwarding

    def acknowledged(self, **choices: Any) -> Forwarding:
        from hub.audit.rules import person

        forwarding, pic = self.sent(**choices), self.world.regency_pic.person
        receipt.acknowledge(forwarding, ProofChannel.SIGN_IN, pic.name, "Irban I", person(pic.id))
        db.session.commit()
        return forwarding

    def answered(self, kind: ResponseKind = ResponseKind.FINAL, files: Any = (), **choices: Any) -> Response:
        forwarding = self.acknowledged(**choices)
        answer = responses.Answer(kind, "700/12/2026", date(2026, 1, 5), "Jalan sudah diperbaiki.", list(files))
        response = responses.receive(forwarding, answer, voices.signed_in(self.world.regency_pic.person))
        db.session.commit()
        return response

    def closed(self, **choices: Any) -> Forwarding:
        response = self.answered(**choices)
        responses.accept(response, self.world.registrar.person)
        db.session.commit()
        return response.forwarding
