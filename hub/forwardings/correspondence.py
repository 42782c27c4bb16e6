"""The words of letters and mails about a forwarding. They are official documents: always Indonesian.

The citizen is never named in them: who it is stays sealed with the office that registered the complaint.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from hub.complaints.models import Complaint, IdentityMode
from hub.directory.models import Institution
from hub.forwardings import deadlines
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import RESPONSE_CLOCKS, ClockKey, ResponseClass, response_clock
from hub.letters.models import LetterKind, Stationery
from hub.letters.rules import GIST_LENGTH, LetterContent, Security, Urgency, date_words, gist, limit
from hub.letters.stationery import rules as texts
from hub.letters.stationery import service as stationery
from hub.routing.rules import Purpose
from hub.workdays.rules import UNIT_WORDS, WEEKDAYS, DueDate, Paused

ACKNOWLEDGE = "Konfirmasi penerimaan"
ANSWER = "Jawab surat"
LOOK = "Lihat status surat"
RIGHT_OF_REPLY = "Sudah menjawab? Beri tahu nomor dan tanggal surat jawabannya"
"""Whoever is reminded can say so behind the link of the same mail (hub.exchange.views.underway)."""
FORWARDING_OPENING = (
    "Sehubungan dengan pengaduan masyarakat yang kami terima tanggal {tanggal}, bersama ini kami teruskan pengaduan "
    "dengan data sebagai berikut."
)
CLOSING = "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih."
WHERE_TO_ANSWER = (
    "Jawaban dapat disampaikan melalui hub, email, atau pos. Mohon konfirmasi penerimaan surat ini melalui tautan pada "
    "email atau lembar tanda terima yang menyertainya."
)
_ASKED = {
    Purpose.HANDLING: (
        "Kami mohon Saudara menindaklanjuti pengaduan tersebut sesuai kewenangan dan menyampaikan hasilnya kepada kami"
    ),
    Purpose.CLARIFICATION: "Kami mohon penjelasan tertulis Saudara atas pengaduan tersebut",
}
_COMPLAINANT = {
    IdentityMode.OPEN: "Identitas pengadu ada pada kami",
    IdentityMode.CONCEALED: "Identitas pengadu ada pada kami",
    IdentityMode.ANONYMOUS: "Tanpa nama (anonim)",
}


@dataclass(frozen=True)
class Message:
    """A mail before it is addressed. `action` is the label of the button behind which the link lies."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str


def subject(complaint: Complaint) -> str:
    """Hal of the letter."""
    return f"Penerusan pengaduan: {gist(complaint.subject, 200)}"


@dataclass(frozen=True)
class Request:
    """What the sender decides about a forwarding; everything else follows from the complaint.

    `override_reason` counts only where the recipient or a copy would judge in its own case. `archive`: code of the
    archive class, "" for the usual one of the office. `answer_by`: the date of the answer, where the letter names one.
    """

    recipient: Institution
    purpose: Purpose
    response_class: ResponseClass
    by_email: bool
    by_post: bool
    note: str = ""
    copies: tuple[Institution, ...] = ()
    override_reason: str = ""
    security: Security = Security.ORDINARY
    urgency: Urgency = Urgency.ORDINARY
    archive: str = ""
    answer_by: date | None = None


def forwarding_letter(complaint: Complaint, sender: Institution, request: Request, opening: str = "") -> LetterContent:
    """The forwarding letter (surat penerusan) with its date, or its limit and a provisional date counted from today.

    `opening`: of a letter that passes another one on, whose sender has the citizen's identity no more than its reader.
    """
    recipient = request.recipient
    asked = f"{_ASKED[request.purpose]}, paling lambat {_until(request, sender)}."
    version = stationery.newest(sender)
    words = own_words(version, LetterKind.FORWARDING, complaint.reference, complaint.received_on)
    is_long = len(complaint.body.strip()) > GIST_LENGTH
    return LetterContent(
        addressee=(recipient.head_title,),
        place=recipient.seat,
        opening=opening or words("opening", FORWARDING_OPENING),
        closing=words("closing", CLOSING),
        details=(
            ("Nomor hub", complaint.reference),
            ("Tanggal pengaduan", date_words(complaint.received_on)),
            ("Wilayah", complaint.region.name),
            ("Pengadu", _complainant(complaint.identity_mode, is_passed_on=bool(opening))),
            ("Pokok pengaduan", gist(complaint.subject, 200)),
            ("Uraian", gist(complaint.body)),
        ),
        paragraphs=tuple(part for part in (asked, request.note.strip(), WHERE_TO_ANSWER) if part),
        annex=tuple(line.strip() for line in complaint.body.splitlines() if line.strip()) if is_long else (),
        attachments="1 (satu) berkas uraian pengaduan" if is_long else "-",
        signing_office=(sender.head_title,),
        copies=tuple(one.head_title for one in request.copies),
        security=request.security,
        urgency=request.urgency,
        archive=request.archive,
        contact=contact(sender),
        reference=complaint.reference,
    )


