"""The story with papers that come in."""

from pathlib import Path
from typing import Any

import pytest

from tests.procurement.shipments.handing.play import Desk


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> Desk:
    """Burnaby's office, which asks for papers; files lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk()
