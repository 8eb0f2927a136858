"""Example purchase (`FraudStory`) whose sellers follow the fraud cases of 2020, with steps for offers, papers and reports."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from partners.permissions.permissions import permissions_by_link
from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.bank_accounts import confirm_account, propose_account
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.actions.suppliers import add_supplier
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reports import submit_report
from procurement.verification.models import VerificationTask
from procurement.verification.questions import questions_for_task
from tests.worlds.need_to_order import AT, Story
from workflow.uploads.models import File

type Words = tuple[str, str, str]  # a part of a sentence in English, French and Chinese
LANGUAGES = ("en", "fr-ca", "zh-hans")
REGISTER = "https://register.example/answer"


def afternoon_of(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 16, tzinfo=UTC)


def with_plain_spaces(words: str) -> str:
    """Replace the narrow spaces that French and English put between digits and before a colon."""
    return words.replace("\u202f", " ").replace("\xa0", " ")


def sentence_by_language(finding: Finding) -> Words:
    """Return the sentence of a finding in each language."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append(with_plain_spaces(finding_sentence(finding.code, finding.figures)))
    return said[0], said[1], said[2]


def has_finding(finding: Finding, severity: str, words: Words) -> bool:
    """Return True if the finding has this severity, and its sentence these parts in each language.

    Otherwise an assertion fails and shows the actual sentences.
    """
    heard = sentence_by_language(finding)
    assert finding.severity == severity, (finding.code, finding.severity)
    assert all(part in whole for part, whole in zip(words, heard, strict=True)), heard
    return True


def offer_facts(facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return the facts of an offer. Production starts on the day of the offer unless they name a date."""
    days = {"ready_on": at.date(), "available_until": at.date()} if facts.get("capacity_per_day") else {}
    return {**days, **facts}


class FraudStory(Story):
    """Example purchase (`Story`) with invented sellers, whose figures are those of the fraud cases."""

    def enter_company(self, name: str, country: str = "CN", role: str = "maker", **facts: Any) -> Supplier:
        return add_supplier(
            legal_name_local=f"{name} DEMO",
            country=country,
            role=role,
            entered_by=self.officer.user,
            by=self.officer.by,
            at=AT,
            **facts,
        )

    def enter_offer(
        self, firm: Supplier, product: str, stock: int, *, asked: Sequence[str] = (), **facts: Any
    ) -> SupplierLead:
        """Return an offer to a line that needs the same goods.

        They are needed for medical use unless `needed` names another use.
        """
        at = facts.pop("at", AT)
        line = self.line(product=product, quantity=stock, declared_use=facts.pop("needed", "medical"))
        line.standards.set(Standard.objects.filter(code__in=asked))
        standard = facts.pop("standard", "")
        given = {"declared_use": "medical", **offer_facts(facts, at)}
        if "unit_price" in given:
            given["unit_price"] = Decimal(given["unit_price"])
        lead = draft_lead(
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
        return submit_lead(lead, by=self.officer.by, at=at)

    def record_lookup(self, firm: Supplier, kind: str, answer: str, **facts: Any) -> RegisterLookup:
        """Record the answer of a register or a manufacturer."""
        at = facts.pop("at", AT)
        given = {"address": REGISTER, "answered_on": at.date(), "words": "as it stood there", **facts}
        return record_lookup(
            firm, kind, answer=answer, entered_by=self.officer.user, by=self.officer.by, at=at, **given
        )

    def enter_certificate(
        self, firm: Supplier, kind: str, number: str, *, at: datetime = AT, **facts: Any
    ) -> Certificate:
        """Enter a certificate that the company shows."""
        named = {"standards": list(Standard.objects.filter(code__in=facts.pop("standards", ())))}
        named["products"] = list(Product.objects.filter(code__in=facts.pop("products", ())))
        if "body" in facts:
            facts["notified_body"] = NotifiedBody.objects.get(code=facts.pop("body"))
        return record_shown_certificate(
            firm,
            CertificateType.objects.get(code=kind),
            number=number,
            entered_by=self.officer.user,
            by=self.officer.by,
            at=at,
            **named,
            **facts,
        )

    def enter_account(
        self, firm: Supplier, holder: str, number: str, country: str, *, at: datetime = AT
    ) -> BankAccount:
        """Enter the bank account that a company names."""
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
        """Attach a photo of the goods to the offer, with this file name."""
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

    def confirm_account_by_call(self, account: BankAccount, number: str, *, at: datetime = AT) -> BankAccount:
        """Confirm the account: a second person calls the number, which a contact had called before."""
        self.phone(account.supplier, number)
        return confirm_account(
            account,
            callback_number=number,
            confirmed_by=self.second_officer.user,
            by=self.second_officer.by,
            at=at,
        )

    def findings_of(self, lead: SupplierLead, at: datetime | None = None) -> dict[str, Finding]:
        """Return the findings about an offer, by code.

        They include the facts recorded since it came in. With `at`, the offer is screened again on that day.
        """
        rescreen_changed_offers(AT)
        if at is not None:
            rescreen_lead(lead, at=at)
        return {one.code: one for one in lead.findings.exclude(status="resolved").order_by("-pk")}

    def missing_certificates(self, lead: SupplierLead) -> dict[str, str]:
        """Return the severities of the required certificates that are missing, after the periodic job has run."""
        rescreen_changed_offers(AT)
        missing = lead.findings.exclude(status="resolved").filter(code="certificate_required")
        return {one.subject: one.severity for one in missing}

    def request_check(self, lead: SupplierLead, kind: str) -> VerificationTask:
        """Ask Zhao Lan to make the check of this kind that the rules require."""
        self.required_checks(lead)
        task = lead.checks.filter(check_kind=kind).order_by("pk")[0]
        return request_check(task, self.checker, by=self.officer.by, at=AT)

    def required_checks(self, lead: SupplierLead) -> set[str]:
        """Return the kinds of checks that the rules require."""
        open_checks(lead, by=self.officer.by, at=AT)
        return set(lead.checks.values_list("check_kind", flat=True))

    def submit_report_on(self, task: VerificationTask, *no: str, not_seen: Sequence[str] = ()) -> None:
        """Submit Zhao Lan's report: "yes" to every question, except those named in `no` or `not_seen`."""
        me = permissions_by_link(self.checker.user, self.checker, ("procurement.verificationtask", task.pk))
        said: Mapping[str, Any] = {
            one.code: {
                "answer": "no" if one.code in no else "could_not_check" if one.code in not_seen else "yes"
            }
            for one in questions_for_task(task)
        }
        assert set(no) <= set(said), "the check asks these questions"
        submit_report(
            task,
            answers=said,
            method="visit",
            seen_on=AT.date(),
            confidence=3,
            author=self.checker.user,
            by=me,
            at=AT,
        )