def _until(request: Request, sender: Institution) -> str:
    if request.answer_by:
        return long_date(request.answer_by)
    key = response_clock(request.purpose, request.response_class)
    due = deadlines.provisional(key, request.recipient, sender.network)
    return limit(due.amount, UNIT_WORDS[due.unit], due.due)


def _complainant(mode: IdentityMode, is_passed_on: bool) -> str:
    if is_passed_on and mode is not IdentityMode.ANONYMOUS:
        return "Identitas pengadu ada pada instansi yang menerima pengaduan"
    return _COMPLAINANT[mode]


def own_words(version: Stationery | None, kind: LetterKind, number: str, day: date | None) -> Callable[[str, str], str]:
    """Opening or closing of this kind of letter: in the words of the office's stationery, else the usual ones.

    `number` and `day` are put in for the marks in them.
    """
    own = stationery.terms_of(version).texts
    on = date_words(day) if day else ""
    return lambda part, usual: texts.chosen(own, kind, part, number, on) or texts.filled(usual, number, on)


def answer_by(forwarding: Forwarding, estimate: Callable[[ClockKey], DueDate] | None = None) -> str:
    """Until when the answer is due: the date once receipt is proven, before that the date that the letter names, or the
    limit and a provisional date.

    `estimate` counts the provisional date of a clock that does not run yet.
    """
    if running := deadlines.find_running(forwarding, *RESPONSE_CLOCKS):
        still = f" (dijeda sejak {long_date(running.paused_since)})" if running.paused_since else ""
        return f"{long_date(running.due_on)}{still}"
    if forwarding.answer_by:
        return long_date(forwarding.answer_by)
    key = forwarding.response_clock
    due = estimate(key) if estimate else deadlines.provisional(key, forwarding.recipient, forwarding.network)
    return limit(due.amount, UNIT_WORDS[due.unit], due.due)


def paused(over: Paused) -> str:
    """Why a date lies later than its limit: when it stood still, and for how long."""
    assert over.pause.until is not None
    since, until = long_date(over.pause.since), long_date(over.pause.until)
    return f"dijeda dari {since} sampai {until}: {over.amount} {UNIT_WORDS[over.unit]}"


def _with_pauses(due_on: date, pauses: Sequence[Paused]) -> str:
    why = "; ".join(paused(one) for one in pauses)
    return f"{long_date(due_on)} ({why})" if why else long_date(due_on)


def forwarding_mail(forwarding: Forwarding) -> Message:
    """The mail that carries the letter: what is asked and until when comes first."""
    soon = deadlines.provisional(ClockKey.ACKNOWLEDGE, forwarding.recipient, forwarding.network)
    within = f"{soon.amount} {UNIT_WORDS[soon.unit]}"
    number = forwarding.letter.number
    return Message(
        subject=f"{number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini, dalam {within}.",
            (
                f"Surat terlampir, kepada {forwarding.recipient.head_title}. "
                f"Isinya: {gist(forwarding.complaint.subject, 120)}."
            ),
            f"Jawaban Saudara kami tunggu paling lambat {answer_by(forwarding)}.",
        ),
        action=ACKNOWLEDGE,
    )


def copy_mail(forwarding: Forwarding) -> Message:
    """To an office that reads along. It has nothing to confirm and nothing to answer."""
    number, to = forwarding.letter.number, forwarding.recipient
    return Message(
        subject=f"Tembusan: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Kami sampaikan tembusan surat kami Nomor {number} kepada {to.head_title}, untuk diketahui.",
            f"Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.",
            "Surat ini tidak perlu dijawab.",
        ),
        action="",
    )


