"""Tests of releases by customs: export only after packing, import only after departure.

They use the page, the API and a broker's link.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from procurement.customs.actions import add_declaration, record_clearance_filing
from procurement.customs.models import CustomsClearance
from procurement.logistics.actions.journey import cancel_shipment
from procurement.logistics.rules.blockers import shipment_blockers
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
NOT_PACKED = "is not packed yet, so it cannot be cleared for export."
NOT_SENT = "is not recorded yet, so the shipment cannot be cleared for import."


@pytest.fixture
def story() -> Iterator[Journey]:
    one = Journey()
    one.practise()
    yield one
    clear_instance_cache()


def filed_clearance(story: Journey, side: str, *, packed: bool) -> CustomsClearance:
    shipment = story.packed() if packed else story.plan()
    clearance = story.clearance(shipment, side)
    Browser(story.logistics.user).open(shipment).do("file", clearance)
    clearance.refresh_from_db()
    assert clearance.status == "filed", "filing ahead is allowed"
    return clearance


CASES = [("export", False, NOT_PACKED), ("import", False, NOT_SENT), ("import", True, NOT_SENT)]


@pytest.mark.parametrize(("side", "packed", "words"), CASES)
def test_clearance_cannot_be_released_before_packing_or_departure(
    story: Journey, side: str, packed: bool, words: str
) -> None:
    clearance = filed_clearance(story, side, packed=packed)
    browser, program = Browser(story.logistics.user), Program(story.logistics.user)
    assert words in browser.open(clearance.shipment).text, "the closed button says why"
    answer = browser.client.post(f"{clearance.get_absolute_url()}release/")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    moves = program.get(f"customs-clearances/{clearance.reference}/")["available_moves"]
    (release,) = [move for move in moves if move["verb"] == "release"]
    assert (release["open"], words in release["reason"]) == (False, True)
    no = program.refused(f"customs-clearances/{clearance.reference}/release/")
    assert (no["code"], words in no["detail"]) == ("not_ready", True)
    clearance.refresh_from_db()
    assert (clearance.status, clearance.released_at) == ("filed", None)


def test_export_filed_early_is_released_after_packing(story: Journey) -> None:
    clearance = filed_clearance(story, "export", packed=False)
    (found,) = shipment_blockers(clearance.shipment, [clearance], [], [])
    assert found.remaining_work == "pack the goods, then record the customs clearance"
    story.packed(clearance.shipment)
    Browser(story.logistics.user).open(clearance.shipment).do("release", clearance)
    clearance.refresh_from_db()
    assert clearance.status == "cleared"


def test_import_filed_early_is_released_after_departure(story: Journey) -> None:
    clearance = filed_clearance(story, "import", packed=False)
    story.departed(clearance.shipment)
    Browser(story.logistics.user).open(clearance.shipment).do("release", clearance)
    clearance.refresh_from_db()
    assert clearance.status == "cleared"


@pytest.mark.parametrize("side", ["export", "import"])
def test_cancelled_shipment_cannot_be_declared(story: Journey, side: str) -> None:
    shipment = story.packed()
    clearance = story.clearance(shipment, side)
    cancel_shipment(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
    by = {"by": story.logistics.by, "at": AT}
    for act in (record_clearance_filing, lambda one, **who: add_declaration(one, number="1", **who)):
        with assert_refused("not_ready", clearance) as caught:
            act(clearance, **by)
        assert f"{shipment.reference} was cancelled" in str(caught.value)
    answer = Browser(story.logistics.user).client.post(f"{clearance.get_absolute_url()}file/", {"office": ""})
    assert answer.status_code == 422


def test_release_time_before_the_filing_is_refused_at_its_field(story: Journey) -> None:
    clearance = filed_clearance(story, "export", packed=True)
    page = Browser(story.logistics.user).open(
        reverse("clearance_move", args=[clearance.reference, "release"])
    )
    wrong = page.press(
        page.buttons[0], released_at=f"{clearance.filed_at - timedelta(days=2):%Y-%m-%d %H:%M}"
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"released_at"})
