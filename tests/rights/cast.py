"""Three cities and everybody who may come to the doors. Burnaby and Markham have a story each, every text in it marked; Burnaby shares
a need and an offer with Markham by name; Oakville has people and nothing else. Zhongshan is the twin of the first two.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from partners.actions import imports
from partners.models.cities import City
from procurement.allocations import actions
from procurement.allocations.actions import fix_criteria
from procurement.allocations.rules import Point
from procurement.leads.actions import offers
from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.rates import enter_manual_rate
from procurement.orders.actions import deciding
from procurement.outreach.actions import writing
from procurement.outreach.actions.asking import ask_partner, send
from procurement.requests.actions import needs
from procurement.shipments.actions import customs, inspections
from procurement.shipments.actions.after.packs import Said, send_pack
from procurement.shipments.actions.after.reliefs import correct_claim
from procurement.shipments.actions.customs import (
    DeclaredLine,
    answer_hold,
    file_lane,
    place_hold,
    query_paper,
)
from procurement.shipments.actions.dock.cartons import see_carton
from procurement.shipments.actions.dock.cases import answer_case, settle_case
from procurement.shipments.actions.handouts import hand_out
from procurement.shipments.actions.planning import assign_broker
from procurement.shipments.actions.tracking import hearing, planned
from procurement.shipments.actions.tracking.batches import Heard, hear_many
from procurement.shipments.actions.tracking.hearing import call_wrong
from procurement.shipments.actions.ways import destroying, returning
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules import ways
from procurement.suppliers.actions import judgements
from procurement.suppliers.actions.accounts import propose_account
from procurement.verification import questions
from procurement.verification.actions import asking, opening, reporting
from procurement.verification.actions.asking import request_check
from procurement.verification.actions.reporting import send_back
from tests import world
from tests.procurement.shipments.play import DOOR, Voyage, measured
from tests.procurement.story import AT
from tests.rights import beside
from tests.rights.beside import kept_thanks
from tests.rights.marks import ACCOUNTS, PRICES, Marks
from tests.workflow.files import picture
from tests.world import own_link, powers_for

SOON = AT + timedelta(days=1)
RELIEVED = DeclaredLine(
    hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
)


class Part:
    """A city's story: one of everything, by the name it has in the tables; every text about a thing holds its mark."""

    def __init__(self, place: str, marks: Marks) -> None:
        self.story = Voyage(place)
        world.twinning(self.story.city, "zhongshan")
        self.city: City = self.story.city
        self.marks = marks
        self.things: dict[str, Any] = {}
        self.who = {"by": self.story.officer.by, "at": AT}
        self.dock = {"by": self.story.logistics.by, "at": AT}

    def say(self, thing: str) -> str:
        """Some words about a thing, with its mark in them."""
        return f"{self.marks.word(thing, self.city.slug)} words"

    def photo(self, what: str = "file") -> SimpleUploadedFile:
        """A picture with the mark of a file in its name."""
        return SimpleUploadedFile(f"{self.say(what)}.jpg", picture(), "image/jpeg")

    def play(self) -> None:
        """From a need to a lot in quarantine, and what stands beside it."""
        self._need()
        self._offer()
        self._order()
        self._shipment()
        self._arrival()
        self._asked()
        beside.about(self)
        for name, thing in self.things.items():
            if getattr(thing, "reference", "") and name not in (
                "entry",
                "question to them",
                "check given to them",
            ):
                self.marks.number(name, self.city.slug, thing)

    def need(self, name: str, **facts: Any) -> Any:
        """A posted need with every text of its own."""
        need = self.story.line(10_000).supply_request
        texts = ("title", "deliver_to", "importer_of_record", "notes")
        needs.edit(need, **{text: self.say(name) for text in texts}, **facts, **self.who)
        return need

    def _need(self) -> None:
        self.things["need"] = self.need("need")
        needs.edit(self.things["need"], notes=f"{self.say('need')} corrected", **self.who)
        self.things["draft need"] = needs.draft(
            self.city, title=self.say("draft need"), author=self.story.officer.user, **self.who
        )
        self.things["line"] = self.things["need"].lines.get()
        points = [Point(self.say("criteria"))]
        self.things["criteria"] = fix_criteria(
            self.things["line"],
            points,
            reason=self.say("criteria"),
            author=self.story.officer.user,
            **self.who,
        )

    def _offer(self) -> None:
        story, say = self.story, self.say
        beside.company(self)
        lead = self.things["lead"] = self.lead("lead", self.things["line"])
        self.things["finding"] = answer_finding(
            lead.findings.filter(status="open").first(),
            answer=say("finding"),
            answered_by=story.officer.user,
            **self.who,
        )
        task = self.things["check"] = opening.propose(lead, "sample_test", needed=False, **self.who)
        request_check(task, story.contact, **self.who)
        self.things["report"] = reporting.submit(
            task,
            answers={one.code: {"answer": "yes", "seen": say("report")} for one in questions.about(task)},
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            place=say("report"),
            summary=say("report"),
            author=story.contact.user,
            by=own_link(story.contact),
            at=AT,
        )
        send_back(task, question=say("check"), **self.who)
        asking.decline(task, remark=say("check"), by=own_link(story.contact), at=AT)

    def lead(self, name: str, line: Any, **facts: Any) -> Any:
        """A verified offer at the city's own price, with every text of its own."""
        texts: dict[str, Any] = {
            text: self.say(name) for text in ("remark", "stock_place", "model", "payment_terms")
        }
        texts["referred_by"] = [self.say(name)]
        texts["reference_customers"] = [self.say(name)]
        return self.story.lead(line, price=PRICES[self.city.slug], **texts, **facts)

    def promise(self, lead: Any = None) -> Any:
        """A part of the offer (or of another one), for the need."""
        chosen = lead or self.things["lead"]
        return actions.allocate(
            chosen, self.things["line"], 1_000, author=self.story.officer.user, **self.who
        )

    def _order(self) -> None:
        story, say, things = self.story, self.say, self.things
        terms = {
            name: say("order") for name in ("authority_reference", "budget_line", "few_offers_reason")
        } | {"incoterm_place": say("order")}
        things["account"] = propose_account(
            story.supplier,
            holder=say("account"),
            number=ACCOUNTS[self.city.slug],
            bank=say("account"),
            country="CN",
            proposed_by=story.officer.user,
            **self.who,
        )
        promised = self.promise()
        things["allocation"], things["order"] = promised, story.ready(promised, **terms)
        things["order line"] = things["order"].lines.get()
        things["payment"] = things["order"].payments.order_by("pk").first()
        given = self.lead("lead", things["line"], kind="donation")
        things["free allocation"] = self.promise()
        things["draft order"] = story.draft(self.promise(), **terms)
        things["waiting order"] = deciding.submit(story.draft(self.promise(), **terms), **self.who)
        things["gift"] = story.gift(self.promise(given), budget_line=say("gift"))

    def _shipment(self) -> None:
        story, say, things = self.story, self.say, self.things
        texts = ("carrier", "voyage", "bill_of_lading", "tracking_number")
        shipment = story.plan(story.ready(self.promise()), **{text: say("shipment") for text in texts})
        things["shipment"] = assign_broker(shipment, story.broker.user, **self.dock)
        planned.estimate(shipment, "departed", SOON, said_by=say("milestone"), **self.dock)
        things["milestone"] = shipment.milestones.get(step="departed")
        things["event"] = hearing.hear(
            shipment, "picked_up", occurred_at=AT, place=say("event"), remark=say("event"), **self.dock
        )
        call_wrong(shipment, things["event"].pk, reason=say("event"), **self.dock)
        heard = Heard(shipment=shipment, code="BKD", occurred_at=AT, code_system="iata")
        things["batch"] = hear_many([heard], source=say("batch"), file_name=say("batch"), **self.dock)
        lane = things["lane"] = file_lane(story.lane(shipment, "import"), office=say("lane"), **self.dock)
        things["declaration"] = customs.declare(
            lane,
            number=say("declaration"),
            office=say("declaration"),
            broker_reference=say("declaration"),
            lines=[RELIEVED],
            **self.dock,
        )
        claim = things["declaration"].relief_claims.get()
        texts = ("number", "duty_source", "tax_source", "saved_source")
        things["relief_claim"] = correct_claim(
            claim,
            saved=Decimal(1),
            **{text: say("relief_claim") for text in texts},
            reason=say("relief_claim"),
            **self.dock,
        )
        held = place_hold(lane, reason=say("hold"), question=say("hold"), **self.dock)
        things["hold"] = answer_hold(held, answer=say("hold"), **self.dock)
        paper = things["paper"] = story.hand_in(shipment.papers.order_by("pk").first())
        query_paper(paper, reason=say("paper"), **self.dock)

    def _arrival(self) -> None:
        story, say, things = self.story, self.say, self.things
        arrived = story.delivered(story.plan(story.ready(self.promise())))
        things["arrived shipment"] = arrived
        box = things["carton"] = arrived.cartons.order_by("pk")[0]
        see_carton(
            arrived,
            box,
            state="damaged",
            remark=say("carton"),
            seen_by=story.logistics.user,
            by=story.logistics.by,
            at=DOOR,
        )
        things["arrived allocation"] = arrived.lines.get().order_line.allocation
        things["receipt"] = story.receive(
            arrived,
            *[
                story.count(line, lot_number=say("lot"), rejected=10, reason=say("case"))
                for line in arrived.lines.all()
            ],
            remark=say("receipt"),
        )
        case = things["case"] = things["receipt"].cases.get()
        answer_case(case, answer=say("case"), **self.dock)
        settle_case(case, outcome="accepted", words=say("case"), **self.who)
        self._refused(arrived)
        lot = things["lot"] = arrived.lots.get()
        things["inspection"] = inspections.inspect(
            lot,
            sampled=200,
            defects=0,
            verdict="conditional",
            readings=measured(lot),
            measured=say("inspection"),
            word=say("inspection"),
            inspector=story.logistics.user,
            by=story.logistics.by,
            at=DOOR,
        )
        released = story.released(story.plan(story.ready(self.promise())))
        things["hand_out"] = hand_out(
            released.lots.get(),
            10,
            handed_on=DOOR.date(),
            place=say("hand_out"),
            name=say("hand_out"),
            email="ward@roy.example",
            author=story.logistics.user,
            by=story.logistics.by,
            at=DOOR,
        )
        things["thanks_pack"] = arrived.thanks_packs.get()
        said = [Said(contact=story.contact, subject=say("thanks_note"), body=say("thanks_note"))]
        sent = send_pack(
            released.thanks_packs.get(),
            said,
            tongues="zh-en",
            author=story.officer.user,
            by=story.officer.by,
            at=DOOR,
        )
        things["thanks_note"] = sent.notes.get()
        things["rate"] = enter_manual_rate(
            self.city,
            currency="VND",
            into="CAD",
            rate=Decimal("0.00006"),
            on=AT.date(),
            source=say("rate"),
            author=story.officer.user,
            **self.who,
        )
        things["standing"] = judgements.judge(
            story.supplier, self.city, "watched", reason=say("standing"), starts_on=AT.date(), **self.who
        )

    def _refused(self, arrived: Shipment) -> None:
        """Of what was rejected at the door, some was destroyed and some goes back."""
        line, me = arrived.lines.get(), {"author": self.story.logistics.user, **self.dock}
        gone = {"reason": self.say("destruction"), "destroyed_on": DOOR.date()}
        self.things["destruction"] = destroying.destroy(arrived, line, 2, **gone, **me | {"at": DOOR})
        back = {"carrier": self.say("back shipment"), "reason": self.say("back shipment"), "mode": "sea"}
        self.things["back shipment"] = returning.send_back(arrived, [ways.Part(line, 2)], **back, **me)

    def _asked(self) -> None:
        say, things = self.say, self.things
        reached = {"author": self.story.officer.user, **self.who}
        words = {
            name: say("inquiry") for name in ("subject", "body", "subject_own", "body_own", "chosen_because")
        }
        inquiry = things["inquiry"] = writing.propose(things["need"], self.story.contact, **words, **reached)
        send(inquiry, **self.who)
        colleague = things["colleague"] = world.contact("zhongshan", "Chen Fang")
        words = {name: say("unsent inquiry") for name in ("subject", "body", "subject_own", "body_own")}
        things["unsent inquiry"] = writing.propose(things["need"], colleague, **words, **reached)
        words = {name: say("second inquiry") for name in ("subject", "body", "subject_own", "body_own")}
        world.member("officer", world.city("zhongshan"))  # who may agree that the contact is asked
        second = writing.propose(
            things["need"],
            world.contact("foshan", "He Min"),
            through_city=world.city("zhongshan"),
            **words,
            **reached,
        )
        words = {name: say("introduced inquiry") for name in ("subject", "body", "subject_own", "body_own")}
        world.contact("wuhan", "Ding Lan")  # who may agree by link: nobody of her city signs in
        third = writing.propose(
            things["need"],
            world.contact("foshan", "Pan Li"),
            through_city=world.city("wuhan"),
            **words,
            **reached,
        )
        things["introduced inquiry"] = ask_partner(third, **self.who)
        task = things["open check"] = opening.propose(
            things["lead"], "bank_account", needed=False, **self.who
        )
        request_check(task, self.story.contact, **self.who)
        things["question to them"], things["check given to them"] = inquiry, task
        things["second inquiry"] = ask_partner(second, **self.who)
        things["thanks"] = kept_thanks(inquiry)


