"""Tests of rerouting, returns and destruction, on pages and through the API."""

import pytest

from procurement.logistics.actions.journey import record_arrival, record_departure
from procurement.logistics.actions.planning import pack_shipment
from procurement.receiving.models import Destruction
from procurement.shipments.models import MilestoneChange, Shipment
from procurement.tracking.actions.events import flag_event
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.rejected_goods import destroy_rejected_goods, receive_with_rejections, return_rejected_goods
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        assert story.officer and story.logistics and story.observer
        story.refused = receive_with_rejections(story)
        story.gone = story.departed(story.plan(story.ready()))
        yield story


@pytest.fixture
def logistics(story):
    return Browser(story.logistics.user)


def test_rejected_goods_are_returned_on_the_page(story, logistics):
    page = logistics.open(story.refused)
    assert "Still on site:" in page
    ask = page.follow("Return goods")
    none = ask.press("Return goods", part0="0", part1="0", reason="They leak.")
    assert none.status == 422
    done = ask.press("Return goods", part0="30", part1="", cartons="", reason="They leak.")
    assert done.at == story.refused.get_absolute_url()
    made = Shipment.objects.get(returned_from=story.refused)
    assert (made.return_lines.get().quantity, made.mode, made.destination) == (30, "air", "CNCAN")
    assert made.reference in done
    its = logistics.open(made)
    assert "Goods being returned" in its
    assert "and were rejected. They do not count toward any need." in its
    packed = its.press("Record packing")
    assert packed.at == made.get_absolute_url()
    made.refresh_from_db()
    assert made.status == "packed"
    assert "Return" in logistics.open("/shipments/")
    assert Browser(story.observer.user).open(made).status == 200


def test_return_is_handed_back_on_its_page(story, logistics):
    made = return_rejected_goods(story, story.refused, destination="CATOR")
    for move in (pack_shipment, record_departure, record_arrival):
        move(made, by=story.logistics.by, at=ARRIVED_AT)
    page = logistics.open(f"{made.get_absolute_url()}record_return/")
    page.press("Record return to sender")
    made.refresh_from_db()
    assert made.status == "returned"


def test_destruction_is_recorded_and_confirmed_on_the_page(story, logistics):
    ask = logistics.open(story.refused).follow("Record destruction of goods")
    wrong = ask.press("Record destruction of goods", which="0", quantity="0", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"quantity", "reason"})
    ask.press("Record destruction of goods", which="0", quantity="12", reason="Burnt at the works.")
    gone = Destruction.objects.get()
    page = logistics.open(story.refused)
    assert "Burnt at the works." in page
    assert "You recorded this destruction, so someone else must confirm it." in page
    assert logistics.open(gone).at == story.refused.get_absolute_url()
    other = Browser(story.officer.user).open(story.refused)
    other.press("Confirm destruction")
    gone.refresh_from_db()
    assert (gone.status, gone.confirmed_by) == ("confirmed", story.officer.user)
    assert f"Confirmed by {story.officer.user}" in logistics.open(story.refused)


def test_destruction_record_is_discarded_with_a_reason_on_its_page(story, logistics):
    gone = destroy_rejected_goods(story, story.refused, 12)
    page = logistics.open(f"{gone.get_absolute_url()}discard/")
    done = page.press("Discard this record", reason="They are in the store.")
    assert done.at.startswith(story.refused.get_absolute_url())
    gone.refresh_from_db()
    assert gone.status == "discarded"


def test_shipment_is_rerouted_to_another_country_on_its_page(story, logistics):
    ask = logistics.open(story.gone).follow("Change destination")
    assert ask.value("destination") == "Vancouver (CAVAN)"
    wrong = ask.press("Change destination", destination="Nowhere", reason="Fog.")
    assert (wrong.status, set(wrong.wrong)) == (422, {"destination"})
    ask.press(
        "Change destination",
        destination="USSEA",
        via="JPYOK, KRPUS",
        planned_arrival="2020-05-02",
        reason="Fog.",
    )
    story.gone.refresh_from_db()
    assert (story.gone.destination, story.gone.via) == ("USSEA", ["JPYOK", "KRPUS"])
    page = logistics.open(story.gone)
    assert "Guangzhou (CNCAN) → JPYOK → KRPUS → Seattle (USSEA)" in page
    assert "No longer required" in page


