"""Very many names against very many: the index leaves out nothing that comparing each with each finds, and scores few of them."""

import random

import pytest

from benchmarks.listing import names
from procurement.lists import screening
from procurement.lists.rules.names import forms_of, keys_of
from procurement.lists.rules.scoring import POSSIBLE, score
from procurement.lists.screening import MANY, Entry, Index, enough, spelled, weight
from tests.procurement.lists.names import ONE, OTHER

LONG = "Northlight Meridian Orbital Weaving Spinning Dyeing Finishing Cutting Sewing Packing Shipping Holding of Zhongshan"


def slipped(chance: random.Random, name: str) -> str:
    """A name with one sign left out, doubled or put before its neighbour."""
    at = chance.randrange(len(name) - 1)
    kinds = (name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:])
    return chance.choice((*kinds, name[:at] + name[at + 1] + name[at] + name[at + 2 :]))


@pytest.fixture(scope="module")
def drawn() -> tuple[list[str], list[str]]:
    """Names of a list, and names that are compared with it: of the benchmark, of the measured pairs, long and short, with slips."""
    chance = random.Random(11)
    told, companies = names(250, 60)
    listed = [
        *told,
        *(other for _one, other in ONE + OTHER),
        LONG,
        slipped(chance, LONG),
        "Abc",
        "3M",
        "王宝",
    ]
    asked = [name for both in companies for name in both] + [one for one, _other in ONE + OTHER]
    asked += [slipped(chance, name) for name in chance.sample(listed, 120) if len(name) > 2]
    return listed, [*asked, LONG, "Abc", "ABC Ltd", "3M Company", "宝王"]


@pytest.fixture(scope="module")
def index(drawn: tuple[list[str], list[str]]) -> Index:
    return Index(Entry(number, (name,)) for number, name in enumerate(drawn[0]))


def test_what_scoring_each_with_each_finds_is_found(drawn, index):
    """Nothing drawn here is missed; what could be is told in docs/open.md."""
    listed, asked = drawn
    forms = [forms_of(name) for name in listed]
    found = 0
    for name in asked:
        mine = forms_of(name)
        best = {
            number: max((score(one, other) for one in mine for other in theirs), default=0)
            for number, theirs in enumerate(forms)
        }
        possible = {number: likeness for number, likeness in best.items() if likeness >= POSSIBLE}
        told = {number: one.score for number, one in index.find(name).items()}
        assert told == possible, name
        found += len(told)
    assert found > 200


def test_candidates_are_those_that_share_enough_keys_and_no_others(drawn, index):
    listed, asked = drawn
    theirs = [keys_of(form) for name in listed for form in forms_of(name)]
    assert any(spelled(keys) > MANY for keys in theirs)
    assert any(spelled(keys) <= screening.FEW for keys in theirs)
    for form in (form for name in asked for form in forms_of(name)):
        mine = keys_of(form)
        share = {
            number
            for number, keys in enumerate(theirs)
            if enough(sum(weight(key) for key in mine & keys), spelled(mine), spelled(keys))
        }
        assert index.candidates(form) == share


def test_a_list_of_eight_times_as_many_names_makes_few_more_of_them_scored(monkeypatch):
    """What costs most is scoring: its number follows what is alike, not the length of the list."""
    counted: list[int] = []

    def counting(one, other):
        counted.append(1)
        return score(one, other)

    monkeypatch.setattr(screening, "score", counting)
    scored = []
    for many in (250, 2000):
        counted.clear()
        listed, companies = names(many, 50)
        index = Index(Entry(number, (name,)) for number, name in enumerate(listed))
        for both in companies:
            for name in both:
                index.find(name)
        scored.append(len(counted))
        assert len(counted) < 100 * many / 50, "of a hundred names with each of the list, one pair in fifty"
    assert scored[1] < 8 * scored[0] + 8
