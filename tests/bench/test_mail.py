"""The bench measures what it says, and tells when it falls short."""

import json
import os
from collections import Counter
from contextlib import nullcontext

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hub import config
from hub.bench import inbound, kills, mail
from hub.bench.figures import Figure
from hub.cli import commands
from hub.exchange.inbox import filing
from hub.extensions import db
from hub.forwardings.models import Forwarding
from hub.forwardings.rules import Stage

OUT = {"value": 400.0, "unit": "mails/s", "floor": 1.5, "ratio": 1.9}
IN = {"value": 160.0, "unit": "mails/s", "floor": 150.0, "ratio": None}


def bench(*arguments):
    return CliRunner().invoke(commands, ["bench", "mail", *arguments])


@pytest.fixture(autouse=True)
def without_settings(monkeypatch):
    """A bench needs none, and none that is there changes it."""
    for name in list(os.environ):
        if name.startswith("HUB_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(config, "load", lambda: pytest.fail("a bench must not look at the configured hub"))


def measured(monkeypatch, ratio):
    monkeypatch.setattr(mail, "mail_out", lambda *_: Figure(400.0, "mails/s", floor=1.5, ratio=ratio))
    monkeypatch.setattr(inbound, "mail_in", lambda *_: Figure(160.0, "mails/s", floor=150.0))


def test_figures_come_as_json(monkeypatch):
    measured(monkeypatch, 1.9)
    done = bench("--json")
    assert json.loads(done.stdout) == {"figures": {"mail_out": OUT, "mail_in": IN}}
    assert done.exit_code == 0


def test_people_read_a_sentence(monkeypatch):
    measured(monkeypatch, 1.9)
    assert bench().stdout == (
        "mail_out: 400.0 mails/s, ratio 1.9 (at least 1.5)\nmail_in: 160.0 mails/s (at least 150.0)\n"
    )


def test_a_figure_below_its_floor_is_told_by_the_exit_code(monkeypatch):
    measured(monkeypatch, 1.49)
    assert bench("--json").exit_code == 1


def test_without_a_sink_a_sentence_says_where_to_get_it(monkeypatch):
    monkeypatch.setattr(mail, "which", lambda *_, **__: None)
    done = bench()
    assert (done.exit_code, done.stdout) == (2, "")
    assert "package postfix" in done.stderr


def test_the_same_mails_are_sent_both_ways(monkeypatch):
    """Into the recorder here, for speed needs no proof: every mail once by the hub and once by the plain loop."""
    monkeypatch.setattr(mail, "ROUNDS", 1)
    with kills.Recorder() as server:
        monkeypatch.setattr(mail, "smtp_sink", lambda: nullcontext(server.port))
        figure = mail.mail_out(10, lambda _: None)
    assert len(server.taken) == 20
    assert sorted(server.taken[:10]) == sorted(server.taken[10:])
    assert figure.ratio


def test_mail_that_comes_in_is_filed_as_meant(monkeypatch):
    """Of ten mails eight confirm a letter, seven by what they answer and one by its number; none waits for a person."""
    file_pending, reports, stages = filing.file_pending, [], Counter()

    def watched():
        reports.append(file_pending())
        stages.update(db.session.scalars(select(Forwarding.stage)))

    monkeypatch.setattr(filing, "file_pending", watched)
    figure = inbound.mail_in(20, lambda _: None)
    assert reports == [filing.FilingReport(settled=20, held=0)]
    assert stages == {Stage.ACKNOWLEDGED: 16, Stage.SENT: 4}
    assert figure.value > 0


def test_a_worker_that_dies_while_sending_loses_nothing():
    done = bench("--kills", "3", "--mails", "60", "--json")
    found = {name: figure["value"] for name, figure in json.loads(done.stdout)["figures"].items()}
    assert (found["kills"], found["lost"], found["other_message_ids"]) == (3, 0, 0)
    assert found["repeated"] <= 3
    assert done.exit_code == 0


@pytest.mark.parametrize(
    "fault", [{"lost": 1}, {"repeated": 4}, {"other_message_ids": 1}], ids=lambda fault: next(iter(fault))
)
def test_a_lost_or_often_repeated_mail_is_found_wrong(monkeypatch, fault):
    counts = {"kills": 3, "lost": 0, "repeated": 3, "other_message_ids": 0}
    found = {name: Figure(count, "mails") for name, count in {**counts, **fault}.items()}
    monkeypatch.setattr(kills, "figures", lambda *_: found)
    assert bench("--kills", "3").exit_code == 1
    assert kills.is_good({name: Figure(count, "mails") for name, count in counts.items()})


def test_more_kills_than_mails_can_bear_are_refused():
    assert bench("--kills", "7", "--mails", "60").exit_code == 2
