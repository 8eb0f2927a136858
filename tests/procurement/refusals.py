"""A refusal changes nothing: neither the rows it is about, nor the journal, nor the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model

from tests.world import NOW
from workflow.errors import Refused
from workflow.journal import entries
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.moves import Moves


@contextmanager
def refused(code: str, *things: Model) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block is refused with this code, and nothing changes."""
    before = _all(things)
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
    assert str(caught.value), "a refusal says a sentence"
    assert _all(things) == before


def _all(things: tuple[Model, ...]) -> tuple[list[dict[str, Any]], int, int]:
    rows = [entries.snapshot(type(thing)._base_manager.get(pk=thing.pk)) for thing in things]
    told = Entry.objects.filter(
        thing_label__startswith="procurement."
    )  # people may be called in by the block itself
    return rows, told.count(), Message.objects.count()


def open_verbs(moves: Moves[Any], thing: Any, by: Any, at: datetime = NOW) -> str:
    """The verbs of the moves that are open to somebody, in the order of the life cycle."""
    fresh = type(thing)._base_manager.get(pk=thing.pk)
    return " ".join(move.verb for move in moves if not move.starts and move.refusal(by, fresh, at) is None)
