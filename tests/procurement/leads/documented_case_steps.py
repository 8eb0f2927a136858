"""Steps that the documented cases share: enter a manufacturer, its certificate and an offer; read the findings."""

from datetime import UTC, datetime
from typing import Any

from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.suppliers import add_supplier
from tests.worlds.need_to_order import AT, Story


def enter_maker(story: Story, name: str, country: str = "CN", **facts: Any) -> Any:
    return add_supplier(
        legal_name_local=name,
        country=country,
        role=facts.pop("role", "maker"),
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **facts,
    )


def enter_certificate_of(
    story: Story, company: Any, kind: str, number: str = "–", *, at: datetime = AT, **facts: Any
) -> Any:
    named = {
        "standards": list(Standard.objects.filter(code__in=facts.pop("standards", ()))),
        "products": list(Product.objects.filter(code__in=facts.pop("products", ()))),
    }
    if "body" in facts:
        facts["notified_body"] = NotifiedBody.objects.get(code=facts.pop("body"))
    kind_row = CertificateType.objects.get(code=kind)
    return record_shown_certificate(
        company,
        kind_row,
        number=number,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=at,
        **named,
        **facts,
    )


def enter_offer(
    story: Story, company: Any, product: str, *, use: str = "medical", **facts: Any
) -> SupplierLead:
    line = story.line(product=product, declared_use=use)
    if "asked" in facts:
        line.standards.set(Standard.objects.filter(code__in=facts.pop("asked")))
    standard = facts.pop("standard", "")
    lead = draft_lead(
        story.city,
        line=line,
        product=line.product,
        supplier=company,
        stock_quantity=5_000,
        standard=Standard.objects.get(code=standard) if standard else None,
        declared_use=use,
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
        **facts,
    )
    return submit_lead(lead, by=story.officer.by, at=AT)


def findings_by_code(lead: SupplierLead, at: datetime = AT) -> dict[str, Finding]:
    rescreen_lead(lead, at=at)
    return {one.code: one for one in lead.findings.exclude(status="resolved").order_by("-pk")}


def missing_certificate_severities(lead: SupplierLead, at: datetime = AT) -> dict[str, str]:
    rescreen_lead(lead, at=at)
    standing = lead.findings.exclude(status="resolved").filter(code="certificate_required")
    return {one.subject: one.severity for one in standing}


def afternoon_of(*day: int) -> datetime:
    return datetime(*day, 16, tzinfo=UTC)  # type: ignore[arg-type]  # year, month, day
