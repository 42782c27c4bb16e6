"""A mailbox on a real IMAP server, and mails to put into it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from pydantic import SecretStr

from hub.mail.inbox import imap
from tests.dovecot import PASSWORD, Dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()
    server.remove()


@dataclass
class Box:
    """A folder of the server, the one that HUB_IMAP_URL of this hub names. `deliver` puts mails into it."""

    app: Flask
    server: Dovecot
    folder: str

    def use(self, url: str) -> None:
        """Another HUB_IMAP_URL from now on."""
        settings = self.app.extensions["settings"]
        self.app.extensions["settings"] = settings.model_copy(update={"imap_url": SecretStr(url)})

    def use_own(self, password: str = PASSWORD) -> None:
        self.use(self.server.url(self.folder, password))

    def deliver(self, *mails: bytes) -> None:
        self.server.deliver(*mails, folder=self.folder)

    def make(self) -> None:
        with self.server.person() as client:
            client.create(f'"{self.folder}"')

    def delete(self) -> None:
        with self.server.person() as client:
            client.delete(f'"{self.folder}"')

    def visit(self) -> imap.VisitReport:
        report = imap.visit()
        assert report is not None
        return report


@pytest.fixture
def box(app: Flask, dovecot: Dovecot) -> Box:
    found = Box(app, dovecot, f"Surat Masuk {secrets.token_hex(4)}")
    found.make()
    found.use_own()
    return found
