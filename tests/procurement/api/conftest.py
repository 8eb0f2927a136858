"""Fixtures of the API tests: API clients of Burnaby's people, on the day of the example purchase (16 April 2020)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import time_machine
from django.db import transaction

from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.api.sql_cache import clear_cache


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager that creates what all tests of a file share, on 16 April 2020.

    The block is rolled back at the end.
    """

    @contextmanager
    def played() -> Iterator[None]:
        with django_db_blocker.unblock(), time_machine.travel(AT, tick=False), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return played


@pytest.fixture(autouse=True)
def april(time_machine) -> None:
    """Set real and practice time to 16 April 2020, the day on which the example purchase begins."""
    time_machine.move_to(AT, tick=False)
    clear_cache()


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    """Store files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def story(db: None) -> Journey:
    """Return the example purchase (`Journey`) of Burnaby: its people, a contact in Zhongshan, and their shipments."""
    return Journey()


@pytest.fixture
def officer(story: Journey) -> Program:
    """Return the API client of an officer."""
    return Program(story.officer.user)


@pytest.fixture
def stranger(story: Journey) -> Program:
    """Return the API client of an officer of another city."""
    return Program(story.stranger.user)
