"""The mail servers of the rehearsed world: they take, put off, refuse, return late, delay and swallow."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from flask import current_app

from hub import clock
from hub.mail.connection import Connection, Postponed, Refused, Unreachable
from hub.mail.message import HubMessage
from hub.simulation.faults import Faults


class WorkerDied(BaseException):
    """The process is gone at this very moment: nothing after it happens, and nothing is tidied up."""


@dataclass
class Mailbox:
    """One address, and how its server and its reader behave. `greeted`: messages whose first attempt was put off."""

    address: str
    is_dead: bool = False
    bounces_late: bool = False
    swallows: bool = False
    greylists: bool = False
    is_scanned: bool = False
    runs_scripts: bool = False
    answers_receipts: bool = False
    greeted: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Taken:
    """A message that a server took, and whether anybody will find it. `arrives_at` is None when it never does."""

    message_id: str
    address: str
    return_address: str
    subject: str
    arrives_at: datetime | None
    comes_back: bool


@dataclass
class Servers:
    """Every mailbox by its address; addresses that are none are of the senders' own staff, and always work."""

    random: Random
    faults: Faults
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Message-ID and address."""
    is_relay_down: bool = False
    dies_after: int | None = None
    """So many messages from now the worker dies, right after the server took one."""

    def open(self, address: str) -> Mailbox:
        """A mailbox with the usual luck."""

        def chance(share: float) -> bool:
            return self.random.random() < share

        faults = self.faults
        box = Mailbox(
            address,
            is_dead=chance(faults.dead_mailboxes),
            bounces_late=chance(faults.late_bouncing_mailboxes),
            swallows=chance(faults.swallowing_mailboxes),
            greylists=chance(faults.greylisting_mailboxes),
            is_scanned=chance(faults.scanned_mailboxes),
            runs_scripts=chance(faults.scripted_mailboxes),
            answers_receipts=chance(faults.receipted_mailboxes),
        )
        self.mailboxes[address] = box
        return box

    def close(self, address: str) -> None:
        """Its owner has left: the server refuses it, or takes everything and nobody reads it."""
        box = self.mailboxes[address]
        box.is_dead = self.random.random() < 0.5
        box.swallows = not box.is_dead

    def give(self, message: HubMessage, return_address: str) -> str:
        """What the server says when it takes the message. Raises as a connection does, or WorkerDied."""
        if self.is_relay_down:
            raise Unreachable("[Errno 110] Connection timed out")
        address, id = message.recipient.address, str(message.msgId)
        box = self.mailboxes.get(address)
        if box is not None:
            self._refuse(box, id)
        self.taken.append(self._taken(box, id, address, return_address, str(message.subject)))
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.dies_after = None
                raise WorkerDied
        return f"250 2.0.0 Ok: queued as {self.random.getrandbits(40):010X}"

    def _refuse(self, box: Mailbox, id: str) -> None:
        if box.greylists and id not in box.greeted:
            box.greeted.add(id)
            raise Postponed(f"451 4.7.1 <{box.address}>: Greylisted, please try again later")
        if box.is_dead:
            self.refused.append((id, box.address))
            raise Refused(f"550 5.1.1 <{box.address}>: Recipient address rejected: User unknown")

    def _taken(self, box: Mailbox | None, id: str, address: str, return_address: str, subject: str) -> Taken:
        is_lost = box is not None and (box.swallows or self.random.random() < self.faults.mails_swallowed)
        comes_back = box is not None and box.bounces_late and not box.swallows
        delay = timedelta(minutes=self.random.randint(1, 9))
        if self.random.random() < self.faults.mails_delayed:
            delay = timedelta(hours=self.random.randint(2, 60))
        arrives_at = None if is_lost or comes_back else clock.now() + delay
        return Taken(id, address, return_address, subject, arrives_at, comes_back)


class SimulatedConnection(Connection):
    """The hub's own connection; at its other end is no socket but the servers above."""

    def __init__(self, servers: Servers) -> None:
        super().__init__(current_app.extensions["mail"])
        self._servers = servers

    def hand_over(self, message: HubMessage, envelope_from: str) -> str:
        message.as_bytes()
        return self._servers.give(message, envelope_from)
