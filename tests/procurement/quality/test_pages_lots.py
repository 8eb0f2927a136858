"""Tests of a lot's page: its distributions, and a recall with the places that were informed or not."""

from collections.abc import Iterator

import pytest

from partners.contacts.models import Organization
from procurement import tasks
from procurement.distribution.actions import distribute_lot, recall_lot
from procurement.distribution.models import Distribution
from procurement.quality.actions import reject_lot
from procurement.quality.models import Lot
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


@pytest.fixture
def lot(story: Journey) -> Lot:
    """Return the released lot of ten thousand masks."""
    return story.released().lots.get()


def add_clinic(story: Journey) -> Organization:
    return Organization.objects.create(
        city=story.city, kind="hospital", name_en="North Shore Clinic DEMO", phone="+1 604 555 0100"
    )


def test_lot_page_lists_its_distributions_and_stock(story, lot):
    logistics = Browser(story.logistics.user)
    there = add_clinic(story)
    page = logistics.open(lot).follow("Distribute")
    wrong = page.press("Distribute", quantity="", place="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"quantity"})
    page.press("Distribute", quantity="6 000", organization=str(there.pk), place="")
    logistics.open(lot).follow("Distribute").press("Distribute", quantity="500", place="3 号病房")
    found = logistics.open("/lots/?q=2020-04")
    assert "North Shore Clinic DEMO: 6,000; 3 号病房: 500" in found
    assert lot.number in found
    assert "No lots match" in logistics.open("/lots/?q=no-such")
    assert "No lots match" in logistics.open("/lots/?status=recalled")
    assert lot.number not in Browser(story.stranger.user).open("/lots/?q=2020-04").text
    sheet = b"".join(logistics.client.get("/lots/?q=2020-04&as=csv").streaming_content).decode()
    assert "North Shore Clinic DEMO: 6000; 3 号病房: 500" in sheet
    assert "3,500 units are in stock" in logistics.open(lot)


def test_distribution_above_the_stock_is_refused_at_its_field(story, lot):
    page = Browser(story.logistics.user).open(lot).follow("Distribute")
    wrong = page.press("Distribute", quantity="10001", place="Ward 3")
    assert (wrong.status, set(wrong.wrong)) == (422, {"quantity"})


def test_recalled_lot_page_lists_who_has_been_informed(story, lot):
    logistics = Browser(story.logistics.user)
    distribute_lot(
        lot,
        600,
        organization=add_clinic(story),
        distributed_on=DELIVERED_AT.date(),
        author=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
    )
    assert story.officer
    recall_lot(lot, reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)
    page = logistics.open(lot)
    for said in (
        "Not informed yet",
        "+1 604 555 0100",
        "has been recalled. Please stop using it",
        "will be sent within minutes",
    ):
        assert said in page, said
    tasks.tick()
    out = Distribution.objects.get()
    logistics.client.post(f"{out.get_absolute_url()}mark_informed/")
    page = logistics.open(lot)
    assert "Not informed yet" not in page
    assert f"by {story.logistics.user}" in page
    assert str(story.officer.user) in page
    assert "Informed, notice not read yet" in page
    assert logistics.open(f"/distributions/{out.pk}/").at == lot.get_absolute_url()


def test_mistaken_distribution_is_undone_on_its_page(story, lot):
    logistics = Browser(story.logistics.user)
    logistics.open(lot).follow("Distribute").press("Distribute", quantity="10000", place="Ward 3")
    out = Distribution.objects.get()
    page = logistics.open(f"{out.get_absolute_url()}undo/")
    page.press(page.buttons[0], reason="It was ward 4.")
    assert "10,000 units are in stock" in logistics.open(lot)


def test_distribution_is_recorded_and_informed_through_the_api(story, lot):
    program = Program(story.logistics.user)
    body = {"lot": lot.reference, "place": "Ward 3", "quantity": 100, "distributed_on": "2020-04-16"}
    data = program.post("distributions/", body)
    assert (data["status"], data["place"], data["quantity"]) == ("distributed", "Ward 3", 100)
    no = program.refused("distributions/", {**body, "quantity": 9_901})
    assert no["code"] == "more_than_left"
    assert program.refused(f"distributions/{data['id']}/mark-informed/")["code"] == "not_ready"
    back = program.post(f"distributions/{data['id']}/undo/", {"reason": "a slip"})
    assert back["status"] == "undone"
    assert [one["id"] for one in program.all(f"distributions/?lot={lot.reference}")] == [data["id"]]


def test_status_of_the_recall_mail_is_shown_beside_the_distribution(story, lot):
    logistics = Browser(story.logistics.user)
    page = logistics.open(lot).follow("Distribute")
    given = {"quantity": "10", "place": "Ward 9", "name": "Nurse Lee DEMO"}
    wrong = page.press("Distribute", **given, email="ward 9")
    assert (wrong.status, set(wrong.wrong)) == (422, {"email"})
    page.press("Distribute", **given, email="lee@ward.example", language="en")
    assert "Nurse Lee DEMO" in logistics.open(lot)
    recall_lot(lot, reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)
    tasks.tick()
    page = logistics.open(lot)
    assert "lee@ward.example" in page
    assert "Not informed yet" in page  # until the place confirms it to a person
    message = Message.objects.get(thing_label="procurement.distribution")
    assert (message.address, message.template) == ("lee@ward.example", "lot_recalled")


def test_shipment_with_a_rejected_lot_is_not_shown_as_released(story):
    sent = story.received(story.plan(story.ready(story.promise(1_000))))
    officer = Browser(story.officer.user)
    (lot,) = sent.lots.all()
    story.pass_lot(lot, "failed", 80)
    reject_lot(lot, reason="The straps tear.", by=story.logistics.by, at=DELIVERED_AT)
    page = officer.open(sent)
    assert "Inspected, partly released" in page
    steps = [step.text_content() for step in page.main.xpath(".//ol[@class='stepper']/li")]
    assert len(steps) > 3
    assert not [step for step in steps if "Inspected and released" in step]
