"""The words by which machines give themselves away, in Indonesian, English and, for bounces, a few languages more."""

import re

_I = re.IGNORECASE


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), _I)


DAEMON = re.compile(
    r"^(?:mailer[-_.]?d(?:a?e)mon|root|anti-?spam|mail-?(?:gw|gateway|guard|filter)|mta|exim|sendmail"
    r"|post[-_.]?master|poostmaster|mail[-_. ]?deliver(?:y|er)?[-_. ]?(?:system|subsystem|agent"
    r"|service|daemon)?|mailsystem|mdaemon|mail-daemon|double-bounce|bounces?|smtp-daemon|maildaemon)(?:[+=-].*)?$",
    _I,
)
"""Local part of an address that belongs to a mail server."""
DAEMON_NAME = _any(
    r"mail(?:er)?[- ]?daemon",
    r"mail deliver(?:y|er)? (?:system|subsystem|service|agent)",
    r"^\W*postmaster\b",
    r"content[- ]filter at",
    r"internet mail delivery",
    r"sistem pengiriman (?:surel|surat|email)",
    r"system administrator$",
    r"microsoft exchange|^microsoft outlook$",
)
ROLE_OF_THE_SERVER = re.compile(r"^(?:mailer[-_.]?daemon|post_?master|abuse|support|helpdesk|noreply|no-reply)$", _I)
KEEPER_OF_A_LIST = re.compile(r"-(?:owner|admin|request|bounces)@", _I)
NO_REPLY = re.compile(r"^(?:no|do[-_.]?not|jangan)[-_.]?(?:reply|balas|dibalas)\b", _I)

ANSWER_SUBJECT = re.compile(r"^\s*(?:re|balas|bls|fwd?|trs|tr|diteruskan|terusan|aw)\s*(?:\[\d+\])?\s*:", _I)
"""Somebody answers or sends on. A few mail gateways write "Re:" too, yet come from a daemon."""

