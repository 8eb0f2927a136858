"""The story up to an order, for the tests of the last stages: a need, a verified offer, a promise. Played by actions only."""

import csv
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from accounts.actors import CONSOLE
from accounts.models import User
from partners.actions.register import correct_city
from partners.models.cities import City
from partners.models.people import Contact
from partners.rules.powers import Powers
from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.catalogue import reference
from procurement.catalogue.actions import loading
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import offers, verifying
from procurement.leads.actions.findings import answer_finding
from procurement.leads.models.offer import SupplierLead
from procurement.orders.actions import deciding, making
from procurement.orders.models.order import Order
from procurement.outreach.actions import asking, writing
from procurement.outreach.models import Inquiry
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import RequestLine
from procurement.suppliers.actions import companies, facts
from procurement.suppliers.actions.accounts import confirm_account, propose_account
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.verification import questions
from procurement.verification.actions import reporting
from procurement.verification.actions.asking import request_check
from procurement.verification.actions.opening import open_checks
from procurement.verification.models.checks import VerificationTask
from tests import world
from tests.procurement.chapters import Teller, chapter
from tests.world import own_link, powers_for
from workflow import clock
from workflow.clock import create_instance

AT = datetime(2020, 4, 16, 16, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
# What these tests need of the shipped reference data: a few goods, all papers of customs.
WANTED = {
    "products.csv": ("code", {"MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"}),
    "tariff_codes.csv": ("product", {"MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"}),
    "product_markets.csv": ("product", {"MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"}),
    "duty_rates.csv": ("product", {"MASK_SURG"}),
    "standards.csv": ("code", {"ASTM-F2100-L2", "GB2626-2006-KN95"}),
    "product_standards.csv": ("code", {"MASK_SURG/ASTM-F2100-L2/CA", "RESP_KN95/GB2626-2006-KN95/CN"}),
}
WHOLE = {
    *("certificate_kinds.csv", "customs_rules.csv", "duty_reliefs.csv", "check_questions.csv"),
    "freight_anchors.csv",
    "inspection_points.csv",
}


@cache
def shipped_extract() -> Path:
    """A folder with the rows of the shipped reference data that these tests need; loading all of it takes a second each time."""
    folder = Path(tempfile.mkdtemp(prefix="twinlane-extract-"))
    for name in reference.SHEETS:
        with (reference.DATA / name).open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            column, codes = WANTED.get(name, ("code", set()))
            rows = [row for row in reader if name in WHOLE or row[column] in codes]
        with (folder / name).open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, reader.fieldnames or ())
            writer.writeheader()
            writer.writerows(rows)
    return folder


@dataclass(frozen=True)
class Person:
    """Somebody who acts: the user, and what they may do."""

    user: User
    by: Powers


