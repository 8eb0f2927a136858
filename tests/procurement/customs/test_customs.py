"""Tests of export and import customs as people record them: clearances, holds, declarations and documents."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from procurement.catalogue.models.customs import DutyRelief
from procurement.customs.actions import (
    DeclaredLine,
    add_declaration,
    record_clearance_filing,
    record_customs_release,
    record_hold,
    record_hold_answer,
    record_hold_end,
)
from procurement.customs.models import CustomsClearance
from procurement.documents.actions.documents import (
    accept_document,
    mark_document_ready,
    record_document_filing,
    record_document_query,
    record_document_refusal,
    start_document,
    start_new_version,
)
from procurement.documents.rules.documents import missing_documents
from procurement.leads.models.findings import Finding
from procurement.logistics.actions.planning import assign_broker
from procurement.logistics.rules.blockers import recommended_documents, shipment_blockers
from procurement.shipments.models import Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, LATER
from tests.worlds.shipments import DEPARTED_AT, Journey
from workflow.journal.models import Entry


def export_clearance(story: Journey) -> CustomsClearance:
    return story.clearance(story.packed(), "export")


def shipment_of(clearance: CustomsClearance) -> Shipment:
    return Shipment.objects.get(pk=clearance.shipment_id)


# --- clearances and holds ---------------------------------------------------------------------------------------
def test_export_clearance_is_filed_and_released(story: Journey) -> None:
    clearance = export_clearance(story)
    record_clearance_filing(clearance, office="Huangpu", by=story.logistics.by, at=AT)
    assert (clearance.status, clearance.filed_at, clearance.office) == ("filed", AT, "Huangpu")
    record_customs_release(clearance, by=story.logistics.by, at=LATER)
    assert (clearance.status, clearance.released_at) == ("cleared", LATER)
    assert clearance.shipment.milestones.get(step="export_cleared").actual_at == LATER


def test_import_clearance_may_be_filed_before_departure_and_released_before_arrival(
    story: Journey,
) -> None:
    clearance = record_clearance_filing(story.clearance(story.plan(), "import"), by=story.logistics.by, at=AT)
    shipment = story.departed(shipment_of(clearance))
    assert record_customs_release(clearance, by=story.logistics.by, at=DEPARTED_AT).status == "cleared"
    assert shipment.milestones.get(step="import_cleared").actual_at == DEPARTED_AT


def test_held_clearance_cannot_be_released_until_the_hold_ends(story: Journey) -> None:
    clearance = record_clearance_filing(export_clearance(story), by=story.logistics.by, at=AT)
    hold = record_hold(
        clearance,
        reason="Referred for examination",
        question="Is the maker on the list?",
        by=story.logistics.by,
        at=AT,
    )
    clearance.refresh_from_db()
    assert (clearance.holds_open, shipment_of(clearance).held) == (1, True)
    with assert_refused("not_ready", clearance) as caught:
        record_customs_release(clearance, by=story.logistics.by, at=AT)
    assert caught.value.details["holds"] == 1
    record_hold_end(hold, answer="Yes, number 1234.", by=story.logistics.by, at=LATER)
    assert (hold.status, hold.ended_at, hold.answer) == ("ended", LATER, "Yes, number 1234.")
    assert not shipment_of(clearance).held
    assert record_customs_release(clearance, by=story.logistics.by, at=LATER).status == "cleared"


def test_shipment_is_held_until_its_last_hold_ends(story: Journey) -> None:
    shipment = story.plan()
    first = record_hold(story.clearance(shipment, "export"), reason="Weighing", by=story.logistics.by, at=AT)
    second = record_hold(
        story.clearance(shipment, "import"), reason="A licence", by=story.logistics.by, at=AT
    )
    record_hold_end(first, by=story.logistics.by, at=LATER)
    shipment.refresh_from_db()
    assert shipment.held
    record_hold_end(second, by=story.logistics.by, at=LATER)
    shipment.refresh_from_db()
    assert not shipment.held


def test_customs_hold_requires_a_reason(story: Journey) -> None:
    clearance = export_clearance(story)
    with assert_refused("reason_missing", clearance):
        record_hold(clearance, reason=" ", by=story.logistics.by, at=AT)


def test_cleared_goods_cannot_be_held(story: Journey) -> None:
    clearance = story.clear(story.packed(), "export")
    with assert_refused("not_ready", clearance):
        record_hold(clearance, reason="Too late", by=story.logistics.by, at=LATER)


def test_answer_to_a_customs_hold_must_not_be_empty(story: Journey) -> None:
    hold = record_hold(export_clearance(story), reason="A question", by=story.logistics.by, at=AT)
    with assert_refused("answer_missing", hold):
        record_hold_answer(hold, answer="", by=story.logistics.by, at=AT)
    record_hold_answer(hold, answer="Enclosed.", by=story.logistics.by, at=AT)
    record_hold_end(hold, by=story.logistics.by, at=LATER)
    assert hold.answer == "Enclosed."


def test_customs_hold_cannot_end_before_it_started(story: Journey) -> None:
    hold = record_hold(export_clearance(story), reason="A question", by=story.logistics.by, at=AT)
    with assert_refused("out_of_order", hold) as caught:
        record_hold_end(hold, ended_at=AT - timedelta(hours=1), by=story.logistics.by, at=AT)
    assert caught.value.details["field"] == "ended_at"
    words = "“until” (16 Apr 2020, 15:00 UTC) cannot be earlier than “since” (16 Apr 2020, 16:00 UTC)."
    assert words in str(caught.value)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=365_000 - 1)])
def test_customs_hold_cannot_start_or_end_in_the_future(story: Journey, ahead: timedelta) -> None:
    clearance = export_clearance(story)
    facts: dict[str, Any] = {"reason": "A question", "by": story.logistics.by, "at": AT}
    with assert_refused("not_yet", clearance) as caught:
        record_hold(clearance, started_at=AT + ahead, **facts)
    assert caught.value.details["field"] == "started_at"
    assert "16 Apr 2020, 16:00 UTC" in str(caught.value)
    hold = record_hold(clearance, started_at=AT - timedelta(days=2), **facts)
    with assert_refused("not_yet", hold) as caught:
        record_hold_end(hold, ended_at=AT + ahead, by=story.logistics.by, at=AT)
    assert caught.value.details["field"] == "ended_at"
    record_hold_end(hold, ended_at=AT - timedelta(days=1), by=story.logistics.by, at=AT)
    assert (hold.started_at, hold.ended_at) == (AT - timedelta(days=2), AT - timedelta(days=1))


def test_hold_started_by_a_fast_clock_can_be_ended_at_once(story: Journey) -> None:
    soon = AT + timedelta(minutes=9)
    hold = record_hold(
        export_clearance(story), reason="A question", started_at=soon, by=story.logistics.by, at=AT
    )
    assert record_hold_end(hold, by=story.logistics.by, at=AT).ended_at == soon


@pytest.mark.parametrize("role", ["approver", "verifier", "observer", "stranger", "broker"])
def test_role_without_clearing_permission_cannot_record_customs_steps(story: Journey, role: str) -> None:
    clearance = export_clearance(story)
    by = getattr(story, role).by
    with assert_refused("not_allowed", clearance, clearance.shipment):
        record_clearance_filing(clearance, by=by, at=AT)
    with assert_refused("not_allowed", clearance, clearance.shipment):
        record_hold(clearance, reason="A question", by=by, at=AT)
    with assert_refused("not_allowed", clearance, clearance.shipment):
        add_declaration(clearance, number="B3-1", by=by, at=AT)


# --- declarations -----------------------------------------------------------------------------------------------
def declared_line(**facts: Any) -> DeclaredLine:
    given: dict[str, Any] = {
        "hs_code": "6307909870",
        "origin": "CN",
        "value": Decimal("5000.00"),
        "currency": "USD",
        **facts,
    }
    return DeclaredLine(**given)


def test_declaration_files_an_open_clearance(story: Journey) -> None:
    clearance = export_clearance(story)
    made = add_declaration(
        clearance,
        number=" 530120200123456789 ",
        lines=[declared_line(relief="")],
        office="Huangpu",
        broker_reference="B-7",
        by=story.logistics.by,
        at=AT,
    )
    assert (made.number, made.office, made.broker_reference) == ("530120200123456789", "Huangpu", "B-7")
    assert made.lines == [
        {"hs_code": "6307909870", "origin": "CN", "value": "5000.00", "currency": "USD", "relief": ""}
    ]
    clearance.refresh_from_db()
    assert (clearance.status, clearance.office) == ("filed", "Huangpu")


def test_second_declaration_does_not_file_the_clearance_again(story: Journey) -> None:
    clearance = export_clearance(story)
    for number in ("1", "2"):
        add_declaration(clearance, number=number, by=story.logistics.by, at=AT)
    assert clearance.declarations.count() == 2
    assert (
        Entry.objects.filter(
            thing_label="procurement.customsclearance", thing_id=clearance.pk, verb="file"
        ).count()
        == 1
    )


def test_goods_declared_under_another_products_code_become_a_finding(story: Journey) -> None:
    clearance = export_clearance(story)
    for number, code in (("1", "6307900010"), ("2", "3926909090")):
        add_declaration(
            clearance, number=number, lines=[declared_line(hs_code=code)], by=story.logistics.by, at=AT
        )
        told = Finding.objects.filter(code="declared_otherwise")
        assert [one.figures["codes"] for one in told] == ([] if number == "1" else [["3926909090"]])


def test_declaration_number_is_required_and_unique(story: Journey) -> None:
    clearance = export_clearance(story)
    add_declaration(clearance, number="1", by=story.logistics.by, at=AT)
    with assert_refused("declared_already", clearance):
        add_declaration(clearance, number="1", by=story.logistics.by, at=AT)
    with assert_refused("number_missing", clearance):
        add_declaration(clearance, number="  ", by=story.logistics.by, at=AT)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"hs_code": "63079098"}, "hs_code"),
        ({"hs_code": "6307.90.98"}, "hs_code"),
        ({"origin": "ZZ"}, "origin"),
        ({"value": Decimal(0)}, "value"),
        ({"currency": "XYZ"}, "currency"),
        ({"relief": "NOBODY-KNOWS"}, "relief"),
    ],
)
def test_invalid_declaration_line_is_refused_at_its_field(
    story: Journey, facts: dict[str, Any], field: str
) -> None:
    clearance = export_clearance(story)
    with assert_refused("bad_line", clearance) as caught:
        add_declaration(clearance, number="1", lines=[declared_line(**facts)], by=story.logistics.by, at=AT)
    assert caught.value.details["field"] == field


def test_known_duty_relief_may_be_claimed_in_a_declaration(story: Journey) -> None:
    relief = DutyRelief.objects.order_by("code")[0].code
    clearance = story.clearance(story.plan(), "import")
    made = add_declaration(
        clearance, number="1", lines=[declared_line(relief=relief)], by=story.logistics.by, at=AT
    )
    assert made.lines[0]["relief"] == relief


# --- documents --------------------------------------------------------------------------------------------------
def test_customs_document_is_prepared_submitted_and_accepted(story: Journey) -> None:
    document = story.document(story.plan(), "AWB")
    start_document(document, by=story.logistics.by, at=AT)
    mark_document_ready(document, number="020-12345675", by=story.logistics.by, at=AT)
    record_document_filing(document, by=story.logistics.by, at=AT)
    accept_document(document, by=story.logistics.by, at=LATER)
    assert (document.status, document.number, document.accepted_at) == ("accepted", "020-12345675", LATER)


def test_queried_customs_document_is_submitted_again(story: Journey) -> None:
    document = story.hand_in(story.document(story.plan(), "AWB"))
    with assert_refused("reason_missing", document):
        record_document_query(document, reason="", by=story.logistics.by, at=AT)
    record_document_query(document, reason="Which flight?", by=story.logistics.by, at=AT)
    assert document.remark == "Which flight?"
    record_document_filing(document, number="with the flight", by=story.logistics.by, at=AT)
    assert (document.status, document.number) == ("submitted", "with the flight")


def test_refused_customs_document_starts_a_new_version(story: Journey) -> None:
    document = story.hand_in(story.document(story.plan(), "AWB"))
    record_document_refusal(document, reason="No stamp.", by=story.logistics.by, at=AT)
    start_new_version(document, by=story.logistics.by, at=AT)
    assert (document.status, document.version, document.number) == ("in_progress", 2, "")


def test_missing_documents_are_recounted_with_each_change(story: Journey) -> None:
    shipment = story.plan()
    missing = shipment.documents_missing
    document = story.hand_in(story.document(shipment, "EXPDECL"))
    shipment.refresh_from_db()
    assert shipment.documents_missing == missing - 1
    record_document_query(document, reason="Which quantity?", by=story.logistics.by, at=AT)
    shipment.refresh_from_db()
    assert shipment.documents_missing == missing


# --- what blocks us today ---------------------------------------------------------------------------------------
def obstacle_codes(shipment: Shipment) -> list[tuple[str, str]]:
    shipment.refresh_from_db()
    holds = [hold for clearance in shipment.clearances.all() for hold in clearance.holds.order_by("pk")]
    found = shipment_blockers(
        shipment, list(shipment.clearances.all()), shipment.documents.order_by("pk"), holds
    )
    return [(one.code, str(one.responsible)) for one in found]


def test_missing_documents_and_export_clearance_block_departure(story: Journey) -> None:
    shipment = story.plan()
    found = obstacle_codes(shipment)
    assert ("document", story.supplier.name) in found  # a company, by its name
    assert ("document", "Freight forwarder") in found or ("document", "Forwarder") in found
    assert found[-1] == ("clearance", "city")
    assert len(found) == len(missing_documents(shipment.documents.all(), "depart")) + 1


def test_open_customs_hold_is_the_first_blocker(story: Journey) -> None:
    shipment = story.plan()
    clearance = record_clearance_filing(story.clearance(shipment, "export"), by=story.logistics.by, at=AT)
    record_hold(clearance, reason="Referred", question="Which maker?", by=story.logistics.by, at=AT)
    assign_broker(shipment, story.broker.user, by=story.logistics.by, at=AT)
    found = shipment_blockers(shipment, [clearance], [], list(clearance.holds.all()))
    assert found[0].summary == "Which maker? (customs broker)"
    assert found[0].blocked_since == AT
    assert str(found[1].text) == "Export not cleared yet"
    assert str(found[1].responsible) == "customs"


def test_ended_customs_hold_blocks_nothing(story: Journey) -> None:
    clearance = export_clearance(story)
    hold = record_hold(clearance, reason="Referred", by=story.logistics.by, at=AT)
    record_hold_end(hold, by=story.logistics.by, at=AT)
    assert [one.code for one in shipment_blockers(clearance.shipment, [clearance], [], [hold])] == [
        "clearance"
    ]


def test_import_clearance_blocks_delivery_of_goods_in_transit(story: Journey) -> None:
    shipment = story.departed()
    found = obstacle_codes(shipment)
    assert found[-1] == ("clearance", "city")
    assert len(found) == len(missing_documents(shipment.documents.all(), "deliver")) + 1
    story.hand_in_all(shipment, "deliver")
    story.clear(shipment, "import")
    assert obstacle_codes(shipment) == []


def test_delivered_shipment_has_no_blockers(story: Journey) -> None:
    assert obstacle_codes(story.delivered()) == []


def test_domestic_shipment_needs_no_customs_clearance(story: Journey) -> None:
    assert obstacle_codes(story.plan(origin="CATOR", mode="road")) == []


def test_documents_of_an_unreliable_rule_are_recommended_but_do_not_block(story: Journey) -> None:
    shipment = story.plan()
    warned = {document.code for document in recommended_documents(shipment.documents.all())}
    assert "COO" in warned
    assert "COO" not in {document.code for document in missing_documents(shipment.documents.all())}
