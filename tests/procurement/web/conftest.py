"""One played world for all tests of a file; what a test does to it is undone behind it, as for every test with the database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import transaction

from tests.procurement.story import AT
from workflow import clock


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker) -> Callable[[], AbstractContextManager[None]]:
    """A block that plays what a whole file's tests share, on a practice instance that stands at AT; undone at the end."""

    @contextmanager
    def played() -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            clock.create_instance("practice", AT)
            yield
            transaction.set_rollback(True)
        clock.forget()

    return played


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path) -> None:
    """Files and mail lie in a folder of the test's own, and nobody is nudged."""
    settings.MEDIA_ROOT, settings.MAIL_DIR, settings.NUDGE = tmp_path / "files", tmp_path / "mail", ""
