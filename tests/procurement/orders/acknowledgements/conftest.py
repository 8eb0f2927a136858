"""Example purchase whose supplier answers by link."""

from collections.abc import Iterator

import pytest

from tests.worlds.acknowledgements import SellingOffice
from workflow.clock import clear_instance_cache


@pytest.fixture
def office(db: None) -> Iterator[SellingOffice]:
    """Return an example purchase on a practice site, whose supplier has an email address."""
    found = SellingOffice()
    found.practise()
    yield found
    clear_instance_cache()
