"""Certificates of institutions: `<code>.p12` and `<code>.password` in the folder of HUB_CERTIFICATES, nowhere else."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from flask import current_app
from flask_babel import gettext as _

from hub import clock
from hub.config import Settings
from hub.directory.models import Institution


class NoCertificate(Exception):
    """The office cannot sign with a certificate now. The sentence says why, and who mends it."""


@dataclass(frozen=True)
class Certificate:
    """Where an office's key lies, and who vouches for it. The key itself is read only while it signs."""

    file: Path
    password: bytes
    issuer: str


def of(institution: Institution) -> Certificate:
    """The certificate this office can sign with today. Raises NoCertificate."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.certificates or not (file := Path(settings.certificates, f"{institution.code}.p12")).is_file():
        raise NoCertificate(_("%(office)s has no certificate on this hub. Sign another way.", office=institution.name))
    if find_spec("pyhanko") is None:
        raise NoCertificate(
            _("This hub cannot sign with certificates: the administrator has to install pyHanko. Sign another way.")
        )
    try:
        password = file.with_suffix(".password").read_bytes().strip()
        key, certificate, _chain = pkcs12.load_key_and_certificates(file.read_bytes(), password or None)
    except (OSError, ValueError):
        key = certificate = None
    if key is None or certificate is None:
        raise NoCertificate(
            _(
                "The certificate of %(office)s cannot be read. Tell the administrator, or sign another way.",
                office=institution.name,
            )
        )
    if not certificate.not_valid_before_utc <= clock.now() <= certificate.not_valid_after_utc:
        raise NoCertificate(
            _(
                "The certificate of %(office)s is not valid today. Tell the administrator, or sign another way.",
                office=institution.name,
            )
        )
    return Certificate(file, password, _issuer(certificate))


def is_there(institution: Institution) -> bool:
    """True when `of` would find one."""
    try:
        of(institution)
    except NoCertificate:
        return False
    return True


def _issuer(certificate: x509.Certificate) -> str:
    names = (
        *certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME),
        *certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME),
    )
    return str(names[0].value) if names else certificate.issuer.rfc4514_string()
