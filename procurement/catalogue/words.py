"""Sentences that are put together when they are read, in the language of whoever reads them."""

from typing import Any

from django.db.models import Model
from django.utils.functional import lazy

from workflow.errors import Words


def _text(row: Model, stem: str) -> str:
    return str(getattr(row, stem))


def _filled(words: Words, **facts: Any) -> str:
    return str(words) % facts


text_of = lazy(_text, str)  # a text that a row keeps in three languages
filled = lazy(_filled, str)  # a sentence with figures: `%` on a lazy sentence would translate it at once
