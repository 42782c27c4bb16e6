"""What every page of the house keeps, walked route by route: nobody can add one and forget."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.routing import Rule

from hub import clock
from hub.accounts.rules import Capability
from hub.audit.rules import SYSTEM
from hub.coordination import service as coordination
from hub.coordination.models import ThreadMessage
from hub.coordination.rules import MessageKind, Side
from hub.database import Base
from hub.directory.models import Person, ReachAnswer
from hub.directory.queries import by_code
from hub.exchange.agenda import service as agenda
from hub.exchange.inbox import filing
from hub.extensions import db
from hub.files import service as files
from hub.files.models import StoredFile
from hub.forwardings import signing, voices
from hub.forwardings.calls import service as calls
from hub.forwardings.calls.rules import CallOutcome, CallWay
from hub.forwardings.chain import service as chain
from hub.forwardings.followups import service as followups
from hub.forwardings.models import Forwarding
from hub.forwardings.voices import signed_in
from hub.letters import incoming
from hub.letters.models import IncomingLetter, Letter, LetterKind, SigningMethod
from hub.letters.rules import Instruction
from hub.letters.service import Signature
from hub.mail import queries as mails
from hub.mail import return_address
from hub.mail import service as mail
from hub.mail.inbox import service as inbox
from hub.mail.inbox.models import ArrivedBy, InboundMail
from hub.mail.models import EmailDispatch
from hub.post import service as post
from hub.post.models import PostDispatch, PostState, PrintJob
from hub.post.rules import Addressing, ScanKind
from hub.responses import announcements
from hub.responses import service as responses
from hub.responses.models import Decision, MailedReply
from hub.responses.rules import ReplyWay
from hub.routing.models import RoutingRule
from hub.upkeep import invitations, reach
from hub.webkit.access import declared
from hub.workdays import queries as workdays
from hub.workdays.rules import add_working_days
from tests.chains import answered, passed_on, somebody_at, with_receiver
from tests.story import Story
from tests.world import PASSWORD, World

STATIC = ("static", "bootstrap.static")
TELEMETRY = ("sign_in_attempts",)
VISITORS = ("registrar", "signatory", "monitor", "administrator", "ombudsman_monitor", "regency_pic", "province_pic")


@pytest.fixture
def ids(story, world, monkeypatch) -> dict[str, list[dict[str, Any]]]:
    """Values for the variable parts of addresses, by package or endpoint: at least one that exists for each."""
    scan = files.store("jawaban.pdf", b"%PDF-1.7\n%%EOF")
    told = [story.draft(), story.submitted(), story.signed(), story.sent(), story.acknowledged(), story.closed()]
    reserved = story.submitted()
    signing.reserve(reserved.letter, world.signatory.person, Signature(SigningMethod.WET), world.signatory.person)
    interim, response = story.answered(), story.answered(files=[scan])
    word = responses.decline(story.acknowledged(), "Bukan jalan kabupaten.", None, signed_in(world.regency_pic.person))
    told += [interim.forwarding, response.forwarding, word.forwarding]
    envelope = db.session.scalars(select(PostDispatch).where(PostDispatch.state == PostState.TO_PRINT)).first()
    job, left = _print_and_post()
    letter = mail.link_address(db.session.scalars(select(EmailDispatch)).first())
    code = db.session.scalars(select(Letter.verification_code).where(Letter.number.is_not(None))).first()
    stages = [{"id": one.id} for one in told]
    pic = world.regency_pic.person
    [term] = pic.appointments
    term.decree_file = scan
    check = reach.ask(term)
    reach.answer(check, ReachAnswer.SUCCESSOR, reach.Successor("Wulan", "", "wulan@kantor.example", ""), SYSTEM)
    [question] = mails.of(check.stream)
    invitation = mail.link_address(invitations.invite(pic, SYSTEM)).rpartition("/")[2]
    held, filed = _mails(mails.of(told[3].stream)[0])
    reminder = followups.draft(told[3], LetterKind.REMINDER, "", world.registrar.person)
    paper = _paper(interim.forwarding, scan)
    by_link = mail.link_address(mails.of(response.forwarding.stream)[0])
    public = (letter, post.slip_address(envelope), by_link)
    tokens = [{"token": address.rpartition("/")[2], "kind": "final"} for address in public]
    told_of = announcements.Told("700/1/2026", clock.today("WIB"), ReplyWay.POST, clock.today("WIB"))
    under_way = announcements.announce(told[4], told_of, voices.signed_in(pic))
    message, request = _thread(told[4], scan, pic)
    said = calls.Told(CallWay.PHONE, CallOutcome.CONFIRMED, clock.now(), "Wulan", "Sekretaris", "Suratnya sudah ada.")
    call = calls.log(told[3], said, world.registrar.person, files=[scan])
    below = _passed_on(story, world)
    db.session.commit()
    return {
        "complaints": [{"id": told[0].complaint_id, "complaint_id": told[0].complaint_id}],
        "forwardings": [{**stage, "complaint_id": told[0].complaint_id} for stage in stages],
        "desk": stages,
        "responses": [
            *({"id": one.id, "file_id": scan.id, "kind": "interim"} for one in (interim, response)),
            *({**stage, "kind": "final"} for stage in stages),
        ],
        "calls": [{"id": call.id, "file_id": scan.id}],
        "calls.new": stages,
        "underway": [{"id": under_way.id}],
        "underway.announce": stages,
        "declining": stages,
        "declining.reroute": [{"id": word.id}],
        "coordination": stages,
        "coordination.decide": [{"id": request.id}],
        "coordination.file": [{"id": message.id, "file_id": scan.id}],
        "chain": below,
        "rollup": below[:1],
        "followups": [{"id": told[3].id, "letter_id": reminder.id}],
        "policy": [{"key": "review", "purpose": "handling", "owed": "answer"}],
        "inventory": [{"id": told[0].letter_id}],
        "stationery": [{"code": "KSN-DUMAS"}, {"code": "ORI-15"}],
        "agenda": [{"id": paper.id}],
        "post": [{"id": envelope.id}],
        "signing": [{"id": told[1].letter_id}, {"id": reserved.letter_id}],
        **dict.fromkeys(("post.print_job", "post.print_file", "post.printed"), [{"id": job.id}]),
        **dict.fromkeys(("post.proof", "post.withdraw"), [{"id": left.id, "scan_id": left.scans[0].id}]),
        "exchange": [*tokens, {"code": code}],
        "inbox": [{"id": held.id, "file_id": held.file_id}],
        "inbox.take_back": [{"id": filed.id}],
        "responses.reply": [{"id": filed.id}],
        "responses.reply_file": [{"id": filed.id, "file_id": filed.mail.file_id}],
        "exchange.question": [{"token": mail.link_address(question).rpartition("/")[2]}],
        "silence": [{"code": "35.13"}, {"format": "xlsx"}, {"format": "csv"}],
        "directory": [{"code": "35.13", "id": term.id, "person_id": pic.id}, {"code": "ORI-15"}],
        "routing": [{"id": db.session.scalars(select(RoutingRule.id)).first()}],
        "upkeep": [
            {"code": "35.13", "person_id": pic.id, "network": "kemensetneg"},
            {"id": check.id},
            {"token": invitation},
        ],
    }


def _passed_on(story: Story, world: World) -> list[dict[str, Any]]:
    """A letter that the regency has, and the draft by which it passes it on; an answer from another office below."""
    parent, pic = story.acknowledged(), world.regency_pic.person
    by = chain.proposed_date(parent)
    answered(with_receiver(parent, world.unstaffed, pic, by), somebody_at(world.unstaffed))
    return [{"id": parent.id}, {"id": passed_on(parent, by_code("35.15"), pic, by).id}]


def _print_and_post() -> tuple[PrintJob, PostDispatch]:
    """A print that waits for the worker, and an envelope that came back, with a photo of it."""
    left = db.session.scalars(select(PostDispatch).order_by(PostDispatch.id.desc())).first()
    office = left.letter.institution
    job = PrintJob(institution=office, addressing=Addressing.LABELS, asked_at=clock.now())
    photo = files.store_made("amplop.png", b"png", "image/png")
    db.session.add(job)
    post.mark_printed(left)
    post.mark_posted(left, "RR473124829ID")
    post.note_by_hand(left, ScanKind.RETURNED, clock.today(office.zone), words="Pindah alamat", proof=photo)
    return job, left


def _mails(mail_back: EmailDispatch) -> tuple[InboundMail, MailedReply]:
    """One mail that nobody could file, and one that was filed with the letter it answers."""
    headers = "From: Budi <budi@entah.example>\nSubject: Tanya\n"
    held = inbox.keep(f"{headers}To: hub@hub.example\n\nSurat yang mana?\n".encode(), ArrivedBy.PIPE)
    answer = inbox.keep(f"{headers}To: {return_address.of(mail_back)}\n\nSudah.\n".encode(), ArrivedBy.PIPE)
    db.session.commit()
    inbox.read_pending()
    filing.file_pending()
    return held, db.session.scalars(select(MailedReply).where(MailedReply.mail_id == answer.id)).one()


def _thread(forwarding: Forwarding, file: StoredFile, pic: Person) -> tuple[ThreadMessage, ThreadMessage]:
    """A message with a file, and a request for more time that waits."""
    message = coordination.write(forwarding, Side.RECIPIENT, MessageKind.QUESTION, "Jalan mana?", pic, [file])
    calendar = workdays.calendar_for(forwarding.recipient.region_code)
    until = add_working_days(forwarding.deadlines[-1].due_on, 5, calendar)
    return message, coordination.ask_for_time(forwarding, until, "Menunggu hasil uji.", pic)


def _paper(forwarding: Forwarding, scan: StoredFile) -> IncomingLetter:
    """A letter on paper that was filed with the letter it answers."""
    registrar = db.session.get_one(Person, forwarding.created_by_id)
    told = incoming.Received(clock.today("WIB"), forwarding.recipient.name, "Jawaban", sender=forwarding.recipient)
    letter = incoming.register(forwarding.sender, told, registrar, scan=scan)
    incoming.dispose(letter, "Irban I", [Instruction.PROCEED], "", registrar)
    agenda.file(letter, [forwarding], Decision.RECEIPT, "Wulan", registrar)
    return letter


def rules(app: Flask, method: str = "GET") -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint not in STATIC)


def addresses(app: Flask, ids: dict[str, list[dict[str, Any]]], rule: Rule) -> list[str]:
    if not rule.arguments:
        return [rule.rule]
    values = ids.get(rule.endpoint) or ids.get(rule.endpoint.partition(".")[0], [])
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **{name: value[name] for name in rule.arguments})
            for value in values
            if rule.arguments <= value.keys()
        ]


def test_every_route_declares_who_may_reach_it(app):
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if declared(app, rule.endpoint) is None]
    assert undeclared == []


def test_needed_capabilities_exist(app):
    needed = {name for rule in app.url_map.iter_rules() for name in declared(app, rule.endpoint).capabilities}
    assert needed <= set(Capability)


def test_no_get_route_is_left_out_of_the_walk(app, ids):
    assert [rule.rule for rule in rules(app) if not addresses(app, ids, rule)] == []


def test_everything_but_the_public_doors_leads_a_stranger_to_sign_in(app, client, ids):
    for rule in rules(app):
        if not declared(app, rule.endpoint).public:
            for address in addresses(app, ids, rule):
                answer = client.get(address)
                assert (answer.status_code, answer.location or "") == (302, answer.location), address
                assert answer.location.startswith("/sign-in"), address


def test_nobody_posts_without_signing_in(app, client, ids):
    for rule in rules(app, "POST"):
        if not declared(app, rule.endpoint).public:
            for address in addresses(app, ids, rule)[:1]:
                assert client.post(address).status_code in (302, 401, 403), address


def test_walk_every_page_as_everybody(app, world, signed_in_as, client, ids):
    """Looking changes nothing (the database would refuse), never fails, and every page passes the page check."""
    before = content()
    visitors = {"anonymous": client, **{name: signed_in_as(getattr(world, name)) for name in VISITORS}}
    opened, faults = walk(app, visitors, ids)
    assert faults == []
    assert content() == before
    assert {rule.rule for rule in rules(app)} - opened == NEVER_200


def test_walk_in_english(app, world, signed_in_as, client, ids):
    world.registrar.locale = world.regency_pic.locale = "en"
    client.post("/language", data={"locale": "en"})
    visitors = {
        "anonymous": client,
        "registrar": signed_in_as(world.registrar),
        "regency_pic": signed_in_as(world.regency_pic),
    }
    assert walk(app, visitors, ids)[1] == []
    assert 'lang="en"' in visitors["registrar"].get("/").text
    assert 'lang="en"' in client.get("/sign-in").text


def walk(app: Flask, visitors: dict[str, Any], ids: dict[str, list[dict[str, Any]]]) -> tuple[set[str], list[str]]:
    """Routes that somebody could open, and what went wrong."""
    opened: set[str] = set()
    faults: list[str] = []
    for name, browser in visitors.items():
        for rule in rules(app):
            for address in addresses(app, ids, rule):
                try:
                    status = browser.get(address).status_code
                except Exception as fault:
                    faults.append(f"{rule.endpoint} for {name}: {type(fault).__name__} {fault}"[:300])
                    continue
                if status == 200:
                    opened.add(rule.rule)
                elif status not in (302, 403, 404, 409, 410):
                    faults.append(f"{rule.endpoint} for {name}: status {status}")
    return opened, faults


NEVER_200 = {
    "/forwardings/<int:id>/letter.pdf",
    "/forwardings/<int:id>/letters/<int:letter_id>/letter.pdf",
    "/inventory/lists/<int:id>",
    "/letters/<int:id>/copy.pdf",
    "/letters/stationery",
    "/post/<int:id>/letter",
    "/post/print/<int:id>/file",
    "/responses/<int:id>/receipt.pdf",
}
"""They show files that only the worker makes, or lead elsewhere."""


def test_a_stranger_to_a_forwarding_does_not_learn_that_it_exists(app, world, signed_in_as, ids):
    browser = signed_in_as(world.other_pic)
    about_letters = (
        "forwardings",
        "calls",
        "followups",
        "responses",
        "underway",
        "declining",
        "coordination",
        "signing",
    )
    for endpoint in ("chain", "rollup", "complaints", "desk", *about_letters):
        for rule in rules(app):
            if rule.endpoint.startswith(f"{endpoint}.") and rule.arguments:
                for address in addresses(app, ids, rule):
                    assert browser.get(address).status_code in (403, 404), address


def test_forms_are_refused_without_their_token(app, world, signed_in_as):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = signed_in_as(world.registrar)
    assert browser.post("/complaints/new", data={"subject": "x"}).status_code == 400
    assert browser.post("/sign-in", data={"email": "x", "password": PASSWORD}).status_code == 400


def content() -> dict[str, list[str]]:
    """All rows of all tables, telemetry left out."""
    kept = [table for table in Base.metadata.tables if table not in TELEMETRY]
    found = {table: sorted(map(repr, db.session.execute(text(f"SELECT * FROM {table}")))) for table in kept}
    db.session.commit()
    return found
