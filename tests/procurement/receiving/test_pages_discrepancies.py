"""Tests of discrepancies on pages: list, file, detail page, answer by link, settlement, and mentions on other pages."""

import pytest
from django.test import Client
from django.urls import reverse

from procurement.orders.actions.approve import mark_ready
from procurement.receiving.actions.cartons import finish_receiving, record_carton
from procurement.receiving.actions.discrepancies import discard_discrepancy, settle_discrepancy
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import Discrepancy
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import open_link_page
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        story.ship = story.delivered()
        who = story.logistics
        box = story.ship.cartons.get(number=1)
        record_carton(
            story.ship,
            box,
            state="damaged",
            pieces=1_000,
            unusable=1_000,
            remark="crushed",
            seen_by=who.user,
            by=who.by,
            at=DELIVERED_AT,
        )
        line = story.ship.lines.get()
        story.receipt = finish_receiving(
            story.ship,
            received_by=who.user,
            by=who.by,
            at=DELIVERED_AT,
            reasons={line.pk: "A pallet fell."},
        )
        story.missing, story.rejected = story.receipt.discrepancies.order_by("kind")
        assert story.officer
        assert story.observer
        assert story.stranger
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def test_discrepancies_are_listed_filtered_and_downloaded(story, officer):
    page = officer.open("/shipments/").follow("Discrepancies")
    for case in (story.missing, story.rejected):
        assert case.reference in page
    found = officer.open(
        f"/discrepancies/?kind=rejected&status=open&supplier={story.supplier.reference.lower()}"
    )
    assert story.rejected.reference in found
    assert story.missing.reference not in found
    assert story.missing.reference in officer.open(f"/discrepancies/?q={story.ship.reference}")
    assert "No discrepancies match." in officer.open("/discrepancies/?status=settled")
    sheet = b"".join(officer.client.get("/discrepancies/?as=csv").streaming_content).decode()
    assert "A pallet fell." in sheet
    assert "Surplus" not in sheet
    assert story.missing.reference not in Browser(story.stranger.user).open("/discrepancies/")


def test_discrepancy_page_shows_cartons_and_answer_and_records_the_settlement(story, officer):
    page = officer.open(story.rejected)
    for words in (
        "1,000 units rejected",
        "A pallet fell.",
        "CT-2020-0001",
        "crushed",
        "and can answer through a link",
    ):
        assert words in page
    wrong = page.do("answer", answer=" ")
    assert (wrong.status, set(wrong.wrong)) == (422, {"answer"})
    after = page.do("answer", answer="They were whole when they left.")
    assert "They were whole when they left." in after
    wrong = after.do("settle", outcome="Credited", amount="", currency="USD")
    assert (wrong.status, set(wrong.wrong)) == (422, {"amount"})
    wrong = after.do("settle", outcome="Replaced", amount="5", currency="USD")
    assert (wrong.status, set(wrong.wrong)) == (422, {"amount"})
    done = after.do("settle", outcome="Credited", amount="500", currency="USD", words="Credit note 7")
    assert "Credited" in done
    assert "Credit note 7" in done
    fresh = Discrepancy.objects.get(pk=story.rejected.pk)
    assert (fresh.amount, fresh.currency) == (500, "USD")


def test_discrepancy_is_discarded_or_settled_without_an_amount_on_its_page(story, officer):
    assert "Dismissed" in officer.open(story.missing).do("discard", reason="They stood outside.")
    assert "Accepted as is" in officer.open(story.rejected).do("settle", outcome="Accepted as is")


def test_logistics_can_record_an_answer_but_not_settle_a_discrepancy(story):
    page = Browser(story.logistics.user).open(story.missing)
    target = story.missing.get_absolute_url()
    assert ("get", f"{target}answer/") in page.ways
    assert ("get", f"{target}settle/") not in page.ways
    assert page.browser.client.get(f"{target}settle/").status_code == 403


