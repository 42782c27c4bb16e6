"""What every page must keep, whatever it shows: valid, labelled, and nothing fetched or run from elsewhere."""

import re
from collections import Counter
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

_FETCHES = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
_UNLABELLED_KINDS = ("hidden", "submit", "button", "image", "reset")


def check(response: TestResponse) -> None:
    """Fail with every fault of the page at once. Redirects and files are no pages."""
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        found = faults(response.text, response.headers.get("Content-Security-Policy", ""))
        assert not found, f"{response.request.path}: " + "; ".join(found)


@lru_cache(maxsize=500)
def faults(html: str, policy: str) -> tuple[str, ...]:
    """Each fault of a page as one short sentence."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    return (
        *(f"invalid HTML at {place}: {code} {dict(details)}" for place, code, details in parser.errors),
        *_structure(elements),
        *_labels(elements),
        *_inline(elements),
        *_foreign(elements),
        *_policy(policy),
    )


def _structure(elements: list[Element]) -> list[str]:
    headings = sum(element.tag == "h1" for element in elements)
    title = next((element for element in elements if element.tag == "title"), None)
    language = next((element.get("lang") for element in elements if element.tag == "html"), None)
    ids = Counter(element.get("id") for element in elements if element.get("id") is not None)
    found = [] if headings == 1 else [f"{headings} h1 headings instead of one"]
    found += [] if title is not None and (title.text or "").strip() else ["no title"]
    found += [] if language in ("id", "en") else ["no language"]
    return found + [f"id {id!r} used {times} times" for id, times in ids.items() if times > 1]


def _labels(elements: list[Element]) -> list[str]:
    named = {label.get("for") for label in elements if label.tag == "label"}
    ids = {element.get("id") for element in elements}
    wrapped = {child for label in elements if label.tag == "label" for child in label.iter()}
    controls = [
        element
        for element in elements
        if element.tag in ("input", "select", "textarea") and element.get("type") not in _UNLABELLED_KINDS
    ]
    found = [
        f"no label for {control.tag} {control.get('name')!r}"
        for control in controls
        if not (control.get("aria-label") or control.get("id") in named or control in wrapped)
    ]
    found += [f"label for missing {target!r}" for target in named if target is not None and target not in ids]
    buttons = [element for element in elements if element.tag in ("button", "a")]
    return found + [f"{one.tag} without a name: {one.attrib}" for one in buttons if not _has_name(one)]


def _has_name(element: Element) -> bool:
    pictured = any(child.get("alt") or child.get("aria-label") for child in element.iter())
    return pictured or bool("".join(element.itertext()).strip()) or "href" not in element.attrib and element.tag == "a"


def _inline(elements: list[Element]) -> list[str]:
    found = [f"inline {element.tag}" for element in elements if element.tag == "style"]
    found += ["inline script" for element in elements if element.tag == "script" and not element.get("src")]
    return found + [
        f"attribute {name} on {element.tag}"
        for element in elements
        for name in element.attrib
        if name == "style" or re.match(r"on[a-z]", name)
    ]


def _foreign(elements: list[Element]) -> list[str]:
    addresses = [
        (element.tag, element.get(_FETCHES[element.tag], "")) for element in elements if element.tag in _FETCHES
    ]
    return [f"{tag} from elsewhere: {address}" for tag, address in addresses if re.match(r"([a-z]+:)?//", address)]


def _policy(policy: str) -> list[str]:
    if not policy:
        return ["no Content-Security-Policy"]
    return ["Content-Security-Policy allows 'unsafe-…'"] if "unsafe-" in policy else []
