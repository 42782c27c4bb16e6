"""`hub watch`: one sweep over everything open, or what one would do."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import click
from flask_babel import force_locale

from hub import clock
from hub.cli.context import Misuse, answer, found_wrong, in_app, json_option
from hub.webkit.labels import label

if TYPE_CHECKING:
    from hub.silence.service import SweepReport
    from hub.silence.steps import DueStep

_MORNING = time(10)
"""Local time in Jakarta at which `--at DATE` looks: offices are open in all three zones."""

_STEPS = {
    1: "Pengingat",
    2: "Pengingat kedua",
    3: "Surat kepada pimpinan",
    4: "Surat kepada pembina",
    5: "Dicatat tidak menanggapi",
    6: "Permintaan penjelasan kedua",
    7: "Pemberitahuan sebelum tenggat",
}


@click.command
@click.option("--dry-run", is_flag=True, help="Only tell what a sweep would do.")
@click.option("--at", metavar="YYYY-MM-DD", help="As it would be on that day; implies --dry-run.")
@json_option
@in_app
def watch(dry_run: bool, at: str | None, as_json: bool) -> None:
    """Look at every open forwarding and send the reminders that are due, each once. Exit 1: a reminder failed.

    With --json also each of them under "cases": whose turn it is, grade, likely cause, next step and what can be done.
    """
    from hub.extensions import db
    from hub.silence import service
    from hub.silence.outlook import outlook

    moment = _moment(at) if at else clock.now()
    only_tell = dry_run or at is not None
    report = service.plan(moment) if only_tell else service.sweep(moment)
    db.session.commit()
    known = [asdict(one) for one in outlook(moment)] if as_json else []
    answer({"dry_run": only_tell, **_plain(report), "cases": known}, as_json, _told(report, only_tell))
    if report.failed:
        found_wrong()


def _moment(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Misuse(f'"{text}" is no date. Write it as year, month and day: 2026-03-13.') from None
    return datetime.combine(day, _MORNING, clock.ZONES["WIB"]).astimezone(UTC)


def _plain(report: "SweepReport") -> dict[str, Any]:
    return {**asdict(report), "at": report.at.isoformat()}


def _step(one: "DueStep") -> str:
    """The record that no answer came has the words of what was asked, and may wait for a person."""
    if one.approver == "monitor":
        return "Menunggu keputusan pemantau"
    is_clarification = one.step == 5 and one.clock == "ombudsman_second_request"
    return "Dicatat tidak menggunakan hak jawab" if is_clarification else _STEPS[one.step]


def _in_words(grades: Mapping[str, int]) -> dict[str, int]:
    """By what the pages call them, in the language of these sentences."""
    with force_locale("id"):
        return {str(label("grade", grade).text): number for grade, number in grades.items()}


def _told(report: "SweepReport", only_tell: bool) -> str:
    lines = [
        "Belum ada yang dikerjakan; inilah yang jatuh tempo." if only_tell else "Selesai.",
        f"{report.open} penerusan berjalan pada {clock.local(report.at, 'WIB'):%Y-%m-%d %H.%M} WIB.",
        *(f"  {words}: {number}" for words, number in sorted(_in_words(report.grades).items())),
        *(f"{_step(one)}: {one.number}, {one.recipient}" for one in report.reminded),
    ]
    lines += [f"Belum ditandatangani sejak {one.due_on}: {one.sender}, surat {one.letter}" for one in report.unsigned]
    if report.outside_office_hours:
        lines.append(f"{report.outside_office_hours} pengingat menunggu jam kantor penerima.")
    if report.failed:
        ids = ", ".join(str(id) for id in report.failed)
        lines.append(f"{len(report.failed)} penerusan gagal diurus: {ids}. Sebabnya ada di log.")
    return "\n".join(lines)
