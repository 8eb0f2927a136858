"""Fraud cases found on arrival: by inspection, or by a departure that no carrier confirms.

These are the cases 1 (the Netherlands), 4 (Canada), 6 (TCG), 7 (Toronto), 16 (the EU Commission), 18 (the
Navajo Nation) and 21 (Annapolis) of docs/fraud_cases.md. In each, shipments arrive with the fault, in two
variants, and with a near miss that is no fault.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.catalogue.rules.inspections import sample_plan
from procurement.catalogue.rules.standards import match_standard
from procurement.logistics.actions.offer_rescreening import rescreen_unconfirmed_departures
from procurement.quality.actions import reject_lot, release_conditionally
from procurement.tracking.actions.events import record_event
from tests.procurement.catalogue import catalogue_in_memory
from tests.procurement.catalogue.catalogue_in_memory import make_standard
from tests.procurement.fraud.arrived_goods import (
    ArrivalCase,
    filtration_reading,
    inspect_by_plan,
    order_of,
    receive_lot,
    release_arrived_lot,
)
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, DEPARTED_AT, Journey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("deal", "measured"),
    [
        (ArrivalCase("深圳恒盾防护用品有限公司", "EUR", "1.90", 1_300_000), "88.0"),
        (ArrivalCase("东莞清屏医疗用品有限公司", "USD", "1.10", 48_000), "94.9"),
        pytest.param(
            ArrivalCase("青岛北屿劳保用品有限公司", "CNY", "7.50", 260_000),
            "61.25",
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_01_netherlands_lot_that_fails_filtration_is_not_released(deal, measured):
    story, lot = receive_lot(deal, kn95=True)
    with assert_refused("not_ready", lot):
        release_arrived_lot(story, lot)
    with assert_refused("outside_limit", lot) as no:
        inspect_by_plan(story, lot, "passed", filtration_reading(measured))
    assert no.value.details["point"] == "filtration"
    inspect_by_plan(story, lot, "failed", filtration_reading(measured))
    with assert_refused("not_ready", lot):
        release_arrived_lot(story, lot)
    reject_lot(lot, reason="Poor fit, the filter is defect.", by=story.logistics.by, at=DELIVERED_AT)
    lot.refresh_from_db()
    assert lot.status == "rejected"


def test_01_near_miss_lot_exactly_at_its_limit_is_released():
    story, lot = receive_lot(ArrivalCase("深圳恒盾防护用品有限公司", "EUR", "1.90", 130_000), kn95=True)
    inspect_by_plan(story, lot, "passed", filtration_reading("95"))
    assert release_arrived_lot(story, lot).status == "released"


@pytest.mark.parametrize(
    ("deal", "measured"),
    [
        (ArrivalCase("广州仁泽防护用品有限公司", "CAD", "2.50", 1_000_000), "83.1"),
        (ArrivalCase("珠海远汀医疗用品有限公司", "USD", "0.80", 20_000), "94.999"),
        pytest.param(
            ArrivalCase("天津立冬卫生用品有限公司", "CNY", "6.00", 75_000), "12", marks=pytest.mark.every_way
        ),
    ],
)
def test_04_canada_donated_lot_that_fails_filtration_is_not_released(deal, measured):
    story, lot = receive_lot(deal, gift=True, kn95=True)
    with assert_refused("not_ready", lot):
        release_arrived_lot(story, lot)
    with assert_refused("outside_limit", lot):
        inspect_by_plan(story, lot, "passed", filtration_reading(measured))
    inspect_by_plan(story, lot, "failed", filtration_reading(measured))
    with assert_refused("not_ready", lot):
        release_arrived_lot(story, lot)


def test_04_near_miss_donated_lot_within_its_limit_is_released():
    story, lot = receive_lot(
        ArrivalCase("珠海远汀医疗用品有限公司", "USD", "0.80", 20_000), gift=True, kn95=True
    )
    inspect_by_plan(story, lot, "passed", filtration_reading("96.4"))
    assert release_arrived_lot(story, lot).status == "released"


@pytest.mark.parametrize(
    ("deal", "hours"),
    [
        (ArrivalCase("上海临川医疗器械有限公司", "CAD", "1.20", 100_000), 48),
        (ArrivalCase("宁波广济贸易有限公司", "EUR", "0.70", 12_000), 49),
        pytest.param(
            ArrivalCase("厦门鹭洲进出口有限公司", "CNY", "3.10", 40_000), 24 * 30, marks=pytest.mark.every_way
        ),
    ],
)
def test_06_tcg_departure_unknown_to_any_carrier_is_a_finding(deal, hours):
    story, order = order_of(deal)
    shipment = story.departed(story.plan(order))
    assert rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=hours)) == 1
    lead = shipment.lines.get().order_line.allocation.lead
    assert lead.findings.get(code="no_hand_over").status == "open"


def test_06_near_miss_departure_within_two_days_or_confirmed_by_a_carrier_is_no_finding():
    shipment = Journey().departed()
    assert rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=47)) == 0, "it may still come"
    story = Journey()
    other = story.departed(story.plan(story.ready()))
    record_event(
        other,
        "picked_up",
        occurred_at=DEPARTED_AT + timedelta(hours=5),
        by=story.logistics.by,
        at=DEPARTED_AT + timedelta(hours=6),
    )
    assert rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=72)) == 1, "only the one no one has"
    shipment.refresh_from_db()
    other.refresh_from_db()
    assert shipment.missing_pickup_noted_at is not None
    assert other.missing_pickup_noted_at is None


@pytest.mark.parametrize(
    "deal",
    [
        ArrivalCase("苏州白帆卫生材料有限公司", "CAD", "1.00", 200_000),
        ArrivalCase("佛山双榕医疗用品有限公司", "USD", "0.45", 9_000),
        pytest.param(
            ArrivalCase("大连海澜防护用品有限公司", "EUR", "0.60", 35_000), marks=pytest.mark.every_way
        ),
    ],
)
def test_07_toronto_lot_with_one_defect_above_the_sampling_plan_fails(deal):
    story, lot = receive_lot(deal)
    plan = sample_plan(lot.quantity, "II", Decimal("2.5"))
    with assert_refused("too_many_defects", lot):
        inspect_by_plan(story, lot, "passed", sampled=plan.sample_size, defects=plan.acceptance_number + 1)
    inspect_by_plan(story, lot, "failed", sampled=plan.sample_size, defects=plan.acceptance_number + 1)
    with assert_refused("not_ready", lot):
        release_arrived_lot(story, lot)


def test_07_near_miss_lot_with_as_many_defects_as_the_plan_accepts_is_released():
    story, lot = receive_lot(ArrivalCase("苏州白帆卫生材料有限公司", "CAD", "1.00", 200_000))
    plan = sample_plan(lot.quantity, "II", Decimal("2.5"))
    inspect_by_plan(story, lot, "passed", sampled=plan.sample_size, defects=plan.acceptance_number)
    assert release_arrived_lot(story, lot).status == "released"


@pytest.mark.parametrize(
    ("deal", "first"),
    [
        (ArrivalCase("温州启明医疗用品有限公司", "EUR", "2.90", 1_000_000), 150_000),
        (ArrivalCase("台州松岭卫生用品有限公司", "USD", "0.38", 20_000), 19_000),
        pytest.param(
            ArrivalCase("惠州云溪防护用品有限公司", "CNY", "2.20", 60_000), 1_000, marks=pytest.mark.every_way
        ),
    ],
)
def test_16_failed_batch_is_held_while_a_passed_one_is_released(deal, first):
    story, order = order_of(deal)
    bad, good = (story.lot(story.plan(order, part=part)) for part in (first, deal.pieces - first))
    inspect_by_plan(story, bad, "failed")
    inspect_by_plan(story, good, "passed")
    assert release_arrived_lot(story, good).status == "released"
    with assert_refused("not_ready", bad):
        release_arrived_lot(story, bad)


def test_16_near_miss_two_passed_batches_are_both_released():
    story, order = order_of(ArrivalCase("台州松岭卫生用品有限公司", "USD", "0.38", 20_000))
    for part in (5_000, 15_000):
        lot = story.lot(story.plan(order, part=part))
        inspect_by_plan(story, lot, "passed")
        assert release_arrived_lot(story, lot).status == "released"


@pytest.mark.parametrize(
    ("deal", "below"),
    [
        (ArrivalCase("河源青榕防护用品有限公司", "USD", "3.20", 1_000_000), 4),
        (ArrivalCase("湖州南浔卫生材料有限公司", "EUR", "1.40", 30_000), 6),
        pytest.param(
            ArrivalCase("嘉兴平湖劳保用品有限公司", "CNY", "9.90", 110_000), 10, marks=pytest.mark.every_way
        ),
    ],
)
def test_18_navajo_goods_below_the_medical_standard_are_not_released_unconditionally(deal, below):
    meeting = match_standard(
        make_standard("NIOSH-N95"),
        make_standard("GB2626-2006-KN95"),
        market="US",
        use="medical",
        rows=catalogue_in_memory.acceptances(),
        on=AT.date(),
    )
    assert meeting.verdict == "neighbour"
    story, lot = receive_lot(deal, kn95=True)
    with assert_refused("too_many_defects", lot):
        inspect_by_plan(story, lot, "passed", defects=1_250 // below)
    inspect_by_plan(story, lot, "conditional", filtration_reading("94"), defects=1_250 // below)
    with assert_refused("not_ready", lot):
        release_arrived_lot(story, lot)


def test_18_near_miss_lower_grade_goods_are_released_with_a_condition():
    story, lot = receive_lot(ArrivalCase("湖州南浔卫生材料有限公司", "EUR", "1.40", 30_000), kn95=True)
    inspect_by_plan(story, lot, "conditional", filtration_reading("94"))
    condition = "For visitors, not at the bedside."
    with assert_refused("not_allowed", lot):  # a value failed, so the release needs two people
        release_conditionally(lot, condition=condition, by=story.logistics.by, at=DELIVERED_AT)
    released = release_conditionally(lot, condition=condition, by=story.officer.by, at=DELIVERED_AT)
    assert released.status == "released_conditionally"


@pytest.mark.parametrize(
    ("deal", "gift", "way"),
    [
        (ArrivalCase("南京江宁卫生用品有限公司", "USD", "0.40", 20_000), True, ("air", "CNCAN", "CAVAN")),
        (ArrivalCase("连云港海州医疗用品有限公司", "CNY", "2.80", 64_000), True, ("sea", "CNSHA", "CAVAN")),
        pytest.param(
            ArrivalCase("中山东篱防护用品有限公司", "EUR", "0.55", 8_000),
            False,
            ("air", "CNCAN", "CAVAN"),
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_21_annapolis_required_documents_are_listed_when_the_shipment_is_planned(deal, gift, way):
    story, order = order_of(deal, gift=gift)
    mode, origin, destination = way
    shipment = story.plan(order, mode=mode, origin=origin, destination=destination)
    asked = list(shipment.documents.all())
    assert asked
    assert all(one.owner and one.due_before and one.asked_on == shipment.created_at.date() for one in asked)
    assert shipment.documents_missing == sum(one.blocks and one.status == "required" for one in asked) > 0


def test_21_near_miss_shipment_with_every_document_submitted_waits_for_none():
    story = Journey()
    shipment = story.plan()
    for due in ("depart", "deliver"):
        story.hand_in_all(shipment, due)
    assert shipment.documents_missing == 0
