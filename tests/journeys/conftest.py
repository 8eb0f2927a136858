"""A practice instance for each journey, whose mail lies in a drawer of its own."""

import pytest

from tests.procurement.story import AT
from workflow import clock


@pytest.fixture
def journey(db, settings, tmp_path) -> None:
    """The morning of 16 April 2020 in Vancouver, past midnight in Zhongshan."""
    settings.MEDIA_ROOT, settings.MAIL_DIR, settings.NUDGE = tmp_path / "files", tmp_path / "mail", ""
    drawer = {"BACKEND": "workflow.outbox.drawer.Drawer", "OPTIONS": {"folder": settings.MAIL_DIR}}
    settings.MAILERS = {"default": drawer}
    clock.create_instance("practice", AT)
