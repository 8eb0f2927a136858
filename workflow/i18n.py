"""Sentences stored in all languages of the product, and numbers that are written as the reader's language does."""

from collections.abc import Callable
from decimal import Decimal
from typing import override

from django.utils import formats, translation
from django.utils.functional import keep_lazy_text

from workflow.errors import LazyText

type Translations = dict[str, str]  # by "en", "fr", "zh"

LANGUAGES = {"en": "en", "fr": "fr-ca", "zh": "zh-hans"}


def translate_all(sentence: LazyText | Callable[[], LazyText]) -> Translations:
    """Return a sentence in the product's three languages.

    A function is called once in each language, for sentences that contain numbers or names.
    """
    translations = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            translations[short] = str(sentence() if callable(sentence) else sentence)
    return translations


def translation_for_reader(translations: Translations) -> str:
    """Return the sentence in the reader's language, or in English if that is missing."""
    return translations.get((translation.get_language() or "en")[:2]) or translations["en"]


def join_sentences(*sentences: LazyText) -> str:
    """Return sentences in a row, with a space between, except in Chinese."""
    separator = "" if (translation.get_language() or "en").startswith("zh") else " "
    return separator.join(str(sentence) for sentence in sentences if sentence)


class LocalizedCount(int):
    """Count that a sentence writes as its reader's language does: 251,600 / 251 600.

    It is still a number elsewhere: for comparisons, for JSON, and for plural forms
    (`ngettext_lazy(one, many, "pieces") % {"pieces": LocalizedCount(n)}`).
    """

    @override
    def __str__(self) -> str:
        return formats.number_format(int(self), decimal_pos=0, use_l10n=True, force_grouping=True)


class LocalizedMeasure(Decimal):
    """Measured figure that a sentence writes as its reader's language does: 98.2 / 98,2.

    It has no zeros that were not measured.
    """

    @override
    def __str__(self) -> str:
        return formats.number_format(f"{Decimal(self).normalize():f}", use_l10n=True, force_grouping=False)


@keep_lazy_text
def lowercase_first(label: LazyText) -> str:
    """Return a label with a small first letter, for the middle of a sentence; lazily if the label is lazy."""
    text = str(label)
    return text[:1].lower() + text[1:]


def format_with_unit(value: Decimal, unit: str) -> str:
    """Return a measured value in its unit, with no line break between them: 120 mmHg.

    Per cent is as the language sets it: 98% or 98 %.
    """
    close = unit == "%" and not (translation.get_language() or "en").startswith("fr")
    return f"{LocalizedMeasure(value)!s}{'' if close else '\xa0'}{unit}"
