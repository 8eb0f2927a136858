"""Goods in the ranking: every family asked for counts, then what the contact's place is known for, each with its reason."""

import pytest
from django.utils import translation

from partners.routing.goods import InquiryGoods, LocalGoods
from partners.routing.ranking import rank_contacts
from tests.partners.routing.candidates import (
    AT_BEIJING,
    AT_FOSHAN,
    AT_WUHAN,
    BURNABY,
    GLOVES,
    GOWNS,
    MASKS,
    ON,
    UNSURE,
    agreement_link,
    candidate,
    codes,
    question,
    ranked_contacts,
    reason_texts,
)

ALL = (MASKS, GOWNS, GLOVES)


def knows(*families):
    return {"product_families": frozenset(families)}


def known_for(made=(), **gifts):
    return {"local_goods": LocalGoods(made_families=frozenset(made), gift_years=gifts)}


# --- skills: every family counts ---
@pytest.mark.parametrize("goods", [(MASKS, GOWNS), (GOWNS, MASKS)])
@pytest.mark.parametrize("family", ["masks", "gowns"])
def test_contact_who_knows_any_asked_family_ranks_first_wherever_it_stands(goods, family):
    assert ranked_contacts(question(goods=goods), candidate(1), candidate(2, **knows(family))) == [2, 1]


@pytest.mark.parametrize(
    ("fewer", "more"),
    [
        ((), ("gloves",)),
        (("masks",), ("gowns", "gloves")),
        (("gloves", "caps", "tests"), ("masks", "gowns")),
        (("masks", "gowns"), ("gowns", "masks", "gloves")),
    ],
)
def test_contact_who_knows_more_of_the_asked_families_ranks_first(fewer, more):
    less, better = candidate(1, **knows(*fewer)), candidate(2, **knows(*more))
    assert ranked_contacts(question(goods=ALL), less, better) == [2, 1]
    assert ranked_contacts(question(goods=ALL), better, less) == [2, 1]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_contacts_rank_by_the_number_of_asked_families_that_they_know(number):
    asked = question(goods=ALL[:number])
    crowd = [candidate(1 + known, **knows(*(one.family for one in ALL[:known]))) for known in range(4)]
    ranked = ranked_contacts(asked, *crowd)
    assert ranked[-1] == 1
    assert ranked[: 4 - number] == list(range(1 + number, 5)), "families that no line asks for count nothing"


@pytest.mark.parametrize(
    ("reach", "worse"),
    [
        ({}, {"place": AT_FOSHAN}),
        ({}, {"place": AT_WUHAN}),
        ({}, {"agreement_links": (agreement_link(BURNABY, UNSURE),)}),
        ({"agreement_links": (agreement_link(BURNABY, active=True),)}, {}),
        ({}, {"open_task_count": 5}),
        ({}, {"has_returned_mail": True}),
    ],
)
def test_knowing_every_family_never_outranks_a_better_reach(reach, worse):
    everything = {**knows("masks", "gowns", "gloves"), **known_for(("masks", "gowns"), gloves=2020)}
    near, far = candidate(1, **reach), candidate(2, **worse, **everything, check_kinds=frozenset({"stock"}))
    assert ranked_contacts(question(goods=ALL, check_kind="stock"), far, near) == [1, 2]


def test_reading_the_officers_language_counts_before_the_goods():
    asked = question(goods=ALL, language="fr")
    reader = candidate(1, languages=frozenset({"fr"}))
    assert ranked_contacts(asked, candidate(2, **knows("masks", "gowns")), reader) == [1, 2]


def test_check_counts_as_much_as_one_family():
    asked = question(goods=(MASKS,), check_kind="stock")
    both = candidate(3, **knows("masks"), check_kinds=frozenset({"stock"}))
    checker, knower = candidate(1, check_kinds=frozenset({"stock"})), candidate(2, **knows("masks"))
    assert ranked_contacts(asked, knower, checker, both) == [3, 1, 2]


