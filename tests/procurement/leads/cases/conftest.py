"""One town for each file of this folder: whatever its tests do is undone after them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.actors import CONSOLE
from procurement.catalogue.actions import loading
from tests.procurement.story import AT, Story


@pytest.fixture(scope="module")
def town(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Story]:
    """Burnaby with the whole catalogue, read once for all tests of this file and undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load(by=CONSOLE, at=AT)
        story = Story()
        _ = story.officer, story.supplier, story.contact
        yield story
        transaction.set_rollback(True)
