"""The one map from what the code calls a thing to what people read: word, icon and hue."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l


class Hue(StrEnum):
    """Colour never speaks alone: it repeats what icon and word say."""

    WAITING = "waiting"
    ATTENTION = "attention"
    LATE = "late"
    DONE = "done"
    ENDED = "ended"


WAITING, ATTENTION, LATE, DONE, ENDED = Hue


@dataclass(frozen=True)
class Label:
    """`text` in the language of whoever reads it, `icon` a symbol of static/icons.svg."""

    text: LazyString | str
    icon: str
    hue: Hue


LABELS: dict[str, dict[str, Label]] = {
    "stage": {
        "draft": Label(_l("Draft"), "pencil", ENDED),
        "awaiting_signature": Label(_l("Awaiting signature"), "pen", ATTENTION),
        "ready": Label(_l("Ready to send"), "envelope", WAITING),
        "sent": Label(_l("Sent"), "send", WAITING),
        "received": Label(_l("Received"), "inbox", WAITING),
        "acknowledged": Label(_l("Acknowledged"), "check", WAITING),
        "answered": Label(_l("Answered"), "reply", ATTENTION),
        "closed": Label(_l("Closed"), "check-circle", DONE),
        "declined": Label(_l("Not competent"), "forbidden", ENDED),
        "withdrawn": Label(_l("Withdrawn"), "undo", ENDED),
        "lapsed": Label(_l("Recorded as not answering"), "hourglass", ENDED),
    },
    "grade": {
        "none": Label(_l("Within the limit"), "clock", DONE),
        "not_dispatched": Label(_l("Not dispatched yet"), "envelope", LATE),
        "undelivered": Label(_l("Not delivered"), "envelope-x", LATE),
        "receipt_unproven": Label(_l("No proof of receipt yet"), "question", ATTENTION),
        "unacknowledged": Label(_l("Not acknowledged yet"), "clock", LATE),
        "unanswered": Label(_l("Not answered yet"), "alert", LATE),
        "interim_only": Label(_l("Interim response only"), "hourglass", ATTENTION),
        "reply_missing": Label(_l("Reply not arrived yet"), "post", ATTENTION),
        "review_due": Label(_l("Waiting for the sender's review"), "eye", ATTENTION),
    },
    "turn": {
        "sender": Label(_l("Sender"), "send", ATTENTION),
        "recipient": Label(_l("Recipient"), "building", WAITING),
        "nobody": Label(_l("Nobody"), "check-circle", DONE),
    },
    "cause": {
        "no_pic": Label(_l("No PIC appointed"), "person-x", ATTENTION),
        "address_dead": Label(_l("Address not active"), "envelope-x", ATTENTION),
        "away": Label(_l("PIC not there at present"), "person", ATTENTION),
        "quiet": Label(_l("Reachable, no answer yet"), "clock", LATE),
    },
    "mail_kind": {
        "human": Label(_l("Written by a person"), "envelope", WAITING),
        "bounce": Label(_l("Returned mail"), "envelope-x", LATE),
        "auto_reply": Label(_l("Automatic answer"), "clock", ENDED),
        "feedback": Label(_l("Complaint about mail"), "alert", ATTENTION),
        "receipt": Label(_l("Read receipt"), "eye", ENDED),
        "junk": Label(_l("Junk"), "forbidden", ENDED),
        "quarantined": Label(_l("Set aside unread"), "shield", ATTENTION),
    },
    "hint": {
        "number": Label(_l("Bears the number you typed"), "check", DONE),
        "part": Label(_l("Its number holds what you typed"), "question", WAITING),
        "sender": Label(_l("Under way to this sender"), "building", WAITING),
    },
    "agenda_event": {
        "registered": Label(_l("Registered"), "inbox", WAITING),
        "corrected": Label(_l("Entry corrected"), "pencil", ENDED),
        "scan_added": Label(_l("Scan added"), "paperclip", WAITING),
        "filed": Label(_l("Filed with its letter"), "check", DONE),
        "taken_out": Label(_l("Taken out again"), "undo", ATTENTION),
        "disposed": Label(_l("Disposition written"), "forward", WAITING),
    },
    "found_by": {
        "address": Label(_l("Found by the address it was sent to"), "check", DONE),
        "thread": Label(_l("Found by the mail it answers"), "check", DONE),
        "number": Label(_l("Found by the letter number and a known sender"), "check", DONE),
        "recipient": Label(_l("Found by the address it names"), "question", ATTENTION),
        "person": Label(_l("Filed by a person"), "person", DONE),
    },
    "guess": {
        "number": Label(_l("The mail names this number"), "check", DONE),
        "message": Label(_l("The mail answers a message about it"), "envelope", DONE),
        "sender": Label(_l("The sender is known at that office"), "person", WAITING),
        "filed_before": Label(_l("Mail from this domain was filed with that office before"), "folder", WAITING),
        "domain": Label(_l("That office has addresses in this domain"), "building", WAITING),
    },
    "decision": {
        "receipt": Label(_l("says that the letter has arrived"), "check", DONE),
        "interim": Label(_l("interim answer"), "hourglass", WAITING),
        "final": Label(_l("final answer"), "reply", DONE),
        "message": Label(_l("message of the coordination"), "speech", WAITING),
    },
    "email": {
        "queued": Label(_l("Queued"), "clock", WAITING),
        "handed_over": Label(_l("Taken by the recipient's server"), "envelope", WAITING),
        "bounced": Label(_l("Bounced"), "envelope-x", LATE),
        "failed": Label(_l("Could not be sent"), "alert", LATE),
        "cancelled": Label(_l("Cancelled"), "forbidden", ENDED),
    },
    "attempt": {
        "taken": Label(_l("Taken"), "check", DONE),
        "refused": Label(_l("Refused"), "alert", LATE),
        "postponed": Label(_l("Put off"), "clock", ATTENTION),
        "our_fault": Label(_l("The server does not let us send"), "alert", LATE),
        "unreachable": Label(_l("Mail server out of reach"), "alert", ATTENTION),
        "not_made": Label(_l("Could not be composed"), "alert", LATE),
        "bounced": Label(_l("Bounced"), "envelope-x", LATE),
        "delayed": Label(_l("Delayed on the way"), "hourglass", ATTENTION),
        "given_up": Label(_l("Given up after three days"), "forbidden", LATE),
    },
    "email_purpose": {
        "letter": Label(_l("Letter"), "envelope", WAITING),
        "reminder": Label(_l("Reminder"), "bell", ATTENTION),
        "notice": Label(_l("Notice"), "info", WAITING),
        "copy": Label(_l("Copy"), "people", ENDED),
        "handover": Label(_l("To the new PIC"), "person", WAITING),
        "invitation": Label(_l("Invitation"), "key", WAITING),
        "reach_check": Label(_l("Reach check"), "question", WAITING),
        "coordination": Label(_l("Coordination"), "speech", WAITING),
    },
    "post": {
        "to_print": Label(_l("Ready to print"), "printer", ATTENTION),
        "printed": Label(_l("Printed"), "printer", WAITING),
        "posted": Label(_l("Posted"), "post", WAITING),
        "in_transit": Label(_l("On the way"), "truck", WAITING),
        "attempt_failed": Label(_l("Attempt failed"), "alert", ATTENTION),
        "delivered": Label(_l("Delivered"), "check-circle", DONE),
        "returned": Label(_l("Returned by post"), "undo", LATE),
        "presumed_lost": Label(_l("Presumed lost"), "question", LATE),
        "cancelled": Label(_l("Cancelled"), "forbidden", ENDED),
    },
    "letter_kind": {
        "forwarding": Label(_l("Forwarding letter"), "send", WAITING),
        "reminder": Label(_l("Letter of reminder"), "bell", ATTENTION),
        "second_request": Label(_l("Second request"), "question", ATTENTION),
        "to_head": Label(_l("Letter to the head of the institution"), "up", ATTENTION),
        "escalation": Label(_l("Letter to the supervisor"), "shield", LATE),
        "receipt": Label(_l("Receipt of an answer"), "slip", DONE),
        "handover": Label(_l("Letters handed over"), "people", WAITING),
        "inventory": Label(_l("Inventory of follow-up reports"), "folder", WAITING),
    },
    "letter": {
        "draft": Label(_l("Draft"), "pencil", WAITING),
        "to_sign": Label(_l("Awaiting signature"), "pen", ATTENTION),
        "signed": Label(_l("Signed"), "check", DONE),
        "void": Label(_l("Void"), "forbidden", ENDED),
        "issued": Label(_l("Issued by the hub"), "check", DONE),
    },
    "signing_method": {
        "approval": Label(_l("Approval in the hub"), "check", WAITING),
        "certificate": Label(_l("Approval, with the certificate of the office"), "key", WAITING),
        "wet": Label(_l("Signature on paper"), "pen", WAITING),
        "elsewhere": Label(_l("Signed in another system"), "upload", WAITING),
    },
    "security": {
        "B": Label(_l("Ordinary (B)"), "folder", WAITING),
        "T": Label(_l("Restricted (T)"), "lock", ATTENTION),
        "R": Label(_l("Confidential (R)"), "lock", LATE),
        "SR": Label(_l("Top secret (SR)"), "lock", LATE),
    },
    "urgency": {
        "ordinary": Label(_l("As usual"), "clock", WAITING),
        "urgent": Label(_l("Urgent (2 × 24 hours)"), "clock", ATTENTION),
        "very_urgent": Label(_l("Very urgent (24 hours)"), "alert", LATE),
    },
    "instruction": {
        "advise": Label(_l("Opinion and advice"), "speech", WAITING),
        "proceed": Label(_l("Process further"), "forward", WAITING),
        "coordinate": Label(_l("Coordinate"), "people", WAITING),
        "note": Label(_l("For information"), "info", ENDED),
    },
    "response": {
        "interim": Label(_l("Interim response"), "hourglass", WAITING),
        "final": Label(_l("Final response"), "reply", DONE),
    },
    "outcome": {
        "proven": Label(_l("Proven"), "check-circle", DONE),
        "partly_proven": Label(_l("Proven in part"), "check", DONE),
        "not_proven": Label(_l("Not proven"), "forbidden", ENDED),
        "settled": Label(_l("Settled"), "check-circle", DONE),
        "transferred": Label(_l("Transferred to another office"), "forward", ATTENTION),
        "not_competent": Label(_l("Not competent"), "forbidden", ATTENTION),
    },
    "announcement": {
        "awaited": Label(_l("On its way"), "truck", WAITING),
        "arrived": Label(_l("Arrived"), "check-circle", DONE),
        "not_found": Label(_l("Not found; a copy was asked for"), "question", ATTENTION),
        "mistake": Label(_l("Announced by mistake"), "undo", ENDED),
    },
    "reply_way": {
        "post": Label(_l("By post"), "post", WAITING),
        "email": Label(_l("By email"), "envelope", WAITING),
        "by_hand": Label(_l("Brought by hand"), "person", WAITING),
    },
    "side": {
        "sender": Label(_l("Sender"), "send", WAITING),
        "recipient": Label(_l("Recipient"), "building", WAITING),
    },
    "message": {
        "question": Label(_l("Question"), "question", WAITING),
        "clarification": Label(_l("Clarification"), "speech", WAITING),
        "extension": Label(_l("Request for more time"), "hourglass", ATTENTION),
        "note": Label(_l("Internal note"), "lock", ENDED),
    },
    "extension": {
        "granted": Label(_l("Granted"), "check", DONE),
        "refused": Label(_l("Not granted"), "forbidden", ATTENTION),
    },
    "review": {
        "accepted": Label(_l("Accepted"), "check-circle", DONE),
        "incomplete": Label(_l("Incomplete"), "undo", ATTENTION),
    },
    "identity": {
        "open": Label(_l("Named"), "person", WAITING),
        "concealed": Label(_l("Name kept secret"), "lock", ATTENTION),
        "anonymous": Label(_l("Anonymous"), "person-x", ENDED),
    },
    "classification": {
        "complaint": Label(_l("Complaint"), "folder", WAITING),
        "aspiration": Label(_l("Aspiration"), "speech", WAITING),
        "information": Label(_l("Request for information"), "info", WAITING),
    },
    "purpose": {
        "handling": Label(_l("Handling"), "folder", WAITING),
        "clarification": Label(_l("Clarification"), "question", WAITING),
    },
    "response_class": {
        "information": Label(_l("Information"), "info", WAITING),
        "ordinary": Label(_l("No supervisory content"), "folder", WAITING),
        "supervisory": Label(_l("Supervisory content"), "shield", ATTENTION),
    },
    "clock": {
        "sign": Label(_l("Signing"), "pen", WAITING),
        "dispatch_mail": Label(_l("Sending by email"), "envelope", WAITING),
        "dispatch_post": Label(_l("Sending by post"), "post", WAITING),
        "acknowledge": Label(_l("Acknowledgement"), "check", WAITING),
        "response_information": Label(_l("Response"), "reply", WAITING),
        "response_ordinary": Label(_l("Response"), "reply", WAITING),
        "response_supervisory": Label(_l("Response"), "reply", WAITING),
        "ombudsman_first_request": Label(_l("Clarification"), "question", WAITING),
        "ombudsman_second_request": Label(_l("Clarification, second request"), "question", ATTENTION),
        "review": Label(_l("Review"), "eye", WAITING),
        "reply_arrives": Label(_l("Arrival of the reply"), "post", WAITING),
    },
    "owed": {
        "acknowledgement": Label(_l("No acknowledgement"), "check", ATTENTION),
        "answer": Label(_l("No answer"), "reply", ATTENTION),
        "second_answer": Label(_l("No answer to the second request"), "question", ATTENTION),
    },
    "lapsed": {
        "handling": Label(_l("Recorded as not answering"), "hourglass", ENDED),
        "clarification": Label(_l("Recorded as not using its right to answer"), "hourglass", ENDED),
    },
    "lapsed_button": {
        "handling": Label(_l("Record that no answer came"), "hourglass", ATTENTION),
        "clarification": Label(_l("Record that the right to answer was not used"), "hourglass", ATTENTION),
    },
    "approver": {
        "nobody": Label(_l("goes by itself"), "clock", WAITING),
        "signatory": Label(_l("a signatory signs the letter"), "pen", ATTENTION),
        "monitor": Label(_l("a monitor of the network decides"), "eye", ATTENTION),
    },
    "step": {
        "REMINDER": Label(_l("Reminder by mail"), "bell", ATTENTION),
        "SECOND_REMINDER": Label(_l("Second reminder, to everybody at the office"), "bell", ATTENTION),
        "SECOND_REQUEST": Label(_l("Second request (UU 37/2008 art. 33)"), "question", ATTENTION),
        "TO_HEAD": Label(_l("Letter to the head of the institution"), "up", ATTENTION),
        "ESCALATION": Label(_l("Letter to the supervisor"), "shield", LATE),
        "LAPSE": Label(_l("Recorded as not answering"), "hourglass", ENDED),
    },
    "limit": {
        "verify": Label(_l("Verification of a complaint"), "eye", WAITING),
        "acknowledge": Label(_l("Acknowledgement of a letter"), "check", WAITING),
        "response_information": Label(_l("Response: request for information"), "reply", WAITING),
        "response_ordinary": Label(_l("Response: no supervisory content"), "reply", WAITING),
        "response_supervisory": Label(_l("Response: supervisory content"), "reply", WAITING),
        "completeness": Label(_l("Check whether a file is complete"), "folder", WAITING),
        "complainant_completes": Label(_l("The citizen completes the file"), "person", WAITING),
        "decide": Label(_l("Decision on a complaint"), "check-circle", WAITING),
        "ombudsman_first_request": Label(_l("Clarification: first request"), "question", WAITING),
        "ombudsman_second_request": Label(_l("Clarification: second request"), "question", WAITING),
        "ombudsman_recommendation": Label(_l("Recommendation of the Ombudsman"), "shield", WAITING),
        "sign": Label(_l("Signing of a letter"), "pen", WAITING),
        "dispatch_mail": Label(_l("Sending by email"), "envelope", WAITING),
        "dispatch_post": Label(_l("Sending by post"), "post", WAITING),
        "review": Label(_l("Review of an answer"), "eye", WAITING),
        "reply_arrives": Label(_l("Arrival of a reply under way"), "post", WAITING),
    },
    "role": {
        "pic": Label(_l("PIC"), "person", WAITING),
        "deputy": Label(_l("Deputy PIC"), "person", WAITING),
        "registrar": Label(_l("Registrar and mail room"), "post", WAITING),
        "signatory": Label(_l("Signatory"), "pen", WAITING),
        "monitor": Label(_l("Monitor"), "chart", WAITING),
        "administrator": Label(_l("Administrator"), "shield", WAITING),
    },
    "network": {
        "kemensetneg": Label(_l("Kemensetneg"), "people", WAITING),
        "ombudsman": Label(_l("Ombudsman"), "people", WAITING),
    },
    "institution_kind": {
        "kemensetneg": Label(_l("Ministry of State Secretariat"), "building", WAITING),
        "ombudsman_head": Label(_l("Ombudsman head office"), "building", WAITING),
        "ombudsman_office": Label(_l("Ombudsman regional office"), "building", WAITING),
        "itjen": Label(_l("Inspectorate General of Home Affairs"), "building", WAITING),
        "inspectorate_province": Label(_l("Inspectorate of a province"), "building", WAITING),
        "inspectorate_regency": Label(_l("Inspectorate of a regency"), "building", WAITING),
        "inspectorate_city": Label(_l("Inspectorate of a city"), "building", WAITING),
        "regional_office": Label(_l("Office of a region"), "building", WAITING),
        "ministry": Label(_l("Ministry or agency"), "building", WAITING),
        "law_enforcer": Label(_l("Law enforcer"), "shield", WAITING),
        "other": Label(_l("Other institution"), "building", WAITING),
    },
    "import_outcome": {
        "opened": Label(_l("New"), "plus", DONE),
        "changed": Label(_l("Changed"), "pencil", WAITING),
        "unchanged": Label(_l("Unchanged"), "check", ENDED),
        "faulty": Label(_l("To be mended"), "alert", LATE),
    },
    "complained_of": {
        "office": Label(_l("An office or official of the region"), "building", WAITING),
        "inspectorate": Label(_l("The inspectorate itself"), "shield", ATTENTION),
        "head_of_region": Label(_l("The head of the region"), "person", ATTENTION),
    },
    "routing_target": {
        "inspectorate": Label(_l("Inspectorate of the region"), "building", WAITING),
        "province": Label(_l("Inspectorate of the province"), "building", WAITING),
        "body": Label(_l("The body complained of"), "question", WAITING),
        "supervisor": Label(_l("Who supervises the body complained of"), "up", WAITING),
    },
    "fault": {
        "bounced": Label(_l("Mail came back"), "envelope-x", LATE),
        "returned": Label(_l("Letter came back"), "undo", LATE),
        "wrong_office": Label(_l("Says: wrong office"), "forbidden", LATE),
    },
    "concern": {
        "vacant": Label(_l("Without a PIC"), "person-x", LATE),
        "ending": Label(_l("Term ends soon"), "hourglass", ATTENTION),
        "bouncing": Label(_l("Address not active"), "envelope-x", LATE),
        "uncovered": Label(_l("Not covered by an Ombudsman office"), "question", ATTENTION),
        "quiet": Label(_l("Quiet"), "phone", ATTENTION),
        "unverified": Label(_l("Not verified"), "eye", WAITING),
    },
    "concern_meaning": {
        "vacant": Label(
            _l("The seat lost its PIC, or letters are under way to a seat that never had one."), "info", LATE
        ),
        "ending": Label(_l("The term ends within 30 days and nobody follows yet."), "info", ATTENTION),
        "bouncing": Label(
            _l("Mail or a letter came back, or somebody said that it is the wrong office. Nothing is sent there."),
            "info",
            LATE,
        ),
        "uncovered": Label(_l("Complaints from there have no Ombudsman office."), "info", ATTENTION),
        "quiet": Label(
            _l("The time to confirm a letter has passed, or a question has waited for 14 days."), "info", ATTENTION
        ),
        "unverified": Label(
            _l("No sign of life this quarter or the one before: no confirmed letter, no answered question."),
            "info",
            WAITING,
        ),
    },
    "first_step": {
        "postal_addresses": Label(_l("Postal addresses"), "post", WAITING),
        "mailboxes": Label(_l("Office mailboxes"), "envelope", WAITING),
        "pics_kemensetneg": Label(_l("PICs in the network of Kemensetneg"), "person", WAITING),
        "pics_ombudsman": Label(_l("PICs in the network of the Ombudsman"), "person", WAITING),
        "phones": Label(_l("Phone or WhatsApp of the offices"), "phone", WAITING),
        "invitations": Label(_l("Invitations to PICs"), "key", WAITING),
        "coverage": Label(_l("Ombudsman coverage"), "building", WAITING),
    },
    "first_step_use": {
        "postal_addresses": Label(
            _l("A letter reaches every office, even one that nobody has written to."), "info", WAITING
        ),
        "mailboxes": Label(_l("Letters arrive the same minute, also where no PIC is appointed yet."), "info", WAITING),
        "pics_kemensetneg": Label(_l("Somebody answers for each letter, and is reminded by name."), "info", WAITING),
        "pics_ombudsman": Label(_l("Clarifications go to whoever speaks for the office there."), "info", WAITING),
        "phones": Label(_l("When mail comes back, somebody can call at once."), "info", WAITING),
        "invitations": Label(_l("A PIC who signs in answers in the hub, with files and a date."), "info", WAITING),
        "coverage": Label(_l("Each regency and city has an Ombudsman office."), "info", WAITING),
    },
    "reach_answer": {
        "still": Label(_l("Still the PIC"), "check-circle", DONE),
        "successor": Label(_l("Names a successor"), "person", ATTENTION),
        "wrong_office": Label(_l("Wrong office"), "forbidden", LATE),
    },
    "unit": {
        "working_days": Label(_l("working days"), "calendar", WAITING),
        "calendar_days": Label(_l("calendar days"), "calendar", WAITING),
        "hours": Label(_l("hours"), "clock", WAITING),
    },
    "proof": {
        "link": Label(_l("Link in the email"), "link", DONE),
        "slip": Label(_l("Receipt slip in the envelope"), "slip", DONE),
        "sign_in": Label(_l("Signed in to the hub"), "person", DONE),
        "answer": Label(_l("The answer itself"), "reply", DONE),
        "reply": Label(_l("Reply by mail"), "envelope", DONE),
        "paper": Label(_l("Letter or slip on paper"), "slip", DONE),
        "desk": Label(_l("Told the sender, by phone or in person"), "phone", DONE),
        "post": Label(_l("Delivered by post"), "post", DONE),
    },
    "call_way": {
        "phone": Label(_l("By phone"), "phone", WAITING),
        "whatsapp": Label(_l("By WhatsApp"), "speech", WAITING),
        "in_person": Label(_l("In person"), "person", WAITING),
    },
    "call_outcome": {
        "no_answer": Label(_l("Nobody answered"), "clock", ENDED),
        "passed_on": Label(_l("Will be passed on to whoever handles it"), "forward", WAITING),
        "never_got_it": Label(_l("They say the letter has not arrived: receipt is disputed"), "envelope-x", ATTENTION),
        "confirmed": Label(_l("They confirm receipt"), "check-circle", DONE),
    },
    "remedy": {
        "call": Label(_l("Log a call or WhatsApp"), "phone", WAITING),
        "resend": Label(_l("Send again by email"), "envelope", WAITING),
        "by_post": Label(_l("Send by post"), "post", WAITING),
        "remind": Label(_l("Letter of reminder"), "bell", ATTENTION),
        "second_request": Label(_l("Second request"), "question", ATTENTION),
        "to_head": Label(_l("Letter to the head of the institution"), "up", ATTENTION),
        "escalate": Label(_l("Letter to the supervisor"), "shield", LATE),
        "ask": Label(_l("Ask in the thread"), "speech", WAITING),
        "sign": Label(_l("Read and sign"), "pen", ATTENTION),
        "print": Label(_l("Print and post"), "printer", ATTENTION),
        "see_mail": Label(_l("See why the mail waits"), "search", ATTENTION),
        "trace": Label(_l("Look for the answer"), "search", ATTENTION),
        "review": Label(_l("Review"), "eye", ATTENTION),
    },
    "actor": {
        "person": Label(_l("Person"), "person", WAITING),
        "link": Label(_l("By link"), "link", WAITING),
        "mail": Label(_l("By email"), "envelope", WAITING),
        "clock": Label(_l("By the clock"), "clock", WAITING),
        "system": Label(_l("The hub"), "hub", WAITING),
    },
    "happening": {
        "drafted": Label(_l("Letter drafted"), "pencil", ENDED),
        "submitted_for_signature": Label(_l("Letter put to sign"), "pen", ATTENTION),
        "letter_returned_to_draft": Label(_l("Letter returned to draft"), "undo", ATTENTION),
        "letter_signed": Label(_l("Letter signed"), "check", WAITING),
        "letter_voided": Label(_l("Letter declared void"), "forbidden", ATTENTION),
        "letter_sent_again": Label(_l("Letter sent again"), "send", WAITING),
        "dispatched": Label(_l("Letter sent"), "send", WAITING),
        "delivered_by_post": Label(_l("Letter delivered by post"), "post", DONE),
        "second_request_received": Label(_l("Second request received: its limit runs"), "question", WAITING),
        "returned_by_post": Label(_l("Letter returned by post"), "undo", LATE),
        "presumed_lost_by_post": Label(_l("Letter presumed lost by post"), "question", LATE),
        "acknowledged": Label(_l("Receipt acknowledged"), "check-circle", DONE),
        "interim_response_received": Label(_l("Interim response received"), "hourglass", WAITING),
        "final_response_received": Label(_l("Final response received"), "reply", DONE),
        "response_found_incomplete": Label(_l("Response found incomplete"), "undo", ATTENTION),
        "closed": Label(_l("Forwarding closed"), "check-circle", DONE),
        "withdrawn": Label(_l("Forwarding withdrawn"), "undo", ENDED),
        "handed_on_to_new_pic": Label(_l("Handed on to the new PIC"), "person", WAITING),
        "reply_mail_filed": Label(_l("Reply by mail arrived"), "envelope", DONE),
        "pic_found_away": Label(_l("Automatic answer: the PIC is away"), "person", ATTENTION),
        "proof_withdrawn": Label(_l("Proof withdrawn"), "undo", ATTENTION),
        "reply_announced": Label(_l("Reply announced: it is on its way"), "post", WAITING),
        "announced_reply_not_found": Label(
            _l("Announced reply not found; a copy was asked for"), "question", ATTENTION
        ),
        "decline_accepted": Label(_l("Accepted that the recipient is not competent"), "forbidden", ENDED),
        "reopened": Label(_l("Forwarding reopened"), "undo", ATTENTION),
        "date_paused": Label(_l("Date paused: the sender's turn"), "hourglass", ATTENTION),
        "date_runs_again": Label(_l("Date runs again"), "calendar", WAITING),
        "date_extended": Label(_l("Date extended"), "hourglass", WAITING),
        "message_written": Label(_l("Message written"), "speech", WAITING),
        "ladder_step_due": Label(_l("Letter put to sign: no answer came"), "pen", ATTENTION),
        "recipient_called": Label(_l("The recipient was asked"), "phone", WAITING),
        "record_of_not_answering_due": Label(
            _l("A monitor was asked whether to record that no answer came"), "hourglass", ATTENTION
        ),
        "recorded_as_not_answering": Label(_l("Recorded as not answering"), "hourglass", ENDED),
        "due_date_moved": Label(_l("Date moved with the calendar"), "calendar", ATTENTION),
        "forwarded_on": Label(_l("Passed on to another office"), "forward", WAITING),
        "nudged_before_the_date": Label(_l("Friendly mail before the date"), "bell", WAITING),
        "reminded": Label(_l("Reminder sent"), "bell", ATTENTION),
        "follow_up_letter_signed": Label(_l("Follow-up letter signed"), "bell", ATTENTION),
        "email_not_delivered": Label(_l("Email not delivered"), "envelope-x", LATE),
    },
    "task": {
        "acknowledge": Label(_l("To acknowledge"), "check", ATTENTION),
        "answer": Label(_l("To answer"), "reply", ATTENTION),
        "sign": Label(_l("To sign"), "pen", ATTENTION),
        "repair": Label(_l("Did not arrive: repair the address or send another way"), "envelope-x", LATE),
        "decide_extension": Label(_l("Requests for more time"), "hourglass", ATTENTION),
        "read_reply": Label(_l("Replies by mail to read"), "envelope", ATTENTION),
        "sort_mail": Label(_l("Late, but mail lies here unread: read it first"), "envelope", ATTENTION),
        "review": Label(_l("Answers to review"), "eye", ATTENTION),
        "trace": Label(_l("Announced, not arrived: look for the answer"), "search", ATTENTION),
        "record": Label(_l("No answer to the end: to record"), "hourglass", ATTENTION),
        "call": Label(_l("Quiet: call or write"), "phone", ATTENTION),
        "dispatch": Label(_l("Not on its way yet"), "envelope", LATE),
        "finish_draft": Label(_l("Drafts to finish"), "pencil", WAITING),
        "answer_question": Label(_l("Questions of the other side"), "question", ATTENTION),
        "resume": Label(_l("Paused dates: the recipient waits for you"), "hourglass", ATTENTION),
        "take_back": Label(_l("To take back: the letter above has ended"), "undo", ATTENTION),
    },
    "task_button": {
        "acknowledge": Label(_l("Confirm"), "check", ATTENTION),
        "answer": Label(_l("Answer"), "reply", ATTENTION),
        "sign": Label(_l("Read and sign"), "pen", ATTENTION),
        "repair": Label(_l("Repair"), "envelope-x", LATE),
        "decide_extension": Label(_l("Decide"), "hourglass", ATTENTION),
        "read_reply": Label(_l("Read"), "envelope", ATTENTION),
        "sort_mail": Label(_l("Read first"), "envelope", ATTENTION),
        "review": Label(_l("Review"), "eye", ATTENTION),
        "trace": Label(_l("Look for it"), "search", ATTENTION),
        "record": Label(_l("Decide"), "hourglass", ATTENTION),
        "call": Label(_l("Call"), "phone", ATTENTION),
        "dispatch": Label(_l("Check"), "envelope", LATE),
        "finish_draft": Label(_l("Finish"), "pencil", WAITING),
        "answer_question": Label(_l("Answer"), "question", ATTENTION),
        "resume": Label(_l("Give what they wait for"), "hourglass", ATTENTION),
        "take_back": Label(_l("Take back"), "undo", ATTENTION),
    },
    "advice": {
        "not_dispatched": Label(
            _l("The letter has not left in time. Sign it, print it, or see why the mail waits."), "info", LATE
        ),
        "undelivered": Label(
            _l(
                "No copy is on its way any more. "
                "Mend the address in the directory and send it again, or send it by post."
            ),
            "info",
            LATE,
        ),
        "receipt_unproven": Label(
            _l("The mail was handed over, yet nobody confirmed it. Call the office; nobody is late yet."),
            "info",
            ATTENTION,
        ),
        "unacknowledged": Label(_l("The letter was delivered but not acknowledged."), "info", ATTENTION),
        "unanswered": Label(_l("The date of the answer has passed."), "info", ATTENTION),
        "interim_only": Label(_l("Only an interim response came. Ask for the final one."), "info", ATTENTION),
        "review_due": Label(
            _l(
                "What came in waits here too long. Review the answer; without one, read the mail that was held, or "
                "that waits with other letters of this office. Nobody there is late before that."
            ),
            "info",
            ATTENTION,
        ),
        "reply_missing": Label(
            _l(
                "The answer was said to be on its way and has not arrived. Look in the agenda, the mailboxes and with "
                "the post; if it is nowhere, ask for a copy."
            ),
            "info",
            ATTENTION,
        ),
    },
    "next": {
        "appoint": Label(_l("Ask the institution to appoint a PIC"), "person", ATTENTION),
        "mend_address": Label(_l("Mend the address, send by post"), "envelope", ATTENTION),
        "write_to_deputy": Label(_l("Write to the deputy or the office mailbox; call the office"), "people", ATTENTION),
        "call_meanwhile": Label(_l("Call the office; reminders go by themselves"), "phone", ATTENTION),
        "second_request": Label(_l("Call the office; then the second request"), "phone", ATTENTION),
        "to_head": Label(_l("Call the office; then a letter to the head of the institution"), "phone", ATTENTION),
        "supervisor": Label(_l("Call the office, or write to its supervisor"), "phone", ATTENTION),
        "call": Label(_l("Call the office: every letter of the ladder was written"), "phone", ATTENTION),
    },
    "verification": {
        "verified": Label(_l("Basis verified"), "check", DONE),
        "secondary": Label(_l("Basis from a secondary source"), "info", WAITING),
        "unverified": Label(_l("Basis not verified yet"), "question", ATTENTION),
        "own": Label(_l("A rule of this house"), "info", WAITING),
    },
}


def label(group: str, key: str) -> Label:
    """What people read for `key`, a member of the enum `group` stands for. Raises KeyError when nobody named it."""
    locale = get_locale()
    return _translated(locale.language if locale else "id", group, key)


@cache
def _translated(_language: str, group: str, key: str) -> Label:
    """A page shows the same few labels a hundred times: each is translated once for a language."""
    one = LABELS[group][key]
    return replace(one, text=str(one.text))


def choices(group: str) -> list[tuple[str, LazyString | str]]:
    """Value and word of a whole group, for a select field."""
    return [(key, one.text) for key, one in LABELS[group].items()]
