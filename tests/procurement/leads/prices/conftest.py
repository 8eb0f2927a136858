"""The shipped reference data, loaded once for a whole file: it takes a second."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """A block that plays what a whole file's tests share; undone at the end."""

    @contextmanager
    def played() -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return played
