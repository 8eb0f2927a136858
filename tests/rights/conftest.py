"""Fixtures for the objects and people of the rights tests: made once, with each test rolled back.

break_rights.py may remove a rule before the tests run.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.rights.http_requests import BREAKING_RULES, World
from workflow.api import sql_cache
from workflow.clock import clear_instance_cache


@pytest.fixture(scope="package")
def played(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Yield the cities with their objects and people, in a transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        clear_instance_cache()
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(played: World, db: None) -> Iterator[World]:
    """Yield the shared objects for one test; fail if a person could read something of others."""
    clear_instance_cache()
    sql_cache.clear_cache()
    played.leaks.clear()
    if BREAKING_RULES:
        vars(played).pop("powers", None)  # a role may have other powers now
    yield played
    assert played.leaks == []
