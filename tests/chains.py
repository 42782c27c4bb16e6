"""Steps of a letter that is passed on, with the hub's own use cases. Every step is committed.

`sent` pretends that mail servers took the messages, as `story.sent` does.
"""

from datetime import date
from typing import Any

from hub import clock
from hub.accounts.models import Account, AccountRole
from hub.accounts.rules import Role
from hub.directory.models import Appointment, AppointmentRole, Institution, Network, Person
from hub.extensions import db
from hub.forwardings import receipt, service, tracks, voices
from hub.forwardings.chain import service as chain
from hub.forwardings.correspondence import Request
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import ProofChannel, ResponseClass
from hub.mail.models import EmailDispatch, EmailState
from hub.responses import service as responses
from hub.responses.models import Response, ResponseKind
from hub.routing.rules import Purpose
from tests.story import Story
from tests.world import World

FRIDAY = "2026-03-13T02:00:00Z"
ABOVE, PROPOSED, LATEST = date(2026, 4, 10), date(2026, 4, 8), date(2026, 4, 9)
"""14 working days from that Friday, and the working days before."""


def received(story: Story, world: World) -> Forwarding:
    forwarding, pic = story.sent(recipient=world.province), world.province_pic.person
    receipt.acknowledge(forwarding, ProofChannel.SIGN_IN, pic.name, pic.title, voices.signed_in(pic).actor)
    db.session.commit()
    return forwarding


def asked(to: Institution, by: date | None = PROPOSED) -> Request:
    return Request(to, Purpose.HANDLING, ResponseClass.ORDINARY, True, False, answer_by=by)


def passed_on(parent: Forwarding, to: Institution, author: Person, by: date | None = PROPOSED) -> Forwarding:
    """A draft; `sent` takes it further."""
    child = chain.pass_on(parent, asked(to, by), author)
    db.session.commit()
    return child


def sent(child: Forwarding, author: Person) -> Forwarding:
    leaves(child, author)
    db.session.commit()
    return child


def leaves(child: Forwarding, author: Person) -> None:
    """The same, for who commits later."""
    service.submit(child, author)
    service.sign(child, author)
    for dispatch in db.session.query(EmailDispatch).filter_by(about=child.stream):
        dispatch.state, dispatch.handed_over_at = EmailState.HANDED_OVER, clock.now()
    db.session.flush()
    tracks.notice_dispatches()


def confirmed(child: Forwarding, by: Person) -> Forwarding:
    receipt.acknowledge(child, ProofChannel.SIGN_IN, by.name, by.title, voices.signed_in(by).actor)
    db.session.commit()
    return child


def answered(
    child: Forwarding, by: Person, words: str = "Sudah diperbaiki.", files: Any = (), reports: Any = ()
) -> Response:
    answer = responses.Answer(ResponseKind.FINAL, "700/9", date(2026, 3, 13), words, files, reports=reports)
    response = responses.receive(child, answer, voices.signed_in(by))
    db.session.commit()
    return response


def with_receiver(parent: Forwarding, to: Institution, author: Person, by: date = PROPOSED) -> Forwarding:
    """Passed on, sent, and confirmed there."""
    return confirmed(sent(passed_on(parent, to, author, by), author), somebody_at(to))


def somebody_at(office: Institution) -> Person:
    """A person of this office; invented where there is none."""
    found = db.session.query(Person).filter_by(institution_id=office.id).order_by(Person.id).first()
    if found is None:
        found = Person(institution=office, name=f"Petugas {office.code}", email=f"petugas.{office.code}@kantor.example")
        db.session.add(found)
        db.session.flush()
    return found


def account_at(office: Institution, email: str, name: str, *roles: Role) -> Account:
    """A PIC of this office in Kemensetneg's network; with `roles`, somebody who holds them instead."""
    from tests.world import _CHEAP, PASSWORD

    person = Person(institution=office, name=name, email=f"{email}@kantor.example", phone="081200000000")
    account = Account(person=person, password_hash=_CHEAP.hash(PASSWORD), created_at=clock.now())
    account.granted.extend(AccountRole(role=role) for role in roles)
    if not roles:
        db.session.add(
            Appointment(
                person=person,
                institution=office,
                network=Network.KEMENSETNEG,
                role=AppointmentRole.PIC,
                decree_number="700/2/SK/2024",
                valid_from=date(2024, 1, 2),
            )
        )
    db.session.add(account)
    db.session.commit()
    return account
