"""Helpers for refusals: one expects a refusal that changes nothing, another lists the open status changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model

from tests.worlds.cities import NOW
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.models import Entry
from workflow.moves import Moves
from workflow.outbox.models import Message


@contextmanager
def assert_refused(code: str, *things: Model) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect the block to be refused with this code, and check that nothing changed."""
    before = _stored_state(things)
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
    assert str(caught.value), "a refusal says a sentence"
    assert _stored_state(things) == before


def _stored_state(things: tuple[Model, ...]) -> tuple[list[dict[str, Any]], int, int]:
    rows = [entries.snapshot(type(thing)._base_manager.get(pk=thing.pk)) for thing in things]
    told = Entry.objects.filter(
        thing_label__startswith="procurement."
    )  # entries about people are left out: the block itself may create people
    return rows, told.count(), Message.objects.count()


def open_verbs(moves: Moves[Any], thing: Any, by: Any, at: datetime = NOW) -> str:
    """Return the verbs of the moves open to this person, in the order of the life cycle."""
    fresh = type(thing)._base_manager.get(pk=thing.pk)
    return " ".join(
        move.verb for move in moves if not move.creates_object and move.refusal(by, fresh, at) is None
    )
