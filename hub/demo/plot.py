"""Who gets stuck where: the course of every forwarding, and how long ago its complaint came in."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from hub.complaints.rules import ComplainedOf, Intake
from hub.simulation.agenda import OfficeHours

ASDEP = "KSN-DUMAS"
OMBUDSMAN = "ORI-15"
DAYS = 182
"""Half a year, ending yesterday."""


class Step(StrEnum):
    """Where a course can stop for good."""

    FORWARD = "forward"
    SUBMIT = "submit"
    SIGN = "sign"
    PRINT = "print"
    POST = "post"
    DELIVER = "deliver"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    REVIEW = "review"


class Reach(StrEnum):
    """How an institution can be reached, which decides who can get which course."""

    PIC = "pic"
    MAILBOX = "mailbox"
    PAPER = "paper"
    DEAD = "dead"


@dataclass(frozen=True)
class Course:
    """How a forwarding goes, as far as it gets before today. `pace`: share of the limit that the answer takes.

    `gets_lost`: the post scans the envelope at the counter, and never again. `nobody_opens`: when the postman rings.
    `by_reply`: the PIC answers the mail instead of using its link, and nobody has said yet what the reply is.
    """

    stops_at: Step | None = None
    reach: Reach = Reach.PIC
    by_email: bool = True
    by_post: bool = False
    by_reply: bool = False
    comes_back: bool = False
    gets_lost: bool = False
    nobody_opens: bool = False
    days_to_confirm: int = 1
    pace: float = 0.6
    interim: bool = False
    incomplete_first: bool = False
    sent_back: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class Case:
    """A complaint, the office that registers it, and what becomes of it. `place`: a region, or "35*" for any in 35."""

    intake: Intake
    office: str
    course: Course
    place: str = ""


_PAPER = Course(reach=Reach.PAPER, by_email=False, by_post=True)
_DELIVERED = Course(stops_at=Step.ACKNOWLEDGE, reach=Reach.PAPER, by_email=False, by_post=True)
_QUIET = Course(stops_at=Step.ANSWER)
_REPLIED = Course(by_reply=True)
_UNPROVEN = Course(stops_at=Step.ACKNOWLEDGE)

STUCK: tuple[tuple[int, int, int, str, str, Course], ...] = (
    (9, 1, 2, ASDEP, "", Course(stops_at=Step.FORWARD)),
    (2, 14, 40, ASDEP, "", Course(stops_at=Step.FORWARD)),
    (2, 1, 3, OMBUDSMAN, "35*", Course(stops_at=Step.FORWARD)),
    (4, 1, 3, ASDEP, "", Course(stops_at=Step.SUBMIT)),
    (1, 2, 3, OMBUDSMAN, "35*", Course(stops_at=Step.SUBMIT)),
    (5, 1, 2, ASDEP, "", Course(stops_at=Step.SIGN)),
    (3, 6, 9, ASDEP, "", Course(stops_at=Step.SIGN)),
    (6, 2, 2, ASDEP, "", Course()),
    (2, 2, 2, ASDEP, "35.13", Course()),
    (2, 2, 2, ASDEP, "35", Course()),
    (1, 2, 2, OMBUDSMAN, "35*", Course(stops_at=Step.SIGN)),
    (2, 3, 4, ASDEP, "", replace(_PAPER, stops_at=Step.PRINT)),
    (2, 9, 12, ASDEP, "", replace(_PAPER, stops_at=Step.POST)),
    (2, 9, 10, ASDEP, "", replace(_PAPER, stops_at=Step.DELIVER)),
    (1, 9, 10, ASDEP, "", replace(_PAPER, nobody_opens=True, stops_at=Step.DELIVER)),
    (3, 7, 24, ASDEP, "", Course(stops_at=Step.ACKNOWLEDGE, reach=Reach.DEAD)),
    (2, 18, 30, ASDEP, "", replace(_PAPER, comes_back=True, stops_at=Step.ACKNOWLEDGE)),
    (2, 20, 26, ASDEP, "", replace(_PAPER, gets_lost=True)),
    (3, 9, 12, ASDEP, "", _UNPROVEN),
    (4, 10, 45, ASDEP, "", replace(_UNPROVEN, reach=Reach.MAILBOX)),
    (1, 10, 12, OMBUDSMAN, "35*", _UNPROVEN),
    (3, 15, 17, ASDEP, "", _DELIVERED),
    (2, 15, 17, ASDEP, "", replace(_DELIVERED, reach=Reach.PIC, by_email=True)),
    (1, 21, 21, ASDEP, "35.13", _QUIET),
    (1, 21, 22, ASDEP, "35", _QUIET),
    (7, 26, 75, ASDEP, "", _QUIET),
    (1, 26, 30, OMBUDSMAN, "35*", _QUIET),
    (1, 24, 26, OMBUDSMAN, "35.13", replace(_QUIET, interim=True)),
    (3, 24, 60, ASDEP, "", replace(_QUIET, interim=True)),
    (3, 24, 34, ASDEP, "", Course(stops_at=Step.REVIEW)),
    (1, 24, 34, OMBUDSMAN, "35*", Course(stops_at=Step.REVIEW)),
    (2, 5, 7, ASDEP, "", _REPLIED),
    (1, 5, 7, ASDEP, "35.13", _REPLIED),
    (1, 17, 19, ASDEP, "", _REPLIED),
)
"""How many; received how many working days ago (from, to); registered by; region; course.