def reminder_mail(
    forwarding: Forwarding, step: int, due_on: date, awaits_answer: bool, pauses: Sequence[Paused] = ()
) -> Message:
    """First or second reminder. It says what is still open and that an answer on its way settles it."""
    number = forwarding.letter.number
    which = "Pengingat" if step == 1 else "Pengingat kedua"
    if awaits_answer:
        first = (
            f"Mohon sampaikan tanggapan atas surat kami Nomor {number}; batas waktunya {_with_pauses(due_on, pauses)}."
        )
        last = f"{RIGHT_OF_REPLY} di halaman yang dibuka tombol di bawah ini, atau dengan membalas email ini."
        action = ANSWER
    else:
        action = ACKNOWLEDGE
        first = f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini."
        last = (
            f"{RIGHT_OF_REPLY} di halaman yang sama. Bila surat ini bukan untuk Saudara, mohon beri tahu kami dengan "
            "membalas email ini."
        )
    return Message(
        subject=f"{which}: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(first, f"Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.", last),
        action=action,
    )


def confirmed_mail(forwarding: Forwarding, way: str, who: str, day: date) -> Message:
    """Somebody there confirmed receipt to a person of ours, who wrote it down: the office can say that it is not so."""
    number = forwarding.letter.number
    due = deadlines.find_running(forwarding, *RESPONSE_CLOCKS)
    until = f"Tanggapan kami tunggu paling lambat {answer_by(forwarding)}. " if due else ""
    return Message(
        subject=f"Penerimaan dicatat: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Penerimaan surat kami Nomor {number} dicatat {way} dari {who}, pada {long_date(day)}.",
            "Bila catatan ini keliru, siapa pun yang melihatnya mohon membalas email ini.",
            f"{until}Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.",
        ),
        action=LOOK,
    )


def unconfirmed_mail(forwarding: Forwarding, way: str, who: str, day: date) -> Message:
    """What `confirmed_mail` said was a mistake of ours: the letter waits for its confirmation again."""
    number = forwarding.letter.number
    due = deadlines.find_running(forwarding, ClockKey.ACKNOWLEDGE)
    until = f"; batas waktunya {long_date(due.due_on)}" if due else ""
    return Message(
        subject=f"Catatan penerimaan ditarik: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini{until}.",
            f"Catatan kami bahwa surat itu diterima, {way} dari {who} pada {long_date(day)}, keliru dan sudah ditarik.",
            f"Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.",
        ),
        action=ACKNOWLEDGE,
    )


def nudge_mail(forwarding: Forwarding, due_on: date, pauses: Sequence[Paused] = ()) -> Message:
    """A friendly word before a long limit ends: nothing is late, and there is time to ask for more."""
    number = forwarding.letter.number
    return Message(
        subject=f"Menjelang batas waktu: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            f"Tanggapan atas surat kami Nomor {number} kami tunggu paling lambat {_with_pauses(due_on, pauses)}.",
            f"Perihal: {gist(forwarding.complaint.subject, 120)}. Surat terlampir.",
            "Bila perlu waktu lebih, mintalah perpanjangan di hub atau dengan membalas email ini sebelum tanggal itu.",
        ),
        action=LOOK,
    )


def handover_mail(forwarding: Forwarding, confirm_by: date | None, answer_by: str) -> Message:
    """The letter goes to somebody else at the same office: whether it was confirmed, and until when it is answered.

    `confirm_by` is None for a letter that was confirmed already, `answer_by` a date or a limit in words.
    """
    number = forwarding.letter.number
    if confirm_by:
        first = (
            f"Mohon konfirmasi penerimaan surat kami Nomor {number} dengan tombol di bawah ini; batas waktunya "
            f"{long_date(confirm_by)}."
        )
        state, action = "Penerimaannya belum dikonfirmasi.", ACKNOWLEDGE
    else:
        first = f"Mohon sampaikan tanggapan atas surat kami Nomor {number}; batas waktunya {answer_by}."
        state, action = "Penerimaannya sudah dikonfirmasi.", LOOK
    last = "Batas waktu tidak berubah karena serah terima ini."
    return Message(
        subject=f"Serah terima: {number}: {gist(forwarding.complaint.subject, 120)}",
        paragraphs=(
            first,
            f"Surat ini diserahkan kepada Saudara karena PIC di kantor Saudara berganti. {state}",
            f"Surat terlampir. Isinya: {gist(forwarding.complaint.subject, 120)}.",
            f"Jawaban kami tunggu paling lambat {answer_by}. {last}" if confirm_by else last,
        ),
        action=action,
    )


