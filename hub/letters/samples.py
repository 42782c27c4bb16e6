"""An invented letter of each kind, for previews, tests and the command line. Not a row: it is in no database."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hub.directory.models import Institution
from hub.letters import rules
from hub.letters.models import FOLLOW_UPS, Letter, LetterKind, LetterState, SigningMethod
from hub.letters.rules import LetterContent, Paper

NUMBER = "B-123/Penghubung/DM.05/03/2026"
_FIRST = "B-101/Penghubung/DM.05/02/2026"
_DRESS = LetterContent(
    addressee=("Inspektur Kabupaten Contoh",),
    place="Kota Contoh",
    opening="",
    signing_office=("Asisten Deputi Pengaduan Masyarakat",),
    contact="Kementerian Contoh, Asisten Deputi Pengaduan Masyarakat, 021 5550100, dumas@kementerian.example",
    head=("Kementerian Contoh", "Asisten Deputi Pengaduan Masyarakat"),
    reach="Jalan Melati Nomor 1, Jakarta 10110 · 021 5550100 · dumas@kementerian.example · kementerian.example",
    seat="Jakarta",
    zone="WIB",
    signatory="Bagas Wirayuda",
    reference="2026-000123",
)
_COMPLAINT = (
    ("Nomor hub", "2026-000123"),
    ("Tanggal pengaduan", "9 Maret 2026"),
    ("Wilayah", "Kabupaten Contoh"),
    ("Pengadu", "Identitas pengadu ada pada kami"),
    ("Pokok pengaduan", "Jalan berlubang di Kecamatan Contoh"),
    ("Uraian", "Jalan penghubung dua desa berlubang sejak dua bulan lalu. Warga sudah melapor ke kantor kecamatan."),
)
_FATE = (
    ("Nomor hub", "2026-000123"),
    ("Surat kami", f"{_FIRST}, tanggal 13 Februari 2026"),
    ("Pokok pengaduan", "Jalan berlubang di Kecamatan Contoh"),
    ("Dikirim", "13 Februari 2026, melalui email dan pos"),
    ("Penerimaan", "16 Februari 2026, oleh Rina Maheswari"),
    ("Batas waktu", "paling lambat Jumat, 6 Maret 2026"),
    ("Yang ditunggu", "tanggapan"),
)
_IF_ANSWERED = "Bila surat tersebut sudah dijawab, mohon beri tahu kami nomor dan tanggal surat jawabannya."
_WHERE = "Jawaban dapat disampaikan melalui hub, email, atau pos."
_FOLLOW_UP = replace(_DRESS, details=_FATE, attachments=f"1 berkas (salinan surat Nomor {_FIRST})")
_OPEN = ("B-101/Penghubung/DM.05/02/2026", "13 Februari 2026", "Jalan berlubang", "Kementerian Contoh")

_ANSWERED = ("700/12/2026", "12 Maret 2026", f"Jalan berlubang (atas surat {_FIRST})", "Inspektorat Kabupaten Contoh")

_SAMPLES: dict[LetterKind, tuple[str, LetterContent]] = {
    LetterKind.FORWARDING: (
        "Penerusan pengaduan: Jalan berlubang di Kecamatan Contoh",
        replace(
            _DRESS,
            opening=(
                "Sehubungan dengan pengaduan masyarakat yang kami terima tanggal 9 Maret 2026, bersama ini kami "
                "teruskan pengaduan dengan data sebagai berikut."
            ),
            details=_COMPLAINT,
            paragraphs=(
                (
                    "Kami mohon Saudara menindaklanjuti pengaduan tersebut sesuai kewenangan dan menyampaikan hasilnya "
                    f"kepada kami, paling lambat {rules.limit(14, 'hari kerja', date(2026, 4, 10))}."
                ),
                (
                    f"{_WHERE} Mohon konfirmasi penerimaan surat ini melalui tautan pada email atau lembar tanda "
                    "terima yang menyertainya."
                ),
            ),
            copies=("Bupati Contoh", "Inspektur Provinsi Contoh"),
        ),
    ),
    LetterKind.REMINDER: (
        f"Pengingat atas surat Nomor {_FIRST}",
        replace(
            _FOLLOW_UP,
            opening=(
                f"Menunjuk surat kami Nomor {_FIRST} tanggal 13 Februari 2026, bersama ini kami ingatkan bahwa "
                "tanggapan sampai dengan tanggal surat ini belum kami terima."
            ),
            paragraphs=("Kami mohon Saudara segera menyampaikan tanggapan kepada kami.", _IF_ANSWERED, _WHERE),
        ),
    ),
    LetterKind.SECOND_REQUEST: (
        f"Permintaan penjelasan kedua atas surat Nomor {_FIRST}",
        replace(
            _FOLLOW_UP,
            opening=(
                f"Menunjuk surat permintaan penjelasan kami Nomor {_FIRST} tanggal 13 Februari 2026, penjelasan "
                "tertulis sampai dengan tanggal surat ini belum kami terima. Bersama ini kami sampaikan permintaan "
                "penjelasan kedua sesuai Pasal 33 Undang-Undang Nomor 37 Tahun 2008 tentang Ombudsman Republik "
                "Indonesia."
            ),
            paragraphs=(
                (
                    "Kami mohon penjelasan tertulis Saudara paling lambat 14 (empat belas) hari sejak surat ini "
                    "diterima (perkiraan 27 Maret 2026)."
                ),
                _IF_ANSWERED,
                _WHERE,
            ),
        ),
    ),
    LetterKind.TO_HEAD: (
        f"Surat yang belum ditanggapi, Nomor {_FIRST}",
        replace(
            _FOLLOW_UP,
            addressee=("Bupati Contoh",),
            opening=(
                f"Dengan hormat kami sampaikan bahwa atas surat kami Nomor {_FIRST} tanggal 13 Februari 2026 kepada "
                "Inspektur Kabupaten Contoh, tanggapan sampai dengan tanggal surat ini belum kami terima."
            ),
            paragraphs=(
                (
                    "Kami mohon perhatian Saudara agar Inspektur Kabupaten Contoh segera menyampaikan tanggapan kepada "
                    "kami."
                ),
                _IF_ANSWERED,
                _WHERE,
            ),
        ),
    ),
    LetterKind.ESCALATION: (
        f"Permohonan bantuan atas surat yang belum ditanggapi, Nomor {_FIRST}",
        replace(
            _FOLLOW_UP,
            addressee=("Inspektur Provinsi Contoh",),
            place="Ibu Kota Contoh",
            opening=(
                f"Dengan hormat kami sampaikan bahwa atas surat kami Nomor {_FIRST} tanggal 13 Februari 2026 kepada "
                "Inspektur Kabupaten Contoh, tanggapan sampai dengan tanggal surat ini belum kami terima."
            ),
            paragraphs=(
                (
                    "Kami mohon Saudara, selaku pengawas Inspektur Kabupaten Contoh, membantu agar tanggapan segera "
                    "disampaikan kepada kami."
                ),
                _IF_ANSWERED,
            ),
        ),
    ),
    LetterKind.RECEIPT: (
        "Jawaban Inspektorat Kabupaten Contoh atas surat kami",
        replace(
            _DRESS,
            opening="Telah kami terima jawaban atas surat kami, dengan keterangan sebagai berikut.",
            details=(
                ("Surat kami", f"{_FIRST}, tanggal 13 Februari 2026"),
                ("Nomor hub", "2026-000123"),
                ("Yang diterima", "Tanggapan akhir, surat Nomor 700/12/2026 tanggal 12 Maret 2026"),
                ("Dari", "Rina Maheswari, Inspektorat Kabupaten Contoh"),
                ("Diterima", "13 Maret 2026 pukul 14.30 WIB, melalui hub"),
                ("Berkas", "2 (dua): laporan.pdf, foto-jalan.jpg"),
            ),
        ),
    ),
    LetterKind.HANDOVER: (
        "Inspektorat Kabupaten Contoh, jaringan Kemensetneg",
        replace(
            _DRESS,
            opening=(
                "Surat berikut belum selesai pada hari serah terima dari Rina Maheswari kepada Sekar Ayuningrat. "
                "Batas waktu tidak berubah."
            ),
            columns=("Nomor surat", "Tanggal", "Hal", "Pengirim", "Tahap", "Batas waktu"),
            rows=((*_OPEN, "Dikonfirmasi", "6 Maret 2026"), (*_OPEN, "Diterima", "10 April 2026")),
        ),
    ),
    LetterKind.INVENTORY: (
        "Inspektorat Kabupaten Contoh",
        replace(
            _DRESS,
            opening="2 laporan tindak lanjut sejak 1 Januari 2026, menurut keadaan pada Jumat, 13 Maret 2026.",
            columns=("Nomor jawaban", "Diterima", "Perihal", "Dari", "Hasil", "Telaah"),
            rows=(
                (*_ANSWERED, "Diselesaikan", "Diterima"),
                (*_ANSWERED, "Terbukti sebagian", "menunggu telaah"),
            ),
        ),
    ),
}


def content(kind: LetterKind) -> tuple[str, LetterContent]:
    """Subject and content, dressed as an invented office dresses it."""
    return _SAMPLES[kind]


def letter(kind: LetterKind, paper: Paper = Paper.A4, changed: LetterContent | None = None) -> Letter:
    """The letter, signed or issued on 13 March 2026. `changed`: with this content instead of the usual one."""
    subject, usual = _SAMPLES[kind]
    is_signed = kind is LetterKind.FORWARDING or kind in FOLLOW_UPS
    return Letter(
        institution=Institution(code="CONTOH", name=", ".join(_DRESS.head), zone=_DRESS.zone),
        kind=kind,
        state=LetterState.SIGNED if is_signed else LetterState.ISSUED,
        subject=subject,
        content=replace(changed or usual, paper=paper).as_dict(),
        number=NUMBER if is_signed else None,
        dated=date(2026, 3, 13),
        signed_at=datetime(2026, 3, 13, 7, 30, tzinfo=UTC) if is_signed else None,
        signing_method=SigningMethod.APPROVAL if is_signed else None,
        capacity="",
        verification_code="34679ACDEFGHJKMA",
    )
