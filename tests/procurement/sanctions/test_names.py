"""Tests of the similarity of names: one name in two forms, different names, and the keys of the index."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from procurement.sanctions.name_index import (
    IndexEntry,
    NameIndex,
    count_spelled_keys,
    is_candidate,
    key_weight,
)
from procurement.sanctions.rules.names import (
    comparable_names,
    normalize_identifier,
    search_keys,
    search_keys_of_names,
)
from procurement.sanctions.rules.scoring import MATCH_THRESHOLD, best_score, score_names
from tests.procurement.sanctions.name_pairs import DIFFERENT_NAME_PAIRS, SAME_NAME_PAIRS


def similarity(one, other):
    found = best_score(one, [other])
    return found.score if found else 0


@pytest.mark.parametrize(("one", "other"), SAME_NAME_PAIRS)
def test_one_name_in_two_spellings_matches_in_both_directions(one, other):
    assert similarity(one, other) >= MATCH_THRESHOLD
    assert similarity(other, one) == similarity(one, other)


def test_false_matches_among_similar_honest_names_are_known():
    alarms = [(one, other) for one, other in DIFFERENT_NAME_PAIRS if similarity(one, other)]
    assert alarms == [("Ivan Petrovich Sokolov", "Ivan Petrovich Sobolev")]  # one letter of three names


@pytest.mark.parametrize(("one", "other"), SAME_NAME_PAIRS + DIFFERENT_NAME_PAIRS)
def test_name_index_finds_the_same_pairs_as_direct_comparison(one, other):
    found = NameIndex([IndexEntry(7, (other,))]).find(one)
    assert found == ({7: best_score(one, [other])} if similarity(one, other) else {})
    if found:  # the keys stored in the database do so as well
        assert set(search_keys_of_names([one], [])) & set(search_keys_of_names([other], []))


LATIN = st.text("abcdeghiklmnoprstuwxyz", min_size=3, max_size=9)
CHINESE = st.text("中山康护医疗新疆天棉纺织华绒服饰东方远景贸易有限公司", min_size=2, max_size=10)
LATIN_NAMES = st.lists(LATIN, min_size=1, max_size=4).map(" ".join)
NAMES = st.one_of(LATIN_NAMES, CHINESE)
ONE_CHARACTER_EDITS = st.one_of(  # a name, and a character of its script
    st.tuples(LATIN_NAMES, st.sampled_from("abkzu")), st.tuples(CHINESE, st.sampled_from("康护天"))
)


@given(ONE_CHARACTER_EDITS, st.integers(0, 40))
@example(("aabbaa", "a"), 3)  # a slip in the middle of a word whose ends overlap spoils both
def test_sufficiently_similar_names_share_enough_keys(slip, place):
    """Compare a name with itself after one character was inserted, removed or changed."""
    name, sign = slip
    at = place % (len(name) + 1)
    for other in (
        name[:at] + sign + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + sign + name[at + 1 :],
    ):
        for one in comparable_names(name):
            for two in comparable_names(other):
                if score_names(one, two) >= MATCH_THRESHOLD:
                    mine, theirs = search_keys(one), search_keys(two)
                    shared = sum(key_weight(key) for key in mine & theirs)
                    assert is_candidate(shared, count_spelled_keys(mine), count_spelled_keys(theirs)), (
                        name,
                        other,
                        mine,
                        theirs,
                    )


@given(NAMES)
def test_every_name_matches_itself_regardless_of_legal_form(name):
    if comparable_names(name):
        assert similarity(name, name) == 100
        assert all(
            0 <= score_names(one, two) <= 100
            for one in comparable_names(name)
            for two in comparable_names("Kanghu 康护")
        )


@pytest.mark.parametrize("name", ["", "  ", "A", "·", "有", "🙂"])
def test_empty_or_one_character_names_match_no_watchlist_entry(name):
    assert best_score(name, ["Kanghu", "康护"]) is None


def test_long_identifiers_are_compared_whole_and_short_ones_ignored():
    assert normalize_identifier("9133 0100-799655058b") == "91330100799655058B"
    assert normalize_identifier("1234567") == ""
    assert best_score("91330100799655058B", ["Somebody"], ["9133 0100 7996 5505 8B"]).score == 100
    assert (
        NameIndex([IndexEntry(1, ("Somebody",), ("91330100799655058B", "1"))])
        .find("91330100799655058b")[1]
        .score
        == 100
    )


def test_name_of_only_place_or_trade_is_compared_by_it():
    assert similarity("Zhongshan", "Zhongshan Ltd") == 100
    assert similarity("中山有限公司", "中山") == 100
    assert similarity("医疗", "医疗公司") == 100
    assert similarity("Ltd Co", "Co Ltd") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社サクラ工業", "株式会社ミズホ工業"),
        ("日本サクラ工業", "日本ミズホ工業"),
        ("㈱サクラ", "㈱ミズホ"),
        ("ABC(中国)有限公司", "XYZ（中国）有限公司"),
        ("BYD医疗科技有限公司", "ABC医疗科技有限公司"),
        ("HP医疗科技有限公司", "3M医疗科技有限公司"),
        ("Medical Co Ltd (康护医疗)", "Medical Company (海安医疗)"),
    ],
)
def test_shared_legal_form_trade_or_place_alone_is_no_match(one, other):
    assert similarity(one, other) == similarity(other, one) == 0
    assert NameIndex([IndexEntry(7, (other,))]).find(one) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社サクラ工業", "㈱サクラ工業"),
        ("ｻｸﾗ有限会社", "サクラ"),
        ("BYD医疗科技有限公司", "BYD Medical"),
        ("China Medical 中国医疗", "中国医疗有限公司"),
        ("Đại Nam", "Dai Nam"),
        ("Łódź Medyk", "Lodz Medyk"),
        ("Rødøy Sœurs", "Rodoy Soeurs"),
    ],
)
def test_kana_variants_and_letters_with_strokes_match(one, other):
    assert similarity(one, other) >= MATCH_THRESHOLD
    assert set(NameIndex([IndexEntry(7, (other,))]).find(one)) == {7}


def test_search_keys_of_very_long_names_fit_the_column():
    long = "ﷺ" * 400  # becomes 18 letters each when folded
    assert max(map(len, search_keys_of_names([long, "康" * 400], [long]))) <= 420


def test_different_places_distinguish_company_names():
    assert similarity("Zhongshan Kanghu Ltd", "Foshan Kanghu Ltd") == 0
    assert similarity("中山康护", "Foshan Kanghu Ltd") == 0
    assert similarity("北京康护医疗器械", "上海康护医疗器械") == 0


def test_most_similar_of_several_names_is_reported():
    found = best_score("Kanghu Medical", ["Kangu Medical", "Kanghu Medical", "KANGHU MEDICAL"])
    assert (found.score, found.listed_as) == (100, "Kanghu Medical")
