"""Sentences that are put together when they are read, in the language of whoever reads them."""

from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.functional import lazy

from workflow.errors import Words
from workflow.known import as_known


def _text(row: Model, stem: str, known_on: date | None = None) -> str:
    text = str(getattr(row, stem))
    return as_known(text, known_on) if known_on is not None else text


def _filled(words: Words, **facts: Any) -> str:
    return str(words) % facts


text_of = lazy(_text, str)  # a text that a row keeps in three languages, as it was known on a day
filled = lazy(_filled, str)  # a sentence with figures: `%` on a lazy sentence would translate it at once
