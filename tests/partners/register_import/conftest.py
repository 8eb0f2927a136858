"""A coordinator who keeps the register of the network."""

import pytest

from partners.memberships.models import Membership
from partners.permissions.permissions import permissions_of
from tests import world


@pytest.fixture
def keeper(db):
    world.city("burnaby")
    world.city("zhongshan")
    return permissions_of(world.member(Membership.Role.COORDINATOR), via="session")
