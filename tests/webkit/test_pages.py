"""What holds for each page, whoever opens it."""


def test_health_is_open_to_all_and_asks_the_database(client):
    assert client.get("/health/live").json == {"status": "ok"}
    assert client.get("/health/ready").json == {"status": "ok"}


def test_unknown_address_says_what_to_do(client):
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
