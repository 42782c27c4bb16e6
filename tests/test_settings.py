"""What the hub refuses to start with."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from hub import config
from tests.conftest import settings

PUBLIC = {name: config._DEMO_DEFAULTS[name] for name in ("secret_key", "link_keys", "identity_keys")}  # noqa: SLF001
OWN = {"link_keys": "k" * 32, "identity_keys": "dGVzdC1pZGVudGl0eS1rZXktb2YtMzItYnl0ZXMtISE="}


@pytest.mark.parametrize(
    ("name", "value"), [*PUBLIC.items(), *((name, f"{own},{PUBLIC[name]}") for name, own in OWN.items())]
)
def test_no_key_of_the_demonstration_protects_real_letters(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=f"{name}\n.*public") as refusal:
        settings("sqlite://", tmp_path, **{name: value})
    assert PUBLIC[name] not in str(refusal.value)
    assert settings("sqlite://", tmp_path, demo=True, **{name: value}).demo


def test_the_demonstration_never_fills_the_database_of_a_real_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its accounts have a public password; switching HUB_DEMO off must not leave them in a hub that looks real."""
    for name in ("HUB_DATABASE_URL", "HUB_STORAGE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUB_DEMO", "1")
    demo = config.load()
    for name in ("database_url", "storage_url"):
        assert getattr(demo, name) != config.Settings.model_fields[name].default


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("imaps://hub:s3cret@mail.example", ("mail.example", 993, "hub", "s3cret", "INBOX", "tls")),
        (
            "imaps://a%40b.id:p%2F%3A%40@m.example:9930/Surat%20Masuk",
            ("m.example", 9930, "a@b.id", "p/:@", "Surat Masuk", "tls"),
        ),
        ("imap://hub:s3cret@mail.example/A/B", ("mail.example", 143, "hub", "s3cret", "A/B", "starttls")),
        ("imap://hub:s3cret@127.0.0.1:1143/", ("127.0.0.1", 1143, "hub", "s3cret", "INBOX", "none")),
    ],
)
def test_the_mailbox_is_told_in_one_address(url: str, found: tuple[str, ...], tmp_path: Path) -> None:
    account = settings("sqlite://", tmp_path, imap_url=url).imap_account
    assert account is not None
    assert account._replace(password=account.password.get_secret_value()) == found
    assert "s3cret" not in f"{account!r} {account.name} {settings('sqlite://', tmp_path, imap_url=url)!r}"


@pytest.mark.parametrize(
    "url",
    [
        "https://hub:s3cret@mail.example",
        "imaps://hub@mail.example/s3cret",
        "imaps://hub:s3cret@",
        "imaps://hub:s3cret/x@mail.example",
        "imaps://hub:s3cret#x@mail.example",
        "imaps://hub:s3cret?x@mail.example",
        "imaps://hub:s3cret@mail.example:port",
        "imaps://hub:s3cret@[mail.example",
        "imaps://hub:s3cret%0d%0aLOGOUT@mail.example",
        "s3cret",
    ],
)
def test_a_mistyped_mailbox_is_refused_without_repeating_the_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DEMO", "1")
    monkeypatch.setenv("HUB_IMAP_URL", url)
    with pytest.raises(config.ConfigurationError, match="HUB_IMAP_URL is not usable") as refusal:
        config.load()
    assert "s3cret" not in str(refusal.value)
    assert "imaps://user:password@host/FOLDER" in str(refusal.value)


def test_without_a_mailbox_none_is_read(tmp_path: Path) -> None:
    assert settings("sqlite://", tmp_path).imap_account is None


def test_the_folder_of_certificates_must_be_there(tmp_path: Path) -> None:
    assert settings("sqlite://", tmp_path).certificates == ""
    assert settings("sqlite://", tmp_path, certificates=str(tmp_path)).certificates == str(tmp_path)
    with pytest.raises(ValidationError, match="no such folder"):
        settings("sqlite://", tmp_path, certificates=str(tmp_path / "tidak ada"))
