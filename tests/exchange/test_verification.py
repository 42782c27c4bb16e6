"""Is this letter genuine? Number, date and sender, never what it says."""

from hub.letters.models import LetterState
from hub.letters.rules import grouped


def test_a_signed_letter_is_genuine(client, forwarding):
    letter = forwarding.letter
    response = client.get(f"/v/{letter.verification_code}")
    assert response.status_code == 200
    assert letter.number in response.text
    assert forwarding.sender.name in response.text
    for content in ("Tongas", "Puspa", forwarding.recipient.name):
        assert content not in response.text


def test_the_code_may_be_typed_as_it_is_printed(client, forwarding):
    typed = grouped(forwarding.letter.verification_code).lower().replace("-", " ")
    assert forwarding.letter.number in client.get("/v/", query_string={"code": typed}).text


def test_a_draft_is_not_known(client, forwarding):
    forwarding.letter.state = LetterState.TO_SIGN
    assert client.get(f"/v/{forwarding.letter.verification_code}").status_code == 404


def test_a_void_letter_says_so(client, forwarding):
    forwarding.letter.state = LetterState.VOID
    response = client.get(f"/v/{forwarding.letter.verification_code}")
    assert response.status_code == 200
    assert "hue-attention" in response.text


def test_an_unknown_code_is_shown_again_to_compare(client):
    response = client.get("/v/ABCD-<b>")
    assert response.status_code == 404
    assert "ABCD-&lt;b&gt;" in response.text


def test_the_form_asks_for_the_code(client):
    assert client.get("/v/").status_code == 200
