import pytest

from hub.files import service as files
from hub.files import storage
from hub.letters import readiness
from tests.letters.test_archive import picture


@pytest.fixture
def emblem(app):
    return files.store_made("lambang.png", picture("PNG"), "image/png").sha256


def test_a_machine_with_font_and_emblem_is_ready(app, emblem):
    assert readiness.fault() is None
    assert readiness.fault(emblem) is None


def test_a_missing_font_is_told_with_its_remedy(app, monkeypatch):
    monkeypatch.setattr(readiness, "FONT", "Huruf Yang Tidak Ada")
    assert "fonts-liberation2" in readiness.fault()


def test_without_fontconfig_nothing_is_taken_for_granted(app, monkeypatch, tmp_path):
    monkeypatch.setattr(readiness, "_seen", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "fonts-liberation2" in readiness.fault()


def test_a_font_that_was_found_is_not_asked_for_again_at_once(app, monkeypatch, tmp_path):
    assert readiness.fault() is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert readiness.fault() is None


def test_a_lost_emblem_is_told(app, emblem):
    storage.remove(emblem)
    assert "Lambang" in readiness.fault(emblem)


def test_a_damaged_emblem_is_told(app, emblem):
    storage.path(emblem).write_bytes(picture("PNG")[:-9])
    assert "Lambang" in readiness.fault(emblem)


def test_a_stored_file_that_is_no_picture_is_no_emblem(app):
    other = files.store_made("lambang.svg", b"<svg/>", "image/svg+xml")
    assert "Lambang" in readiness.fault(other.sha256)
