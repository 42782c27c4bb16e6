"""What goes round the letters, and the list on top of a print, as pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hub.directory.models import Institution
from hub.letters.document import page, qr
from hub.letters.stationery.service import head_of
from hub.post.models import PostDispatch, PrintJob
from hub.post.rules import Addressing, fitting_size

LABELS_ACROSS, LABELS_DOWN = 2, 7
LABELS_A_SHEET = LABELS_ACROSS * LABELS_DOWN
"""Of 99.1 x 38.1 mm, the sheet most shops have (L7163)."""

_LABEL_TEXT = (72.0, 28.0)
_ADDRESSEE = {Addressing.ENVELOPES: (105.0, 60.0), Addressing.SMALL_ENVELOPES: (95.0, 38.0)}
"""Room for the addressee, in millimetres across and down."""
_PLACES = {Addressing.ENVELOPES: "c5", Addressing.SMALL_ENVELOPES: "dl"}


@dataclass(frozen=True)
class Addressed:
    """One label or envelope. `size`: of its letters, in points."""

    dispatch: PostDispatch
    lines: list[str]
    size: float
    qr: Markup

    @classmethod
    def at(cls, dispatch: PostDispatch, room: tuple[float, float], largest: float) -> "Addressed":
        lines = ["Yth.", *dispatch.address.splitlines()]
        return cls(dispatch, lines, fitting_size(lines, *room, largest), qr(dispatch.code))


@dataclass(frozen=True)
class Entry:
    """A line of the list on top: the letter, and the pages of the print on which letter and slip are."""

    dispatch: PostDispatch
    letter_pages: int
    first: int
    last: int


def cover(job: PrintJob, entries: Sequence[Entry], left_out: Sequence[PostDispatch]) -> str:
    """The first page: what is in the print, so that nothing is mixed up."""
    return page("post/cover.html", False, job=job, office=job.institution, entries=entries, left_out=left_out)


def surrounds(dispatches: Sequence[PostDispatch], office: Institution, addressing: Addressing) -> tuple[str, int]:
    """The sheets of labels, or all envelopes, and how many pages that must be."""
    if addressing is Addressing.LABELS:
        labels = [Addressed.at(one, _LABEL_TEXT, 10.5) for one in dispatches]
        sheets = [labels[first : first + LABELS_A_SHEET] for first in range(0, len(labels), LABELS_A_SHEET)]
        return page("post/labels.html", False, sheets=sheets, across=LABELS_ACROSS), len(sheets)
    envelopes = [Addressed.at(one, _ADDRESSEE[addressing], 12) for one in dispatches]
    html = page(
        "post/envelopes.html",
        False,
        envelopes=envelopes,
        office=office,
        head=head_of(office),
        place=_PLACES[addressing],
    )
    return html, len(envelopes)
