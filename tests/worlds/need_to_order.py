"""An example purchase (`Story`): a city, its people, and the steps from a need through a verified offer to an order.

Tests of later packages start from the step they need. Only actions write its rows.
"""

import csv
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.cities.actions import CityEdit, correct_city
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions
from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.catalogue import reference_data
from procurement.catalogue.actions import load_catalogue
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.leads import draft_lead, submit_lead, verify_lead
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    mark_ready,
    place_order,
    record_confirmation,
)
from procurement.orders.actions.create import create_donation, create_order
from procurement.orders.models import Order
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import draft_request, post_request
from procurement.requests.models import RequestLine
from procurement.suppliers.actions.bank_accounts import confirm_account, propose_account
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.actions.suppliers import SupplierEdit, add_supplier, correct_supplier
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import accept_report, submit_report
from procurement.verification.models import VerificationTask
from procurement.verification.questions import questions_for_task
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.story_cache import CachedStory, cached_step
from workflow.clock import clear_instance_cache, create_instance

AT = datetime(2020, 4, 16, 16, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
MAKER_NUMBER = "91442000MADEM00015"  # well formed, of Zhongshan, and no company's
# The shipped reference data that these tests need: a few goods, and all documents of customs.
NEEDED_ROWS = {
    "products.csv": ("code", {"MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"}),
    "tariff_codes.csv": ("product", {"MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"}),
    "product_classifications.csv": ("product", {"MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"}),
    "duty_rates.csv": ("product", {"MASK_SURG"}),
    "standards.csv": ("code", {"ASTM-F2100-L2", "GB2626-2006-KN95"}),
    "product_standards.csv": ("code", {"MASK_SURG/ASTM-F2100-L2/CA", "RESP_KN95/GB2626-2006-KN95/CN"}),
}
WHOLE_FILES = {
    *("certificate_types.csv", "customs_rules.csv", "duty_reliefs.csv", "check_questions.csv"),
    "published_freight_rates.csv",
    "inspection_points.csv",
}


@cache
def shipped_extract() -> Path:
    """Return a folder with the rows of the shipped reference data that these tests need.

    Loading all rows takes a second each time.
    """
    folder = Path(tempfile.mkdtemp(prefix="twinlane-extract-"))
    for name in reference_data.MODELS_BY_FILE:
        with (reference_data.DATA_FOLDER / name).open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            column, codes = NEEDED_ROWS.get(name, ("code", set()))
            rows = [row for row in reader if name in WHOLE_FILES or row[column] in codes]
        with (folder / name).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, reader.fieldnames or ())
            writer.writeheader()
            writer.writerows(rows)
    return folder


@dataclass(frozen=True)
class Person:
    """Actor of a test: the user and their powers."""

    user: User
    by: Permissions


