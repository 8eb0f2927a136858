"""Tests of the receivers of goods: goods declared as non-medical never go to patients under a false declaration.

The receivers are stated with the need.
"""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import EndUserType
from procurement.customs.actions import add_declaration, record_clearance_filing
from procurement.customs.rules import false_use_refusal
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.leads import SupplierLead
from procurement.logistics.actions.journey import record_departure
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.generated_documents.test_generated_documents import all_statuses, status_of
from tests.procurement.refusals import assert_refused
from tests.worlds.generated_documents import BOXES, Office
from tests.worlds.need_to_order import AT
from workflow.clock import advance_clock

MEDICAL = sorted(kind for kind in EndUserType if kind.is_medical)
OTHERS = sorted(kind for kind in EndUserType if not kind.is_medical)
IN_FORCE = datetime.combine(date(2020, 4, 28), AT.timetz())  # two days after the joint declaration began


@pytest.fixture
def rules_office(office: Office) -> Office:
    office.practise()
    return office


def need_line(office: Office, receivers: list[str], product: str = "RESP_KN95") -> RequestLine:
    return office.line(4_000, product=product, declared_use="non_medical", facility_kinds=receivers)


def offer_non_medical(
    office: Office, line: RequestLine, at: datetime = IN_FORCE, **facts: object
) -> SupplierLead:
    given = {"declared_use": "non_medical", "kind": "donation", **facts}
    lead = draft_lead(
        office.city,
        line=line,
        product=line.product,
        supplier=office.supplier,
        stock_quantity=4_000,
        author=office.officer.user,
        by=office.officer.by,
        at=at,
        **given,
    )
    return submit_lead(lead, by=office.officer.by, at=at)


def open_findings(lead: SupplierLead) -> dict[str, str]:
    return {
        one.code: one.severity
        for one in lead.findings.filter(status="open", code__in=["use_false", "receiver_unstated"])
    }


def missing_documents(shipment: Shipment) -> list[str]:
    return [
        str(lack.description)
        for lack in status_of(
            all_statuses(shipment), GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET
        ).missing
    ]


def test_false_declared_use_rule_covers_every_receiver_that_treats_patients(rules_office: Office) -> None:
    rule = CustomsRule.objects.get(code="CN-X-FALSE-NONMED")
    assert sorted(rule.consignees) == MEDICAL


@pytest.mark.parametrize("receiver", MEDICAL)
def test_non_medical_goods_for_patients_are_a_blocking_finding(rules_office: Office, receiver: str) -> None:
    lead = offer_non_medical(rules_office, need_line(rules_office, [receiver], "MASK_SURG"))
    assert open_findings(lead) == {"use_false": "block"}


def test_strictest_of_several_receivers_decides_whether_declared_use_blocks(
    rules_office: Office,
) -> None:
    assert open_findings(
        offer_non_medical(rules_office, need_line(rules_office, ["school", "municipality", "home_care"]))
    ) == {"use_false": "block"}


@pytest.mark.parametrize("receiver", OTHERS)
def test_non_medical_goods_for_other_receivers_are_not_flagged(rules_office: Office, receiver: str) -> None:
    assert open_findings(offer_non_medical(rules_office, need_line(rules_office, [receiver]))) == {}


def test_non_medical_goods_for_patients_are_flagged_only_once_the_joint_declaration_applies(
    rules_office: Office,
) -> None:
    lead = offer_non_medical(rules_office, need_line(rules_office, ["long_term_care"]), AT)
    assert open_findings(lead) == {}
    rescreen_changed_offers(IN_FORCE)
    assert open_findings(lead) == {"use_false": "block"}


def test_readiness_and_findings_change_on_the_same_day(rules_office: Office) -> None:
    """In Vancouver the rule of 26 April is not in force on the evening of the 25th, the 26th in Greenwich."""
    lead = offer_non_medical(rules_office, need_line(rules_office, ["long_term_care"]), AT)
    for at, begun in (
        (datetime(2020, 4, 26, 3, tzinfo=UTC), False),
        (datetime(2020, 4, 26, 8, tzinfo=UTC), True),
    ):
        advance_clock(at)
        rescreen_changed_offers(at)
        page = Browser(rules_office.officer.user).open(lead)
        assert ("use_false" in open_findings(lead)) == begun
        assert ("The importer would be signing a false declaration" in page) == begun


