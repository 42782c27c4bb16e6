"""Requests that no browser sends by itself get a plain refusal, never a crash."""

from collections.abc import Callable

import pytest

from tests.conftest import Client
from tests.world import World

HUGE = "9" * 30


@pytest.mark.parametrize("address", ["//[", "/\t/[", "https://[", "//elsewhere.example", "/\\elsewhere.example"])
def test_a_mangled_destination_leads_nowhere_else(client: Client, address: str) -> None:
    assert client.get("/sign-in", query_string={"next": address}).status_code == 200
    answer = client.post("/language", data={"locale": "en", "next": address})
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("address", ["/v/%00", "/v/?code=%00", "/sign-in?next=%00", "/a/1-%00"])
def test_nobody_gets_a_nul_past_the_door(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_nul_in_a_form_never_meets_the_database(client: Client) -> None:
    assert client.post("/sign-in", data={"email": "a\0@kantor.example", "password": "x\0"}).status_code == 422


@pytest.mark.parametrize("id", ["999999999999999999", HUGE])
def test_a_token_for_a_row_that_cannot_be_is_an_unknown_token(client: Client, id: str) -> None:
    assert client.get(f"/a/{id}-abc").status_code == 404


@pytest.mark.parametrize("id", [str(2**31), str(2**63), HUGE])
def test_a_number_too_large_for_a_key_is_no_address(world: World, signed_in_as: Callable[..., Client], id: str) -> None:
    browser = signed_in_as(world.registrar)
    for address in ("/complaints/{}", "/forwardings/{}", "/post/{}", "/responses/{0}/files/{0}"):
        assert browser.get(address.format(id)).status_code == 404
    for address in ("/complaints", "/forwardings", "/post"):
        assert browser.get(address, query_string={"after": id}).status_code == 200
