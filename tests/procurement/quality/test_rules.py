"""Tests of the boundaries in the rules for lots and inspections, without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from partners.cities.models import City
from partners.powers import Power
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.rules.inspections import SamplePlan
from procurement.quality.models import Lot
from procurement.quality.rules import (
    WARN_OF_SAME_LOT,
    PointReading,
    PointResult,
    expired_lot_refusal,
    failed_lot_refusal,
    lot_in_use_refusal,
    match_readings,
    may_inspect,
    may_override,
    may_receive,
    may_release,
    may_release_conditionally,
    sample_verdict_refusal,
    unaccepted_lot_refusal,
    unsupported_pass_refusal,
)
from workflow.errors import Refused

PLAN = SamplePlan(
    code_letter="L", sample_size=200, acceptance_number=10, rejection_number=11, is_full_inspection=False
)


def point(key: str = "bfe", *, firm: bool = True, **facts: object) -> InspectionPoint:
    given = {"name_en": key, "unit": "%", "bound": "at_least", "limit": Decimal(98), **facts}
    source_confidence = (
        {"confidence": "firm", "source_urls": ["https://source.example"]}
        if firm
        else {"confidence": "memory"}
    )
    return InspectionPoint(key=key, **given, **source_confidence)


def result(value: str = "", *, firm: bool = True, seen: bool | None = None) -> PointResult:
    if seen is not None:
        return PointResult(point("whole", firm=firm, bound="seen", limit=None), None, seen)
    return PointResult(point(firm=firm), Decimal(value) if value else None, None)


# --- what was measured ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "value"), [("%", "0"), ("%", "100"), ("mmHg", "0"), ("mmHg", "1000000"), ("%", "98.123")]
)
def test_first_and_last_possible_reading_are_accepted(unit, value):
    (kept,) = match_readings([point(unit=unit)], [PointReading(key="bfe", value=Decimal(value))])
    assert kept.value == Decimal(value)


@pytest.mark.parametrize(
    ("unit", "value"), [("mmHg", "1000000.001"), ("%", "100.001"), ("%", "-0.001"), ("%", "1.0001")]
)
def test_reading_beyond_the_possible_range_is_refused(unit, value):
    with pytest.raises(Refused) as caught:
        match_readings([point(unit=unit)], [PointReading(key="bfe", value=Decimal(value))])
    assert (caught.value.code, caught.value.details) == ("bad_value", {"point": "bfe", "field": "readings"})


def test_unknown_or_repeated_reading_is_refused_and_missing_ones_are_unmeasured():
    seen = PointReading(key="whole", seen=True)
    points = [point(), point("whole", bound="seen", limit=None)]
    assert [(one.value, one.is_requirement_met) for one in match_readings(points, [seen])] == [
        (None, None),
        (None, True),
    ]
    for readings in ([PointReading(key="other", seen=True)], [seen, seen]):
        with pytest.raises(Refused) as caught:
            match_readings(points, readings)
        assert (caught.value.code, caught.value.details["field"]) == ("point_unknown", "readings")


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (result(), "not_measured"),
        (result("98"), "within"),
        (result("97.999"), "outside"),
        (result(seen=True), "within"),
        (result(seen=False), "outside"),
    ],
)
def test_reading_is_within_outside_or_not_measured(one, outcome):
    assert one.outcome == outcome


# --- what a verdict rests on ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("results", "facts", "code"),
    [
        ([result("98")], {}, ""),
        ([result("97")], {"justification": "Needed."}, "outside_limit"),
        ([result("97")], {"verdict": "failed"}, ""),
        ([result("97")], {"verdict": "conditional"}, ""),
        ([result(seen=False)], {"justification": "Needed."}, "point_not_seen"),
        ([result("97", firm=False), result("97")], {"justification": "Needed."}, "outside_limit"),
        ([result()], {}, "unmeasured"),
        ([result()], {"justification": " "}, "unmeasured"),
        ([result()], {"justification": "Needed."}, ""),
        ([result()], {"covers": ["bfe"]}, ""),
        ([result()], {"covers": ["whole"]}, "unmeasured"),
        ([result(firm=False)], {}, ""),
        ([result("97", firm=False)], {}, "justification_missing"),
        ([result("97", firm=False)], {"justification": "Needed."}, ""),
        ([result("98")], {"laxer": True}, "justification_missing"),
        ([result("98")], {"laxer": True, "justification": "Needed."}, ""),
    ],
)
def test_verdict_passed_requires_readings_report_or_justification(results, facts, code):
    no = unsupported_pass_refusal(
        results, **{"verdict": "passed", "justification": "", "laxer": False, **facts}
    )
    assert (no.code if no else "") == code
    if no:
        assert no.details["field"] == (
            "justification" if code in ("unmeasured", "justification_missing") else "verdict"
        )
        assert code != "unmeasured" or no.details["points"] == ["bfe"]
        assert ("less strict than usual" in str(no)) is facts.get("laxer", False)


@pytest.mark.parametrize(
    ("quantity", "sampled", "defects", "verdict", "code"),
    [
        (200, 200, 10, "passed", ""),
        (200, 200, 200, "failed", ""),
        (200, 200, 0, "conditional", ""),
        (200, 200, 11, "conditional", ""),
        (1, 1, 0, "failed", ""),
        (1, 0, 0, "failed", "sample_too_small"),
        (200, 199, 0, "passed", "sample_too_small"),
        (200, 199, 0, "conditional", "sample_too_small"),
        (199, 200, 0, "passed", "sample_too_large"),
        (200, 200, 11, "passed", "too_many_defects"),
        (200, 200, 201, "failed", "bad_quantity"),
        (200, 200, -1, "failed", "bad_quantity"),
    ],
)
def test_inspection_verdict_is_refused_if_sample_is_too_small_or_has_too_many_defects(
    quantity, sampled, defects, verdict, code
):
    no = sample_verdict_refusal(PLAN, quantity, sampled, defects, verdict)
    assert (no.code if no else "") == code
    fields = {"bad_quantity": "defects", "too_many_defects": "verdict"}
    assert no is None or no.details["field"] == fields.get(code, "sampled")


@pytest.mark.parametrize(
    ("facts", "released", "with_conditions"),
    [
        ({"verdict": "passed"}, True, True),
        ({"verdict": "conditional"}, False, True),
        ({"verdict": "failed"}, False, False),
        ({}, False, False),
        ({"verdict": "failed", "override_reason": "Needed."}, True, True),
        ({"verdict": "passed", "quantity": 0}, False, False),
        ({"override_reason": "Needed.", "quantity": 0}, False, False),
    ],
)
def test_lot_is_released_by_its_last_verdict_or_an_override_and_never_empty(facts, released, with_conditions):
    lot = Lot(**{"reference": "LT-1", "quantity": 1, **facts})
    assert (failed_lot_refusal(lot) is None, unaccepted_lot_refusal(lot) is None) == (
        released,
        with_conditions,
    )


# --- two people -------------------------------------------------------------------------------------------------
def person(*powers: str) -> SimpleNamespace:
    return SimpleNamespace(user_id=1, may=lambda power, thing: power in powers)


@pytest.mark.parametrize(
    ("facts", "release", "condition"),
    [
        ({}, True, True),
        ({"values_failed": 1}, False, False),
        ({"unmeasured": 1}, False, False),
        ({"values_failed": 1, "verdict": "conditional"}, True, False),  # `failed_lot_refusal` stops it
        ({"unmeasured": 1, "verdict": "failed"}, True, True),
        ({"values_failed": 1, "inspectors": [2]}, True, True),
        ({"unmeasured": 1, "inspectors": [2, 3]}, True, True),
        ({"values_failed": 1, "override_by_id": 2}, True, True),
        ({"unmeasured": 1, "override_by_id": 2}, True, True),
        ({"override_by_id": 1, "inspectors": [2]}, False, False),
    ],
)
def test_person_who_inspected_or_overrode_a_doubtful_lot_cannot_release_it(facts, release, condition):
    lot = Lot(**{"inspectors": [1], "verdict": "passed", **facts})
    for may, answer in ((may_release, release), (may_release_conditionally, condition)):
        said = may(person(Power.INSPECT), lot)
        assert (said is True) is answer
        assert said is True or said.details["show"]
        assert may(person(Power.APPROVE), lot) is False


def test_receiving_and_inspecting_require_their_own_permissions():
    for may, needed in ((may_receive, Power.RECEIVE), (may_inspect, Power.INSPECT)):
        assert may(person(needed), Lot()) is True
        assert may(person(*(power for power in Power if power != needed)), Lot()) is False


def test_recall_warning_is_automatic_and_a_program_without_account_may_release():
    assert WARN_OF_SAME_LOT.allowed(person(*Power), Lot()) is False
    program = SimpleNamespace(user_id=None, may=lambda power, thing: True)
    assert may_release(program, Lot(verdict="passed", inspectors=[1])) is True


def test_approver_who_inspected_the_lot_cannot_override_it():
    assert may_override(person(Power.APPROVE), Lot(inspectors=[2])) is True
    assert may_override(person(Power.INSPECT), Lot(inspectors=[2])) is False
    no = may_override(person(Power.APPROVE), Lot(inspectors=[2, 1]))
    assert isinstance(no, Refused)
    assert no.details["show"]


@pytest.mark.parametrize(
    ("facts", "shipment", "order", "refusable"),
    [
        ({}, "delivered", "ready_to_ship", True),
        ({}, "closed", "ready_to_ship", False),
        ({}, "delivered", "completed", False),
        ({"quantity": 0}, "delivered", "ready_to_ship", False),
        ({"surplus": True}, "closed", "completed", True),
        ({"surplus": True, "quantity": 0}, "closed", "completed", False),
        ({"surplus": True, "status": "released_conditionally"}, "closed", "completed", False),
    ],
)
def test_lot_can_be_rejected_while_not_in_use(facts, shipment, order, refusable):
    line = SimpleNamespace(order_line=SimpleNamespace(order=SimpleNamespace(status=order)))
    given = {"surplus": False, "status": "quarantined", "quantity": 1, "reference": "LT-1", **facts}
    lot = SimpleNamespace(line=line, shipment=SimpleNamespace(status=shipment), **given)
    assert (lot_in_use_refusal(lot) is None) is refusable


# --- the expiry date --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expires_on", "hour", "minute", "expired"),
    [
        (date(2020, 4, 16), 6, 59, False),  # still the evening of 16 April in Burnaby
        (date(2020, 4, 16), 7, 0, True),
        (date(2020, 4, 17), 7, 0, False),
        (None, 7, 0, False),
    ],
)
def test_lot_expires_at_the_end_of_its_last_local_day(expires_on, hour, minute, expired):
    lot = Lot(city=City(timezone="America/Vancouver"), reference="LOT-1", expires_on=expires_on)
    no = expired_lot_refusal(lot, datetime(2020, 4, 17, hour, minute, tzinfo=UTC))
    assert (no.code if no else "") == ("lot_expired" if expired else "")
