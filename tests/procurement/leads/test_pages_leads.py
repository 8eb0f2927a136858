"""Tests of offers on pages: entered from a letter, corrected, checked, verified and ended.

They also cover findings that are answered in writing.
"""

from datetime import date
from decimal import Decimal

import pytest

from procurement.allocations.actions import allocate
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.leads.actions import leads
from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.merging import merge_suppliers
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.observer and story.stranger and story.verifier
        story.wanted = story.line(10_000)
        story.verified = story.lead(story.wanted, stock=20_000)
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def letter_fields(story, **facts):
    """Return the facts of a letter, as an officer types them."""
    return {
        "supplier": str(story.supplier.pk),
        "line": str(story.wanted.pk),
        "product": str(Product.objects.get(code="MASK_SURG").pk),
        "standard": "ASTM F2100 Level 2",
        "stock_quantity": "200 boxes of 50",
        "capacity_per_day": "5 000",
        "ready_on": "2020年4月20日",
        "available_until": "2020/4/24",
        "unit_price": "1,92",
        "currency": "CNY",
        "incoterm": "FCA",
        "prepayment_percent": "60",
        "remark": "电话里说的价格，未含运费。",
        **facts,
    }


def enter_on_page(story, **facts) -> SupplierLead:
    Browser(story.officer.user).open("/leads/new/").press("Submit the offer", **letter_fields(story, **facts))
    return SupplierLead.objects.latest("pk")


def test_offer_entered_by_an_officer_is_screened_at_once(story, officer):
    page = officer.open("/leads/").follow("Enter an offer").press("Submit the offer", **letter_fields(story))
    lead = SupplierLead.objects.latest("pk")
    assert page.at == lead.get_absolute_url()
    assert (lead.status, lead.stock_quantity, lead.capacity_per_day) == ("received", 10_000, 5_000)
    assert (lead.ready_on, lead.available_until) == (date(2020, 4, 20), date(2020, 4, 24))
    assert (lead.unit_price, lead.currency, lead.remark) == (
        Decimal("1.92"),
        "CNY",
        "电话里说的价格，未含运费。",
    )
    assert lead.supply == 10_000 + 5 * 5_000
    assert "35,000" in page
    assert lead.findings.filter(code="prepayment_high").exists()
    assert "60" in page


def test_offer_page_shows_stock_place_delivery_times_and_intermediaries(story, officer):
    maker = story.company("Shenyang Protective Works")
    lead = enter_on_page(
        story,
        stock_place="Shanghai",
        min_order_quantity="5 000",
        incoterm_place="Shanghai Pudong",
        lead_days="7",
        air_days="3",
        sea_days="21",
        referred_by="A friend\nHis cousin\nAn agent",
        model="KN-9501",
        maker=str(maker.pk),
        air_freight="31,50",
        sea_freight="1 200",
        carton_pieces="2 000",
        carton_kg="8.5",
        carton_litres="56",
        pallet_cartons="24",
        payment_terms="30 % in advance, the rest against documents",
        sample_available="False",
        reference_customers="Hospital of Lyon\n\nCity of Graz",
    )
    assert (lead.payment_terms, lead.sample_available) == (
        "30 % in advance, the rest against documents",
        False,
    )
    assert lead.reference_customers == ["Hospital of Lyon", "City of Graz"]
    assert (lead.min_order_quantity, lead.lead_days, lead.air_days, lead.sea_days) == (5_000, 7, 3, 21)
    assert lead.referred_by == ["A friend", "His cousin", "An agent"]
    assert lead.findings.filter(code="chain_long").exists()
    assert (lead.model, lead.maker, lead.carton_pieces, lead.pallet_cartons) == ("KN-9501", maker, 2_000, 24)
    assert (lead.air_freight, lead.sea_freight) == (Decimal("31.50"), Decimal(1_200))
    assert (lead.carton_kg, lead.carton_litres) == (Decimal("8.5"), Decimal(56))
    page = officer.open(lead)
    for told in (
        "Shanghai Pudong",
        "Production time (days)",
        "Transit time by sea (days)",
        "Minimum order quantity",
        "His cousin",
        "KN-9501",
        "Shenyang",
        "the rest against documents",
        "Hospital of Lyon · City of Graz",
    ):
        assert told in page


