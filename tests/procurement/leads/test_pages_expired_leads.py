"""Tests of an offer past its last day: its goods can be neither allocated nor ordered, and each refusal names the day."""

from datetime import timedelta

import pytest

from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from tests.browsing import Browser, Page
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT, Story
from workflow.clock import advance_clock

pytestmark = pytest.mark.django_db

LAST = AT.date() + timedelta(days=2)
EXPIRY_TEXT = f"was offered until {LAST.isoformat()}"


@pytest.fixture(scope="module")
def story(once):
    """Provide offers that end on one day: free, allocated, and in a draft, an approved and a placed order."""
    with once():
        story = Story()
        assert story.officer and story.approver
        story.wanted = story.line(1_000)
        ends = {"valid_until": LAST}
        story.free = story.lead(story.wanted, stock=6_000, **ends)
        story.promised = story.promise(1_000, **ends)
        story.written = story.draft(story.promise(1_000, **ends))
        story.approved_one = story.approved(story.promise(1_000, **ends))
        story.placed_one = story.placed(story.promise(1_000, **ends))
        yield story


@pytest.fixture
def officer(story) -> Browser:
    return Browser(story.officer.user)


@pytest.fixture
def program(story) -> Program:
    return Program(story.officer.user)


@pytest.fixture
def day_after() -> None:
    """Move to the day after the last one in the city."""
    advance_clock(AT + timedelta(days=3))


def readiness_text(page: Page) -> str:
    """Return the text below "Can I order?"."""
    (found,) = page.main.xpath(".//section[@id='light']")
    return " ".join(found.text_content().split())


def objects_with_light(story: Story) -> dict[str, object]:
    return {
        "offer": story.free,
        "allocation": Allocation.objects.get(pk=story.promised.pk),
        "draft": story.written,
        "approved order": story.approved_one,
    }


def test_offer_on_its_last_day_is_not_reported_as_expired(story, officer):
    advance_clock(AT + timedelta(days=2))
    for name, thing in objects_with_light(story).items():
        assert "was offered until" not in readiness_text(officer.open(thing)), name


@pytest.mark.usefixtures("day_after")
def test_readiness_of_an_expired_offer_names_the_day_that_passed(story, officer):
    for name, thing in objects_with_light(story).items():
        said = readiness_text(officer.open(thing))
        assert EXPIRY_TEXT in said, name
        assert "Not yet" in said, name
    assert "was offered until" not in readiness_text(officer.open(story.placed_one)), (
        "what the supplier has stays ordered"
    )


@pytest.mark.usefixtures("day_after")
def test_expired_offer_cannot_be_allocated(story, officer):
    address = f"{story.wanted.supply_request.get_absolute_url()}allocate/"
    assert "No verified goods are available." in officer.open(address)
    before = Allocation.objects.count()
    late = officer.client.post(address, {f"line{story.wanted.pk}_lead{story.free.pk}": "500"})
    assert late.status_code == 422
    assert Allocation.objects.count() == before


@pytest.mark.usefixtures("day_after")
def test_order_of_an_expired_offer_cannot_be_created_approved_or_placed(story, officer):
    address = f"/orders/new/?allocation={story.promised.pk}"
    refused = officer.open(address).press("Save draft")
    assert refused.status == 422
    assert EXPIRY_TEXT in refused.text
    for order, verb in ((story.written, "approve"), (story.approved_one, "place")):
        refused = officer.client.post(f"{order.get_absolute_url()}{verb}/")
        assert refused.status_code == 422
        assert EXPIRY_TEXT in refused.content.decode()
        assert type(order).objects.get(pk=order.pk).status == order.status


@pytest.mark.usefixtures("day_after")
def test_api_refuses_allocation_and_order_of_an_expired_offer_naming_the_day(story, program):
    need = story.wanted.supply_request.reference
    refusal = program.refused(
        "allocations/", {"lead": story.free.reference, "line": f"{need}/1", "quantity": 500}
    )
    assert EXPIRY_TEXT in refusal["detail"]
    body = {"kind": "purchase", "city": "burnaby", "allocations": [story.promised.reference]}
    assert EXPIRY_TEXT in program.refused("orders/", body)["detail"]
    for order, verb in ((story.written, "approve"), (story.approved_one, "place")):
        assert EXPIRY_TEXT in program.refused(f"orders/{order.reference}/{verb}/")["detail"]


@pytest.mark.usefixtures("day_after")
def test_expired_offer_with_a_new_last_day_can_be_allocated(story, officer):
    SupplierLead.objects.filter(pk=story.free.pk).update(valid_until=LAST + timedelta(days=30))
    assert "was offered until" not in readiness_text(officer.open(story.free))
    address = f"{story.wanted.supply_request.get_absolute_url()}allocate/"
    officer.open(address).press("Allocate goods", **{f"line{story.wanted.pk}_lead{story.free.pk}": "500"})
    assert Allocation.objects.filter(lead=story.free, quantity=500).exists()
