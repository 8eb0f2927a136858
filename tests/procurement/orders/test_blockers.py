"""Tests of what blocks an order: the offers and findings that count, and their order."""

import pytest

from procurement.allocations.actions import allocate
from procurement.leads.actions.findings import answer_finding, record_findings
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.offer_data import FindingData
from procurement.orders.models import Order
from procurement.orders.rules.blockers import (
    approval_refusal,
    blocker_references,
    blocking_findings_of,
    blocking_or_overruled_findings,
    companies_of,
    leads_of,
    open_blocker_refusal,
    overridable_references,
    second_approver_findings,
)
from tests.worlds.need_to_order import AT, LATER, Story


def finding_of(lead: SupplierLead, code: str, severity: str = "block") -> Finding:
    """Return a finding about an offer, with the figures that its sentence may need."""
    data = FindingData(
        code=code, severity=severity, figures={"account": "…0001", "flags": "a free mail address"}
    )
    record_findings(lead, [data], at=LATER, only=frozenset({code}))
    return lead.findings.get(code=code)


@pytest.fixture
def order(story: Story) -> Order:
    """Return a draft with two offers, beside the draft of another offer with a blocking finding."""
    line = story.line(20_000)
    order = story.draft(story.promise(line=line), story.promise(line=line, price="0.60"))
    (elsewhere,) = leads_of(story.draft(story.promise()))
    finding_of(elsewhere, "no_hand_over")
    finding_of(elsewhere, "flags_together", "warn")
    return order


def test_offer_behind_two_order_lines_is_listed_once(story: Story) -> None:
    lines = [story.line(5_000), story.line(5_000)]
    lead = story.lead(lines[0], stock=10_000)
    who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    order = story.draft(*(allocate(lead, line, 5_000, **who) for line in lines))
    assert order.lines.count() == 2
    assert leads_of(order) == [lead]


def test_resolved_finding_no_longer_blocks_but_stays_in_the_record(story: Story, order: Order) -> None:
    first, second = leads_of(order)
    answered, standing = finding_of(second, "no_hand_over"), finding_of(first, "no_hand_over")
    finding_of(first, "no_contact", "warn")
    resolved = finding_of(second, "flags_together")
    who = {"answered_by": story.verifier.user, "by": story.verifier.by, "at": LATER}
    answer_finding(answered, answer="Li Wei was there.", **who)
    Finding.objects.filter(pk=resolved.pk).update(status="resolved")
    assert blocking_findings_of(order) == [standing]
    assert blocking_or_overruled_findings([first, second]) == [answered, standing]


def test_blocking_issues_list_unverified_offers_then_open_findings_oldest_first(order: Order) -> None:
    first, second = leads_of(order)
    assert first.pk < second.pk
    older, newer = finding_of(second, "no_hand_over"), finding_of(first, "no_hand_over")
    SupplierLead.objects.filter(pk__in=[first.pk, second.pk]).update(status="under_review")
    both = [older.reference, newer.reference]
    named = [first.reference, second.reference, *both]
    assert blocker_references(order) == overridable_references(order) == named
    no = open_blocker_refusal(order)
    assert no is not None
    assert no.details["obstacles"] == named
    order.override_covers = named[:3]
    assert overridable_references(order) == [newer.reference]
    Finding.objects.filter(pk=older.pk).update(severity="warn")
    assert blocker_references(order)[2:] == [newer.reference]
    Finding.objects.filter(pk=newer.pk).update(status="resolved")
    assert blocker_references(order)[2:] == []


def test_only_findings_settled_elsewhere_remain_after_an_override(order: Order) -> None:
    first, second = leads_of(order)
    finding_of(first, "list_match")
    account = finding_of(second, "account_changed")
    SupplierLead.objects.filter(pk__in=[first.pk, second.pk]).update(status="verified")
    assert blocker_references(order) == [account.reference]
    assert account.reference not in overridable_references(order)
    order.override_covers = [account.reference]
    no = open_blocker_refusal(order)
    assert no is not None
    assert no.details["obstacles"] == [account.reference]


def test_combined_warning_signs_require_an_approver_until_resolved(
    order: Order,
) -> None:
    first, second = leads_of(order)
    older, newer = finding_of(second, "flags_together", "warn"), finding_of(first, "flags_together", "warn")
    assert second_approver_findings(order) == [older, newer]
    no = approval_refusal(order)
    assert no is not None
    assert no.details["findings"] == [older.reference, newer.reference]
    Finding.objects.filter(pk=older.pk).update(status="resolved")
    assert second_approver_findings(order) == [newer]
    order.status = "awaiting_approval"
    no = approval_refusal(order)
    assert no is None or "findings" not in no.details


def test_companies_of_an_order_are_the_supplier_and_each_maker_once(story: Story, order: Order) -> None:
    makers = [story.company(name) for name in ("黄埔制造 DEMO", "番禺制造 DEMO")]
    first, second = leads_of(order)
    SupplierLead.objects.filter(pk=first.pk).update(maker=makers[1])
    SupplierLead.objects.filter(pk=second.pk).update(maker=makers[0])
    assert companies_of(order) == [story.supplier, *makers]
    SupplierLead.objects.update(maker=story.supplier)
    assert companies_of(order) == [story.supplier]
