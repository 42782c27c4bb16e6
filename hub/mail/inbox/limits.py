"""A mail has a second or two; one that stalls its reader is set aside, and the next one is read."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS_PER_MAIL = 2.0
"""Of the processor: a mail is not to blame for a machine that has much to do."""
_AGAIN = 0.5


class TookTooLong(Exception):
    """The time for one mail ran out."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLong when what happens within computes for longer. Regular expressions are interrupted too.

    Only the main thread of a process can be interrupted so; the worker and the commands read there.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("mail is read in the main thread, where it can be interrupted")
    before = signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _ring(_: int, __: FrameType | None) -> None:
    """Once more after a while: what is raised within a destructor, or where everything is caught, is lost."""
    signal.setitimer(signal.ITIMER_PROF, _AGAIN)
    raise TookTooLong(f"reading it took longer than {SECONDS_PER_MAIL:.0f} seconds")