BOUNCE_SUBJECT = _any(
    r"undeliver(?:able|ed)",
    r"(?:mail|message|delivery|e-?mail)\b.{0,40}\b(?:fail(?:ed|ure)|error|problem|rejected|not delivered|has failed)",
    r"fail(?:ed|ure)\b.{0,20}\b(?:notice|delivery|notification|mail)|failure notice",
    r"(?:could not|cannot|can't|couldn't|unable to|was not|not)\b.{0,12}\b(?:be )?(?:deliver|send|sent)",
    r"returned mail|mail returned|returning (?:message|mail) to sender|returned to sender|message returned",
    r"delivery (?:status )?notification|delivery report|non[- ]?delivery|delivery status\b|mail delivery status",
    r"delivery (?:has been )?delay|delayed (?:mail|delivery)|warning:? (?:message|could not|e-?mail)|mail warning",
    r"postmaster notify|mail system error|error sending your mail|user unknown|host unknown",
    r"message .{0,30}blocked|mta-blocked|undelivered",
    r"(?:pengiriman|penyampaian|kirim(?:an)?)\b.{0,30}\b(?:gagal|tertunda|terhambat|ditolak|tidak berhasil|bermasalah)",
    r"gagal (?:kirim|terkirim|dikirim|mengirim|disampaikan|menyampaikan)|kegagalan (?:pengiriman|penyampaian)",
    r"(?:tidak|tak|belum|tdk)(?: dapat| bisa| berhasil)?[ -](?:terkirim|dikirim|tersampaikan|disampaikan|sampai)",
    r"(?:surat|pesan|surel|email|e-mail)\b.{0,20}\b(?:dikembalikan|terpental|ditolak|kembali ke pengirim)",
    r"alamat (?:surel |email |e-mail )?(?:tidak|tak) (?:ditemukan|dikenal|valid)|pemberitahuan status pengiriman",
    r"laporan (?:status )?(?:pengiriman|kegagalan|non)|status pengiriman",
    r"unzustellbar|nicht zugestellt|non remis|échec de|non distribu|no se puede entregar|no entregad"
    r"|impossibile recapitare"
    r"|недостав|не доставлен|配信|送信できません|não entregue|niet bezorgd|onbestelbaar|退信|無法傳送|无法投递",
)
LOOP_SUBJECT = re.compile(r"^\s*(?:mail )?loop (?:alert|detected)\b", _I)
NOT_DELIVERED = _any(
    r"(?:could|can|did|was|were|has|have|would|will|is|are)(?:\s+not|n[o']t)\b.{0,40}?\b(?:deliver|reach|sent\b"
    r"|send\b)",
    r"cannot (?:be )?(?:deliver|send|sent)|unable to (?:deliver|send|relay|forward)|undeliver(?:able|ed)",
    r"(?:delivery|sending|transmission|message|mail)\b.{0,60}\b(?:fail(?:ed|ure)|unsuccessful|error|refused|rejected"
    r"|delayed|aborted|stopped)",
    r"fail(?:ed|ure|s)? (?:to|in) deliver|failed (?:permanently|addresses|recipients?)|failure reasons?",
    r"(?:address(?:es)?|recipients?|user)\(?s?\)?\b.{0,60}\b(?:fail(?:ed)?|had (?:permanent|delivery|transient)"
    r"|problems?"
    r"|errors?|rejected|unknown|invalid|returned)",
    r"(?:trouble|problem|error|difficult\w+) (?:in |while |with )?(?:deliver|send|attempting to deliver)",
    r"error (?:occurred )?while (?:attempting|trying) to deliver|transcript of (?:the )?session",
    r"mailbox (?:is )?(?:full|exceeds|unavailable|not found)|mailbox exceeds|no such (?:user|address|person|account)",
    r"(?:has|have) been (?:blocked|rejected|returned|bounced)|returned (?:to|message)|bounced|no valid recipients",
    r"user unknown|unknown user|host unknown|invalid (?:user|final|address|recipient)|not recognized|no mailbox here",
    r"message delayed|still (?:being )?(?:undelivered|trying)|delivery to the following|has not yet been delivered",
    r"duplicated message-id|loop alert|mail loop|incorrectly constructed",
    r"(?:tidak|tak|tdk|belum)(?: dapat| bisa| berhasil| akan)?(?: kami)? (?:di|ter)?(?:kirim|sampai|sampaikan|antar"
    r"|teruskan)"
    r"(?:kan)?\b",
    r"(?:pengiriman|penyampaian|mengirim(?:kan)?|menyampaikan|mengantar(?:kan)?|meneruskan)\b.{0,80}?\b"
    r"(?:gagal|tertunda|ditolak|tidak berhasil)",
    r"gagal (?:di|ter|me)?(?:kirim|sampai|ngirim|nyampai|antar|disampaikan|menyampaikan|mengirim)\w*"
    r"|kegagalan (?:pengiriman"
    r"|penyampaian)|telah gagal|gagal (?:permanen|secara permanen)",
    r"(?:tidak|tak) (?:dapat|bisa) menyampaikan|alamat (?:\w+ ){0,4}tidak (?:ditemukan|dikenal|valid|ada|aktif"
    r"|terdaftar)",
    r"(?:dikembalikan|terpental)\b|kotak (?:surat|masuk)\b.{0,30}\b(?:penuh|tidak (?:ada|ditemukan|tersedia))",
    r"(?:pesan|surat|surel|email|e-mail)\b.{0,60}\bditolak|ditolak oleh (?:server|peladen|sistem|penerima)",
    r"konnte\w* nicht zugestellt|n'a pas (?:pu|été)|no se (?:pudo|ha podido)|не может быть доставлен|не удалось"
    r"|不能|送信"
    r"|お届けできません|配信できません|non (?:è stato possibile|remis)|não (?:pôde|foi)",
)
REFUSAL = re.compile(
    r"(?<![\d.])[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}|[<A-Za-z]).{3}"
    r"|\(#[45]\.\d\.\d\)|(?<![\d.])[45]\.\d{1,2}\.\d{1,3}(?!\.?\d)\W"
    r"|diagnostic(?:-| )code|diagnostic information|informasi diagnostik|remote (?:host|server) (?:said|returned"
    r"|responded)"
    r"|error_code|kode (?:galat|kesalahan)|reason\s*:|alasan\s*:|penyebab\s*:",
    _I,
)
"""A server's reply is quoted."""
REASON = _any(
    r"unknown|invalid|no such|does(?:n't| not) (?:exist|have)|not (?:found|exist|listed|recognized)|unavailable"
    r"|disabled",
    r"refused|rejected|denied|full\b|exceed|quota|timed? ?out|expired|error|tidak (?:ditemukan|dikenal|ada|aktif)",
    r"ditolak|penuh|kuota|kesalahan|gagal|nonaktif",
)
TURN_TO = _any(
    r"for (?:further|more) (?:assistance|information|help)|contact|mailto:|please (?:send|forward|write)|hubungi",
    r"bantuan|help ?desk|report (?:this|it) to|forward this|administrator at|silakan (?:kirim|menghubungi)",
    r"do not reply|jangan (?:di)?balas|message-id|in-reply-to|references",
)
"""Lines that name an address for another purpose."""