The days leave room for every step before the stop (at most 3 to the signature, 10 to a delivery, 19 to a missed date)
and, from 26 on, for both reminders. Those of two days ago that do not stop are signed on the last afternoon.
"""

PLACED = (("35.13", 10), ("35", 6))
"""Complaints of the last 15 working days about the places whose PICs can sign in: their desks are never empty."""

ABOUT_THE_TOP = (
    (
        "Laporan warga tidak pernah ditindaklanjuti inspektorat",
        "Laporan kami tentang dana desa diterima inspektorat empat bulan lalu. Sampai sekarang tidak ada jawaban.",
        ComplainedOf.INSPECTORATE,
    ),
    (
        "Hasil pemeriksaan inspektorat diduga dibocorkan",
        "Nama pelapor diketahui pihak yang diperiksa sebelum laporan selesai. Mohon diperiksa oleh pihak lain.",
        ComplainedOf.INSPECTORATE,
    ),
    (
        "Mutasi pegawai tanpa alasan oleh kepala daerah",
        "Dua belas pegawai dipindahkan sehari setelah pelantikan tanpa penilaian kinerja. Mohon diperiksa.",
        ComplainedOf.HEAD,
    ),
    (
        "Kepala daerah menunjuk langsung rekanan proyek pasar",
        "Pembangunan pasar diberikan kepada satu rekanan tanpa lelang atas perintah kepala daerah. Mohon diperiksa.",
        ComplainedOf.HEAD,
    ),
)
"""Complaints about an inspectorate or the head of a region: they go to whoever stands above."""

OMBUDSMAN_OFFICES = (("ORI-15", "35", 15), ("ORI-10", "19", 9), ("ORI-29", "73", 9), ("ORI-34", "92", 7))
"""Office, province, and how many complaints it registered."""


def cast(intakes: list[Intake], hours: OfficeHours, today: date) -> list[Case]:
    """A course and a day for every complaint. Those that can be stuck are neither urgent nor slow by law."""
    random = hours.random
    plain = [one for one in intakes if not one.is_supervisory and one.classification == "complaint"]
    random.shuffle(plain)
    cases = []
    for number, earliest, latest, office, place, course in STUCK:
        for _ in range(number):
            day = hours.days_ago(today, random.randint(earliest, latest))
            course_here = replace(course, days_to_confirm=random.randint(0, 2), pace=random.uniform(0.3, 0.7))
            cases.append(Case(replace(plain.pop(), received_on=day), office, course_here, place))
    stuck = {case.intake.tracking_id for case in cases}
    rest = [one for one in intakes if one.tracking_id not in stuck]
    random.shuffle(rest)
    for place, number in PLACED:
        for _ in range(number):
            day = hours.days_ago(today, random.randint(2, 15))
            cases.append(Case(replace(rest.pop(), received_on=day), ASDEP, _smooth(random), place))
    for (subject, body, about), days in zip(ABOUT_THE_TOP, (4, 9, 26, 45), strict=True):
        intake = replace(rest.pop(), subject=subject, body=body, complained_of=about, is_supervisory=True)
        intake = replace(intake, received_on=hours.days_ago(today, days))
        cases.append(Case(intake, ASDEP, _smooth(random), "35.13" if days == 4 else "35.74"))
    offices = [(code, f"{province}*") for code, province, number in OMBUDSMAN_OFFICES for _ in range(number)]
    for intake in rest:
        day = _some_day(random, today, hours.days_ago(today, 1))
        office, place = offices.pop() if offices else (ASDEP, "")
        cases.append(Case(replace(intake, received_on=day), office, _smooth(random), place))
    return cases


def _smooth(random: Random) -> Course:
    """What happens to most: it arrives, is confirmed and answered, mostly in time."""
    luck = random.random()
    return Course(
        by_post=random.random() < 0.22,
        days_to_confirm=random.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 5)),
        pace=random.uniform(1.05, 1.5) if luck < 0.1 else random.uniform(0.25, 0.95),
        interim=0.1 < luck < 0.2,
        incomplete_first=0.2 < luck < 0.28,
        sent_back=0.3 < luck < 0.35,
        withdrawn=0.4 < luck < 0.43,
    )


def _some_day(random: Random, today: date, last: date) -> date:
    """A day of the last half year, up to `last`; citizens write at weekends too, and then rather more."""
    while True:
        day = today - timedelta(days=random.randint(1, DAYS))
        if day <= last and (day.weekday() >= 5 or random.random() < 0.75):
            return day
