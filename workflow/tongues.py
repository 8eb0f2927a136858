"""Sentences for readers of several languages: kept in each and read in the reader's own; and the counts that stand in them."""

from collections.abc import Callable
from decimal import Decimal
from typing import override

from django.utils import formats, translation

from workflow.errors import Words

type InThreeLanguages = dict[str, str]  # by "en", "fr", "zh"

TONGUES = {"en": "en", "fr": "fr-ca", "zh": "zh-hans"}


def in_three(words: Words | Callable[[], Words]) -> InThreeLanguages:
    """A sentence in the three languages of the product; a function is asked anew in each, for sentences that hold figures."""
    said = {}
    for short, language in TONGUES.items():
        with translation.override(language):
            said[short] = str(words() if callable(words) else words)
    return said


def read(said: InThreeLanguages) -> str:
    """The sentence in the reader's language, English where it is missing."""
    return said.get((translation.get_language() or "en")[:2]) or said["en"]


def one_after_another(*sentences: Words) -> str:
    """Sentences in a row, as the reader's language sets them: with a space between, in Chinese with none."""
    between = "" if (translation.get_language() or "en").startswith("zh") else " "
    return between.join(str(one) for one in sentences if one)


class Figure(int):
    """A count that a sentence writes as its reader's language does: 251,600 / 251 600.

    Still a number everywhere else: for plural forms (`ngettext_lazy(one, many, "pieces") % {"pieces": Figure(n)}`), for
    comparisons and for JSON.
    """

    @override
    def __str__(self) -> str:
        return formats.number_format(int(self), decimal_pos=0, use_l10n=True, force_grouping=True)


class Measure(Decimal):
    """A measured figure that a sentence writes as its reader's language does, without zeros nobody measured: 98.2 / 98,2."""

    @override
    def __str__(self) -> str:
        return formats.number_format(f"{Decimal(self).normalize():f}", use_l10n=True, force_grouping=False)


def in_unit(value: Decimal, unit: str) -> str:
    """A measured value in its unit, which no line break parts from it: 120 mmHg; per cent as the language sets it, 98% or 98 %."""
    close = unit == "%" and not (translation.get_language() or "en").startswith("fr")
    return f"{Measure(value)!s}{'' if close else '\xa0'}{unit}"
