"""Allocation plans: requested, calculated by the periodic job, changed with a reason, accepted row by row."""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import grant_role
from procurement.allocations.actions import allocate
from procurement.allocations.models import Allocation
from procurement.allocations.plans.actions import (
    accept_plan_rows,
    cancel_plan,
    change_plan_row,
    create_plan,
)
from procurement.allocations.plans.calculation import calculate_plans
from procurement.allocations.plans.models import AllocationPlan
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.models import RequestLine
from procurement.tasks import plan_messages
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def story():
    return Story()


def new_officer(story):
    return {"author": story.officer.user, "by": story.officer.by, "at": AT}


def queued_plan(story, *, stock=6_000, **facts):
    """Return a plan over two needs and an offer that is too small for both."""
    poor, rich = story.line(10_000), story.line(10_000)
    RequestLine.objects.filter(pk=rich.pk).update(runs_out_on=TODAY + timedelta(days=12))
    lead = story.lead(poor, stock=stock)
    return create_plan([poor, rich], [lead], **facts, **new_officer(story))


def calculated_plan(story, **facts):
    plan = queued_plan(story, **facts)
    assert calculate_plans(AT) == 1
    plan.refresh_from_db()
    return plan


def shares_of(plan):
    """Return the result of a plan without its ids."""
    rows = plan.rows.order_by("line", "lead").values_list(
        "line", "lead", "proposed", "cost", "reason", "arrives_on"
    )
    lines = plan.plan_lines.order_by("line").values_list(
        "line", "needed", "days_before", "reason", "kept_away"
    )
    return [*rows], [*lines]


def test_calculated_plan_allocates_nothing(story):
    plan = calculated_plan(story)
    assert plan.status == AllocationPlan.Status.READY
    rows = [(row.quantity, row.reason) for row in plan.rows.order_by("line")]
    assert rows == [(5_000, "share"), (1_000, "share")]  # 15 days of supply for each
    assert {line.reason for line in plan.plan_lines.all()} == {"shared"}
    assert not Allocation.objects.exists()
    plan_messages(AT)
    assert [one.recipient for one in Message.objects.filter(thing_label=plan._meta.label_lower)] == [
        plan.author
    ]


def test_plan_is_reproducible_and_changes_with_the_rule(story):
    first = calculated_plan(story)
    lines, leads = first.lines.order_by("-pk"), first.leads.all()
    create_plan(list(lines), list(leads), **new_officer(story))
    create_plan(list(lines), list(leads), rule="first_come", **new_officer(story))
    assert calculate_plans(AT) == 2
    second, third = AllocationPlan.objects.exclude(pk=first.pk).order_by("pk")
    assert second.digest == first.digest != third.digest
    assert shares_of(second) == shares_of(first) != shares_of(third)
    assert [row.quantity for row in third.rows.all()] == [6_000]


def test_changed_plan_row_is_accepted_as_an_allocation(story):
    plan = calculated_plan(story)
    small = plan.rows.get(quantity=1_000)
    by = {"by": story.officer.by, "at": AT}
    with assert_refused("reason_missing", plan):
        change_plan_row(plan, small.pk, 500, reason=" ", **by)
    with assert_refused("bad_quantity", plan) as no:
        change_plan_row(plan, small.pk, 1_001, reason="more", **by)
    assert no.value.details["field"] == "quantity"
    with assert_refused("bad_quantity", plan):
        change_plan_row(plan, small.pk, 10**9 + 1, reason="more", **by)
    change_plan_row(plan, small.pk, 500, reason="They lent us gowns.", **by)
    accept_plan_rows(plan, [small.pk], author=story.officer.user, **by)
    small.refresh_from_db()
    assert small.change_reason == "They lent us gowns."
    assert (small.allocation.quantity, small.proposed) == (500, 1_000)
    assert small.allocation.status == Allocation.Status.CONFIRMED
    with assert_refused("already_accepted", plan):
        change_plan_row(plan, small.pk, 400, reason="less", **by)
    with assert_refused("nothing_chosen", plan):
        accept_plan_rows(plan, [small.pk], author=story.officer.user, **by)
    verbs = Entry.objects.filter(thing_label="procurement.allocationplan").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["create", "finish", "change_row", "accept"]


def test_row_of_another_plan_is_refused(story):
    plan, other = calculated_plan(story), calculated_plan(story)
    with assert_refused("nothing_chosen", plan):
        accept_plan_rows(plan, [plan.rows.first().pk, other.rows.first().pk], **new_officer(story))
    assert not Allocation.objects.exists()


def test_plan_rows_are_accepted_all_or_none_and_a_refusal_names_the_row(story):
    """What was allocated elsewhere meanwhile is refused, and no row of the plan is applied."""
    plan = calculated_plan(story)
    lead, line = plan.leads.get(), plan.lines.order_by("pk")[0]
    allocate(lead, line, 2_000, **new_officer(story))
    with assert_refused("not_enough_supply", plan) as no:
        accept_plan_rows(plan, [row.pk for row in plan.rows.all()], **new_officer(story))
    late = plan.rows.get(quantity=5_000)
    assert no.value.details["field"] == "rows" and no.value.details["row"] == late.pk
    assert lead.reference in str(no.value) and late.line.supply_request.reference in str(no.value)
    assert Allocation.objects.count() == 1


