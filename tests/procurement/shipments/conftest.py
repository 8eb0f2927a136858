"""The story with its shipments, for the tests of the last stage."""

import pytest

from tests.procurement.shipments.play import Voyage


@pytest.fixture
def story(db: None) -> Voyage:
    """Burnaby, its people, a contact in Zhongshan, and what they ship."""
    return Voyage()
