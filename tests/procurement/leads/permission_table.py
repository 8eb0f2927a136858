"""Moves that each role may make with an offer and with its findings, in every status."""

from decimal import Decimal
from typing import Any

from procurement.allocations.actions import withdraw_lead
from procurement.leads.actions.decisions import expire_lead
from procurement.leads.actions.exchange_rates import enter_manual_rate, withdraw_manual_rate
from procurement.leads.actions.findings import answer_finding, rescreen_lead, uphold_finding
from procurement.suppliers.actions.certificates import CertificateEdit, amend_certificate
from tests.procurement.permission_tables import Reach, Row, officers
from tests.procurement.suppliers.permission_table import suspect
from tests.worlds import leads
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM


def withdrawn_offer(story: Story) -> Any:
    return withdraw_lead(leads.offered(story), reason="sold", by=story.officer.by, at=AT)


def unsolicited_offer(story: Story) -> Any:
    return leads.offered(story, contact=story.contact, author=story.contact.user)


def expired_offer(story: Story) -> Any:
    return expire_lead(leads.offered(story), by=SYSTEM, at=AT)


def noticed(story: Story) -> Any:
    lead = leads.offered(story)
    suspect(story)
    rescreen_lead(lead, at=AT)
    return lead.findings.get(code="certificate_malformed")


def rate(story: Story) -> Any:
    return enter_manual_rate(
        story.city,
        currency="AED",
        into="CAD",
        rate=Decimal("0.38"),
        on=AT.date(),
        source="Central Bank of the UAE",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def judged(act: Any) -> Reach:
    return lambda story: act(
        noticed(story), answer="I asked.", answered_by=story.officer.user, by=story.officer.by, at=AT
    )


def gone(story: Story) -> Any:
    finding = noticed(story)
    certificate = story.supplier.certificates.get()
    amend_certificate(certificate, CertificateEdit(number="91330100799655058B"), by=story.officer.by, at=AT)
    rescreen_lead(finding.lead, at=AT)
    finding.refresh_from_db()
    return finding


OFFERS: list[Row] = [
    ("draft", leads.drafted, officers("edit offer withdraw")),
    ("received", leads.offered, officers("edit check reject withdraw share", verifier="check reject share")),
    (
        "received",
        unsolicited_offer,
        officers("edit accept decline withdraw share", verifier="share", contact="edit withdraw"),
    ),
    ("under_review", leads.checking, officers("edit reject withdraw share", verifier="reject share")),
    (
        "verified",
        leads.verified,
        officers(
            "change remark reopen reject withdraw share",
            verifier="reopen reject share",
            contact="change remark withdraw",  # the contact who brought it; an officer entered the others
        ),
    ),
    ("rejected", leads.rejected, {}),
    ("withdrawn", withdrawn_offer, {}),
    ("expired", expired_offer, {}),
]
RATES: list[Row] = [
    ("active", rate, officers("withdraw")),
    (
        "withdrawn",
        lambda story: withdraw_manual_rate(rate(story), reason="a slip", by=story.officer.by, at=AT),
        {},
    ),
]
FINDINGS: list[Row] = [
    ("open", noticed, officers("answer uphold", verifier="answer uphold")),
    ("explained", judged(answer_finding), officers("uphold", verifier="uphold")),
    ("upheld", judged(uphold_finding), {}),
    ("resolved", gone, {}),
]
