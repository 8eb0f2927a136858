"""Fixture of an office that requests customs documents from people."""

from pathlib import Path
from typing import Any

import pytest

from tests.worlds.document_requests import RequestingOffice


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Path) -> RequestingOffice:
    """Return an example purchase (`RequestingOffice`) whose office requests documents.

    Files are stored in a folder of the test.
    """
    settings.MEDIA_ROOT = tmp_path / "files"
    return RequestingOffice()
