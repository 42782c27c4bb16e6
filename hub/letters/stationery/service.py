"""The stationery of an office: its versions, and what of it is frozen into a letter. No other place writes it."""

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hub import clock
from hub.audit.rules import person
from hub.audit.service import record
from hub.directory.models import Institution, Person
from hub.extensions import db
from hub.files.models import StoredFile
from hub.letters import readiness
from hub.letters.models import SigningMethod, Stationery
from hub.letters.rules import LetterContent, Paper
from hub.letters.stationery.rules import archive_code


class Unprintable(ValueError):
    """A font or the image for the head is missing: nothing may be numbered or issued that could not be printed.

    The sentence tells a person what to do.
    """


@dataclass(frozen=True)
class Terms:
    """Everything that a version says; without any, what an office that never chose has."""

    paper: Paper = Paper.A4
    emblem: StoredFile | None = None
    archive_classes: str = ""
    signing_office: str = ""
    signing_method: SigningMethod = SigningMethod.APPROVAL
    uses_own_register: bool = False
    texts: dict[str, Any] = field(default_factory=dict)


def newest(institution: Institution) -> Stationery | None:
    """The version that counts today; None for an office that never chose."""
    mine = select(Stationery).where(Stationery.institution_id == institution.id)
    latest = mine.options(joinedload(Stationery.emblem)).order_by(Stationery.version.desc()).limit(1)
    return db.session.scalar(latest)


def versions(institution: Institution) -> list[Stationery]:
    """All versions, the newest first, with who made each."""
    mine = select(Stationery).where(Stationery.institution_id == institution.id)
    around = mine.options(joinedload(Stationery.created_by), joinedload(Stationery.emblem))
    return list(db.session.scalars(around.order_by(Stationery.version.desc())))


def terms_of(version: Stationery | None) -> Terms:
    """What a version says, or what holds without one."""
    if version is None:
        return Terms()
    return Terms(
        paper=version.paper,
        emblem=version.emblem,
        archive_classes=version.archive_classes,
        signing_office=version.signing_office,
        signing_method=version.signing_method,
        uses_own_register=version.uses_own_register,
        texts=version.texts,
    )


def keep(institution: Institution, terms: Terms, by: Person) -> Stationery:
    """A new version, which counts from now on. Saying again what holds already makes none."""
    db.session.flush()
    db.session.refresh(institution, ["id"], with_for_update=True)  # of two who save at once, one waits here
    last = newest(institution)
    if last is not None and terms_of(last) == terms:
        return last
    version = Stationery(
        institution_id=institution.id,
        version=last.version + 1 if last else 1,
        created_at=clock.now(),
        created_by=by,
        **vars(terms),
    )
    db.session.add(version)
    db.session.flush()
    record(institution.stream, "stationery_changed", person(by.id), {"version": version.version})
    return version


def archive_classes(version: Stationery | None) -> list[str]:
    """Lines of the archive classes, code first; the first is the usual one."""
    return version.archive_classes.splitlines() if version else []


def head_of(institution: Institution) -> tuple[str, ...]:
    """Lines of its letterhead: its own, or made from "Kementerian Sekretariat Negara, Asdep Pengaduan Masyarakat"."""
    own = tuple(line for line in institution.letterhead.splitlines() if line)
    return own or tuple(institution.name.split(", ", 1))


def dress(content: LetterContent, institution: Institution, terms: Terms) -> LetterContent:
    """The content with everything the office prints around it, as directory and stationery are now."""
    reach = (institution.postal_address, institution.phone, institution.email, institution.website)
    return replace(
        content,
        head=head_of(institution),
        reach=" · ".join(" ".join(one.split()) for one in reach if one),
        seat=institution.seat,
        zone=institution.zone,
        paper=terms.paper,
        emblem=terms.emblem.sha256 if terms.emblem else "",
        archive=content.archive or archive_code(terms.archive_classes),
        signing_office=tuple(terms.signing_office.splitlines()) or (institution.head_title,),
    )


def freeze(content: LetterContent, institution: Institution) -> tuple[LetterContent, Stationery | None]:
    """The content as it will be printed for ever, and the version it is printed with. Raises Unprintable."""
    version = newest(institution)
    refuse_unprintable(version)
    return dress(content, institution, terms_of(version)), version


def refuse_unprintable(version: Stationery | None) -> None:
    """Raises Unprintable when no letter could be printed with this version here."""
    emblem = terms_of(version).emblem
    if fault := readiness.fault(emblem.sha256 if emblem else ""):
        raise Unprintable(fault)
