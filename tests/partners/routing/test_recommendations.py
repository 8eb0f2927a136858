"""Recommended contacts: rows read in a fixed number of queries and ranked by partners/routing/ranking.py."""

from datetime import date

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import end_agreement
from partners.agreements.status import AgreementStatus
from partners.contacts.actions import ContactEdit, correct_contact
from partners.contacts.working_hours import is_public_holiday
from partners.routing.contact_paths import PathDegree, RoutingPlace
from partners.routing.recommendations import recommend_contacts, routing_place
from tests.partners.routing.candidates import MASKS
from tests.worlds import cities
from tests.worlds.cities import NOW, invited_contact, own_link

pytestmark = pytest.mark.django_db
ON = date(2020, 4, 16)


def recommend(**facts):
    return recommend_contacts(
        cities.city("burnaby"), facts.pop("place", RoutingPlace(country="CN")), ON, **facts
    )


def test_contacts_of_a_partner_city_are_recommended_with_reasons():
    cities.twinning("burnaby", "zhongshan")
    cities.exchange("zhongshan", "burnaby", "2020-02-03")
    twin = cities.contact("zhongshan", languages=["zh-hans", "en"], families=["masks"], checks=["stock"])
    cities.contact("wuhan")
    cities.contact("burnaby")
    invited_contact("zhongshan", "Zhao Min")
    (only,) = recommend(goods=(MASKS,), check="stock", language="en")
    assert only.contact == twin
    assert only.ranked_contact.path == (PathDegree.PARTNER_AT_PLACE, AgreementStatus.IN_FORCE, True, None)
    assert [reason.code for reason in only.ranked_contact.reasons] == [
        "partner_at_place",
        "active",
        "language",
        "family",
        "check",
    ]


def test_cancelled_visit_does_not_make_an_agreement_active():
    cities.twinning("burnaby", "zhongshan")
    cities.exchange("zhongshan", "burnaby", "2020-02-03", kind="visit_cancelled")
    cities.contact("zhongshan")
    (only,) = recommend()
    assert not only.ranked_contact.path.is_active


def test_second_degree_recommendation_names_the_city_to_ask():
    cities.twinning("burnaby", "shanghai")
    cities.twinning("shanghai", "wuhan")
    cities.contact("wuhan")
    (only,) = recommend(place=routing_place(cities.city("wuhan")))
    assert only.ranked_contact.via is not None
    assert (only.ranked_contact.via.city_id, only.ranked_contact.via.name) == (
        cities.city("shanghai").pk,
        "Shanghai",
    )


def test_contact_already_checking_the_company_is_recommended_from_any_city():
    checking = cities.contact("markham")
    (only,) = recommend(checking={checking.pk})
    assert (only.contact, only.ranked_contact.path.degree) == (checking, PathDegree.ALREADY_CHECKING)
    assert recommend() == []


def test_ended_agreement_yields_no_recommendation():
    agreement = cities.twinning("burnaby", "zhongshan")
    cities.contact("zhongshan")
    end_agreement(agreement, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="council vote")
    assert recommend() == []


def test_recommendation_without_a_place_considers_holidays():
    cities.twinning("burnaby", "zhongshan")
    cities.contact("zhongshan")
    (suggestion,) = recommend_contacts(cities.city("burnaby"), RoutingPlace(), date(2020, 10, 1))
    assert suggestion.ranked_contact.candidate.is_on_public_holiday
    contact = suggestion.contact
    for keeps, off in (("", True), ("JP", False)):  # without a setting, the holidays of the place count
        correct_contact(contact, ContactEdit(holiday_country=keeps), by=own_link(contact), at=NOW)
        (suggestion,) = recommend_contacts(cities.city("burnaby"), RoutingPlace(), date(2020, 10, 1))
        assert suggestion.ranked_contact.candidate.is_on_public_holiday is off


def test_recommendation_query_count_is_the_same_for_one_and_ten_contacts(django_assert_num_queries):
    cities.twinning("burnaby", "zhongshan")
    cities.twinning("burnaby", "wuhan")
    cities.contact("zhongshan")
    cities.city("burnaby")
    with django_assert_num_queries(4):
        assert len(recommend()) == 1
    for number in range(9):
        cities.contact(("zhongshan", "wuhan")[number % 2], f"Contact {number}")
    with django_assert_num_queries(4):
        assert len(recommend()) == 10


def test_routing_place_of_province_includes_its_cities():
    assert routing_place(cities.city("ontario")) == RoutingPlace(subdivision="CA-ON", country="CA")
    assert routing_place(cities.city("markham")).contains(routing_place(cities.city("markham")))


@pytest.mark.parametrize(
    ("where", "day", "off"),
    [
        ("CN", "2020-10-01", True),
        ("CN", "2020-04-16", False),
        ("CA-BC", "2020-08-03", True),  # British Columbia Day
        ("CA-QC", "2020-08-03", False),
        ("ZZ", "2020-12-25", False),
    ],
)
def test_holidays_of_a_routing_place_are_local(where, day, off):
    assert is_public_holiday(where, date.fromisoformat(day)) is off