def test_offer_for_a_need_without_a_stated_receiver_is_asked_about(rules_office: Office) -> None:
    line = need_line(rules_office, [])
    lead = offer_non_medical(rules_office, line)
    assert open_findings(lead) == {"receiver_unstated": "warn"}
    page = Browser(rules_office.officer.user).open(line.supply_request.get_absolute_url())
    (users,) = page.root.xpath("//div[dt='Who will use the goods']/dd")
    assert users.text_content().split()[:2] == ["Not", "provided"]
    edit_request(
        line.supply_request,
        RequestEdit(facility_kinds=["clinic"]),
        by=rules_office.officer.by,
        at=IN_FORCE,
        reason="Half was found.",
    )
    rescreen_changed_offers(IN_FORCE)
    assert open_findings(lead) == {"use_false": "block"}
    edit_request(
        line.supply_request,
        RequestEdit(facility_kinds=["school"]),
        by=rules_office.officer.by,
        at=IN_FORCE,
        reason="Half was found.",
    )
    rescreen_changed_offers(IN_FORCE)
    assert open_findings(lead) == {}


@pytest.mark.parametrize(
    ("facts", "product", "told"),
    [
        ({"stock_place": "Hong Kong"}, "RESP_KN95", {"use_false": "block"}),
        ({"stock_place": "Seattle"}, "MASK_SURG", {"use_false": "block"}),
        (
            {"stock_place": "Busan", "incoterm": "FCA", "incoterm_place": "Ningbo"},
            "RESP_KN95",
            {"use_false": "block"},
        ),
        (
            {"stock_place": "Toronto", "incoterm": "FOB", "incoterm_place": "宁波"},
            "RESP_KN95",
            {"use_false": "block"},
        ),
        ({"stock_place": "Surrey, BC"}, "RESP_KN95", {}),  # the goods are in the country, past every customs
    ],
)
def test_false_declared_use_is_found_on_every_possible_route(
    rules_office: Office, facts: dict[str, str], product: str, told: dict[str, str]
) -> None:
    seller = {"country": "US", "place": None, "role": "broker"}
    correct_supplier(rules_office.supplier, SupplierEdit(**seller), by=rules_office.officer.by, at=AT)
    maker = rules_office.company("江阴澄江防护 DEMO")
    lead = offer_non_medical(
        rules_office, need_line(rules_office, ["hospital"], product), maker=maker, **facts
    )
    assert open_findings(lead) == told
    assert lead.findings.filter(status="open", code="use_false").count() == len(told)


def test_medical_goods_for_a_non_medical_need_are_only_noted(rules_office: Office) -> None:
    line = rules_office.line(900, declared_use="non_medical", facility_kinds=["school"])
    lead = offer_non_medical(rules_office, line, declared_use="medical")
    assert lead.findings.get(code="use_stricter").severity == "note"
    assert not lead.findings.filter(code="use_mismatch").exists()


def test_false_declared_use_finding_cannot_be_settled_by_an_answer(rules_office: Office) -> None:
    lead = offer_non_medical(rules_office, need_line(rules_office, ["pharmacy"]))
    with assert_refused("not_ready"):
        answer_finding(
            lead.findings.get(code="use_false"),
            answer="It will be fine.",
            answered_by=rules_office.officer.user,
            by=rules_office.officer.by,
            at=IN_FORCE,
        )


def test_order_before_the_rule_began_cannot_be_shipped_once_it_holds(rules_office: Office) -> None:
    line = need_line(rules_office, ["emergency_services"])
    order = rules_office.ready(rules_office.promise(4_000, line=line, declared_use="non_medical", **BOXES))
    advance_clock(IN_FORCE)
    page = Browser(rules_office.officer.user).open(order.get_absolute_url())
    assert "The importer would be signing a false declaration" in page
    with assert_refused("contradiction", order):
        rules_office.plan(order, as_of=IN_FORCE.date())


def test_medical_receiver_named_second_prevents_the_joint_declaration(office: Office) -> None:
    hall = office.ready(
        office.promise(1_000, line=need_line(office, ["school"]), declared_use="non_medical", **BOXES)
    )
    ward = office.ready(
        office.promise(
            1_000, line=need_line(office, ["association", "clinic"]), declared_use="non_medical", **BOXES
        )
    )
    shipment = office.packed(office.plan(hall, ward))
    (lack,) = missing_documents(shipment)
    assert "clinic or health centre" in lack
    with assert_refused("not_ready"):
        office.make(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, shipment)


