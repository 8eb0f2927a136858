"""Tests of the criteria of a need line on pages.

They are fixed on their own, and shown where offers are compared and on the order.
"""

import re

import pytest
from django.utils import translation

from procurement.allocations.forms import AllocationCriteriaForm, parse_criterion
from procurement.allocations.models import AllocationCriteria
from tests.browsing import Browser
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.verifier
        story.wanted = story.line(10_000)
        yield story


def criteria_url(line):
    return f"/needs/{line.supply_request.reference}/lines/{line.pk}/criteria/"


@pytest.mark.parametrize(
    ("typed", "words", "weight"),
    [
        ("60 Landed price", "Landed price", 60),
        ("60% Landed price", "Landed price", 60),
        ("60 Coût rendu", "Coût rendu", 60),
        ("60 % Coût rendu", "Coût rendu", 60),
        ("60：到岸成本", "到岸成本", 60),
        ("60到岸成本", "到岸成本", 60),
        ("60%到岸成本", "到岸成本", 60),
        ("Certificate confirmed", "Certificate confirmed", None),
        ("3M respirators", "3M respirators", None),
        ("证书已确认", "证书已确认", None),
    ],
)
def test_criterion_line_is_parsed_into_name_and_weight(typed, words, weight):
    assert parse_criterion(typed) == (words, weight)


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_example_beside_criteria_field_is_parsed_with_its_weight_in_each_language(language):
    with translation.override(language):
        help_text = str(AllocationCriteriaForm().fields["points"].help_text)
    example = re.search("[“«](.+?)[”»]", help_text)
    assert parse_criterion(example[1].strip()).weight == 60


def test_officer_sets_criteria_from_need_page(story):
    officer = Browser(story.officer.user)
    page = officer.open(story.wanted.supply_request).follow("Criteria")
    assert "No criteria are set yet." in page
    wrong = page.press("Set criteria", points="60 Landed price\n30 Day")
    assert (wrong.status, "90" in wrong.alert) == (422, True)
    empty = officer.open(criteria_url(story.wanted)).press("Set criteria", points="")
    assert (empty.status, set(empty.wrong)) == (422, {"points"})
    page = officer.open(criteria_url(story.wanted)).press(
        "Set criteria", points="60 Landed price\n40 Day\nCertificate"
    )
    assert "Set before the offers could be compared." in page
    assert "required" in page
    late = page.press("Set criteria", points="100 Landed price")
    assert (late.status, set(late.wrong)) == (422, {"reason"})
    page = officer.open(criteria_url(story.wanted)).press(
        "Set criteria", points="100 Landed price", reason="别的"
    )
    assert AllocationCriteria.objects.count() == 2
    assert "Earlier criteria" in page


def test_criteria_are_shown_on_offer_comparison_and_on_order(story):
    officer = Browser(story.officer.user)
    offers = [story.lead(story.wanted, price=price) for price in ("0.50", "0.60")]
    beside = "/leads/compare/?" + "&".join(f"lead={lead.reference}" for lead in offers)
    page = officer.open(beside)
    assert "No criteria are set: " in page
    page.follow("Set the evaluation criteria").press(
        "Set criteria", points="100 Landed price", reason="We forgot."
    )
    page = officer.open(beside)
    assert "Landed price" in page
    assert "Set after the offers could be compared. Offers received: 2" in page
    assert "We forgot." in page
    promised = story.promise(1_000)
    order = story.draft(promised)
    assert "No criteria are set: " in officer.open(order)
    officer.open(criteria_url(promised.line)).press("Set criteria", points="Certificate held", reason="Late.")
    assert "Certificate held" in officer.open(order)


def test_observer_of_city_can_read_criteria_and_other_city_gets_404(story):
    watching = Browser(story.observer.user)
    page = watching.open(criteria_url(story.wanted))
    assert "Set criteria" not in page.buttons
    assert watching.client.post(criteria_url(story.wanted), {"points": "Price"}).status_code == 200
    assert not AllocationCriteria.objects.exists()
    assert Browser(story.stranger.user).client.get(criteria_url(story.wanted)).status_code == 404
    other = story.line(500)
    missing = f"/needs/{story.wanted.supply_request.reference}/lines/{other.pk}/criteria/"
    assert watching.client.get(missing).status_code == 404
