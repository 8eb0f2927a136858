"""One object of each kind that a city has, played by actions.

Every text of an object holds its mark. The tests of rights search each answer for the marks of two such cities; the
tests of pages, speed and lists need the content of one.
"""

import os
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import CONSOLE
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from partners.memberships.actions import delegate, invite_member
from procurement.allocations import actions
from procurement.allocations.actions import fix_criteria
from procurement.allocations.models import Allocation
from procurement.allocations.rules import Criterion
from procurement.audit_files.actions import BuiltFile, finish_audit_file, request_audit_file
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.customs.actions import DeclaredLine, add_declaration, answer_hold, file_clearance, place_hold
from procurement.customs.duty_relief.actions import ClaimEdit, correct_claim
from procurement.distribution.actions import distribute_lot
from procurement.documents.actions.documents import query_document
from procurement.documents.actions.requests import request_documents
from procurement.documents.actions.submissions import return_submission, submit_document
from procurement.documents.queries import request_actor
from procurement.generated_documents.actions import generate_document
from procurement.leads.actions.attachments import attach_and_flag
from procurement.leads.actions.exchange_rates import enter_manual_rate
from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.leads import SupplierLead
from procurement.logistics.actions.planning import assign_broker
from procurement.logistics.actions.returns import plan_return
from procurement.orders.actions.approve import submit_order
from procurement.orders.decision_memos.actions import create_memo
from procurement.outreach.actions.inquiries import (
    ask_partner_city,
    draft_inquiry,
    save_thank_you_letters,
    send_inquiry,
)
from procurement.outreach.letter_pdf import LetterHead, freeze_letter, new_code
from procurement.outreach.models import Inquiry, SentLetter
from procurement.quality.actions import record_inspection
from procurement.receiving.actions.cartons import record_carton
from procurement.receiving.actions.destruction import record_destruction
from procurement.receiving.actions.discrepancies import answer_discrepancy, settle_discrepancy
from procurement.receiving.rules.rejected import Portion
from procurement.requests.actions import (
    RequestEdit,
    draft_request,
    edit_request,
    resume_request,
    stop_request,
)
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.sanctions.actions.periodic import activate_next, rescreen_suppliers
from procurement.sanctions.actions.watchlists import upload_watchlist
from procurement.sanctions.models import WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from procurement.shipments.models import Shipment
from procurement.suppliers.actions.bank_accounts import propose_account
from procurement.suppliers.actions.certificates import claim_certificate, record_issuer_answer
from procurement.suppliers.actions.changes import propose_change
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.statuses import declare_interest, set_status
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.thanks.actions import ThankYouText, send_thank_you
from procurement.tracking.actions.events import TrackingUpdate, flag_event, record_event, record_event_batch
from procurement.tracking.actions.public_tracking import share_tracking
from procurement.tracking.actions.schedule import estimate_step
from procurement.verification.actions.assignment import decline_check, request_check
from procurement.verification.actions.reports import return_report, submit_report
from procurement.verification.actions.reuse import request_reuse
from procurement.verification.actions.tasks import propose_check
from procurement.verification.questions import questions_for_task
from tests import world
from tests.procurement.chapters import chapter
from tests.procurement.notify import told_of_a_comment
from tests.procurement.shipments.play import DELIVERED_AT, Journey, measured
from tests.procurement.story import AT, Person
from tests.procurement.verification import reuse
from tests.workflow.files import picture
from tests.world import own_link
from tests.worlds.marks import ACCOUNTS, PRICES, Marks
from workflow.attachments.actions import add_comment, attach_file
from workflow.attachments.models import Comment
from workflow.journal.models import Entry
from workflow.uploads import archives
from workflow.uploads.archives import Archive, archive_path

SOON = AT + timedelta(days=1)
FAR_OFF = 4_000_000_000  # seconds since 1970: the year 2096
RELIEVED = DeclaredLine(
    hs_code="6307909870", origin="CN", value=Decimal(5000), currency="USD", relief="CA-20-08"
)
# Names of objects that share their reference with another one.
SAME_REFERENCE = ("entry", "question to them", "check given to them")


