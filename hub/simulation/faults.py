"""How often which thing goes wrong in a rehearsal. `docs/rehearsal.md` tells each in a sentence."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path


class BadFaults(ValueError):
    """The file of faults cannot be used. The sentence says what to mend."""


@dataclass(frozen=True)
class Faults:
    """Each is a share from 0 to 1 of what its comment names; those that end in `_a_year` are numbers."""

    # of mailboxes
    dead_mailboxes: float = 0.03  # refused at once
    late_bouncing_mailboxes: float = 0.03  # taken, and reported as undeliverable hours or days later
    swallowing_mailboxes: float = 0.02  # taken, and nobody ever reads there
    greylisting_mailboxes: float = 0.2  # the first attempt is put off
    scanned_mailboxes: float = 0.3  # a scanner opens every link at once
    scripted_mailboxes: float = 0.05  # and runs what the page holds, its form included
    receipted_mailboxes: float = 0.1  # answers by itself that the mail came
    # of mails to institutions, and of their mails
    mails_swallowed: float = 0.01
    mails_delayed: float = 0.05
    replies_lost: float = 0.02
    # of envelopes, and of answers on paper
    envelopes_lost: float = 0.03
    envelopes_returned: float = 0.04
    scans_late: float = 0.2
    scans_out_of_order: float = 0.1
    deliveries_without_name: float = 0.1
    posted_replies_lost: float = 0.04
    # of letters, how whoever gets them acts
    by_post_only: float = 0.1
    by_both_tracks: float = 0.25
    slow: float = 0.15  # acts after a date, or after a reminder
    quiet: float = 0.08  # never acts, whatever is sent
    answered_by_mail: float = 0.25
    answered_by_post: float = 0.15
    announced: float = 0.5  # of answers by mail or post: the hub is told before
    to_the_wrong_case: float = 0.03  # of mails
    by_a_stranger: float = 0.03  # of mails: from an address that nobody knows
    right_of_reply: float = 0.8  # of reminders to who has answered: says so
    # of institutions
    without_pic: float = 0.03
    without_office_mailbox: float = 0.15
    leaves_a_year: float = 2.0
    leaves_untold: float = 0.2  # of leaves: no automatic answer, nobody is told
    replaced_a_year: float = 0.3
    # of the hub
    crashes: float = 0.005  # of rounds of the worker
    standstills_a_year: float = 3.0  # days without a worker
    relay_outages_a_year: float = 3.0  # half days on which the hub's own mail server is out of reach
    holidays_decreed: float = 1.0  # 1: a holiday is decreed in the middle of the year


HOSTILE = Faults(
    dead_mailboxes=0.1,
    late_bouncing_mailboxes=0.1,
    swallowing_mailboxes=0.1,
    greylisting_mailboxes=0.4,
    scanned_mailboxes=0.6,
    scripted_mailboxes=0.2,
    receipted_mailboxes=0.3,
    mails_swallowed=0.08,
    mails_delayed=0.2,
    replies_lost=0.15,
    envelopes_lost=0.12,
    envelopes_returned=0.12,
    scans_late=0.5,
    scans_out_of_order=0.4,
    deliveries_without_name=0.3,
    posted_replies_lost=0.2,
    slow=0.3,
    quiet=0.2,
    announced=0.3,
    to_the_wrong_case=0.15,
    by_a_stranger=0.1,
    right_of_reply=0.6,
    without_pic=0.1,
    without_office_mailbox=0.3,
    leaves_a_year=5.0,
    leaves_untold=0.5,
    replaced_a_year=1.0,
    crashes=0.03,
    standstills_a_year=12.0,
    relay_outages_a_year=12.0,
)

NAMED = {"usual": Faults(), "hostile": HOSTILE}
_NAMES = tuple(one.name for one in fields(Faults))


def from_file(path: Path) -> Faults:
    """Rates of a TOML file; what it leaves out is as usual. Raises BadFaults."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadFaults(
            f"{path} cannot be read: {problem.strerror}. The mixes that have a name are {' and '.join(NAMED)}; all "
            "else is the name of a file."
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadFaults(f"{path} cannot be read: {problem}.") from None
    for name, value in told.items():
        if name not in _NAMES:
            raise BadFaults(f'{path} names "{name}", which is no fault. Known are: {", ".join(_NAMES)}.')
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadFaults(f'"{name}" in {path} is no number.')
        most = 365 if name.endswith("_a_year") else 1
        if not 0 <= value <= most:
            raise BadFaults(f'"{name}" in {path} is {value}; it lies between 0 and {most}.')
    return Faults(**told)
