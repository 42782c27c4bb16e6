"""A real IMAP server, Dovecot, on a free port of this machine; its mailboxes are folders of files."""

import getpass
import grp
import ipaddress
import os
import shutil
import socket
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "penghubung@hub.example", "kata:sandi/rahasia@1"

_CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {port}
protocols = imap
listen = 127.0.0.1, 127.0.0.2
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
mail_location = maildir:{folder}/mail:INDEX=MEMORY:CONTROL={folder}/control
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


class Dovecot:
    """`url(folder)` is what HUB_IMAP_URL would be. Works for root, as in a container, and for anybody else."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))  # a short path: sockets lie in it
        self.folder.chmod(0o755)
        self.port, self.tls_port = _free_port(), _free_port()
        self.certificate = self.folder / "cert.pem"
        _write_certificate(self.certificate, self.folder / "key.pem")
        is_root = os.geteuid() == 0
        group = "nogroup" if is_root else grp.getgrgid(os.getegid()).gr_name
        names = {
            "internal_user": "dovecot" if is_root else getpass.getuser(),
            "internal_group": "dovecot" if is_root else group,
            "login_user": "dovenull" if is_root else getpass.getuser(),
            "uid": "nobody" if is_root else str(os.geteuid()),
            "gid": group,
        }
        for place in ("mail", "control"):
            (self.folder / place).mkdir()
            if is_root:
                shutil.chown(self.folder / place, "nobody", "nogroup")
        places = {"folder": self.folder, "port": self.port, "tls_port": self.tls_port, "password": PASSWORD}
        (self.folder / "dovecot.conf").write_text(_CONF.format(**names, **places))

    def start(self) -> None:
        self._process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", self.folder / "dovecot.conf"])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                self.person().logout()
            except (OSError, IMAP4.error):
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise RuntimeError(f"Dovecot did not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def remove(self) -> None:
        shutil.rmtree(self.folder)

    def url(self, folder: str = "INBOX", password: str = PASSWORD, host: str = "127.0.0.1") -> str:
        return f"imap://{quote(USER, safe='')}:{quote(password, safe='')}@{host}:{self.port}/{quote(folder)}"

    def tls_url(self) -> str:
        return self.url().replace("imap:", "imaps:").replace(str(self.port), str(self.tls_port))

    def person(self, folder: str = "INBOX") -> IMAP4:
        """Somebody who opens the mailbox with a mail program."""
        client = IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(USER, PASSWORD)
        client.select(f'"{folder}"')
        return client

    def deliver(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.person() as client:
            for content in mails:
                assert client.append(f'"{folder}"', None, None, content)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[bytes]:
        """The flags of each message, in order."""
        with self.person(folder) as client:
            found = client.fetch("1:*", "(FLAGS)")[1]
            return [line for line in found if isinstance(line, bytes)]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _write_certificate(certificate: Path, key_file: Path) -> None:
    """Signed by itself, for the addresses that the server listens on."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.example")])
    addresses = [x509.IPAddress(ipaddress.ip_address(f"127.0.0.{last}")) for last in (1, 2)]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    unlocked = serialization.NoEncryption()
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, unlocked)
    )
