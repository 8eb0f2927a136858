"""Somebody who keeps the network's register, and a world of three places beside it."""

import pytest

from partners.exchange.wizard.places import gazetteer
from partners.models import Membership
from partners.rules import powers_of
from tests import world
from tests.partners.imports.bringing import find_few


@pytest.fixture(autouse=True)
def small_world(request, monkeypatch):
    """A gazetteer that is read at once, but where the real one is looked at."""
    if "test_gazetteer" not in request.module.__name__:
        monkeypatch.setattr(gazetteer, "find", find_few)


@pytest.fixture
def keeper(db):
    world.city("burnaby")
    world.city("zhongshan")
    return powers_of(world.member(Membership.Role.COORDINATOR), via="session")
