"""A practice instance for each journey, with a mail folder of its own."""

import pytest

from tests.worlds.need_to_order import AT
from workflow.clock import create_instance


@pytest.fixture
def journey(db, settings, tmp_path) -> None:
    """Start a practice instance on the morning of 16 April 2020 in Vancouver, past midnight in Zhongshan."""
    settings.MEDIA_ROOT, settings.MAIL_DIR, settings.NUDGE = tmp_path / "files", tmp_path / "mail", ""
    drawer = {
        "BACKEND": "workflow.outbox.file_backend.FileEmailBackend",
        "OPTIONS": {"folder": settings.MAIL_DIR},
    }
    settings.MAILERS = {"default": drawer}
    create_instance("practice", AT)
