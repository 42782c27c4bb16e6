"""Every message has an address of its own: what comes back to it, however it was copied, names the message."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from hub.database import LARGEST_KEY
from hub.extensions import db
from hub.mail import return_address, sender
from hub.mail.models import EmailDispatch
from tests import conftest

LOOK_ALIKES = {"0": "0oO", "1": "1iIlL"}
ONE_ROW_FOR_ALL_EXAMPLES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)


@pytest.fixture
def change(app, monkeypatch):
    """Change settings of the running hub."""

    def to(**values):
        changed = app.extensions["settings"].model_copy(update=values)
        monkeypatch.setitem(app.extensions, "settings", changed)

    return to


def test_a_message_is_sent_from_its_own_address_and_asks_for_answers_there(queue, smtp):
    first, second = queue(), queue()
    sender.send_due()
    own = [return_address.of(first), return_address.of(second)]
    assert [one.sender for one in smtp.received] == own
    assert [one.message["Reply-To"] for one in smtp.received] == own
    assert own[0] != own[1]
    assert {one.message["From"].addresses[0].addr_spec for one in smtp.received} == {"penghubung@hub.example"}


def test_answers_of_absence_are_wanted_so_nothing_suppresses_them(queue, smtp):
    queue()
    sender.send_due()
    headers = smtp.received[0].message
    assert headers["Auto-Submitted"] == "auto-generated"
    assert not {"precedence", "x-auto-response-suppress"} & {name.lower() for name in headers}


def test_without_a_domain_for_replies_it_is_a_plus_address(queue):
    assert return_address.of(queue()).startswith("penghubung+r-")
    assert return_address.of(queue()).endswith("@hub.example")


def test_with_one_the_token_stands_alone(queue, change):
    change(reply_domain="balas.example")
    address = return_address.of(queue())
    assert address.startswith("r-")
    assert address.endswith("@balas.example")


def test_both_forms_are_known_whatever_the_setting_is_now(queue, change):
    dispatch = queue()
    plus = return_address.of(dispatch)
    change(reply_domain="balas.example")
    assert return_address.dispatches_behind([plus]) == [dispatch]
    assert return_address.dispatches_behind([return_address.of(dispatch)]) == [dispatch]


def test_a_foreign_domain_says_nothing(queue):
    address = return_address.of(queue()).replace("hub.example", "elsewhere.example")
    assert return_address.dispatches_behind([address, "penghubung@hub.example", "", "<>"]) == []


def test_many_addresses_cost_one_query_and_keep_their_order(queue, count_queries):
    first, second, third = queue(), queue(), queue()
    wanted = [third, first, second, third]
    addresses = [f'"Kantor, A" <{return_address.of(one)}>, x@y.example' for one in wanted]
    db.session.expunge_all()
    with count_queries() as statements:
        found = return_address.dispatches_behind(["rina@kantor.example", *addresses])
    assert [one.id for one in found] == [third.id, first.id, second.id]
    assert len(statements) == 1


def test_an_address_made_with_an_older_key_is_still_known(queue, app, change):
    dispatch = queue()
    old = return_address.of(dispatch)
    [key] = app.extensions["settings"].link_keys
    new = SecretStr("a newer key that replaces the other one")
    change(link_keys=(new, key))
    assert return_address.of(dispatch) != old
    assert return_address.dispatches_behind([old]) == [dispatch]
    change(link_keys=(new,))
    assert return_address.dispatches_behind([old]) == []


def test_nothing_that_makes_an_address_lies_in_the_database(queue):
    dispatch = queue()
    secret = return_address.of(dispatch).partition("@")[0][-16:]
    columns = [str(getattr(dispatch, column.name)) for column in dispatch.__table__.columns]
    assert not any(secret in value for value in columns)


def test_a_return_address_opens_no_link(queue, client):
    token = return_address.of(queue()).partition("+")[2].partition("@")[0]
    assert client.get(f"/a/{token}").status_code == 404


@ONE_ROW_FOR_ALL_EXAMPLES
@given(
    chance=st.randoms(use_true_random=False),
    around=st.sampled_from(["{}", "<{}>", '"Rina, S.H." <{}>', "mailto:{}", "rfc822; {}", "Balas ke {}."]),
)
def test_upper_and_lower_case_and_letters_that_look_alike_make_no_difference(queue, chance, around):
    dispatch = queue()
    name, _, domain = return_address.of(dispatch).partition("@")
    copied = "".join(chance.choice(LOOK_ALIKES.get(letter, letter + letter.upper())) for letter in name)
    assert return_address.dispatches_behind([around.format(f"{copied}@{domain.upper()}")]) == [dispatch]


@ONE_ROW_FOR_ALL_EXAMPLES
@given(place=st.integers(0, 15), letter=st.sampled_from("0123456789abcdefghjkmnpqrstuvwxyz"))
def test_a_tampered_address_names_nothing(queue, place, letter):
    name, _, domain = return_address.of(queue()).partition("@")
    start = len(name) - 16 + place
    changed = name[:start] + letter + name[start + 1 :]
    found = return_address.dispatches_behind([f"{changed}@{domain}"])
    assert (found == []) == (changed != name)


@ONE_ROW_FOR_ALL_EXAMPLES
@given(text=st.one_of(st.text(), st.from_regex(r"r-[0-9a-z]{1,7}-[0-9a-z]{16}@hub\.example")))
def test_no_text_breaks_it(app, text):
    assert return_address.dispatches_behind([text]) == []


def test_the_token_of_one_message_does_not_name_another(queue):
    first, second = queue(), queue()
    other = return_address.of(first).replace(f"r-{first.id}-", f"r-{second.id}-")
    assert return_address.dispatches_behind([other]) == []


def test_the_longest_address_has_a_name_of_64_characters(app, change):
    change(mail_from=f"{'p' * 37}@hub.example")
    longest = return_address.of(EmailDispatch(id=LARGEST_KEY, nonce="n" * 22))
    assert len(longest.partition("@")[0]) == 64


def test_a_mailbox_name_that_leaves_no_room_needs_a_domain_for_replies(tmp_path):
    long = f"{'p' * 38}@hub.example"
    with pytest.raises(ValidationError, match="HUB_MAIL_FROM is longer than 37"):
        conftest.settings("sqlite://", tmp_path, mail_from=long)
    assert conftest.settings("sqlite://", tmp_path, mail_from=long, reply_domain="balas.example").reply_domain
    with pytest.raises(ValidationError, match="reply_domain"):
        conftest.settings("sqlite://", tmp_path, reply_domain="balas @ example")
