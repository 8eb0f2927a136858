"""Search for names in any script, by their letters and pairs of letters.

These are kept in an array with a GIN index. PostgreSQL's full-text search takes a Chinese name as one word,
and trigrams need an extension that the embedded engine lacks.
"""

import re
import unicodedata
from functools import cache
from typing import Any

import opencc
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Model, Q

from workflow.pinyin import syllables_of

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


def fold_text(text: str) -> str:
    """Return the text in the form in which it is compared: NFKC, without accents, without case."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


# Letters that are not a letter with an accent. People without them on the keyboard write plain letters.
_PLAIN = str.maketrans(
    {"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold_name(name: str) -> str:
    """Return a name as it is compared with another: folded, in simplified characters.

    “Đại Nam” becomes “dai nam”. Not for searching: a column that was filled by `fold_text` is searched with
    `fold_text`.
    """
    folded = fold_text(name)
    return folded if folded.isascii() else to_simplified_chinese(folded.translate(_PLAIN))


def to_simplified_chinese(text: str) -> str:
    """Return the text with simplified Chinese characters in place of traditional ones."""
    return text if text.isascii() else _simplified().convert(text)


@cache
def _simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def split_words(text: str) -> list[str]:
    """Return the runs of letters and digits of a folded text."""
    return "".join(char if char.isalnum() else " " for char in fold_text(text)).split()


def bigrams(word: str) -> list[str]:
    """Return the neighbouring pairs of letters of a word, or the word itself if it has one letter."""
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


def search_grams(*texts: str) -> list[str]:
    """Return the contents of the search column: every letter and pair of letters, once, sorted.

    Chinese characters are found by their pinyin, too, written as one word: 中山 by “zhongshan”.
    """
    read = [*texts, *("".join(syllables_of(run)) for text in texts for run in _HAN.findall(text))]
    return sorted({gram for text in read for word in split_words(text) for gram in (*word, *bigrams(word))})


def name_contains(text: str, field: str = "search") -> Q:
    """Return the condition for rows whose names hold every pair of letters of the text.

    An empty text matches every row. Pairs are compared without their order, so a rare false hit is possible;
    no match is missed.
    """
    pairs = sorted({pair for word in split_words(text) for pair in bigrams(word)})
    return Q(**{f"{field}__contains": pairs}) if pairs else Q()


def contains_each_word(text: str, *columns: str, field: str = "search") -> Q:
    """Return the condition for rows in which each word of the text is in one of the columns.

    Words are compared as typed, except for capitals. For long texts: there the pairs of letters
    match nearly everything and only narrow what is read.
    """
    found = name_contains(text, field)
    for word in text.split():
        word_condition = Q(pk=None)
        for column in columns:
            word_condition |= Q(**{f"{column}__icontains": word})
        found &= word_condition
    return found


def is_reference_start(text: str, *prefixes: str) -> bool:
    """Return True if the text is, or begins, a reference of such a kind: PO, po-2020, PO-2020-0042."""
    return re.match(rf"({'|'.join(prefixes)})(-|$)", normalize_reference(text)) is not None


def normalize_reference(text: str) -> str:
    """Return typed text in the form in which references are written."""
    return unicodedata.normalize("NFKC", text).strip().upper()


class GramsField(ArrayField):  # type: ignore[type-arg]  # generic for the type checker only
    """Search column, filled from other fields of the row whenever it is saved."""

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
        """Return the letters and pairs of letters of the named fields, as they are now."""
        value = search_grams(*(str(getattr(model_instance, name) or "") for name in self.of))
        setattr(model_instance, self.attname, value)
        return value