class PlayedCity(Journey):
    """City with one object of each kind, by its name in the tables of rights and pages."""

    def __init__(self, place: str = "burnaby", marks: Marks | None = None, **facts: Any) -> None:
        self.marks = marks or Marks()
        self.things: dict[str, Any] = {}
        super().__init__(place, **facts)

    def play(self, *, whole: bool = False) -> dict[str, Any]:
        """Play the story from a need to a lot in quarantine, and return the objects.

        `whole` adds what only the officer sees, a delivery of which more is to come, a watchlist, which belongs to no
        city, and another city that relies on the supplier.
        """
        things, marks = self._played(whole)
        self.things.update(things)
        self.marks.things.update(marks)
        return self.things

    @chapter
    def _played(self, whole: bool) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
        self._needs(**({} if whole else self.texts("need", "importer_of_record")))
        self._offers()
        if whole:
            self.other_city()
        for part in (self._company, self._certificate, self._orders):
            part()
        if whole:
            self._at_the_dock()
        for part in (
            *(
                self._shipments,
                self._customs,
                self._arrivals,
                self._rejected,
                self._distributed,
                self._letters,
            ),
            *(self._comments_and_files, self._documents, self._submissions, self._register, self._staff),
        ):
            part()
        if whole:
            self.for_one_person(self.officer, self.officer)
            self.watchlist()
        self.number_all()
        return self.things, self.marks.things

    def number_all(self) -> None:
        """Register the references of all objects as marks."""
        for name, thing in self.things.items():
            if getattr(thing, "reference", "") and name not in SAME_REFERENCE:
                self.marks.number(name, self.city.slug, thing)

    @property
    def by_officer(self) -> dict[str, Any]:
        """Return who acts and when: the officer, on the first day."""
        return {"by": self.officer.by, "at": AT}

    @property
    def as_officer(self) -> dict[str, Any]:
        """Return the same for an action with an author."""
        return {"author": self.officer.user, **self.by_officer}

    @property
    def by_logistics(self) -> dict[str, Any]:
        """Return who acts and when: logistics, on the first day."""
        return {"by": self.logistics.by, "at": AT}

    @property
    def at_arrival(self) -> dict[str, Any]:
        """Return who acts and when: logistics, on the day of the delivery."""
        return {"by": self.logistics.by, "at": DELIVERED_AT}

    @cached_property
    def administrator(self) -> Person:
        return self.person("administrator")

    def say(self, thing: str) -> str:
        """Return some words about an object with its mark."""
        return f"{self.marks.word(thing, self.city.slug)} words"

    def texts(self, thing: str, *fields: str) -> dict[str, Any]:
        """Return the words about an object for each of these fields."""
        return dict.fromkeys(fields, self.say(thing))

    def photo(self, what: str = "file") -> SimpleUploadedFile:
        """Return a picture with a mark in its name."""
        return SimpleUploadedFile(f"{self.say(what)}.jpg", picture(), "image/jpeg")

    def need(self, name: str, **facts: Any) -> SupplyRequest:
        """Return a posted need with marked texts."""
        need = self.line(10_000).supply_request
        words = self.texts(name, "title", "deliver_to", "notes")
        edit_request(need, RequestEdit(**words, **facts), **self.by_officer)
        return need

    def offer(self, name: str, line: RequestLine, **facts: Any) -> SupplierLead:
        """Return a verified offer at the city's own price, with marked texts."""
        words = self.texts(name, "remark", "stock_place", "model", "payment_terms")
        lists = {"referred_by": [self.say(name)], "reference_customers": [self.say(name)]}
        return self.lead(line, price=PRICES[self.city.slug], **words, **lists, **facts)

    def allocated(self, lead: SupplierLead | None = None, *, quantity: int = 1_000) -> Allocation:
        """Allocate a part of the offer (or of another one) to the need."""
        return actions.allocate(lead or self.things["lead"], self.things["line"], quantity, **self.as_officer)

    def inquiry(self, name: str, contact: Any, **facts: Any) -> Inquiry:
        """Return an inquiry about the need as a draft, with marked texts."""
        words = self.texts(name, "subject", "body", "subject_own", "body_own")
        return draft_inquiry(self.things["need"], contact, **words, **facts, **self.as_officer)

    def _needs(self, **facts: Any) -> None:
        self.things["agreement"] = world.twinning(self.city, "zhongshan")
        need = self.things["need"] = self.need("need", **facts)
        edit_request(need, RequestEdit(notes=f"{self.say('need')} corrected"), **self.by_officer)
        stop_request(need, reason=self.say("entry"), **self.by_officer)
        resume_request(need, **self.by_officer)
        self.things["entry"] = Entry.objects.about(need).get(verb="stop")
        edit = SupplierEdit(**self.texts("supplier", "name_en", "address"))
        self.things["supplier"] = correct_supplier(self.supplier, edit, **self.by_officer)
        draft = draft_request(self.city, title=self.say("draft need"), **self.as_officer)
        self.things |= {"draft need": draft, "line": need.lines.get()}
        points, reason = [Criterion(self.say("criteria"))], self.say("criteria")
        self.things["criteria"] = fix_criteria(self.things["line"], points, reason=reason, **self.as_officer)

    def _company(self) -> None:
        """Add facts, a register lookup, a bank account and the city's judgement to the supplier."""
        things, entered = self.things, {"entered_by": self.officer.user, **self.by_officer}
        company = self.supplier
        things["interest"] = declare_interest(
            company, self.observer.user, words=self.say("interest words"), by=self.observer.by, at=AT
        )
        words = self.texts("lookup", "address", "model", "words")
        things["lookup"] = record_lookup(
            company, "staff", answer="active", answered_on=AT.date(), **words, **entered
        )
        words = self.texts("companyfact", "stated_by", "source")
        how = {"stated_on": AT.date(), "how": "phoned", "contact": self.contact}
        for name, value in (("address", self.say("companyfact")), ("phone", "+86 760 0000 0000")):
            things["companyfact"] = record_fact(company, name, value, **how, **words, **entered)
        things["account"] = propose_account(
            company,
            number=ACCOUNTS[self.city.slug],
            country="CN",
            proposed_by=self.officer.user,
            **self.texts("account", "holder", "bank"),
            **self.by_officer,
        )
        things["standing"] = set_status(
            company,
            self.city,
            "on_watch",
            reason=self.say("standing"),
            starts_on=AT.date(),
            **self.by_officer,
        )

    def _offers(self) -> None:
        things, me = self.things, own_link(self.contact)
        lead = things["lead"] = self.offer("lead", things["line"])
        things["finding"] = answer_finding(
            lead.findings.filter(status="open").first(),
            answer=self.say("finding"),
            answered_by=self.officer.user,
            **self.by_officer,
        )
        task = things["check"] = propose_check(lead, "sample_test", needed=False, **self.by_officer)
        request_check(task, self.contact, **self.by_officer)
        seen = {"answer": "yes", "seen": self.say("report")}
        things["report"] = submit_report(
            task,
            answers={one.code: seen for one in questions_for_task(task)},
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            author=self.contact.user,
            by=me,
            at=AT,
            **self.texts("report", "place", "summary"),
        )
        return_report(task, question=self.say("check"), **self.by_officer)
        decline_check(task, remark=self.say("check"), by=me, at=AT)
        open_ = propose_check(lead, "bank_account", needed=False, **self.by_officer)
        things["open check"] = things["check given to them"] = open_
        request_check(open_, self.contact, **self.by_officer)
        things["rate"] = enter_manual_rate(
            self.city,
            currency="VND",
            into="CAD",
            rate=Decimal("0.00006"),
            on=AT.date(),
            source=self.say("rate"),
            **self.as_officer,
        )

    def _certificate(self) -> None:
        """Add a certificate with its issuer check to the supplier."""
        kind = CertificateType.objects.order_by("code").first()
        words = self.texts("certificate", "number", "holder", "manufacturer", "issuer", "remark")
        paper = self.things["certificate"] = claim_certificate(
            self.supplier, kind, entered_by=self.officer.user, **words, **self.by_officer
        )
        words = {
            "result": "no_answer",
            "looked_up_by": self.officer.user,
            **self.texts("certificate", "address", "words"),
        }
        record_issuer_answer(paper, **words, **self.by_officer)

    def _orders(self) -> None:
        things = self.things
        fields = ("authority_reference", "budget_line", "few_offers_reason", "incoterm_place")
        terms = self.texts("order", *fields)
        things["allocation"] = self.allocated()
        order = things["order"] = self.ready(things["allocation"], **terms)
        things |= {"order line": order.lines.get(), "payment": order.payments.order_by("pk").first()}
        given = self.offer("lead", things["line"], kind="donation")
        things["free allocation"] = self.allocated()
        things["draft order"] = self.draft(self.allocated(), **terms)
        things["waiting order"] = submit_order(self.draft(self.allocated(), **terms), **self.by_officer)
        things["gift"] = self.gift(self.allocated(given), budget_line=self.say("gift"))
        things["memo"] = create_memo(order, **self.as_officer)

    def for_one_person(self, sender: Person, auditor: Person) -> None:
        """Record a batch of tracking events, and request the audit file of the order.

        Only their sender and auditor see these. The file is a small archive.
        """
        heard = TrackingUpdate(
            shipment=self.things["shipment"], code="BKD", occurred_at=AT, code_system="iata"
        )
        words = self.texts("batch", "source", "file_name")
        self.things["batch"] = record_event_batch([heard], **words, by=sender.by, at=AT)
        who = {"author": auditor.user, "by": auditor.by, "at": AT}
        bundle = self.things["audit_file"] = request_audit_file(self.things["order"], language="en", **who)
        with Archive() as archive:  # rights/leaks/test_canaries.py makes a real one
            archive.put("note.txt", [b"a note"])
        # Ticks of other tests delete old files that their own databases do not know; this file never gets old.
        os.utime(archive_path(archive.name), (FAR_OFF, FAR_OFF))
        size, digest = archives.measure(archive.name)
        finish_audit_file(bundle, BuiltFile(archive.name, size, digest, files=1, left_out=0), at=AT)

    def _shipments(self) -> None:
        things, by = self.things, self.by_logistics
        words = self.texts("shipment", "carrier", "voyage", "bill_of_lading", "tracking_number")
        shipment = self.plan(self.ready(self.allocated()), **words)
        things["shipment"] = share_tracking(assign_broker(shipment, self.broker.user, **by), **by)
        estimate_step(shipment, "departed", SOON, reported_by=self.say("milestone"), **by)
        things["milestone"] = shipment.milestones.get(step="departed")
        words = self.texts("event", "place", "remark")
        things["event"] = record_event(shipment, "picked_up", occurred_at=AT, **words, **by)
        flag_event(shipment, things["event"].pk, reason=self.say("event"), **by)

    def _customs(self) -> None:
        things, by, shipment = self.things, self.by_logistics, self.things["shipment"]
        clearance = file_clearance(
            self.clearance(shipment, "import"), **self.texts("clearance", "office"), **by
        )
        words = self.texts("declaration", "number", "office", "broker_reference")
        declared = add_declaration(clearance, lines=[RELIEVED], **words, **by)
        words = self.texts("relief_claim", "number", "duty_source", "tax_source", "saved_source")
        edit, reason = ClaimEdit(saved=Decimal(1), **words), self.say("relief_claim")
        things["relief_claim"] = correct_claim(declared.relief_claims.get(), edit, reason=reason, **by)
        held = place_hold(clearance, **self.texts("hold", "reason", "question"), **by)
        things["hold"] = answer_hold(held, answer=self.say("hold"), **by)
        document = self.hand_in(shipment.documents.order_by("pk").first())
        query_document(document, reason=self.say("document"), **by)
        things |= {"clearance": clearance, "declaration": declared, "document": document}

    def _arrivals(self) -> None:
        things = self.things
        arrived = things["arrived shipment"] = self.delivered(self.plan(self.ready(self.allocated())))
        box = things["carton"] = arrived.cartons.order_by("pk")[0]
        seen = {"state": "damaged", "remark": self.say("carton"), "seen_by": self.logistics.user}
        record_carton(arrived, box, **seen, **self.at_arrival)
        line = arrived.lines.get()
        things["arrived allocation"] = line.order_line.allocation
        words = {"lot_number": self.say("lot"), "reason": self.say("discrepancy")}
        things["receipt"] = self.receive(
            arrived, self.count(line, rejected=10, **words), remark=self.say("receipt")
        )
        things |= {"lot": arrived.lots.get(), "thank_you": arrived.thank_yous.get()}

    def _rejected(self) -> None:
        """Settle the discrepancy of the rejected goods, destroy some of them and send some back."""
        things, arrived, say = self.things, self.things["arrived shipment"], self.say
        line, me = arrived.lines.get(), {"author": self.logistics.user}
        case = things["discrepancy"] = things["receipt"].discrepancies.get()
        answer_discrepancy(case, answer=say("discrepancy"), **self.by_logistics)
        settle_discrepancy(case, outcome="accepted", words=say("discrepancy"), **self.by_officer)
        gone = {"reason": say("destruction"), "destroyed_on": DELIVERED_AT.date(), **me, **self.at_arrival}
        things["destruction"] = record_destruction(arrived, line, 2, **gone)
        back = {"mode": "sea", **self.texts("back shipment", "carrier", "reason"), **me, **self.by_logistics}
        things["back shipment"] = plan_return(arrived, [Portion(line, 2)], **back)

    def _distributed(self) -> None:
        """Inspect the lot; release another one, distribute some of it and thank the contact."""
        things, lot = self.things, self.things["lot"]
        found = {"sampled": 200, "defects": 0, "verdict": "conditional", "readings": measured(lot)}
        words = self.texts("inspection", "measured", "justification")
        things["inspection"] = record_inspection(
            lot, inspector=self.logistics.user, **found, **words, **self.at_arrival
        )
        released = self.released(self.plan(self.ready(self.allocated())))
        things["distribution"] = distribute_lot(
            released.lots.get(),
            10,
            distributed_on=DELIVERED_AT.date(),
            email="ward@roy.example",
            author=self.logistics.user,
            **self.texts("distribution", "place", "name"),
            **self.at_arrival,
        )
        text = ThankYouText(contact=self.contact, **self.texts("thank_you_message", "subject", "body"))
        who = {"author": self.officer.user, "by": self.officer.by, "at": DELIVERED_AT}
        sent = send_thank_you(released.thank_yous.get(), [text], language_pair="zh-en", **who)
        things["thank_you_message"] = sent.messages.get()

    def _letters(self) -> None:
        things = self.things
        inquiry = self.inquiry("inquiry", self.contact, **self.texts("inquiry", "chosen_because"))
        things["inquiry"] = things["question to them"] = send_inquiry(inquiry, **self.by_officer)
        things["thanks"] = _thank_you_letter(inquiry)
        things["colleague"] = world.contact("zhongshan", "Chen Fang")
        things["unsent inquiry"] = self.inquiry("unsent inquiry", things["colleague"])
        world.member("officer", world.city("zhongshan"))  # may agree that the contact is asked
        world.contact("wuhan", "Ding Lan")  # may agree by link, because her city has no users
        for name, contact, through in (
            ("second inquiry", "He Min", "zhongshan"),
            ("introduced inquiry", "Pan Li", "wuhan"),
        ):
            asked = self.inquiry(name, world.contact("foshan", contact), through_city=world.city(through))
            things[name] = ask_partner_city(asked, **self.by_officer)

    def other_city(self) -> None:
        """Let Richmond, a city without people of its own in the tables, rely on the supplier and a check."""
        other, checks = reuse.markham(self, "richmond")
        who = {"author": other.officer.user, "by": other.officer.by, "at": AT}
        self.things["reuse"] = request_reuse(checks["business_licence"], **who)
        edit = self.texts("company_change", "address")
        self.things["company_change"] = propose_change(
            self.supplier, "correct", edit, reason=self.say("company_change"), **who
        )

    def _comments_and_files(self) -> None:
        things, by = self.things, self.by_officer
        for name in ("need", "lead", "order", "shipment"):
            add_comment(things[name], self.say("comment"), language="en", **by)
        document = things["document"]
        things |= {
            "comment": Comment.objects.about(things["lead"]).get(),
            "file": attach_file(things["lead"], self.photo(), **by),
            "document comment": add_comment(document, self.say("document comment"), language="en", **by),
            "document file": attach_file(document, self.photo("document file"), **by),
            "notice": told_of_a_comment(things["need"], self),
        }

    def _documents(self) -> None:
        for name, kind, of in (
            ("generated document", "exporter_data", {"shipment": self.things["shipment"]}),
            ("gift letter", "donation_letter", {"order": self.things["gift"]}),
        ):
            self.things[name] = generate_document(kind, language_pair="zh-en", **of, **self.as_officer)

    def _submissions(self) -> None:
        """Make a document request of the shipment; its first submission is returned, the second is not."""
        things, words = self.things, self.texts("submission", "number", "remark")
        request = things["document_request"] = request_documents(
            things["shipment"],
            "broker",
            email=f"broker@{self.city.slug}.example",
            **self.texts("document_request", "name", "note"),
            **self.as_officer,
        )
        asked = things["requested document"] = request.documents.first()
        me = {"by": request_actor(request), "at": AT}
        for turn in ("returned", "received"):
            photo = attach_and_flag(
                asked, self.photo("submission"), kind=request.reference, power="submit_documents", **me
            )
            things["their file"] = photo
            submission = things["submission"] = submit_document(
                request, asked, files=[photo.pk], **words, **me
            )
            if turn == "returned":
                return_submission(submission, reason=self.say("submission"), **self.by_officer)

    def _register(self) -> None:
        things, tie = self.things, self.things["agreement"]
        things |= {"contact": self.contact, "organization": self.contact.organization}
        things |= dict.fromkeys(("city", "city people", "city limits"), self.city)
        things["twin"] = world.city("zhongshan")
        things["correction"] = propose_correction(
            tie,
            "signed",
            "2009",
            source_url="https://register.example/minutes",
            why=self.say("correction"),
            **self.as_officer,
        )
        things["dispute"] = add_claim(tie, "kind", "friendship", source="A list", by=CONSOLE, at=AT).dispute
        things["exchange"] = world.exchange(things["twin"], self.city)

    def _staff(self) -> None:
        things, observer = self.things, self.observer.user
        things["membership"] = observer.memberships.get()
        days = {"starts_on": date(2020, 6, 1), "ends_on": date(2020, 6, 9)}
        reason = self.say("delegation")
        things["delegation"] = delegate(
            self.city, observer, **days, reason=reason, by=self.approver.by, at=AT
        )
        things["invitation"] = invite_member(
            city=self.city,
            email=f"invited@{self.city.slug}.example",
            name=self.say("invitation"),
            role="observer",
            by=CONSOLE,
            at=AT,
            real_at=AT,
        )

    def watchlist(self) -> None:
        """Put a sanctions list in force, with a supplier that may be on it.

        The city's officer entered the supplier, which has no offer.
        """
        firm, keeper, things = self.company("黑水兰有限公司 DEMO"), self.administrator, self.things
        edit = SupplierEdit(name_en=f"{self.say('match')} Blackwater Orchid")
        correct_supplier(firm, edit, **self.by_officer)
        said = f"{self.say('listed name')} Blackwater Orchid"
        listed = ListedEntity(2, said, (said,), said, (said,), said)
        things["list"] = upload_watchlist(
            [listed],
            source=f"https://lists.example/{self.marks.word('list', self.city.slug)}.csv",
            kind="sanctions",
            published_on=AT.date(),
            sha256="a" * 64,
            shape="table",
            unread=[self.say("list")],
            uploaded_by=keeper.user,
            by=keeper.by,
            at=AT,
            **self.texts("list", "name", "publisher", "file_name"),
        )
        rescreen_suppliers(AT)
        activate_next(AT)
        things["list"].refresh_from_db()
        things |= {
            "customs rule": CustomsRule.objects.get(code="CN-X-CIQ-MASK"),
            "duty relief": DutyRelief.objects.get(code="CA-20-08"),
            "listed name": things["list"].entries.get(),
            "match": WatchlistMatch.objects.get(supplier=firm),
        }
        self.number_all()

    def _at_the_dock(self) -> None:
        """Receive half of a delivery, with a thousand pieces missing and a damaged carton."""
        promised = self.allocated(quantity=2_000)
        shipment: Shipment = self.delivered(self.plan(self.ready(promised)))
        line, reason = shipment.lines.get(), self.say("open discrepancy")
        count = self.count(line, accepted=500, missing=500, reason=reason)
        receipt = self.receive(shipment, count, more_to_come=True)
        seen = {"state": "damaged", "pieces": 1_000, "unusable": 1_000, "remark": self.say("carton")}
        box = shipment.cartons.order_by("pk")[0]
        self.things |= {
            "dock": shipment,
            "carton seen": record_carton(
                shipment, box, seen_by=self.logistics.user, **seen, **self.at_arrival
            ),
            "open discrepancy": receipt.discrepancies.get(),
            "quarantined lot": shipment.lots.get(),
        }


def _thank_you_letter(inquiry: Inquiry) -> SentLetter:
    """Store a thank-you letter about an inquiry, as the periodic job does with its mail."""
    entry, code = Entry.objects.about(inquiry).get(verb="send"), new_code()
    head = LetterHead(f"{inquiry.reference}-T1", inquiry.city, inquiry.contact, AT)
    said = head.words([("en", "Thank you", "Thank you for your help.")], {"en": "Masks"}, code)
    save_thank_you_letters([freeze_letter(said, code=code, at=AT, entry=entry, contact=inquiry.contact)])
    return SentLetter.objects.get(code=code)


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
    "check": "open check",
    "assign_check": "open check",
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
    "discrepancy": "open discrepancy",
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
    "register_lookup": "lookup",
    "supplier_change": "company_change",
    "add_fact": "supplier",
    "set_supplier_status": "supplier",
    "supplier_fact": "companyfact",
}
