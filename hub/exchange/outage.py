"""The warning on top of pages while mail does not leave, or does not come in."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from hub.accounts.rules import Capability
from hub.mail import queries as mail
from hub.webkit.filters import moment


def sentences() -> Iterator[str]:
    """For those who see to the mail of their office, and for administrators with what the mail server said."""
    is_administrator = current_user.may(Capability.ADMINISTER)
    if not is_administrator and not current_user.may(Capability.REGISTER):
        return
    waiting = mail.waiting()
    if waiting.mailbox_error:
        yield _(
            "The mailbox of the hub cannot be read; answers by mail are not seen until it can: %(words)s",
            words=waiting.mailbox_error[:200],
        )
    if waiting.oldest_queued_at is None:
        return
    yield ngettext(
        "%(num)s email has not left yet, waiting since %(since)s. It leaves by itself as soon as the mail server takes "
        "it; nothing is lost.",
        "%(num)s emails have not left yet, the oldest waiting since %(since)s. They leave by themselves as soon as the "
        "mail server takes them; nothing is lost.",
        waiting.count,
        since=moment(waiting.oldest_queued_at),
    )
    if is_administrator and waiting.last_error:
        yield _("The mail server said last: %(words)s", words=waiting.last_error[:200])
