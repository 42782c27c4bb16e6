"""Answers that say nothing yet: stock phrases alone, as Indonesian offices write them. Pure.

A stock phrase is an acknowledgement at most, never a response. An answer is told only when every word of it belongs to
such phrases once letter openings, greetings, closings and the offices it was passed to are cut off: one word about the
matter itself, or one number, and it is left alone.
"""

import re

_OFFICE = (
    r"(?:opd|skpd|dinas|badan|kantor|bagian|bidang|biro|unit|uptd?|instansi|perangkat|organisasi|pemerintah|pemkab|pemkot|"
    r"pemda|kecamatan|kelurahan|kepala|camat|lurah|bupati|wali|walikota|gubernur|sekretaris|sekretariat|sekda|inspektorat|"
    r"inspektur|irban|satuan|direktur|direktorat|perusahaan|perumda|pdam|rsud|puskesmas|satpol|polres|polsek|kejaksaan|"
    r"kementerian|lembaga|pejabat|pimpinan|atasan)"
)
_TO = r"\b(?:kepada|ke|pada|dengan|oleh|melalui)(?: (?:para|pihak|seluruh|semua|bapak|ibu|yth|jajaran))*"
_AFTER_A_NAME = (
    r"(?:sudah|telah|akan|kami|untuk|agar|guna|supaya|sehingga|karena|bahwa|yang|dengan|dan (?:sudah|telah|akan|kami)|"
    r"(?:di|me|ber|ter)(?!nas|sa\b|gital|padu|rencana|nengah|nteri|dia\b)[a-z]{3,})"
)
"""Words, verbs among them, that belong to no name of an office, such as Dinas Pekerjaan Umum dan Penataan Ruang."""
_MAY_FOLLOW_AN_OPENING = (
    r"(?=(?:bersama|dengan ini|dapat|kami|maka|perlu|disampaikan|bahwa|pengaduan|laporan|surat|aduan|hal)\b)"
)
_FRAME = {
    "addressee": r"^\s*(?:kepada )?(?:yth|yang terhormat)\b.*$",
    "place": r"^\s*di[ -]+tempat\b.*$",
    "greeting": (
        r"\b(?:selamat (?:pagi|siang|sore|malam)|salam sejahtera|dengan hormat|salam|"
        r"w?assalamu ?['’]?alaikum(?: (?:warahmatullahi|wabarakatuh|wr|wb)\b\.?)*)"
    ),
    "signature": r"^\s*(?:hormat kami|salam hormat|tertanda|ttd)\b[\s\S]{0,200}\Z",
    "opening": (
        r"^\s*(?:sehubungan dengan|menindak ?lanjuti|menanggapi|membalas|menjawab|merujuk|menunjuk|memperhatikan|"
        r"berkenaan dengan|berdasarkan) (?:surat|email|pengaduan|laporan|aduan|disposisi|hal)\b[^;]*?,\s*"
        + _MAY_FOLLOW_AN_OPENING
    ),
    "announcement": (
        r"\b(?:(?:bersama|dengan) ini |dapat |perlu )?(?:kami )?(?:di)?"
        r"(?:sampaikan|informasikan|laporkan|jelaskan) bahwa\b"
    ),
    "thanks": (
        r"\b(?:atas )?(?:perhatian|kerja ?sama|bantuan|partisipasi)(?:nya)?(?:,? (?:dan|serta|"
        r"kerja ?sama(?:nya)?|bapak|ibu|saudara|anda|yang|baik|diberikan|bantuan(?:nya)?))*,? (?:kami )?"
        r"(?:di)?(?:ucapkan|sampaikan)? ?terima ?kasih\b"
    ),
    "thanks to": r"\bterima ?kasih kepada (?:bapak|ibu|saudara|pelapor|pengadu|warga)\b",
    "apology": r"\b(?:atas )?ketidaknyamanan(?:nya)?\b(?:,? kami)? (?:mohon|memohon) maaf\b",
    "closing": r"\bdemikian\b(?: (?:untuk|agar|disampaikan|kami|sampaikan|menjadi|maklum|perhatian|periksa))*",
    "matter": r"\bpengaduan masyarakat\b",
    "passed to": rf"{_TO} {_OFFICE}\b(?: (?!{_AFTER_A_NAME}\b)[a-z]+){{0,12}}",
    "promise": (
        r"\bakan (?:segera |terlebih dahulu )?(?:kami )?(?:di)?"
        r"(?:cek|periksa|telaah|evaluasi|kaji|verifikasi|konfirmasi)\b"
    ),
}
_CUT = [re.compile(pattern, re.MULTILINE) for pattern in _FRAME.values()]
_FINDING = re.compile(r"\b(?:sudah|telah) sesuai\b")
"""What is found to be in order is found, in whatever general words."""

_STOCK = re.compile(
    r"\b(?:terima ?kasih|(?:di|me)?n?terima|(?:di|me|men)?(?:teruskan|sampaikan|nyampaikan|disposisikan|proses|mproses|"
    r"catat|upayakan|laporkan|informasikan|limpahkan|tampung|pelajari|mpelajari|perhatikan)|"
    r"(?:di|meng|ber)?koordinasi(?:kan)?|(?:di|men)?tindak ?lanjut(?:i)?|perhatian|maklum|dimaklumi|diketahui)\b"
)
"""One of these makes a stock phrase."""
_GENERAL = frozenset(
    word
    for words in (
        "kami telah sudah akan segera untuk dan serta atas dari yang ini itu tersebut dimaksud agar supaya guna",
        "dapat bisa mohon harap bahwa bersama dengan hal maka juga lebih lanjut selanjutnya nanti nantinya sesuai",
        "secara ke kepada di pada oleh dalam waktu dekat secepatnya secepat mungkin terlebih dahulu saat sedang",
        "masih adalah menjadi bagi lalu pihak terkait bersangkutan berwenang teknis kewenangan kewenangannya",
        "ketentuan prosedur aturan peraturan berlaku perundang undangan perundangan mekanisme semestinya",
        "sebagaimana mestinya tugas fungsi pokok tindak bahan proses bapak ibu bpk sdr saudara anda admin pimpinan",
        "atasan tim petugas instansi opd kemudian sebagai menunggu kembali laporan laporannya pengaduan",
        "pengaduannya aduan aduannya surat suratnya email keluhan keluhannya informasi lagi informasinya masukan",
        "masukannya saran sarannya permasalahan masalah hasilnya perkembangannya kerja sama samanya kerjasama",
        "kerjasamanya partisipasi partisipasinya kepedulian kepeduliannya baik ya siap oke ok noted hormat tentunya",
        "selalu tetap penuh rasa ucapkan diucapkan banyak sekali",
    )
    for word in words.split()
)
"""Words that say nothing about the matter."""


def says_nothing_yet(summary: str) -> bool:
    """True when an answer consists of stock phrases alone: no finding, date, place or measure."""
    matter = _without_frame(summary)
    if _FINDING.search(matter) or not _STOCK.search(matter):
        return False
    return all(word in _GENERAL for word in _STOCK.sub(" ", matter).split())


def _without_frame(summary: str) -> str:
    """What is left of an answer in small letters, without punctuation."""
    text = re.sub(r"[ \t]+", " ", summary.casefold().replace("\r", ""))
    for pattern in _CUT:
        text = pattern.sub(" ", text)
    return " ".join(re.findall(r"\w+", text))
