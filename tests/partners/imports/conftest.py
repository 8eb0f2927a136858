"""Somebody who keeps the network's register."""

import pytest

from partners.models.people import Membership
from partners.rules.powers import powers_of
from tests import world


@pytest.fixture
def keeper(db):
    world.city("burnaby")
    world.city("zhongshan")
    return powers_of(world.member(Membership.Role.COORDINATOR), via="session")
