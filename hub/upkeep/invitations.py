"""Invitations: a link that works once, sent to the address of a person, sets the password.

The same link, sent to somebody who has an account, is how a forgotten password is replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, select

from hub import clock
from hub.accounts import service as accounts
from hub.accounts.models import Account
from hub.accounts.queries import accounts_of
from hub.accounts.rules import Role
from hub.audit import queries as audit
from hub.audit.rules import Actor, ActorKind
from hub.audit.rules import person as by_person
from hub.audit.service import record
from hub.directory import service as people
from hub.directory.models import AddressChange, Appointment, AppointmentRole, Person
from hub.directory.service import Refused
from hub.extensions import db
from hub.forwardings.correspondence import long_date, office_signature
from hub.letters.models import Letter
from hub.letters.rules import date_words
from hub.mail import queries as mails
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose
from hub.mail.rules import usable_address
from hub.upkeep.questions import NETWORKS, signature
from hub.webkit.tokens import LinkState

LIFE = timedelta(days=14)

_SEATS = {AppointmentRole.PIC: "PIC", AppointmentRole.DEPUTY: "wakil PIC"}
_ROLES = {
    Role.REGISTRAR: "pengelola surat",
    Role.SIGNATORY: "penanda tangan",
    Role.MONITOR: "pemantau",
    Role.ADMINISTRATOR: "administrator",
}


class Closed(Exception):
    """The link has been used, replaced or has expired: it sets no password any more."""


@dataclass(frozen=True)
class Invitation:
    """What lies behind a link. `terms`: present and coming appointments of `person`; `roles`: granted ones.

    `password_set_at`: when this person last got a password, None for who never had one.
    """

    dispatch: EmailDispatch
    person: Person
    terms: tuple[Appointment, ...]
    roles: tuple[Role, ...]
    password_set_at: datetime | None

    @property
    def state(self) -> LinkState:
        """Also revoked when address or password were replaced meanwhile, or nobody is left to invite."""
        was_sent_elsewhere = usable_address(self.person.email) != self.dispatch.to_address
        is_overtaken = self.password_set_at is not None and self.password_set_at > self.dispatch.queued_at
        if was_sent_elsewhere or is_overtaken or not (self.terms or self.roles):
            return LinkState.REVOKED
        return self.dispatch.link_state


def invite(person: Person, by: Actor, lines: Sequence[str] = (), letter: Letter | None = None) -> EmailDispatch:
    """Mail `person` a link that opens for 14 days; older ones open nothing any more.

    `lines` are further paragraphs, `letter` goes along.

    Raises Refused for somebody without an office here and where the link would give away rights that the directory
    does not give, UnusableAddress when no mail can be sent.
    """
    people.hold(person.institution)  # of two invitations at once, the later one counts
    db.session.refresh(person)
    account = accounts_of([person.id]).get(person.id)
    terms, roles = _terms(person), _roles(account)
    if not terms and not roles:
        raise Refused("email", _("%(name)s holds no office here. Record the appointment first.", name=person.name))
    if account and roles and by.kind is ActorKind.PERSON and _has_moved(account):
        raise Refused(
            "email",
            _(
                "%(name)s has rights that are granted on the server, and a new address. The link for it is sent from "
                "there too: hub user invite.",
                name=person.name,
            ),
        )
    _withdraw(person)
    dispatch = mail.queue(
        about=_about(person),
        purpose=EmailPurpose.INVITATION,
        institution_id=person.institution_id,
        to_name=person.name,
        to_address=person.email,
        subject=_subject(person, account),
        paragraphs=[*_opening(person, account), *_offices(person, terms, roles), *lines, _closing(account)],
        signature=_signature(by, person, terms),
        action="Buat kata sandi",
        letter=letter,
        link_life=LIFE,
    )
    person.invited_at = clock.now()
    record(person.institution.stream, "person_invited", by, {"person": person.id, "email": dispatch.id})
    return dispatch


def find(token: str) -> Invitation | None:
    """The invitation that this link belongs to, whether or not it still opens."""
    dispatch = mails.by_link_token(token)
    if dispatch is None or dispatch.purpose is not EmailPurpose.INVITATION:
        return None
    person = db.session.get(Person, int(dispatch.about.partition(":")[2]))
    if person is None:
        return None
    return _invitation(dispatch, person)


def accept(dispatch: EmailDispatch, password: str) -> Account:
    """Set the password of whoever was invited, who by this has shown that the address is read.

    Works once. Raises Closed when the link opens nothing any more, WeakPassword.
    """
    person = db.session.get_one(Person, int(dispatch.about.partition(":")[2]))
    people.hold(person.institution)  # before its mails, as in a handover
    db.session.refresh(dispatch, with_for_update={"of": EmailDispatch})
    if _invitation(dispatch, person).state is not LinkState.GOOD:
        raise Closed
    account = accounts.open_account(person, password)
    people.confirm_address(person, clock.now())
    _withdraw(person)
    actor = by_person(person.id)
    details = {"person": person.id, "email": dispatch.id}
    record(person.institution.stream, "invitation_accepted", actor, details)
    record(account.stream, "signed_in", actor)
    return account


def _invitation(dispatch: EmailDispatch, person: Person) -> Invitation:
    account = accounts_of([person.id]).get(person.id)
    return Invitation(dispatch, person, _terms(person), _roles(account), _password_set_at(account))


def _password_set_at(account: Account | None) -> datetime | None:
    last = audit.last_of(account.stream, "account_created", "password_changed") if account else None
    return last.recorded_at if last else account and account.created_at


def _has_moved(account: Account) -> bool:
    """The address was replaced after the password was set: nobody has shown yet that it is the same person's."""
    since = _password_set_at(account)
    moved = exists().where(AddressChange.person_id == account.person_id, AddressChange.changed_at > since)
    return bool(db.session.scalar(select(moved)))


