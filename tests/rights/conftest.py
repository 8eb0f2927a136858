"""One world for all of this folder: played once, each test undone after it. And what teeth.py takes away before the tests run."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.rights.doors import World
from workflow import clock
from workflow.doors.api import plans


@pytest.fixture(scope="package")
def played(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The cities, their stories and everybody who comes to the doors, inside a transaction that is undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.forget()
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(played: World, db: None) -> Iterator[World]:
    """The same world for every test, whatever a test does is undone; and nobody was told what is not theirs."""
    clock.forget()
    plans.forget()
    played.leaks.clear()
    yield played
    assert played.leaks == []
