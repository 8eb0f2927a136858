"""One object of every kind that a city has, for tests that need content on pages and in lists."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partners.cities.models import City
from procurement.allocations import actions
from procurement.audit_files.actions import request_audit_file
from procurement.customs.actions import DeclaredLine, add_declaration, file_clearance, place_hold
from procurement.documents.actions.requests import request_documents
from procurement.documents.actions.submissions import upload_document
from procurement.generated_documents.actions import generate_document
from procurement.leads.actions.exchange_rates import enter_manual_rate
from procurement.logistics.actions.returns import plan_return
from procurement.orders.decision_memos.actions import create_memo
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.receiving.actions.cartons import record_carton
from procurement.receiving.actions.destruction import record_destruction
from procurement.receiving.models import CartonReceipt, Destruction, Discrepancy
from procurement.receiving.rules.rejected import Portion
from procurement.sanctions.actions.periodic import rescreen_suppliers
from procurement.sanctions.models import Watchlist, WatchlistMatch
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.statuses import declare_interest, set_status
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.reuse import request_reuse
from procurement.verification.actions.tasks import propose_check
from tests.procurement.sanctions.play import in_force
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.story import AT
from tests.procurement.verification.reuse import markham
from workflow.attachments.actions import add_comment
from workflow.attachments.models import Comment


@dataclass(frozen=True)
class Things:
    """Objects of a city, one of each kind, by their name in the tables."""

    city: City
    by_name: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]


def play(story: Voyage, words: str) -> Things:
    """Play a story to a delivered shipment, and return its objects.

    It has a hold, a lot in quarantine, an open inquiry, a check and a finding.
    """
    officer, city = story.officer, story.city
    line = story.line(10_000)
    need = line.supply_request
    lead = story.lead(line, remark=f"{words} lead")
    promised = actions.allocate(lead, line, 10_000, author=officer.user, by=officer.by, at=AT)
    order = story.ready(promised)
    shipment = story.plan(order)
    clearance = file_clearance(story.clearance(shipment, "import"), by=story.logistics.by, at=AT)
    hold = place_hold(clearance, reason=f"{words} hold", question=f"{words}?", by=story.logistics.by, at=AT)
    case, seen = _short(story, words)
    relieved = DeclaredLine(
        hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
    )
    declared = add_declaration(clearance, number="D-0", lines=[relieved], by=story.logistics.by, at=AT)
    arrived = story.delivered(story.plan(story.ready()))
    refused = {"rejected": 5, "reason": f"{words} rejected"}
    story.receive(arrived, *[story.count(line, **refused) for line in arrived.lines.all()])
    destruction, back = _refused(story, arrived, words)
    inquiry = draft_inquiry(
        need,
        story.contact,
        subject=f"{words} ask",
        body=f"{words} body",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    send_inquiry(inquiry, by=officer.by, at=AT)
    task = propose_check(lead, "sample_test", needed=False, by=officer.by, at=AT)
    request_check(task, story.contact, by=officer.by, at=AT)
    standing = set_status(
        story.supplier,
        city,
        "on_watch",
        reason=f"{words} standing",
        starts_on=AT.date(),
        by=officer.by,
        at=AT,
    )
    other, checks = markham(story, "richmond")
    reuse = request_reuse(checks["business_licence"], author=other.officer.user, by=other.officer.by, at=AT)
    observer = story.observer
    interest = declare_interest(
        story.supplier, observer.user, words=f"{words} interest", by=observer.by, at=AT
    )
    rate = enter_manual_rate(
        city,
        currency="VND",
        into="CAD",
        rate=Decimal("0.00006"),
        on=AT.date(),
        source=f"{words} rate",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    fact = record_fact(
        story.supplier,
        "website",
        "kanghu.example",
        stated_by=f"{words} letter",
        stated_on=AT.date(),
        entered_by=officer.user,
        by=officer.by,
        at=AT,
    )
    look_up = record_lookup(
        story.supplier,
        "staff",
        answer="active",
        answered_on=AT.date(),
        address="https://register.example/",
        words=f"{words} look-up",
        entered_by=officer.user,
        by=officer.by,
        at=AT,
    )
    change = propose_change(
        story.supplier,
        "correct",
        {"name_en": f"{words} name"},
        reason=f"{words} reason",
        author=story.stranger.user,
        by=story.stranger.by,
        at=AT,
    )
    for thing in (need, lead, order, shipment):
        add_comment(thing, f"{words} comment", by=officer.by, at=AT, language="en")
    who = {"author": officer.user, "by": officer.by, "at": AT}
    made = generate_document("exporter_data", language_pair="zh-en", shipment=shipment, **who)
    invoice = generate_document("invoice", language_pair="zh-en", shipment=shipment, order=order, **who)
    version = upload_document(story.document(shipment, "INV", "import"), generated=[invoice], **who)
    request = request_documents(
        shipment, "broker", name=f"{words} broker", email="broker@roy.example", note=f"{words} note", **who
    )
    memo = create_memo(order, author=officer.user, by=officer.by, at=AT)
    bundle = request_audit_file(order, author=officer.user, language="en", by=officer.by, at=AT)
    listed, match = _on_a_list(story, words)
    return Things(
        city,
        {
            "list": listed,
            "match": match,
            "need": need,
            "inquiry": inquiry,
            "lead": lead,
            "finding": lead.findings.first(),
            "check": task,
            "report": lead.checks.filter(status="accepted").first().reports.first(),
            "allocation": order.lines.get().allocation,
            "order": order,
            "payment": order.payments.first(),
            "memo": memo,
            "generated document": made,
            "audit_file": bundle,
            "shipment": shipment,
            "clearance": clearance,
            "hold": hold,
            "document": shipment.documents.first(),
            "document_request": request,
            "submission": version,
            "milestone": shipment.milestones.first(),
            "discrepancy": case,
            "dock": case.shipment,
            "carton seen": seen,
            "receipt": arrived.goods_receipts.first(),
            "relief_claim": declared.relief_claims.get(),
            "thank_you": arrived.thank_yous.get(),
            "destruction": destruction,
            "back shipment": back,
            "arrived shipment": arrived,
            "lot": arrived.lots.first(),
            "standing": standing,
            "rate": rate,
            "look up": look_up,
            "company change": change,
            "company fact": fact,
            "supplier": story.supplier,
            "interest": interest,
            "reuse": reuse,
            "comment": Comment.objects.about(lead).first(),
        },
    )


def _short(story: Voyage, words: str) -> tuple[Discrepancy, CartonReceipt]:
    """Return the discrepancy of a delivery with a thousand missing pieces, and a damaged carton.

    More of the delivery is to come.
    """
    shipment = story.delivered(story.plan(story.ready()))
    line = shipment.lines.get()
    count = story.count(line, accepted=4_000, missing=1_000, reason=f"{words} short")
    receipt = story.receive(shipment, count, more_to_come=True)
    seen = record_carton(
        shipment,
        shipment.cartons.order_by("pk")[0],
        state="damaged",
        pieces=1_000,
        unusable=1_000,
        remark=f"{words} wet",
        seen_by=story.logistics.user,
        by=story.logistics.by,
        at=DOOR,
    )
    return receipt.discrepancies.get(), seen


def _refused(story: Voyage, arrived: Shipment, words: str) -> tuple[Destruction, Shipment]:
    """Destroy two of the pieces rejected on receipt, and send two back."""
    line, me = arrived.lines.get(), {"by": story.logistics.by, "author": story.logistics.user, "at": DOOR}
    gone = record_destruction(arrived, line, 2, reason=f"{words} destroyed", destroyed_on=DOOR.date(), **me)
    back = plan_return(arrived, [Portion(line, 2)], mode="sea", reason=f"{words} back", **me)
    return gone, back


def _on_a_list(story: Voyage, words: str) -> tuple[Watchlist, WatchlistMatch]:
    """Return a watchlist in force, and a match with a company that has no offers."""
    company = story.company(f"{words} Blackwater Orchid")
    rescreen_suppliers(AT)
    watchlist = in_force(f"{words} Blackwater Orchid", "Somebody")
    return watchlist, WatchlistMatch.objects.get(supplier=company)


# The pages about one object, by the name of their address, with the object of each.
PAGES = {
    "need": "need",
    "ask": "need",
    "allocate": "need",
    "inquiry": "inquiry",
    "lead": "lead",
    "lead_prices": "lead",
    "manual_rate": "rate",
    "finding": "finding",
    "check": "check",
    "assign_check": "check",
    "allocation": "allocation",
    "order": "order",
    "payment": "payment",
    "order_documents": "order",
    "decision_memo": "memo",
    "shipment_documents": "shipment",
    "generated_document": "generated document",
    "audit_file": "audit_file",
    "shipment": "shipment",
    "pack_shipment": "shipment",
    "receive_shipment": "shipment",
    "clearance": "clearance",
    "add_hold": "clearance",
    "customs_hold": "hold",
    "customs_document": "document",
    "document_request": "document_request",
    "add_document_request": "shipment",
    "lot": "lot",
    "goods_receipt": "receipt",
    "dock": "dock",
    "dock_finish": "dock",
    "discrepancy": "discrepancy",
    "supplier_deliveries": "supplier",
    "relief_claim": "relief_claim",
    "thank_you": "thank_you",
    "supplier_status": "standing",
    "supplier": "supplier",
    "checks_of_lead": "lead",
    "declare_interest": "supplier",
    "interest": "interest",
    "watchlist": "list",
    "watchlist_match": "match",
    "check_reuse": "reuse",
    "add_certificate": "supplier",
    "add_account": "supplier",
    "add_register_lookup": "supplier",
    "register_lookup": "look up",
    "supplier_change": "company change",
    "add_fact": "supplier",
    "set_supplier_status": "supplier",
    "supplier_fact": "company fact",
}
