"""Tests of the API for candidates: the offers for a need and the need lines for an offer, with what is missing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine, SupplyRequest
from tests.procurement.api.program import Program, problem
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def story(db: None) -> Any:
    """Return two needs of a city, and an offer that was made for the first one."""
    story: Any = Story()
    story.first = story.line(12_000, visibility="network")
    story.second = story.line(7_000)
    story.offer = story.lead(story.first, stock=30_000)
    SupplierLead.objects.filter(pk=story.offer.pk).update(
        price_in_city_currency=Decimal("1.25"), air_days=6, sea_days=None, min_order_quantity=9_000, landed={}
    )  # fmt: skip
    RequestLine.objects.update(needed_by=TODAY + timedelta(days=4))
    return story


@pytest.fixture
def officer(story: Any) -> Program:
    return Program(story.officer.user)


def need_address(line: RequestLine) -> str:
    return f"supply-requests/{line.supply_request.reference}/candidates/"


def test_api_lists_offers_for_each_line_with_what_is_missing(story: Any, officer: Program) -> None:
    found = officer.get(need_address(story.second))
    (line,) = found["lines"]
    assert (line["line"], line["still_needed"], line["count"], line["stored"]) == (
        f"{story.second.supply_request.reference}/1", 7_000, 1, [],
    )  # fmt: skip
    (one,) = line["candidates"]
    assert (one["lead"], one["fits"], one["verified"], one["free"], one["in_time"]) == (
        story.offer.reference, False, True, 30_000, False,
    )  # fmt: skip
    assert (one["mode"], one["arrives_on"]) == ("air", (TODAY + timedelta(days=6)).isoformat())
    assert (one["unit_price"], one["landed_cost"], one["landed_complete"], one["currency"]) == (
        "1.2500", None, None, "CAD",
    )  # fmt: skip
    assert one["missing"] == [{"code": "late", "figure": 2}, {"code": "minimum_order", "figure": 9_000}]
    assert one["offered_for"] == {
        "supply_request": story.first.supply_request.reference,
        "still_needed": 12_000,
    }


def test_api_lists_need_lines_for_an_offer_best_first(story: Any, officer: Program) -> None:
    found = officer.get(f"supplier-leads/{story.offer.reference}/needs/")
    assert (found["lead"], found["count"]) == (story.offer.reference, 2)
    assert [one["line"] for one in found["candidates"]] == [
        f"{line.supply_request.reference}/1" for line in (story.first, story.second)
    ]
    assert [len(one["missing"]) for one in found["candidates"]] == [1, 2]
    assert found["candidates"][0]["offered_for"] is None


def test_api_of_a_need_that_is_not_open_or_is_covered_has_no_lines(story: Any, officer: Program) -> None:
    RequestLine.objects.filter(pk=story.second.pk).update(allocated=7_000)
    assert officer.get(need_address(story.second))["lines"] == []
    SupplyRequest.objects.filter(pk=story.first.supply_request_id).update(status="withdrawn")
    assert officer.get(need_address(story.first))["lines"] == []


def test_api_of_candidates_is_only_for_people_of_the_city(story: Any, officer: Program) -> None:
    stranger, observer = Program(story.stranger.user), Program(story.observer.user)
    offers = f"supplier-leads/{story.offer.reference}/needs/"
    assert observer.get(need_address(story.first))["lines"]
    assert observer.get(offers)["count"] == 2
    refused = problem(stranger.ask("get", need_address(story.first)))
    assert (refused["status"], refused["code"]) == (403, "not_allowed")
    assert stranger.ask("get", need_address(story.second)).status_code == 404
    assert stranger.ask("get", offers).status_code == 404
    story.offer.shared_with.add(cities.city("markham"))
    assert problem(stranger.ask("get", offers))["status"] == 403
    assert officer.ask("get", "supply-requests/SR-1999-0001/candidates/").status_code == 404
    assert officer.ask("get", "supplier-leads/SL-1999-0001/needs/").status_code == 404
    assert officer.ask("post", offers).status_code == 405