def share(owner: Part, other: City) -> None:
    """Share a need, its offer and nothing else with a city by name; post one to the network and one to everybody."""
    need = owner.need("shared need")
    needs.share(need, city=other, **owner.who)
    lead = owner.lead("shared lead", need.lines.get())
    offers.share(lead, city=other, **owner.who)
    more = {
        "shared need": need,
        "shared lead": lead,
        "network need": owner.need("network need", visibility="network"),
        "public need": owner.need("public need", visibility="public"),
    }
    owner.things.update(more)
    for name, thing in more.items():
        owner.marks.number(name, owner.city.slug, thing)


ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")


def people(own: Part, shared: Part) -> dict[str, User]:
    """Everybody who comes to the doors, by the name of their column in the tables."""
    stranger = world.city("oakville")
    found: dict[str, User] = {"own colleague": own.story.second_officer.user}
    for role in ROLES:
        acting = getattr(own.story, role, None)
        found[f"own {role}"] = acting.user if acting else world.member(role, own.city)
        found[f"shared {role}"] = (
            shared.story.officer.user if role == "officer" else world.member(role, shared.city)
        )
        found[f"foreign {role}"] = world.member(role, stranger)
    own.things["import"] = imports.upload(
        [["name_en", "country"], [own.say("import"), "CA"]],
        table="cities",
        name=own.say("import"),
        reason=own.say("import"),
        columns={"name_en": 0, "country": 1},
        by=powers_for(found["own administrator"]),
        at=AT,
    )
    beside.listed(own, found["own administrator"])
    found["own idle broker"] = world.member("broker", own.city)
    for role in ("officer", "observer"):
        found[f"partner {role}"] = world.member(role, world.city("zhongshan"))
    found["asked contact"] = own.story.contact.user
    found["other contact"] = own.things["colleague"].user
    found["coordinator"] = world.member("coordinator", None)
    found["own coordinator"] = world.member(
        "coordinator", world.city("columbia", subdivision="CA-BC", level="province")
    )
    found["foreign coordinator"] = world.member(
        "coordinator", world.city("manitoba", subdivision="CA-MB", level="province")
    )
    return found
