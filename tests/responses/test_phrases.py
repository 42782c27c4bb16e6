"""Answers that consist of stock phrases alone are told; short ones that say something never are."""

import pytest

from hub.responses.phrases import says_nothing_yet

NOTHING_YET = (
    "Kami sampaikan kepada pihak terkait.",
    "kami sampaikan kepada pihak terkait",
    "Terima kasih atas laporannya.",
    "Terima kasih atas laporan Saudara, akan kami tindak lanjuti.",
    "Laporan sudah kami terima dan akan segera diproses.",
    "Telah kami teruskan kepada OPD terkait.",
    "TELAH KAMI TERUSKAN KEPADA OPD TERKAIT UNTUK DITINDAKLANJUTI",
    "Laporan Saudara telah diteruskan ke dinas terkait untuk ditindaklanjuti.",
    "Sudah kami teruskan ke Dinas Pekerjaan Umum dan Penataan Ruang untuk ditindaklanjuti.",
    "Pengaduan telah kami sampaikan kepada Dinas Perhubungan Kabupaten Probolinggo.",
    "Untuk menjadi perhatian.",
    "Akan kami tindaklanjuti sesuai ketentuan yang berlaku.",
    "Akan ditindaklanjuti.",
    "Sudah dikoordinasikan dengan instansi terkait.",
    "Telah kami koordinasikan dengan pihak terkait, mohon menunggu. Terima kasih",
    "Selamat pagi Bapak/Ibu. Terima kasih atas informasinya, akan segera kami teruskan kepada pihak yang berwenang.",
    "Assalamualaikum wr. wb. Terima kasih, laporan kami terima dan akan kami proses. Wassalamualaikum wr. wb.",
    (
        "Yth. Asdep Pengaduan Masyarakat\ndi tempat\n\nSurat sudah kami terima dan akan kami proses lebih lanjut.\n\n"
        "Demikian disampaikan, atas perhatiannya kami ucapkan terima kasih."
    ),
    (
        "Dengan hormat,\nsehubungan dengan surat Saudara Nomor B-12/Kemensetneg/D-4/Dumas/DM.05/03/2026 tanggal 13 "
        "Maret 2026 perihal penerusan pengaduan, bersama ini kami sampaikan bahwa pengaduan tersebut telah kami "
        "teruskan kepada OPD terkait untuk ditindaklanjuti.\n\nHormat kami,\nRina Maheswari\nInspektur Pembantu I"
    ),
    "Menindaklanjuti pengaduan masyarakat tersebut, kami telah berkoordinasi dengan pihak terkait.",
    "Menanggapi laporan tersebut, dapat kami sampaikan bahwa laporan akan kami teruskan kepada pimpinan.",
    "Laporan sudah kami catat sebagai bahan masukan.",
    "Siap, akan segera kami tindak lanjuti.",
    "Sudah didisposisikan kepada Kepala Bidang terkait.",
    "Telah kami disposisikan ke Irban III untuk diproses.",
    "Aduan Anda telah diterima dan sedang diproses oleh instansi yang berwenang.",
    "Terima kasih atas masukannya. Saran Bapak menjadi perhatian kami.",
    "Pengaduan akan kami pelajari terlebih dahulu.",
    "Akan kami cek terlebih dahulu, terima kasih.",
    "Mohon menunggu, laporan masih dalam proses tindak lanjut.",
    "Kami sampaikan terima kasih atas kerja samanya.",
    "Atas ketidaknyamanannya kami mohon maaf. Laporan akan segera ditindaklanjuti oleh tim teknis.",
    "Telah ditindaklanjuti sesuai kewenangan.",
    "Permasalahan tersebut telah kami laporkan kepada Bupati.",
    "Sudah kami teruskan ke Camat Tongas.",
    "Untuk dimaklumi.",
    "Surat dimaksud telah kami limpahkan ke Badan Kepegawaian Daerah agar diproses sesuai prosedur.",
    "Noted, terima kasih informasinya.",
)

SAYS_SOMETHING = (
    "Jalan sudah diperbaiki tanggal 3 Maret.",
    "Jalan sudah diperbaiki.",
    "Tidak terbukti.",
    "Terbukti sebagian.",
    "Terbukti; pejabat yang bersangkutan diberi teguran tertulis.",
    "Lubang sudah ditutup oleh Dinas PU pada 8 Januari 2026.",
    "Bukan wewenang kami.",
    "Bukan kewenangan kami, mohon diteruskan ke Dinas Perhubungan.",
    "Sudah selesai.",
    "Sudah sesuai prosedur.",
    "Pelayanan sudah sesuai ketentuan yang berlaku.",
    "Kami sampaikan bahwa hal tersebut sudah sesuai prosedur. Demikian disampaikan, terima kasih.",
    "Pungutan telah dikembalikan kepada wali murid.",
    "Uang sudah dikembalikan.",
    "Surat keterangan sudah kami sampaikan kepada pelapor.",
    "Sertifikat telah diterima pemohon.",
    "Lampu jalan sudah menyala kembali.",
    "Sudah kami periksa, tidak ditemukan pelanggaran.",
    "Pelapor mencabut laporannya.",
    "Kepala desa sudah diberhentikan.",
    "Sudah dibayarkan.",
    "Terima kasih. Kabel yang putus sudah diganti kemarin sore.",
    "Terima kasih atas laporannya. Pohon tumbang sudah dipotong.",
    "Telah kami teruskan ke Kejaksaan Negeri dengan surat nomor 700/12/2026.",
    "Telah diteruskan ke Dinas PUPR dan jalan sudah diperbaiki.",
    "Sudah kami sampaikan kepada Dinas Pendidikan; kepala sekolah diganti.",
    "Menindaklanjuti pengaduan tersebut, kami telah memeriksa dua pejabat pengadaan.",
    "Sehubungan dengan surat Saudara, kami sampaikan bahwa bantuan sosial sudah disalurkan.",
    "Perbaikan dianggarkan tahun 2027.",
    "Akan diperbaiki minggu depan.",
    "Tim turun ke lokasi Senin lalu.",
    "Kasus sama dengan laporan nomor 7000046.",
    "Pengaduan dicabut.",
    "Air PDAM sudah mengalir.",
    "Sanksi disiplin ringan telah dijatuhkan.",
    "Sudah dimediasi, kedua pihak berdamai.",
    "Tidak benar.",
    "Data tidak ditemukan di register kami.",
    "Izin usaha telah diterbitkan.",
    "",
)


@pytest.mark.parametrize("summary", NOTHING_YET)
def test_a_stock_phrase_alone_is_told(summary: str) -> None:
    assert says_nothing_yet(summary)


@pytest.mark.parametrize("summary", SAYS_SOMETHING)
def test_an_answer_that_says_something_is_left_alone(summary: str) -> None:
    assert not says_nothing_yet(summary)


def test_a_very_long_answer_is_judged_quickly() -> None:
    assert not says_nothing_yet("Kami sampaikan kepada dinas " * 3000 + "bahwa jalan sudah diperbaiki.")
