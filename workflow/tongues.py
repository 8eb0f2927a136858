"""Sentences kept for readers of other languages: said once in each, read in the reader's own."""

from collections.abc import Callable

from django.utils import translation

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
