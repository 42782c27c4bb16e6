"""A mail has a second or two; one that stalls its reader is set aside, and the next one is read."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS_PER_MAIL = 2.0


class TookTooLong(Exception):
    """The time for one mail ran out."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TookTooLong when what happens within takes longer. Regular expressions are interrupted too.

    Only the main thread of a process can be interrupted so; the worker and the commands read there.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("mail is read in the main thread, where it can be interrupted")
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(_: int, __: FrameType | None) -> None:
    raise TookTooLong(f"reading it took longer than {SECONDS_PER_MAIL:.0f} seconds")
