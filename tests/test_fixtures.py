"""The fixtures themselves."""


def test_world_is_there(world, signed_in_as, client, count_queries, smtp):
    assert world.regency_pic.person.institution is world.regency
    with count_queries() as statements:
        browser = signed_in_as(world.registrar)
        assert browser.get("/nowhere").status_code == 404
    assert len(statements) <= 3, statements
    assert client.get("/nowhere").status_code == 404
    assert [one.value for one in world.regency_pic.roles] == ["pic"]


def test_a_second_one_starts_fresh(world):
    world.registrar.person.name = "Changed"
