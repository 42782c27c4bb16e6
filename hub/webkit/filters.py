"""Dates, times and numbers the way they are written in official Indonesian, and in English by choice."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import format_decimal, get_locale
from flask_login import current_user

from hub import clock

DEFAULT_ZONE = "WIB"


def day(value: date) -> str:
    """ "Jumat, 10 April 2026"."""
    return format_date(value, "EEEE, d MMMM y", locale=get_locale())


def short_day(value: date) -> str:
    """ "10 Apr 2026"."""
    return format_date(value, "d MMM y", locale=get_locale())


def month_name(value: date) -> str:
    """ "April"."""
    return format_date(value, "LLLL", locale=get_locale())


def weekdays() -> list[str]:
    """Their names, from Monday on."""
    monday = date(2024, 1, 1)
    return [format_date(monday + timedelta(days=n), "EEEE", locale=get_locale()) for n in range(7)]


def moment(value: datetime, zone: str = "") -> str:
    """ "13 Mar 2026 pukul 14.30 WIB": in `zone`, else in the zone of the reader's office."""
    zone = zone or viewer_zone()
    pattern = "d MMM y 'pukul' HH.mm" if language() == "id" else "d MMM y 'at' HH:mm"
    return f"{format_datetime(clock.local(value, zone), pattern, locale=get_locale())} {zone}"


def number(value: float) -> str:
    """ "1.234,56"."""
    return format_decimal(value)


def viewer_zone() -> str:
    """The zone of the signed-in person's office; WIB for everyone else."""
    return current_user.institution.zone if current_user and current_user.is_authenticated else DEFAULT_ZONE


def language() -> str:
    """ "id" or "en": the language this page is in."""
    locale = get_locale()
    return locale.language if locale else "id"


def flatten(errors: Iterable[object]) -> Iterator[object]:
    """The sentences in a field's errors; fields of several files nest them."""
    for error in errors:
        if isinstance(error, list | tuple):
            yield from flatten(error)
        else:
            yield error


def install(app: Flask) -> None:
    for filter in (day, short_day, month_name, moment, number, flatten):
        app.add_template_filter(filter)
    app.add_template_global(weekdays)
    app.add_template_global(language)
