"""Settings, read from `HUB_*` environment variables and checked before anything starts."""

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_REQUEST_BYTES = 64 * 1024 * 1024
MAX_TYPED_BYTES = 4 * 1024 * 1024
"""Text of one form: a complaint of 200,000 characters has room."""

LONGEST_MAILBOX_NAME = 37
"""With the plus sign and the 26 characters that a return address adds, 64: the limit of RFC 5321 §4.5.3.1.1."""

_RANDOM = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_FIXES = {
    "secret_key": f"Set it to at least 32 random characters, for example from: {_RANDOM}",
    "link_keys": f"Set it to one or more comma-separated keys of 32 characters or more, newest first: {_RANDOM}",
    "identity_keys": "Set it to one or more comma-separated Fernet keys, newest first: "
    "python3 -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
    "base_url": "Set it to the address people type, for example https://hub.example.go.id",
    "mail_host": "Set it to the name of the SMTP server that sends the hub's mail.",
    "mail_from": "Set it to the address the hub sends from, for example hub@example.go.id",
    "reply_domain": "Set it to a domain of which every address comes to the hub, for example balas.example.go.id, or "
    "leave it empty when the mailbox of HUB_MAIL_FROM also gets mail to name+anything@.",
    "mail_port": "Set it to the port of the SMTP server, usually 587 or 25.",
    "mail_tls": "Set it to starttls, tls or none.",
    "imap_url": "Set it to imaps://user:password@host/FOLDER, with %40 for @, %2F for / and so on in user and "
    "password; or leave it empty when no mailbox is to be read.",
    "database_url": "Set it to sqlite:///path/to/hub.db or postgresql://user:password@host/name",
    "storage_url": "Set it to a folder, for example file:///var/lib/hub/files",
    "certificates": "Set it to the folder with <code>.p12 and <code>.password of each institution that signs with a "
    "certificate, or leave it empty.",
    "trusted_proxies": "Set it to the number of reverse proxies in front of the hub: 0, 1 or 2.",
}
_DEMO_DEFAULTS: dict[str, Any] = {
    # apart from the real ones: its accounts have a public password
    "database_url": f"sqlite:///{ROOT / 'instance' / 'demo.db'}",
    "storage_url": f"file://{ROOT / 'instance' / 'demo-files'}",
    "secret_key": "demo-secret-key-that-protects-nothing",
    "link_keys": "demo-link-key-that-protects-nothing-at-all",
    "identity_keys": "ZGVtby1pZGVudGl0eS1rZXktcHJvdGVjdHMtbm90aGk=",
    "base_url": "http://127.0.0.1:8000",
    "mail_host": "127.0.0.1",
    "mail_port": 8025,
    "mail_tls": "none",
    "mail_from": "penghubung@hub.example",
}


class ConfigurationError(Exception):
    """A setting is missing or wrong. The message names it and says how to mend it."""


_NO_IMAP_ADDRESS = "not imaps://user:password@host/FOLDER"


class ImapAccount(NamedTuple):
    """The mailbox to read. `security` is how the password travels: in the clear only within this machine."""

    host: str
    port: int
    user: str
    password: SecretStr
    folder: str
    security: Literal["tls", "starttls", "none"]

    @property
    def name(self) -> str:
        """What the mailbox is called: at most 300 characters."""
        return f"{self.user} at {self.host}, {self.folder}"[:300]

    @classmethod
    def at(cls, url: str) -> "ImapAccount":
        """Raises ValueError, which repeats no piece of `url`: in a mistyped one any piece may be of the password."""
        try:
            parts = urlsplit(url)
            told = [unquote(part or "") for part in (parts.username, parts.password, parts.path.removeprefix("/"))]
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(_NO_IMAP_ADDRESS) from None
        user, password, folder = told
        if not (host and user and password and "".join(told).isprintable()) or parts.query or parts.fragment:
            raise ValueError(_NO_IMAP_ADDRESS)
        if parts.scheme == "imaps":
            return cls(host, port or 993, user, SecretStr(password), folder or "INBOX", "tls")
        if parts.scheme != "imap":
            raise ValueError(_NO_IMAP_ADDRESS)
        is_here = host in ("localhost", "127.0.0.1", "::1")
        return cls(host, port or 143, user, SecretStr(password), folder or "INBOX", "none" if is_here else "starttls")


