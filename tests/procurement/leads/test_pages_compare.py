"""Tests of the comparison of offers: best values, differences, suggested offers, and who sees them."""

import csv
import io
from datetime import date

import pytest

from procurement.leads.actions.leads import share_lead
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import set_status
from tests.browsing import Browser, words
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger and story.verifier
        story.wanted = story.line(10_000)
        story.cheap = story.lead(
            story.wanted, price="0.50", currency="CAD", air_days=5, prepayment_percent=30
        )
        story.dear = story.lead(
            story.wanted,
            stock=20_000,
            price="0.80",
            currency="CAD",
            supplier=story.company("Dear Masks DEMO"),
            air_days=2,
            prepayment_percent=30,
        )
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def comparison_url(*leads, more=""):
    return "/leads/compare/?" + "&".join(f"lead={lead.reference}" for lead in leads) + more


def cells_by_heading(page) -> dict[str, list[str]]:
    """Return every row of the table, by its heading."""
    rows = page.root.xpath("//table[contains(@class, 'table-compare')]/tbody/tr")
    return {words(row.xpath("./th")[0]): [words(cell) for cell in row.xpath("./td")] for row in rows}


def test_two_offers_are_compared_side_by_side_with_the_best_value_marked(story, officer):
    rows = cells_by_heading(officer.open(comparison_url(story.cheap, story.dear)))
    assert rows["Unit price"] == ["CAD 0.50 lowest", "CAD 0.80"]
    assert rows["Arrival date by air"] == ["21 Apr 2020", "18 Apr 2020 soonest"]
    assert rows["Arrival date by sea"] == ["unknown", "unknown"]
    assert rows["Available quantity"] == ["10,000", "20,000 most"]
    assert rows["Prepayment requested"] == ["30%", "30%"]
    assert rows["Incoterms rule"] == ["FCA Zhongshan", "FCA Zhongshan"]
    assert rows["Supplier status with your city"] == ["no status", "no status"]


def test_comparison_can_show_differences_only(story, officer):
    page = officer.open(comparison_url(story.cheap, story.dear)).follow("Show differences only")
    rows = cells_by_heading(page)
    assert "Unit price" in rows
    assert not {"Prepayment requested", "Incoterms rule", "Product"} & set(rows)
    assert "identical attributes are hidden" in page
    assert "Incoterms rule" in cells_by_heading(page.follow("Show all attributes"))


def test_comparison_uses_the_supplier_status_of_merged_companies(story, officer):
    twice = story.company("Dear Masks again DEMO")
    set_status(twice, story.city, "on_watch", reason="Late before.", starts_on=AT.date(), **by_officer(story))
    set_status(
        story.supplier, story.city, "approved", reason="Good.", starts_on=AT.date(), **by_officer(story)
    )
    merge_suppliers(twice, into=story.dear.supplier, reason="The same.", **by_officer(story))
    rows = cells_by_heading(officer.open(comparison_url(story.cheap, story.dear)))
    assert rows["Supplier status with your city"] == ["Approved best", "On watch"]


def by_officer(story):
    return {"by": story.officer.by, "at": AT}


