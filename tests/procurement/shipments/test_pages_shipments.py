"""Tests of shipments on pages: planned, packed, numbered, departed, delivered or cancelled; and the board."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from procurement.shipments.models import Shipment
from tests.browsing import Browser
from tests.worlds.shipments import Journey

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Journey()
        assert story.officer and story.observer and story.stranger and story.logistics and story.broker
        story.planned = story.plan(expected_on=date(2020, 4, 17))
        story.waiting = story.ready()
        yield story


@pytest.fixture
def logistics(story):
    return Browser(story.logistics.user)


def reloaded_shipment(shipment) -> Shipment:
    return Shipment.objects.get(pk=shipment.pk)


def quantity_field(order):
    return f"line{order.lines.get().pk}"


def plan_on_page(browser, order, **typed):
    page = browser.open(f"/shipments/new/?order={order.reference}")
    given = {"mode": "air", "origin": "CNCAN", "destination": "CAVAN", **typed}
    return page.press("Plan a shipment", **given)


def test_shipment_is_planned_from_an_order_and_the_rest_remains(story, logistics):
    facts = {"carrier": "国泰货运", "air_waybill": "160-12345675", "expected_on": "2020/5/1"}
    done = plan_on_page(
        logistics, story.waiting, **facts, **{quantity_field(story.waiting): "120 boxes of 50"}
    )
    shipment = Shipment.objects.latest("pk")
    assert done.at == shipment.get_absolute_url()
    assert (shipment.carrier, shipment.expected_on, shipment.lines.get().quantity) == (
        "国泰货运",
        date(2020, 5, 1),
        6_000,
    )
    left = logistics.open("/shipments/new/")
    assert left.value(quantity_field(story.waiting)) == "4,000"


def test_invalid_shipment_plan_is_refused_at_its_field(story, logistics):
    name = quantity_field(story.waiting)
    wrong = plan_on_page(logistics, story.waiting, expected_on="1 May", **{name: "10 001"})
    assert (wrong.status, set(wrong.wrong)) == (422, {"expected_on", name})
    refused = plan_on_page(logistics, story.waiting, air_waybill="160-12345671")
    assert (refused.status, set(refused.wrong)) == (422, {"air_waybill"})
    nothing = plan_on_page(logistics, story.waiting, **{name: ""})
    assert (nothing.status, bool(nothing.alert)) == (422, True)
    assert Shipment.objects.count() == 1


def test_shipment_is_packed_into_cartons_with_the_last_taking_the_rest(story, logistics):
    line = story.planned.lines.get()
    ask = logistics.open(story.planned)
    wrong = ask.press("Record packing", **{f"pieces{line.pk}": "0"})
    assert (wrong.status, set(wrong.wrong)) == (422, {f"pieces{line.pk}"})
    ask.press("Record packing", **{f"pieces{line.pk}": "3 000", f"lot{line.pk}": "批号 2020-04"})
    assert (reloaded_shipment(story.planned).status, reloaded_shipment(story.planned).cartons_count) == (
        "packed",
        4,
    )
    again = logistics.open(f"{story.planned.get_absolute_url()}pack/").press(
        "Record packing", **{f"pieces{line.pk}": "100"}
    )
    assert again.status == 409


def test_transport_numbers_are_checked_by_their_check_digits(story, logistics):
    ask = logistics.open(story.planned).follow("Edit details")
    button = ask.buttons[0]
    done = ask.press(button, voyage="CX 889", gross_kg="1250.5", expected_on="2020年4月20日")
    assert done.at == story.planned.get_absolute_url()
    assert (reloaded_shipment(story.planned).voyage, reloaded_shipment(story.planned).expected_on) == (
        "CX 889",
        date(2020, 4, 20),
    )
    refused = ask.press(button, containers="CSQU 3054380", air_waybill="160-12345671")
    assert refused.status == 422
    assert refused.alert


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("csqu 305438 3", ["CSQU3054383"]),
        ("CSQU-305438-3, TASU 117000 0", ["CSQU3054383", "TASU1170000"]),
        ("CSQU3054383\tTASU1170000", ["CSQU3054383", "TASU1170000"]),
    ],
)
def test_container_numbers_are_read_in_any_notation(story, logistics, typed, kept):
    ask = logistics.open(f"{story.planned.get_absolute_url()}edit/")
    ask.press(ask.buttons[0], containers=typed, air_waybill=" 297-1234 5675 ")
    assert (reloaded_shipment(story.planned).containers, reloaded_shipment(story.planned).air_waybill) == (
        kept,
        "29712345675",
    )


@pytest.mark.parametrize(
    "typed", ["___U1234567", "ÄBCU1234567", "123U1234568", "AB1U1234567", "CSQU305438３"]
)
def test_invalid_container_number_is_refused_at_its_field(story, logistics, typed):
    ask = logistics.open(f"{story.planned.get_absolute_url()}edit/")
    wrong = ask.press(ask.buttons[0], containers=typed)
    assert (wrong.status, set(wrong.wrong)) == (422, {"containers"})


def test_seals_and_courier_number_are_stored_and_shown(story, logistics):
    ask = logistics.open(f"{story.planned.get_absolute_url()}edit/")
    wrong = ask.press(ask.buttons[0], seals="x" * 31)
    assert (wrong.status, set(wrong.wrong)) == (422, {"seals"})
    page = ask.press(ask.buttons[0], seals="CN-8841, 铅封 77", tracking_number="1Z 999 AA1 01")
    assert reloaded_shipment(story.planned).seals == ["CN-8841", "铅封 77"]
    for words in ("CN-8841, 铅封 77", "1Z 999 AA1 01"):
        assert words in page


def test_assigned_broker_sees_the_shipment(story, logistics):
    broker = Browser(story.broker.user)
    assert broker.open(story.planned).status == 404
    ask = logistics.open(f"{story.planned.get_absolute_url()}assign_broker/")
    ask.press(ask.buttons[0], broker=str(story.broker.user))
    assert reloaded_shipment(story.planned).broker == story.broker.user
    assert broker.open(story.planned).status == 200


def test_planned_times_are_set_with_the_shipment_and_edited_until_departure(story, logistics):
    plan_on_page(
        logistics, story.waiting, planned_departure="2020年4月18日", planned_delivery="2020-04-25 16:30"
    )
    shipment = Shipment.objects.latest("pk")
    known = dict(shipment.milestones.exclude(planned_at=None).values_list("step", "planned_at"))
    assert known == {
        "departed": datetime(2020, 4, 18, 4, tzinfo=UTC),  # noon in Guangzhou
        "delivered": datetime(2020, 4, 25, 23, 30, tzinfo=UTC),  # in Burnaby
    }
    assert "18" in logistics.open(shipment).text
    ask = logistics.open(f"{shipment.get_absolute_url()}schedule/")
    assert ask.value("planned_departure") == "2020-04-18 12:00"
    wrong = ask.press(ask.buttons[0], planned_arrival="soon")
    assert (wrong.status, set(wrong.wrong)) == (422, {"planned_arrival"})
    refused = ask.press(ask.buttons[0], planned_arrival="2020-04-17")
    assert (refused.status, "Departed" in refused.alert) == (422, True)
    ask.press(ask.buttons[0], planned_arrival="2020-04-19", planned_delivery="")
    known = dict(shipment.milestones.exclude(planned_at=None).values_list("step", "planned_at"))
    assert known == {
        "departed": datetime(2020, 4, 18, 4, tzinfo=UTC),
        "arrived": datetime(2020, 4, 19, 19, tzinfo=UTC),  # noon in Vancouver
    }


def test_events_and_estimates_are_entered_in_the_time_zone_of_their_place(story, logistics):
    ask = logistics.open(f"{story.planned.get_absolute_url()}estimate/")
    button = ask.buttons[0]
    wrong = ask.press(button, step="departed", expected_at="Friday")
    assert (wrong.status, set(wrong.wrong)) == (422, {"expected_at"})
    assert "Departed · Guangzhou (UTC+8)" in ask.text, "whose clock it is"
    ask.press(button, step="departed", expected_at="2020-04-18 23:40", reported_by="国泰")
    milestone = story.planned.milestones.get(step="departed")
    assert (milestone.estimated_at, milestone.estimated_by) == (
        datetime(2020, 4, 18, 15, 40, tzinfo=UTC),
        "国泰",
    )
    ask = logistics.open(f"{story.planned.get_absolute_url()}record_event/")
    page = ask.press(
        ask.buttons[0], code="picked_up", occurred_at="2020年4月16日 08:15", place="白云机场", remark="已交货"
    )
    for words in ("白云机场", "已交货"):
        assert words in page


def test_step_with_its_own_action_is_not_offered_as_an_event_but_free_text_is(story, logistics):
    at = f"{story.planned.get_absolute_url()}record_event/"
    for step in ("departed", "delivered", "import_cleared"):
        wrong = logistics.client.post(at, {"code": step, "occurred_at": "2020-04-16 08:15"})
        assert wrong.status_code == 422, step
    assert not story.planned.milestones.exclude(actual_at=None).exists()
    ask = logistics.open(at)
    wrong = ask.press(ask.buttons[0], code="other", occurred_at="2020-04-16 08:15")
    assert (wrong.status, set(wrong.wrong)) == (422, {"remark"})
    page = ask.press(ask.buttons[0], code="other", occurred_at="2020-04-16 08:15", remark="Rain on the apron")
    assert "Other event" in page
    assert "Rain on the apron" in page


def test_shipment_without_documents_is_refused_departure_on_its_page(story, logistics):
    story.packed(story.planned)
    page = logistics.open(story.planned)
    assert "What is blocking this shipment" in page
    refused = logistics.client.post(f"{story.planned.get_absolute_url()}depart/")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert reloaded_shipment(story.planned).status == "packed"


def test_shipment_departs_arrives_and_is_delivered_on_its_page(story, logistics):
    story.packed(story.planned)
    story.hand_in_all(story.planned, "depart")
    story.clear(story.planned, "export")
    page = logistics.open(story.planned).press("Record departure")
    assert reloaded_shipment(story.planned).status == "in_transit"
    asked = page.follow("Enter another time")
    asked.press("Record arrival in destination country", arrived_at="")
    assert reloaded_shipment(story.planned).status == "arrived"
    refused = logistics.client.post(f"{story.planned.get_absolute_url()}deliver/")
    assert refused.status_code == 422
    story.hand_in_all(story.planned, "deliver")
    story.clear(story.planned, "import")
    logistics.client.post(f"{story.planned.get_absolute_url()}deliver/")
    assert (reloaded_shipment(story.planned).status, reloaded_shipment(story.planned).received_by) == (
        "delivered",
        story.logistics.user,
    )


def test_step_recorded_later_keeps_the_time_it_happened(story, logistics):
    """An empty field means now. A future time, or one before the preceding step, is refused at its field."""
    story.packed(story.planned)
    story.hand_in_all(story.planned, "depart")
    story.clear(story.planned, "export")
    for verb, field, before, happened, zone in (
        ("depart", "departed_at", "2020-03-01 08:00", "2020-04-16 23:20", "Asia/Shanghai"),
        ("arrive", "arrived_at", "2020-04-16 08:00", "2020-04-16 08:40", "America/Vancouver"),
    ):
        ask = logistics.open(f"{story.planned.get_absolute_url()}{verb}/")
        button = ask.buttons[0]
        for wrong in ("yesterday", "2020-05-01 08:00", before):
            no = ask.press(button, **{field: wrong})
            assert (no.status, set(no.wrong), no.value(field)) == (422, {field}, wrong)
        ask.press(button, **{field: happened})
        told = getattr(reloaded_shipment(story.planned), field)
        assert told.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") == happened
        milestone = story.planned.milestones.get(step={"depart": "departed", "arrive": "arrived"}[verb])
        assert milestone.actual_at == told


def test_shipment_is_cancelled_with_a_reason_once(story, logistics):
    ask = logistics.open(f"{story.planned.get_absolute_url()}cancel/")
    button = ask.buttons[0]
    wrong = ask.press(button, reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    lost = logistics.client.post(f"{story.planned.get_absolute_url()}write_off/", {"reason": "Not heard of"})
    assert lost.status_code == 409, "what has not left is not lost"
    ask.press(button, reason="航班取消")
    assert reloaded_shipment(story.planned).status == "cancelled"
    assert logistics.open(ask.at).press(button, reason="once more").status == 409


def test_shipment_board_has_views_for_urgent_shipments(story, logistics):
    for view, shown in (
        ("", True),
        ("soon", True),
        ("held", False),
        ("papers", True),
        ("under_way", True),
        ("odd", True),
    ):
        page = logistics.open(f"/shipments/?view={view}")
        assert (story.planned.reference in page) is shown, view
    story.packed(story.planned)
    clearance = story.clearance(story.planned, "export")
    logistics.open(f"{clearance.get_absolute_url()}file/").press(
        logistics.open(f"{clearance.get_absolute_url()}file/").buttons[0], office="广州海关"
    )
    logistics.open(f"{clearance.get_absolute_url()}hold/").press(
        "Add", reason="缺少发票", question="价值多少？"
    )
    assert story.planned.reference in logistics.open("/shipments/?view=held")


@pytest.mark.parametrize("sign", ["%00", "%00PO-2020-0001", "%EF%BF%BE", "%ED%A0%80", "x" * 3_000])
def test_invalid_shipment_address_gets_404(story, logistics, sign):
    page = logistics.open(f"/shipments/new/?order={sign}")
    assert (page.status, quantity_field(story.waiting) in page.answer.content.decode()) == (200, False), (
        "there is no such order"
    )
    for at in ("/shipments/?view=", "/shipments/?cursor=", "/shipments/?order=", "/shipments/?sheet="):
        assert logistics.open(f"{at}{sign}").status < 500, at
    for base in (
        story.planned.get_absolute_url(),
        "/lots/",
        "/customs-documents/",
        "/customs-clearances/",
        "/customs-holds/",
        "/goods-receipts/",
    ):
        assert logistics.client.get(f"{base}{sign}/").status_code == 404, base


def test_shipment_is_404_for_other_cities_and_actions_are_403_for_observers(story):
    base = story.planned.get_absolute_url()
    stranger, observer = Browser(story.stranger.user), Browser(story.observer.user)
    assert story.planned.reference not in stranger.open("/shipments/")
    for at in (base, f"{base}pack/", f"{base}receive/", f"{base}edit/"):
        assert stranger.open(at).status == 404, at
        assert stranger.client.post(at, {"reason": "x"}).status_code in (404, 405), at
    refused = observer.client.post(f"{base}cancel/", {"reason": "I fear"})
    assert (refused.status_code, "I fear" in refused.content.decode()) == (403, True)
    assert "Record packing" not in observer.open(base)
    line = story.planned.lines.get()
    for at in (f"{base}pack/", "/shipments/new/"):
        assert observer.open(at).status == 403, at
        assert observer.client.post(at, {f"pieces{line.pk}": "50"}).status_code == 403, at
    assert reloaded_shipment(story.planned).status == "planned"


@pytest.mark.parametrize(("language", "quantity"), [("fr-ca", "10 000"), ("zh-hans", "10,000")])
def test_shipment_page_is_in_the_readers_language(story, language, quantity):
    assert quantity in Browser(story.logistics.user, language).open(story.planned)
