"""What holds for each page, whoever opens it."""

import pytest
from flask import Flask, abort, render_template_string
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError

from hub.accounts.models import Account
from hub.extensions import db
from hub.webkit import access, headers, setup

PAGE = "{% extends 'layout.html' %}{% block title %}T{% endblock %}{% block content %}<h1>{{ text }}</h1>{% endblock %}"


def page(app: Flask, view, path="/try", **options):
    app.add_url_rule(path, "try", access.public(view), **options)


def test_health_is_open_to_all_and_asks_the_database(client):
    assert client.get("/health/live").json == {"status": "ok"}
    assert client.get("/health/ready").json == {"status": "ok"}


def test_route_that_declares_nothing_is_refused(app, client):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert client.get("/forgotten").status_code == 403


def test_page_that_only_looks_cannot_write(app, client, world):
    def view():
        account = db.session.scalars(select(Account)).first()
        account.locale = "en"
        db.session.flush()
        return ""

    page(app, view)
    with pytest.raises(DBAPIError):
        client.get("/try")
    db.session.expire_all()
    assert world.registrar.locale == "id"


def test_after_a_page_that_only_looks_one_can_write_again(app, client, world):
    client.get("/health/ready")
    world.registrar.locale = "en"
    db.session.commit()
    assert db.session.get(Account, world.registrar.id).locale == "en"


def test_what_a_view_forgets_to_commit_is_lost(app, client, world):
    id = world.registrar.id

    def view():
        db.session.get(Account, id).locale = "en"
        db.session.flush()
        return {}

    page(app, view, methods=["POST"])
    assert client.post("/try").status_code == 200
    db.session.expire_all()
    assert world.registrar.locale == "id"


def test_stranger_is_led_to_sign_in_and_back(app, client):
    app.add_url_rule("/private", "private", access.signed_in(lambda: "secret"))
    answer = client.get("/private?part=2")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/private?part%3D2"


@pytest.mark.parametrize("name", ["administrator", "registrar", "monitor", "regency_pic"])
def test_navigation_leads_only_where_this_person_may_go(app, signed_in_as, world, name):
    account = world.accounts[name]
    page(app, lambda: render_template_string(PAGE, text="x"))
    shown = signed_in_as(account).get("/try").text
    assert ('href="/complaints"' in shown) == account.may("register")
    assert ('href="/monitoring"' in shown) == account.may("monitor")
    assert account.person.name in shown


def test_warnings_stand_on_top_of_signed_in_pages(app, signed_in_as, world):
    setup.warn(app, lambda: ["Dua surat <menunggu>."])
    page(app, lambda: render_template_string(PAGE, text="x"))
    assert "Dua surat &lt;menunggu&gt;." in signed_in_as(world.monitor).get("/try").text


class TestErrors:
    @pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 413, 429, 503])
    def test_each_says_in_indonesian_what_to_do(self, app, client, code):
        page(app, lambda: abort(code, "inside story"))
        answer = client.get("/try")
        assert answer.status_code == code
        assert '<html lang="id">' in answer.text
        assert "inside story" not in answer.text
        assert 'href="/"' in answer.text

    def test_stale_form_is_explained(self, app, client):
        def view():
            raise CSRFError("The CSRF token is missing.")

        page(app, view)
        answer = client.get("/try")
        assert answer.status_code == 400
        assert "CSRF" not in answer.text
        assert "muat ulang halaman" in answer.text

    def test_crash_shows_a_reference_and_nothing_else(self, app, client):
        app.config["PROPAGATE_EXCEPTIONS"] = False
        page(app, lambda: 1 / 0)
        answer = client.get("/try")
        assert answer.status_code == 500
        assert "ZeroDivision" not in answer.text
        assert "Nomor rujukan untuk administrator" in answer.text

    def test_lost_database_still_leaves_a_page_to_read(self, app, signed_in_as, world):
        def lost(_: str) -> None:
            raise OperationalError("SELECT", {}, Exception("connection refused"))

        app.config["PROPAGATE_EXCEPTIONS"] = False
        browser = signed_in_as(world.monitor)
        app.login_manager.user_loader(lost)
        answer = browser.get("/")
        assert answer.status_code == 500
        assert "connection refused" not in answer.text
        assert "Terjadi gangguan" in answer.text

    def test_wait_time_is_kept(self, app, client):
        def view():
            from werkzeug.exceptions import TooManyRequests

            raise TooManyRequests(retry_after=900)

        page(app, view)
        assert client.get("/try").headers["Retry-After"] == "900"


class TestHeaders:
    def test_nothing_inline_and_nothing_from_elsewhere(self, client):
        policy = client.get("/health/live").headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy

    def test_pages_are_not_kept_but_fingerprinted_files_are(self, app, client):
        with app.test_request_context():
            address = setup.asset("hub.css")
        assert client.get("/health/live").headers["Cache-Control"] == "no-store"
        with client.get(address) as answer:
            assert "immutable" in answer.headers["Cache-Control"]

    def test_only_a_frameable_view_may_be_framed(self, app, client):
        page(app, headers.frameable(lambda: {"a": "letter"}))
        answer = client.get("/try")
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_https_stays_https(self, client):
        assert "Strict-Transport-Security" not in client.get("/health/live").headers
        answer = client.get("/health/live", base_url="https://localhost")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


class TestLanguage:
    def test_stranger_keeps_english_for_the_session(self, client):
        assert client.post("/language", data={"locale": "en", "next": "/nowhere"}).location == "/nowhere"
        assert '<html lang="en">' in client.get("/nowhere").text

    def test_account_keeps_it_for_good(self, client, signed_in_as, world):
        signed_in_as(world.monitor).post("/language", data={"locale": "en"})
        db.session.expire_all()
        assert world.monitor.locale == "en"
        assert '<html lang="en">' in signed_in_as(world.monitor).get("/nowhere").text

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
    def test_switch_never_leads_to_another_site(self, client, elsewhere):
        assert client.post("/language", data={"locale": "en", "next": elsewhere}).location == "/"

    def test_unknown_language_is_ignored(self, client):
        client.post("/language", data={"locale": "xx"})
        assert '<html lang="id">' in client.get("/nowhere").text