def test_unreadable_offer_values_are_refused_at_their_fields_and_nothing_is_stored(story, officer):
    before = SupplierLead.objects.count()
    wrong = officer.open("/leads/new/").press(
        "Submit the offer",
        **letter_fields(story, stock_quantity="a lot", unit_price="cheap", ready_on="20/04/2020"),
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"stock_quantity", "unit_price", "ready_on"})
    assert SupplierLead.objects.count() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"unit_price": "9999999999", "currency": "EUR"}, "unit_price"),
        ({"unit_price": "0", "currency": "CNY", "kind": "donation"}, "unit_price"),
        ({"prepayment_percent": "150"}, "prepayment_percent"),
        ({"ready_on": "9999-12-31", "available_until": ""}, "ready_on"),
        ({"available_until": "2020-04-01"}, "available_until"),
        ({"stock_quantity": "1" * 30}, "stock_quantity"),
        ({"remark": "x" * 2_001}, "remark"),
    ],
)
def test_impossible_offer_value_is_refused_at_its_form_field(story, officer, values, field):
    before = SupplierLead.objects.count()
    wrong = officer.open("/leads/new/").press("Submit the offer", **letter_fields(story, **values))
    assert (wrong.status, set(wrong.wrong)) == (422, {field})
    assert SupplierLead.objects.count() == before


def test_offer_form_survives_a_database_error_with_the_typed_values(story, officer, monkeypatch, caplog):
    before = SupplierLead.objects.count()
    monkeypatch.setattr(
        leads, "invalid_lead_refusal", lambda lead, changed: setattr(lead, "prepayment_percent", 150)
    )
    wrong = officer.open("/leads/new/").press(
        "Submit the offer", **letter_fields(story, remark="电话里说的价格")
    )
    assert (wrong.status, "One of the values cannot be stored" in wrong.alert) == (422, True)
    assert wrong.value("remark") == "电话里说的价格"
    assert SupplierLead.objects.count() == before
    assert any(one.levelname == "ERROR" for one in caplog.records)


def test_offer_without_quantity_is_refused_at_its_field_and_stores_no_draft(story, officer):
    before = SupplierLead.objects.count()
    form = officer.open("/leads/new/").form("Submit the offer")
    facts = letter_fields(story, stock_quantity="0", capacity_per_day="", ready_on="", available_until="")
    form_data = form.filled(form.buttons["Submit the offer"], facts)
    for given in (form_data, {name: value for name, value in form_data.items() if name != "nonce"}):
        refused = officer.client.post("/leads/new/", given)
        assert refused.status_code == 422
        assert "Enter the quantity in stock" in refused.content.decode()
        assert SupplierLead.objects.count() == before


@pytest.mark.parametrize("stock", ["0", "1"])
@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"ready_on": "", "available_until": ""}, "available_until"),
        ({"ready_on": "2020-04-20", "available_until": ""}, "available_until"),
        ({"ready_on": "", "available_until": "2020-04-01"}, "available_until"),
    ],
)
def test_daily_production_requires_its_last_day(story, officer, stock, days, field):
    before = SupplierLead.objects.count()
    facts = letter_fields(story, stock_quantity=stock, capacity_per_day="50 000", **days)
    wrong = officer.open("/leads/new/").press("Submit the offer", **facts)
    assert (wrong.status, set(wrong.wrong)) == (422, {field})
    assert SupplierLead.objects.count() == before


def test_api_names_the_missing_production_date(story):
    facts = {"city": "burnaby", "supplier": story.supplier.reference, "product": "MASK_SURG", "kind": "sale"}
    made = {**facts, "stock_quantity": 0, "capacity_per_day": 50_000}
    no = Program(story.officer.user).refused("supplier-leads/", made)
    assert (no["code"], no["errors"][0]["pointer"]) == ("day_missing", "#/available_until")
    no = Program(story.officer.user).refused("supplier-leads/", {**made, "ready_on": "2020-05-01"})
    assert (no["code"], no["errors"][0]["pointer"]) == ("day_missing", "#/available_until")
    days = {"ready_on": "2020-05-01", "available_until": "2020-05-10"}
    assert Program(story.officer.user).post("supplier-leads/", {**made, **days})["supply"] == 500_000


def test_old_offer_without_production_dates_can_be_edited_in_other_fields(story, officer):
    lead = enter_on_page(story)
    SupplierLead.objects.filter(pk=lead.pk).update(ready_on=None, available_until=None, supply=10_000)
    officer.open(lead).follow("Correct details").press(
        "Save details", stock_quantity="9 000", remark="电话确认"
    )
    lead.refresh_from_db()
    assert (lead.stock_quantity, lead.remark, lead.supply) == (9_000, "电话确认", 9_000)
    again = officer.open(lead).follow("Correct details").press("Save details", capacity_per_day="6 000")
    assert (again.status, set(again.wrong)) == (422, {"available_until"})
    days = {"ready_on": "2020-05-01", "available_until": "2020-05-10"}
    officer.open(lead).follow("Correct details").press("Save details", capacity_per_day="6 000", **days)
    lead.refresh_from_db()
    assert lead.supply == 9_000 + 10 * 6_000


