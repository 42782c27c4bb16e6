"""Every door, tried from outside: another site's form, and somebody who has not signed in."""

from collections.abc import Callable, Iterator

from flask import Flask

from hub.webkit import access
from tests.conftest import Client
from tests.world import World

VALUES = {
    "id": "1",
    "person_id": "1",
    "network": "kemensetneg",
    "complaint_id": "1",
    "file_id": "1",
    "letter_id": "1",
    "scan_id": "1",
    "code": "35.13",
    "key": "respond",
    "purpose": "clarification",
    "owed": "answer",
    "kind": "final",
    "token": "1-x",
    "track": "email",
    "way": "up",
    "format": "xlsx",
}


def doors(app: Flask, method: str) -> Iterator[tuple[str, str]]:
    """Endpoint and an address of each route that answers to `method`."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()) and not rule.endpoint.endswith("static"):
                values = {name: VALUES[name] for name in rule.arguments}
                yield rule.endpoint, app.url_for(rule.endpoint, **values)


def test_no_form_of_another_site_gets_through(app: Flask, world: World, signed_in_as: Callable[..., Client]) -> None:
    """Public links have no session to misuse; there the browser's word on where the form came from counts."""
    app.config["WTF_CSRF_ENABLED"] = True
    browser = signed_in_as(world.registrar)
    for endpoint, address in doors(app, "POST"):
        answer = browser.post(address, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"})
        assert answer.status_code == (403 if endpoint.startswith("exchange.") else 400), endpoint


def test_without_signing_in_only_the_public_doors_open(app: Flask, client: Client) -> None:
    for method in ("GET", "POST"):
        for endpoint, address in doors(app, method):
            declared = access.declared(app, endpoint)
            if declared is None or declared.public:
                continue
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/sign-in"), endpoint


def test_a_forged_address_of_the_sender_of_a_request_is_believed_by_no_page(client: Client) -> None:
    page = client.get("/sign-in", headers={"Host": "elsewhere.example", "X-Forwarded-Host": "elsewhere.example"})
    assert "elsewhere.example" not in page.text + str(page.headers)
