"""Three cities and all people of the rights tests.

Burnaby and Markham have a story each, with a mark in every text; Burnaby shares a need and an offer with
Markham by name. Oakville has only people. Zhongshan is twinned with Burnaby and Markham.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from partners.cities.models import City
from partners.register_import.actions.imports import upload_import
from procurement.allocations import actions
from procurement.allocations.actions import fix_criteria
from procurement.allocations.rules import Criterion
from procurement.customs.actions import DeclaredLine, add_declaration, answer_hold, file_clearance, place_hold
from procurement.customs.duty_relief.actions import ClaimEdit, correct_claim
from procurement.distribution.actions import distribute_lot
from procurement.documents.actions.documents import query_document
from procurement.leads.actions.exchange_rates import enter_manual_rate
from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.leads import share_lead
from procurement.logistics.actions.planning import assign_broker
from procurement.logistics.actions.returns import plan_return
from procurement.orders.actions.approve import submit_order
from procurement.outreach.actions.inquiries import ask_partner_city, draft_inquiry, send_inquiry
from procurement.quality.actions import record_inspection
from procurement.receiving.actions.cartons import record_carton
from procurement.receiving.actions.destruction import record_destruction
from procurement.receiving.actions.discrepancies import answer_discrepancy, settle_discrepancy
from procurement.receiving.rules.rejected import Portion
from procurement.requests.actions import RequestEdit, draft_request, edit_request, share_request
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.actions.statuses import set_status
from procurement.thanks.actions import ThankYouText, send_thank_you
from procurement.tracking.actions.events import TrackingUpdate, flag_event, record_event, record_event_batch
from procurement.tracking.actions.schedule import estimate_step
from procurement.verification.actions.assignment import decline_check, request_check
from procurement.verification.actions.reports import return_report, submit_report
from procurement.verification.actions.tasks import propose_check
from procurement.verification.questions import questions_for_task
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
    """The story of one city: one object of each kind, by its name in the tables.

    Every text of an object holds its mark.
    """

    def __init__(self, place: str, marks: Marks) -> None:
        self.story = Voyage(place)
        world.twinning(self.story.city, "zhongshan")
        self.city: City = self.story.city
        self.marks = marks
        self.things: dict[str, Any] = {}
        self.who = {"by": self.story.officer.by, "at": AT}
        self.dock = {"by": self.story.logistics.by, "at": AT}

    def say(self, thing: str) -> str:
        """Return some words about an object with its mark."""
        return f"{self.marks.word(thing, self.city.slug)} words"

    def photo(self, what: str = "file") -> SimpleUploadedFile:
        """Return a picture with a mark in its name."""
        return SimpleUploadedFile(f"{self.say(what)}.jpg", picture(), "image/jpeg")

    def play(self) -> None:
        """Play the story from a need to a lot in quarantine, with all objects beside it."""
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
        """Return a posted need with marked texts."""
        need = self.story.line(10_000).supply_request
        texts = ("title", "deliver_to", "importer_of_record", "notes")
        edit_request(need, RequestEdit(**{text: self.say(name) for text in texts}, **facts), **self.who)
        return need

    def _need(self) -> None:
        self.things["need"] = self.need("need")
        edit_request(self.things["need"], RequestEdit(notes=f"{self.say('need')} corrected"), **self.who)
        self.things["draft need"] = draft_request(
            self.city, title=self.say("draft need"), author=self.story.officer.user, **self.who
        )
        self.things["line"] = self.things["need"].lines.get()
        points = [Criterion(self.say("criteria"))]
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
        task = self.things["check"] = propose_check(lead, "sample_test", needed=False, **self.who)
        request_check(task, story.contact, **self.who)
        self.things["report"] = submit_report(
            task,
            answers={one.code: {"answer": "yes", "seen": say("report")} for one in questions_for_task(task)},
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            place=say("report"),
            summary=say("report"),
            author=story.contact.user,
            by=own_link(story.contact),
            at=AT,
        )
        return_report(task, question=say("check"), **self.who)
        decline_check(task, remark=say("check"), by=own_link(story.contact), at=AT)

    def lead(self, name: str, line: Any, **facts: Any) -> Any:
        """Return a verified offer at the city's own price, with marked texts."""
        texts: dict[str, Any] = {
            text: self.say(name) for text in ("remark", "stock_place", "model", "payment_terms")
        }
        texts["referred_by"] = [self.say(name)]
        texts["reference_customers"] = [self.say(name)]
        return self.story.lead(line, price=PRICES[self.city.slug], **texts, **facts)

    def promise(self, lead: Any = None) -> Any:
        """Allocate a part of the offer (or of another one) to the need."""
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
        things["waiting order"] = submit_order(story.draft(self.promise(), **terms), **self.who)
        things["gift"] = story.gift(self.promise(given), budget_line=say("gift"))

    def _shipment(self) -> None:
        story, say, things = self.story, self.say, self.things
        texts = ("carrier", "voyage", "bill_of_lading", "tracking_number")
        shipment = story.plan(story.ready(self.promise()), **{text: say("shipment") for text in texts})
        things["shipment"] = assign_broker(shipment, story.broker.user, **self.dock)
        estimate_step(shipment, "departed", SOON, reported_by=say("milestone"), **self.dock)
        things["milestone"] = shipment.milestones.get(step="departed")
        things["event"] = record_event(
            shipment, "picked_up", occurred_at=AT, place=say("event"), remark=say("event"), **self.dock
        )
        flag_event(shipment, things["event"].pk, reason=say("event"), **self.dock)
        heard = TrackingUpdate(shipment=shipment, code="BKD", occurred_at=AT, code_system="iata")
        things["batch"] = record_event_batch(
            [heard], source=say("batch"), file_name=say("batch"), **self.dock
        )
        clearance = things["clearance"] = file_clearance(
            story.clearance(shipment, "import"), office=say("clearance"), **self.dock
        )
        things["declaration"] = add_declaration(
            clearance,
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
            ClaimEdit(saved=Decimal(1), **{text: say("relief_claim") for text in texts}),
            reason=say("relief_claim"),
            **self.dock,
        )
        held = place_hold(clearance, reason=say("hold"), question=say("hold"), **self.dock)
        things["hold"] = answer_hold(held, answer=say("hold"), **self.dock)
        document = things["document"] = story.hand_in(shipment.documents.order_by("pk").first())
        query_document(document, reason=say("document"), **self.dock)

    def _arrival(self) -> None:
        story, say, things = self.story, self.say, self.things
        arrived = story.delivered(story.plan(story.ready(self.promise())))
        things["arrived shipment"] = arrived
        box = things["carton"] = arrived.cartons.order_by("pk")[0]
        record_carton(
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
                story.count(line, lot_number=say("lot"), rejected=10, reason=say("discrepancy"))
                for line in arrived.lines.all()
            ],
            remark=say("receipt"),
        )
        case = things["discrepancy"] = things["receipt"].discrepancies.get()
        answer_discrepancy(case, answer=say("discrepancy"), **self.dock)
        settle_discrepancy(case, outcome="accepted", words=say("discrepancy"), **self.who)
        self._refused(arrived)
        lot = things["lot"] = arrived.lots.get()
        things["inspection"] = record_inspection(
            lot,
            sampled=200,
            defects=0,
            verdict="conditional",
            readings=measured(lot),
            measured=say("inspection"),
            justification=say("inspection"),
            inspector=story.logistics.user,
            by=story.logistics.by,
            at=DOOR,
        )
        released = story.released(story.plan(story.ready(self.promise())))
        things["distribution"] = distribute_lot(
            released.lots.get(),
            10,
            distributed_on=DOOR.date(),
            place=say("distribution"),
            name=say("distribution"),
            email="ward@roy.example",
            author=story.logistics.user,
            by=story.logistics.by,
            at=DOOR,
        )
        things["thank_you"] = arrived.thank_yous.get()
        said = [
            ThankYouText(
                contact=story.contact, subject=say("thank_you_message"), body=say("thank_you_message")
            )
        ]
        sent = send_thank_you(
            released.thank_yous.get(),
            said,
            language_pair="zh-en",
            author=story.officer.user,
            by=story.officer.by,
            at=DOOR,
        )
        things["thank_you_message"] = sent.messages.get()
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
        things["standing"] = set_status(
            story.supplier, self.city, "on_watch", reason=say("standing"), starts_on=AT.date(), **self.who
        )

    def _refused(self, arrived: Shipment) -> None:
        """Destroy some of the rejected goods and send some back."""
        line, me = arrived.lines.get(), {"author": self.story.logistics.user, **self.dock}
        gone = {"reason": self.say("destruction"), "destroyed_on": DOOR.date()}
        self.things["destruction"] = record_destruction(arrived, line, 2, **gone, **me | {"at": DOOR})
        back = {"carrier": self.say("back shipment"), "reason": self.say("back shipment"), "mode": "sea"}
        self.things["back shipment"] = plan_return(arrived, [Portion(line, 2)], **back, **me)

    def _asked(self) -> None:
        say, things = self.say, self.things
        reached = {"author": self.story.officer.user, **self.who}
        words = {
            name: say("inquiry") for name in ("subject", "body", "subject_own", "body_own", "chosen_because")
        }
        inquiry = things["inquiry"] = draft_inquiry(things["need"], self.story.contact, **words, **reached)
        send_inquiry(inquiry, **self.who)
        colleague = things["colleague"] = world.contact("zhongshan", "Chen Fang")
        words = {name: say("unsent inquiry") for name in ("subject", "body", "subject_own", "body_own")}
        things["unsent inquiry"] = draft_inquiry(things["need"], colleague, **words, **reached)
        words = {name: say("second inquiry") for name in ("subject", "body", "subject_own", "body_own")}
        world.member("officer", world.city("zhongshan"))  # may agree that the contact is asked
        second = draft_inquiry(
            things["need"],
            world.contact("foshan", "He Min"),
            through_city=world.city("zhongshan"),
            **words,
            **reached,
        )
        words = {name: say("introduced inquiry") for name in ("subject", "body", "subject_own", "body_own")}
        world.contact("wuhan", "Ding Lan")  # may agree by link, because her city has no users
        third = draft_inquiry(
            things["need"],
            world.contact("foshan", "Pan Li"),
            through_city=world.city("wuhan"),
            **words,
            **reached,
        )
        things["introduced inquiry"] = ask_partner_city(third, **self.who)
        task = things["open check"] = propose_check(things["lead"], "bank_account", needed=False, **self.who)
        request_check(task, self.story.contact, **self.who)
        things["question to them"], things["check given to them"] = inquiry, task
        things["second inquiry"] = ask_partner_city(second, **self.who)
        things["thanks"] = kept_thanks(inquiry)


def share(owner: Part, other: City) -> None:
    """Share a need and its offer with a city by name.

    Two more needs are posted, one to the network and one to the public.
    """
    need = owner.need("shared need")
    share_request(need, city=other, **owner.who)
    lead = owner.lead("shared lead", need.lines.get())
    share_lead(lead, city=other, **owner.who)
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
    """Return all people by the name of their column in the tables."""
    stranger = world.city("oakville")
    found: dict[str, User] = {"own colleague": own.story.second_officer.user}
    for role in ROLES:
        acting = getattr(own.story, role, None)
        found[f"own {role}"] = acting.user if acting else world.member(role, own.city)
        found[f"shared {role}"] = (
            shared.story.officer.user if role == "officer" else world.member(role, shared.city)
        )
        found[f"foreign {role}"] = world.member(role, stranger)
    own.things["import"] = upload_import(
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
