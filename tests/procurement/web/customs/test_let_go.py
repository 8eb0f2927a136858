"""Customs lets go what is packed on one side and what has left on the other: by page, by the API and by a broker’s link."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from procurement.shipments.actions import customs, journey
from procurement.shipments.actions.customs import file_lane
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.rules.gates import blocked_by
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow import clock

pytestmark = pytest.mark.django_db
NOT_PACKED = "is not packed yet, so customs cannot release its export."
NOT_SENT = "is not noted yet, so customs cannot release its import."


@pytest.fixture
def story() -> Iterator[Voyage]:
    one = Voyage()
    one.practise()
    yield one
    clock.forget()


def filed(story: Voyage, side: str, *, packed: bool) -> CustomsLane:
    shipment = story.packed() if packed else story.plan()
    lane = story.lane(shipment, side)
    Browser(story.logistics.user).open(shipment).do("file", lane)
    lane.refresh_from_db()
    assert lane.status == "filed", "filing ahead is allowed"
    return lane


CASES = [("export", False, NOT_PACKED), ("import", False, NOT_SENT), ("import", True, NOT_SENT)]


@pytest.mark.parametrize(("side", "packed", "words"), CASES)
def test_customs_releases_nothing_ahead_of_the_goods(
    story: Voyage, side: str, packed: bool, words: str
) -> None:
    lane = filed(story, side, packed=packed)
    browser, program = Browser(story.logistics.user), Program(story.logistics.user)
    assert words in browser.open(lane.shipment).text, "the closed button says why"
    answer = browser.client.post(f"{lane.get_absolute_url()}release/")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    told = program.get(f"customs-lanes/{lane.reference}/")["available_moves"]
    (release,) = [move for move in told if move["verb"] == "release"]
    assert (release["open"], words in release["reason"]) == (False, True)
    no = program.refused(f"customs-lanes/{lane.reference}/release/")
    assert (no["code"], words in no["detail"]) == ("not_ready", True)
    lane.refresh_from_db()
    assert (lane.status, lane.released_at) == ("filed", None)


def test_an_export_filed_ahead_is_released_once_it_is_packed(story: Voyage) -> None:
    lane = filed(story, "export", packed=False)
    (found,) = blocked_by(lane.shipment, [lane], [], [])
    assert found.left == "pack the goods, then note the release by customs"
    story.packed(lane.shipment)
    Browser(story.logistics.user).open(lane.shipment).do("release", lane)
    lane.refresh_from_db()
    assert lane.status == "released"


def test_an_import_filed_ahead_is_released_once_it_has_left(story: Voyage) -> None:
    lane = filed(story, "import", packed=False)
    story.departed(lane.shipment)
    Browser(story.logistics.user).open(lane.shipment).do("release", lane)
    lane.refresh_from_db()
    assert lane.status == "released"


@pytest.mark.parametrize("side", ["export", "import"])
def test_nothing_is_declared_for_a_cancelled_shipment(story: Voyage, side: str) -> None:
    shipment = story.packed()
    lane = story.lane(shipment, side)
    journey.cancel(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
    by = {"by": story.logistics.by, "at": AT}
    for act in (file_lane, lambda one, **who: customs.declare(one, number="1", **who)):
        with refused("not_ready", lane) as caught:
            act(lane, **by)
        assert f"{shipment.reference} was cancelled" in str(caught.value)
    answer = Browser(story.logistics.user).client.post(f"{lane.get_absolute_url()}file/", {"office": ""})
    assert answer.status_code == 422


def test_a_release_is_not_noted_before_the_filing(story: Voyage) -> None:
    lane = filed(story, "export", packed=True)
    page = Browser(story.logistics.user).open(reverse("lane_move", args=[lane.reference, "release"]))
    wrong = page.press(page.buttons[0], released_at=f"{lane.filed_at - timedelta(days=2):%Y-%m-%d %H:%M}")
    assert (wrong.status, set(wrong.wrong)) == (422, {"released_at"})
