"""Tests of planning and packing: combined orders, customs on the route, and the required documents."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.customs.actions import record_hold
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.logistics.actions.journey import cancel_shipment
from procurement.logistics.actions.offer_rescreening import rescreen_unconfirmed_departures
from procurement.logistics.actions.planning import (
    LineQuantity,
    PackedCartons,
    ShipmentEdit,
    assign_broker,
    edit_shipment,
    pack_shipment,
    plan_shipment,
    request_missing_documents,
)
from procurement.orders.actions.approve import mark_ready
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.certificates import confirm_certificate, record_shown_certificate
from tests.browsing import Browser
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.journal.models import Entry


def document_codes(shipment: Shipment, **where: Any) -> set[str]:
    return set(shipment.documents.filter(**where).values_list("code", flat=True))


def test_shipment_is_planned_from_part_of_an_order(story: Journey) -> None:
    order = story.ready()
    shipment = story.plan(order, part=4_000)
    line = shipment.lines.get()
    assert (shipment.reference, shipment.status, line.quantity) == ("SH-2020-0001", "planned", 4_000)
    assert (line.order_line.shipped, line.order_line.unshipped_quantity) == (4_000, 6_000)
    assert (shipment.city, shipment.contact) == (story.city, story.contact)
    rest = story.plan(order)
    assert rest.lines.get().quantity == 6_000


def test_several_orders_may_be_in_one_shipment(story: Journey) -> None:
    shipment = story.plan(story.ready(), story.ready(story.promise()))
    assert shipment.lines.count() == 2


def test_planning_more_than_the_remaining_quantity_is_refused(story: Journey) -> None:
    order = story.ready()
    line = order.lines.get()
    with assert_refused("more_than_ordered", line) as caught:
        story.plan(order, part=10_001)
    assert caught.value.details["left"] == 10_000


@pytest.mark.parametrize("reach", ["draft", "approved", "placed", "gift"])
def test_goods_of_an_unconfirmed_order_cannot_be_planned(story: Journey, reach: str) -> None:
    order = getattr(story, reach)()
    with assert_refused("order_not_binding", order) as caught:
        story.plan(order)
    assert caught.value.details["order"] == order.reference


@pytest.mark.parametrize("reach", ["confirmed", "accepted"])
def test_goods_of_a_confirmed_order_may_be_planned_before_they_are_ready(story: Journey, reach: str) -> None:
    assert story.plan(getattr(story, reach)()).status == "planned"


def test_shipment_needs_at_least_one_unit_and_each_line_once(story: Journey) -> None:
    line = story.ready().lines.get()
    for loads, code in (
        ([], "bad_quantity"),
        ([LineQuantity(line, 0)], "bad_quantity"),
        ([LineQuantity(line, 5), LineQuantity(line, 5)], "line_twice"),
    ):
        with assert_refused(code, line):
            plan_shipment(
                loads,
                mode="air",
                origin="CNCAN",
                destination="CAVAN",
                author=story.logistics.user,
                by=story.logistics.by,
                at=AT,
            )


def test_shipment_of_orders_of_several_cities_is_refused(story: Journey) -> None:
    ours, theirs = story.ready(), Journey("markham").ready()
    with assert_refused("several_cities", ours, theirs):
        story.plan(ours, theirs)


def test_shipment_without_an_origin_is_refused(story: Journey) -> None:
    order = story.ready()
    with assert_refused("place_missing", order):
        story.plan(order, origin="")


@pytest.mark.parametrize("role", ["verifier", "approver", "observer", "stranger"])
def test_role_without_shipping_permission_cannot_plan_a_shipment(story: Journey, role: str) -> None:
    line = story.ready().lines.get()
    person = getattr(story, role)
    with assert_refused("not_allowed", line):
        plan_shipment(
            [LineQuantity(line, 10)],
            mode="air",
            origin="CNCAN",
            destination="CAVAN",
            author=person.user,
            by=person.by,
            at=AT,
        )


def test_milestones_are_created_with_place_time_zone_and_planned_time(story: Journey) -> None:
    leaves = datetime(2020, 4, 20, 12, tzinfo=UTC)
    shipment = story.plan(planned={"departed": leaves})
    steps = {step.step: step for step in shipment.milestones.order_by("position")}
    assert list(steps) == [
        "ready",
        "picked_up",
        "export_cleared",
        "departed",
        "arrived",
        "import_cleared",
        "delivered",
        "inspected",
    ]
    assert (steps["departed"].planned_at, steps["departed"].place) == (leaves, "CNCAN")
    assert (steps["departed"].timezone, steps["arrived"].timezone) == ("Asia/Shanghai", "America/Vancouver")
    assert steps["arrived"].planned_at is None


def test_international_shipment_has_export_and_import_clearance(story: Journey) -> None:
    shipment = story.plan()
    assert list(shipment.clearances.order_by("side").values_list("side", "country", "status")) == [
        ("export", "CN", "open"),
        ("import", "CA", "open"),
    ]


def test_domestic_shipment_has_no_clearance_and_can_depart(story: Journey) -> None:
    shipment = story.plan(origin="CATOR", destination="CAVAN", mode="road")
    assert not shipment.clearances.exists()
    assert story.departed(shipment).status == "in_transit"


# --- documents --------------------------------------------------------------------------------------------------
def test_required_documents_are_those_of_the_planning_date(story: Journey) -> None:
    order = story.ready()
    before = story.plan(order, part=1_000, as_of=date(2020, 3, 31))
    april = story.plan(order, part=1_000, as_of=date(2020, 4, 1))
    inspected = story.plan(order, part=1_000, as_of=date(2020, 4, 10))
    assert "NMPA" not in document_codes(before, blocks=True)
    assert "NMPA" in document_codes(april, blocks=True)
    assert "CN_CIQ_INSP" not in document_codes(april)
    assert "CN_CIQ_INSP" in document_codes(inspected, blocks=True)
    assert {document.asked_on for document in april.documents.all()} == {date(2020, 4, 1)}


def test_required_document_names_owner_deadline_and_rule(story: Journey) -> None:
    document = story.document(story.plan(), "NMPA")
    assert (document.owner, document.due_before, document.status) == ("supplier", "depart", "required")
    assert document.rule.startswith("CN-X-NMPA")
    assert document.source_url.startswith("http")
    assert "NMPA" in document.name


def test_donation_needs_a_letter_and_a_statement_of_value(story: Journey) -> None:
    given = mark_ready(story.accepted(), by=story.officer.by, at=AT)
    assert {"DON", "VALUE"} <= document_codes(story.plan(given))
    assert "VALUE" not in document_codes(story.plan())


def test_transport_mode_decides_the_transport_document(story: Journey) -> None:
    order = story.ready()
    assert {"AWB", "BL"} & document_codes(story.plan(order, part=10)) == {"AWB"}
    assert {"AWB", "BL"} & document_codes(story.plan(order, part=10, mode="sea")) == {"BL"}


def test_shipment_counts_its_missing_blocking_documents(story: Journey) -> None:
    shipment = story.plan()
    shipment.refresh_from_db()
    assert shipment.documents_missing == len(document_codes(shipment, blocks=True)) > 0


def confirmed_registration(story: Journey, **facts: Any) -> Any:
    """Return a registration of the supplier that its issuer confirmed."""
    made = record_shown_certificate(
        story.supplier,
        CertificateType.objects.get(code="CN_NMPA_REG"),
        number="粤械注准20162641234",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **facts,
    )
    return confirm_certificate(
        made,
        address="https://register.example/",
        reason="Read in the register today.",
        looked_up_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def test_confirmed_certificate_serves_as_the_required_document(story: Journey) -> None:
    order = story.ready()
    held = confirmed_registration(story)
    document = story.document(story.plan(order), "NMPA")
    assert (document.status, document.number, document.remark) == ("ready", held.number, held.reference)


def test_expired_certificate_does_not_serve_as_the_required_document(story: Journey) -> None:
    order = story.ready()
    confirmed_registration(story, valid_until=AT.date() - timedelta(days=1))
    assert story.document(story.plan(order), "NMPA").status == "required"


def test_certificate_confirmed_long_ago_must_be_confirmed_again(story: Journey) -> None:
    order = story.ready()
    held = confirmed_registration(story)
    held.issuer_checks.update(seen_on=AT.date() - timedelta(days=91))
    assert story.document(story.plan(order), "NMPA").status == "required"


@pytest.mark.parametrize(
    ("facts", "days", "why"),
    [
        ({}, 90, None),
        ({}, 91, "long_ago"),
        ({"valid_until": AT.date() + timedelta(days=5)}, 5, None),
        ({"valid_until": AT.date() + timedelta(days=5)}, 6, "ended"),
        ({"status": "suspect"}, 1, "doubted"),
    ],
)
def test_planned_shipment_is_warned_of_certificates_to_be_confirmed_again(
    story: Journey, facts: dict[str, Any], days: int, why: str | None
) -> None:
    order = story.ready()
    held = confirmed_registration(story)
    shipment = story.plan(order)
    document = story.document(shipment, "NMPA")
    type(held).objects.filter(pk=held.pk).update(**facts)
    noted = order.lines.get().allocation.lead.findings.filter(code="paper_old")
    for _ in range(2):
        done = rescreen_unconfirmed_departures(AT + timedelta(days=days))
    assert done == 0, "it is told once"
    assert [(one.severity, one.subject, one.figures["old_for"]) for one in noted] == (
        [("warn", document.reference, why)] if why else []
    )
    if why:
        assert held.reference in finding_sentence("paper_old", noted.get().figures)


def test_each_document_based_on_one_certificate_is_warned_about_once(story: Journey) -> None:
    order = story.ready()
    held = confirmed_registration(story)
    shipment = story.plan(order)
    first, second = story.document(shipment, "NMPA"), story.document(shipment, "INV")
    shipment.documents.filter(pk=second.pk).update(remark=first.remark, status=first.status)
    type(held).objects.filter(pk=held.pk).update(status="suspect")
    assert rescreen_unconfirmed_departures(AT) == 1
    assert rescreen_unconfirmed_departures(AT) == 0, "nothing is left to announce"
    lead = order.lines.get().allocation.lead
    noted = lead.findings.filter(code="paper_old")
    assert {one.subject for one in noted} == {first.reference, second.reference}
    assert Browser(story.observer.user).open(lead).text.count(f"relies on {held.reference}") == 2


def test_documents_of_new_rules_are_added_on_request(story: Journey) -> None:
    shipment = story.plan(as_of=date(2020, 4, 1))
    before = document_codes(shipment)
    request_missing_documents(shipment, as_of=date(2020, 4, 10), by=story.logistics.by, at=AT)
    assert document_codes(shipment) - before == {"CN_CIQ_INSP"}
    assert shipment.documents_missing == len(document_codes(shipment, blocks=True))
    request_missing_documents(shipment, as_of=date(2020, 4, 10), by=story.logistics.by, at=AT)
    assert len(document_codes(shipment)) == len(before) + 1


def test_non_medical_goods_for_a_hospital_cannot_be_planned(story: Journey) -> None:
    line = story.line(declared_use="non_medical", facility_kinds=["hospital"])
    order = story.ready(story.promise(line=line))
    with assert_refused("contradiction", order) as caught:
        story.plan(order, as_of=date(2020, 4, 27))
    assert caught.value.details["rule"] == "CN-X-FALSE-NONMED"


def test_doubtful_contradiction_does_not_stop_a_shipment(story: Journey) -> None:
    line = story.line(product="RESP_KN95")
    order = story.ready(story.promise(line=line))
    shipment = story.plan(order)
    assert "KN95_MEDICAL" not in document_codes(shipment)
    assert shipment.contradictions == ["CN-X-KN95-MEDICAL"]
    noted = order.lines.get().allocation.lead.findings.get(code="customs_doubt")
    assert (noted.severity, noted.subject) == ("warn", f"{shipment.reference} CN-X-KN95-MEDICAL")
    assert "KN95 declared for medical use" in finding_sentence(noted.code, noted.figures)
    cancel_shipment(shipment, reason="Declared anew.", by=story.logistics.by, at=AT)
    noted.refresh_from_db()
    assert noted.status == "resolved"


# --- changing ---------------------------------------------------------------------------------------------------
def test_carriage_details_are_edited_with_checked_numbers(story: Journey) -> None:
    shipment = story.plan()
    edit_shipment(
        shipment,
        ShipmentEdit(air_waybill="020-12345675", containers=["csqu 305438 3"], carrier="DEMO Air"),
        by=story.logistics.by,
        at=AT,
    )
    assert (shipment.air_waybill, shipment.containers) == ("02012345675", ["CSQU3054383"])
    assert Shipment.objects.search("DEMO Air").get() == shipment
    with assert_refused("waybill_check_digit", shipment):
        edit_shipment(shipment, ShipmentEdit(air_waybill="020-12345676"), by=story.logistics.by, at=AT)
    with pytest.raises(TypeError, match="mode"):
        ShipmentEdit(mode="sea")


def test_assigned_broker_is_set_on_documents_and_holds(story: Journey) -> None:
    shipment = story.plan()
    hold = record_hold(story.clearance(shipment, "export"), reason="inspection", by=story.logistics.by, at=AT)
    with assert_refused("not_allowed", shipment):
        request_missing_documents(shipment, by=story.broker.by, at=AT)
    assign_broker(shipment, story.broker.user, by=story.logistics.by, at=AT)
    for thing in (*shipment.documents.all(), *shipment.clearances.all(), hold):
        thing.refresh_from_db()
        assert thing.broker == story.broker.user
    request_missing_documents(shipment, by=story.broker.by, at=AT)


def test_person_who_is_no_broker_of_the_city_cannot_be_assigned(story: Journey) -> None:
    shipment = story.plan()
    elsewhere = cities.member("broker", cities.city("markham"))
    for person in (elsewhere, story.officer.user):
        with assert_refused("no_broker", shipment):
            assign_broker(shipment, person, by=story.logistics.by, at=AT)


# --- packing ----------------------------------------------------------------------------------------------------
def test_goods_are_packed_into_numbered_cartons(story: Journey) -> None:
    shipment = story.plan()
    line = shipment.lines.get()
    boxes = [PackedCartons(line, 2_000, 4, "L-1"), PackedCartons(line, 1_000, 2, "L-2")]
    pack_shipment(shipment, boxes, by=story.logistics.by, at=AT)
    cartons = list(
        shipment.cartons.order_by("number").values_list("number", "reference", "pieces", "lot_number")
    )
    assert cartons[0] == (1, "CT-2020-0001", 2_000, "L-1")
    assert cartons[-1] == (6, "CT-2020-0006", 1_000, "L-2")
    assert (shipment.status, shipment.cartons_count) == ("packed", 6)
    assert Entry.objects.get(verb="pack").facts["cartons"] == 6


def test_carton_numbers_continue_in_the_next_shipment(story: Journey) -> None:
    order = story.ready()
    story.packed(story.plan(order, part=3_000))
    second = story.packed(story.plan(order, part=2_000))
    assert list(second.cartons.order_by("number").values_list("reference", flat=True)) == [
        "CT-2020-0004",
        "CT-2020-0005",
    ]


def test_packed_cartons_must_equal_each_lines_quantity(story: Journey) -> None:
    shipment = story.plan()
    line = shipment.lines.get()
    for boxes, code in (
        ([], "cartons_differ"),
        ([PackedCartons(line, 9_999)], "cartons_differ"),
        ([PackedCartons(line, 10_001)], "cartons_differ"),
        ([PackedCartons(line, 0)], "bad_quantity"),
        ([PackedCartons(line, 10_000, 0)], "bad_quantity"),
    ):
        with assert_refused(code, shipment):
            pack_shipment(shipment, boxes, by=story.logistics.by, at=AT)


def test_goods_of_an_order_not_ready_cannot_be_packed(story: Journey) -> None:
    order = story.confirmed()
    shipment = story.plan(order)
    with assert_refused("not_ready", shipment) as caught:
        pack_shipment(shipment, story.packed_cartons(shipment), by=story.logistics.by, at=AT)
    assert caught.value.details["orders"] == [order.reference]