def test_plan_row_of_goods_that_need_evidence_by_now_is_left_to_the_page_of_the_need(story):
    plan = calculated_plan(story)
    row = plan.rows.filter(quantity__gt=0).first()
    row.line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    with assert_refused("evidence_missing", plan) as no:
        accept_plan_rows(plan, [row.pk], **new_officer(story))
    assert (no.value.details["field"], no.value.details["row"]) == ("rows", row.pk)
    assert "Allocate them on the page of the need" in str(no.value)
    assert not Allocation.objects.exists()


def test_cancelled_plan_is_not_calculated(story):
    plan = queued_plan(story)
    cancel_plan(plan, by=story.officer.by, at=AT)
    assert calculate_plans(AT) == 0
    plan.refresh_from_db()
    assert plan.status == AllocationPlan.Status.CANCELLED
    assert not plan.rows.exists()


def test_plan_cancelled_during_its_calculation_keeps_no_rows(story, monkeypatch):
    plan = queued_plan(story)

    def share(problem, rule, report):
        cancel_plan(plan, by=story.officer.by, at=AT)
        report(1, 2)

    monkeypatch.setattr("procurement.allocations.plans.calculation.share_goods", share)
    calculate_plans(AT)
    plan.refresh_from_db()
    assert (
        plan.status == AllocationPlan.Status.PENDING
    )  # this test shares one transaction with the periodic job
    assert not plan.rows.exists() and not plan.plan_lines.exists()


def test_plan_with_a_calculation_error_fails_and_its_author_is_notified(story, monkeypatch):
    plan = queued_plan(story)
    monkeypatch.setattr("procurement.allocations.plans.calculation.share_goods", lambda *_given: 1 / 0)
    calculate_plans(AT)
    plan.refresh_from_db()
    assert plan.status == AllocationPlan.Status.FAILED
    plan_messages(AT)
    assert Message.objects.filter(recipient=plan.author, thing_id=plan.pk).count() == 1


def test_plan_without_free_goods_states_the_reason(story):
    """What was covered or used up since the plan was asked for is left out of it."""
    plan = queued_plan(story)
    lead, line = plan.leads.get(), plan.lines.order_by("pk")[0]
    allocate(lead, line, 6_000, **new_officer(story))
    calculate_plans(AT)
    assert not plan.rows.exists()
    assert {one.reason for one in plan.plan_lines.all()} == {"no_offer"}


def test_invalid_plan_choice_is_refused_at_its_field(story):
    line = story.line(10_000)
    lead = story.lead(line)
    pairs = story.line(10_000, "RESP_KN95")
    Product.objects.filter(pk=pairs.product_id).update(unit="pair")
    for lines, leads, code, field in (
        ([], [lead], "nothing_chosen", "lines"),
        ([line], [], "nothing_chosen", "leads"),
        ([line, pairs], [lead], "mixed_units", "lines"),
    ):
        with assert_refused(code) as no:
            create_plan(lines, leads, **new_officer(story))
        assert no.value.details["field"] == field


def test_plan_cannot_be_requested_by_observers_or_officers_of_other_cities(story):
    line = story.line(10_000)
    lead = story.lead(line)
    for person in (story.observer, story.stranger):
        with assert_refused("not_allowed"):
            create_plan([line], [lead], author=person.user, by=person.by, at=AT)


def test_plan_over_two_cities_is_visible_only_to_people_of_both(story):
    """Neither the rows nor the journal nor messages tell a city of the supply of the other."""
    there = Story("markham")
    line, other = story.line(10_000), there.line(10_000)
    leads = [story.lead(line, stock=4_000), there.lead(other, stock=4_000)]
    with assert_refused("not_allowed"):
        create_plan([line, other], leads, **new_officer(story))
    both = cities.member("officer", story.city)
    grant_role(both, role="officer", city=there.city, by=CONSOLE_ACTOR, at=AT)
    mine = {"author": both, "by": powers_for(both), "at": AT}
    plan = create_plan([line, other], leads, **mine)
    calculate_plans(AT)
    plan.refresh_from_db()
    assert sorted(row.quantity for row in plan.rows.all()) == [4_000, 4_000]
    visible = AllocationPlan.objects.visible_to
    assert [*visible(mine["by"])] == [plan]
    row = plan.rows.get(lead=leads[0])
    change_plan_row(plan, row.pk, 3_000, reason="They lent us some.", by=mine["by"], at=AT)
    for person in (story.officer, there.officer):
        assert not visible(person.by).exists()
        for act in (
            lambda by: cancel_plan(plan, by=by, at=AT),
            lambda by: accept_plan_rows(plan, [row.pk], author=both, by=by, at=AT),
        ):
            with assert_refused("not_allowed", plan):
                act(person.by)
        seen = Entry.objects.visible_to(person.by).filter(thing_label="procurement.allocationplan")
        assert not seen.exists()
    accept_plan_rows(plan, [one.pk for one in plan.rows.all()], **mine)
    assert {one.city for one in Allocation.objects.all()} == {story.city, there.city}
    plan_messages(AT)
    assert {one.recipient for one in Message.objects.filter(thing_label="procurement.allocationplan")} == {
        both
    }
