"""One of everything a city has, played in one go: for tests that look at pages and lists and want something on each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partners.models.cities import City
from procurement.allocations import actions
from procurement.leads.actions.rates import enter_manual_rate
from procurement.lists.anew import rescreen_suppliers
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from procurement.orders.actions.bundles import ask_for_bundle
from procurement.orders.actions.memos import make_memo
from procurement.outreach.actions import asking, writing
from procurement.shipments.actions import customs
from procurement.shipments.actions.customs import DeclaredLine, file_lane, place_hold
from procurement.shipments.actions.dock.cartons import see_carton
from procurement.shipments.actions.handing.calls import call_for_papers
from procurement.shipments.actions.handing.versions import bring_paper
from procurement.shipments.actions.made import make_paper
from procurement.shipments.actions.ways import destroying
from procurement.shipments.actions.ways.returning import send_back
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.ways import Destruction
from procurement.shipments.rules.ways import Part
from procurement.suppliers.actions import facts, judgements
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.judgements import declare_interest
from procurement.suppliers.actions.lookups import record_lookup
from procurement.verification.actions import opening
from procurement.verification.actions.asking import request_check
from procurement.verification.actions.sharing import ask_for_reuse
from tests.procurement.lists.play import in_force
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.story import AT
from tests.procurement.verification import lending
from workflow.actions import comment
from workflow.models.evidence import Comment


@dataclass(frozen=True)
class Things:
    """One of everything a city has, by the name it has in the tables."""

    city: City
    by_name: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]


def play(story: Voyage, words: str) -> Things:
    """Play a story to a delivered shipment with a hold, a lot in quarantine, an open question, a check and a finding."""
    officer, city = story.officer, story.city
    line = story.line(10_000)
    need = line.supply_request
    lead = story.lead(line, remark=f"{words} lead")
    promised = actions.allocate(lead, line, 10_000, author=officer.user, by=officer.by, at=AT)
    order = story.ready(promised)
    shipment = story.plan(order)
    lane = file_lane(story.lane(shipment, "import"), by=story.logistics.by, at=AT)
    hold = place_hold(lane, reason=f"{words} hold", question=f"{words}?", by=story.logistics.by, at=AT)
    case, seen = _short(story, words)
    relieved = DeclaredLine(
        hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
    )
    declared = customs.declare(lane, number="D-0", lines=[relieved], by=story.logistics.by, at=AT)
    arrived = story.delivered(story.plan(story.ready()))
    refused = {"rejected": 5, "reason": f"{words} rejected"}
    story.receive(arrived, *[story.count(line, **refused) for line in arrived.lines.all()])
    destruction, back = _refused(story, arrived, words)
    inquiry = writing.propose(
        need,
        story.contact,
        subject=f"{words} ask",
        body=f"{words} body",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    asking.send(inquiry, by=officer.by, at=AT)
    task = opening.propose(lead, "sample_test", needed=False, by=officer.by, at=AT)
    request_check(task, story.contact, by=officer.by, at=AT)
    standing = judgements.judge(
        story.supplier,
        city,
        "watched",
        reason=f"{words} standing",
        starts_on=AT.date(),
        by=officer.by,
        at=AT,
    )
    other, checks = lending.markham(story, "richmond")
    reuse = ask_for_reuse(checks["business_licence"], author=other.officer.user, by=other.officer.by, at=AT)
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
    fact = facts.say(
        story.supplier,
        "website",
        "kanghu.example",
        said_by=f"{words} letter",
        said_on=AT.date(),
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
        comment(thing, f"{words} comment", by=officer.by, at=AT, language="en")
    who = {"author": officer.user, "by": officer.by, "at": AT}
    made = make_paper("exporter_data", tongues="zh-en", shipment=shipment, **who)
    invoice = make_paper("invoice", tongues="zh-en", shipment=shipment, order=order, **who)
    version = bring_paper(story.paper(shipment, "INV", "import"), made=[invoice], **who)
    call = call_for_papers(
        shipment, "broker", name=f"{words} broker", email="broker@roy.example", note=f"{words} note", **who
    )
    memo = make_memo(order, author=officer.user, by=officer.by, at=AT)
    bundle = ask_for_bundle(order, author=officer.user, language="en", by=officer.by, at=AT)
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
            "made paper": made,
            "bundle": bundle,
            "shipment": shipment,
            "lane": lane,
            "hold": hold,
            "paper": shipment.papers.first(),
            "call": call,
            "paper version": version,
            "milestone": shipment.milestones.first(),
            "case": case,
            "dock": case.shipment,
            "carton seen": seen,
            "receipt": arrived.receipts.first(),
            "relief_claim": declared.relief_claims.get(),
            "thanks_pack": arrived.thanks_packs.get(),
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


def _short(story: Voyage, words: str) -> tuple[DifferenceCase, CartonSeen]:
    """A delivery of which a thousand pieces are missing so far, and one carton that somebody saw is damaged; the rest is to come."""
    shipment = story.delivered(story.plan(story.ready()))
    line = shipment.lines.get()
    count = story.count(line, accepted=4_000, missing=1_000, reason=f"{words} short")
    receipt = story.receive(shipment, count, more_to_come=True)
    seen = see_carton(
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
    return receipt.cases.get(), seen


def _refused(story: Voyage, arrived: Shipment, words: str) -> tuple[Destruction, Shipment]:
    """Of what was rejected at the door, two pieces that were destroyed and two that go back."""
    line, me = arrived.lines.get(), {"by": story.logistics.by, "author": story.logistics.user, "at": DOOR}
    gone = destroying.destroy(arrived, line, 2, reason=f"{words} destroyed", destroyed_on=DOOR.date(), **me)
    back = send_back(arrived, [Part(line, 2)], mode="sea", reason=f"{words} back", **me)
    return gone, back


def _on_a_list(story: Voyage, words: str) -> tuple[WatchList, ListMatch]:
    """A list in force, and a company that may be on it, of which nobody offers anything."""
    company = story.company(f"{words} Blackwater Orchid")
    rescreen_suppliers(AT)
    watch_list = in_force(f"{words} Blackwater Orchid", "Somebody")
    return watch_list, ListMatch.objects.get(supplier=company)


# The pages about one thing, by the name of their address, and the thing each is about.
PAGES = {
    "need": "need",
    "ask": "need",
    "allocate": "need",
    "inquiry": "inquiry",
    "lead": "lead",
    "lead_prices": "lead",
    "rate": "rate",
    "finding": "finding",
    "check": "check",
    "assign_check": "check",
    "allocation": "allocation",
    "order": "order",
    "payment": "payment",
    "order_papers": "order",
    "memo": "memo",
    "shipment_papers": "shipment",
    "made_paper": "made paper",
    "bundle": "bundle",
    "shipment": "shipment",
    "pack_shipment": "shipment",
    "receive_shipment": "shipment",
    "lane": "lane",
    "hold_lane": "lane",
    "hold": "hold",
    "paper": "paper",
    "paper_call": "call",
    "ask_for_papers": "shipment",
    "lot": "lot",
    "receipt": "receipt",
    "dock": "dock",
    "dock_finish": "dock",
    "difference_case": "case",
    "supplier_deliveries": "supplier",
    "relief_claim": "relief_claim",
    "thanks_pack": "thanks_pack",
    "standing": "standing",
    "supplier": "supplier",
    "checks_of": "lead",
    "declare_interest": "supplier",
    "interest": "interest",
    "watch_list": "list",
    "list_match": "match",
    "reuse": "reuse",
    "add_certificate": "supplier",
    "add_account": "supplier",
    "add_look_up": "supplier",
    "look_up": "look up",
    "company_change": "company change",
    "add_fact": "supplier",
    "judge_supplier": "supplier",
    "company_fact": "company fact",
}
