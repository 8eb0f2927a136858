"""Test of a check that a later event requires: it is opened then, and a verified offer returns to review."""

from decimal import Decimal

import pytest

from partners.cities.actions import set_approval_limit
from procurement.leads.actions.findings import record_findings
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.findings import Finding
from procurement.leads.screening.offer_data import FindingData
from procurement.suppliers.actions.statuses import set_status
from procurement.verification.actions.periodic import update_checks
from procurement.verification.models import CheckKind
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.leads import enter_certificate
from tests.worlds.need_to_order import AT


def put_on_watch(story, lead):
    me = story.officer
    set_status(
        story.supplier, story.city, "on_watch", reason="a rumour", starts_on=AT.date(), by=me.by, at=AT
    )


def show_certificate(story, lead):
    enter_certificate(story)


def lower_approval_limit(story, lead):
    keeper = powers_for(cities.member("administrator", story.city))
    set_approval_limit(story.city, Decimal(10), by=keeper, at=AT, reason="the council")


def add_high_price_finding(story, lead):
    noticed = FindingData(code="price_high", severity=Finding.Severity.WARN, subject="", figures={})
    record_findings(lead, [noticed], at=AT, only=frozenset({"price_high"}))


@pytest.mark.parametrize(
    ("happens", "check"),
    [
        (put_on_watch, CheckKind.VISIT),
        (show_certificate, CheckKind.CERTIFICATE),
        (lower_approval_limit, CheckKind.BANK_ACCOUNT),
        (add_high_price_finding, CheckKind.PRICE_EXPLANATION),
    ],
)
def test_later_event_requiring_a_check_opens_it_and_returns_the_offer(story, happens, check):
    lead = story.lead(story.line(), stock=9_000)
    assert not lead.checks.filter(check_kind=check).exists()
    happens(story, lead)
    rescreen_changed_offers(AT)
    update_checks(AT)
    lead.refresh_from_db()
    assert (lead.status, lead.checks_open, lead.recheck) == ("under_review", 1, False)
    assert lead.checks.get(status="unassigned").check_kind == check
