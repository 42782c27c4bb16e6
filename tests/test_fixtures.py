"""The ground the other tests stand on."""

import pytest

from hub.directory.models import Person
from hub.extensions import db
from tests import pages

PAGE = "<!DOCTYPE html><html lang='id'><head><title>T</title></head><body><h1>H</h1>{}</body></html>"


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_the_database_as_it_was_seeded(world, turn):
    assert world.registrar.person.name == "Laksmi Paramastri"
    world.registrar.person.name = "Changed"
    db.session.add(Person(institution=world.unstaffed, name="New", email="new@kantor.example"))
    db.session.commit()


def test_queries_are_counted(world, signed_in_as, count_queries):
    browser = signed_in_as(world.registrar)
    with count_queries() as statements:
        assert browser.get("/nowhere").status_code == 404
    assert all(statement.startswith("SELECT") for statement in statements)


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<h1>Again</h1>", "2 h1 headings"),
        ("<p id=a></p><p id=a></p>", "id 'a' used 2 times"),
        ("<input name=x>", "no label for input 'x'"),
        ("<p style='color:red'>", "attribute style on p"),
        ("<a href='/' onclick='x()'>x</a>", "attribute onclick on a"),
        ("<script>1</script>", "inline script"),
        ("<script src='//elsewhere.example/x.js'></script>", "script from elsewhere"),
        ("<a href='/'><i></i></a>", "a without a name"),
        ("<p></div>", "invalid HTML"),
    ],
)
def test_the_page_check_sees_a_fault(markup, fault):
    assert fault in "; ".join(pages.faults(PAGE.format(markup), "default-src 'self'"))


def test_the_page_check_accepts_a_sound_page():
    form = "<form><label for=a>A</label><input id=a name=a><label>B <input name=b></label><button>Go</button></form>"
    assert pages.faults(PAGE.format(form), "default-src 'self'") == ()
