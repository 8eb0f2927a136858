"""Offers at each step of their life, reached by playing actions."""

from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import deciding, offers
from procurement.leads.actions.findings import look_again
from procurement.leads.gathering.readiness import lanes_of
from procurement.suppliers.actions import certificates
from procurement.verification.actions.opening import open_checks
from tests.procurement.story import AT


def drafted(story, **facts):
    line = facts.pop("line", None) or story.line()
    given = {
        "line": line,
        "product": line.product,
        "standard": Standard.objects.get(code="ASTM-F2100-L2"),
        "supplier": story.supplier,
        "stock_quantity": 5_000,
        **facts,
    }
    return offers.draft(story.city, author=story.officer.user, by=story.officer.by, at=AT, **given)


def offered(story, **facts):
    return offers.offer(drafted(story, **facts), by=story.officer.by, at=AT)


def checking(story):
    lead = offered(story)
    open_checks(lead, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    return lead


def verified(story):
    line = story.line()
    return story.lead(line)


def rejected(story):
    return deciding.reject(offered(story), reason="a trader without goods", by=story.officer.by, at=AT)


def codes(lead):
    """What was found in an offer and still holds, by code."""
    look_again(lead, at=AT)
    return {one.code: one for one in lead.findings.exclude(status="gone")}


def lane_of(lead, on):
    """The lane of an offer that its strongest fact gives; None where its goods cross no border."""
    return next(iter(lanes_of(lead, on)), None)


def paper(story, company=None, number="CNAS L0001", kind="CN_TEST_CNAS", **facts):
    """A certificate the company shows, or another company."""
    return certificates.claim(
        company or story.supplier,
        CertificateKind.objects.get(code=kind),
        number=number,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **facts,
    )
