"""Tests of the filters of the collections: each returns the rows with its value, and no others."""

from typing import Any

import pytest

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import Product
from procurement.orders.models import Order
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.shipments import Journey
from workflow.journal.hash_chain import seal_entries

pytestmark = pytest.mark.django_db


def ids(officer: Program, path: str) -> list[Any]:
    return sorted(row.get("reference") or row["id"] for row in officer.all(path))


def test_goods_are_filtered_by_need_order_and_company(story: Journey, officer: Program) -> None:
    shipment = story.departed()
    order = shipment.lines.get().order_line.order
    promised = order.lines.get().allocation
    other = story.draft(story.promise(5, supplier=story.company("江门另一家有限公司 DEMO")))
    need = promised.line.supply_request.reference
    here, there = story.supplier.reference, other.supplier.reference
    assert ids(officer, f"shipments/?order={order.reference}") == [shipment.reference]
    assert ids(officer, f"shipments/?supply_request={need}") == [shipment.reference]
    assert ids(officer, f"shipments/?supplier={here}") == [shipment.reference]
    assert ids(officer, f"shipments/?supplier={there}") == []
    assert ids(officer, f"shipments/?order={other.reference}") == []
    assert ids(officer, f"orders/?supply_request={need}") == [order.reference]
    assert ids(officer, f"orders/?supplier={there}") == [other.reference]
    assert ids(officer, f"allocations/?supplier={here}") == [promised.reference]
    assert {row["order"] for row in officer.all(f"payments/?supplier={there}")} == {other.reference}
    assert {row["milestone"] for row in officer.all("payments/?milestone=deposit")} == {"deposit"}
    assert {row["supplier"] for row in officer.all(f"verification-tasks/?supplier={there}")} == {there}


@pytest.mark.parametrize(
    "path",
    ["payments", "customs-clearances", "customs-documents", "goods-receipts", "lots", "orders", "shipments"],
)
def test_every_city_collection_is_filtered_by_city(story: Journey, officer: Program, path: str) -> None:
    story.received()
    mine = ids(officer, f"{path}/?city=burnaby")
    assert mine == ids(officer, f"{path}/") != []
    assert ids(officer, f"{path}/?city=markham") == ids(officer, f"{path}/?city=nowhere") == []


def test_orders_are_filtered_by_promised_date(story: Journey, officer: Program) -> None:
    order = story.draft(promised_on="2020-05-01")
    story.draft()
    assert ids(officer, "orders/?promised_before=2020-05-01") == [order.reference]
    assert ids(officer, "orders/?promised_before=2020-04-30") == []


def test_orders_are_filtered_by_open_confirmation_and_lateness(story: Journey, officer: Program) -> None:
    draft, placed = story.draft(), story.placed(story.promise(1_000))
    assert ids(officer, "orders/?unconfirmed=true") == [placed.reference]
    assert ids(officer, "orders/?unconfirmed=false") == [draft.reference]
    assert ids(officer, "orders/?waiting_before=2020-04-01T00:00:00Z") == []
    assert ids(officer, "orders/?waiting_before=2030-04-01T00:00:00Z") == [placed.reference]
    Order.objects.filter(pk=placed.pk).update(promised_on="2020-05-01")
    assert ids(officer, "orders/?late_on=2020-05-01") == []
    assert ids(officer, "orders/?late_on=2020-05-02") == [placed.reference]


def test_suppliers_and_contacts_are_filtered_by_place_and_organization(
    story: Journey, officer: Program
) -> None:
    company = story.supplier.reference
    assert ids(officer, "suppliers/?place=zhongshan&role=maker") == [company]
    assert ids(officer, "suppliers/?place=foshan") == ids(officer, "suppliers/?role=trader") == []
    cities.twinning("burnaby", "zhongshan")
    office = story.contact.organization_id
    assert ids(officer, f"contacts/?organization={office}") == [story.contact.pk]
    assert ids(officer, f"contacts/?organization={office + 1}") == []


def test_journal_is_filtered_by_position_verb_and_object(story: Journey, officer: Program) -> None:
    order = story.draft()
    while seal_entries():
        pass
    last = officer.get("entries/?ordering=-feed")["results"][0]["id"]
    assert ids(officer, f"entries/?after={last}&ordering=feed") == []
    officer.post(f"orders/{order.reference}/approve/")
    officer.post(f"orders/{order.reference}/place/")
    assert ids(officer, f"entries/?after={last}&ordering=feed") == [], (
        "they are in the feed once they are sealed"
    )
    seal_entries()
    since = list(officer.all(f"entries/?after={last}&ordering=feed&kind=procurement.order"))
    assert [row["verb"] for row in since] == ["approve", "place"]
    assert {row["verb"] for row in officer.all("entries/?verb=approve")} == {"approve"}
    assert list(officer.all("entries/?verb=appro")) == []


def test_customs_rule_is_found_by_the_family_of_a_product_added_later(
    story: Journey, officer: Program
) -> None:
    rule = CustomsRule.objects.earliest("pk")
    CustomsRule.objects.filter(pk=rule.pk).update(families=[], products=["LATER"])
    product = Product.objects.earliest("pk")
    path = f"customs-rules/?family={product.family}&page_size=100"
    assert rule.code not in [row["code"] for row in officer.all(path)]
    product.pk, product.code = None, "LATER"
    product.save()
    assert rule.code in [row["code"] for row in officer.all(path)]
