"""Offers in each status, reached through actions."""

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.decisions import reject_lead
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.queries.document_readiness import customs_routes
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.verification.actions.checks import open_checks
from tests.worlds.need_to_order import AT


def drafted_offer(story, **facts):
    line = facts.pop("line", None) or story.line()
    given = {
        "line": line,
        "product": line.product,
        "standard": Standard.objects.get(code="ASTM-F2100-L2"),
        "supplier": story.supplier,
        "stock_quantity": 5_000,
        **facts,
    }
    author = given.pop("author", story.officer.user)
    return draft_lead(story.city, author=author, by=story.officer.by, at=AT, **given)


def submitted_offer(story, **facts):
    return submit_lead(drafted_offer(story, **facts), by=story.officer.by, at=AT)


def offer_under_review(story):
    lead = submitted_offer(story)
    open_checks(lead, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    return lead


def verified_offer(story):
    line = story.line()
    return story.lead(line)


def rejected_offer(story):
    return reject_lead(submitted_offer(story), reason="a trader without goods", by=story.officer.by, at=AT)


def findings_by_code(lead):
    """Screen an offer and return its findings that still hold, by code."""
    rescreen_lead(lead, at=AT)
    return {one.code: one for one in lead.findings.exclude(status="resolved")}


def route_of_offer(lead, on):
    """Return the route of an offer from its strongest fact, or None if its goods cross no border."""
    return next(iter(customs_routes(lead, on)), None)


def enter_certificate(story, company=None, number="CNAS L0001", kind="CN_TEST_CNAS", **facts):
    """Enter a certificate shown by the company of the example purchase, or by another one."""
    return record_shown_certificate(
        company or story.supplier,
        CertificateType.objects.get(code=kind),
        number=number,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **facts,
    )
