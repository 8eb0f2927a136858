"""Burnaby's office, for the tests of papers."""

import pytest

from tests.procurement.shipments.papers.play import Office


@pytest.fixture
def office(db: None) -> Office:
    """The story with a seller who says who they are."""
    found = Office()
    found.introduce()
    return found