def test_editing_a_verified_offer_returns_it_to_review(story, officer):
    lead = enter_on_page(story)
    officer.open(lead).follow("Correct details").press(
        "Save details", stock_quantity="9 000", unit_price="2,05"
    )
    lead.refresh_from_db()
    assert (lead.status, lead.stock_quantity, lead.unit_price) == ("received", 9_000, Decimal("2.05"))
    officer.open(story.verified).follow("Add a remark").press("Add a remark", remark="样品已收到")
    assert SupplierLead.objects.get(pk=story.verified.pk).status == "verified"
    officer.open(story.verified).follow("Change a verified fact").press(
        "Change a verified fact", stock_quantity="15000"
    )
    changed = SupplierLead.objects.get(pk=story.verified.pk)
    assert (changed.status, changed.stock_quantity, changed.recheck) == ("under_review", 15_000, True)


def test_offer_is_verified_by_a_second_person_after_its_checks_are_accepted(story, officer):
    lead = enter_on_page(story)
    page = officer.open(lead).press("Start the checks")
    lead.refresh_from_db()
    assert lead.status == "under_review"
    assert "Verify offer" not in page.buttons
    assert "so another person must verify it" in page
    verifier = Browser(story.verifier.user)
    refused = verifier.client.post(f"{lead.get_absolute_url()}verify/")
    assert refused.status_code == 422
    assert "not been accepted yet" in refused.content.decode()
    for finding in lead.findings.filter(status="open", severity="block"):
        answer_finding(finding, answer="Asked.", answered_by=story.verifier.user, by=story.verifier.by, at=AT)
    for task in lead.checks.order_by("pk"):
        story.report(task)
    verifier.open(lead).press("Verify offer")
    lead.refresh_from_db()
    assert (lead.status, lead.verified_by) == ("verified", story.verifier.user)
    assert officer.client.post(f"{lead.get_absolute_url()}check/").status_code == 409


