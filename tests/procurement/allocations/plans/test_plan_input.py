"""The input of an allocation plan: which offer fits which need line, when it arrives, and what it costs."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from procurement.allocations.plans.obstacles import Obstacle
from procurement.allocations.plans.queries import line_supply, plan_leads, plan_lines
from procurement.allocations.plans.solver.explain import LineReason, PairReason, explain_lines, explain_pairs
from procurement.allocations.plans.solver.shares import share_goods
from procurement.allocations.plans.solver_input import plan_input
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def plan_input_of(*lines):
    """Return the plan's input over these lines and every offer."""
    leads = plan_leads(SupplierLead.objects.values_list("pk", flat=True), AT)
    return plan_input(plan_lines([line.pk for line in lines]), leads, AT)


def test_need_line_with_fewest_days_of_supply_gets_offer_and_rows_give_reasons():
    story = Story()
    poor, rich = story.line(10_000), story.line(10_000)
    RequestLine.objects.filter(pk=rich.pk).update(runs_out_on=TODAY + timedelta(days=20))
    story.lead(poor, stock=6_000)
    found = plan_input_of(poor, rich)
    pieces = share_goods(found.problem)
    assert found.problem.pieces_by_line(pieces).tolist() == [6_000, 0]
    why = explain_lines(found.problem, pieces, found.pairs)
    assert [one.reason for one in why] == [LineReason.OFFERS_USED_UP, LineReason.OFFERS_USED_UP]
    assert explain_pairs(found.problem, pieces) == [PairReason.OFFER_USED_UP]


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({"min_order_quantity": 20_000}, Obstacle.LOT),
        ({"carton_pieces": 12_000}, Obstacle.LOT),
        ({"price_in_city_currency": Decimal("3.01")}, Obstacle.PRICE),
        ({"air_days": 40}, Obstacle.LATE),
        ({"lead_days": 40}, Obstacle.LATE),
    ],
    ids=str,
)
def test_plan_counts_reasons_that_kept_offer_from_line(facts, obstacle):
    story = Story()
    line = story.line(10_000)
    RequestLine.objects.update(
        max_unit_price=Decimal(3), currency="CAD", needed_by=TODAY + timedelta(days=30)
    )
    lead = story.lead(line, stock=50_000)
    SupplierLead.objects.filter(pk=lead.pk).update(price_in_city_currency=Decimal(3), air_days=10)
    assert plan_input_of(line).pairs.obstacle_counts.sum() == 0
    SupplierLead.objects.filter(pk=lead.pk).update(**facts)
    found = plan_input_of(line)
    pieces = share_goods(found.problem)
    assert pieces.sum() == 0
    (why,) = explain_lines(found.problem, pieces, found.pairs)
    assert (why.reason, why.obstacle_counts) == (LineReason.OFFERS_HAVE_OBSTACLES, {obstacle: 1})
    assert why.smallest_unfit_lot == (max(facts.values()) if obstacle is Obstacle.LOT else 0)


def test_plan_names_minimum_order_larger_than_remaining_needs():
    """20,000 is the least that the offer sells, and only one line may take that much."""
    story = Story()
    first, second = story.line(25_000), story.line(30_000)
    lead = story.lead(first, stock=35_000)
    SupplierLead.objects.filter(pk=lead.pk).update(min_order_quantity=20_000)
    found = plan_input_of(first, second)
    pieces = share_goods(found.problem)
    assert found.problem.pieces_by_line(pieces).min() == 0
    why = explain_lines(found.problem, pieces, found.pairs)
    nothing = found.problem.pieces_by_line(pieces).tolist().index(0)
    assert (why[nothing].reason, why[nothing].smallest_unfit_lot) == (LineReason.MINIMUM_ORDER, 20_000)


def test_donation_is_allocated_only_to_need_it_was_given_for():
    story = Story()
    own, other = story.line(10_000), story.line(10_000)
    story.lead(own, price=None, kind="donation")
    found = plan_input_of(other)
    assert found.pairs.obstacle_counts[0, Obstacle.DONOR] == 1
    assert len(plan_input_of(own).pairs.offer_index) == 1


