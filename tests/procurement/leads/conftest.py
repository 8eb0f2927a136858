"""Fixture of an example purchase (`Story`) with the whole catalogue, made once for each file and undone afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.actions import load_catalogue
from tests.worlds.need_to_order import AT, Story


@pytest.fixture(scope="module")
def town(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Story]:
    """Return the example purchase of Burnaby with the whole catalogue, for all tests of a file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogue(by=CONSOLE_ACTOR, at=AT)
        story = Story()
        _ = story.officer, story.supplier, story.contact
        yield story
        transaction.set_rollback(True)
