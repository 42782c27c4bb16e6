"""What could keep a letter from its reader, said before it is written."""

from flask_babel import gettext as _

from hub import clock
from hub.complaints.models import Complaint
from hub.directory import queries as directory
from hub.directory.models import Institution, Network
from hub.forwardings import queries
from hub.webkit.filters import day as in_words


def about(recipient: Institution, network: Network, complaint: Complaint | None = None) -> list[str]:
    """One sentence for each thing the sender should know about a letter to `recipient` today. Empty: all is well.

    `complaint`: what the letter is about, where that may have been there before.
    """
    return [*_declined(recipient, network, complaint), *_mail(recipient, network)]


def _declined(recipient: Institution, network: Network, complaint: Complaint | None) -> list[str]:
    last = queries.last_declined(complaint, recipient, network) if complaint else None
    if last is None:
        return []
    day = in_words(clock.local(last.stage_since, last.sender.zone).date())
    said = _(
        "%(office)s was asked before and is not competent, as was noted on %(day)s.", office=recipient.name, day=day
    )
    return [said]


def _mail(recipient: Institution, network: Network) -> list[str]:
    day = clock.today(recipient.zone)
    known = directory.contacts([recipient.id], network, day)[recipient.id]
    mailbox = _("the office mailbox")
    to = ", ".join(mailbox if name == recipient.name else name for name, _address in known.addressees)
    goes = _("The mail goes to %(to)s.", to=to) if to else _("No mail address there can be reached: send by post.")
    if known.pic is None:
        return [" ".join((_("%(office)s has no PIC in this network.", office=recipient.name), goes))]
    found = []
    if known.pic.id in known.away:
        found.append(_("The PIC, %(name)s, is on leave.", name=known.pic.name))
    if known.pic.email in known.dead:
        found.append(_("Mail to the PIC, %(name)s, came back.", name=known.pic.name))
    return [*found[:-1], f"{found[-1]} {goes}"] if found else []
