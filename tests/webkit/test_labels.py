"""Every word the code has for a state has a word on the screen."""

import re
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import pytest

import hub
from hub.config import ROOT
from hub.webkit.labels import LABELS, Hue

GROUPS = {
    "Stage": "stage",
    "Grade": "grade",
    "Turn": "turn",
    "Cause": "cause",
    "Advice": "next",
    "EmailState": "email",
    "EmailPurpose": "email_purpose",
    "PostState": "post",
    "ResponseKind": "response",
    "Review": "review",
    "IdentityMode": "identity",
    "Classification": "classification",
    "Purpose": "purpose",
    "ResponseClass": "response_class",
    "ClockKey": "clock",
    "Role": "role",
    "AppointmentRole": "role",
    "Network": "network",
    "InstitutionKind": "institution_kind",
    "Unit": "unit",
    "Verification": "verification",
    "ProofChannel": "proof",
    "ActorKind": "actor",
    "Happening": "happening",
    "Task": "task",
    "ComplainedOf": "complained_of",
    "Target": "routing_target",
    "FaultKind": "fault",
    "ReachAnswer": "reach_answer",
    "Outcome": "import_outcome",
    "AttemptOutcome": "attempt",
    "MailKind": "mail_kind",
    "FoundBy": "found_by",
    "Why": "guess",
    "Hint": "hint",
    "Decision": "decision",
    "Concern": "concern",
    "FirstStep": "first_step",
    "LetterKind": "letter_kind",
    "LetterState": "letter",
    "SigningMethod": "signing_method",
    "Security": "security",
    "Urgency": "urgency",
    "Instruction": "instruction",
    "AnswerOutcome": "outcome",
    "Owed": "owed",
    "Approver": "approver",
    "ReplyWay": "reply_way",
    "AnnouncementState": "announcement",
    "Side": "side",
    "MessageKind": "message",
    "ExtensionDecision": "extension",
    "CallWay": "call_way",
    "CallOutcome": "call_outcome",
    "Remedy": "remedy",
}
NEVER_SHOWN = {
    "DayLook",
    "Flow",
    "Reach",
    "Step",
    "Capability",
    "DayKind",
    "Hue",
    "Addressing",
    "Match",
    "Paper",
    "Register",
    "ScanKind",
    "LinkState",
    "Closed",
    "NotAnswerable",
    "NumberFault",
    "DayFault",
    "Missing",
    "Table",
    "Cover",
    "Permanence",
    "ArrivedBy",
    "Filing",
}


def enums() -> list[type[StrEnum]]:
    for module in walk_packages(hub.__path__, "hub."):
        if module.name.endswith((".models", ".rules", ".queries", ".links", ".labels")):
            import_module(module.name)
    return [one for one in StrEnum.__subclasses__() if one.__module__.startswith("hub.")]


@pytest.mark.parametrize("enum", enums(), ids=lambda enum: f"{enum.__module__}.{enum.__name__}")
def test_every_member_has_a_label_or_is_never_shown(enum):
    if enum.__name__ not in NEVER_SHOWN:
        unnamed = {str(member) for member in enum} - set(LABELS[GROUPS[enum.__name__]])
        assert not unnamed, f"{enum.__name__}: give these a label in hub/webkit/labels.py"


def test_every_label_of_a_state_belongs_to_one_that_exists():
    members: dict[str, set[str]] = {"grade": {"none"}}  # no grade: all is in time
    for enum in enums():
        if enum.__name__ not in NEVER_SHOWN:
            members.setdefault(GROUPS[enum.__name__], set()).update(map(str, enum))
    assert {group: set(LABELS[group]) - known for group, known in members.items() if set(LABELS[group]) - known} == {}


def test_every_label_has_its_icon():
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "hub/static/icons.svg").read_text()))
    named = {one.icon for group in LABELS.values() for one in group.values()}
    used = set()
    for template in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'\bicon(?:_name)?(?:\(|=)"([a-z-]+)"', template.read_text()))
    assert not (named | used) - drawn


def test_no_status_is_told_by_colour_alone():
    for group in LABELS.values():
        for one in group.values():
            assert str(one.text).strip()
            assert one.icon
            assert one.hue in Hue
