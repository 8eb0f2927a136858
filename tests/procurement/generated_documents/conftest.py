"""Burnaby's office, for the tests of generated documents."""

import pytest

from tests.procurement.generated_documents.play import Office


@pytest.fixture
def office(db: None) -> Office:
    """Return the office, with a supplier whose address and name are known."""
    found = Office()
    found.introduce()
    return found
