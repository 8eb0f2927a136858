"""The pages of allocation plans: requested, changed, accepted, compared and downloaded."""

from datetime import timedelta

import pytest
from django.urls import reverse

from procurement.allocations.models import Allocation
from procurement.allocations.plans.calculation import calculate_plans
from procurement.allocations.plans.models import AllocationPlan
from procurement.catalogue.models.products import Product
from procurement.requests.models import RequestLine
from tests.browsing import Browser, words
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
TODAY = AT.date()
NEW = "add_allocation_plan"


@pytest.fixture
def story():
    story = Story()
    story.practise()
    assert story.officer and story.observer and story.stranger
    story.poor, story.rich = story.line(10_000), story.line(10_000)
    RequestLine.objects.filter(pk=story.rich.pk).update(runs_out_on=TODAY + timedelta(days=12))
    story.offer = story.lead(story.poor, stock=6_000)
    yield story
    clear_instance_cache()


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def row_values(*rows):
    """Return the values of these rows in a form."""
    return [str(row.pk) for row in rows]


def request_plan(story, officer, **typed):
    """Ask for a plan over both needs and the offer; return the page that follows, and the plan."""
    chosen = {"lines": row_values(story.poor, story.rich), "leads": row_values(story.offer)}
    page = officer.open(reverse(NEW)).press("Calculate plan", **{**chosen, **typed})
    return page, AllocationPlan.objects.order_by("pk").last()


def test_requested_allocation_plan_shows_progress_and_then_its_result_with_reasons(story, officer):
    page, plan = request_plan(story, officer)
    assert page.at == plan.get_absolute_url()
    assert "Processing will start within 30 seconds." in page
    calculate_plans(AT)
    page = officer.open(plan)
    assert "Processing" not in page
    assert "All offers that could cover this line are used up." in page
    assert "6,000 of 20,000 needed" in page
    assert "15.0" in page  # days of supply after the plan


def test_allocation_plans_are_named_by_goods_in_list_heading_and_links(story, officer):
    _page, first = request_plan(story, officer)
    other = Product.objects.exclude(pk=story.poor.product_id).filter(unit=story.poor.product.unit).first()
    RequestLine.objects.filter(pk=story.rich.pk).update(product=other)
    _page, second = request_plan(story, officer, rule="proportional")
    goods = f"{story.poor.product.name}, 10,000 pieces and 1 other product"
    assert officer.open(reverse("allocation_plans")).text.count(goods) == 2
    calculate_plans(AT)
    page = officer.open(first)
    assert page.heading == f"{goods} {first.reference}"
    compared = page.follow(goods)
    assert compared.at == f"{reverse('compare_allocation_plans')}?plan={first}&plan={second}"
    assert compared.text.count(goods) == 2
    links = [words(one) for one in compared.main.xpath(".//table//a[@href]")]
    assert len(links) == 4 and len(set(links)) == 4, "each link says which plan or need it opens"
    assert {f"{goods} {first.reference}", f"{goods} {second.reference}"} < set(links)


def test_need_page_links_to_an_allocation_plan_of_its_lines(story, officer):
    page = officer.open(story.poor.supply_request).follow("Plan allocations")
    page.press("Calculate plan")
    plan = AllocationPlan.objects.get()
    assert [*plan.lines.all()] == [story.poor] and [*plan.leads.all()] == [story.offer]
    assert "Plan allocations" in officer.open(reverse("needs"))


def test_invalid_plan_choice_is_refused_at_its_field_on_the_page(story, officer):
    page = officer.open(reverse(NEW)).press("Calculate plan", lines=[], leads=row_values(story.offer))
    assert page.status == 422 and "Need lines" in page.alert
    other = story.line(500, "RESP_KN95")
    Product.objects.filter(pk=other.product_id).update(unit="pair")
    chosen = {"lines": row_values(story.poor, other), "leads": row_values(story.offer)}
    page = officer.open(reverse(NEW)).press("Calculate plan", **chosen)
    assert page.status == 422 and "different units (pairs, pieces)" in page


def test_plan_row_is_changed_with_a_reason_and_the_other_rows_accepted(story, officer):
    _page, plan = request_plan(story, officer, lines=row_values(story.poor))
    calculate_plans(AT)
    row = plan.rows.get()
    form = officer.open(reverse("change_allocation_plan_row", args=[plan.reference, row.pk]))
    assert form.press("Change quantity", quantity="6001", reason="More").status == 422
    assert form.press("Change quantity", quantity="2000000000", reason="More").status == 422
    page = form.press("Change quantity", quantity="5000", reason="The rest is for tests.")
    assert "The rest is for tests." in page
    page = officer.open(plan).press("Accept allocations", rows=row_values(row))
    assert [one.quantity for one in Allocation.objects.all()] == [5_000]
    assert "Accepted" in page


def test_queued_plan_is_cancelled_on_its_page(story, officer):
    page, plan = request_plan(story, officer)
    page.press("Cancel plan")
    plan.refresh_from_db()
    assert plan.status == AllocationPlan.Status.CANCELLED
    assert "Cancelled" in officer.open(reverse("allocation_plans"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_plans_rows_and_lines_download_as_csv(story, officer, kind):
    _page, plan = request_plan(story, officer)
    calculate_plans(AT)
    for address, text in (
        (reverse("allocation_plans") + "?", plan.reference),
        (f"{plan.get_absolute_url()}?", story.offer.reference),
        (f"{plan.get_absolute_url()}?lines&", story.rich.supply_request.reference),
    ):
        response = officer.client.get(f"{address}as={kind}")
        assert response.status_code == 200
        if kind == "csv":
            assert text in b"".join(response).decode()


def test_plan_is_readable_by_observers_and_404_for_other_cities(story, officer):
    _page, plan = request_plan(story, officer)
    calculate_plans(AT)
    page = Browser(story.observer.user).open(plan)
    assert "5,000" in page and "Accept allocations" not in page
    assert Browser(story.observer.user).open(reverse(NEW)).status == 403
    assert Browser(story.stranger.user).open(plan.get_absolute_url()).status == 404


def test_two_plans_are_compared_side_by_side_with_differences_first(story, officer):
    equal = story.line(500, "RESP_KN95")  # no offer covers it, so both plans give it nothing
    lines = row_values(story.poor, story.rich, equal)
    _page, first = request_plan(story, officer, lines=lines)
    _page, second = request_plan(story, officer, lines=lines, rule="first_come")
    calculate_plans(AT)
    page = officer.open(second).follow(f"{story.poor.product.name}, 20,000 pieces")
    assert "First come, first served" in page and "Fair shares" in page
    assert "6,000" in page and "1,000" in page
    order = [page.text.index(line.supply_request.reference) for line in (story.poor, story.rich, equal)]
    assert max(order[:2]) < order[2]
    address = f"{reverse('compare_allocation_plans')}?plan={first}&plan={second}"
    sheet = b"".join(officer.client.get(f"{address}&as=csv")).decode()
    assert f"{first} Planned quantity" in sheet and story.rich.supply_request.reference in sheet
    assert Browser(story.stranger.user).open(address).status == 404
    assert "Choose two plans" in officer.open(reverse("compare_allocation_plans"))