# --- the place ---
@pytest.mark.parametrize(
    "local", [known_for(["gowns"]), known_for(gowns=2020), known_for(["gowns"], gowns=2003)]
)
@pytest.mark.parametrize("place", [AT_WUHAN, AT_BEIJING])
def test_contact_at_a_place_known_for_the_goods_ranks_first(local, place):
    plain, known = candidate(1, place), candidate(2, place, **local)
    assert ranked_contacts(question(goods=(MASKS, GOWNS)), plain, known) == [2, 1]
    assert ranked_contacts(question(goods=(MASKS, GLOVES)), plain, known) == [1, 2], "other goods"
    assert ranked_contacts(question(), plain, known) == [1, 2], "an inquiry about no goods"


@pytest.mark.parametrize(
    ("fewer", "more"),
    [
        (known_for(["masks"]), known_for(["masks"], gowns=2020)),
        (known_for(["masks"], masks=2020), known_for(["gowns", "gloves"])),
        (known_for(masks=2021, caps=2022), known_for(masks=2003, gloves=2003)),
    ],
)
def test_place_known_for_more_of_the_asked_families_ranks_first(fewer, more):
    assert ranked_contacts(question(goods=ALL), candidate(1, **fewer), candidate(2, **more)) == [2, 1]


def test_place_counts_after_skills_and_before_absence():
    asked = question(goods=ALL)
    skilled = candidate(3, **knows("gloves"))
    placed_away = candidate(2, **known_for(["masks", "gowns"], gloves=2020), away_until=ON)
    present = candidate(1)
    assert ranked_contacts(asked, present, placed_away, skilled) == [3, 2, 1]


def test_deputy_takes_the_place_of_the_absent_contact():
    missing = candidate(1, AT_WUHAN, **known_for(["masks"]), away_until=ON, deputy_ids=(3,), name="Li Wei")
    able = candidate(2, AT_WUHAN, **known_for(["masks"]), open_task_count=1)
    assert ranked_contacts(question(goods=(MASKS,)), missing, able, candidate(3, AT_BEIJING)) == [3, 2, 1]


# --- reasons ---
def reasons_in(language, asked, one):
    (ranked,) = rank_contacts(asked, [one], ON)
    with translation.override(language):
        return reason_texts(ranked)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (["masks"], "knows these goods: Surgical mask"),
        (["gowns"], "knows these goods: Surgical gown; Plastic apron"),
        (["gloves", "masks"], "knows these goods: Surgical mask; Examination glove, nitrile"),
    ],
)
def test_skill_reason_names_the_products_of_the_lines_that_the_contact_knows(known, words):
    assert reasons_in("en", question(goods=ALL), candidate(**knows(*known))).endswith(words)
    assert "knows" not in reasons_in("en", question(goods=ALL), candidate(**knows("caps")))


def test_place_reasons_name_the_goods_the_place_and_the_year():
    local = known_for(["gowns", "masks", "caps"], gloves=2020, masks=2020, gowns=2003)
    one = candidate(**local, **knows("masks"), place_name="Huai’an")
    assert codes(question(goods=ALL), one) == [
        "partner_at_place",
        "in_force",
        "family",
        "makers",
        "gifts",
        "gifts",
    ]
    texts = reasons_in("en", question(goods=ALL), one)
    assert "makers of masks, gowns and aprons are known in Huai’an" in texts
    assert "Huai’an gave masks, gloves in 2020; Huai’an gave gowns and aprons in 2003" in texts
    assert "caps" not in texts


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr-ca", ["connaît ces produits", "fabricants connus (淮安市)", "淮安市 a donné en 2020"]),
        (
            "zh-hans",
            [
                "熟悉以下产品：Surgical mask",
                "已知淮安市有masks、gloves生产商",
                "淮安市曾于2020年捐赠gloves",
            ],
        ),
    ],
)
def test_reasons_are_given_in_the_readers_language(language, words):
    one = candidate(**known_for(["gloves", "masks"], gloves=2020), **knows("masks"), place_name="淮安市")
    texts = reasons_in(language, question(goods=ALL), one)
    assert all(one in texts for one in words), texts


def test_family_without_products_is_named_by_its_label():
    asked = question(goods=(InquiryGoods(family="masks", label="masks"),))
    assert "knows these goods: masks" in reasons_in("en", asked, candidate(**knows("masks")))
