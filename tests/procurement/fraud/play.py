"""The desk of an officer to whom the cases of 2020 are offered: companies, what registers answered, papers, offers, reports."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from partners.rules.powers import powers_by_link
from procurement.catalogue.models.certificates import CertificateKind, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import offers
from procurement.leads.actions.findings import look_again
from procurement.leads.anew import rescreen_changed
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.sentences import sentence
from procurement.suppliers.actions import certificates, companies
from procurement.suppliers.actions.accounts import confirm_account, propose_account
from procurement.suppliers.actions.lookups import record_lookup
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.lookup import LookUp
from procurement.verification.actions import reporting
from procurement.verification.actions.asking import request_check
from procurement.verification.actions.opening import open_checks
from procurement.verification.models.checks import VerificationTask
from procurement.verification.questions import about
from tests.procurement.story import AT, Story
from workflow.models.evidence import File

type Words = tuple[str, str, str]  # a part of a sentence in English, French and Chinese
LANGUAGES = ("en", "fr-ca", "zh-hans")
REGISTER = "https://register.example/answer"


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 16, tzinfo=UTC)


def plain(words: str) -> str:
    """Without what French and English put between figures and before a colon."""
    return words.replace("\u202f", " ").replace("\xa0", " ")


def told(finding: Finding) -> Words:
    """The sentence of a finding in each language."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append(plain(sentence(finding.code, finding.figures)))
    return said[0], said[1], said[2]


def says(finding: Finding, severity: str, words: Words) -> bool:
    """Whether a finding has the severity, and these parts in its sentence, in each language; it tells what it says where not."""
    heard = told(finding)
    assert finding.severity == severity, (finding.code, finding.severity)
    assert all(part in whole for part, whole in zip(words, heard, strict=True)), heard
    return True


def made(facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """An offer's facts. What it makes in a day is made on the day of the offer, unless it says when."""
    days = {"ready_on": at.date(), "available_until": at.date()} if facts.get("capacity_per_day") else {}
    return {**days, **facts}


class Desk(Story):
    """Whoever offers, with what was recorded about them. Nobody here exists; the figures are those of the cases."""

    def firm(self, name: str, country: str = "CN", role: str = "maker", **facts: Any) -> Supplier:
        return companies.add(
            legal_name_local=f"{name} DEMO",
            country=country,
            role=role,
            entered_by=self.officer.user,
            by=self.officer.by,
            at=AT,
            **facts,
        )

    def offers(
        self, firm: Supplier, product: str, stock: int, *, asked: Sequence[str] = (), **facts: Any
    ) -> SupplierLead:
        """An offer to a line for the same goods, which are needed for medical use unless said otherwise."""
        at = facts.pop("at", AT)
        line = self.line(product=product, quantity=stock, declared_use=facts.pop("needed", "medical"))
        line.standards.set(Standard.objects.filter(code__in=asked))
        standard = facts.pop("standard", "")
        given = {"declared_use": "medical", **made(facts, at)}
        if "unit_price" in given:
            given["unit_price"] = Decimal(given["unit_price"])
        lead = offers.draft(
            self.city,
            line=line,
            product=Product.objects.get(code=product),
            supplier=firm,
            stock_quantity=stock,
            standard=Standard.objects.get(code=standard) if standard else None,
            author=self.officer.user,
            by=self.officer.by,
            at=at,
            **given,
        )
        return offers.offer(lead, by=self.officer.by, at=at)

    def looks_up(self, firm: Supplier, kind: str, answer: str, **facts: Any) -> LookUp:
        """What a register or a maker answered, recorded as the fact it is."""
        at = facts.pop("at", AT)
        given = {"address": REGISTER, "answered_on": at.date(), "words": "as it stood there", **facts}
        return record_lookup(
            firm, kind, answer=answer, entered_by=self.officer.user, by=self.officer.by, at=at, **given
        )

    def shows(
        self, firm: Supplier, kind: str, number: str, *, at: datetime = AT, **facts: Any
    ) -> Certificate:
        """A paper the company shows."""
        named = {"standards": list(Standard.objects.filter(code__in=facts.pop("standards", ())))}
        named["products"] = list(Product.objects.filter(code__in=facts.pop("products", ())))
        if "body" in facts:
            facts["notified_body"] = NotifiedBody.objects.get(code=facts.pop("body"))
        return certificates.claim(
            firm,
            CertificateKind.objects.get(code=kind),
            number=number,
            entered_by=self.officer.user,
            by=self.officer.by,
            at=at,
            **named,
            **facts,
        )

    def wants_money_at(
        self, firm: Supplier, holder: str, number: str, country: str, *, at: datetime = AT
    ) -> BankAccount:
        """The account a company names."""
        return propose_account(
            firm,
            holder=holder,
            number=number,
            bank=f"Bank {country} DEMO",
            country=country,
            proposed_by=self.officer.user,
            by=self.officer.by,
            at=at,
        )

    def photo(self, lead: SupplierLead, name: str, *, at: datetime = AT) -> File:
        """A photo of the goods, brought with the offer under a name."""
        return File.objects.create(
            thing_label=lead._meta.label_lower,
            thing_id=lead.pk,
            city_id=self.city.pk,
            name=name,
            content_type="image/jpeg",
            size=1,
            uploaded_sha256=f"{lead.pk:064x}",
            by=self.officer.user,
            created_at=at,
        )

    def has_called_back(self, account: BankAccount, number: str, *, at: datetime = AT) -> BankAccount:
        """Somebody else calls the number, which a contact had called before."""
        self.phone(account.supplier, number)
        return confirm_account(
            account,
            called_back_on=number,
            confirmed_by=self.second_officer.user,
            by=self.second_officer.by,
            at=at,
        )

    def found(self, lead: SupplierLead, at: datetime | None = None) -> dict[str, Finding]:
        """What stands against an offer, by code: as it came in and after what was recorded since, or judged anew on another day."""
        rescreen_changed(AT)
        if at is not None:
            look_again(lead, at=at)
        return {one.code: one for one in lead.findings.exclude(status="gone").order_by("-pk")}

    def needed(self, lead: SupplierLead) -> dict[str, str]:
        """The papers that are needed and not shown, with their severity; judged by the tick."""
        rescreen_changed(AT)
        missing = lead.findings.exclude(status="gone").filter(code="certificate_required")
        return {one.subject: one.severity for one in missing}

    def gives(self, lead: SupplierLead, kind: str) -> VerificationTask:
        """The check of a kind that the rules ask for, given to Zhao Lan."""
        self.checks(lead)
        task = lead.checks.filter(check_kind=kind).order_by("pk")[0]
        return request_check(task, self.checker, by=self.officer.by, at=AT)

    def checks(self, lead: SupplierLead) -> set[str]:
        """Which checks the rules ask for."""
        open_checks(lead, by=self.officer.by, at=AT)
        return set(lead.checks.values_list("check_kind", flat=True))

    def reports(self, task: VerificationTask, *no: str, not_seen: Sequence[str] = ()) -> None:
        """Zhao Lan answers every question by yes, but for those named."""
        me = powers_by_link(self.checker.user, self.checker, ("procurement.verificationtask", task.pk))
        said: Mapping[str, Any] = {
            one.code: {
                "answer": "no" if one.code in no else "could_not_check" if one.code in not_seen else "yes"
            }
            for one in about(task)
        }
        assert set(no) <= set(said), "the check asks these questions"
        reporting.submit(
            task,
            answers=said,
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            author=self.checker.user,
            by=me,
            at=AT,
        )
