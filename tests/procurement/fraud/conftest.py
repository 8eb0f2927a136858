"""Fixture of an example purchase (`FraudStory`) with the whole catalogue, made once for a file and undone afterwards."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.actions import load_catalogue
from tests.worlds.fraud_cases import FraudStory
from tests.worlds.need_to_order import AT


@pytest.fixture(scope="module")
def fraud_story(django_db_setup, django_db_blocker) -> Iterator[FraudStory]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogue(by=CONSOLE_ACTOR, at=AT)
        story = FraudStory()
        _ = story.officer, story.second_officer, story.verifier, story.contact, story.checker, story.supplier
        yield story
        transaction.set_rollback(True)
