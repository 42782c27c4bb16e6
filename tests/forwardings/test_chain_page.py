"""A chain seen as one line: who holds it, who sees what of it, and at which cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from itertools import count, cycle
from time import perf_counter

import pytest
from freezegun import freeze_time
from sqlalchemy import insert, select

from hub import clock
from hub.audit.rules import SYSTEM
from hub.audit.service import record
from hub.desk import queries as desk
from hub.directory.models import Institution
from hub.directory.queries import by_code
from hub.extensions import db
from hub.forwardings import service
from hub.forwardings.chain import queries
from hub.forwardings.chain import service as chain
from hub.forwardings.models import Deadline, Forwarding
from hub.forwardings.rules import Happening, Stage
from hub.letters.models import Letter
from hub.post import queries as post
from hub.workdays.rules import Unit
from tests.chains import FRIDAY, answered, asked, passed_on, received, sent, somebody_at, with_receiver
from tests.conftest import Client
from tests.story import Story
from tests.world import World

SignIn = Callable[..., Client]
Counting = Callable[[], AbstractContextManager[list[str]]]
_NUMBERS = count(1)


@pytest.fixture
def parent(story: Story, world: World) -> Forwarding:
    with freeze_time(FRIDAY):
        return received(story, world)


def card(page: str) -> str:
    """The part of the page that tells of the chain; empty where there is none."""
    return page.partition('id="chain"')[2].partition("</section>")[0]


def test_the_sender_of_the_first_letter_sees_one_line_and_who_holds_it(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    province = world.province_pic.person
    with freeze_time("2026-03-16T02:00:00Z"):
        child = with_receiver(parent, world.regency, province)
    with freeze_time("2026-03-27T02:00:00Z"):
        monitor = signed_in_as(world.monitor)
        page = card(monitor.get(f"/forwardings/{parent.id}").text)
        assert "Kini:" in page
        assert "<strong>Inspektorat Kabupaten Probolinggo</strong>" in page
        assert "0 dari 1 sudah dijawab" in page
        shares = page.partition("Berapa lama")[2]
        assert [shares.count(words) for words in ("4 hari kerja", "1 hari kerja")] == [1, 1]
        assert f'href="/forwardings/{child.id}"' not in monitor.get("/forwardings").text
        assert f'href="/forwardings/{child.id}"' not in monitor.get("/").text
        assert f'href="/forwardings/{child.id}"' in monitor.get(f"/forwardings?q={child.letter.number}").text
        assert f'href="/forwardings/{child.id}"' not in monitor.get("/forwardings?q=Jalan").text
        for account in (world.province_pic, world.regency_pic):
            assert f'href="/forwardings/{child.id}"' in signed_in_as(account).get("/forwardings").text
        assert "2 kasus" in monitor.get("/monitoring").text or len(desk.cases()) == 2


def test_who_sees_which_letter_of_a_chain(parent: Forwarding, world: World, signed_in_as: SignIn) -> None:
    """The offices of each letter, and who watches the network; a summary is all that the others get."""
    province = world.province_pic.person
    with freeze_time(FRIDAY):
        child = with_receiver(parent, world.regency, province)
        grandchild = with_receiver(child, world.unstaffed, world.regency_pic.person, date(2026, 4, 6))
        draft = passed_on(parent, by_code("35.15"), province)
    reached = {
        name: tuple(
            signed_in_as(account).get(f"/forwardings/{one.id}").status_code == 200
            for one in (parent, child, grandchild, draft)
        )
        for name, account in world.accounts.items()
    }
    assert reached == {
        "registrar": (True, False, False, False),
        "signatory": (True, False, False, False),
        "monitor": (True, True, True, True),
        "administrator": (False, False, False, False),
        "ombudsman_monitor": (False, False, False, False),
        "ombudsman_registrar": (False, False, False, False),
        "ombudsman_signatory": (False, False, False, False),
        "regency_pic": (False, True, True, False),
        "province_pic": (True, True, False, True),
        "other_pic": (False, False, False, False),
    }
    page = card(signed_in_as(world.registrar).get(f"/forwardings/{parent.id}").text)
    assert "Inspektorat Kabupaten Probolinggo" in page
    assert f'href="/forwardings/{child.id}"' not in page
    assert "Sidoarjo" not in page  # nobody hears of a draft
    assert "Sidoarjo" in card(signed_in_as(world.province_pic).get(f"/forwardings/{parent.id}").text)


def test_what_others_at_its_side_do_is_not_shown(parent: Forwarding, world: World, signed_in_as: SignIn) -> None:
    with freeze_time(FRIDAY):
        child = with_receiver(parent, world.regency, world.province_pic.person)
        with_receiver(parent, world.unstaffed, world.province_pic.person)
    page = card(signed_in_as(world.regency_pic).get(f"/forwardings/{child.id}").text)
    assert "Inspektorat Provinsi Jawa Timur" in page
    assert world.unstaffed.name not in page
    assert "sudah dijawab" not in page


def test_a_pic_of_the_other_network_does_not_see_what_the_own_office_passes_on(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    from hub.directory.models import Network

    with freeze_time(FRIDAY):
        child = with_receiver(parent, world.regency, world.province_pic.person)
    [term] = world.province_pic.person.appointments
    term.network = Network.OMBUDSMAN
    browser = signed_in_as(world.province_pic)
    assert browser.get(f"/forwardings/{child.id}").status_code == 404
    assert str(child.letter.number) not in browser.get("/forwardings").text


def test_when_the_letter_above_ends_the_one_below_is_to_be_taken_back(
    story: Story, parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    with freeze_time(FRIDAY):
        child = with_receiver(parent, world.regency, world.province_pic.person)
        service.withdraw(parent, world.registrar.person, "Pengaduan dicabut.")
        db.session.commit()
        browser = signed_in_as(world.province_pic)
        home = browser.get("/").text
        assert "Perlu ditarik: surat di atasnya sudah berakhir" in home
        assert f'href="/forwardings/{child.id}"' in home
        for one in (parent, child):
            assert "tariklah" in card(browser.get(f"/forwardings/{one.id}").text)
        assert f"/forwardings/{child.id}/withdraw" in card(browser.get(f"/forwardings/{parent.id}").text)
        first_button = f'class="btn btn-primary" href="/forwardings/{child.id}/withdraw"'
        assert first_button in browser.get(f"/forwardings/{child.id}").text
        assert "tariklah" not in card(signed_in_as(world.monitor).get(f"/forwardings/{parent.id}").text)
        assert child.stage is Stage.ACKNOWLEDGED  # it is the letter of the office between: nothing happens by itself
        service.withdraw(child, world.province_pic.person, "Tidak diperlukan lagi.")
        assert "Perlu ditarik" not in browser.get("/").text


def test_the_post_of_a_letter_that_was_passed_on_needs_the_mail_room_of_that_office(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    province = world.province_pic.person
    with freeze_time(FRIDAY):
        child = sent(chain.pass_on(parent, replace(asked(world.regency), by_post=True), province), province)
        [envelope] = post.of(child.stream)
        for account in (world.province_pic, world.regency_pic):
            browser = signed_in_as(account)
            assert f'href="/post/{envelope.id}"' not in browser.get(f"/forwardings/{child.id}").text
            assert browser.get(f"/post/{envelope.id}").status_code == 403


def test_the_office_between_reads_how_many_have_answered(
    parent: Forwarding, world: World, signed_in_as: SignIn
) -> None:
    province = world.province_pic.person
    with freeze_time(FRIDAY):
        for office in (world.regency, world.unstaffed):
            child = with_receiver(parent, office, province)
        answered(child, somebody_at(world.unstaffed))
        assert "1 dari 2 di bawah sudah menjawab" in signed_in_as(world.province_pic).get("/").text
        assert queries.progress_of([parent.id]) == {parent.id: queries.Progress(1, 2)}


def grow(parent: Forwarding, widths: tuple[int, ...]) -> int:
    """Letters below, written straight into the tables: so many below each on the next level. Returns how many."""
    offices = cycle(db.session.scalars(select(Institution).where(Institution.code.like("%.%")).limit(400)).all())
    columns = {
        name: value for name, value in vars(parent.letter).items() if name in Letter.__table__.c and name != "id"
    }
    level, added = [parent], 0
    for width in widths:
        following = []
        for above in level:
            for _ in range(width):
                added, number = added + 1, next(_NUMBERS)
                letter = {**columns, "number": f"700/{number}", "number_key": f"700/{number}", "running": None}
                letter["verification_code"] = f"K{number:08}"
                letter_id = db.session.execute(insert(Letter).values(letter)).inserted_primary_key[0]
                child = Forwarding(
                    **{
                        name: getattr(parent, name)
                        for name in ("complaint_id", "network", "purpose", "response_class", "by_email", "by_post")
                    },
                    sender_id=above.recipient_id,
                    recipient_id=next(offices).id,
                    letter_id=letter_id,
                    stage=Stage.ACKNOWLEDGED,
                    stage_since=clock.now(),
                    created_at=clock.now(),
                    created_by_id=parent.created_by_id,
                    parent_id=above.id,
                    root_id=parent.id,
                    answer_by=date(2026, 4, 1),
                )
                db.session.add(child)
                db.session.flush()
                db.session.add(
                    Deadline(
                        forwarding_id=child.id,
                        clock=child.response_clock,
                        started_on=date(2026, 3, 13),
                        amount=10,
                        unit=Unit.WORKING_DAYS,
                        due_on=date(2026, 4, 1),
                        calendar_version=1,
                        is_agreed=True,
                    )
                )
                for happening in (Happening.DRAFTED, Happening.SUBMITTED, Happening.SIGNED, Happening.DISPATCHED):
                    record(child.stream, happening, SYSTEM)
                record(child.stream, Happening.ACKNOWLEDGED, SYSTEM, {"proof": 1})
                following.append(child)
        level = following
    db.session.commit()
    return added


def test_a_chain_of_four_levels_and_200_letters_costs_as_much_as_one_of_three(
    parent: Forwarding, world: World, signed_in_as: SignIn, count_queries: Counting
) -> None:
    with freeze_time(FRIDAY):
        with_receiver(parent, world.regency, world.province_pic.person)
    address = f"/forwardings/{parent.id}"
    with freeze_time("2026-03-16T02:00:00Z"):
        monitor = signed_in_as(world.monitor)
        grow(parent, (1, 1, 1))
        with count_queries() as few:
            assert "5 surat dalam rantai ini" in monitor.get(address).text
        added = grow(parent, (8, 8, 2))
        with count_queries() as many:
            page = monitor.get(address)
    assert added == 200
    assert "205 surat dalam rantai ini" in page.text
    assert page.text.count('class="chain-line') == 205
    assert len(many) == len(few)
    queries.chain_of(world.monitor, parent)
    with freeze_time("2026-03-16T02:00:00Z"), count_queries() as statements:
        begun = perf_counter()
        found = queries.chain_of(world.monitor, parent)
        assert perf_counter() - begun < 1
    assert (found.size, len(found.above)) == (205, 0)
    assert len(statements) == 3, "\n".join(statements)  # letters, events, running dates; the calendar is known already
