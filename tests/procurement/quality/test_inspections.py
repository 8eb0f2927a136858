"""Tests of inspection readings and their limits: those that prevent "passed", and the people who may override."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import grant_role
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.products import Product
from procurement.quality.actions import override_lot, record_inspection, release_conditionally, release_lot
from procurement.quality.models import Inspection, Lot
from procurement.quality.queries import InspectionSetup
from procurement.quality.rules import PointReading, invalid_report_cover_refusal
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Person
from tests.worlds.shipments import DELIVERED_AT, Journey, passing_readings


def inspect(
    story: Journey,
    lot: Lot,
    *readings: PointReading,
    who: Person | None = None,
    only: bool = False,
    **facts: Any,
) -> Inspection:
    """Inspect a lot with these readings; all other reliable limits are met.

    With `only`, no other limit is measured.
    """
    person = who or story.logistics
    told = readings if only else passing_readings(lot, *readings)
    given = {"sampled": 200, "defects": 0, "verdict": "passed", "readings": told, **facts}
    return record_inspection(lot, inspector=person.user, by=person.by, at=DELIVERED_AT, **given)


def point_reading(key: str, value: str) -> PointReading:
    return PointReading(key=key, value=Decimal(value))


@pytest.fixture
def lot(story: Journey) -> Lot:
    """Return a lot of surgical masks that claim ASTM F2100 level 2."""
    return story.lot()


def test_inspection_reading_is_stored_beside_its_limit(story: Journey, lot: Lot) -> None:
    told = (
        point_reading("bfe", "98.2"),
        point_reading("pressure", "5.9"),
        PointReading(key="whole", seen=True),
    )
    made = inspect(story, lot, *told, only=True, justification="The laboratory is slow.")
    kept = {one.point.key: one for one in made.points.select_related("point")}
    assert (kept["bfe"].value, kept["bfe"].limit, kept["bfe"].outcome) == (Decimal("98.2"), 98, "within")
    assert (kept["pressure"].strict, kept["pressure"].outcome) == (True, "within")
    assert (kept["whole"].seen, kept["whole"].limit_text, kept["whole"].outcome) == (True, "", "within")
    assert (kept["blood"].outcome, kept["blood"].value_text) == ("not_measured", "")
    assert str(kept["bfe"]) == f"{made.pk}/{kept['bfe'].point_id}"
    lot.refresh_from_db()
    assert (lot.verdict, lot.inspected_by) == ("passed", story.logistics.user)


def test_reading_outside_a_reliable_limit_prevents_the_verdict_passed(story: Journey, lot: Lot) -> None:
    for justification in ("", "The laboratory is slow."):
        with assert_refused("outside_limit", lot) as no:
            inspect(story, lot, point_reading("bfe", "97.5"), justification=justification)
    assert "measured 97.5%" in str(no.value)
    assert "at least 98%" in str(no.value)
    assert (no.value.details["value"], no.value.details["point"]) == ("97.5", "bfe")
    with translation.override("fr-ca"), assert_refused("outside_limit", lot) as non:
        inspect(story, lot, point_reading("bfe", "97.5"))
    assert "97,5" in str(non.value)
    assert not lot.inspections.exists()


@pytest.mark.parametrize("verdict", ["conditional", "failed"])
def test_reading_outside_its_limit_is_stored_with_another_verdict(
    story: Journey, lot: Lot, verdict: str
) -> None:
    made = inspect(story, lot, point_reading("bfe", "97.5"), verdict=verdict)
    assert made.points.get(outcome="outside").point.key == "bfe"


def test_reading_at_a_non_strict_limit_is_within(story: Journey, lot: Lot) -> None:
    with assert_refused("outside_limit", lot):
        inspect(story, lot, point_reading("pressure", "6.0"))
    assert (
        inspect(story, lot, point_reading("bfe", "98"), point_reading("pressure", "5.999")).verdict
        == "passed"
    )


def test_reading_outside_an_unreliable_limit_passes_with_a_justification(story: Journey, lot: Lot) -> None:
    loose = PointReading(key="nose_wire", seen=False)
    with assert_refused("justification_missing", lot) as no:
        inspect(story, lot, loose, justification="  ")
    assert no.value.details["field"] == "justification"
    made = inspect(story, lot, loose, justification="They are worn under a shield.")
    assert (made.verdict, made.justification) == ("passed", "They are worn under a shield.")


def test_reliable_point_answered_no_prevents_the_verdict_passed(story: Journey) -> None:
    lot = story.lot()
    lead = lot.line.order_line.allocation.lead
    lead.product = Product.objects.get(code="RESP_KN95")
    lead.save()
    InspectionPoint.objects.filter(key="gb_marking").update(
        confidence="firm", unsourced_columns=[], source_urls=["https://source.example"]
    )
    with assert_refused("point_not_seen", lot):
        inspect(story, lot, PointReading(key="gb_marking", seen=False))


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (point_reading("bfe", "100.001"), "bad_value"),
        (point_reading("bfe", "-1"), "bad_value"),
        (point_reading("bfe", "98.2001"), "bad_value"),
        (point_reading("bfe", "NaN"), "bad_value"),
        (point_reading("blood", "1000001"), "bad_value"),
        (PointReading(key="bfe", seen=True), "bad_value"),
        (point_reading("whole", "1"), "bad_value"),
        (point_reading("inhalation", "200"), "point_unknown"),
    ],
)
def test_inspection_reading_outside_possible_values_is_refused(
    story: Journey, lot: Lot, reading: PointReading, code: str
) -> None:
    with assert_refused(code, lot):
        inspect(story, lot, reading)


def test_laboratory_report_may_cover_only_points_of_the_lots_checklist(story: Journey, lot: Lot) -> None:
    points = InspectionSetup.for_lot(lot).checklist_points
    assert invalid_report_cover_refusal(points, [points[0].key], with_report=True) is None
    for covers, with_report, code in (
        (["inhalation"], True, "point_unknown"), ([], True, "covers_missing"), ([points[0].key], False, "report_missing"),
    ):  # fmt: skip
        no = invalid_report_cover_refusal(points, covers, with_report=with_report)
        assert no is not None
        assert (no.code, no.details["field"]) == (code, "report" if code == "report_missing" else "covers")


def test_inspection_point_given_twice_is_refused(story: Journey, lot: Lot) -> None:
    with assert_refused("point_unknown", lot):
        inspect(story, lot, point_reading("bfe", "98"), point_reading("bfe", "99"))


def test_laxer_sample_than_usual_requires_a_justification(story: Journey, lot: Lot) -> None:
    with assert_refused("justification_missing", lot):
        inspect(story, lot, aql=Decimal("4.0"))
    made = inspect(story, lot, aql=Decimal("4.0"), justification="The second look at a good lot.")
    assert made.acceptance_number == 14
    assert inspect(story, lot, aql=Decimal("1.0")).acceptance_number == 5


# --- two people -------------------------------------------------------------------------------------------------
def fail_lot(story: Journey, lot: Lot, who: Person | None = None) -> Lot:
    inspect(story, lot, point_reading("bfe", "91"), verdict="failed", who=who)
    return lot


def inspector_and_approver(story: Journey) -> Person:
    """Return a person who both inspects and approves."""
    user = cities.member("logistics", story.city)
    grant_role(user, role="approver", city=story.city, by=CONSOLE_ACTOR, at=AT)
    return Person(user, powers_for(user))


def test_inspector_cannot_override_their_own_failed_lot(story: Journey, lot: Lot) -> None:
    one = inspector_and_approver(story)
    fail_lot(story, lot, one)
    with assert_refused("not_allowed", lot) as no:
        override_lot(lot, reason="Needed tonight.", by=one.by, at=DELIVERED_AT)
    assert "someone else must override the inspection result" in str(no.value)
    lot.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(override_by=one.user, override_reason="Needed tonight.")


def test_person_who_overrode_a_lot_cannot_release_it(story: Journey, lot: Lot) -> None:
    one = inspector_and_approver(story)
    override_lot(fail_lot(story, lot), reason="Needed tonight.", by=one.by, at=DELIVERED_AT)
    for move in (
        lambda: release_lot(lot, by=one.by, at=DELIVERED_AT),
        lambda: release_conditionally(lot, condition="For visitors.", by=one.by, at=DELIVERED_AT),
    ):
        with assert_refused("not_allowed", lot) as no:
            move()
        assert "someone else must release the lot" in str(no.value)
    assert release_lot(lot, by=story.logistics.by, at=DELIVERED_AT).status == "released"


def test_failed_lot_is_never_released_by_one_person_alone(story: Journey, lot: Lot) -> None:
    one = inspector_and_approver(story)
    fail_lot(story, lot)
    override_lot(lot, reason="Needed tonight.", by=one.by, at=DELIVERED_AT)
    fail_lot(story, lot, one)
    assert lot.override_reason == ""
    with assert_refused("not_allowed", lot):
        override_lot(lot, reason="Needed tonight.", by=one.by, at=DELIVERED_AT)
    for person in (one, story.officer):
        with assert_refused("not_ready", lot):
            release_lot(lot, by=person.by, at=DELIVERED_AT)


def test_earlier_inspector_cannot_override_a_failed_lot(story: Journey, lot: Lot) -> None:
    one = inspector_and_approver(story)
    inspect(story, lot, point_reading("bfe", "98.2"), verdict="failed", who=one)
    fail_lot(story, lot)
    assert (lot.inspected_by, lot.inspectors) == (
        story.logistics.user,
        [story.logistics.user.pk, one.user.pk],
    )
    with assert_refused("not_allowed", lot) as no:
        override_lot(lot, reason="Needed tonight.", by=one.by, at=DELIVERED_AT)
    assert "someone else must override the inspection result" in str(no.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(override_by=one.user, override_reason="Needed tonight.")
    override_lot(lot, reason="Needed tonight.", by=story.approver.by, at=DELIVERED_AT)
    assert release_lot(lot, by=one.by, at=DELIVERED_AT).status == "released"


def test_inspector_of_a_failed_value_cannot_release_with_conditions(story: Journey, lot: Lot) -> None:
    inspect(story, lot, point_reading("bfe", "97.5"), verdict="conditional")
    with assert_refused("not_allowed", lot) as no:
        release_conditionally(lot, condition="For visitors.", by=story.logistics.by, at=DELIVERED_AT)
    assert "one of the measured values failed" in str(no.value)
    made = release_conditionally(lot, condition="For visitors.", by=story.officer.by, at=DELIVERED_AT)
    assert (made.status, made.values_failed) == ("released_conditionally", 1)


def test_repeated_inspection_until_passed_still_needs_a_second_person(story: Journey, lot: Lot) -> None:
    fail_lot(story, lot)
    inspect(story, lot, point_reading("bfe", "98.2"))
    with assert_refused("not_allowed", lot):
        release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    assert release_lot(lot, by=story.officer.by, at=DELIVERED_AT).status == "released"