class Settings(BaseSettings):
    """Every setting of the hub. `HUB_DEMO=1` gives each a working default; without it nothing is guessed."""

    model_config = SettingsConfigDict(env_prefix="HUB_", hide_input_in_errors=True)

    demo: bool = False
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'hub.db'}"
    base_url: str
    secret_key: SecretStr = Field(min_length=32)
    link_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(min_length=1)
    identity_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(min_length=1)
    mail_host: str = Field(min_length=1)
    mail_port: int = Field(default=587, ge=1, le=65535)
    mail_username: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_tls: Literal["none", "starttls", "tls"] = "starttls"
    mail_from: str = Field(pattern=r"^[^@\s,]+@[^@\s,]+$")
    reply_domain: str = Field(default="", pattern=r"^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?$", validate_default=True)
    imap_url: SecretStr = SecretStr("")
    storage_url: str = f"file://{ROOT / 'instance' / 'files'}"
    certificates: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=2)

    @model_validator(mode="before")
    @classmethod
    def _fill_demo(cls, values: dict[str, Any]) -> dict[str, Any]:
        demo = str(values.get("demo", "")).lower() in ("1", "true", "yes", "on")
        return {**_DEMO_DEFAULTS, **values} if demo else values

    @field_validator("link_keys", "identity_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("link_keys")
    @classmethod
    def _long_enough(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(key) < 32 for key in keys):
            raise ValueError("each key needs 32 characters or more")
        return keys

    @field_validator("identity_keys")
    @classmethod
    def _fernet(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        from cryptography.fernet import Fernet

        for key in keys:
            Fernet(key.get_secret_value())
        return keys

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("not an http(s) address")
        return value.rstrip("/")

    @field_validator("reply_domain")
    @classmethod
    def _return_addresses_have_room(cls, domain: str, known: ValidationInfo) -> str:
        name = known.data.get("mail_from", "").rpartition("@")[0]
        if not domain and len(name) > LONGEST_MAILBOX_NAME:
            raise ValueError(f"the name in HUB_MAIL_FROM is longer than {LONGEST_MAILBOX_NAME} characters")
        return domain

    @field_validator("imap_url")
    @classmethod
    def _mailbox(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value():
            ImapAccount.at(url.get_secret_value())
        return url

    @property
    def imap_account(self) -> ImapAccount | None:
        """The mailbox of HUB_IMAP_URL, None when none is to be read."""
        url = self.imap_url.get_secret_value()
        return ImapAccount.at(url) if url else None

    @field_validator("storage_url")
    @classmethod
    def _storage(cls, value: str) -> str:
        if not value.startswith("file:///"):
            raise ValueError("only files on this machine are supported")
        return value

    @field_validator("certificates")
    @classmethod
    def _folder(cls, value: str) -> str:
        if value and not Path(value).is_dir():
            raise ValueError("there is no such folder")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise ValueError("only SQLite and PostgreSQL are supported")
        return value

    @field_validator("secret_key", "link_keys", "identity_keys")
    @classmethod
    def _no_demo_keys_outside(cls, keys: Any, known: ValidationInfo) -> Any:
        listed = keys if isinstance(keys, tuple) else (keys,)
        public = _DEMO_DEFAULTS[str(known.field_name)]
        if not known.data.get("demo") and public in (key.get_secret_value() for key in listed):
            raise ValueError("the demo key is public")
        return keys


def load() -> Settings:
    """Settings from the environment. Raises ConfigurationError with one sentence for each wrong setting."""
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the environment
    except ValidationError as error:
        raise ConfigurationError("\n".join(_sentence(dict(problem)) for problem in error.errors())) from None


def _sentence(problem: dict[str, Any]) -> str:
    field = str(problem["loc"][0])
    what = "is missing" if problem["type"] == "missing" else f"is not usable ({problem['msg']})"
    return f"HUB_{field.upper()} {what}. {_FIXES.get(field, 'See the table of settings in the README.')}"