FULL = _any(
    r"(?:mailbox|mail box|inbox|account|user|storage|kotak (?:surat|masuk|pos)|akun)\b.{0,60}?\b(?:is |are |sudah "
    r"|telah "
    r"|has )?(?:full|over|exceed\w*|penuh)",
    r"over ?(?:the )?quota|quota (?:exceeded|is full|full|has been)|exceed\w*.{0,30}\b(?:quota|storage|allowed size|"
    r"mailbox size|limit of (?:his|her|the) mailbox)|out of (?:storage|space)|insufficient (?:disk|storage"
    r"|system storage)",
    r"kuota\b.{0,40}\b(?:penuh|habis|terlampaui|melebihi|tercapai)|melebihi kuota|(?:penyimpanan"
    r"|kapasitas)\b.{0,30}\bpenuh",
    r"\b(?:pleine|voll|llen[ao]|chei[ao]|piena)\b|penuh\b.{0,20}\bkuota|mailbox full|full mailbox|quotaexceeded"
    r"|overquota|disk quota|storage (?:limit|quota)",
)
DELAYED = _any(
    r"delay(?:ed)?\b|still (?:trying|being retried|in (?:the )?queue)|not yet been delivered|will (?:keep|continue|be) "
    r"(?:on )?(?:try|retr)|could not send (?:message|mail) for|warning.{0,20}could not (?:be )?sen[dt]|will retry",
    r"no action is required on your part|you do not need to resend|tertunda|ditunda|masih (?:akan )?(?:dicoba|mencoba)"
    r"|akan (?:terus |tetap )?(?:mencoba|dicoba)|belum (?:dapat |berhasil )?(?:terkirim|tersampaikan|disampaikan"
    r"|dikirim)"
    r"|tidak perlu (?:mengirim ulang|melakukan)|mencoba (?:kembali|lagi)",
)
GIVEN_UP = _any(
    r"permanent (?:error|fatal|failure)|permanently|given up|giving up|returned unopened|will not (?:be )?retr"
    r"|no further (?:delivery )?attempts|failed permanently|gagal permanen|tidak akan (?:mencoba|dicoba)|fatal error",
)
GONE = _any(
    r"user unknown|unknown user|no such (?:user|address|person|recipient|account|mailbox)|(?:user|account|mailbox"
    r"|address"
    r"|recipient)\b.{0,40}\b(?:does(?:n't| not) exist|not found|unknown|not recognized|disabled|invalid|rejected)",
    r"host unknown|unknown host|unknown domain|domain (?:not found|does not exist)|name or service not known"
    r"|invalid (?:user|address|recipient|final delivery)|not recognized|unrouteable|malformed|(?:does(?:n't| not)"
    r"|not) have an? "
    r"(?:\S+ )?(?:account|mailbox)|não existe|inexistente|existiert nicht|nicht gefunden|n'existe pas|inconnu"
    r"|no existe",
    r"alamat\b.{0,60}\btidak (?:ditemukan|dikenal|ada|valid|aktif|terdaftar)|pengguna\b.{0,30}\btidak (?:ada|dikenal"
    r"|ditemukan|terdaftar)|domain\b.{0,40}\btidak (?:ditemukan|ada|dikenal)|akun\b.{0,40}\b(?:nonaktif|dinonaktifkan"
    r"|tidak (?:ada|aktif|ditemukan))|tidak terdaftar|unknown recipient|address(?:es)? (?:was |were )?not found",
)
"""The address or its domain does not exist."""
WORN_OUT = _any(
    r"retry time(?:out)? (?:exceeded|not reached)|(?:message|delivery|mail|queue)\b.{0,30}\b(?:expired|too long"
    r"|timed? ?out)",
    r"connection timed out|giving up after|(?:setelah|selama) \d+ (?:jam|hari)\b.{0,40}(?:gagal|menyerah|dihentikan)",
)
"""The server tried until its patience ended: nothing is known about the address."""
FOR_GOOD = _any(
    r"permanent|fatal|not accepting|blocked|spam|virus|polic(?:y|ies)|denied|not (?:permitted|allowed|accepted)"
    r"|rejected|refused"
    r"|too (?:large|big)|permanen|ditolak|diblokir|terlalu besar|loop|no valid recipients|prohibited|incorrect",
)
FOR_NOW = _any(
    r"temporar|try (?:again )?later|timed? ?out|connection (?:refused|reset)|deferred|sementara|lookup failure|"
    r"expired|unreachable|too many|greylist|retry|tidak merespons|tidak (?:dapat|bisa) dihubungi",
)
AWAY = _any(
    r"\bout[- ]of[- ](?:the[- ])?office\b|on (?:annual |sick |maternity |business )?(?:leave|vacation|holiday|trip)\b"
    r"|\baway\b|out until|not in the office|be back|return(?:ing)? (?:to|on|from)|abroad",
    r"\bcuti\b|\bmudik\b|\blibur\b|dinas luar|perjalanan dinas|tugas belajar|pendidikan|\b(?:diklat|bimtek|pelatihan"
    r"|umroh|umrah|haji)\b",
    r"tidak (?:berada|ada|sedang berada) di (?:kantor|tempat|lokasi)|di luar (?:kantor|kota|negeri|daerah)",
    r"(?<!mohon )(?<!harap )(?<!untuk )(?<!agar )tidak (?:dapat|bisa|akan)? ?"
    r"(?:membalas|merespons?|mengakses|membuka|memeriksa|memantau)",
    r"kembali (?:ke kantor|bertugas|bekerja|masuk|berdinas)|sedang (?:bertugas|sakit|dinas)",
)
"""Somebody is not there."""

AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(?:\[?(?:automatic(?:ally)?|auto)[-_ ]?(?:reply|response|respon|responder|answer|balas|generated)\b"
    r"|autoreply|autoresponse|autosvar|auto\s*:|ooo\b|out[- ]of[- ](?:the[- ])?office"
    r"|\[?(?:balasan|jawaban|pesan|respon[s]?|surel|email|tanggapan|notifikasi|pemberitahuan)\s+otomatis\b"
    r"|vacation(?: reply| response)?\s*:|away (?:from|until|message)|abwesen|automatische antwort"
    r"|réponse automatique|respuesta automática|i am (?:currently )?(?:out|away|on leave))",
    _I,
)
LIKELY_SUBJECT = re.compile(
    r"^\W*(?:(?:saya )?(?:sedang|lagi|nuju|masih) |indak )?(?:cuti|dinas luar|di luar kantor"
    r"|tidak (?:berada )?di (?:kantor|tempat)"
    r"|libur|konfirmasi otomatis|kantor tutup)\b",
    _I,
)
"""Machines title their answers so, and people their letters about such matters."""
FOOTER = _any(
    r"intended recipient|confidential|in error\b|rahasia|bukan penerima|salah (?:kirim|alamat)|\bvirus|dipindai|scanned"
    r"|antivirus|before printing|mencetak|disclaimer|sangkalan",
)
"""Sentences that mail servers put below what people write."""

_MESSAGE = (
    r"(?:pesan|balasan|jawaban|surel|email|e-mail|surat|notifikasi|respon[s]?|tanggapan|pemberitahuan|konfirmasi)"
)
_I_AM = r"\b(?:saya|kami|aku|penulis|abdi|kula|kulo|dalem|beta|ambo|awak|tiang|kantor)\b"
_ABSENT = (
    r"(?:cuti|dinas|perjalanan|diklat|pelatihan|bimtek|haji|umrah|umroh|libur|mudik|pendidikan|sakit|tugas|bertugas"
    r"|mendampingi|mengikuti|menghadiri|tidak (?:berada|ada) di|di luar (?:kantor|kota|negeri|daerah)|melahirkan)\b"
)
SAYS_IT_IS_A_MACHINE = _any(
    rf"(?:\bini|adalah|merupakan|secara|\bbersifat"
    rf"|is an?)\s+(?:\S+ ){{0,4}}?{_MESSAGE} (?:\S+ ){{0,2}}?(?:otomatis|automatic)\b",
    r"(?:tanggapan|balasan|jawaban|pesan|konfirmasi|notifikasi) (?:dari )?sistem\b",
    rf"{_MESSAGE} (?:ini|elektronik|tersebut) (?:\S+ ){{0,5}}?(?:otomatis|automatic|oleh (?:sistem|mesin"
    rf"|komputer))",
    rf"(?:^|[.*!] )\W*\[?{_MESSAGE} (?:secara )?otomatis\b(?! (?:dari|yang|dr|itu|tadi|kotak))",
    r"(?:this|the above) is an? (?:auto|system)|auto(?:matic(?:ally)?|mated)[- ](?:generated|sent|reply"
    r"|response|message"
    r"|email|notification|answer)|(?:sent|generated) automatically|autoreply|auto-reply|auto reply"
    r"|autoresponder",
    r"(?:jangan|mohon (?:untuk )?tidak|tidak perlu|dimohon tidak|harap (?:jangan|tidak)) (?:me|di)?(?:balas"
    r"|mbalas)\w*"
    r"|do not reply|not (?:be )?(?:reply|replied|monitored)|tidak (?:dipantau|dimonitor|menerima balasan)",
)
AUTOMATIC_WORDS = (
    (
        _any(
            rf"{_I_AM} (?:\S+ ){{0,5}}?{_ABSENT}",
            rf"(?:saat ini|sementara ini|sekarang)(?: \S+){{0,4}}? {_ABSENT}",
            rf"(?:^|[.!?] )\W*(?:\w+[,.!]? ){{0,3}}?(?:sedang|lagi|nuju|nembe|sadang) {_ABSENT}",
            r"(?:kantor|pelayanan|layanan)\b.{0,30}\b(?:tutup|libur)\b|tidak melayani|dalam rangka libur",
            r"tidak berada di (?:kantor|tempat)|i (?:am|will be) (?:currently )?(?:out|away|on )"
            r"|out of (?:the )?office",
            r"cuti (?:tahunan|melahirkan|besar|sakit|haji|bersama) (?:sejak|mulai|dari|pada|tanggal|tgl|sampai"
            r"|hingga|s)",
        ),
        2,
    ),
    (
        _any(
            r"(?:masuk lagi|masuk kembali|wangsul|baliak|kembali)\b.{0,30}\d|\d.{0,12}(?:–|-| dugi ka "
            r"| ngantos ).{0,12}\d"
            r".{0,10}(?:20\d\d|maret|april|mei|juni|juli)",
            r"(?:akan|baru|saya) (?:akan )?(?:kembali|masuk|aktif|bertugas)\b.{0,40}\b(?:tanggal|tgl|pada|hari|senin"
            r"|selasa"
            r"|rabu|kamis|jumat|\d)|sekembali|setelah (?:saya )?(?:kembali|masuk|cuti)|will (?:be back|return)"
            r"|upon my return",
            r"kembali (?:ke kantor|masuk|bertugas|bekerja|aktif|berdinas)\b.{0,30}\d",
            r"(?:\bs\.?\s?/?\s?d\.?|sampai|sampe|hingga|ngantos|until|till)(?!\w).{0,25}\d{1,2}",
        ),
        1,
    ),
    (
        _any(
            r"(?:mendesak|urgent|penting|wigati|paralu|segera|darurat|keperluan|emergency|hal lain|selama (?:itu"
            r"|periode|saya))\b.{0,60}"
            r"(?:hub\b|hubungi|menghubungi|contact|kontak|wa\b|whatsapp|telepon|nelpon|ditujukan|dialamatkan|silakan"
            r"|mangga)",
            r"(?:email|surel|pesan|kotak surat)\b.{0,25}\btidak (?:akan )?(?:dibaca|terbaca|dipantau|diperiksa|dibuka)",
            r"(?:mohon|harap|silakan) (?:di)?(?:tujukan|kirim(?:kan)?|alamatkan|sampaikan)\b.{0,20}\b(?:ke|kepada"
            r"|langsung)",
            r"(?:please|kindly) contact|akses (?:email|internet|surel)\b.{0,30}(?:terbatas|limited)|limited access",
        ),
        1,
    ),
    (
        _any(
            r"akan (?:saya|kami) baca\b|menghubungi (?:anda|bapak|ibu|saudara) kembali",
            r"akan (?:saya|kami|segera|di)\s?\w*\s?(?:balas|baca|respon[s]?|jawab|tanggapi)\b.{0,40}\b(?:setelah"
            r"|sekembali"
            r"|segera|begitu|saat|ketika|pada (?:jam|hari))"
            r"|segera (?:saya |kami |di)\w*\s?(?:balas|respon[s]?|jawab|baca)\b.{0,20}\b(?:setelah|sekembali|begitu)",
            r"(?:dibalas|balas|respon[s]?) setelah|mohon (?:maaf )?(?:bila|jika|apabila"
            r"|atas keterlambatan)\b.{0,60}(?:lambat"
            r"|tertunda|belum|terlambat|respon)",
        ),
        1,
    ),
    (
        _any(
            r"(?:terima ?kasih|thank you|thanks)\b.{0,60}\b(?:menghubungi|contacting|mengirim(?:kan)?|menyampaikan)\b",
            r"(?:email|e-mail|surel|pesan|surat|laporan|permohonan|pengaduan)(?: elektronik)?(?: dari)? (?:anda"
            r"|bapak|ibu|saudara|"
            r"bapak/ibu|bpk/ibu|kakak)\b.{0,30}\b(?:telah|sudah)\b.{0,20}\b(?:terima|masuk|tercatat|diterima"
            r"|terdaftar)",
            r"your (?:e-?mail|message|request|ticket) (?:has been|was) (?:received|created|logged)"
            r"|we have received your",
        ),
        1,
    ),
    (
        _any(
            r"(?:akan|untuk) (?:segera )?(?:di|kami )\s?(?:proses|tindak ?lanjuti|jawab|balas|respon[s]?|tanggapi"
            r"|layani"
            r"|tangani)\w*\b.{0,60}\b(?:jam|pada hari) (?:kerja|pelayanan|layanan|operasional)",
            r"(?:no(?:mor|\.)?|kode|id)\s*(?:tiket|ticket|regist(?:er|rasi)|antrean|antrian|pelacakan)"
            r"|ticket (?:number|id|#)|#\d{4,}"
            r"|tiket (?:anda|baru|dengan nomor)|\[ticket|\[tiket",
            r"di luar jam (?:layanan|pelayanan|operasional|kerja|kantor)|menunggu verifikasi",
            r"jam (?:layanan|pelayanan|operasional|kerja)\s*(?:kami)\s*(?:adalah|:|senin|pukul|mulai)",
            r"(?:alamat )?(?:email|e-mail|surel) (?:ini|tersebut) (?:sudah|telah|tidak"
            r"|tdk)(?: \w+){0,2} (?:tidak (?:lagi )?"
            r"(?:aktif|digunakan|dipakai)|digunakan|aktif|dipakai|nonaktif|berlaku)|telah (?:pindah|berpindah|beralih|"
            r"diganti(?:kan)?) ke (?:alamat|email|surel)|alamat (?:email|surel) (?:baru|kami (?:telah|sudah))",
        ),
        2,
    ),
)
"""What machines say, each with its weight."""

PERSONAL_WORDS = (
    (_any(r"\bB-?\s?\d{1,5}\s?/|\b\d{3}/\d+/|nomor\s+\S*\d\S*/\S+/20\d\d"), 2),
    (
        _any(
            r"terlampir|kami lampirkan|saya lampirkan|berikut (?:kami|saya)|bersama ini|sebagaimana (?:surat"
            r"|terlampir)",
            r"(?:sudah|telah) (?:saya |kami |di)\s?(?:disposisi|teruskan|sampaikan|koordinasikan|laporkan|cek"
            r"|tindak ?lanjuti"
            r"|konfirmasi|baca|bentuk|jadwalkan|tugaskan|pelajari|periksa|perbaiki|selesaikan)\w*",
            r"(?:tim|irban|inspektur|auditor|sekretaris)\b.{0,50}\b(?:turun|ditugaskan|menangani|berangkat|memeriksa"
            r"|menelaah)|(?:tim|petugas|auditor|anggota)(?: (?:kami|kita))? (?:sedang|masih)",
            r"ambil alih|menggantikan|saya gantikan|(?:kami|saya) (?:jadwalkan|koordinasikan|agendakan)",
            r"\b(?:pic|kepala|pak|bu|bapak|ibu|inspektur|pimpinan|atasan|beliau|sekretaris)\b(?:(?!\bsaya\b"
            r"|\bkami\b).){0,40}?"
            r"\b(?:sedang|masih|lagi) (?:cuti|dinas|sakit|diklat|umrah|haji|di luar)",
        ),
        3,
    ),
    (
        _any(
            r"(?:bukan|tidak ada) (?:\w+ )?(?:pesan|balasan|jawaban|email|surel|mesin)\b.{0,20}(?:otomatis|robot)?",
            r"(?:abaikan|lupa)\b.{0,60}\b(?:otomatis|matikan|nonaktif)",
            r"(?:tetapi|tapi|namun|meski(?:pun)?|walau(?:pun)?)\b.{0,60}\b(?:sudah|telah|tetap|akan|bisa|dapat"
            r"|surat)\b",
            r"(?:baru (?:saja )?|sudah )(?:kembali|pulang|selesai cuti|masuk (?:kerja|kantor))|(?:kemarin"
            r"|minggu lalu|sebelumnya|sempat)\b.{0,40}"
            r"\b(?:cuti|dinas|luar|diklat)|(?:habis|usai|selesai|sepulang|sejak) (?:cuti|dinas|diklat)",
        ),
        3,
    ),
    (_any(r"\?\s*(?:$|[A-Z])|apakah (?:bisa|boleh|dapat|kami)|mohon (?:arahan|petunjuk|penjelasan|info|dikirim)"), 1),
)
"""What only somebody who read this very letter says."""

FEEDBACK_SUBJECT = _any(r"complaint about message|feedback report|abuse report|spam report|email abuse")
FEEDBACK_SENDER = re.compile(r"^(?:staff|abuse|feedback\w*|fbl|complaints?|postmaster|noreply|no-reply)\b.*@", _I)

RECEIPT_SUBJECT = re.compile(
    r"^\s*(?:read|dibaca|telah dibaca|terbaca|tanda terima dibaca|read receipt|return receipt|"
    r"delivered|relayed|terkirim|tersampaikan)\s*(?::|\()",
    _I,
)
RECEIPT_WORDS = _any(
    r"(?:was|has been) (?:read|displayed|opened|delivered)|(?:telah|sudah) (?:dibaca|ditampilkan|dibuka|terkirim"
    r"|disampaikan)|dibaca pada|no guarantee that the message has been read",
)
SAYS_IT_IS_A_RECEIPT = _any(
    r"this is a (?:return|read) receipt|no guarantee that|ini adalah tanda (?:terima|telah) ?baca"
)