def test_warning_without_a_reliable_source_says_why_on_page_and_api(story, officer):
    """Numbers of this kind have no format from a reliable source, so a number of another format only warns."""
    record_shown_certificate(
        story.supplier,
        CertificateType.objects.get(code="US_NIOSH"),
        number="84A-0007",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    lead = enter_on_page(story)
    assert lead.findings.get(code="certificate_malformed").severity == "warn"
    assert "Warning only: The format of these numbers does not come from a reliable source." in officer.open(
        lead
    )
    data = Program(story.officer.user).get(f"findings/?lead={lead.reference}&code=certificate_malformed")
    assert data["results"][0]["unsure"] == "The format of these numbers does not come from a reliable source."


def test_finding_stays_open_until_answered_in_writing_and_can_be_upheld(story, officer):
    lead = enter_on_page(story)
    finding = lead.findings.get(code="prepayment_high")
    at = f"{finding.get_absolute_url()}answer/"
    wrong = officer.open(at).press("Respond to the finding", answer="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"answer"})
    page = officer.open(at).press("Respond to the finding", answer="供应商同意改为 30 %。")
    assert page.at == lead.get_absolute_url()
    assert "供应商同意改为 30 %。" in page
    finding.refresh_from_db()
    assert (finding.status, finding.answered_by) == ("explained", story.officer.user)
    again = officer.open(at).press("Respond to the finding", answer="Once more")
    assert again.status == 409
    officer.open(f"{finding.get_absolute_url()}uphold/").press("Uphold finding", answer="They took it back.")
    finding.refresh_from_db()
    assert finding.status == "upheld"
    assert officer.open(finding).at == lead.get_absolute_url()


def test_offer_is_rejected_withdrawn_reopened_or_shared_on_its_page(story, officer):
    first, second = enter_on_page(story), enter_on_page(story)
    wrong = officer.open(f"{first.get_absolute_url()}reject/").press("Reject offer", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    officer.open(first).follow("Share with a city").press("Share with a city", city="Markham")
    assert Browser(story.stranger.user).open(first).status == 200
    officer.open(first).follow("Reject offer").press("Reject offer", reason="价格是别家的两倍。")
    officer.open(second).follow("Withdraw offer").press("Withdraw offer", reason="Sold to someone else.")
    officer.open(story.verified).follow("Send back for review").press(
        "Send back for review", reason="A rumour."
    )
    assert [SupplierLead.objects.get(pk=one.pk).status for one in (first, second, story.verified)] == [
        "rejected", "withdrawn", "under_review",
    ]  # fmt: skip
    over = officer.open(f"{first.get_absolute_url()}withdraw/").press("Withdraw offer", reason="Too late")
    assert over.status == 409


@pytest.mark.parametrize("typed", ["中山", "Surgical", "康护 口罩"])
def test_offer_is_found_in_the_list_by_company_and_goods(story, officer, typed):
    assert story.verified.reference in officer.open(f"/leads/?q={typed}")
    assert story.verified.reference not in officer.open("/leads/?q=佛山")


def test_offer_list_is_filtered_and_hides_offers_of_other_cities(story, officer):
    assert story.verified.reference in officer.open(f"/leads/?q={story.verified.reference}&status=verified")
    assert story.verified.reference not in officer.open("/leads/?status=draft")
    stranger = Browser(story.stranger.user)
    assert story.verified.reference not in stranger.open("/leads/")
    base, finding = story.verified.get_absolute_url(), Finding.objects.filter(lead=story.verified).first()
    assert stranger.open(base).status == 404
    assert stranger.client.post(f"{base}reject/", {"reason": "x"}).status_code == 404
    if finding is not None:
        assert stranger.open(f"{finding.get_absolute_url()}answer/").status == 404


def test_observer_cannot_enter_or_end_an_offer(story):
    observer = Browser(story.observer.user)
    assert observer.open("/leads/new/").status == 403
    refused = observer.client.post(f"{story.verified.get_absolute_url()}reject/", {"reason": "I dislike it"})
    assert refused.status_code == 403
    assert "I dislike it" in refused.content.decode()
    assert SupplierLead.objects.get(pk=story.verified.pk).status == "verified"


@pytest.mark.parametrize(("language", "price"), [("fr-ca", "0,50"), ("zh-hans", "0.50")])
def test_offer_page_and_form_format_figures_in_the_readers_language(story, language, price):
    reader = Browser(story.officer.user, language)
    assert price in reader.open(story.verified)
    again = reader.open(f"{story.verified.get_absolute_url()}change/")
    assert again.value("stock_quantity").replace("\xa0", " ").replace("\u202f", " ") in ("20 000", "20,000")
    assert again.value("unit_price").startswith(price)


def test_merged_maker_is_kept_when_another_fact_is_edited(story, officer):
    maker, same = story.company("Shenyang Protective Works"), story.company("Shenyang Works")
    lead = enter_on_page(story, maker=str(maker.pk))
    merge_suppliers(maker, into=same, reason="the same", by=story.officer.by, at=AT)
    officer.open(f"{lead.get_absolute_url()}edit/").press("Save details", remark="Said on the phone.")
    lead.refresh_from_db()
    assert (lead.maker, lead.remark) == (maker, "Said on the phone.")


def test_route_documents_are_folded_after_allocation_and_loaded_on_opening(story, officer):
    address = story.verified.get_absolute_url()
    before = officer.open(story.verified)
    assert "Blocking documents" in before
    facts = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    allocate(story.verified, story.wanted, 1_000, **facts)
    folded = officer.open(story.verified)
    assert "Documents needed for this route" in folded
    assert "Blocking documents" not in folded
    assert ("get", f"{address}?documents#papers") in folded.ways
    assert "Blocking documents" in officer.open(f"{address}?documents")


def test_quantity_price_and_validity_are_changed_in_the_row_of_the_list(story, officer):
    lead = enter_on_page(story)
    page = officer.open(f"/leads/?q={lead.reference}").follow(f"Change {lead.reference}")
    assert set(page.form("Save changes").names) >= {"stock_quantity", "unit_price", "currency", "valid_until"}
    back = page.press("Save changes", stock_quantity="12 000", unit_price="2.05", valid_until="2020-04-30")
    lead.refresh_from_db()
    assert (back.at, back.status) == (f"/leads/?q={lead.reference}", 200)
    assert (lead.stock_quantity, lead.unit_price) == (12_000, Decimal("2.05"))
    assert (lead.valid_until, lead.prepayment_percent, lead.incoterm) == (date(2020, 4, 30), 60, "FCA")


def test_row_of_the_list_offers_no_change_to_those_who_may_not_make_it(story, officer):
    lead = enter_on_page(story)
    observer = Browser(story.observer.user).open(f"/leads/?change={lead.reference}")
    assert lead.reference in observer
    assert "Save changes" not in observer.buttons
    assert f"Change {lead.reference}" not in observer
    assert "Save changes" not in officer.open("/leads/?change=SL-1999-0001").buttons
