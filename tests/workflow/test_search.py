"""Search for names in any script by their letters."""

import pytest

from workflow.search import GramsField, bigrams, fold_text, name_contains, search_grams, split_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Montréal", "montreal"), ("ＧＵＡＮＧ", "guang"), ("Straße", "strasse"), ("中山市", "中山市")],
)
def test_search_ignores_accents_width_and_case(text, folded):
    assert fold_text(text) == folded


def test_search_words_are_runs_of_letters_and_digits():
    assert split_words("Zhongshan (中山) N95-mask") == ["zhongshan", "中山", "n95", "mask"]


def test_search_uses_pairs_of_neighbouring_letters():
    assert bigrams("中山市") == ["中山", "山市"]
    assert bigrams("山") == ["山"]


def test_stored_search_letters_and_pairs_are_unique_and_sorted():
    assert search_grams("aab", "ba") == ["a", "aa", "ab", "b", "ba"]


def test_empty_search_matches_everything_and_otherwise_every_pair_is_required():
    assert not name_contains(" - ")
    assert name_contains("Zhong").children == [("search__contains", ["ho", "ng", "on", "zh"])]
    assert name_contains("山", "names").children == [("names__contains", ["山"])]


def test_search_column_keeps_its_source_fields_in_migrations():
    _name, _path, _args, options = GramsField(of=("name_en", "name_local")).deconstruct()
    assert options["of"] == ("name_en", "name_local")
