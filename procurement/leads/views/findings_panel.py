"""Panel of findings on the offer's page, each with links to its remedies, and one form for several answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.leads.forms.findings import FindingAnswersForm
from procurement.leads.hooks import screening_rules
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.finding_transitions import ANSWER
from procurement.leads.screening import remedies
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.labels import DOWNGRADE_REASONS
from procurement.suppliers.models.certificates import Certificate
from workflow import clock
from workflow.errors import LazyText
from workflow.i18n import translation_for_reader
from workflow.reminders import attach_last_reminders

# The group of facts (`FACT_GROUPS`) that a finding is about, by the first words of its code.
FACT_GROUP_BY_CODE_PREFIX = {
    "advance_": "price",
    "capacity_": "quantity",
    "chain_": "source",
    "feature_": "goods",
    "payment_": "price",
    "prepayment_": "price",
    "price_": "price",
    "standard_": "goods",
    "stock_": "quantity",
    "use_": "goods",
}
COMPANY_CODE_PREFIXES = ("company_", "licence_", "number_", "uscc_")  # facts of the supplier
SEVERITIES = (Finding.Severity.BLOCK, Finding.Severity.WARN, Finding.Severity.NOTE)  # the strongest first


@dataclass(frozen=True)
class RemedyLink:
    """Link to a remedy that settles a finding without an explanation."""

    label: LazyText
    url: str


@dataclass(frozen=True)
class FindingRow:
    """A finding on the offer's page.

    `downgrade_reason` says why it only warns. `answer_field` is the box for an explanation, or None if this reader may not
    answer it now.
    """

    finding: Finding
    sentence: str
    downgrade_reason: LazyText | None
    remedy_links: Sequence[RemedyLink]
    answer_field: forms.BoundField | None

    @property
    def sources(self) -> list[str]:
        """The addresses of the source one by one, or its whole text if it is no list of addresses."""
        parts = self.finding.source.split()
        return parts if all(part.startswith("http") for part in parts) else [self.finding.source]

    @property
    def is_urgent(self) -> bool:
        """True if the finding blocks and waits for an answer, or its answer was refused; the others are folded."""
        return self.answer_field is not None and (bool(self.finding.blocks) or bool(self.answer_field.errors))


def findings_panel(
    request: AuthenticatedRequest,
    lead: SupplierLead,
    findings: Sequence[Finding],
    refused: FindingAnswersForm | None = None,
    *,
    may_change: bool,
) -> dict[str, Any]:
    """Return the template context of the findings: those to answer first, the strongest first.

    `refused` is the form as it was sent, if it was refused. `may_change`: the reader may correct the offer's facts now.
    """
    for one in findings:
        one.lead = lead
    attach_last_reminders(findings)
    form = refused or FindingAnswersForm(None, answerable_findings(request, findings))
    rights = _remedy_rights(request, lead, may_change)
    rows = [
        FindingRow(
            one,
            finding_sentence(one.code, one.figures),
            DOWNGRADE_REASONS.get(one.unsure),
            list(remedy_links(one, rights)) if one.reference in form.fields else (),
            form[one.reference] if one.reference in form.fields else None,
        )
        for one in findings
    ]
    rows.sort(
        key=lambda row: (row.answer_field is None, SEVERITIES.index(Finding.Severity(row.finding.severity)))
    )
    standing = [row for row in rows if row.finding.status != Finding.Status.RESOLVED]
    return {
        "findings": standing,
        "pressing": [row for row in standing if row.is_urgent],
        "blocking": [row for row in standing if row.finding.blocks and not row.is_urgent],
        "lesser": [row for row in standing if not row.finding.blocks and not row.is_urgent],
        "gone": [row for row in rows if row.finding.status == Finding.Status.RESOLVED],
        "answers": form if form.fields else None,
    }


@dataclass(frozen=True)
class MissingDocument:
    """A certificate type that the goods need on this route and that the offer does not show.

    `url` adds it. `open_request` is the open check with which the contact was asked for it, or None.
    """

    name: str
    finding: Finding
    url: str
    open_request: Any


def missing_documents(
    lead: SupplierLead, findings: Sequence[Finding], asked: Mapping[str, Any]
) -> list[MissingDocument]:
    """Return the certificate types that the offer lacks by its findings.

    `asked` are the open requests to the contact, by the code of the type.
    """
    return [
        MissingDocument(
            translation_for_reader(one.figures["kind"]),
            one,
            add_certificate_url(lead, one.missing_certificate_code),
            asked.get(one.missing_certificate_code),
        )
        for one in findings
        if one.missing_certificate_code and one.status != Finding.Status.RESOLVED
    ]


def answerable_findings(request: AuthenticatedRequest, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that the reader may answer now."""
    open_ones = (one for one in findings if one.status == Finding.Status.OPEN)
    return [one for one in open_ones if ANSWER.refusal(request.by, one, clock.now()) is None]


class RemedyRights(NamedTuple):
    """What the reader may correct now to settle a finding."""

    change_offer: bool
    edit_supplier: bool
    edit_need: bool


def _remedy_rights(request: AuthenticatedRequest, lead: SupplierLead, may_change: bool) -> RemedyRights:
    need = lead.line.supply_request if lead.line is not None else None
    return RemedyRights(
        change_offer=may_change,
        edit_supplier=request.by.may(Power.EDIT_SUPPLIER, lead.supplier),
        edit_need=need is not None and request.by.may(Power.POST_REQUEST, need),
    )


def remedy_links(finding: Finding, rights: RemedyRights) -> Iterator[RemedyLink]:
    """Yield the remedies that settle a finding without accepting its risk: correct a fact, add a document.

    Only those that are open to the reader.
    """
    lead, remedy = finding.lead, screening_rules.get()[finding.code].remedy
    if url := _fact_url(finding, rights):
        yield RemedyLink(_("Correct the information"), url)
    if rights.edit_supplier and remedy is remedies.SHOW_CERTIFICATE:
        yield RemedyLink(
            _("Add the missing document"), add_certificate_url(lead, finding.missing_certificate_code)
        )


def add_certificate_url(lead: SupplierLead, kind: str = "") -> str:
    """Return the address that adds a certificate of this type and leads back to the offer."""
    query = f"?kind={kind}&offer={lead.reference}" if kind else f"?offer={lead.reference}"
    return reverse("add_certificate", args=[lead.supplier.reference]) + query


def _fact_url(finding: Finding, rights: RemedyRights) -> str:
    """Return the address at which the fact behind a finding is corrected, or "" if none is known or open to the reader."""
    lead, code = finding.lead, finding.code
    if finding.subject.startswith(f"{Certificate.REFERENCE_PREFIX}-"):
        return reverse("certificate", args=[finding.subject])
    if code.startswith(COMPANY_CODE_PREFIXES):
        return f"{lead.supplier.get_absolute_url()}correct/" if rights.edit_supplier else ""
    if code in ("receiver_unstated", "use_false") and lead.line is not None:
        return f"{lead.line.supply_request.get_absolute_url()}edit/" if rights.edit_need else ""
    group = next((group for start, group in FACT_GROUP_BY_CODE_PREFIX.items() if code.startswith(start)), "")
    return f"{lead.get_absolute_url()}?change={group}#{group}" if group and rights.change_offer else ""