def test_non_medical_masks_and_medical_gowns_may_travel_in_one_shipment(office: Office) -> None:
    ward = office.ready(office.promise(1_000, line=office.line(1_000, facility_kinds=["hospital"]), **BOXES))
    hall = office.ready(
        office.promise(1_000, line=need_line(office, ["municipality"]), declared_use="non_medical", **BOXES)
    )
    shipment = office.packed(office.plan(ward, hall, as_of=IN_FORCE.date()))
    assert missing_documents(shipment) == []


def test_joint_declaration_is_refused_without_a_stated_receiver(office: Office) -> None:
    line = need_line(office, [])
    order = office.ready(office.promise(1_000, line=line, declared_use="non_medical", **BOXES))
    shipment = office.packed(office.plan(order))
    (lack,) = missing_documents(shipment)
    assert f"{line.supply_request.reference} does not say who will use the goods" in lack
    edit_request(
        line.supply_request,
        RequestEdit(facility_kinds=["public"]),
        by=office.officer.by,
        at=AT,
        reason="Half was found.",
    )
    assert missing_documents(Shipment.objects.get()) == []


def packed_shipment(rules_office: Office, receivers: list[str]) -> tuple[RequestLine, Shipment]:
    """Return a line for these receivers, and a packed shipment for it on a day with the joint declaration.

    The goods are KN95 declared as non-medical.
    """
    line = need_line(rules_office, receivers)
    order = rules_office.ready(rules_office.promise(4_000, line=line, declared_use="non_medical", **BOXES))
    advance_clock(IN_FORCE)
    return line, rules_office.packed(rules_office.plan(order, as_of=IN_FORCE.date()))


def edit_receivers(rules_office: Office, line: RequestLine, *receivers: str, **facts: object) -> None:
    need = line.supply_request
    need.refresh_from_db()
    edit_request(
        need,
        RequestEdit(facility_kinds=list(receivers), **facts),
        by=rules_office.officer.by,
        at=IN_FORCE,
        reason="Half was found.",
    )


@pytest.mark.parametrize("later", ["hospital", "laboratory"])
def test_medical_receiver_added_after_planning_stops_declaration_and_departure(
    rules_office: Office, later: str
) -> None:
    line, shipment = packed_shipment(rules_office, ["school"])
    rules_office.make(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, shipment)
    edit_receivers(rules_office, line, "school", later)
    browser, program = Browser(rules_office.logistics.user), Program(rules_office.logistics.user)
    page = browser.open(f"{shipment.get_absolute_url()}documents/")
    assert "would therefore be false" in page
    assert "The earlier version is no longer correct. Do not submit it." in page
    clearance = rules_office.clearance(shipment, "export")
    for verb in ("file", "declare"):
        moves = program.get(f"customs-clearances/{clearance.reference}/")["available_moves"]
        (move,) = [one for one in moves if one["verb"] == verb]
        assert (move["open"], "would sign a false declaration" in move["reason"]) == (False, True)
    assert program.refused(f"customs-clearances/{clearance.reference}/file/")["code"] == "contradiction"
    edit_receivers(rules_office, line, "school")
    program.post(f"customs-clearances/{clearance.reference}/file/")
    program.post(f"customs-clearances/{clearance.reference}/release/")
    rules_office.hand_in_all(shipment, "depart")
    edit_receivers(rules_office, line, later)
    assert program.refused(f"shipments/{shipment.reference}/depart/")["code"] == "contradiction"
    assert "The importer would sign a false declaration" in browser.open(shipment).text
    edit_receivers(rules_office, line, "public")
    assert program.post(f"shipments/{shipment.reference}/depart/")["status"] == "in_transit"


def test_need_changed_to_non_medical_receivers_permits_the_joint_declaration(
    rules_office: Office,
) -> None:
    line = need_line(rules_office, ["hospital"])
    order = rules_office.ready(rules_office.promise(4_000, line=line, declared_use="non_medical", **BOXES))
    shipment = rules_office.packed(rules_office.plan(order))
    advance_clock(IN_FORCE)
    assert len(missing_documents(shipment)) == 1
    clearance = rules_office.clearance(shipment, "export")
    with assert_refused("contradiction", clearance):
        record_clearance_filing(clearance, by=rules_office.logistics.by, at=IN_FORCE)
    edit_receivers(rules_office, line, "municipality")
    assert missing_documents(Shipment.objects.get()) == []
    assert record_clearance_filing(clearance, by=rules_office.logistics.by, at=IN_FORCE).status == "filed"