def _withdraw(person: Person) -> None:
    """No invitation sent so far opens anything any more, and none of them leaves late."""
    mail.cancel_queued(_about(person))
    mail.revoke_links(_about(person))


def _about(person: Person) -> str:
    return f"person:{person.id}"


def _terms(person: Person) -> tuple[Appointment, ...]:
    today = clock.today(person.institution.zone)
    coming = [one for one in person.appointments if one.valid_until is None or one.valid_until >= today]
    return tuple(sorted(coming, key=lambda one: (one.valid_from, one.id)))


def _roles(account: Account | None) -> tuple[Role, ...]:
    return tuple(sorted(row.role for row in account.granted)) if account else ()


def _signature(by: Actor, person: Person, terms: Sequence[Appointment]) -> str:
    """The office that invites: the administrator's own, or, where no person does, the head of the network."""
    if by.kind is ActorKind.PERSON and by.id is not None:
        return office_signature(db.session.get_one(Person, by.id).institution)
    return signature(terms[0].network if terms else person.institution.network)


def _subject(person: Person, account: Account | None) -> str:
    return "Kata sandi baru untuk Penghubung" if account else f"Undangan Penghubung untuk {person.institution.name}"


def _opening(person: Person, account: Account | None) -> tuple[str, ...]:
    last_day = long_date(clock.local(clock.now() + LIFE, person.institution.zone).date())
    if account:
        return (
            f"Silakan buat kata sandi baru Anda di Penghubung, paling lambat {last_day}.",
            "Kata sandi lama tetap berlaku sampai Anda menggantinya.",
        )
    return (
        f"Silakan buat kata sandi Anda di Penghubung, paling lambat {last_day}.",
        "Penghubung mengantar surat pengaduan antarinstansi dan memastikan setiap surat sampai dan dijawab.",
    )


def _offices(person: Person, terms: Sequence[Appointment], roles: Sequence[Role]) -> tuple[str, ...]:
    """One sentence for each appointment, with the decree it rests on, and one for all granted roles."""
    appointed = tuple(
        f"Anda ditunjuk sebagai {_SEATS[one.role]} {one.institution.name} dalam jaringan {NETWORKS[one.network]}, "
        f"mulai {date_words(one.valid_from)}, dengan keputusan Nomor {one.decree_number}."
        for one in terms
    )
    if not roles:
        return appointed
    named = " dan ".join(_ROLES[role] for role in roles)
    return (*appointed, f"Anda terdaftar sebagai {named} pada {person.institution.name}.")


def _closing(account: Account | None) -> str:
    if account:
        return "Bila Anda tidak memintanya, abaikan email ini dan beri tahu kami."
    return "Cukup sekali: tekan tombol di bawah ini, lalu buat kata sandi. Bila ini bukan untuk Anda, balas email ini."