def test_sender_answers_all_discrepancies_by_link(story):
    page = open_link_page(story.missing)
    assert page.at == f"/d/{story.missing.reference}/"
    for words in ("9,000", "1,000", "A pallet fell.", story.rejected.reference):
        assert words in page.text.replace("\u202f", ",")
    wrong = page.press(page.buttons[0], answer="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"answer"})
    after = page.press(page.buttons[0], answer="托盘留在仓库了。")
    assert "托盘留在仓库了。" in after
    told = Discrepancy.objects.values_list("status", "answer")
    assert set(told) == {("answered", "托盘留在仓库了。")}
    for case in Discrepancy.objects.all():
        settle_discrepancy(case, outcome="replaced", by=story.officer.by, at=DELIVERED_AT)
    assert after.browser.open(page.at).buttons == []
    late = after.browser.client.post(page.at, {"answer": "Too late."})
    assert late.status_code == 409


def test_link_to_a_discrepancy_of_a_reversed_receipt_offers_no_form(story):
    page = open_link_page(story.missing)
    reverse_receipt(story.receipt, reason="Counted wrongly.", by=story.logistics.by, at=DELIVERED_AT)
    assert page.browser.open(page.at).buttons == []
    issued = Client().get(reverse("portal_discrepancy", args=[story.missing.reference]))
    assert issued.status_code == 403


def test_order_and_shipment_pages_list_their_open_discrepancies(story, officer):
    order = story.ship.lines.get().order_line.order
    for thing in (order, story.ship):
        assert story.missing.reference in officer.open(thing)
    discard_discrepancy(story.missing, reason="Found.", by=story.officer.by, at=DELIVERED_AT)
    assert story.missing.reference not in officer.open(order)


def test_today_lists_open_discrepancies_for_officers(story, officer):
    page = officer.open("/")
    assert f"Settle the discrepancy with {story.supplier.name}: " in page
    assert page.main.xpath(f".//a[@href='{story.missing.get_absolute_url()}']")


def test_discrepancy_without_a_contact_asks_the_officer_to_inform_the_supplier(story, officer):
    allocation = story.promise(contact=None)
    ship = story.delivered(story.plan(story.ready(allocation)))
    receipt = story.receive(ship, story.count(ship.lines.get(), missing=10, reason="Not there."))
    assert "Inform the supplier yourself" in officer.open(receipt.discrepancies.get())


def test_discrepancy_of_a_donation_asks_the_donor_for_nothing(story, officer):
    gift = mark_ready(story.accepted(), by=story.officer.by, at=AT)
    ship = story.delivered(story.plan(gift))
    receipt = story.receive(ship, story.count(ship.lines.get(), missing=10, reason="Not there."))
    page = officer.open(receipt.discrepancies.get())
    assert "Donors are not asked to do anything." in page
    assert officer.open(f"{page.at}answer/").status == 200


# --- the company's record ---------------------------------------------------------------------------------------
def test_supplier_page_shows_deliveries_to_the_own_city_by_year(story, officer):
    page = officer.open(story.supplier)
    assert "Deliveries to your city" in page
    year = f"/suppliers/{story.supplier.reference}/deliveries/?year=2020"
    assert ("get", year) not in page.ways, "read when the reader opens the card"
    assert ("get", year) in officer.open(f"{story.supplier.get_absolute_url()}?deliveries").ways
    record = officer.open(year)
    for words in (story.ship.reference, story.missing.reference, "10,000", "9,000", "1,000"):
        assert words in record
    whole = officer.open(reverse("supplier_deliveries", args=[story.supplier.reference]))
    assert story.ship.reference in whole
    sheet = b"".join(officer.client.get(f"{year}&as=csv").streaming_content).decode()
    assert ("get", f"{year}&as=csv") in record.ways
    assert f"{story.ship.reference},Burnaby," in sheet
    nothing = Browser(story.stranger.user).open(whole.at)
    assert "This supplier has not delivered anything to you yet." in nothing
    assert story.ship.reference not in nothing
    assert "Deliveries to your city" not in Browser(story.stranger.user).open(story.supplier)


def test_next_offer_of_a_supplier_with_failed_deliveries_shows_a_warning(story, officer):
    lead = story.lead(story.line(5_000), stock=5_000)
    page = officer.open(lead)
    assert "Of 10,000 units received from this supplier, 10,000 were rejected" in page
    assert "Open discrepancies: 2." in page


def test_failed_lot_is_listed_in_the_suppliers_delivery_record(story, officer):
    ship = story.delivered(story.plan(story.ready(story.promise())))
    story.receive(ship, story.count(ship.lines.get(), lot_number="L-FAILED"))
    story.pass_lot(ship.lots.get(), "failed")
    assert "L-FAILED" in officer.open(reverse("supplier_deliveries", args=[story.supplier.reference]))


@pytest.fixture
def surplus(story):
    """Return a discrepancy of twelve pieces too many, counted with lot L-2020-04."""
    ship = story.delivered(story.plan(story.ready(story.promise())))
    line = ship.lines.get()
    story.receive(ship, story.count(line, surplus=12, reason="One carton more than was packed."))
    return ship.discrepancies.get()


def test_surplus_accepted_on_its_page_becomes_a_lot_awaiting_inspection(story, surplus):
    page = Browser(story.officer.user).open(surplus)
    wrong = page.do("settle", outcome="Accepted as is", lot_number="L-9", expires_on="someday")
    assert (wrong.status, set(wrong.wrong)) == (422, {"expires_on"})
    assert "Accepted as is" in page.do("settle", outcome="Accepted as is", lot_number="L-9", expires_on="")
    lot = surplus.line.lots.get(surplus=True)
    shown = Browser(story.logistics.user).open(lot)
    for words in ("Lot L-9", "12", "accepted surplus", "In quarantine"):
        assert words in shown


def test_surplus_is_settled_through_the_api_into_the_counted_lot(story, surplus):
    officer = Program(story.officer.user)
    wrong = officer.refused(f"discrepancies/{surplus.reference}/settle/", {"outcome": "replaced"})
    assert wrong["code"] == "outcome_of_surplus"
    officer.post(f"discrepancies/{surplus.reference}/settle/", {"outcome": "accepted"})
    extra = [lot for lot in officer.all(f"lots/?shipment={surplus.shipment.reference}") if lot["surplus"]]
    assert [(lot["number"], lot["quantity"], lot["status"]) for lot in extra] == [
        ("L-2020-04", 12, "quarantined")
    ]
    (line,) = officer.get(f"shipments/{surplus.shipment.reference}/")["lines"]
    assert (line["surplus"], line["surplus_kept"]) == (12, 12)
