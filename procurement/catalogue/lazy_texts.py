"""Lazy texts of reference rows, resolved in the reader's language when they are displayed."""

from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.functional import lazy

from workflow.dated_text import text_as_of
from workflow.errors import LazyText


def _translated_text(row: Model, stem: str, known_on: date | None = None) -> str:
    text = str(getattr(row, stem))
    return text_as_of(text, known_on) if known_on is not None else text


def _fill(words: LazyText, **facts: Any) -> str:
    return str(words) % facts


lazy_translated_text = lazy(
    _translated_text, str
)  # a text in three languages, without parts that name a day after `known_on`
lazy_filled_text = lazy(_fill, str)  # lazy, because `%` on a lazy sentence would translate it immediately
