"""Tests of the index of names: it finds every pair that comparing all names finds, and scores only a few pairs."""

import random

import pytest

from benchmarks.watchlist_matching import random_names
from procurement.sanctions import name_index
from procurement.sanctions.name_index import (
    MAX_KEYS_FOR_PAIRS,
    IndexEntry,
    NameIndex,
    count_spelled_keys,
    is_candidate,
    key_weight,
)
from procurement.sanctions.rules.names import comparable_names, search_keys
from procurement.sanctions.rules.scoring import MATCH_THRESHOLD, score_names
from tests.procurement.sanctions.name_pairs import DIFFERENT_NAME_PAIRS, SAME_NAME_PAIRS

LIST_LENGTH = "Northlight Meridian Orbital Weaving Spinning Dyeing Finishing Cutting Sewing Packing Shipping Holding of Zhongshan"


def misspelled(chance: random.Random, name: str) -> str:
    """Return the name with one character left out, doubled or moved before its neighbour."""
    at = chance.randrange(len(name) - 1)
    kinds = (name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:])
    return chance.choice((*kinds, name[:at] + name[at + 1] + name[at] + name[at + 2 :]))


@pytest.fixture(scope="module")
def list_and_queries() -> tuple[list[str], list[str]]:
    """Return the names of a list, and names to compare with it.

    They come from the benchmark and the measured pairs; some are long, short or misspelled.
    """
    chance = random.Random(11)
    told, companies = random_names(250, 60)
    listed = [
        *told,
        *(other for _one, other in SAME_NAME_PAIRS + DIFFERENT_NAME_PAIRS),
        LIST_LENGTH,
        misspelled(chance, LIST_LENGTH),
        "Abc",
        "3M",
        "王宝",
    ]
    asked = [name for both in companies for name in both] + [
        one for one, _other in SAME_NAME_PAIRS + DIFFERENT_NAME_PAIRS
    ]
    asked += [misspelled(chance, name) for name in chance.sample(listed, 120) if len(name) > 2]
    return listed, [*asked, LIST_LENGTH, "Abc", "ABC Ltd", "3M Company", "宝王"]


@pytest.fixture(scope="module")
def index(list_and_queries: tuple[list[str], list[str]]) -> NameIndex:
    return NameIndex(IndexEntry(number, (name,)) for number, name in enumerate(list_and_queries[0]))


def test_name_index_finds_every_pair_found_by_comparing_all(list_and_queries, index):
    """No match among these names is missed. docs/open.md describes what could be missed."""
    listed, asked = list_and_queries
    forms = [comparable_names(name) for name in listed]
    found = 0
    for name in asked:
        mine = comparable_names(name)
        best = {
            number: max((score_names(one, other) for one in mine for other in theirs), default=0)
            for number, theirs in enumerate(forms)
        }
        possible = {number: likeness for number, likeness in best.items() if likeness >= MATCH_THRESHOLD}
        told = {number: one.score for number, one in index.find(name).items()}
        assert told == possible, name
        found += len(told)
    assert found > 200


def test_name_index_candidates_are_those_sharing_enough_keys(list_and_queries, index):
    listed, asked = list_and_queries
    theirs = [search_keys(form) for name in listed for form in comparable_names(name)]
    assert any(count_spelled_keys(keys) > MAX_KEYS_FOR_PAIRS for keys in theirs)
    assert any(count_spelled_keys(keys) <= name_index.MAX_KEYS_FOR_ONE_MATCH for keys in theirs)
    for form in (form for name in asked for form in comparable_names(name)):
        mine = search_keys(form)
        share = {
            number
            for number, keys in enumerate(theirs)
            if is_candidate(
                sum(key_weight(key) for key in mine & keys),
                count_spelled_keys(mine),
                count_spelled_keys(keys),
            )
        }
        assert index.candidates(form) == share


def test_eight_times_longer_list_scores_few_more_names(monkeypatch):
    """Scoring costs most. The number of scored pairs depends on similar names, not on the list's length."""
    counted: list[int] = []

    def counting(one, other):
        counted.append(1)
        return score_names(one, other)

    monkeypatch.setattr(name_index, "score_names", counting)
    scored = []
    for many in (250, 2000):
        counted.clear()
        listed, companies = random_names(many, 50)
        index = NameIndex(IndexEntry(number, (name,)) for number, name in enumerate(listed))
        for both in companies:
            for name in both:
                index.find(name)
        scored.append(len(counted))
        assert len(counted) < 100 * many / 50, "of a hundred names with each of the list, one pair in fifty"
    assert scored[1] < 8 * scored[0] + 8
