"""`hub worker`: letters and slips become PDFs, mail leaves, reminders go out."""

from typing import Any

import click

from hub.cli.context import answer, found_wrong, in_app, json_option, tell


@click.command
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@json_option
@in_app
def worker(once: bool, as_json: bool) -> None:
    """Work until it is stopped (SIGTERM ends it cleanly). With --once, exit 1 means that a step failed."""
    from hub.worker import run_forever, run_once, told_to_stop

    if not once:
        stop = told_to_stop()
        tell("The worker is at work.")
        run_forever(stop)
        return
    reports = run_once()
    answer(reports, as_json, "\n".join(f"{name}: {_told(report)}" for name, report in reports.items()))
    if any("failed_with" in report for report in reports.values() if report):
        found_wrong()


def _told(report: dict[str, Any] | None) -> str:
    if report is None:
        return "not due"
    return ", ".join(f"{name} {value}" for name, value in report.items() if value not in ("", None))
