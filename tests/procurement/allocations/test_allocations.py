"""Tests that no goods are allocated twice: in single actions, random sequences and concurrent requests.

A control without the lock shows that concurrent requests would oversell.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from procurement.allocations import actions
from procurement.allocations.actions import (
    allocation_counter_mismatches,
    confirm_allocation,
    discard_allocation,
    propose_allocation,
    reduce_allocation,
    reduce_lead,
    undo_allocation,
    undo_withdrawn_need_allocations,
)
from procurement.allocations.models import Allocation
from procurement.allocations.rules import ALLOCATION_MOVES
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.decisions import reopen_lead
from procurement.leads.actions.leads import LeadEdit
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import approve_order
from procurement.requests.actions.requests import withdraw_request
from procurement.requests.models import RequestLine
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds.alternatives import accept_alternative
from tests.worlds.need_to_order import AT, Story
from workflow.errors import Refused


def proposed_allocation(story, quantity=1_000):
    line = story.line(quantity)
    return propose_allocation(
        story.lead(line), line, quantity, author=story.officer.user, by=story.officer.by, at=AT
    )


def confirmed_allocation(story):
    return confirm_allocation(proposed_allocation(story), by=story.officer.by, at=AT)


def discarded_allocation(story):
    return discard_allocation(proposed_allocation(story), by=story.officer.by, at=AT)


def undone_allocation(story):
    return undo_allocation(confirmed_allocation(story), reason="not needed", by=story.officer.by, at=AT)


# Status: how to reach it, and what officers may do then. Approvers and logistics may return the goods.
TABLE = [
    ("proposed", proposed_allocation, "confirm discard", ""),
    ("confirmed", confirmed_allocation, "order reduce undo", "reduce undo"),
    ("discarded", discarded_allocation, "", ""),
]


@pytest.mark.parametrize(("status", "reach", "officer", "_others"), TABLE, ids=[row[0] for row in TABLE])
def test_allowed_allocation_actions_by_status_and_role(story, status, reach, officer, _others):
    allocation = reach(story)
    assert allocation.status == status
    assert open_verbs(ALLOCATION_MOVES, allocation, story.officer.by) == officer
    assert open_verbs(ALLOCATION_MOVES, allocation, story.observer.by) == ""
    assert open_verbs(ALLOCATION_MOVES, allocation, story.verifier.by) == ""
    assert open_verbs(ALLOCATION_MOVES, allocation, story.stranger.by) == ""


def test_allocation_reserves_quantity_on_offer_and_line_and_cancellation_releases_both(story):
    allocation = confirmed_allocation(story)
    lead, line = allocation.lead, allocation.line
    lead.refresh_from_db()
    line.refresh_from_db()
    assert (lead.allocated, lead.free_quantity, line.allocated, line.verified_free) == (
        1_000,
        9_000,
        1_000,
        9_000,
    )
    reduce_allocation(allocation, 400, reason="fewer beds", by=story.officer.by, at=AT)
    line.refresh_from_db()
    assert (allocation.quantity, allocation.status, line.allocated) == (600, "confirmed", 600)
    reduce_allocation(allocation, 600, reason="none", by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (allocation.status, lead.allocated) == ("undone", 0)
    assert allocation_counter_mismatches() == []


@pytest.mark.parametrize("pieces", [0, 1_001])
def test_allocation_reduction_to_zero_or_above_allocated_quantity_is_refused(story, pieces):
    allocation = confirmed_allocation(story)
    with assert_refused("bad_quantity", allocation):
        reduce_allocation(allocation, pieces, reason="x", by=story.officer.by, at=AT)


def test_unverified_offer_cannot_be_allocated(story):
    line = story.line()
    lead = reopen_lead(story.lead(line), reason="a doubt", by=story.officer.by, at=AT)
    with assert_refused("not_ready", lead, line):
        actions.allocate(lead, line, 10, author=story.officer.user, by=story.officer.by, at=AT)


@pytest.mark.parametrize(
    ("stock", "need", "asked", "code"),
    [(100, 500, 101, "not_enough_supply"), (500, 100, 101, "more_than_needed")],
)
def test_allocation_above_available_or_needed_quantity_is_refused(story, stock, need, asked, code):
    line = story.line(need)
    lead = story.lead(line, stock=stock)
    with assert_refused(code, lead, line) as no:
        actions.allocate(lead, line, asked, author=story.officer.user, by=story.officer.by, at=AT)
    assert no.value.details["asked"] == asked


@pytest.mark.parametrize(
    ("stock", "need", "asked", "code"),
    [
        (1_600, 5_000, 1_000_000_000, "not_enough_supply"),
        (100, 500, 101, "not_enough_supply"),
        (500, 100, 101, "more_than_needed"),
    ],
)
def test_allocation_proposal_above_available_or_needed_quantity_is_refused(story, stock, need, asked, code):
    line = story.line(need)
    lead = story.lead(line, stock=stock)
    with assert_refused(code, lead, line) as no:
        propose_allocation(lead, line, asked, author=story.officer.user, by=story.officer.by, at=AT)
    assert no.value.details["asked"] == asked


def test_quantity_allocated_since_cannot_be_proposed_again(story):
    first = proposed_allocation(story)
    lead, line = first.lead, first.line
    confirm_allocation(first, by=story.officer.by, at=AT)
    with assert_refused("more_than_needed", lead, line):
        propose_allocation(lead, line, 1, author=story.officer.user, by=story.officer.by, at=AT)


def test_allocation_below_minimum_order_quantity_is_refused(story):
    line = story.line(500)
    lead = story.lead(line, stock=500, min_order_quantity=200)
    with assert_refused("below_minimum", lead, line):
        actions.allocate(lead, line, 199, author=story.officer.user, by=story.officer.by, at=AT)


def test_allocation_of_zero_pieces_is_refused(story):
    line = story.line(500)
    lead = story.lead(line)
    with assert_refused("bad_quantity", lead, line):
        propose_allocation(lead, line, 0, author=story.officer.user, by=story.officer.by, at=AT)


def test_other_product_is_allocated_only_where_the_line_lists_it(story):
    respirators = story.line(500, product="RESP_KN95", declared_use="non_medical")
    lead = story.lead(story.line(500))
    with assert_refused("another_product", respirators) as refused:
        allocate(story, lead, respirators)
    assert refused.value.details["field"] == "lead"
    accept_alternative(respirators, "MASK_SURG")
    made = allocate(story, lead, RequestLine.objects.get(pk=respirators.pk))
    assert (made.goods_match, made.substitution_accepted_by) == ("accepted", story.officer.user)


def test_requested_goods_are_no_substitution(story):
    lead = story.lead(story.line(500))
    made = allocate(story, lead, lead.line)
    assert (made.goods_match, made.substitution_accepted_by, made.evidence) == ("equal", None, "")


def test_goods_not_known_to_meet_the_standard_need_evidence_with_a_name(story):
    line = story.line(500)
    lead = story.lead(line)
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    with assert_refused("evidence_missing", lead, line) as refused:
        allocate(story, lead, line, evidence="  ")
    assert refused.value.details["field"] == "evidence"
    made = allocate(story, lead, line, evidence="Report 17 of the city laboratory")
    assert (made.goods_match, made.substitution_accepted_by) == ("unknown", story.officer.user)
    assert made.evidence == "Report 17 of the city laboratory"


def test_proposal_is_not_confirmed_once_the_line_no_longer_accepts_the_goods(story):
    respirators = story.line(500, product="RESP_KN95", declared_use="non_medical")
    lead = story.lead(story.line(500))
    listed = accept_alternative(respirators, "MASK_SURG")
    people = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    proposed = propose_allocation(lead, RequestLine.objects.get(pk=respirators.pk), 10, **people)
    listed.delete()
    proposed = Allocation.objects.get(pk=proposed.pk)
    with assert_refused("another_product", lead, respirators):
        confirm_allocation(proposed, by=story.officer.by, at=AT)


def test_evidence_is_given_on_confirming_by_the_api(story):
    line = story.line(500)
    people = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    proposed = propose_allocation(story.lead(line), line, 10, **people)
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    program, path = Program(story.officer.user), f"allocations/{proposed.reference}/confirm/"
    refused = program.refused(path, {})
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("evidence_missing", "#/evidence")
    made = program.post(path, {"evidence": "Filtration report 12"})
    assert (made["goods_match"], made["evidence"]) == ("unknown", "Filtration report 12")


def test_goods_are_not_ordered_once_they_need_evidence(story):
    line = story.line(500)
    lead = story.lead(line)
    bare = allocate(story, lead, line)
    known = allocate(story, lead, line, evidence="Report 3 of the city laboratory")
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    with assert_refused("evidence_missing", lead, line) as refused:
        story.draft(bare, known)
    assert refused.value.details["field"] == "allocations"
    assert bare.reference in str(refused.value.message)
    with assert_refused("substitution_changed", lead, line):
        story.draft(known)  # the evidence was not given for this standard


def test_goods_are_not_ordered_once_the_line_no_longer_lists_them(story):
    respirators = story.line(500, product="RESP_KN95", declared_use="non_medical")
    lead = story.lead(story.line(500))
    listed = accept_alternative(respirators, "MASK_SURG")
    made = allocate(story, lead, RequestLine.objects.get(pk=respirators.pk))
    listed.delete()
    with assert_refused("another_product", lead, respirators) as refused:
        story.draft(made)
    assert made.reference in str(refused.value.message)


def test_goods_that_became_a_substitution_are_not_ordered_as_the_requested_ones(story):
    respirators = story.line(500, product="RESP_KN95", declared_use="non_medical")
    accept_alternative(respirators, "MASK_SURG")
    lead = story.lead(respirators)
    made = allocate(story, lead, RequestLine.objects.get(pk=respirators.pk))
    assert made.goods_match == "equal"
    masks = Product.objects.get(code="MASK_SURG")
    SupplierLead.objects.filter(pk=lead.pk).update(product=masks)  # corrected, and verified again
    with assert_refused("substitution_changed", lead, respirators) as refused:
        story.draft(made)
    assert made.reference in str(refused.value.message)


def test_evidence_for_goods_in_another_standard_is_not_enough_to_order(story):
    line = story.line(500)
    lead = story.lead(line)
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    made = allocate(story, lead, line, evidence="Report 3 of the city laboratory")
    SupplierLead.objects.filter(pk=lead.pk).update(standard=None)  # corrected, and verified again
    with assert_refused("substitution_changed", lead, line):
        story.draft(made)


def test_goods_allocated_before_they_were_compared_are_ordered_as_the_line_accepts_them(story):
    respirators = story.line(500, product="RESP_KN95", declared_use="non_medical")
    accept_alternative(respirators, "MASK_SURG")
    made = allocate(story, story.lead(story.line(500)), RequestLine.objects.get(pk=respirators.pk))
    Allocation.objects.filter(pk=made.pk).update(goods_match="other", compared_goods="")  # as migrated
    order = story.placed(Allocation.objects.get(pk=made.pk))
    assert Allocation.objects.get(pk=made.pk).goods_match == "accepted"
    assert order.status == "placed"


def test_goods_that_the_line_now_asks_for_are_ordered_as_no_substitution(story):
    line = story.line(500)
    lead = story.lead(line)
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    made = allocate(story, lead, line, evidence="Report 3 of the city laboratory")
    line.standards.set([lead.standard])
    ordered = story.draft(made).lines.get().allocation
    assert (ordered.goods_match, ordered.substitution_accepted_by) == ("equal", None)


def test_order_is_not_approved_once_its_line_accepts_other_goods(story):
    line = story.line(500)
    order = story.draft(allocate(story, story.lead(line), line))
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    with assert_refused("evidence_missing", order):
        approve_order(order, by=story.officer.by, at=AT)


def test_evidence_of_the_proposal_is_not_kept_for_other_goods(story):
    line = story.line(500)
    lead = story.lead(line)
    line.standards.set(Standard.objects.filter(code="GB2626-2006-KN95"))
    people = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    proposed = propose_allocation(lead, line, 10, evidence="Report 5 of the city laboratory", **people)
    SupplierLead.objects.filter(pk=lead.pk).update(standard=None)
    with assert_refused("evidence_missing", proposed):
        confirm_allocation(Allocation.objects.get(pk=proposed.pk), by=story.officer.by, at=AT)


def allocate(story, lead, line, **facts):
    return actions.allocate(lead, line, 10, author=story.officer.user, by=story.officer.by, at=AT, **facts)


def test_withdrawn_need_releases_allocations_without_order(story):
    allocation = confirmed_allocation(story)
    withdraw_request(allocation.line.supply_request, reason="no more", by=story.officer.by, at=AT)
    assert undo_withdrawn_need_allocations(AT + timedelta(minutes=1)) == 1
    allocation.refresh_from_db()
    assert allocation.status == "undone"


def test_correction_that_leaves_too_little_stock_cuts_allocations_a_person_chose(story):
    allocation = confirmed_allocation(story)
    lead = SupplierLead.objects.get(pk=allocation.lead_id)
    with assert_refused("not_enough_supply", lead, allocation):
        reduce_lead(
            lead,
            [(allocation, 100)],
            LeadEdit(stock_quantity=800),
            reason="a fire",
            by=story.officer.by,
            at=AT,
        )
    reduce_lead(
        lead, [(allocation, 200)], LeadEdit(stock_quantity=800), reason="a fire", by=story.officer.by, at=AT
    )
    allocation.refresh_from_db()
    lead.refresh_from_db()
    assert (allocation.quantity, lead.supply, lead.allocated) == (800, 800, 800)


def test_wrong_allocated_counter_is_reported(story):
    allocation = confirmed_allocation(story)
    SupplierLead.objects.filter(pk=allocation.lead_id).update(allocated=7)
    assert allocation_counter_mismatches() == [(allocation.lead.reference, 7, 1_000)]


# ---- many at once ---------------------------------------------------------------------------------------------------

THREADS = 16
PIECES_EACH = 225  # sixteen fit into a lot of 3,600, eight into one of 1,800


def run_concurrently(act, count=THREADS):
    barrier = Barrier(count, timeout=30)

    def one(number):
        try:
            return act(number, barrier)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_sixteen_concurrent_allocations_never_exceed_stock():
    story = Story()
    line = story.line(100_000)
    lead = story.lead(line, stock=1_800)
    made = [
        propose_allocation(lead, line, PIECES_EACH, author=story.officer.user, by=story.officer.by, at=AT)
        for _ in range(THREADS)
    ]

    def promise(number, barrier):
        barrier.wait()
        try:
            confirm_allocation(made[number], by=story.officer.by, at=AT)
        except Refused as no:
            assert no.code == "not_enough_supply"
            return False
        return True

    assert run_concurrently(promise) == 8
    lead.refresh_from_db()
    line.refresh_from_db()
    assert (lead.allocated, line.allocated) == (1_800, 1_800)
    assert allocation_counter_mismatches() == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_allocations_without_row_lock_exceed_stock():
    story = Story()
    line = story.line(100_000)
    lead = story.lead(line, stock=1_800)

    def read_check_save(_number, barrier):
        mine = SupplierLead.objects.get(pk=lead.pk)
        barrier.wait()
        if mine.free_quantity < PIECES_EACH:
            return False
        mine.allocated += PIECES_EACH
        mine.save(update_fields=["allocated"])
        return True

    assert run_concurrently(read_check_save) > 8


# ---- at random ------------------------------------------------------------------------------------------------------


class RandomAllocations(RuleBasedStateMachine):
    """Random allocations and cancellations between two offers and two need lines.

    The counters always equal the sums and stay within their bounds.
    """

    def __init__(self):
        super().__init__()
        self.story = Story()
        self.lines = [self.story.line(700), self.story.line(400)]
        self.leads = [self.story.lead(self.lines[0], stock=500), self.story.lead(self.lines[1], stock=600)]
        self.made = []

    @rule(lead=st.integers(0, 1), line=st.integers(0, 1), pieces=st.integers(1, 800))
    def promise(self, lead, line, pieces):
        officer = self.story.officer
        try:
            offer = SupplierLead.objects.get(pk=self.leads[lead].pk)
            target = RequestLine.objects.get(pk=self.lines[line].pk)
            self.made.append(
                actions.allocate(
                    offer, target, pieces, reason="Fair.", author=officer.user, by=officer.by, at=AT
                )
            )
        except Refused as no:
            assert no.code in ("not_enough_supply", "more_than_needed")

    @rule(which=st.integers(0, 20), pieces=st.integers(1, 800))
    def give_back(self, which, pieces):
        if not self.made:
            return
        try:
            reduce_allocation(
                self.made[which % len(self.made)], pieces, reason="x", by=self.story.officer.by, at=AT
            )
        except Refused as no:
            assert no.code in ("bad_quantity", "wrong_status")

    @invariant()
    def nothing_is_promised_twice(self):
        for model, name in ((SupplierLead, "lead"), (RequestLine, "line")):
            for row in model.objects.all():
                promised = (
                    Allocation.objects.counted_against_offer()
                    .filter(**{name: row})
                    .aggregate(n=Sum("quantity", default=0))["n"]
                )
                assert row.allocated == promised
                assert promised <= (row.supply if name == "lead" else row.quantity)


class TestRandomAllocations(TestCase, RandomAllocations.TestCase):
    settings = settings(max_examples=8, stateful_step_count=12, suppress_health_check=list(HealthCheck))