def test_comparison_csv_contains_plain_figures_and_the_best_offer(story, officer):
    answer = officer.client.get(comparison_url(story.cheap, story.dear, more="&as=csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}
    assert rows["Attribute"][0].startswith(story.cheap.reference)
    assert rows["Unit price"] == ["0.5000", "0.8000", f"lowest: {story.cheap.reference}"]
    assert rows["Available quantity"] == ["10000", "20000", f"most: {story.dear.reference}"]
    assert rows["Incoterms rule"][-1] == ""


def test_comparison_without_selection_suggests_offers_for_one_line(story, officer):
    page = officer.open("/leads/compare/")
    assert {story.cheap.reference, story.dear.reference} <= set(page.text.replace("·", " ").split())
    assert "Unit price" in cells_by_heading(page.follow("Compare these offers"))
    one = officer.open(comparison_url(story.cheap))
    assert story.dear.reference in one
    lone = story.lead(story.line(500, product="GLOVE_EXAM_NITRILE"))
    assert "Nothing to compare yet." in officer.open(comparison_url(lone))


def test_comparison_for_a_city_without_offers_is_empty(story):
    assert "Nothing to compare yet." in Browser(story.stranger.user).open("/leads/compare/")


def test_comparison_of_six_offers_or_of_two_cities_is_refused(story, officer):
    many = [story.lead(story.wanted) for _ in range(4)]
    page = officer.open(comparison_url(story.cheap, story.dear, *many))
    assert (page.status, page.alert) == (422, "Choose at most five offers. You chose 6.")
    other = Story("markham")
    theirs = other.lead(other.line(10_000))
    share_lead(theirs, city=story.city, by=other.officer.by, at=AT)
    page = officer.open(comparison_url(story.cheap, theirs))
    assert (page.status, "different cities" in page.alert) == (422, True)


def test_comparison_is_404_for_hidden_offers_and_hides_internal_rows_of_shared_ones(story):
    stranger = Browser(story.stranger.user)
    assert stranger.client.get(comparison_url(story.cheap, story.dear)).status_code == 404
    markham = cities.city("markham")
    for lead in (story.cheap, story.dear):
        share_lead(lead, city=markham, by=story.officer.by, at=AT)
    rows = cells_by_heading(stranger.open(comparison_url(story.cheap, story.dear)))
    assert "Unit price" in rows
    assert not {
        "Blocking findings",
        "Checks accepted",
        "Supplier status with your city",
        "Certificates",
    } & set(rows)


def test_offers_are_selected_for_comparison_in_the_list_and_on_the_need_page(story, officer):
    page = officer.open(story.wanted.supply_request)
    ticks = page.root.xpath("//input[@type='checkbox'][@name='lead']/@value")
    assert {story.cheap.reference, story.dear.reference} <= set(ticks)
    assert page.root.xpath("//form[@action='/leads/compare/'][@method='get']//button")
    page = officer.open("/leads/")
    ticks = page.root.xpath("//input[@type='checkbox'][@name='row'][@form='bulk']/@value")
    assert {str(story.cheap.pk), str(story.dear.pk)} <= set(ticks)
    (compare,) = page.root.xpath("//form[@id='bulk']//button[@name='open']")
    data = {"open": compare.get("value"), "row": [story.cheap.pk, story.dear.pk]}
    answer = officer.client.post(page.root.xpath("//form[@id='bulk']/@action")[0], data)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/leads/compare/?")
    assert story.cheap.reference in answer["Location"]


def test_comparison_links_to_allocation_for_officers_but_not_for_observers(story, officer):
    where = f"/needs/{story.wanted.supply_request.reference}/allocate/"
    page = officer.open(comparison_url(story.cheap, story.dear))
    assert page.root.xpath("//main//a/@href").count(where) == 2
    watching = Browser(story.observer.user).open(comparison_url(story.cheap, story.dear))
    assert where not in watching.root.xpath("//main//a/@href")


def test_comparison_counts_arrival_from_the_ready_date(story, officer):
    later = story.lead(story.wanted, ready_on=date(2020, 5, 1), lead_days=3, air_days=2, sea_days=30)
    rows = cells_by_heading(officer.open(comparison_url(story.cheap, later)))
    assert rows["Arrival date by air"] == ["21 Apr 2020 soonest", "6 May 2020"]
    assert rows["Arrival date by sea"] == ["unknown", "3 Jun 2020"]


def test_minimum_landed_cost_is_never_marked_as_the_lowest(story, officer):
    page = officer.open(comparison_url(story.cheap, story.dear))
    assert [cell.split(" CAD")[0] for cell in cells_by_heading(page)["Landed cost by air"]] == [
        "at least",
        "at least",
    ]
    whole = {"total": "0.9000", "complete": True, "parts": []}
    for lead, total in ((story.cheap, "0.9000"), (story.dear, "0.8500")):
        ways = {
            "air": whole | {"total": total},
            "sea": whole | {"total": total, "complete": lead == story.cheap},
        }
        SupplierLead.objects.filter(pk=lead.pk).update(landed={"currency": "CAD", "by": ways})
    rows = cells_by_heading(officer.open(comparison_url(story.cheap, story.dear)))
    assert rows["Landed cost by air"] == ["CAD 0.90", "CAD 0.85 lowest"]
    assert rows["Landed cost by sea"] == ["CAD 0.90", "at least CAD 0.85"]
    SupplierLead.objects.filter(pk=story.dear.pk).update(landed={})
    assert cells_by_heading(officer.open(comparison_url(story.cheap, story.dear)))["Landed cost by air"] == [
        "CAD 0.90",
        "unknown",
    ]
