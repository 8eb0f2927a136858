"""The ranking of contacts: properties of random candidates, task limits, and deputies."""

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partners.agreements.status import ENDED_STATUSES, AgreementStatus, has_begun, is_in_force
from partners.partial_dates import parse_partial_date
from partners.routing.contact_paths import RoutingPlace
from partners.routing.goods import LocalGoods
from partners.routing.ranking import best_unasked, rank_contacts
from tests.partners.agreements.test_status import AgreementStub
from tests.partners.routing.candidates import (
    AT_BEIJING,
    AT_FOSHAN,
    AT_WUHAN,
    AT_ZHONGSHAN,
    BEIJING,
    BURNABY,
    GLOVES,
    GOWNS,
    KUSHIRO,
    MASKS,
    NOT_YET,
    ON,
    OVER,
    SOME_TIME,
    STATUS_FACT,
    SUSPENDED,
    UNSURE,
    agreement_link,
    candidate,
    codes,
    question,
    ranked_contacts,
    reason_texts,
)

# --- properties ---
agreements = st.sampled_from(
    [
        STATUS_FACT,
        UNSURE,
        OVER,
        SUSPENDED,
        SOME_TIME,
        NOT_YET,
        AgreementStub(expires=parse_partial_date("2020")),
    ]
)
agreements = st.lists(
    st.builds(agreement_link, st.sampled_from([BURNABY, KUSHIRO, BEIJING]), agreements, active=st.booleans()),
    max_size=4,
).map(tuple)
places = st.sampled_from([AT_ZHONGSHAN, AT_FOSHAN, AT_WUHAN, AT_BEIJING])
families = st.frozensets(st.sampled_from(["masks", "gowns", "gloves", "caps"]))
local_goods = st.builds(
    LocalGoods,
    made_families=families,
    gift_years=st.dictionaries(st.sampled_from(["masks", "gowns", "caps"]), st.just(2020)),
)
questions = st.builds(
    question, st.one_of(places, st.just(RoutingPlace(country="CN")), st.just(RoutingPlace())), agreement_links=agreements,
    language=st.sampled_from(["", "fr"]), goods=st.lists(st.sampled_from([MASKS, GOWNS, GLOVES]), unique=True).map(tuple),
)  # fmt: skip
candidates = st.builds(
    candidate, st.just(0), places, agreements,
    languages=st.sampled_from([frozenset(), frozenset({"fr"})]), product_families=families, local_goods=local_goods,
    open_task_count=st.integers(0, 7), open_task_limit=st.integers(0, 6), median_answer_hours=st.none() | st.integers(0, 900),
    away_until=st.none() | st.just(ON), is_on_public_holiday=st.booleans(), is_checking_this_company=st.booleans(),
    has_returned_mail=st.booleans(), deputy_ids=st.lists(st.integers(1, 6), max_size=3).map(tuple),
)  # fmt: skip
crowds = st.lists(candidates, max_size=6).map(
    lambda crowd: [replace(one, contact_id=number) for number, one in enumerate(crowd, start=1)]
)


@given(questions, crowds)
def test_random_ranking_contains_no_contact_with_only_ended_agreements(asked, crowd):
    for ranked in rank_contacts(asked, crowd, ON):
        direct = [
            one.agreement
            for one in ranked.candidate.agreement_links
            if one.city_id == BURNABY and has_begun(one.agreement, ON)
        ]
        assert not direct or any(is_in_force(agreement, ON) for agreement in direct)
        assert ranked.path.status not in ENDED_STATUSES
        assert ranked.reasons


@given(questions, crowds, st.data())
def test_more_open_inquiries_never_raise_a_contacts_rank(asked, crowd, data):
    ranked = ranked_contacts(asked, *crowd)
    if not ranked:
        return
    busy = data.draw(st.sampled_from(ranked))
    heavier = [
        replace(one, open_task_count=one.open_task_count + data.draw(st.integers(1, 5)))
        if one.contact_id == busy
        else one
        for one in crowd
    ]
    assert ranked_contacts(asked, *heavier).index(busy) >= ranked.index(busy)


@given(questions, crowds, st.randoms(use_true_random=False))
def test_ranking_is_total_and_independent_of_input_order(asked, crowd, random):
    shuffled = list(crowd)
    random.shuffle(shuffled)
    ranked = ranked_contacts(asked, *crowd)
    assert ranked_contacts(asked, *shuffled) == ranked
    assert len(set(ranked)) == len(ranked)


@given(questions, crowds)
def test_contacts_with_capacity_rank_first_and_known_agreements_before_unknown(asked, crowd):
    told = [
        (
            one.candidate.has_returned_mail,
            one.candidate.is_at_limit,
            one.path.status is AgreementStatus.UNKNOWN,
        )
        for one in rank_contacts(asked, crowd, ON)
    ]
    rooms = [(2 if back else int(full), unsure) for back, full, unsure in told]
    assert rooms == sorted(rooms)


def deputies_of(missing, crowd):
    """Return all deputies of a contact, their deputies, and so on; circles are allowed."""
    known, found, left = {one.contact_id: one for one in crowd}, set(), list(missing.deputy_ids)
    while left:
        number = left.pop()
        if number not in found:
            found.add(number)
            left += known[number].deputy_ids if number in known else ()
    return found