def test_return_destruction_reroute_and_sharing_work_through_the_api(story):
    program, officer = Program(story.logistics.user), Program(story.officer.user)
    line = story.refused.lines.get().order_line.allocation.reference
    lot = story.refused.lots.get().reference
    here = f"shipments/{story.refused.reference}"
    body = {
        "parts": [{"allocation": line, "lot": lot, "quantity": 100}],
        "mode": "sea",
        "reason": "They leak.",
    }
    assert program.post(f"{here}/plan-return/", body)["reference"] == story.refused.reference
    (found,) = program.all(f"shipments/?returned_from={story.refused.reference}")
    made = program.get(f"shipments/{found['reference']}/")
    assert (made["returned_from"], made["lines"], made["status"]) == (story.refused.reference, [], "planned")
    assert made["return_lines"] == [{"allocation": line, "lot": lot, "quantity": 100}]
    no = program.refused(f"{here}/plan-return/", body | {"parts": [{"allocation": line, "quantity": 99}]})
    assert no["code"] == "more_than_refused"
    burnt = {"line": line, "quantity": 3, "destroyed_on": "2020-04-16", "reason": "Burnt."}
    program.post(f"{here}/destroy/", burnt)
    (gone,) = program.all(f"destructions/?shipment={story.refused.reference}")
    assert (gone["status"], gone["words"], gone["quantity"]) == ("reported", "Burnt.", 3)
    assert program.refused(f"destructions/{gone['id']}/confirm/")["code"] == "not_allowed"
    assert officer.post(f"destructions/{gone['id']}/confirm/")["status"] == "confirmed"
    away = f"shipments/{story.gone.reference}"
    assert program.get(f"{away}/")["public_url"] == ""
    program.post(f"{away}/share/")
    data = program.post(f"{away}/reroute/", {"destination": "USSEA", "via": ["JPYOK"], "reason": "Fog."})
    assert (data["destination"], data["via"]) == ("USSEA", ["JPYOK"])
    assert data["public_url"].endswith(f"/where/{story.gone.public_code}/")
    assert program.post(f"{away}/unshare/")["public_url"] == ""


def test_schedule_changes_are_read_through_the_api(story):
    program = Program(story.logistics.user)
    event = {"code": "ARRI", "code_system": "dcsa", "place": "CAVAN", "source": "LINE"}
    data = program.post(
        "tracking-events/",
        event
        | {"shipment": story.gone.reference, "occurred_at": ARRIVED_AT.isoformat(), "classifier": "EST"},
    )
    assert (data["classifier"], data["about"], data["step"]) == ("EST", "arrived", "")
    many = [
        event | {"shipment": story.gone.reference, "occurred_at": "2020-05-09T00:00:00Z", "classifier": kind}
        for kind in ("PLN", "REQ")
    ]
    program.post("tracking-batches/", {"events": many})
    (step,) = program.all(f"milestones/?shipment={story.gone.reference}&step=arrived")
    whole = program.get(f"milestones/{step['id']}/")
    told = [(one["kind"], one["reported_by"], one["event"] is None) for one in whole["changes"]]
    assert told == [("EST", "LINE", False), ("PLN", "LINE", False)]
    flag_event(story.gone, data["id"], reason="Another ship.", by=story.logistics.by, at=DEPARTED_AT)
    assert program.get(f"milestones/{step['id']}/")["changes"][0]["wrong_at"] is not None
    page = Browser(story.logistics.user).open(story.gone)
    assert "Estimated" in page
    assert "2 dates recorded" in page
    assert MilestoneChange.objects.count() == 2
