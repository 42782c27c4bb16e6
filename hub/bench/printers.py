"""Programs that print letters, each in a process of its own, so that none profits from what another has set up."""

import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

Print = Callable[[str], object]
Program = Callable[[], AbstractContextManager[Print]]

_processes = multiprocessing.get_context("forkserver")
_WARM_UP = 10
"""Letters: by then everything is imported, parsed and cached."""


class NoChromium(Exception):
    """Chromium cannot be used. The text says why, and what to do."""


class Printer:
    """`program`, at work in its own process on `pages`, of which one asks by number.

    `printed`: how many so far; `megabytes`: what the process took in memory after the last of them.
    """

    def __init__(self, program: Program, pages: Sequence[str]) -> None:
        self._pipe, theirs = _processes.Pipe()
        self._process = _processes.Process(target=_work, args=(program, pages, theirs), daemon=True)
        self.printed, self.megabytes = _WARM_UP, 0.0

    def __enter__(self) -> Self:
        """When it is warm. Raises NoChromium."""
        self._process.start()
        if isinstance(problem := self._pipe.recv(), NoChromium):
            raise problem
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send(())
        self._process.join()

    def begin(self, numbers: Sequence[int]) -> None:
        self._pipe.send(tuple(numbers))
        self.printed += len(numbers)

    def seconds(self) -> float:
        """How long what was begun took."""
        taken: float
        taken, self.megabytes = self._pipe.recv()
        return taken

    def a_second(self, numbers: Sequence[int]) -> float:
        """How many of these letters a second, in one go."""
        self.begin(numbers)
        return len(numbers) / self.seconds()

    def a_second_singly(self, numbers: Sequence[int]) -> float:
        """How many of these letters a second, each asked for when the last is there."""
        return len(numbers) / sum(1 / self.a_second([number]) for number in numbers)


@contextmanager
def press() -> Iterator[Print]:
    """As the worker does it."""
    from hub.letters import pdf

    yield lambda page: pdf.render(page, "bench", b"{}")


@contextmanager
def plain() -> Iterator[Print]:
    """As a program does that knows nothing but WeasyPrint's first example."""
    from weasyprint import HTML

    yield lambda page: HTML(string=page).write_pdf()


@contextmanager
def chromium(new_tab: bool) -> Iterator[Print]:
    """A browser that runs already, with a new tab for each letter or one tab for all. Its PDFs are tagged, as ours.

    Raises NoChromium.
    """
    program = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import Browser, Page, sync_playwright
    except ImportError:
        raise NoChromium("There is no playwright to drive Chromium with: make setup installs it.") from None
    if program is None:
        raise NoChromium("There is no Chromium on this machine: make bench installs it.")

    def into(tab: Page, page: str) -> bytes:
        tab.set_content(page)
        return tab.pdf(prefer_css_page_size=True, tagged=True)

    def into_new(browser: Browser, page: str) -> bytes:
        with browser.new_page() as tab:
            return into(tab, page)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield partial(into_new, browser) if new_tab else partial(into, browser.new_page())
        browser.close()


def _work(program: Program, pages: Sequence[str], pipe: Connection) -> None:
    """What the process does: print what it is asked for, and tell the seconds, until it is asked for nothing."""
    try:
        with program() as printed:
            for page in pages[:_WARM_UP]:
                printed(page)
            pipe.send(None)
            while numbers := pipe.recv():
                started = time.perf_counter()
                for number in numbers:
                    printed(pages[number])
                pipe.send((time.perf_counter() - started, _megabytes()))
    except NoChromium as problem:
        pipe.send(problem)


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1_000_000
