"""An office that changes hands."""

import pytest

from tests.upkeep.office import Office
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)
