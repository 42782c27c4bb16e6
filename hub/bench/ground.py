"""Where a bench takes place: a hub of its own in a temporary folder, which nothing of the real one reaches."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from hub import create_app
from hub.config import Settings
from hub.directory.models import Institution, InstitutionKind
from hub.extensions import db
from hub.files import service as files
from hub.letters.models import Letter, LetterKind, LetterState
from hub.mail import service as mail
from hub.mail.models import EmailDispatch, EmailPurpose

_PDF_BYTES = 7_000
"""With text and HTML, 15 KB a mail."""
_PARAGRAPHS = (
    "Mohon konfirmasi penerimaan surat kami paling lambat Kamis, 19 Maret 2026.",
    "Kami meneruskan pengaduan warga tentang jalan desa yang rusak sejak banjir bulan Januari dan belum diperbaiki.",
    "Surat lengkap ada di lampiran. Jawaban dapat dikirim dengan membalas email ini.",
)
_SIGNATURE = "Asisten Deputi Pengaduan Masyarakat\nKementerian Sekretariat Negara\nJalan Veteran Nomor 17–18, Jakarta"


@contextmanager
def hub(folder: Path, mail_port: int, database_url: str = "") -> Iterator[Flask]:
    """An application with its context pushed: SQLite and files in `folder`, mail to 127.0.0.1:`mail_port`.

    `database_url`: an empty database to use in its place.
    """
    app = create_app(settings(folder, mail_port, database_url))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def settings(folder: Path, mail_port: int, database_url: str = "") -> Settings:
    """Every setting that matters here is given, so that none comes from the environment."""
    return Settings(
        demo=False,
        database_url=database_url or f"sqlite:///{folder / 'hub.db'}",
        base_url="https://hub.example",
        secret_key="a secret key that protects nothing but a bench",  # type: ignore[arg-type]  # pydantic makes secrets of them
        link_keys="a link key that protects nothing but a bench",  # type: ignore[arg-type]
        identity_keys="YmVuY2gtaWRlbnRpdHkta2V5LXByb3RlY3RzLW5vdGg=",  # type: ignore[arg-type]
        mail_host="127.0.0.1",
        mail_port=mail_port,
        mail_username="",
        mail_password="",  # type: ignore[arg-type]
        mail_tls="none",
        mail_from="penghubung@hub.example",
        reply_domain="",
        imap_url="",  # type: ignore[arg-type]
        storage_url=f"file://{folder / 'files'}",
        trusted_proxies=0,
    )


def queue_letters(count: int) -> list[EmailDispatch]:
    """Put `count` mails into the outbox and commit: each with a letter of its own, each to a domain of its own."""
    office = _office()
    dispatches = [_queue_letter(office) for _ in range(count)]
    db.session.commit()
    return dispatches


def _queue_letter(office: Institution) -> EmailDispatch:
    code = os.urandom(8).hex()
    letter = Letter(
        institution=office,
        kind=LetterKind.FORWARDING,
        state=LetterState.SIGNED,
        subject="Jalan desa rusak",
        content={},
        number=f"B-{code}/Dumas/03/2026",
        verification_code=code,
        file=files.store_made(f"{code}.pdf", b"%PDF-1.7\n" + os.urandom(_PDF_BYTES), "application/pdf"),
    )
    db.session.add(letter)
    db.session.flush()
    return mail.queue(
        about=f"forwarding:{code}",
        purpose=EmailPurpose.LETTER,
        institution_id=office.id,
        to_name="Inspektur Pembantu, Ir. Wulan Maheswari, M.Si.",
        to_address=f"pic@inspektorat-{code}.example",
        subject=f"{letter.number}: Jalan desa rusak sejak banjir",
        paragraphs=_PARAGRAPHS,
        signature=_SIGNATURE,
        action="Konfirmasi penerimaan",
        letter=letter,
    )


def _office() -> Institution:
    if found := db.session.query(Institution).first():
        return found
    office = Institution(
        code="BENCH",
        name="Asisten Deputi Pengaduan Masyarakat",
        kind=InstitutionKind.OTHER,
        head_title="Asisten Deputi",
        seat="Jakarta",
        zone="WIB",
        number_template="B-{n}",
    )
    db.session.add(office)
    return office
