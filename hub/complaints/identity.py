"""Who a citizen is: encrypted at rest, opened only on purpose."""

import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from hub.complaints.models import Complaint
from hub.config import Settings


@dataclass(frozen=True)
class Identity:
    """Name and contact as the citizen gave them; both empty when the citizen is anonymous."""

    name: str = ""
    contact: str = ""


class UnreadableIdentity(Exception):
    """The key that sealed an identity is no longer among the settings."""


def seal(name: str, contact: str) -> bytes:
    """Name and contact, encrypted with the newest key."""
    return _keys().encrypt(json.dumps({"name": name, "contact": contact}).encode())


def open_sealed(complaint: Complaint) -> Identity:
    """The identity behind `complaint`. Whoever shows it to a person records that; see service.show_identity."""
    if complaint.identity is None:
        return Identity()
    try:
        return Identity(**json.loads(_keys().decrypt(complaint.identity)))
    except InvalidToken:
        raise UnreadableIdentity(
            f"The identity of {complaint.reference} was sealed with a key that HUB_IDENTITY_KEYS no longer holds. "
            "Add the old key at the end of the list."
        ) from None


def _keys() -> MultiFernet:
    settings: Settings = current_app.extensions["settings"]
    return MultiFernet([Fernet(key.get_secret_value()) for key in settings.identity_keys])
