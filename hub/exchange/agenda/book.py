"""The dispatch book (buku ekspedisi): what the own office handed in at the post on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from hub import clock
from hub.accounts.models import Account
from hub.directory.models import Institution
from hub.extensions import db
from hub.letters.models import Letter
from hub.post.models import PostDispatch

HEADERS = ("No.", "Nomor surat", "Tujuan", "Alamat", "Nomor resi", "Pukul")


@dataclass(frozen=True)
class Line:
    place: int
    dispatch: PostDispatch
    at: datetime

    @property
    def cells(self) -> tuple[str, ...]:
        one = self.dispatch
        first, *address = one.address.splitlines() or [one.institution.name]
        told = (one.letter.number or "", first, ", ".join(address), one.tracking_number, f"{self.at:%H.%M}")
        return (str(self.place), *told)


def of_day(account: Account, day: date) -> list[Line]:
    """In the order in which they were handed in; `at` on the clocks of the office."""
    office: Institution = account.institution
    start = datetime.combine(day, time(), clock.ZONES[office.zone])
    wanted = (
        select(PostDispatch)
        .join(PostDispatch.letter)
        .where(
            Letter.institution_id == office.id,
            PostDispatch.posted_at >= start,
            PostDispatch.posted_at < start + timedelta(days=1),
        )
        .options(contains_eager(PostDispatch.letter), joinedload(PostDispatch.institution))
        .order_by(PostDispatch.posted_at, PostDispatch.id)
    )
    found: Sequence[PostDispatch] = db.session.scalars(wanted).unique().all()
    return [
        Line(place, one, clock.local(one.posted_at, office.zone)) for place, one in enumerate(found, 1) if one.posted_at
    ]
