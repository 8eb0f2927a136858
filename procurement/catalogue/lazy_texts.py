"""Lazy texts that are filled or cut by date when they are displayed, in the reader's language."""

from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.functional import lazy

from workflow.dated_text import text_as_of
from workflow.errors import LazyText


def _text(row: Model, stem: str, known_on: date | None = None) -> str:
    text = str(getattr(row, stem))
    return text_as_of(text, known_on) if known_on is not None else text


def _filled(words: LazyText, **facts: Any) -> str:
    return str(words) % facts


text_of = lazy(_text, str)  # a text in three languages, without parts that name a day after `known_on`
filled_text = lazy(_filled, str)  # lazy, because `%` on a lazy sentence would translate it immediately
