"""Released goods in a city's own store, listed beside the offers that fit a need."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from procurement.distribution.actions import distribute_lot
from procurement.leads.models.leads import SupplierLead
from procurement.quality.models import Lot
from procurement.requests.models import RequestLine, SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
IN_STORE = "In your city’s own store"


@pytest.fixture
def practice_story(story: Journey) -> Iterator[Journey]:
    story.practise()
    yield story
    clear_instance_cache()


@pytest.fixture
def lot(practice_story: Journey) -> Lot:
    """Return the released lot of ten thousand masks."""
    return practice_story.released().lots.get()


def address(line: RequestLine) -> str:
    return f"{line.supply_request.get_absolute_url()}candidates/"


def test_released_goods_are_listed_for_another_need_until_they_are_distributed(
    practice_story: Journey, lot: Lot
) -> None:
    ward = practice_story.line(8_000)
    browser = Browser(practice_story.officer.user)
    own = lot.line.order_line.allocation.line
    page = browser.open(address(ward))
    assert f"received for {own.supply_request.reference}" in page.text
    assert lot.reference in page.text
    assert IN_STORE not in browser.open(address(own))
    for quantity, left in ((lot.quantity - 70, "70 released and not distributed yet"), (70, None)):
        distribute_lot(
            lot, quantity, place="Ward 3", distributed_on=DELIVERED_AT.date(), author=practice_story.logistics.user,
            by=practice_story.logistics.by, at=DELIVERED_AT,
        )  # fmt: skip
        page = browser.open(address(ward))
        assert (left in page.text) if left else (IN_STORE not in page)


@pytest.mark.parametrize(
    "facts",
    [{"status": "recalled"}, {"status": "quarantined"}, {"expires_on": AT.date() - timedelta(days=1)}],
    ids=str,
)
def test_goods_that_may_not_be_used_are_not_listed(practice_story: Journey, lot: Lot, facts: dict) -> None:
    ward = practice_story.line(8_000)
    browser = Browser(practice_story.officer.user)
    assert IN_STORE in browser.open(address(ward))
    Lot.objects.filter(pk=lot.pk).update(**facts)
    assert IN_STORE not in browser.open(address(ward))


@pytest.mark.parametrize(("declared_use", "listed"), [("medical", False), ("non_medical", True)])
def test_goods_for_non_medical_use_are_not_listed_for_a_medical_need(
    practice_story: Journey, lot: Lot, declared_use: str, listed: bool
) -> None:
    ward = practice_story.line(8_000)
    SupplyRequest.objects.filter(pk=ward.supply_request_id).update(declared_use=declared_use)
    lead = lot.line.order_line.allocation.lead
    SupplierLead.objects.filter(pk=lead.pk).update(declared_use="non_medical")
    page = Browser(practice_story.officer.user).open(address(ward))
    assert (IN_STORE in page) is listed


def test_goods_of_another_product_are_not_listed(practice_story: Journey, lot: Lot) -> None:
    gloves = practice_story.line(8_000, product="GLOVE_EXAM_NITRILE")
    assert IN_STORE not in Browser(practice_story.officer.user).open(address(gloves))


def test_api_lists_released_goods_with_the_need_they_were_received_for(
    practice_story: Journey, lot: Lot
) -> None:
    ward = practice_story.line(3_000)
    need = ward.supply_request.reference
    (line,) = Program(practice_story.officer.user).get(f"supply-requests/{need}/candidates/")["lines"]
    own = lot.line.order_line.allocation.line.supply_request.reference
    assert line["stored"] == [
        {"lot": lot.reference, "left": lot.quantity, "expires_on": None, "received_for": own}
    ]
