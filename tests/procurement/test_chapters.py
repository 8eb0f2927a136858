"""What is laid back is what was played: the same rows, the same people, the same calls after the commit."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection, transaction

from procurement.shipments.models.shipment import Shipment
from tests import world
from tests.procurement import chapters
from tests.procurement.chapters import Teller
from tests.procurement.shipments.play import Voyage
from workflow.errors import Refused
from workflow.outbox.wakeup import nudge

pytestmark = pytest.mark.django_db(transaction=True)  # each takes its stories back itself


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch):
    """A process that told nothing yet."""
    monkeypatch.setattr(chapters, "_chapters", {})


@contextmanager
def taken_back() -> Iterator[None]:
    """As the tests of a story run: in a transaction of which nothing stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything():
    """Every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()
    }


def delivered():
    """A story, its answer, every row and what waits for the commit."""
    story = Voyage()
    shipment = story.delivered()
    return story, shipment, everything(), {call for _ids, call, _robust in connection.run_on_commit}


def test_what_is_told_again_is_as_it_was_played():
    with taken_back():
        story, shipment, rows, later = delivered()
    with taken_back():
        again = delivered()
        assert again[2] == rows
        assert again[3] == later == {nudge}
        assert again[1] == shipment
        assert again[0].logistics == story.logistics
    assert not Shipment.objects.exists()


def test_a_story_goes_on_from_what_was_laid_back():
    for _time in ("played", "laid back"):
        with taken_back():
            story = Voyage()
            shipment = story.delivered()
            story.receive(shipment)
            assert shipment.lots.get().quantity == 10_000
            assert story.stranger.user.pk not in (story.officer.user.pk, story.logistics.user.pk)


def test_other_values_are_another_chapter():
    with taken_back():
        story = Voyage()
        assert story.promise(2_000).quantity == 2_000
    with taken_back():
        story = Voyage()
        assert story.promise(3_000).quantity == 3_000


def test_after_anything_else_was_written_a_story_is_played(monkeypatch):
    """Before it began, or between two of its chapters."""
    with taken_back():
        Voyage().placed()
    with taken_back():
        story = Voyage()
        story.limit("1")
        monkeypatch.setattr(chapters, "_lay_back", lambda teller, known: pytest.fail("laid back"))
        with pytest.raises(Refused):  # it is above the limit now
            story.placed()
    with taken_back():
        world.user()
        assert Voyage().placed().pk


def test_without_a_transaction_nothing_is_laid_back():
    teller = Teller()
    teller.begin()
    assert teller.told is None
