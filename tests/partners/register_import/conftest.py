"""Fixture with the permissions of a coordinator of the network, in a register with two cities."""

import pytest

from partners.memberships.models import Membership
from partners.permissions.permissions import permissions_of
from tests.worlds import cities


@pytest.fixture
def coordinator_powers(db):
    cities.city("burnaby")
    cities.city("zhongshan")
    return permissions_of(cities.member(Membership.Role.COORDINATOR), via="session")