@dataclass(frozen=True)
class Arrived:
    """An answer as its receipt tells of it. `final_due`: until when the final one is owed, after an interim one.

    `is_by_link`: somebody gave it who did not sign in; the office may know nothing of it.
    """

    number: str
    dated: date
    sender: str
    came_on: date
    agenda_number: str = ""
    files: tuple[str, ...] = ()
    is_final: bool = True
    final_due: date | None = None
    is_by_link: bool = False
    is_decline: bool = False


def receipt_subject(forwarding: Forwarding) -> str:
    """Hal of the receipt of an answer."""
    return f"Tanda terima jawaban: {gist(forwarding.complaint.subject, 200)}"


def receipt_document(forwarding: Forwarding, arrived: Arrived) -> LetterContent:
    """The receipt of an answer: what came, when, from whom. The hub issues it; nobody signs."""
    letter, recipient, sender = forwarding.letter, forwarding.recipient, forwarding.sender
    ours = f"{letter.number} tanggal {date_words(letter.dated)}" if letter.dated else letter.number or ""
    theirs = arrived.number or "(tanpa nomor)"
    details = (
        ("Nomor hub", forwarding.complaint.reference),
        ("Surat kami", ours),
        ("Surat Saudara", f"{theirs} tanggal {date_words(arrived.dated)}"),
        ("Dari", arrived.sender),
        ("Diterima", long_date(arrived.came_on)),
        ("Nomor agenda", arrived.agenda_number),
        ("Berkas", ", ".join(arrived.files)),
    )
    return LetterContent(
        addressee=(recipient.head_title,),
        place=recipient.seat,
        opening=(
            f"Bersama ini kami sampaikan bahwa {_kind_of(arrived)} Saudara atas surat kami sudah kami terima, dengan "
            "data sebagai berikut."
        ),
        details=tuple((label, value) for label, value in details if value),
        paragraphs=(_what_follows(arrived), *_whose(arrived)),
        signing_office=(sender.head_title,),
        contact=contact(sender),
        reference=forwarding.complaint.reference,
    )


def receipt_mail(forwarding: Forwarding, arrived: Arrived) -> Message:
    """The short mail that carries the receipt. It asks for nothing."""
    number, about = forwarding.letter.number, gist(forwarding.complaint.subject, 120)
    return Message(
        subject=f"Jawaban diterima: {number}: {about}",
        paragraphs=(
            f"Jawaban Saudara sudah kami terima pada {long_date(arrived.came_on)}.",
            f"Jawaban itu atas surat kami Nomor {number}, perihal {about}. Tanda terima terlampir.",
            _what_follows(arrived),
            *_whose(arrived),
        ),
        action="",
    )


def _whose(arrived: Arrived) -> tuple[str, ...]:
    """A link may have been opened by anybody: the office is asked to say when it was nobody of its own."""
    by_whom = f"Jawaban itu dikirim oleh {arrived.sender} lewat tautan atau kode pada surat kami, tanpa masuk akun."
    request = "Bila jawaban ini bukan dari kantor Saudara, beri tahu kami."
    return (f"{by_whom} {request}",) if arrived.is_by_link else ()


def _kind_of(arrived: Arrived) -> str:
    if arrived.is_decline:
        return "keterangan bukan wewenang"
    return "tanggapan final" if arrived.is_final else "tanggapan sementara"


def _what_follows(arrived: Arrived) -> str:
    if arrived.is_decline:
        return "Keterangan Saudara kami telaah. Apa yang kami putuskan, kami beri tahukan kepada Saudara."
    if arrived.is_final:
        return "Jawaban Saudara kami telaah. Bila masih ada yang perlu dilengkapi, kami akan memberi tahu Saudara."
    until = f" paling lambat {long_date(arrived.final_due)}" if arrived.final_due else ""
    return f"Jawaban Saudara kami catat sebagai tanggapan sementara. Tanggapan final tetap kami tunggu{until}."


def office_signature(institution: Institution) -> str:
    """Signature of the office, not of a person: people change."""
    return "\n".join(line for line in (institution.name, institution.postal_address, institution.phone) if line)


def long_date(day: date) -> str:
    """ "Jumat, 10 April 2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {date_words(day)}"


def contact(sender: Institution) -> str:
    return ", ".join(part for part in (sender.name, sender.phone, sender.email) if part)
