"""Tests of the terms in a contact's answer by link: production, payment, packing, several products."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from procurement.suppliers.actions.suppliers import add_supplier
from procurement.suppliers.models.suppliers import Supplier
from tests.procurement.api.program import Program
from tests.procurement.outreach.test_pages_answering import (
    OFFER,
    ZH,
    reloaded_inquiry,
    send_inquiry_to,
    send_offer,
)
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
from tests.worlds.need_to_order import AT, Story
from workflow import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        edit_person(
            story.contact.user, PersonEdit(language=ZH, time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
        )
        story.asked = send_inquiry_to(story, story.contact)
        yield story


@pytest.fixture
def inquiry_page(story):
    return open_link_page(story.asked)


def test_offer_with_daily_capacity_and_last_day_is_counted_from_today(story, inquiry_page):
    today = story.city.day_at(clock.now())
    last = today + timedelta(days=9)
    typed = {"supplier": "安洁", "capacity": "50,000", "available_until": str(last)}
    check = inquiry_page.press(button_text("Check and send", ZH), **typed)
    assert "500,000" in check, "the supply that results is shown before it is sent"
    check.press(button_text("Send", ZH))
    lead = SupplierLead.objects.latest("pk")
    assert (lead.stock_quantity, lead.ready_on, lead.supply) == (0, today, 500_000)


def test_last_production_day_is_refused_in_the_past_and_accepted_today(story, inquiry_page):
    today = story.city.day_at(clock.now())
    late = {"supplier": "安洁", "capacity": "50", "available_until": str(today - timedelta(days=1))}
    wrong = inquiry_page.press(button_text("Check and send", ZH), **late).press(button_text("Send", ZH))
    assert (wrong.status, set(wrong.wrong)) == (422, {"available_until"})
    inquiry_page.press(button_text("Check and send", ZH), **{**late, "available_until": str(today)}).press(
        button_text("Send", ZH)
    )
    assert SupplierLead.objects.latest("pk").supply == 50


TERMS = {
    "model": "KH-95",
    "lead_days": "0",
    "min_order_quantity": "2千",
    "incoterm": "FCA",
    "incoterm_place": "Shenzhen",
    "valid_until": "2020-05-20",
    "prepayment_percent": "0",
    "payment_terms": "款到发货",
    "carton_pieces": "1,000",
    "carton_kg": "9.5",
    "carton_litres": "90",
    "pallet_cartons": "20",
}


def test_offer_terms_maker_and_packing_are_stored_and_repeated_on_review_page_and_receipt(
    story, inquiry_page
):
    check = inquiry_page.press(button_text("Check and send", ZH), **OFFER, **TERMS, maker="中山另一家口罩厂")
    receipt = check.press(button_text("Send", ZH))
    for words in ("KH-95", "2,000", "Shenzhen", "款到发货", "9.5", "中山另一家口罩厂"):
        assert words in check, words
        assert words in receipt, words
    lead = SupplierLead.objects.latest("pk")
    assert (lead.model, lead.lead_days, lead.min_order_quantity) == ("KH-95", 0, 2_000)
    assert (lead.incoterm, lead.incoterm_place, lead.valid_until) == ("FCA", "Shenzhen", date(2020, 5, 20))
    assert (lead.prepayment_percent, lead.payment_terms) == (0, "款到发货")
    assert (lead.carton_pieces, lead.carton_kg, lead.carton_litres) == (1_000, Decimal("9.5"), Decimal(90))
    assert (lead.pallet_cartons, lead.maker.name, lead.maker.role) == (20, "中山另一家口罩厂", "maker")


def test_known_manufacturer_is_not_entered_again_and_the_supplier_is_not_its_own_maker(story, inquiry_page):
    known = story.supplier
    before = Supplier.objects.count()
    send_offer(story, inquiry_page, maker=known.legal_name_local)
    lead = SupplierLead.objects.latest("pk")
    assert (lead.maker, Supplier.objects.count()) == (known, before + 1), "only the seller is new"
    assert send_offer(story, inquiry_page, supplier="安洁另一家", uscc="", maker="安洁另一家").maker is None


@pytest.fixture
def page_with_two_products(story):
    """Return the page of an inquiry about two products."""
    need = story.asked.supply_request
    second = Product.objects.get(code="GLOVE_EXAM_NITRILE")
    RequestLine.objects.create(supply_request=need, city=need.city, position=2, product=second, quantity=500)
    return open_link_page(story.asked)


def test_answer_by_link_offers_several_products_at_once(story, page_with_two_products):
    second = str(RequestLine.objects.get(supply_request=story.asked.supply_request, position=2).pk)
    gloves = {"stock_2": "3千", "price_2": "11"}
    missing = page_with_two_products.press(button_text("Check and send", ZH), **OFFER, **gloves)
    assert (missing.status, set(missing.wrong)) == (422, {"line_2"})
    nothing = page_with_two_products.press(button_text("Check and send", ZH), **OFFER, line_2=second)
    assert (nothing.status, set(nothing.wrong)) == (422, {"stock_2"})
    twice = page_with_two_products.press(
        button_text("Check and send", ZH), **OFFER, line=second, line_2=second, **gloves
    )
    assert (twice.status, set(twice.wrong)) == (422, {"line_2"})
    check = page_with_two_products.press(button_text("Check and send", ZH), **OFFER, line_2=second, **gloves)
    assert "3,000" in check
    before = reloaded_inquiry(story).leads
    receipt = check.press(button_text("Send", ZH))
    masks, glove = SupplierLead.objects.order_by("-pk")[:2][::-1]
    assert masks.reference in receipt
    assert glove.reference in receipt
    assert (glove.line.position, glove.stock_quantity, glove.unit_price) == (2, 3_000, Decimal(11))
    assert (glove.supplier, glove.currency, glove.remark) == (masks.supplier, "CNY", OFFER["remark"])
    assert (glove.capacity_per_day, reloaded_inquiry(story).leads) == (0, before + 2)


def test_alternative_product_can_be_offered_only_when_the_line_accepts_alternatives(story):
    assert "product" not in open_link_page(story.asked).form(button_text("Check and send", ZH)).fields
    accept_alternative(story.asked.supply_request.lines.get(position=1), "RESP_KN95")
    other = Product.objects.get(code="RESP_KN95")
    check = open_link_page(story.asked).press(
        button_text("Check and send", ZH), **OFFER, product=str(other.pk)
    )
    check.press(button_text("Send", ZH))
    assert SupplierLead.objects.latest("pk").product == other


def test_api_answer_with_several_products_names_the_invalid_one_and_stores_all_or_none(story):
    contact = Program(story.contact.user)
    path = f"inquiries/{story.asked.reference}/answer/"
    company = add_supplier(
        legal_name_local="安洁", country="CN", entered_by=story.contact.user, by=CONSOLE_ACTOR, at=AT
    )
    facts = {"supplier": company.reference, "product": "MASK_SURG", "capacity_per_day": 10}
    until = str(story.city.day_at(clock.now()))
    first = {**facts, "available_until": until}
    del facts["supplier"]
    no = contact.refused(path, {**first, "further": [{**facts, "stock_quantity": 1}]})
    assert (no["code"], no["errors"][0]["pointer"]) == ("day_missing", "#/further/0/available_until")
    assert not SupplierLead.objects.exists()
    contact.post(path, {**first, "further": [{**facts, "available_until": until}]})
    assert SupplierLead.objects.count() == 2
