"""PDF from HTML. Slow to import (1-2 s) and to run: only the worker does, and imports it when it must."""

import io
import logging
import os
import warnings
from functools import cache

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from hub.letters.document import STYLES

FONT = "Liberation Sans"
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # fontTools dates the emoji font it cuts down: never the same bytes
logging.getLogger("fontTools").setLevel(logging.WARNING)


class CannotPrint(Exception):
    """The page cannot become the PDF it should be. The message says why."""


class BundledFiles(URLFetcher):
    """Serves the hub's own style sheets and nothing else: no letter makes the worker fetch an address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("bundled",), fail_on_errors=True)

    def fetch(self, url: str, _headers: dict[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix("bundled:")
        file = (STYLES / name).resolve()
        if name == url or file.parent != STYLES or not file.is_file():
            raise ValueError(f"a letter uses only files that come with the hub, not {url[:200]}")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "text/css"})


@cache
def _press() -> tuple[FontConfiguration, CSS]:
    """Fonts and parsed styles, shared by every page of this process: parsing them costs a good part of a letter."""
    fonts = FontConfiguration()
    return fonts, CSS(STYLES / "letter.css", font_config=fonts, url_fetcher=BundledFiles())


def render(html: str, identifier: str) -> bytes:
    """PDF/A-3u of the page: the same page and identifier give the same bytes. Raises CannotPrint."""
    fonts, styles = _press()
    out = io.BytesIO()
    try:
        document = HTML(string=html, base_url="bundled:", url_fetcher=BundledFiles()).render(
            stylesheets=[styles], font_config=fonts, pdf_variant="pdf/a-3u"
        )
        with warnings.catch_warnings(category=ResourceWarning, action="ignore"):  # its colour profile is left open
            document.write_pdf(out, pdf_variant="pdf/a-3u", pdf_identifier=identifier.encode())
    except FatalURLFetchingError as error:
        raise CannotPrint(str(error.__cause__ or error)) from error
    if FONT not in {font.family for font in document.fonts.values()}:
        raise CannotPrint(f"The font {FONT} is missing on this machine. Install the package fonts-liberation2.")
    return out.getvalue()
