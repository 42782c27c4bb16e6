"""The words of the morning mail: always Indonesian, as all mails. Numbers of letters and names of offices, no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hub.directory.models import Network
from hub.forwardings.correspondence import long_date
from hub.forwardings.rules import ClockKey
from hub.monitoring.digest.state import Morning
from hub.silence.queries import Case
from hub.silence.rules import Grade
from hub.upkeep.questions import NETWORKS
from hub.webkit import links

MOST_ROWS = 5
GRADES = {
    Grade.NOT_DISPATCHED: "Belum berangkat",
    Grade.UNDELIVERED: "Tidak sampai",
    Grade.RECEIPT_UNPROVEN: "Belum ada bukti terima",
    Grade.UNACKNOWLEDGED: "Belum dikonfirmasi",
    Grade.UNANSWERED: "Belum ditanggapi",
    Grade.INTERIM_ONLY: "Baru tanggapan sementara",
    Grade.REPLY_MISSING: "Balasan belum tiba",
    Grade.REVIEW_DUE: "Menunggu telaah pengirim",
}
"""As the pages call them."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


@dataclass(frozen=True)
class Before:
    """What the last mail of this kind counted, and on which day. `silent`: ids of institutions."""

    day: date
    grades: Mapping[str, int]
    silent: frozenset[int]


def subject(network: Network, morning: Morning) -> str:
    return f"Ringkasan pagi jaringan {NETWORKS[network]}: {long_date(morning.day)}"


def paragraphs(network: Network, morning: Morning, before: Before | None) -> list[str]:
    """The sentence of the day, counts with what changed, who became silent, what waits for us, what is due soon."""
    sections = [
        _listed(
            f"{GRADES[grade]}, perlu tindakan kita ({len(found)})",
            [_late(case) for case in found],
            f"/monitoring?grade={grade}",
        )
        for grade, found in morning.listed.items()
    ]
    return [
        _sentence(network, morning),
        _counts(morning, before),
        *_failed(morning),
        *_silent(morning, before),
        *sections,
        *_due(morning),
        f"Ringkasan jaringan: {links.page('/monitoring')}",
    ]


def _sentence(network: Network, morning: Morning) -> str:
    known = f"{morning.opened} surat masih terbuka di jaringan {NETWORKS[network]}"
    if waiting := sum(len(found) for found in morning.listed.values()):
        return f"{waiting} surat perlu tindakan kita hari ini; {known}."
    return f"Tidak ada surat yang menunggu tindakan kita; {known}."


def _counts(morning: Morning, before: Before | None) -> str:
    """The grades that have letters now, or had some before; of letters of the whole network, unlike the lists."""
    told, has_changed = [], False
    for grade, words in GRADES.items():
        now, then = morning.grades[grade], before.grades.get(grade, 0) if before else 0
        if now or then:
            told.append(f"{words} {now}{_change(now - then) if before else ''}")
            has_changed |= now != then
    if not told:
        return "Semua surat masih dalam batas waktunya."
    words = "Dalam kurung: perubahan" if has_changed else "Tidak ada yang berubah"
    since = f" {words} sejak {long_date(before.day)}." if before else ""
    return f"Lewat batas waktu di seluruh jaringan: {', '.join(told)}.{since}"


def _change(by: int) -> str:
    return f" ({by:+d})".replace("-", "−") if by else ""


def _failed(morning: Morning) -> list[str]:
    heading = (
        f"Pengawasan batas waktu belum berhasil mengurus {len(morning.failed)} surat; ingatkan sendiri penerimanya"
    )
    rows = [f"{name}: {links.page(f'/forwardings/{id}')}" for id, name in morning.failed.items()]
    return [_listed(heading, rows)] if rows else []


def _silent(morning: Morning, before: Before | None) -> list[str]:
    """How many institutions, and those that were not among them the last time, each with its page."""
    if not morning.silent:
        return []
    fresh = sorted(
        f"{case.recipient}: {links.page(f'/silence/offices/{case.recipient_code}')}"
        for id, case in morning.silent.items()
        if before is None or id not in before.silent
    )
    known = f"{len(morning.silent)} instansi belum merespons setelah dua kali diingatkan"
    if before:
        known += f", baru sejak {long_date(before.day)}" if fresh else ", tidak ada yang baru"
    return [_listed(known, fresh, "/monitoring#silent")]


def _due(morning: Morning) -> list[str]:
    heading = f"Jatuh tempo sampai {long_date(morning.until)} ({len(morning.due)})"
    rows = [_row(case, _short(case.next_due)) for case in morning.due if case.next_due]
    return [_listed(heading, rows)] if rows else []


def _listed(heading: str, rows: Sequence[str], path: str = "") -> str:
    """One paragraph, a line for each. `path`: the page that shows all of them."""
    where = f" {links.page(path)}" if path else ""
    more = [f"dan {len(rows) - MOST_ROWS} lainnya"] if len(rows) > MOST_ROWS else []
    return "\n".join([f"{heading}:{where}", *(f"• {row}" for row in [*rows[:MOST_ROWS], *more])])


def _late(case: Case) -> str:
    since = f"sejak {_short(case.verdict.since)}" if case.verdict.since else ""
    return _row(case, f"menunggu tanda tangan {since}" if case.verdict.clock is ClockKey.SIGN else since)


def _row(case: Case, when: str = "") -> str:
    """Number or hub reference, office, when, and the page of the letter."""
    told = ", ".join(part for part in (case.number or case.reference, case.recipient, when) if part)
    return f"{told}: {links.page(f'/forwardings/{case.id}')}"


def _short(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
