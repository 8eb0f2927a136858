"""Searching names in any script: by their letters and pairs of letters, kept in an array with a GIN index.

PostgreSQL's full-text search takes a Chinese name as one word, and trigrams need an extension that the embedded engine lacks.
"""

import unicodedata
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Model, Q


def fold(text: str) -> str:
    """The text as it is compared: NFKC, without accents, without case."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """The runs of letters and digits of a folded text."""
    return "".join(char if char.isalnum() else " " for char in fold(text)).split()


def pairs(word: str) -> list[str]:
    """The neighbouring pairs of letters of a word; the word itself where it has one letter."""
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


def grams(*texts: str) -> list[str]:
    """What is stored: every letter and every pair of letters of the texts, once, in order."""
    found = {gram for text in texts for word in words(text) for gram in (*word, *pairs(word))}
    return sorted(found)


def matching(text: str, field: str = "search") -> Q:
    """Rows whose names hold every pair of letters of the text. Nothing typed finds everything.

    Pairs are compared without their order, so a rare false hit is possible; nothing that matches is missed.
    """
    wanted = sorted({pair for word in words(text) for pair in pairs(word)})
    return Q(**{f"{field}__contains": wanted}) if wanted else Q()


class GramsField(ArrayField):  # type: ignore[type-arg]  # generic for the type checker only
    """The search column: filled from other fields of the row whenever it is saved."""

    def __init__(self, *, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("base_field", CharField(max_length=2))
        kwargs.setdefault("default", list)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: Model, add: bool) -> list[str]:
        """The grams of the named fields, as they are now."""
        value = grams(*(str(getattr(model_instance, name) or "") for name in self.of))
        setattr(model_instance, self.attname, value)
        return value
