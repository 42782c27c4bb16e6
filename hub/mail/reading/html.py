"""The text of an HTML mail, laid out as people see it; what is quoted begins with ">" as in plain mail. Pure."""

import re
from html import unescape
from html.parser import HTMLParser

LONGEST = 400_000
"""Characters of HTML that are looked at."""
MOST_BROKEN = 20
"""Tags and comments without an end that are shown as text; behind more of them nothing is read. Each costs a look at
all that follows."""
DEEPEST = 200
"""Open elements that are kept count of; deeper ones are read as if they stood in the last of these."""

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tr",
        "ul",
    ]
)
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"])
_UNSEEN = frozenset(["head", "style", "script", "title", "template", "svg"])
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_HISTORY = re.compile(
    r"gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|moz-cite-prefix|zmail_extra|protonmail_quote|gmail_extra"
    r"|OutlookMessageHeader|replyforward|reply-intro|mail-quote|mobile_reply",
    re.IGNORECASE,
)
HISTORY_BEGINS = "\x1e"
"""Stands where a mail program says that the text of earlier mails begins."""


def text_of(html: str) -> str:
    """Plain text with a line for each line people see."""
    reader = _Reader()
    reader.feed(html[:LONGEST])
    for _ in range(MOST_BROKEN):
        if not reader.rawdata.startswith("<"):
            reader.close()
            break
        reader.pass_over()
    lines = [line.strip(" ") for line in "".join(reader.found).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.unseen = 0
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if _HISTORY.search(f"{known.get('class') or ''} {known.get('id') or ''}"):
            self._new_line()
            self._add(HISTORY_BEGINS)
        if tag == "br":
            self._add("\n")
        elif tag == "hr":
            self._new_line()
            self._add("________________________________\n")
        elif tag in _BLOCKS:
            self._new_line(blank=tag in _SPACED)
        elif tag in ("td", "th"):
            self._add(" ")
        if tag in _VOID or len(self.open) >= DEEPEST:
            return
        self.unseen += tag in _UNSEEN
        self.preformatted += tag == "pre"
        self.open.append((tag, tag == "blockquote"))

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self.open):
            return
        while self.open:
            name, _ = self.open.pop()
            self.unseen -= name in _UNSEEN
            self.preformatted -= name == "pre"
            if name in _BLOCKS:
                self._new_line(blank=name in _SPACED)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.unseen:
            return
        text = data if self.preformatted else re.sub(r"[ \t\r\n\f]+", " ", data)
        text = text.replace("\xa0", " ")
        if not self.preformatted and (not self.found or self.found[-1].endswith("\n")):
            text = text.lstrip(" ")
        if text:
            self._add(text)

    def pass_over(self) -> None:
        """What was not read begins with a tag or comment that has no end: it is text, and reading goes on behind it."""
        rest, self.rawdata = self.rawdata, ""
        end = rest.find(">") + 1 or rest.find("<", 1)
        end = end if end > 0 else len(rest)
        self.handle_data(unescape(rest[:end]))
        self.feed(rest[end:])

    def _new_line(self, blank: bool = False) -> None:
        """Begin a line unless one has just begun; `blank` leaves an empty one before it."""
        written = "".join(one[-2:] for one in self.found[-3:])
        if not written:
            return
        if not written.endswith("\n"):
            self.found.append("\n")
            written += "\n"
        if blank and not written.endswith("\n\n"):
            self.found.append("\n")

    def _add(self, text: str) -> None:
        quoted = sum(is_quote for _, is_quote in self.open)
        if quoted and text.strip("\n") and (not self.found or self.found[-1].endswith("\n")):
            self.found.append("> " * quoted)
        self.found.append(text)
