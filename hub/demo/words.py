"""What people write in the demonstration. Indonesian, like all correspondence."""

from random import Random

RETURN_NOTES = (
    "Mohon pokok pengaduan dipertegas dan tambahkan permintaan kronologi penanganan.",
    "Mohon tambahkan permintaan dokumentasi hasil tindak lanjut.",
    "Redaksi paragraf kedua agar disederhanakan, kemudian ajukan kembali.",
)
MENDED = "Mohon tanggapan dilengkapi dengan kronologi penanganan dan dokumentasi hasilnya."
WITHDRAWALS = (
    "Pengaduan ganda; pokok yang sama sudah diteruskan dengan surat sebelumnya.",
    "Pengadu mencabut pengaduannya karena masalah sudah selesai.",
    "Pokok pengaduan ternyata berada di wilayah kabupaten tetangga.",
)
RETURN_REASONS = ("Alamat tidak ditemukan; kantor pindah", "Tidak ada yang menerima setelah dua kali antaran")
RECEIVERS = ("Sdri. Wening", "Sdr. Jati", "Sdri. Kirana", "Sdr. Restu", "Sdri. Galuh")

REPLIES = (
    "Selamat pagi, surat sudah kami terima dan kami teruskan ke Irban II untuk ditindaklanjuti. Terima kasih.",
    "Surat sudah kami terima. Tim turun ke lapangan minggu ini; hasilnya menyusul dengan surat resmi.",
    "Terima kasih, suratnya sudah di meja Bapak Inspektur. Mohon maaf tautannya belum sempat kami buka dari kantor.",
)
AWAY = "Saya sedang dinas luar sampai dengan {until}. Untuk hal mendesak mohon menghubungi kantor. Pesan ini otomatis."
STRANGERS = (
    (
        "Bagian Umum",
        "umum@setda.pemda.example",
        "Jawaban surat {number}",
        "Menjawab surat Bapak/Ibu nomor {number}: pengaduan sudah ditindaklanjuti. Mohon maaf, jawaban dari sini.",
    ),
    (
        "Staf Kecamatan",
        "kecamatan@surel.example",
        "Foto perbaikan",
        "Berikut foto jalan yang sudah kami perbaiki, sesuai surat nomor {number}.",
    ),
)
"""Who writes without the thread and from an address nobody knows: name, address, subject, words.

Each names a letter: while a mail that says nothing of where it is from lies unread, nobody at all is late.
"""

DISPOSED = "Mohon ditelaah kelengkapannya, lalu siapkan tanggapan."
INVITATION = ("Sekretariat Forum Pengawasan Daerah", "Undangan rapat koordinasi pengelola pengaduan")

INTERIM = (
    "Pengaduan sudah didisposisi kepada tim; pemeriksaan lapangan dijadwalkan minggu depan.",
    "Kami sedang meminta keterangan dari perangkat daerah terkait. Hasilnya segera kami sampaikan.",
    "Tim sudah dibentuk dengan surat tugas; laporan hasil pemeriksaan sedang disusun.",
)
THIN = (
    "Pengaduan sudah kami sampaikan kepada perangkat daerah terkait.",
    "Sudah ditindaklanjuti oleh kecamatan.",
)
MISSING = (
    "Tindak lanjut yang nyata dan buktinya (foto atau berita acara) belum disertakan.",
    "Mohon jelaskan apa yang sudah dilakukan, oleh siapa, dan kapan; penerusan saja belum merupakan tanggapan.",
)

_OUTCOMES = (
    ("jalan", "Lubang jalan sudah ditambal dan dua titik dijadwalkan pelapisan ulang; foto sebelum dan sesudah ada."),
    ("lampu", "Panel dan lampu jalan yang mati sudah diganti oleh dinas perhubungan; menyala kembali sejak kemarin."),
    ("pdam", "Pipa distribusi yang bocor sudah diperbaiki; tekanan air pagi hari kembali normal menurut pengukuran."),
    ("sampah", "Pengangkutan ditambah menjadi setiap hari dan kontainer baru sudah ditempatkan di pasar."),
    ("banjir", "Saluran yang tersumbat sudah dikeruk bersama warga; pemeliharaan masuk jadwal bulanan."),
    ("ktp", "Blangko sudah tersedia dan KTP elektronik pengadu selesai dicetak; antrean dipindah ke layanan daring."),
    ("puskesmas", "Loket pendaftaran ditambah dan waktu tunggu kini ditampilkan; petugas sudah diberi pembinaan."),
    (
        "sosial",
        "Data penerima sudah diverifikasi ulang melalui musyawarah; tiga nama diganti pada penyaluran berikutnya.",
    ),
    ("sengketa", "Mediasi dengan kantor pertanahan sudah dilaksanakan; pengukuran ulang disepakati para pihak."),
    ("dana", "Pemeriksaan khusus selesai; kekurangan volume dikembalikan ke kas dan laporan sudah diumumkan."),
    ("pungutan", "Petugas terkait sudah diperiksa dan dijatuhi hukuman disiplin; tarif resmi dipasang di loket."),
    ("perilaku", "Pegawai yang bersangkutan sudah diperiksa dan diberi sanksi sesuai ketentuan disiplin."),
    ("informasi", "Jadwal layanan keliling tiga bulan ke depan kami lampirkan dan sudah diumumkan di kecamatan."),
    ("trotoar", "Usul sudah dicatat dalam rencana kerja tahun depan; rambu sementara sudah dipasang di depan sekolah."),
)
_OTHERWISE = "Pengaduan sudah ditindaklanjuti bersama perangkat daerah terkait; berita acara kami lampirkan."
_ENDINGS = ("", " Pengadu sudah diberi tahu.", " Pemantauan dilanjutkan tiga bulan.")


def outcome(subject: str, random: Random) -> str:
    """What was done about a complaint with this subject."""
    known = subject.lower()
    done = next((text for word, text in _OUTCOMES if word in known), _OTHERWISE)
    return done + random.choice(_ENDINGS)