def test_plan_takes_cheaper_transport_mode_that_arrives_in_time():
    story = Story()
    line = story.line(10_000)
    lead = story.lead(line)
    ways = {mode: {"total": total, "complete": True} for mode, total in (("sea", "0.60"), ("air", "0.90"))}
    SupplierLead.objects.filter(pk=lead.pk).update(air_days=5, sea_days=30, landed={"by": ways})
    for days, mode, cost in ((40, "sea", 6_000), (20, "air", 9_000)):
        RequestLine.objects.filter(pk=line.pk).update(needed_by=TODAY + timedelta(days=days))
        found = plan_input_of(line)
        assert (found.arrival(0).mode, found.problem.pair_cost.tolist()) == (mode, [cost])
    assert found.arrival(0).day == TODAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("facts", "mode", "days"),
    [
        ({"air_days": 5, "sea_days": None}, "air", 5),
        ({"air_days": None, "sea_days": 33}, "sea", 33),
        (
            {
                "air_days": None,
                "sea_days": 33,
                "landed": {"by": {"sea": {"total": "9.90", "complete": True}}},
            },
            "sea",
            33,
        ),
    ],
    ids=["by air alone", "by sea alone", "by sea alone, dearer than its price"],
)
def test_plan_never_takes_transport_mode_that_offer_does_not_name(facts, mode, days):
    story = Story()
    line = story.line(10_000)
    lead = story.lead(line)
    RequestLine.objects.filter(pk=line.pk).update(needed_by=date(2020, 3, 1))  # past, so no limit
    SupplierLead.objects.filter(pk=lead.pk).update(**({"landed": {}} | facts))
    found = plan_input_of(line)
    assert found.arrival(0) == (mode, TODAY + timedelta(days=days))


def test_offer_for_other_use_or_below_standard_does_not_match_line():
    story = Story()
    line = story.line(10_000)
    lead = story.lead(line)
    assert len(plan_input_of(line).pairs.offer_index) == 1
    SupplierLead.objects.filter(pk=lead.pk).update(declared_use="non_medical")
    assert len(plan_input_of(line).pairs.offer_index) == 0
    other = Story.line(story, 10_000, "RESP_KN95")
    SupplierLead.objects.filter(pk=lead.pk).update(declared_use="")
    assert len(plan_input_of(other).pairs.offer_index) == 0


def test_plan_ignores_past_needed_by_day_and_takes_unverified_offers_only_if_chosen():
    """A day that has passed closes nothing; an offer that is not verified comes along only if the plan says so."""
    story = Story()
    line = story.line(10_000)
    lead = story.lead(line)
    RequestLine.objects.filter(pk=line.pk).update(needed_by=date(2020, 3, 1))
    assert len(plan_input_of(line).pairs.offer_index) == 1
    SupplierLead.objects.filter(pk=lead.pk).update(status="under_review")
    assert plan_leads([lead.pk], AT) == []
    assert plan_leads([lead.pk], AT, unverified=True) == [lead]


@pytest.mark.parametrize(
    ("facts", "days", "use", "assumed"),
    [
        ({"runs_out_on": TODAY + timedelta(days=4)}, 9.0, 1_000.0, True),
        ({"runs_out_on": TODAY - timedelta(days=1), "use_per_day": 500}, 10.0, 500.0, False),
        ({"use_per_day": 2_000}, 2.5, 2_000.0, False),
    ],
    ids=["use not stated", "run out", "days not stated"],
)
def test_days_of_supply_count_pieces_already_allocated(facts, days, use, assumed):
    story = Story()
    line = story.line(30_000)
    RequestLine.objects.filter(pk=line.pk).update(allocated=5_000, **facts)
    (row,) = plan_lines([line.pk])
    assert line_supply(row, TODAY) == (days, use, assumed)
    assert np.array_equal(plan_input_of(line).problem.needed_pieces, [25_000])
