"""A register and a catalogue of a few rows, for the fillings of these tests."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE
from partners.actions.register import correct_city
from procurement.catalogue.actions import loading
from tests import world
from tests.procurement.story import AT, shipped_extract
from workflow.clock import create_instance


@pytest.fixture
def register(transactional_db: None) -> None:
    """A real instance with three cities here, two abroad, a tie, and a few goods."""
    create_instance("real")
    loading.load(by=CONSOLE, at=AT, folder=shipped_extract())
    for key in ("burnaby", "markham", "oakville"):
        correct_city(world.city(key), by=CONSOLE, at=AT, reason="council", approval_limit=Decimal(100_000))
    world.twinning("burnaby", "markham")
    world.twinning("burnaby", "zhongshan")
    world.city("guangzhou")
