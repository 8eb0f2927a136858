"""Search for names in any script by their letters."""

import pytest

from workflow.search import GramsField, bigrams, fold, grams, name_contains, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Montréal", "montreal"), ("ＧＵＡＮＧ", "guang"), ("Straße", "strasse"), ("中山市", "中山市")],
)
def test_accents_width_and_case_do_not_matter(text, folded):
    assert fold(text) == folded


def test_words_are_runs_of_letters_and_digits():
    assert words("Zhongshan (中山) N95-mask") == ["zhongshan", "中山", "n95", "mask"]


def test_pairs_of_neighbours_and_a_single_letter_itself():
    assert bigrams("中山市") == ["中山", "山市"]
    assert bigrams("山") == ["山"]


def test_stored_are_letters_and_pairs_once_in_order():
    assert grams("aab", "ba") == ["a", "aa", "ab", "b", "ba"]


def test_looking_for_nothing_finds_everything_and_else_every_pair_must_be_there():
    assert not name_contains(" - ")
    assert name_contains("Zhong").children == [("search__contains", ["ho", "ng", "on", "zh"])]
    assert name_contains("山", "names").children == [("names__contains", ["山"])]


def test_the_column_keeps_its_sources_in_migrations():
    _name, _path, _args, options = GramsField(of=("name_en", "name_local")).deconstruct()
    assert options["of"] == ("name_en", "name_local")
