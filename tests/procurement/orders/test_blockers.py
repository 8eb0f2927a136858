"""Tests of what blocks an order: the offers and findings that count, and their order."""

from datetime import timedelta

import pytest

from procurement.allocations.actions import allocate
from procurement.leads.actions.findings import answer_finding, record_findings
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.offer_data import FindingData
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.blockers import (
    approval_refusal,
    approver_needed_text,
    blocker_references,
    blocking_findings_of,
    blocking_or_overruled_findings,
    companies_of,
    leads_of,
    needless_override_refusal,
    open_blocker_refusal,
    overridable_references,
    ready_goods_in_shipment_refusal,
    second_approver_findings,
    supplier_statuses_of_order,
    unavailable_goods_refusal,
)
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import set_status
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


def test_order_has_only_the_statuses_that_its_city_set_for_its_own_companies(
    story: Story, order: Order
) -> None:
    day = AT.date()
    other_city, other_company = Story("markham"), story.company("黄埔制造 DEMO")
    facts = {"reason": "False papers.", "starts_on": day, "at": AT}
    set_status(story.supplier, other_city.city, "banned", by=other_city.officer.by, **facts)
    set_status(other_company, story.city, "banned", by=story.officer.by, **facts)
    assert supplier_statuses_of_order(order, day) == {}
    own = set_status(story.supplier, story.city, "on_watch", by=story.officer.by, **facts)
    assert supplier_statuses_of_order(order, day) == {story.supplier.pk: own}
    assert supplier_statuses_of_order(order, day - timedelta(days=1)) == {}


@pytest.mark.parametrize(
    ("statuses", "strictest"), [(("on_watch", "banned"), 1), (("banned", "on_watch"), 0)]
)
def test_strictest_status_of_merged_companies_counts_for_an_order(
    story: Story, order: Order, statuses: tuple[str, str], strictest: int
) -> None:
    second = story.company("黄埔制造 DEMO")
    facts = {"reason": "False papers.", "starts_on": AT.date(), "by": story.officer.by, "at": AT}
    rows = [
        set_status(company, story.city, status, **facts)
        for company, status in zip((story.supplier, second), statuses, strict=True)
    ]
    merge_suppliers(story.supplier, into=second, reason="one company", by=story.officer.by, at=LATER)
    merged = Order.objects.get(pk=order.pk)
    assert supplier_statuses_of_order(merged, AT.date()) == {second.pk: rows[strictest]}


def test_reason_for_an_approver_is_the_order_itself_or_the_orders_it_counts_with(story: Story) -> None:
    story.limit("10000")
    first, second = story.approved(), story.draft(story.promise())
    assert first.reference in str(approver_needed_text(second))
    story.limit("5000")
    alone = Order.objects.get(pk=second.pk)
    assert str(approver_needed_text(alone)) == "This order is above your city’s approval limit."


def test_order_of_an_offer_past_its_last_day_is_refused_from_the_day_after(order: Order) -> None:
    first, second = leads_of(order)
    last = order.city.day_at(LATER)
    SupplierLead.objects.filter(pk=second.pk).update(valid_until=last)
    assert unavailable_goods_refusal(order, LATER) is None
    no = unavailable_goods_refusal(order, LATER + timedelta(days=1))
    assert no is not None
    assert (second.reference in str(no), first.reference in str(no)) == (True, False)
    assert no.details["valid_until"] == last.isoformat()


def test_override_is_refused_when_nothing_is_left_to_override(order: Order) -> None:
    first, second = leads_of(order)
    no = needless_override_refusal(order)
    assert str(no) == "Nothing is blocking this order."
    finding = finding_of(second, "no_hand_over")
    SupplierLead.objects.filter(pk__in=[first.pk, second.pk]).update(status="verified")
    assert needless_override_refusal(order) is None
    order.override_covers = [finding.reference]
    assert str(needless_override_refusal(order)) == "Nothing is blocking this order."
    finding_of(first, "account_changed")
    SupplierLead.objects.filter(pk=first.pk).update(status="verified")
    assert "cannot be overridden" in str(needless_override_refusal(order))


@pytest.mark.parametrize("status", Order.Status.values)
@pytest.mark.parametrize("shipped", [0, 1])
def test_ready_order_with_any_goods_in_a_shipment_cannot_be_cancelled(
    story: Story, order: Order, status: str, shipped: int
) -> None:
    line = order.lines.latest("pk")
    OrderLine.objects.filter(pk=line.pk).update(shipped=shipped)
    one = Order.objects.get(pk=order.pk)
    one.status = status
    refused = ready_goods_in_shipment_refusal(one) is not None
    assert refused == (status == "ready_to_ship" and shipped == 1)
