"""Fixture of an office that generates documents, for a supplier with a known name and address."""

import pytest

from tests.worlds.generated_documents import Office


@pytest.fixture
def office(db: None) -> Office:
    """Return an example purchase (`Office`) with a supplier whose address and name are known."""
    found = Office()
    found.introduce()
    return found
