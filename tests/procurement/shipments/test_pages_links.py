"""Tests that planning and dock pages have no empty link, and that hold notifications name the shipment in full."""

from collections.abc import Iterator

import pytest

from procurement.customs.actions import record_hold
from procurement.notifications.mail_text import notification_sentence
from procurement.notifications.table_lookup import table_rows_for_entry
from procurement.receiving.actions.cartons import record_carton
from tests.browsing import Browser
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


def test_planning_and_dock_pages_have_no_empty_link(story: Journey) -> None:
    waiting = story.ready(story.promise())
    shipment = story.delivered()
    box = shipment.cartons.get(number=1)
    seen = {"state": "intact", "pieces": 1_000, "lot_number": "L-1"}
    who = story.logistics
    record_carton(shipment, box, seen_by=who.user, by=who.by, at=DELIVERED_AT, **seen)
    browser = Browser(who.user)
    dock = f"/shipments/{shipment.reference}/dock/"
    pages = [browser.open(f"/shipments/new/?order={waiting.reference}"), browser.open(dock)]
    pages += [browser.open(f"{dock}{one.reference}/") for one in shipment.cartons.filter(number__lte=2)]
    pages.append(browser.open(f"{dock}finish/"))
    for page in pages:
        assert page.status == 200, page.at
        assert page.root.xpath("//a[@href='' or not(@href)]") == [], page.at
    for page in pages[2:]:
        assert page.root.xpath(f"//main//a[@href='{dock}']"), page.at


@pytest.mark.parametrize(
    "reason",
    [
        "The establishment licence of the importer is missing.",
        "缺少进口商的经营许可证。",
        (
            "Customs wants to see the inner boxes, the test report and the contract of sale, and weighs all "
            "of it."
        ),
        "Weighing",
    ],
)
def test_customs_hold_notification_names_shipment_and_export_or_import_for_any_reason(
    story: Journey, reason: str
) -> None:
    clearance = story.clearance(story.plan(), "import")
    hold = record_hold(clearance, reason=reason, by=story.officer.by, at=AT)
    assert str(hold) == f"{clearance.shipment.reference} · import customs hold"
    entry = Entry.objects.about(hold).get(verb="hold")
    told = {notification_sentence(row, hold, entry) for row in table_rows_for_entry(entry)}
    quoted = f"{story.officer.user} wrote: “{reason}”"
    assert told == {f"Customs is holding a shipment ({hold}). See what customs asks for. {quoted}"}