class Story(CachedStory):
    """Example purchase of a city, by default Burnaby, with its people and the contact Li Wei in Zhongshan.

    Each method carries out the steps up to its result and returns that. The catalogue is loaded once; people
    are created when they are needed.
    """

    partner_place = "zhongshan"  # place of the contacts and the manufacturers
    maker = "中山康护用品有限公司 DEMO"

    def __init__(self, place: str = "burnaby", *, whole_catalogue: bool = False) -> None:
        self.begin()
        self.opening(place, whole_catalogue)

    @cached_step
    def opening(self, place: str, whole_catalogue: bool) -> None:
        """Load the catalogue, whole or a few goods of it, and create the city."""
        if whole_catalogue:
            load_catalogue(by=CONSOLE_ACTOR, at=AT)
        elif not Product.objects.exists():
            load_catalogue(by=CONSOLE_ACTOR, at=AT, folder=shipped_extract())
        self.city: City = cities.city(place)
        if self.city.approval_limit is None:
            self.limit("100000")

    def practise(self) -> None:
        """Make this a practice site whose time is the beginning of the example purchase.

        The caller must call `clear_instance_cache()` afterwards.
        """
        clear_instance_cache()
        self.write_uncached(lambda: create_instance("practice", AT), "practice")

    @cached_step
    def limit(self, amount: str | None) -> None:
        """Set the sum above which a second person approves."""
        correct_city(
            self.city,
            CityEdit(approval_limit=Decimal(amount) if amount is not None else None),
            by=CONSOLE_ACTOR,
            at=AT,
            reason="council decision",
        )

    @cached_step
    def person(self, role: str) -> Person:
        """Return a new person with this role in the city."""
        user = cities.member(role, self.city)
        return Person(user, powers_for(user))

    @cached_property
    def officer(self) -> Person:
        return self.person("officer")

    @cached_property
    def second_officer(self) -> Person:
        return self.person("officer")

    @cached_property
    def approver(self) -> Person:
        return self.person("approver")

    @cached_property
    def verifier(self) -> Person:
        return self.person("verifier")

    @cached_property
    def logistics(self) -> Person:
        return self.person("logistics")

    @cached_property
    def observer(self) -> Person:
        return self.person("observer")

    @cached_property
    def stranger(self) -> Person:
        return self.elsewhere("markham")

    @cached_step
    def elsewhere(self, place: str) -> Person:
        """Return an officer of another city."""
        user = cities.member("officer", cities.city(place))
        return Person(user, powers_for(user))

    @cached_property
    def contact(self) -> Contact:
        return self.partner(self.partner_place)

    @cached_property
    def checker(self) -> Contact:
        """Colleague of Li Wei, who checks the offers that Li Wei provides."""
        return self.partner(self.partner_place, "Zhao Lan")

    @cached_step
    def partner(self, place: str, *name: str) -> Contact:
        """Return a contact abroad who may be asked."""
        return cities.contact(place, *name)

    @cached_property
    def supplier(self) -> Supplier:
        return self.company(self.maker)

    @cached_step
    def company(self, name: str) -> Supplier:
        """Return a fictional manufacturer."""
        return add_supplier(
            legal_name_local=name,
            country="CN",
            role="maker",
            place=cities.city(self.partner_place),
            entered_by=self.officer.user,
            by=self.officer.by,
            at=AT,
        )

    @cached_step
    def register(self, number: str = MAKER_NUMBER) -> Supplier:
        """Enter the registration number of the manufacturer, which a purchase order to a Chinese company needs."""
        return correct_supplier(self.supplier, SupplierEdit(uscc=number), by=self.officer.by, at=AT)

    @cached_step
    def line(
        self, quantity: int = 10_000, product: str = "MASK_SURG", *, at: datetime = AT, **facts: object
    ) -> RequestLine:
        """Return the line of a posted need.

        With empty `facility_kinds`, the need has no receivers, like needs posted before these were asked for.
        """
        use = facts.pop("declared_use", "medical")
        facilities = facts.pop("facility_kinds", ["municipality"])
        door = facts.pop("deliver_to", "4949 Canada Way, Burnaby")
        need = draft_request(
            self.city,
            title="Masks",
            facility_kinds=facilities or ["municipality"],
            author=self.officer.user,
            declared_use=use,
            needed_by=date(2020, 5, 20),
            deliver_to=door,
            accepts=["purchase", "donation"],
            by=self.officer.by,
            at=at,
            **facts,
        )
        wanted = LineFacts(product=Product.objects.get(code=product), quantity=quantity)
        set_lines(need, [wanted], by=self.officer.by, at=at)
        post_request(need, by=self.officer.by, at=at)
        if not facilities:
            need.facility_kinds = []
            need.save(update_fields=["facility_kinds"])
        return need.lines.get()

    @cached_step
    def asked(self, line: RequestLine) -> Inquiry:
        """Return an inquiry to Li Wei about the need of a line, sent."""
        words = {"subject": "口罩", "body": "您好"}
        one = draft_inquiry(
            line.supply_request, self.contact, **words, author=self.officer.user, by=self.officer.by, at=AT
        )
        return send_inquiry(one, by=self.officer.by, at=AT)

    @cached_step
    def lead(
        self, line: RequestLine, stock: int = 10_000, price: str | None = "0.50", **facts: object
    ) -> SupplierLead:
        """Return a verified offer that Li Wei provided. Zhao Lan made each check, and the officer accepted it."""
        standard = Standard.objects.get(code=facts.pop("standard", "ASTM-F2100-L2"))
        given: dict[str, object] = {
            "supplier": self.supplier,
            "contact": self.contact,
            "kind": "sale",
            "currency": "USD" if price is not None else "",
            "incoterm": "FCA",
            "incoterm_place": "Zhongshan",
            **facts,
        }
        lead = draft_lead(
            self.city,
            author=self.officer.user,
            by=self.officer.by,
            at=AT,
            line=line,
            product=line.product,
            standard=standard,
            stock_quantity=stock,
            unit_price=Decimal(price) if price is not None else None,
            **given,
        )
        submit_lead(lead, by=self.officer.by, at=AT)
        self.explain(lead)
        self.check(lead)
        return verify_lead(lead, verifier=self.verifier.user, by=self.verifier.by, at=AT)

    def explain(self, lead: SupplierLead) -> None:
        """Answer the open findings about required certificates.

        With the whole catalogue, its laws require certificates that the example purchase does not show.
        """
        for finding in lead.findings.filter(code="certificate_required", status="open"):
            answer_finding(
                finding,
                answer="Seen in the office of the contact.",
                answered_by=self.officer.user,
                by=self.officer.by,
                at=AT,
            )
        lead.refresh_from_db()

    def check(self, lead: SupplierLead) -> None:
        """Make and accept every check that the offer needs."""
        for task in open_checks(lead, by=self.officer.by, at=AT):
            self.report(task)
        lead.refresh_from_db()

    def report(self, task: VerificationTask) -> None:
        """Let the person it is assigned to, else Zhao Lan, make one check, and the officer accept it."""
        if task.status not in VerificationTask.WAITING_STATUSES:
            request_check(task, self.checker, by=self.officer.by, at=AT)
        checker = task.contact
        assert checker is not None
        me = own_link(checker)
        submit_report(
            task,
            answers={question.code: {"answer": "yes"} for question in questions_for_task(task)},
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            author=checker.user,
            by=me,
            at=AT,
        )
        accept_report(task, reviewer=self.officer.user, by=self.officer.by, at=AT)

    @cached_step
    def promise(
        self, quantity: int = 10_000, *, line: RequestLine | None = None, **facts: object
    ) -> Allocation:
        """Allocate this quantity of a verified offer to a line."""
        wanted = line or self.line(quantity)
        lead = self.lead(wanted, stock=quantity, **facts)
        return actions.allocate(lead, wanted, quantity, author=self.officer.user, by=self.officer.by, at=AT)

    @cached_step
    def draft(self, *promised: Allocation, **facts: object) -> Order:
        """Return a purchase as a draft of its author."""
        given: dict[str, object] = {"few_offers_reason": "Only one maker had stock.", **facts}
        return create_order(
            self.city,
            promised or [self.promise()],
            author=self.officer.user,
            by=self.officer.by,
            at=AT,
            **given,
        )

    @cached_step
    def approved(self, *promised: Allocation, **facts: object) -> Order:
        """Return a purchase below the limit, approved by its author."""
        return approve_order(self.draft(*promised, **facts), by=self.officer.by, at=AT)

    @cached_step
    def placed(self, *promised: Allocation, **facts: object) -> Order:
        """Return a purchase that was placed with the supplier."""
        return place_order(self.approved(*promised, **facts), by=self.officer.by, at=AT)

    @cached_step
    def confirmed(self, *promised: Allocation, **facts: object) -> Order:
        """Return a purchase that the supplier confirmed."""
        return record_confirmation(self.placed(*promised, **facts), by=self.officer.by, at=AT)

    @cached_step
    def ready(self, *promised: Allocation, **facts: object) -> Order:
        """Return a purchase whose goods are ready."""
        return mark_ready(self.confirmed(*promised, **facts), by=self.officer.by, at=AT)

    @cached_step
    def gift(self, *promised: Allocation, **facts: object) -> Order:
        """Return a donation as it was entered."""
        given = promised or [self.promise(kind="donation")]
        return create_donation(self.city, given, author=self.officer.user, by=self.officer.by, at=AT, **facts)

    @cached_step
    def accepted(self, *promised: Allocation, **facts: object) -> Order:
        """Return a donation below the limit, accepted by an officer."""
        return accept_donation(self.gift(*promised, **facts), by=self.officer.by, at=AT)

    @cached_step
    def phone(
        self, company: Supplier, number: str = "+86 760 0000 0000", *, how: str = "phoned"
    ) -> SupplierFact:
        """Record a phone number of a company that a contact called."""
        return record_fact(
            company,
            "phone",
            number,
            stated_by="Zhongshan",
            stated_on=AT.date(),
            how=how,
            contact=self.contact,
            entered_by=self.officer.user,
            by=self.officer.by,
            at=AT,
        )

    @cached_step
    def account(self, supplier: Supplier | None = None, *, confirmed: bool = True) -> BankAccount:
        """Return the bank account of a company."""
        account = propose_account(
            supplier or self.supplier,
            holder="Zhongshan Kanghu DEMO",
            number="6222 0000 0000 0000",
            bank="Bank of Zhongshan DEMO",
            country="CN",
            proposed_by=self.officer.user,
            by=self.officer.by,
            at=AT,
        )
        if confirmed:
            self.phone(account.supplier)
            confirm_account(
                account,
                callback_number="+86 760 0000 0000",
                confirmed_by=self.second_officer.user,
                by=self.second_officer.by,
                at=AT,
            )
        return account
