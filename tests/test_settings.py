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
