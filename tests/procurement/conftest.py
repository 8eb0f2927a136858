"""The story, for the tests of every stage."""

import pytest

from tests.procurement.story import Story


@pytest.fixture
def story(db: None) -> Story:
    """Burnaby, its people and a contact in Zhongshan."""
    return Story()
