"""The degree of nearness between a contact and a need, the city that must agree, and the order within a degree."""

from datetime import timedelta

import pytest
from django.utils import translation

from partners.agreements.status import AgreementStatus
from partners.partial_dates import parse_partial_date
from partners.routing.contact_paths import PathDegree, RoutingPlace
from partners.routing.ranking import rank_contacts
from tests.partners.agreements.test_status import AgreementStub
from tests.partners.routing.candidates import (
    AT_BEIJING,
    AT_FOSHAN,
    AT_WUHAN,
    AT_ZHONGSHAN,
    BEIJING,
    BURNABY,
    FOSHAN,
    KUSHIRO,
    MASKS,
    NOT_YET,
    ON,
    OVER,
    SOME_TIME,
    SUSPENDED,
    UNSURE,
    WUHAN,
    agreement_link,
    candidate,
    codes,
    question,
    ranked_contacts,
    reason_texts,
)


# --- the degrees ---
def test_contacts_are_ordered_by_degree_of_nearness():
    asked = question(agreement_links=(agreement_link(KUSHIRO),))
    at_place = candidate(5)
    nearby = candidate(4, AT_FOSHAN)
    second = candidate(3, AT_ZHONGSHAN, agreement_links=(agreement_link(KUSHIRO),))
    checking = candidate(2, AT_BEIJING, agreement_links=(), is_checking_this_company=True)
    elsewhere = candidate(1, AT_WUHAN)
    assert ranked_contacts(asked, elsewhere, checking, second, nearby, at_place) == [5, 4, 3, 2, 1]


def test_second_degree_contact_names_the_partner_city_that_must_agree():
    (ranked,) = rank_contacts(
        question(agreement_links=(agreement_link(KUSHIRO),)),
        [candidate(agreement_links=(agreement_link(KUSHIRO),))],
        ON,
    )
    assert ranked.path.degree is PathDegree.SECOND_DEGREE
    assert ranked.via is not None
    assert ranked.via.city_id == KUSHIRO
    assert (
        reason_texts(ranked)
        == "partner of Kushiro, your partner city, whose consent is needed; agreement in force"
    )


def test_direct_contact_needs_no_partner_citys_consent():
    (ranked,) = rank_contacts(question(), [candidate()], ON)
    assert ranked.via is None


def test_active_agreement_in_force_decides_which_partner_city_is_asked():
    asked = question(
        agreement_links=(
            agreement_link(KUSHIRO, UNSURE),
            agreement_link(FOSHAN),
            agreement_link(WUHAN, active=True),
            agreement_link(BEIJING, OVER),
        )
    )
    agreements = (
        agreement_link(KUSHIRO),
        agreement_link(FOSHAN),
        agreement_link(WUHAN, active=True),
        agreement_link(BEIJING),
    )
    (ranked,) = rank_contacts(asked, [candidate(agreement_links=agreements)], ON)
    assert ranked.via is not None
    assert ranked.via.city_id == WUHAN


def test_certainty_of_a_route_is_that_of_its_weaker_agreement():
    (ranked,) = rank_contacts(
        question(agreement_links=(agreement_link(KUSHIRO),)),
        [candidate(agreement_links=(agreement_link(KUSHIRO, UNSURE),))],
        ON,
    )
    assert ranked.path.status is AgreementStatus.UNKNOWN


def test_second_degree_contact_must_be_at_the_place_itself():
    asked = question(agreement_links=(agreement_link(KUSHIRO),))
    assert ranked_contacts(asked, candidate(place=AT_WUHAN, agreement_links=(agreement_link(KUSHIRO),))) == []


def test_contact_of_a_city_without_any_agreement_is_not_ranked():
    assert ranked_contacts(question(), candidate(agreement_links=())) == []


def test_place_of_a_need_may_be_a_city_province_country_or_anywhere():
    contacts = [candidate(1, AT_ZHONGSHAN), candidate(2, AT_WUHAN)]
    abroad = candidate(3, RoutingPlace(city_id=9, country="JP"))

    def degrees(place):
        ranked = rank_contacts(question(place), [*contacts, abroad], ON)
        return [(one.candidate.contact_id, one.path.degree) for one in ranked]

    assert degrees(RoutingPlace(subdivision="CN-HB", country="CN")) == [(2, 1), (1, 5)]
    assert degrees(RoutingPlace(country="CN")) == [(1, 1), (2, 1)]
    assert degrees(RoutingPlace()) == [(1, 1), (2, 1), (3, 1)]


