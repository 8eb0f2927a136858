"""Tests of accepted surplus, which is a lot of its own beside the lot of the ordered pieces.

A recall covers both lots. Pages mark the surplus, and their totals include it.
"""

from collections.abc import Iterator

import pytest

from procurement import tasks
from procurement.distribution.actions import distribute_lot
from procurement.distribution.models import Distribution
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.quality.actions import release_lot
from procurement.quality.models import Lot
from procurement.receiving.actions.discrepancies import settle_discrepancy
from tests.browsing import Browser, Page
from tests.procurement.api.program import Program
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
TWIN = "l-2020-04"


@pytest.fixture
def story() -> Iterator[Journey]:
    """Return the example purchase (`Story`) on a practice site, where signing in needs no second factor."""
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


def lots(story: Journey, number: str = TWIN, release: bool = True) -> tuple[Lot, Lot]:
    """Return the lot of ten thousand ordered masks, and the accepted surplus lot of two hundred masks.

    With `release=False`, the surplus lot stays in quarantine.
    """
    shipment = story.delivered()
    line = shipment.lines.get()
    receipt = story.receive(shipment, story.count(line, surplus=200, reason="A carton more."))
    settle_discrepancy(
        receipt.discrepancies.get(),
        outcome="accepted",
        lot_number=number,
        by=story.officer.by,
        at=DELIVERED_AT,
    )
    ordered, extra = line.lots.get(surplus=False), line.lots.get(surplus=True)
    for lot in (ordered, extra) if release else (ordered,):
        release_lot(story.pass_lot(lot), by=story.logistics.by, at=DELIVERED_AT)
    return ordered, extra


def distribute(story: Journey, lot: Lot) -> None:
    distribute_lot(
        lot,
        150,
        place="Ward 9",
        name="Nurse Lee DEMO",
        email="lee@ward.example",
        distributed_on=DELIVERED_AT.date(),
        author=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
    )


def goods_figures(page: Page) -> list[str]:
    """Return the figures of the first line of a shipment's goods, in the order of their columns."""
    return [cell.text.strip() for cell in page.main.xpath(".//td[@data-label][contains(@class, 'num')]")]


def recall(story: Journey, lot: Lot) -> Browser:
    browser = Browser(story.logistics.user)
    page = browser.open(f"{lot.get_absolute_url()}recall/")
    page.press(page.buttons[0], reason="The straps tear.")
    return browser


@pytest.mark.parametrize("which", [0, 1], ids=["ordered", "surplus"])
def test_recall_also_recalls_the_surplus_lot_of_the_same_number(story, which):
    both = lots(story)
    distribute(story, both[1 - which])
    browser = recall(story, both[which])
    for lot in both:
        lot.refresh_from_db()
        assert lot.status == "recalled"
        assert lot.warned_at is None
        assert "without naming your city" not in browser.open(lot)
    tasks.tick()
    told = {
        lot.reference: Notification.objects.about(lot).filter(entry__verb="send_recall_notice")
        for lot in both
    }
    assert {one.recipient for one in told[both[0].reference]} == {
        one.recipient for one in told[both[1].reference]
    }
    assert Message.objects.about(Distribution.objects.get()).filter(entry__verb="send_recall_notice").exists()
    assert "Not informed yet" in browser.open(both[1 - which])
    assert logistics_counter_mismatches() == []


def test_surplus_lot_with_another_number_is_not_recalled(story):
    ordered, extra = lots(story, "S-1")
    recall(story, ordered)
    extra.refresh_from_db()
    assert (extra.status, extra.warned_at) == ("released", None)


def test_recall_warns_of_surplus_lot_in_quarantine(story):
    ordered, extra = lots(story, release=False)
    browser = recall(story, ordered)
    extra.refresh_from_db()
    assert (extra.status, extra.warned_at is not None) == ("quarantined", True)
    assert "without naming your city" not in browser.open(ordered)


def test_recall_through_the_api_includes_the_surplus_lot(story):
    ordered, extra = lots(story)
    program = Program(story.logistics.user)
    program.post(f"lots/{ordered.reference}/recall/", {"reason": "The straps tear."})
    assert program.get(f"lots/{extra.reference}/")["status"] == "recalled"


def test_shipment_figures_add_up_including_accepted_surplus(story):
    ordered, extra = lots(story)
    page = Browser(story.logistics.user).open(ordered.shipment)
    assert goods_figures(page) == ["10,000", "10,000", "0", "0", "200", "10,200"]
    assert page.text.count("accepted surplus") == 1
    assert extra.surplus


def test_shipment_without_surplus_has_no_surplus_column(story):
    shipment = story.released()
    page = Browser(story.logistics.user).open(shipment)
    assert "Surplus accepted" not in page
    assert goods_figures(page) == ["10,000", "10,000", "0", "0", "10,000"]


def test_surplus_lot_is_marked_in_the_lot_list_and_its_csv(story):
    lots(story)
    browser = Browser(story.logistics.user)
    assert browser.open("/lots/").text.count("accepted surplus") == 1
    sheet = b"".join(browser.client.get("/lots/?as=csv").streaming_content).decode()
    heading, *rows = sheet.splitlines()
    assert "Surplus" in heading
    assert [("accepted surplus" in row) for row in rows] == [",200," in row for row in rows]
