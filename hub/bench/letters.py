"""Letters: how fast a page becomes a PDF, beside a plain program and beside a browser; and what many leave behind."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

from hub.bench import writing
from hub.bench.figures import Figure
from hub.bench.printers import NoChromium, Printer, chromium, plain, press
from hub.letters.document import STYLES

Tell = Callable[[str], None]

ROUNDS = 9
"""Short turns of each, so that whatever else the machine does meanwhile falls on all. The middle ratio counts."""
BATCH = 50
A_TURN = 6
EARLY = 100
"""Letters after which memory has reached its height, if it ever does."""


def figures(letters: int, tell: Tell) -> dict[str, Figure]:
    """Every figure of letters by its name; those beside Chromium only where there is one. `letters`: for memory."""
    tell(f"Writing {BATCH} letters.")
    pages = writing.letters(BATCH)
    return {
        **beside_a_plain_program(pages, tell),
        **beside_chromium(pages, tell),
        **beside_one_process(pages, tell),
        **after_many(pages, letters, tell),
    }


def beside_a_plain_program(pages: Sequence[str], tell: Tell) -> dict[str, Figure]:
    """Letters a second one by one, beside `HTML(string=…).write_pdf()` of the same; and fifty in one go beside that.

    The floor of 1.25 is 0.8 of the time.
    """
    ours, theirs, fifty, around = [], [], [], []
    with Printer(press, pages) as hub, Printer(plain, _with_styles(pages)) as program:
        for turn in range(ROUNDS):
            first, second = _turn(2 * turn), _turn(2 * turn + 1)
            before = hub.a_second_singly(first)
            theirs.append(program.a_second_singly(first))
            ours.append(before)
            fifty.append(hub.a_second(range(BATCH)))
            around.append((before + hub.a_second_singly(second)) / 2)
            tell(
                f"Round {turn + 1} of {ROUNDS}: {before:.1f} letters/s, plain {theirs[-1]:.1f}, fifty {fifty[-1]:.1f}."
            )
    return {"letter_warm": _figure(ours, theirs, 1.25), "letter_batch": _figure(fifty, around, 1.0)}


def beside_chromium(pages: Sequence[str], tell: Tell) -> dict[str, Figure]:
    """Beside a browser that runs already, which prints each letter in a new tab, or all in one tab.

    Who prints the letters of many opens a new tab for each, so that nothing of one can show in the next: that figure
    has the floor. One tab for all is the fastest Chromium can be.
    """
    ours, new_tabs, one_tab = [], [], []
    styled = _with_styles(pages)
    try:
        with (
            Printer(press, pages) as hub,
            Printer(partial(chromium, new_tab=True), styled) as careful,
            Printer(partial(chromium, new_tab=False), styled) as quick,
        ):
            for turn in range(ROUNDS):
                ours.append(hub.a_second_singly(_turn(turn)))
                new_tabs.append(careful.a_second_singly(_turn(turn)))
                one_tab.append(quick.a_second_singly(_turn(turn)))
                told = f"{ours[-1]:.1f} letters/s, Chromium {new_tabs[-1]:.1f}, in one tab {one_tab[-1]:.1f}"
                tell(f"Round {turn + 1} of {ROUNDS}: {told}.")
    except NoChromium as missing:
        tell(str(missing))
        return {}
    return {
        "letter_chromium": _figure(ours, new_tabs, 1.0),
        "letter_chromium_one_tab": _figure(ours, one_tab, None),
    }


def beside_one_process(pages: Sequence[str], tell: Tell) -> dict[str, Figure]:
    """Two processes beside one. It needs two cores that have nothing else to do."""
    alone, together = [], []
    half = range(BATCH // 2)
    with Printer(press, pages) as one, Printer(press, pages) as other:
        for turn in range(ROUNDS):
            alone.append(one.a_second(half))
            for each in (one, other):
                each.begin(half)
            together.append(2 * len(half) / max([each.seconds() for each in (one, other)]))
            tell(f"Round {turn + 1} of {ROUNDS}: one process {alone[-1]:.1f} letters/s, two {together[-1]:.1f}.")
    return {"letter_two_processes": _figure(together, alone, 1.6)}


def after_many(pages: Sequence[str], letters: int, tell: Tell) -> dict[str, Figure]:
    """Memory after so many letters. The ratio is what it was early for what it is now: 1 is flat."""
    taken = []
    with Printer(press, pages) as hub:
        for count in (min(EARLY, letters), letters):
            while True:
                hub.a_second(range(max(1, min(BATCH, count - hub.printed))))
                if hub.printed >= count:
                    break
            taken.append(hub.megabytes)
            tell(f"After {hub.printed} letters the process takes {taken[-1]:.1f} MB.")
    early, late = taken
    return {"letter_memory": Figure(round(late, 1), "MB", floor=0.95, ratio=round(early / late, 3))}


def _figure(mine: Sequence[float], others: Sequence[float], floor: float | None) -> Figure:
    ratio = median(one / other for one, other in zip(mine, others, strict=True))
    return Figure(round(median(mine), 1), "letters/s", floor=floor, ratio=round(ratio, 2))


def _turn(number: int) -> list[int]:
    """Which letters are printed in a turn: others than in the one before."""
    return [(number * A_TURN + at) % BATCH for at in range(A_TURN)]


def _with_styles(pages: Sequence[str]) -> list[str]:
    """The pages as they are for a program that does not have the hub's style sheet ready."""
    styles = f"<style>{(STYLES / 'letter.css').read_text()}</style>"
    return [page.replace("</head>", f"{styles}</head>") for page in pages]
