"""How somebody can be asked, what can come of it, and what a word by phone must say to prove receipt. Pure."""

from enum import StrEnum

from hub.forwardings.rules import Stage


class CallWay(StrEnum):
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    IN_PERSON = "in_person"


WAY_WORDS = {
    CallWay.PHONE: "lewat telepon",
    CallWay.WHATSAPP: "lewat WhatsApp",
    CallWay.IN_PERSON: "secara langsung",
}
"""In Indonesian, as mails say it; pages use the labels."""


class CallOutcome(StrEnum):
    """What came of it. Only a confirmation proves anything; all else is told by the history and changes nothing."""

    NO_ANSWER = "no_answer"
    PASSED_ON = "passed_on"
    NEVER_GOT_IT = "never_got_it"
    CONFIRMED = "confirmed"


LOGGED_AT = (Stage.READY, Stage.SENT, Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.LAPSED)
"""The letter is signed, and no answer is here. `READY`: every mail was refused, and somebody asks for an address."""
CONFIRMED_AT = tuple(stage for stage in LOGGED_AT if stage is not Stage.READY)
"""The letter has left: somebody can have it."""
LONGEST_AGO = 3
"""Working days since a call that confirms receipt: of an older one nobody remembers the words."""
SHORTEST_NOTE = 15
"""Characters of what was said, where it is to prove receipt: a sentence, not a word."""


def lacking(outcome: CallOutcome, name: str, position: str, note: str, has_evidence: bool = False) -> set[str]:
    """Which of these must still be told. Who was not reached needs no name; who confirms, all of them, and a file."""
    if outcome is CallOutcome.NO_ANSWER:
        return set()
    if outcome is not CallOutcome.CONFIRMED:
        return set() if name else {"name"}
    told = {"name": bool(name), "position": bool(position), "note": len(note) >= SHORTEST_NOTE, "files": has_evidence}
    return {field for field, is_told in told.items() if not is_told}
