"""The story with documents that come in."""

from pathlib import Path
from typing import Any

import pytest

from tests.worlds.document_requests import Desk


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> Desk:
    """Return Burnaby's office, which requests documents. Files are stored in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return Desk()
