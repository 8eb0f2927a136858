"""Offers that fit a need, and needs that an offer fits: what is listed, in which order, and what is missing."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.cities.models import City
from procurement.allocations.candidates.queries import needs_fitting_offer, offers_fitting_lines
from procurement.allocations.candidates.rules import Candidate, Shortfall
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine, SupplyRequest
from tests.browsing import Browser
from tests.speed.copied_rows import COPIES, copy_twenty_times
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(scope="module")
def story(once: Any) -> Iterator[Any]:
    """Return a need for 10,000 masks, and an offer of 50,000 that meets every requirement of its line."""
    with once():
        story: Any = Story()
        assert story.officer and story.observer and story.stranger
        story.wanted = story.line(10_000, visibility="network")
        story.offer = story.lead(story.wanted, stock=50_000)
        RequestLine.objects.filter(pk=story.wanted.pk).update(
            max_unit_price=Decimal(3), currency="CAD", needed_by=TODAY + timedelta(days=30)
        )
        change(story.offer, price_in_city_currency=Decimal(2), air_days=10, sea_days=None, landed={})
        yield story


def change(lead: SupplierLead, **facts: Any) -> None:
    SupplierLead.objects.filter(pk=lead.pk).update(**facts)


def change_line(line: RequestLine, **facts: Any) -> None:
    RequestLine.objects.filter(pk=line.pk).update(**facts)


def candidates(story: Any, line: RequestLine | None = None) -> list[Candidate]:
    """Return the candidates for a line as the officer sees them."""
    rows = RequestLine.objects.select_related("product", "supply_request__city")
    found = rows.get(pk=(line or story.wanted).pk)
    return offers_fitting_lines(story.officer.by, [found], AT).get(found.pk, [])


def missing(story: Any) -> list[tuple[str, int | None]]:
    (one,) = candidates(story)
    return [(fact.shortfall.value, fact.figure) for fact in one.missing]


def candidates_page(story: Any, who: Any = None) -> Any:
    return Browser((who or story.officer).user).open(
        f"{story.wanted.supply_request.get_absolute_url()}candidates/"
    )


def test_offer_that_meets_everything_is_listed_with_its_reasons(story: Any) -> None:
    change(story.offer, landed={"by": {"air": {"total": "2.40", "complete": False}}})
    page = candidates_page(story).text.replace("\xa0", " ")
    assert story.offer.reference in page
    for reason in ("Meets the requested standard", "in time: by air on 26 April 2020", "50,000 available"):
        assert reason in page, page
    assert "landed cost: at least CAD 2.40" in page
    assert "Offers that nearly match" not in page


@pytest.mark.parametrize(
    ("offer", "line", "shortfall"),
    [
        ({"standard": None}, {}, ("standard_unknown", None)),
        ({"declared_use": "non_medical"}, {}, ("non_medical", None)),
        ({"status": "under_review", "verified_at": None}, {}, ("not_verified", None)),
        ({"price_in_city_currency": Decimal("3.0001")}, {}, ("price", None)),
        ({"price_in_city_currency": None}, {}, ("no_price", None)),
        ({"air_days": 31}, {}, ("late", 1)),
        ({"air_days": 10, "lead_days": 23}, {}, ("late", 3)),
        ({"min_order_quantity": 20_000}, {}, ("minimum_order", 20_000)),
        ({"min_order_quantity": 10_001}, {}, ("minimum_order", 10_001)),
        ({"carton_pieces": 12_000}, {}, ("carton", 12_000)),
        ({"valid_until": TODAY - timedelta(days=1)}, {}, ("ended", None)),
        ({"min_order_quantity": 6_000}, {"allocated": 4_001}, ("minimum_order", 6_000)),
    ],
    ids=str,
)
def test_one_fact_that_is_missing_is_named_with_its_figure(
    story: Any, offer: dict[str, Any], line: dict[str, Any], shortfall: tuple[str, int | None]
) -> None:
    story.wanted.standards.set(Standard.objects.filter(code="ASTM-F2100-L2"))
    assert missing(story) == []
    change(story.offer, **offer)
    change_line(story.wanted, **line)
    assert missing(story) == [shortfall]
    page = candidates_page(story)
    assert "No offer fully matches this line." in page
    assert "Offers that nearly match" in page


@pytest.mark.parametrize(
    ("offer", "line"),
    [
        ({"air_days": 30}, {}),
        ({"price_in_city_currency": Decimal(3)}, {}),
        ({"min_order_quantity": 10_000}, {}),
        ({"carton_pieces": 10_000}, {}),
        ({"valid_until": TODAY}, {}),
        ({"air_days": 99}, {"needed_by": TODAY - timedelta(days=1)}),
        ({"price_in_city_currency": Decimal(9)}, {"currency": "EUR"}),
        ({"price_in_city_currency": None}, {"max_unit_price": None}),
        ({"sea_days": 300}, {}),
    ],
    ids=str,
)
def test_offer_at_the_limit_lacks_nothing(story: Any, offer: dict[str, Any], line: dict[str, Any]) -> None:
    change(story.offer, **offer)
    change_line(story.wanted, **line)
    assert missing(story) == []


@pytest.mark.parametrize(
    ("kind", "accepts", "shortfall"),
    [
        ("sale", ["donation"], Shortfall.NOT_PURCHASED),
        ("donation", ["purchase"], Shortfall.NO_DONATIONS),
    ],
)
def test_offer_of_a_kind_that_the_need_does_not_accept_nearly_matches(
    story: Any, kind: str, accepts: list[str], shortfall: Shortfall
) -> None:
    SupplyRequest.objects.filter(pk=story.wanted.supply_request_id).update(accepts=accepts)
    change(story.offer, kind=kind)
    assert [fact[0] for fact in missing(story)] == [shortfall]


def test_offer_is_not_called_in_time_once_the_day_needed_has_passed(story: Any) -> None:
    change_line(story.wanted, needed_by=TODAY - timedelta(days=1))
    (one,) = candidates(story)
    assert (one.fits, one.is_in_time) == (True, None)
    page = candidates_page(story).text
    assert "by air on" in page
    assert "in time:" not in page


def test_donation_for_another_need_names_that_need(story: Any) -> None:
    change(story.offer, kind="donation")
    other = story.line(5_000)
    (one,) = candidates(story, other)
    assert [fact.shortfall for fact in one.missing] == [Shortfall.OTHER_NEED]
    page = Browser(story.officer.user).open(f"{other.supply_request.get_absolute_url()}candidates/").text
    assert f"donated for {story.wanted.supply_request.reference}" in page
    assert f"offered for {story.wanted.supply_request.reference}, which still needs 10,000" in page


def test_goods_that_the_line_never_accepts_are_not_listed(story: Any) -> None:
    change(story.offer, product=Product.objects.get(code="GLOVE_EXAM_NITRILE"))
    assert candidates(story) == []
    change(story.offer, product=story.wanted.product, allocated=50_000)
    assert candidates(story) == [], "nothing is free"
    change(story.offer, allocated=0, status="withdrawn")
    assert candidates(story) == []


def test_best_offers_come_first_and_those_that_lack_the_least_before_others(story: Any) -> None:
    dear, other_need, unverified = (story.lead(story.wanted, stock=20_000) for _one in range(3))
    for lead, facts in (
        (dear, {"price_in_city_currency": Decimal("2.50")}),
        (other_need, {"price_in_city_currency": Decimal("0.10"), "line": story.line(20_000)}),
        (unverified, {"price_in_city_currency": Decimal("0.10"), "status": "received"}),
    ):
        change(lead, air_days=10, landed={}, **facts)
    assert [one.pair.lead for one in candidates(story)] == [story.offer, dear, other_need, unverified]


def test_offers_to_other_cities_never_appear_even_if_shared(story: Any) -> None:
    change(story.offer, city=cities.city("markham"))
    story.offer.shared_with.add(story.city)
    assert SupplierLead.objects.visible_to(story.officer.by).filter(pk=story.offer.pk).exists()
    assert candidates(story) == []
    assert story.offer.reference not in candidates_page(story)


def test_covered_line_and_ended_need_have_no_candidates(story: Any) -> None:
    change_line(story.wanted, allocated=10_000)
    assert "Every line of this need is fully allocated." in candidates_page(story)
    SupplyRequest.objects.filter(pk=story.wanted.supply_request_id).update(status="withdrawn")
    assert "Offers are compared with a need while it is open." in candidates_page(story)


def test_offer_page_leads_to_the_needs_that_the_offer_fits(story: Any) -> None:
    late = story.line(70_000)
    change_line(late, needed_by=TODAY + timedelta(days=5))
    page = Browser(story.officer.user).open(story.offer).follow("Matching needs")
    text = page.text
    own, other = (line.supply_request.reference for line in (story.wanted, late))
    assert text.index(own) < text.index("Needs that nearly match") < text.index(other)
    assert "arrives 5 days late" in text
    assert page.follow("Allocate goods").at == f"{story.wanted.supply_request.get_absolute_url()}allocate/"


def test_offer_without_free_goods_or_for_an_ended_need_fits_none(story: Any) -> None:
    lead = SupplierLead.objects.get(pk=story.offer.pk)
    assert [one.pair.line for one in needs_fitting_offer(story.officer.by, lead, AT)] == [story.wanted]
    SupplyRequest.objects.filter(pk=story.wanted.supply_request_id).update(status="fulfilled")
    assert needs_fitting_offer(story.officer.by, lead, AT) == []
    SupplyRequest.objects.filter(pk=story.wanted.supply_request_id).update(status="open")
    lead.allocated = lead.supply
    assert needs_fitting_offer(story.officer.by, lead, AT) == []


def test_page_of_an_offer_without_free_goods_blames_no_need(story: Any) -> None:
    change(story.offer, allocated=50_000)
    page = Browser(story.officer.user).open(f"{story.offer.get_absolute_url()}needs/")
    assert "None of these goods can be allocated." in page
    change(story.offer, allocated=0)
    SupplyRequest.objects.filter(pk=story.wanted.supply_request_id).update(status="fulfilled")
    assert "No open need of your city can use these goods." in page.browser.open(story.offer).follow(
        "Matching needs"
    )


def test_needs_of_other_cities_never_appear_for_an_offer(story: Any) -> None:
    markham: City = cities.city("markham")
    SupplyRequest.objects.filter(pk=story.wanted.supply_request_id).update(city=markham)
    change_line(story.wanted, city=markham)
    lead = SupplierLead.objects.get(pk=story.offer.pk)
    assert needs_fitting_offer(story.officer.by, lead, AT) == []


def test_only_people_of_the_city_see_candidates(story: Any) -> None:
    need = story.wanted.supply_request
    assert Browser(story.observer.user).open(need).follow("Matching offers").status == 200
    assert "Matching offers" not in Browser(story.stranger.user).open(need)
    assert Browser(story.stranger.user).open(need).status == 200, "the network may see the need"
    assert candidates_page(story, story.stranger).status == 403
    story.offer.shared_with.add(cities.city("markham"))
    stranger = Browser(story.stranger.user)
    assert stranger.open(story.offer).status == 200, "the offer is shared"
    assert "Matching needs" not in stranger.open(story.offer)
    assert stranger.open(f"{story.offer.get_absolute_url()}needs/").status == 403


def statements(work: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def test_statements_do_not_grow_with_offers_and_need_lines(story: Any) -> None:
    lead = SupplierLead.objects.select_related(
        "supplier__place", "maker__place", "city", "product", "standard", "contact", "line__supply_request"
    ).get(pk=story.offer.pk)
    for_need, for_offer = (
        statements(lambda: candidates(story)),
        statements(lambda: needs_fitting_offer(story.officer.by, lead, AT)),
    )
    copy_twenty_times(SupplierLead)
    assert len(candidates(story)) == COPIES + 1
    assert statements(lambda: candidates(story)) == for_need
    for _one in range(3):
        story.line(4_000)
    assert len(needs_fitting_offer(story.officer.by, lead, AT)) == 4
    assert statements(lambda: needs_fitting_offer(story.officer.by, lead, AT)) == for_offer
