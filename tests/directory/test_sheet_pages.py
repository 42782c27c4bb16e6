"""The page that takes the directory in by file, and the files it gives out."""

import io
import re
from collections.abc import Callable

from freezegun import freeze_time
from sqlalchemy import select
from werkzeug.test import TestResponse

from hub.accounts.models import Account
from hub.audit.models import Event
from hub.directory.models import Institution
from hub.directory.queries import by_code
from hub.extensions import db
from hub.sheets.reading import rows
from tests.conftest import Client
from tests.world import World

SignIn = Callable[[Account], Client]
GOOD = b"code;phone\n35.13;0335 421234\n35.14;\n"
FAULTY = b"code;phone;zone\n35.13;0335 421234;\n35.14;1;GMT\n"


def sent(browser: Client, content: bytes | None = None, do: str = "check", **typed: str) -> TestResponse:
    file = (io.BytesIO(content), "kontak <b>.csv") if content else (io.BytesIO(b""), "")
    return browser.post("/directory/import", data={"file": file, "do": do, **typed})


def kept(page: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)[1] for name in ("kept", "kept_name")}  # type: ignore[index]


def phone() -> str:
    db.session.expire_all()
    return by_code("35.13").phone


def test_a_file_is_checked_first_and_imported_without_choosing_it_again(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.administrator)
    page = sent(browser, GOOD)
    assert page.status_code == 200
    assert "0335 421234" in page.text
    assert "kontak &lt;b&gt;.csv" in page.text
    assert 'value="import"' in page.text
    assert phone() == ""
    answer = sent(browser, do="import", **kept(page.text))
    assert (answer.status_code, answer.location) == (302, "/directory")
    assert phone() == "0335 421234"
    event = db.session.scalars(select(Event).where(Event.stream == "institution:35.13")).one()
    assert event.actor_id == world.administrator.person_id


def test_faults_are_shown_the_file_stays_and_the_good_rows_can_go_in(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.administrator)
    checked = sent(browser, FAULTY)
    assert checked.status_code == 422
    assert "WIB, WITA" in checked.text
    assert 'value="partial"' in checked.text
    assert 'value="import"' not in checked.text
    refused = sent(browser, do="import", **kept(checked.text))
    assert (refused.status_code, phone()) == (422, "")
    partly = sent(browser, do="partial", **kept(refused.text))
    assert (partly.status_code, phone()) == (200, "0335 421234")
    assert "WIB, WITA" in partly.text


def test_a_file_that_changes_nothing_is_not_offered_for_import(world: World, signed_in_as: SignIn) -> None:
    page = sent(signed_in_as(world.administrator), b"code;phone\n35.13;\n")
    assert page.status_code == 200
    assert 'value="import"' not in page.text


def test_another_file_replaces_the_kept_one(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.administrator)
    old = kept(sent(browser, FAULTY).text)
    assert sent(browser, GOOD, do="import", **old).status_code == 302


def test_without_a_file_or_with_a_forged_one_the_page_asks_for_it(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.administrator)
    for typed in ({}, {"kept": "AAAA", "kept_name": "x"}, {"kept": "é"}):
        assert sent(browser, do="import", **typed).status_code == 422
    assert 'class="optional"' not in sent(browser).text


def test_a_file_that_is_no_table_is_told(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.administrator)
    for content in (b"\xff\xfe\x00\x01", b"PK\x03\x04", b"a;b\n1;2\n", b"code\n"):
        assert sent(browser, content).status_code == 422


def test_a_page_shows_so_many_rows_and_counts_the_rest(world: World, signed_in_as: SignIn) -> None:
    many = "code;name;kind;head_title;seat\n" + "".join(f"X-{n};N{n};other;K;S\n" for n in range(620))
    page = sent(signed_in_as(world.administrator), many.encode())
    assert page.status_code == 200
    assert page.text.count("<details") >= 500
    assert "120" in page.text


@freeze_time("2026-03-13T18:00:00Z")
def test_the_directory_is_taken_out_in_both_formats(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.administrator)
    for what, name in (("institutions", "instansi"), ("appointments", "pic")):
        for format_ in ("csv", "xlsx"):
            answer = browser.get(f"/directory/export?what={what}&format={format_}")
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}-2026-03-14.{format_}"'
            assert answer.headers["Cache-Control"] == "no-store"
            assert next(rows(answer.data))[1][0] == "code"
    assert browser.get("/directory/export").status_code == 200
    assert browser.get("/directory/export?what=persons").status_code == 404
    assert browser.get("/directory/export?format=exe").status_code == 404


def test_a_formula_in_the_directory_is_defused_on_its_way_out(world: World, signed_in_as: SignIn) -> None:
    db.session.get_one(Institution, world.regency.id).postal_address = '=HYPERLINK("http://jahat.example")'
    text = signed_in_as(world.administrator).get("/directory/export?format=csv").text
    assert "\"'=HYPERLINK(" in text


def test_only_administrators_take_the_directory_in_or_out(world: World, signed_in_as: SignIn) -> None:
    for account in (world.monitor, world.registrar, world.regency_pic):
        browser = signed_in_as(account)
        assert browser.get("/directory/import").status_code == 403
        assert browser.get("/directory/export").status_code == 403
        assert sent(browser, GOOD, do="import").status_code == 403