def test_changed_use_of_the_need_after_planning_is_followed(rules_office: Office) -> None:
    """The offer names no use of its own, so the use of the need counts."""
    line = rules_office.line(4_000, product="RESP_KN95", facility_kinds=["hospital"])
    order = rules_office.ready(rules_office.promise(4_000, line=line, **BOXES))
    shipment = rules_office.packed(rules_office.plan(order))
    advance_clock(IN_FORCE)
    clearance = rules_office.clearance(shipment, "export")
    edit_receivers(rules_office, line, "hospital", declared_use="non_medical")
    with assert_refused("contradiction", clearance):
        add_declaration(clearance, number="1", by=rules_office.logistics.by, at=IN_FORCE)
    edit_receivers(rules_office, line, "hospital", declared_use="medical")
    assert record_clearance_filing(clearance, by=rules_office.logistics.by, at=IN_FORCE).status == "filed"


def test_export_filed_before_the_rule_began_may_depart_afterwards(rules_office: Office) -> None:
    line = need_line(rules_office, ["hospital"])
    order = rules_office.ready(rules_office.promise(4_000, line=line, declared_use="non_medical", **BOXES))
    shipment = rules_office.packed(rules_office.plan(order))
    rules_office.hand_in_all(shipment, "depart")
    rules_office.clear(shipment, "export")
    advance_clock(IN_FORCE)
    assert record_departure(shipment, by=rules_office.logistics.by, at=IN_FORCE).status == "in_transit"


def test_unstated_receiver_is_no_contradiction_and_stops_nothing(
    rules_office: Office,
) -> None:
    order = rules_office.ready(
        rules_office.promise(4_000, line=need_line(rules_office, []), declared_use="non_medical", **BOXES)
    )
    advance_clock(IN_FORCE)
    shipment = rules_office.packed(rules_office.plan(order, as_of=IN_FORCE.date()))
    assert shipment.contradictions == []
    rules_office.hand_in_all(shipment, "depart")
    assert false_use_refusal(shipment, IN_FORCE) is None


def test_new_need_page_asks_who_will_use_the_goods(rules_office: Office) -> None:
    product = str(need_line(rules_office, ["school"]).product_id)
    page = Browser(rules_office.officer.user).open("/needs/new/")
    data = {"product": product, "title": "KN95 for paramedics", "declared_use": "non_medical"}
    assert page.form("Continue").fields["facility_kinds"] == ["school"], "as in the need before"
    again = page.press("Continue", **data, facility_kinds=None)
    assert (again.status, "Choose who will use the goods" in again) == (422, True)
    assert page.press("Continue", **data, facility_kinds=["school", "emergency_services"]).status == 200
    need = type(rules_office.line().supply_request).objects.get(title="KN95 for paramedics")
    assert need.facility_kinds == ["school", "emergency_services"]
    written = Browser(rules_office.officer.user).open(reverse("review_need", args=[need.reference]))
    assert "School or day care" in written


def test_need_posted_on_the_page_stops_the_false_shipment_plan(rules_office: Office) -> None:
    browser = Browser(rules_office.officer.user)
    product = str(Product.objects.get(code="RESP_KN95").pk)
    data = {"product": product, "title": "KN95 for the wards", "declared_use": "non_medical"}
    step = browser.open("/needs/new/").press("Continue", **data, facility_kinds=["hospital"])
    given = {
        "quantity": "4000",
        "needed_by": "2020-05-20",
        "deliver_to": "Burnaby",
        "deliver_locode": "CAVAN",
    }
    step.press("Continue", **given).press("Continue", standards=None)
    draft = SupplyRequest.objects.get(title="KN95 for the wards")
    step = browser.open(f"/needs/{draft.reference}/write/4/")
    step.press("Continue", accepts=["donation"], visibility="network").press("Post need")
    line = RequestLine.objects.get(supply_request__title="KN95 for the wards")
    assert (line.supply_request.status, line.supply_request.facility_kinds) == ("open", ["hospital"])
    order = rules_office.ready(rules_office.promise(4_000, line=line, declared_use="non_medical", **BOXES))
    with assert_refused("contradiction", order):
        rules_office.plan(order, as_of=IN_FORCE.date())


def test_receivers_of_a_posted_need_are_corrected_on_its_page(rules_office: Office) -> None:
    need = need_line(rules_office, ["municipality"]).supply_request
    page = Browser(rules_office.officer.user).open(f"{need.get_absolute_url()}edit/")
    page.press("Save details", facility_kinds=["home_care"])
    need.refresh_from_db()
    assert need.facility_kinds == ["home_care"]
