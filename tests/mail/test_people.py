"""People write about absences, returned mail and receipts too: their words are not those of a machine."""

from email.message import EmailMessage

import pytest

from hub.mail.reading.classify import MailKind, read

PEOPLE = [
    (
        "Re: Balasan otomatis dari kantor Saudara",
        "Kami mendapat balasan otomatis dari alamat Bapak. Karena itu jawaban kami kirim ulang ke sini.",
    ),
    (
        "Jawaban surat B-12",
        "Surat Saudara telah kami terima tanggal 3 Maret. Terlampir jawaban kami nomor 700/12/2026.",
    ),
    (
        "Email kembali",
        "Kemarin email kami ke Bapak kembali dengan pesan 550 5.1.1 user unknown. Kami kirim ulang jawabannya.",
    ),
    ("Jadwal jawaban", "Karena cuti bersama, jawaban resmi kami sampaikan tanggal 20 April 2026."),
    ("Re: Surat", "Saya sedang cuti, tetapi jawaban sudah disiapkan oleh Irban I dan kami lampirkan."),
    (
        "Fwd: Out of office",
        "Mohon dilihat balasan di bawah. PIC kami memang tidak di tempat; saya yang menangani pengaduan ini.",
    ),
    ("Laporan dibaca", "Laporan sudah dibaca Bapak Inspektur dan ditindaklanjuti tim."),
    (
        "Delivery report of the road project",
        "The contractor's delivery report is attached. The road was repaired on 3 March.",
    ),
    ("Gagal kirim", "Email kami sebelumnya gagal terkirim karena kotak surat penuh, maka kami kirim lagi hari ini."),
    (
        "Tiket pengaduan",
        "Pengaduan sudah kami catat dengan nomor tiket 4412 dan sedang diperiksa tim kami. Salam, Rina",
    ),
    ("Konfirmasi", "Terima kasih, email ini sudah kami terima dan kami teruskan ke Inspektur."),
    ("Spam?", "Email Bapak masuk folder spam sehingga baru kami baca hari ini. Jawaban menyusul."),
    ("Re: penerusan", "Bapak Inspektur dinas luar sampai Jumat; setelah itu jawaban ditandatangani dan kami kirim."),
]


@pytest.mark.parametrize(("subject", "words"), PEOPLE, ids=[subject for subject, _ in PEOPLE])
def test_a_person_who_speaks_of_it_is_a_person(subject: str, words: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Rina <rina@kab.example>", "penghubung@hub.example", subject
    mail.set_content(f"{words}\n")
    assert read(mail.as_bytes()).kind is MailKind.HUMAN
