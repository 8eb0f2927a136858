"""Tests that a step restored from the cache equals one that ran: rows, people, and calls after the commit."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection, transaction

from procurement.shipments.models import Shipment
from tests.worlds import cities, story_cache
from tests.worlds.shipments import Journey
from tests.worlds.story_cache import CachedStory
from workflow.errors import Refused
from workflow.worker_trigger import trigger_worker

pytestmark = pytest.mark.django_db(transaction=True)  # each test rolls back its own stories


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch):
    """Start with no cached steps, like a new process."""
    monkeypatch.setattr(story_cache, "_cached_steps", {})


@contextmanager
def rolled_back_transaction() -> Iterator[None]:
    """Run this block in a transaction that is rolled back, like the tests that use an example purchase."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_of_every_table():
    """Return every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()
    }


def story_with_delivered_shipment():
    """Return an example purchase with a delivered shipment, every row, and the calls that wait for the commit."""
    story = Journey()
    shipment = story.delivered()
    return story, shipment, rows_of_every_table(), {call for _ids, call, _robust in connection.run_on_commit}


def test_restored_example_purchase_equals_one_that_ran():
    with rolled_back_transaction():
        story, shipment, rows, later = story_with_delivered_shipment()
    with rolled_back_transaction():
        again = story_with_delivered_shipment()
        assert again[2] == rows
        assert again[3] == later == {trigger_worker}
        assert again[1] == shipment
        assert again[0].logistics == story.logistics
    assert not Shipment.objects.exists()


def test_example_purchase_continues_from_restored_state():
    for _time in ("played", "restored"):
        with rolled_back_transaction():
            story = Journey()
            shipment = story.delivered()
            story.receive(shipment)
            assert shipment.lots.get().quantity == 10_000
            assert story.stranger.user.pk not in (story.officer.user.pk, story.logistics.user.pk)


def test_example_purchase_with_other_values_is_not_restored_from_cache():
    with rolled_back_transaction():
        story = Journey()
        assert story.promise(2_000).quantity == 2_000
    with rolled_back_transaction():
        story = Journey()
        assert story.promise(3_000).quantity == 3_000


def test_example_purchase_runs_again_after_other_writes(monkeypatch):
    """Rows may be written before the first step or between two steps."""
    with rolled_back_transaction():
        Journey().placed()
    with rolled_back_transaction():
        story = Journey()
        story.limit("1")
        monkeypatch.setattr(story_cache, "_restore", lambda story, known: pytest.fail("restored"))
        with pytest.raises(Refused):  # it is now above the limit
            story.placed()
    with rolled_back_transaction():
        cities.user()
        assert Journey().placed().pk


def test_example_purchase_outside_transaction_is_not_restored():
    story = CachedStory()
    story.begin()
    assert story.key is None
