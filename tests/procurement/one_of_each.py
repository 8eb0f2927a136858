"""One of everything a city has, played in one go: for tests that look at pages and lists and want something on each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partners.models import City
from procurement.allocations import actions as allocations
from procurement.leads import actions as leads
from procurement.lists import anew as listing
from procurement.lists.models import ListMatch, WatchList
from procurement.orders import actions as orders
from procurement.outreach import actions as outreach
from procurement.shipments import actions as shipping
from procurement.shipments.models import CartonSeen, Destruction, DifferenceCase, Shipment
from procurement.shipments.rules.ways import Part
from procurement.suppliers import actions as suppliers
from procurement.verification import actions as verification
from tests.procurement.lists import play as play_lists
from tests.procurement.shipments.play import DOOR, Voyage
from tests.procurement.story import AT
from tests.procurement.verification import lending
from workflow import actions
from workflow.models import Comment


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
    promised = allocations.allocate(lead, line, 10_000, author=officer.user, by=officer.by, at=AT)
    order = story.ready(promised)
    shipment = story.plan(order)
    lane = shipping.file_lane(story.lane(shipment, "import"), by=story.logistics.by, at=AT)
    hold = shipping.hold(lane, reason=f"{words} hold", question=f"{words}?", by=story.logistics.by, at=AT)
    case, seen = _short(story, words)
    relieved = shipping.DeclaredLine(
        hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
    )
    declared = shipping.declare(lane, number="D-0", lines=[relieved], by=story.logistics.by, at=AT)
    arrived = story.delivered(story.plan(story.ready()))
    refused = {"rejected": 5, "reason": f"{words} rejected"}
    story.receive(arrived, *[story.count(line, **refused) for line in arrived.lines.all()])
    destruction, back = _refused(story, arrived, words)
    inquiry = outreach.propose(
        need,
        story.contact,
        subject=f"{words} ask",
        body=f"{words} body",
        author=officer.user,
        by=officer.by,
        at=AT,
    )
    outreach.send(inquiry, by=officer.by, at=AT)
    task = verification.propose(lead, "sample_test", needed=False, by=officer.by, at=AT)
    verification.offer(task, story.contact, by=officer.by, at=AT)
    standing = suppliers.judge(
        story.supplier,
        city,
        "watched",
        reason=f"{words} standing",
        starts_on=AT.date(),
        by=officer.by,
        at=AT,
    )
    other, checks = lending.markham(story, "richmond")
    reuse = verification.ask_for_reuse(
        checks["business_licence"], author=other.officer.user, by=other.officer.by, at=AT
    )
    observer = story.observer
    interest = suppliers.declare_interest(
        story.supplier, observer.user, words=f"{words} interest", by=observer.by, at=AT
    )
    rate = leads.enter_rate(
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
    fact = suppliers.say(
        story.supplier,
        "website",
        "kanghu.example",
        said_by=f"{words} letter",
        said_on=AT.date(),
        entered_by=officer.user,
        by=officer.by,
        at=AT,
    )
    look_up = suppliers.look_up(
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
    change = suppliers.propose_change(
        story.supplier,
        "correct",
        {"name_en": f"{words} name"},
        reason=f"{words} reason",
        author=story.stranger.user,
        by=story.stranger.by,
        at=AT,
    )
    for thing in (need, lead, order, shipment):
        actions.comment(thing, f"{words} comment", by=officer.by, at=AT, language="en")
    who = {"author": officer.user, "by": officer.by, "at": AT}
    made = shipping.make_paper("exporter_data", tongues="zh-en", shipment=shipment, **who)
    invoice = shipping.make_paper("invoice", tongues="zh-en", shipment=shipment, order=order, **who)
    version = shipping.bring_paper(story.paper(shipment, "INV", "import"), made=[invoice], **who)
    call = shipping.call_for_papers(
        shipment, "broker", name=f"{words} broker", email="broker@roy.example", note=f"{words} note", **who
    )
    memo = orders.make_memo(order, author=officer.user, by=officer.by, at=AT)
    bundle = orders.ask_for_bundle(order, author=officer.user, language="en", by=officer.by, at=AT)
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
    seen = shipping.see_carton(
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
    gone = shipping.destroy(arrived, line, 2, reason=f"{words} destroyed", destroyed_on=DOOR.date(), **me)
    back = shipping.send_back(arrived, [Part(line, 2)], mode="sea", reason=f"{words} back", **me)
    return gone, back


def _on_a_list(story: Voyage, words: str) -> tuple[WatchList, ListMatch]:
    """A list in force, and a company that may be on it, of which nobody offers anything."""
    company = story.company(f"{words} Blackwater Orchid")
    listing.settle(AT)
    watch_list = play_lists.in_force(f"{words} Blackwater Orchid", "Somebody")
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
