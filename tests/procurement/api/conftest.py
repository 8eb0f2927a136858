"""Burnaby's people and their programs, on the day the story stands at."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import time_machine
from django.db import transaction

from tests.procurement.api.program import Program
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow.doors.api import plans


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """A block that plays what a whole file's tests share, on the story's day; undone at the end."""

    @contextmanager
    def played() -> Iterator[None]:
        with django_db_blocker.unblock(), time_machine.travel(AT, tick=False), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return played


@pytest.fixture(autouse=True)
def april(time_machine) -> None:
    """Real and story time stand at the story's day, so that dates of the cast make sense."""
    time_machine.move_to(AT, tick=False)
    plans.forget()


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    """Files go into a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def story(db: None) -> Voyage:
    """Burnaby, its people, a contact in Zhongshan, and what they ship."""
    return Voyage()


@pytest.fixture
def officer(story: Voyage) -> Program:
    """An officer's program."""
    return Program(story.officer.user)


@pytest.fixture
def stranger(story: Voyage) -> Program:
    """The program of an officer of another city."""
    return Program(story.stranger.user)
