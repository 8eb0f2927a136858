"""Somebody who keeps the network's register, and a world of three places beside it."""

import pytest

from partners.exchange.wizard.places import gazetteer
from partners.models import Membership
from partners.rules import powers_of
from tests import world
from tests.partners.imports.bringing import NANAIMO, SUZHOUS


@pytest.fixture(autouse=True)
def small_world(request, monkeypatch):
    """The gazetteer with three places: the real one is read in test_gazetteer.py."""
    known = {"nanaimo": [NANAIMO], "suzhou": SUZHOUS}
    if "test_gazetteer" not in request.module.__name__:
        monkeypatch.setattr(
            gazetteer, "find", lambda names: {name: known[name] for name in names if name in known}
        )


@pytest.fixture
def keeper(db):
    world.city("burnaby")
    world.city("zhongshan")
    return powers_of(world.member(Membership.Role.COORDINATOR), via="session")
