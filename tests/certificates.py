"""A certificate that an office could have, made by a test authority."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

AUTHORITY = "Otoritas Sertifikat Uji"


def put(folder: Path, code: str, days: int = 3650, password: str = "rahasia") -> None:
    """`<code>.p12` and `<code>.password` in `folder`, valid since 2024 for that long."""
    key, authority = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name("Asdep Pengaduan Masyarakat (uji)"))
        .issuer_name(_name(AUTHORITY))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
        .add_extension(usage, critical=True)
        .sign(authority, hashes.SHA256())
    )
    sealed = serialization.BestAvailableEncryption(password.encode())
    Path(folder, f"{code}.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(b"kantor", key, certificate, None, sealed)
    )
    Path(folder, f"{code}.password").write_text(f"{password}\n")


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
