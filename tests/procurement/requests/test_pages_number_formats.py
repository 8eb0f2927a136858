"""Tests of quantities and prices as people type them in Chinese, and of unreadable ones."""

from decimal import Decimal

import pytest

from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.supplier
        story.wanted = story.line(300_000)
        yield story


@pytest.mark.parametrize(
    ("said", "pieces"), [("2万", 20_000), ("2万只", 20_000), ("１．５万件", 15_000), ("3千", 3_000)]
)
def test_need_line_accepts_a_quantity_as_people_type_it(story, said, pieces):
    need = story.wanted.supply_request
    address = f"{need.get_absolute_url()}lines/add/"
    glove = str(Product.objects.get(code="GLOVE_EXAM_NITRILE").pk)
    page = Browser(story.officer.user).open(address).press("Save", product=glove, quantity=said)
    assert page.status == 200, page.alert
    assert SupplyRequest.objects.get(pk=need.pk).lines.latest("pk").quantity == pieces


@pytest.mark.parametrize("said", ["2万左右", "很多", "1.5"])
def test_unreadable_quantity_is_refused_with_an_example(story, said):
    need = story.wanted.supply_request
    page = Browser(story.officer.user).open(f"{need.get_absolute_url()}edit/")
    refused = page.press("Save details", **{f"quantity{story.wanted.pk}": said})
    assert refused.status == 422
    assert "200 boxes of 50" in refused.wrong[f"quantity{story.wanted.pk}"]


def enter_offer_on_page(story, **typed):
    facts = {
        "supplier": str(story.supplier.pk),
        "line": str(story.wanted.pk),
        "product": str(story.wanted.product_id),
        "stock_quantity": "5万只",
        **typed,
    }
    return Browser(story.officer.user).open("/leads/new/").press("Submit the offer", **facts)


@pytest.mark.parametrize(("said", "price"), [("1.2元", "1.2"), ("¥1.35", "1.35"), ("０．９９ RMB", "0.99")])
def test_offer_price_is_read_with_a_currency_sign_or_word(story, said, price):
    assert enter_offer_on_page(story, unit_price=said, currency="CNY").status == 200
    lead = SupplierLead.objects.latest("pk")
    assert (lead.unit_price, lead.currency, lead.stock_quantity) == (Decimal(price), "CNY", 50_000)


def test_offer_price_with_another_currency_sign_is_refused(story):
    refused = enter_offer_on_page(story, unit_price="$1.20", currency="CNY")
    assert refused.status == 422
    assert "Make them match" in refused.wrong["unit_price"]


@pytest.mark.parametrize(("said", "pieces"), [("2万", 20_000), ("２０ 箱×５０", 1_000), ("1.2万只", 12_000)])
def test_api_accepts_a_quantity_as_people_type_it(story, said, pieces):
    line = {"product": "GLOVE_EXAM_NITRILE", "quantity": said}
    body = {"city": "burnaby", "title": "Gloves", "lines": [line]}
    data = Program(story.officer.user).post("supply-requests/", body)
    assert [one["quantity"] for one in data["lines"]] == [pieces]


def test_api_refuses_an_amount_with_a_currency_sign(story):
    line = {"product": "GLOVE_EXAM_NITRILE", "quantity": 10, "max_unit_price": "¥1.2"}
    body = {"city": "burnaby", "title": "Gloves", "lines": [line]}
    refusal = Program(story.officer.user).refused("supply-requests/", body)
    assert (refusal["status"], refusal["errors"][0]["pointer"]) == (422, "#/lines/0/max_unit_price")
    assert "12.50" in refusal["errors"][0]["detail"]