@given(questions, crowds)
def test_substitute_is_available_and_named_by_an_unavailable_contact(asked, crowd):
    ranked = rank_contacts(asked, crowd, ON)
    places = {one.candidate.contact_id: number for number, one in enumerate(ranked)}
    ways = {one.candidate.contact_id: one.path for one in ranked}
    for one in ranked:
        if one.substitutes_for is not None:
            assert not one.candidate.needs_deputy(ON)
            assert one.substitutes_for.needs_deputy(ON)
            assert one.candidate.contact_id in deputies_of(one.substitutes_for, crowd)
            if one.path.rank <= ways[one.substitutes_for.contact_id].rank:  # each by their own path
                assert places[one.candidate.contact_id] < places[one.substitutes_for.contact_id]
            assert "substitute" in [reason.code for reason in one.reasons]


def test_busy_deputy_ranks_before_the_absent_contact():
    away = candidate(1, away_until=ON, deputy_ids=(2,))
    deputy = candidate(2, is_on_public_holiday=True, open_task_count=2)
    assert ranked_contacts(question(), away, deputy) == [2, 1]


# --- limits and deputies ---
def test_contact_without_capacity_ranks_behind_and_is_marked():
    full = candidate(1, agreement_links=(agreement_link(BURNABY, active=True),), open_task_count=5)
    unsure = candidate(2, AT_WUHAN, agreement_links=(agreement_link(BURNABY, UNSURE),), open_task_count=4)
    returned = candidate(3, has_returned_mail=True)
    assert ranked_contacts(question(), returned, full, unsure) == [2, 1, 3]
    assert codes(question(), full)[-1] == "full"
    assert codes(question(), returned)[-1] == "mail_returned"
    assert [one.needs_written_reason for one in rank_contacts(question(), [full, unsure], ON)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ({"away_until": ON}, "deputy for Li Wei, who is away"),
        (
            {"open_task_count": 5},
            "deputy for Li Wei, who has reached their maximum number of open requests",
        ),
        ({"has_returned_mail": True}, "deputy for Li Wei, whose email is being returned"),
    ],
)
def test_deputy_is_ranked_in_place_of_absent_contact(why, words):
    asked = question(goods=(MASKS,))
    missing = candidate(1, product_families=frozenset({"masks"}), deputy_ids=(3, 4), name="Li Wei", **why)
    able = candidate(2, product_families=frozenset({"masks"}), open_task_count=1)
    first, second = candidate(3), candidate(4, open_task_count=2)
    ranked = rank_contacts(asked, [missing, able, first, second], ON)
    assert [one.candidate.contact_id for one in ranked][:2] == [3, 2]
    with translation.override("en"):
        assert words in reason_texts(ranked[0])
    here = replace(missing, away_until=None, open_task_count=0, has_returned_mail=False)
    assert ranked_contacts(asked, here, able, first, second) == [1, 2, 3, 4]


def test_deputy_reached_by_longer_route_is_not_ranked_in_place_of_absent_contact():
    missing = candidate(1, away_until=ON, deputy_ids=(2,), name="Li Wei")
    nearby = candidate(2, AT_FOSHAN)
    ranked = rank_contacts(question(), [missing, nearby], ON)
    assert [(one.candidate.contact_id, one.substitutes_for) for one in ranked] == [(1, None), (2, missing)]


def test_unavailable_deputy_or_one_with_an_ended_agreement_is_no_substitute():
    missing = candidate(1, away_until=ON, deputy_ids=(2, 3, 9))
    away = candidate(2, away_until=ON)
    over = candidate(3, agreement_links=(agreement_link(BURNABY, OVER),))
    ranked = rank_contacts(question(), [missing, away, over], ON)
    assert [(one.candidate.contact_id, one.substitutes_for) for one in ranked] == [(1, None), (2, None)]


def test_deputy_of_an_absent_deputy_steps_in():
    asked = question(goods=(MASKS,))
    missing = candidate(
        1, product_families=frozenset({"masks"}), away_until=ON, deputy_ids=(2,), name="Li Wei"
    )
    also = candidate(2, open_task_count=5, deputy_ids=(1, 4), name="Wang Fang")  # names Li Wei in return
    able, last = candidate(3, product_families=frozenset({"masks"}), open_task_count=1), candidate(4)
    ranked = rank_contacts(asked, [missing, also, able, last], ON)
    assert [one.candidate.contact_id for one in ranked] == [4, 3, 1, 2]
    assert ranked[0].substitutes_for == missing


def test_absent_deputies_naming_each_other_are_still_ranked():
    ring = [candidate(number, away_until=ON, deputy_ids=(number % 3 + 1,)) for number in (1, 2, 3)]
    assert ranked_contacts(question(), *ring) == [1, 2, 3]
    assert ranked_contacts(question(), candidate(1, away_until=ON, deputy_ids=(1,))) == [1]


def test_deputy_of_several_contacts_gets_best_rank_among_them():
    asked = question(goods=(MASKS,))
    plain = candidate(1, away_until=ON, deputy_ids=(3,), name="Li")
    skilled = candidate(2, away_until=ON, deputy_ids=(3,), name="Wang", product_families=frozenset({"masks"}))
    for crowd in ([plain, skilled], [skilled, plain]):
        ranked = rank_contacts(asked, [*crowd, candidate(3)], ON)
        assert ranked[0].substitutes_for == skilled


@given(questions, crowds)
def test_asking_one_after_another_repeats_no_contact_and_skips_full_ones(asked, crowd):
    ranked, known = rank_contacts(asked, crowd, ON), []
    while (following := best_unasked(ranked, known)) is not None:
        known.append(following.candidate.contact_id)
        assert not following.candidate.is_at_limit
        assert not following.candidate.has_returned_mail
    assert len(known) == len(set(known)) <= len(crowd)