class Story(Teller):
    """Burnaby and its people, and Li Wei in Zhongshan. The catalogue is loaded once; people appear when they are needed."""

    abroad = "zhongshan"  # where the contacts and the makers are
    maker = "中山康护用品有限公司 DEMO"

    def __init__(self, place: str = "burnaby") -> None:
        self.begin()
        self.opening(place)

    @chapter
    def opening(self, place: str) -> None:
        """The goods of the catalogue and the city."""
        if not Product.objects.exists():
            loading.load(by=CONSOLE, at=AT, folder=shipped_extract())
        self.city: City = world.city(place)
        if self.city.approval_limit is None:
            self.limit("100000")

    def practise(self) -> None:
        """On a practice instance whose clock stands at the story's beginning; whoever asks for it forgets it again."""
        clock.forget()
        self.aside(lambda: create_instance("practice", AT), "practice")

    @chapter
    def limit(self, amount: str | None) -> None:
        """Above which sum a second person approves."""
        correct_city(
            self.city,
            by=CONSOLE,
            at=AT,
            reason="council decision",
            approval_limit=Decimal(amount) if amount is not None else None,
        )

    @chapter
    def person(self, role: str) -> Person:
        """Somebody newly given a role in the city."""
        user = world.member(role, self.city)
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

    @chapter
    def elsewhere(self, place: str) -> Person:
        """An officer of another city."""
        user = world.member("officer", world.city(place))
        return Person(user, powers_for(user))

    @cached_property
    def contact(self) -> Contact:
        return self.partner(self.abroad)

    @cached_property
    def checker(self) -> Contact:
        """A colleague of Li Wei, who looks at what Li Wei brought."""
        return self.partner(self.abroad, "Zhao Lan")

    @chapter
    def partner(self, place: str, *name: str) -> Contact:
        """Somebody abroad who may be asked."""
        return world.contact(place, *name)

    @cached_property
    def supplier(self) -> Supplier:
        return self.company(self.maker)

    @chapter
    def company(self, name: str) -> Supplier:
        """A fictional maker."""
        return companies.add(
            legal_name_local=name,
            country="CN",
            role="maker",
            place=world.city(self.abroad),
            entered_by=self.officer.user,
            by=self.officer.by,
            at=AT,
        )

    @chapter
    def line(
        self, quantity: int = 10_000, product: str = "MASK_SURG", *, at: datetime = AT, **facts: object
    ) -> RequestLine:
        """A line of a need that is posted. Without receivers: as needs are that were posted before these were asked for."""
        use = facts.pop("declared_use", "medical")
        facilities = facts.pop("facility_kinds", ["municipality"])
        door = facts.pop("deliver_to", "4949 Canada Way, Burnaby")
        need = needs.draft(
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
        needs.post(need, by=self.officer.by, at=at)
        if not facilities:
            need.facility_kinds = []
            need.save(update_fields=["facility_kinds"])
        return need.lines.get()

    @chapter
    def asked(self, line: RequestLine) -> Inquiry:
        """A question to Li Wei about the need of a line, sent."""
        words = {"subject": "口罩", "body": "您好"}
        one = writing.propose(
            line.supply_request, self.contact, **words, author=self.officer.user, by=self.officer.by, at=AT
        )
        return asking.send(one, by=self.officer.by, at=AT)

    @chapter
    def lead(
        self, line: RequestLine, stock: int = 10_000, price: str | None = "0.50", **facts: object
    ) -> SupplierLead:
        """A verified offer, brought by Li Wei: each needed check made by Zhao Lan, accepted by the officer; then verified."""
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
        lead = offers.draft(
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
        offers.offer(lead, by=self.officer.by, at=AT)
        self.explain(lead)
        self.check(lead)
        return verifying.verify(lead, verifier=self.verifier.user, by=self.verifier.by, at=AT)

    def explain(self, lead: SupplierLead) -> None:
        """Where the whole catalogue is loaded, its laws ask for papers that this story does not show: the officer saw them."""
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
        """Every check the offer needs, made and accepted."""
        for task in open_checks(lead, by=self.officer.by, at=AT):
            self.report(task)
        lead.refresh_from_db()

    def report(self, task: VerificationTask) -> None:
        """One check, made by Zhao Lan and accepted by the officer."""
        me = own_link(self.checker)
        request_check(task, self.checker, by=self.officer.by, at=AT)
        reporting.submit(
            task,
            answers={question.code: {"answer": "yes"} for question in questions.about(task)},
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            author=self.checker.user,
            by=me,
            at=AT,
        )
        reporting.accept(task, judge=self.officer.user, by=self.officer.by, at=AT)

    @chapter
    def promise(
        self, quantity: int = 10_000, *, line: RequestLine | None = None, **facts: object
    ) -> Allocation:
        """So much of a verified offer, promised to a line."""
        wanted = line or self.line(quantity)
        lead = self.lead(wanted, stock=quantity, **facts)
        return actions.allocate(lead, wanted, quantity, author=self.officer.user, by=self.officer.by, at=AT)

    @chapter
    def draft(self, *promised: Allocation, **facts: object) -> Order:
        """A purchase as its author wrote it."""
        given: dict[str, object] = {"few_offers_reason": "Only one maker had stock.", **facts}
        return making.draft(
            self.city,
            promised or [self.promise()],
            author=self.officer.user,
            by=self.officer.by,
            at=AT,
            **given,
        )

    @chapter
    def approved(self, *promised: Allocation, **facts: object) -> Order:
        """A purchase below the limit, approved by its author."""
        return deciding.approve(self.draft(*promised, **facts), by=self.officer.by, at=AT)

    @chapter
    def placed(self, *promised: Allocation, **facts: object) -> Order:
        """A purchase at the supplier's."""
        return deciding.place(self.approved(*promised, **facts), by=self.officer.by, at=AT)

    @chapter
    def confirmed(self, *promised: Allocation, **facts: object) -> Order:
        """A purchase the supplier confirmed."""
        return deciding.confirm(self.placed(*promised, **facts), by=self.officer.by, at=AT)

    @chapter
    def ready(self, *promised: Allocation, **facts: object) -> Order:
        """A purchase whose goods are ready."""
        return deciding.ready(self.confirmed(*promised, **facts), by=self.officer.by, at=AT)

    @chapter
    def gift(self, *promised: Allocation, **facts: object) -> Order:
        """A gift as it was entered."""
        given = promised or [self.promise(kind="donation")]
        return making.offer(self.city, given, author=self.officer.user, by=self.officer.by, at=AT, **facts)

    @chapter
    def accepted(self, *promised: Allocation, **facts: object) -> Order:
        """A gift below the limit, accepted by an officer."""
        return deciding.accept(self.gift(*promised, **facts), by=self.officer.by, at=AT)

    @chapter
    def phone(
        self, company: Supplier, number: str = "+86 760 0000 0000", *, how: str = "called"
    ) -> CompanyFact:
        """A number of a company that a contact called, as the officer was told."""
        return facts.say(
            company,
            "phone",
            number,
            said_by="Zhongshan",
            said_on=AT.date(),
            how=how,
            contact=self.contact,
            entered_by=self.officer.user,
            by=self.officer.by,
            at=AT,
        )

    @chapter
    def account(self, supplier: Supplier | None = None, *, confirmed: bool = True) -> BankAccount:
        """Where a company wants to be paid."""
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
                called_back_on="+86 760 0000 0000",
                confirmed_by=self.second_officer.user,
                by=self.second_officer.by,
                at=AT,
            )
        return account