# --- no path through an ended agreement ---
@pytest.mark.parametrize(
    "ended", [OVER, SUSPENDED, SOME_TIME, AgreementStub(expires=parse_partial_date("2019-12-31"))]
)
def test_contact_with_only_ended_agreements_is_not_ranked(ended):
    asked = question(agreement_links=(agreement_link(KUSHIRO),))
    over = candidate(
        agreement_links=(agreement_link(BURNABY, ended), agreement_link(KUSHIRO)),
        is_checking_this_company=True,
    )
    assert ranked_contacts(asked, over) == []


def test_agreement_in_force_counts_beside_an_ended_one():
    both = candidate(agreement_links=(agreement_link(BURNABY, OVER), agreement_link(BURNABY, active=True)))
    (ranked,) = rank_contacts(question(), [both], ON)
    assert ranked.path.is_active


def test_agreement_not_yet_signed_neither_permits_nor_prevents_an_inquiry():
    assert ranked_contacts(question(), candidate(agreement_links=(agreement_link(BURNABY, NOT_YET),))) == []
    later = candidate(agreement_links=(agreement_link(BURNABY, NOT_YET), agreement_link(KUSHIRO)))
    assert ranked_contacts(question(agreement_links=(agreement_link(KUSHIRO),)), later) == [1]


def test_ended_agreement_on_either_leg_closes_the_second_degree():
    assert (
        ranked_contacts(
            question(agreement_links=(agreement_link(KUSHIRO, OVER),)),
            candidate(agreement_links=(agreement_link(KUSHIRO),)),
        )
        == []
    )
    assert (
        ranked_contacts(
            question(agreement_links=(agreement_link(KUSHIRO),)),
            candidate(agreement_links=(agreement_link(KUSHIRO, OVER),)),
        )
        == []
    )


# --- within a degree ---
def test_agreement_of_unknown_status_ranks_last_and_is_marked():
    unsure = candidate(1, agreement_links=(agreement_link(BURNABY, UNSURE),))
    elsewhere = candidate(2, AT_WUHAN)
    assert ranked_contacts(question(), unsure, elsewhere) == [2, 1]
    assert "unknown" in codes(question(), unsure)


def test_contact_already_checking_the_company_keeps_the_unknown_agreement_mark():
    checking = candidate(
        1, AT_BEIJING, agreement_links=(agreement_link(BURNABY, UNSURE),), is_checking_this_company=True
    )
    assert codes(question(), checking) == ["already_checking", "unknown", "company"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"agreement_links": (agreement_link(BURNABY, active=True),)}, {}),
        ({"languages": frozenset({"fr"})}, {}),
        ({"product_families": frozenset({"masks"})}, {}),
        ({"check_kinds": frozenset({"stock"})}, {}),
        ({"open_task_count": 4}, {"open_task_count": 5}),
        ({}, {"away_until": ON}),
        ({"away_until": ON - timedelta(days=1)}, {"is_on_public_holiday": True}),
        ({"open_task_count": 1}, {"open_task_count": 2}),
        ({"median_answer_hours": 20}, {"median_answer_hours": 21}),
        ({"median_answer_hours": 2000}, {}),
    ],
)
def test_better_suited_contact_ranks_first(better, worse):
    asked = question(language="fr", goods=(MASKS,), check_kind="stock")
    assert ranked_contacts(asked, candidate(1, **worse), candidate(2, **better)) == [2, 1]


def test_each_ranking_criterion_is_stated_in_the_reasons():
    asked = question(language="fr", goods=(MASKS,), check_kind="stock")
    able = candidate(
        agreement_links=(agreement_link(BURNABY, active=True),),
        languages=frozenset({"fr"}),
        product_families=frozenset({"masks"}),
        check_kinds=frozenset({"stock"}),
        open_task_count=2,
        away_until=ON,
        is_on_public_holiday=True,
        median_answer_hours=30,
    )
    assert codes(asked, able) == [
        "partner_at_place", "active", "language", "family", "check", "open_questions", "away", "holiday", "answer_hours",
    ]  # fmt: skip
    assert codes(asked, candidate(open_task_count=5, open_task_limit=5)) == [
        "partner_at_place",
        "in_force",
        "full",
    ]
    assert codes(asked, candidate(place=AT_FOSHAN))[0] == "partner_nearby"
    assert codes(asked, candidate(place=AT_WUHAN))[0] == "partner_elsewhere"


def test_ranking_reasons_are_written_with_their_figures():
    (ranked,) = rank_contacts(question(), [candidate(open_task_count=1, median_answer_hours=30)], ON)
    with translation.override("en"):
        assert reason_texts(ranked) == (
            "your partner city where the supplier is located; agreement in force; has 1 open inquiry; usually "
            "replies "
            "within 30 hours"
        )
