"""Fixtures of all procurement tests: the example purchase (`Story`), objects shared by a file, and folders and dates."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import transaction

from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.api import sql_cache
from workflow.clock import clear_instance_cache, create_instance


@pytest.fixture
def story(db: None) -> Journey:
    """Return the example purchase (`Journey`) of Burnaby: its people and a contact in Zhongshan."""
    return Journey()


@pytest.fixture
def officer(story: Journey) -> Program:
    """Return an API client of Burnaby's officer."""
    return Program(story.officer.user)


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager that creates what all tests of a file share, on a practice instance at AT.

    The block is rolled back at the end.
    """

    @contextmanager
    def played() -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            create_instance("practice", AT)
            yield
            transaction.set_rollback(True)
        clear_instance_cache()

    return played


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest) -> None:
    """Store files and mail of page tests in a folder of the test, and trigger no worker."""
    if request.path.name.startswith("test_pages_"):
        settings, tmp_path = request.getfixturevalue("settings"), request.getfixturevalue("tmp_path")
        settings.MEDIA_ROOT, settings.MAIL_DIR, settings.NUDGE = tmp_path / "files", tmp_path / "mail", ""


@pytest.fixture(autouse=True)
def api_day(request: pytest.FixtureRequest) -> None:
    """Set real and practice time to AT, the day of the example purchase, in API tests.

    Files are stored in the test's folder.
    """
    if request.path.name.startswith("test_api_"):
        settings, tmp_path = request.getfixturevalue("settings"), request.getfixturevalue("tmp_path")
        settings.MEDIA_ROOT = tmp_path / "files"
        request.getfixturevalue("time_machine").move_to(AT, tick=False)
        sql_cache.clear_cache()
