"""The clocks a new hub starts with. Rows in the database; people may change them there."""

from hub.workdays.rules import Unit, Verification

WORKING, CALENDAR, HOURS = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.HOURS
VERIFIED, SECONDARY, UNVERIFIED, OWN = (
    Verification.VERIFIED,
    Verification.SECONDARY,
    Verification.UNVERIFIED,
    Verification.OWN,
)
_TIER = "PermenPANRB 62/2018"
_HOUSE = "Aturan internal"

CLOCKS: tuple[tuple[str, int, Unit, str, str, Verification], ...] = (
    ("verify", 3, WORKING, "pengaduan didaftarkan", "Praktik SP4N-LAPOR (tanya jawab LAPOR)", VERIFIED),
    (
        "acknowledge",
        3,
        WORKING,
        "email diserahterimakan tanpa terpental, atau pos tercatat sampai",
        "Aturan internal; tidak diatur peraturan",
        OWN,
    ),
    ("response_information", 5, WORKING, "surat diterima", f"{_TIER}: permintaan informasi", SECONDARY),
    ("response_ordinary", 14, WORKING, "surat diterima", f"{_TIER}: tidak berkadar pengawasan", SECONDARY),
    ("response_supervisory", 60, WORKING, "surat diterima", f"{_TIER}: berkadar pengawasan", SECONDARY),
    ("completeness", 14, CALENDAR, "surat diterima", "UU 25/2009 pasal 44", SECONDARY),
    ("complainant_completes", 30, CALENDAR, "pemberitahuan belum lengkap", "UU 25/2009 pasal 44", UNVERIFIED),
    ("decide", 60, CALENDAR, "berkas lengkap", "UU 25/2009 pasal 50, Perpres 76/2013", UNVERIFIED),
    ("ombudsman_first_request", 14, CALENDAR, "bukti penerimaan", "UU 37/2008 pasal 33", UNVERIFIED),
    (
        "ombudsman_second_request",
        14,
        CALENDAR,
        "bukti penerimaan",
        "UU 37/2008 pasal 33: setelahnya dianggap tidak menggunakan hak jawab",
        UNVERIFIED,
    ),
    ("ombudsman_recommendation", 60, CALENDAR, "surat diterima", "UU 37/2008 pasal 38", UNVERIFIED),
    ("sign", 2, WORKING, "surat diajukan untuk ditandatangani", _HOUSE, OWN),
    ("dispatch_mail", 4, HOURS, "email masuk antrean", _HOUSE, OWN),
    ("dispatch_post", 2, WORKING, "surat untuk pos ditandatangani", _HOUSE, OWN),
    ("review", 5, WORKING, "tanggapan tiba", _HOUSE, OWN),
    ("reply_arrives", 10, WORKING, "balasan diposkan", _HOUSE, OWN),
)
"""Key, amount, unit, start event, legal basis, and how far that basis was verified."""
