"""A replaced address is told to whoever read the old one, so that no change stays unseen."""

import pytest

from hub import clock
from hub.audit.rules import SYSTEM
from hub.audit.rules import person as by_person
from hub.directory import service as directory
from hub.directory.models import AddressChange, FaultKind
from hub.extensions import db
from hub.mail import queries as mails
from hub.upkeep import address_changes

pytestmark = pytest.mark.usefixtures("evening")

OLD, NEW, OFFICE = "regency.pic@kantor.example", "rina.baru@kantor.example", "35-13@kantor.example"


@pytest.fixture
def replace(world):
    """Give the PIC of 35.13 another address, as the administrator does it."""

    def change(new: str = NEW) -> None:
        administrator = by_person(world.administrator.person_id)
        directory.change_person(world.regency_pic.person, {"email": new}, administrator)
        db.session.commit()

    return change


def told(smtp) -> list[str]:
    return sorted(mail.recipients[0] for mail in smtp.received)


def test_the_old_address_and_the_office_mailbox_are_told_what_changed(replace, world, work, smtp):
    directory.change_office(world.ksn, {"phone": "(021) 5550001"}, SYSTEM)
    replace()
    assert work()["upkeep"]["told"] == 1
    work()
    assert told(smtp) == [OFFICE, OLD]
    for mail in smtp.received:
        assert "Rina Maheswari, Inspektorat Kabupaten Probolinggo" in mail.text
        assert "r***@kantor.example" in mail.text
        assert NEW not in mail.raw.decode()
        assert "oleh Kementerian Sekretariat Negara, Asisten Deputi Pengaduan Masyarakat" in mail.text
        assert "Bila ini keliru, segera beri tahu" in mail.text
        assert "(021) 5550001" in mail.text
        assert f"{clock.today('WIB').year} pukul" in mail.text
        assert len(mail.text.split()) < 120


def test_a_change_is_told_once(replace, work, smtp):
    replace()
    for _ in range(3):
        work()
    assert told(smtp) == [OFFICE, OLD]


def test_a_new_mailbox_of_an_office_is_told_to_the_old_and_the_new_one(world, work, smtp):
    directory.change_office(world.regency, {"email": "baru@kantor.example"}, by_person(world.administrator.person_id))
    work()
    work()
    assert told(smtp) == [OFFICE, "baru@kantor.example"]


def test_a_mailbox_that_was_removed_is_told(world, work, smtp):
    directory.change_office(world.regency, {"email": ""}, SYSTEM)
    work()
    work()
    assert told(smtp) == [OFFICE]
    assert "dihapus" in smtp.received[0].text


def test_an_address_known_to_be_dead_is_not_written_to_again(replace, world, work, smtp):
    person = world.regency_pic.person
    directory.mark_fault(world.regency, person, FaultKind.BOUNCED, OLD, "550 no such user", "email:1", clock.now())
    replace()
    work()
    work()
    assert told(smtp) == [OFFICE]


def test_who_now_reads_the_office_mailbox_is_not_told_there_of_the_own_change(replace, work, smtp):
    replace(OFFICE)
    work()
    work()
    assert told(smtp) == [OLD]


def test_an_address_that_no_mail_can_reach_does_not_stop_the_others(replace, world, app):
    for old in ("kantor lama", "lama@kantor.example"):
        db.session.add(AddressChange(institution=world.province, old_address=old, changed_at=clock.now()))
    replace()
    assert address_changes.tell() == 3
    changes = db.session.query(AddressChange).order_by(AddressChange.id).all()
    assert [len(mails.of(f"address_change:{one.id}")) for one in changes] == [0, 1, 2]


def test_one_that_cannot_be_told_is_tried_again_and_stops_no_other(replace, world, monkeypatch):
    db.session.add(AddressChange(institution=world.province, old_address="lama@kantor.example", changed_at=clock.now()))
    replace()
    queue = address_changes.mail.queue

    def fail_for_the_province(**parts):
        if parts["institution_id"] == world.province.id:
            raise RuntimeError("no way")
        return queue(**parts)

    with monkeypatch.context() as broken:
        broken.setattr(address_changes.mail, "queue", fail_for_the_province)
        assert address_changes.tell() == 1
    db.session.commit()
    assert address_changes.tell() == 1


def test_two_workers_never_tell_the_same_change(replace, app, database):
    replace()
    assert address_changes.tell() == 1
    if database.__class__.__name__ == "SQLite":
        return  # there only one writes at a time
    with app.app_context():  # a session of its own
        assert address_changes.tell() == 0


@pytest.mark.parametrize(
    ("address", "shown"), [("rina@kantor.example", "r***@kantor.example"), ("r@k.example", "r***@k.example")]
)
def test_an_address_is_masked_but_recognisable(address, shown):
    assert address_changes.masked(address) == shown
