"""Files as channels export them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.complaints.importing import HEADERS

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = {
    "tracking_id": "7100001",
    "kanal": "SP4N-LAPOR",
    "tanggal": "11 Mei 2023",
    "nama_pelapor": "Puspa Anggraini",
    "kontak": "puspa@warga.example",
    "identitas": "terbuka",
    "wilayah": "35.13",
    "judul": "Jalan berlubang di Kecamatan Tongas",
    "isi": "Jalan berlubang sejak dua bulan lalu.",
    "klasifikasi": "pengaduan",
    "berkadar_pengawasan": "tidak",
}


@pytest.fixture
def lapor() -> bytes:
    return (EXAMPLES / "sample_complaints_lapor.csv").read_bytes()


@pytest.fixture
def kand4() -> bytes:
    return (EXAMPLES / "sample_complaints_kand4.csv").read_bytes()


@pytest.fixture
def faulty() -> bytes:
    return (EXAMPLES / "sample_complaints_faulty.csv").read_bytes()


@pytest.fixture
def file_of() -> Callable[..., bytes]:
    """A file with one row for each set of changes to a good row."""
    return _file_of


def _file_of(*changes: dict[str, str]) -> bytes:
    rows = [{**GOOD, "tracking_id": f"71{number:05d}", **change} for number, change in enumerate(changes, 1)]
    lines = [";".join(HEADERS), *(";".join(_quoted(row[key]) for key in HEADERS) for row in rows)]
    return "\r\n".join(lines).encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
