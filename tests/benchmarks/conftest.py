"""A small register and catalogue for the data generators of the benchmarks."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city
from procurement.catalogue.actions import load_catalogue
from tests.worlds import cities
from tests.worlds.need_to_order import AT, shipped_extract
from workflow.clock import create_instance


@pytest.fixture
def register(transactional_db: None) -> None:
    """Fill a real instance with five cities, two agreements, and the catalogue."""
    create_instance("real")
    load_catalogue(by=CONSOLE_ACTOR, at=AT, folder=shipped_extract())
    for key in ("burnaby", "markham", "oakville"):
        correct_city(
            cities.city(key),
            CityEdit(approval_limit=Decimal(100_000)),
            by=CONSOLE_ACTOR,
            at=AT,
            reason="council",
        )
    cities.twinning("burnaby", "markham")
    cities.twinning("burnaby", "zhongshan")
    cities.city("guangzhou")
