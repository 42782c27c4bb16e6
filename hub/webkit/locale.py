"""The language of a page: Indonesian, or English by choice."""

from flask import has_request_context, session
from flask_login import current_user

LOCALES = ("id", "en")


def choose() -> str:
    """The account's language, else the one chosen in this session, else Indonesian."""
    if not has_request_context():
        return LOCALES[0]
    chosen = current_user.locale if current_user.is_authenticated else session.get("locale")
    return chosen if chosen in LOCALES else LOCALES[0]


def keep(locale: str) -> None:
    """Remember the reader's choice. Unknown languages are ignored; the caller commits."""
    if locale not in LOCALES:
        return
    session["locale"] = locale
    if current_user.is_authenticated:
        current_user.locale = locale
