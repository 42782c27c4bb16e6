"""PDF from HTML. Slow to import (1-2 s) and to run: only the worker does, and imports it when it must."""

import gc
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from xml.etree import ElementTree as ET

import pydyf
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from hub.letters import pictures, shortcuts
from hub.letters.document import STYLES
from hub.letters.readiness import FONT

ATTACHED = "hub-reference.json"
"""Name of the file within the PDF that says, for machines, which letter it is."""
_VARIANT = "pdf/a-3u"
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # fontTools dates the emoji font it cuts down: never the same bytes
logging.getLogger("fontTools").setLevel(logging.WARNING)
shortcuts.take()


class CannotPrint(Exception):
    """The page cannot become the PDF it should be. The message says why."""


class BundledFiles(URLFetcher):
    """Serves the hub's own style sheets and pictures within the page: no letter makes the worker fetch an address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("bundled", "data"), fail_on_errors=True)

    def fetch(self, url: str, _headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            kind, content = pictures.read(url)
            return URLFetcherResponse(url, content, {"Content-Type": kind})
        name = url.removeprefix("bundled:")
        file = (STYLES / name).resolve()
        if name == url or file.parent != STYLES or not file.is_file():
            raise ValueError(f"a letter uses only files that come with the hub, not {url[:200]}")
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "text/css"})


class Page(HTML):
    """One of our pages. They are XML as well, which is read in a twentieth of the time; any other is read as HTML.

    It knows only the elements that letters are made of: matching each with a browser's whole sheet took a tenth.
    """

    def __init__(self, page: str, elements: CSS, files: URLFetcher) -> None:
        self._elements = elements
        try:
            root = ET.fromstring(page)  # noqa: S314  # made by our templates, which let no markup in
        except ET.ParseError:
            super().__init__(string=page, base_url="bundled:", url_fetcher=files)
            return
        self.base_url, self.url_fetcher, self.media_type = "bundled:", files, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002  # as the library calls it
        return [self._elements]


@cache
def _press() -> tuple[FontConfiguration, CSS, CSS, BundledFiles]:
    """Fonts and parsed styles, shared by every page of this process: parsing them costs a good part of a letter."""
    fonts, files = FontConfiguration(), BundledFiles()
    elements, styles = (CSS(STYLES / name, font_config=fonts) for name in ("elements.css", "letter.css"))
    return fonts, elements, styles, files


def render(html: str, identifier: str, attached: bytes | None = None) -> bytes:
    """Tagged PDF/A-3u of the page: the same page, identifier and attached file give the same bytes.

    `attached`: JSON that goes along as `hub-reference.json`. Raises CannotPrint.
    """
    with _undisturbed():
        return _printed(html, identifier, attached)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No search for garbage while a page is laid out; what it leaves is cleared away once, at the end.

    Nearly all that a letter makes lives until it is done. Ten searches among it, and at times one among all that the
    worker has loaded, took a tenth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if was_enabled:
            gc.enable()


def _printed(html: str, identifier: str, attached: bytes | None) -> bytes:
    fonts, elements, styles, files = _press()
    images: dict[str, object] = {}
    try:
        document = Page(html, elements, files).render(
            stylesheets=[styles], font_config=fonts, pdf_variant=_VARIANT, cache=images
        )
        if None in images.values():
            raise CannotPrint("A picture in the letter is damaged. Upload the emblem again.")
        with warnings.catch_warnings(category=ResourceWarning, action="ignore"):  # its colour profile is left open
            content: bytes = document.write_pdf(
                pdf_variant=_VARIANT,
                pdf_tags=True,
                pdf_identifier=identifier.encode(),
                attachments=[_attachment(attached, document)] if attached else None,
                finisher=_pack_once,
            )
    except FatalURLFetchingError as error:
        raise CannotPrint(str(error.__cause__ or error)) from error
    if FONT not in {font.family for font in document.fonts.values()}:
        raise CannotPrint(f"The font {FONT} is missing on this machine. Install the package fonts-liberation2.")
    return content


def _attachment(content: bytes, document: Document) -> Attachment:
    """As old as the page says it is; without a date of its own it would carry the time of printing."""
    created = document.metadata.created
    moment = datetime.fromisoformat(created) if created else datetime.fromtimestamp(0, UTC)
    return Attachment(
        string=content,
        name=ATTACHED,
        description="Identitas surat ini di hub",
        created=moment,
        modified=moment,
        relationship="Data",
    )


class _Packed(pydyf.Object):
    """A stream, packed for good."""

    compressible = False
    data = b""

    def __init__(self, stream: pydyf.Stream) -> None:
        self.__dict__.update(vars(stream), data=stream.data)


def _pack_once(_document: Document, pdf: pydyf.PDF) -> None:
    """Left to itself, the library packs every stream twice: to write it, and for the hash that names the file.

    It also lists an attached file twice.
    """
    pdf.objects[:] = [_Packed(one) if isinstance(one, pydyf.Stream) else one for one in pdf.objects]
    if files := pdf.catalog.get("AF"):
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(files))
