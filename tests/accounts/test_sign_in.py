"""The front door: who gets in, who does not, and what is remembered of it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from freezegun import freeze_time
from sqlalchemy import func, select

from hub import clock
from hub.accounts import service
from hub.accounts.models import SignInAttempt
from hub.accounts.rules import Role
from hub.accounts.service import TooManyAttempts, WeakPassword, authenticate
from hub.audit import queries as audit
from hub.extensions import db
from tests.world import PASSWORD, World

ADDRESS = "regency.pic@kantor.example"


def sign_in(client, password: str = PASSWORD, email: str = ADDRESS, to: str = ""):
    return client.post("/sign-in", query_string={"next": to} if to else {}, data={"email": email, "password": password})


def kinds(world: World) -> list[str]:
    db.session.rollback()
    return [event.kind for event in audit.of_stream(world.regency_pic.stream)]


def test_the_right_password_opens_and_is_recorded(client, world: World) -> None:
    response = sign_in(client, to="/directory?q=probolinggo")
    assert (response.status_code, response.location) == (302, "/directory?q=probolinggo")
    assert client.get("/account/password").status_code == 200
    assert kinds(world) == ["signed_in"]


def test_the_address_may_be_typed_in_any_case_and_with_spaces(client, world: World) -> None:
    assert sign_in(client, email=f"  {ADDRESS.upper()} ").status_code == 302


@pytest.mark.parametrize("email", [ADDRESS, "nobody@kantor.example"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(client, world: World, email: str) -> None:
    response = sign_in(client, "wrong", email)
    assert response.status_code == 422
    assert re.findall('role="alert".*?</li>', response.text, re.DOTALL) == re.findall(
        'role="alert".*?</li>', sign_in(client, "wrong", "other@kantor.example").text, re.DOTALL
    )
    assert f'value="{email}"' in response.text
    assert client.get("/account/password").status_code == 302


def test_failures_are_recorded_without_the_address(client, world: World) -> None:
    sign_in(client, "wrong")
    assert kinds(world) == ["sign_in_failed"]
    assert ADDRESS not in (db.session.scalar(select(SignInAttempt.email_digest)) or "")


@pytest.mark.parametrize("email", [ADDRESS, "nobody@kantor.example"])
def test_five_failures_close_the_door_for_fifteen_minutes_even_for_the_right_password(
    client, world: World, email: str
) -> None:
    for _ in range(5):
        sign_in(client, "wrong", email)
    response = sign_in(client, PASSWORD, email)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    with freeze_time(clock.now() + timedelta(minutes=16)):
        assert sign_in(client, "wrong", email).status_code == 422


def test_failures_for_one_address_do_not_close_another(client, world: World) -> None:
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, email="monitor@kantor.example").status_code == 302


def test_a_success_forgets_the_failures_before_it(client, world: World) -> None:
    for _ in range(4):
        sign_in(client, "wrong")
    sign_in(client)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_a_disabled_account_stays_outside_and_its_session_ends(client, signed_in_as, world: World) -> None:
    browser = signed_in_as(world.regency_pic)
    assert browser.get("/account/password").status_code == 200
    world.regency_pic.is_enabled = False
    assert browser.get("/account/password").status_code == 302
    assert sign_in(client).status_code == 422


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil"],
)
def test_sign_in_never_leads_to_another_site(client, world: World, elsewhere: str) -> None:
    assert sign_in(client, to=elsewhere).location == "/"


def test_signing_in_replaces_the_session(client, world: World) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_session_copied_to_another_browser_is_not_believed(client, world: World) -> None:
    sign_in(client)
    assert client.get("/account/password", headers={"User-Agent": "another browser"}).status_code == 302


def test_signing_out_ends_the_session_and_is_recorded(client, world: World) -> None:
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    assert client.get("/account/password").status_code == 302
    assert kinds(world) == ["signed_in", "signed_out"]


def test_a_changed_password_ends_every_other_session(signed_in_as, world: World) -> None:
    here, elsewhere = signed_in_as(world.regency_pic), signed_in_as(world.regency_pic)
    new = "angin lalu di atas sawah"
    response = here.post("/account/password", data={"current": PASSWORD, "new": new, "again": new})
    assert response.status_code == 302
    assert here.get("/account/password").status_code == 200
    assert elsewhere.get("/account/password").status_code == 302
    assert kinds(world) == ["password_changed"]


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [("wrong", "angin lalu di atas sawah", None), (PASSWORD, "pendek", None), (PASSWORD, "angin lalu", "angin")],
)
def test_a_password_is_not_changed_by_mistake(signed_in_as, world: World, current, new, again) -> None:
    data = {"current": current, "new": new, "again": again or new}
    assert signed_in_as(world.regency_pic).post("/account/password", data=data).status_code == 422
    assert authenticate(ADDRESS, PASSWORD) is not None


def test_an_account_is_loaded_in_one_query_with_its_roles(world: World, count_queries) -> None:
    id = world.administrator.get_id()
    db.session.expunge_all()
    with count_queries() as statements:
        account = service.load_account(id)
        assert account is not None
        assert account.may("administer")
        assert account.institution.code == "KSN-DUMAS"
    assert len(statements) == 1


@pytest.mark.parametrize("id", ["", "x", "1", "999999.abc", "²", "1.", "-1"])
def test_a_mangled_session_is_nobody(app: Flask, id: str) -> None:
    assert service.load_account(id) is None


def test_passwords_are_kept_as_argon2id_of_the_chosen_strength(world: World) -> None:
    service.set_password(world.regency_pic, "angin lalu di atas sawah", service.SYSTEM)
    assert world.regency_pic.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("password", ["", "pendek", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_weak_password_makes_no_account(world: World, password: str) -> None:
    with pytest.raises(WeakPassword):
        service.create_account(world.regency_pic.person, password, [Role.MONITOR])


def test_a_closed_door_does_not_even_look_at_the_password(world: World) -> None:
    for _ in range(5):
        authenticate(ADDRESS, "wrong")
    with pytest.raises(TooManyAttempts):
        authenticate(ADDRESS, PASSWORD)
