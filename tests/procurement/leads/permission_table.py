"""Moves that each role may make with an offer and with its findings, in every status."""

from decimal import Decimal
from typing import Any

from procurement.allocations.actions import withdraw_lead
from procurement.leads.actions.decisions import expire_lead
from procurement.leads.actions.exchange_rates import enter_manual_rate, withdraw_manual_rate
from procurement.leads.actions.findings import answer_finding, rescreen_lead, uphold_finding
from procurement.suppliers.actions.certificates import CertificateEdit, amend_certificate
from tests.procurement.permission_tables import Reach, Row, both_officers
from tests.procurement.suppliers.permission_table import suspected_certificate
from tests.worlds import leads
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM


def withdrawn_offer(story: Story) -> Any:
    return withdraw_lead(leads.submitted_offer(story), reason="sold", by=story.officer.by, at=AT)


def unsolicited_offer(story: Story) -> Any:
    return leads.submitted_offer(story, contact=story.contact, author=story.contact.user)


def expired_offer(story: Story) -> Any:
    return expire_lead(leads.submitted_offer(story), by=SYSTEM, at=AT)


def open_finding(story: Story) -> Any:
    lead = leads.submitted_offer(story)
    suspected_certificate(story)
    rescreen_lead(lead, at=AT)
    return lead.findings.get(code="certificate_malformed")


def manual_rate(story: Story) -> Any:
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


def after_answer(act: Any) -> Reach:
    return lambda story: act(
        open_finding(story), answer="I asked.", answered_by=story.officer.user, by=story.officer.by, at=AT
    )


def resolved_finding(story: Story) -> Any:
    finding = open_finding(story)
    certificate = story.supplier.certificates.get()
    amend_certificate(certificate, CertificateEdit(number="91330100799655058B"), by=story.officer.by, at=AT)
    rescreen_lead(finding.lead, at=AT)
    finding.refresh_from_db()
    return finding


OFFER_ROWS: list[Row] = [
    ("draft", leads.drafted_offer, both_officers("edit offer withdraw")),
    (
        "received",
        leads.submitted_offer,
        both_officers("edit check reject withdraw share", verifier="check reject share"),
    ),
    (
        "received",
        unsolicited_offer,
        both_officers("edit accept decline withdraw share", verifier="share", contact="edit withdraw"),
    ),
    (
        "under_review",
        leads.offer_under_review,
        both_officers("edit reject withdraw share", verifier="reject share"),
    ),
    (
        "verified",
        leads.verified_offer,
        both_officers(
            "change remark reopen reject withdraw share",
            verifier="reopen reject share",
            contact="change remark withdraw",  # the contact who brought it; an officer entered the others
        ),
    ),
    ("rejected", leads.rejected_offer, {}),
    ("withdrawn", withdrawn_offer, {}),
    ("expired", expired_offer, {}),
]
RATE_ROWS: list[Row] = [
    ("active", manual_rate, both_officers("withdraw")),
    (
        "withdrawn",
        lambda story: withdraw_manual_rate(manual_rate(story), reason="a slip", by=story.officer.by, at=AT),
        {},
    ),
]
FINDING_ROWS: list[Row] = [
    ("open", open_finding, both_officers("answer uphold", verifier="answer uphold")),
    ("explained", after_answer(answer_finding), both_officers("uphold", verifier="uphold")),
    ("upheld", after_answer(uphold_finding), {}),
    ("resolved", resolved_finding, {}),
]
