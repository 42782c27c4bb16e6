"""What could keep a letter from its reader, said before it is written."""

from flask_babel import gettext as _

from hub import clock
from hub.directory import queries as directory
from hub.directory.models import Institution, Network


def about(recipient: Institution, network: Network) -> list[str]:
    """One sentence for each thing the sender should know about the mail to `recipient` today. Empty: all is well."""
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
