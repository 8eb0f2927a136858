"""Counts and labels within translated sentences: separators, plural forms and lower-case beginnings."""

import json

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext

from workflow.i18n import LocalizedCount, lowercase_first


@pytest.mark.parametrize(
    ("language", "written"), [("en", "251,600"), ("fr-ca", "251\xa0600"), ("zh-hans", "251,600")]
)
def test_count_in_a_sentence_has_the_readers_separators(language, written):
    with translation.override(language):
        assert f"{LocalizedCount(251_600)} left" == f"{written} left"
        words = "%(n)s left"
        assert words % {"n": LocalizedCount(251_600)} == f"{written} left"


def test_localized_count_is_serialized_as_number_and_selects_plural_form():
    assert json.dumps({"pieces": LocalizedCount(251_600)}) == '{"pieces": 251600}'
    assert LocalizedCount(3) + 4 == 7
    assert ngettext("one", "many", LocalizedCount(1)) == "one"


def test_label_within_a_sentence_starts_in_lower_case():
    label = lowercase_first(gettext_lazy("Its parent company"))
    assert str(label) == "its parent company"
    with translation.override("fr-ca"):
        assert str(label) == "sa société mère"
