"""Tests of the criteria by which offers are compared, which need a reason once offers are known."""

import pytest
from django.db import IntegrityError, transaction

from procurement.allocations.actions import set_criteria
from procurement.allocations.models import AllocationCriteria
from procurement.allocations.rules import Criterion, invalid_criteria_refusal, late_criteria_refusal
from procurement.leads.actions.leads import draft_lead
from tests.worlds.need_to_order import AT, LATER
from workflow.errors import Refused
from workflow.journal.entries import history_of

HALVES = [
    Criterion("Landed price", 60),
    Criterion("In hand soonest", 40),
    Criterion("Certificate confirmed by its issuer"),
]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (HALVES, ""),
        ([Criterion("Certificate confirmed")], ""),
        ([Criterion("Price", 100)], ""),
        ([], "one to twelve"),
        ([Criterion(f"criterion {n}") for n in range(13)], "one to twelve"),
        ([Criterion("  ")], "one to twelve"),
        ([Criterion("x" * 201)], "one to twelve"),
        ([Criterion("Price", 50), Criterion("price ", 50)], "once"),
        ([Criterion("Price", 60), Criterion("Day", 30)], "90"),
        ([Criterion("Price", 0), Criterion("Day", 100)], "100"),
    ],
)
def test_allocation_criteria_require_valid_names_and_weights(points, words):
    refused = invalid_criteria_refusal(points)
    assert (refused is None) == (not words)
    assert words in str(refused or "")


@pytest.mark.parametrize(
    ("offers_in", "promised", "before", "needs_reason"),
    [
        (0, 0, False, False),
        (1, 0, False, False),
        (2, 0, False, True),
        (0, 1, False, True),
        (0, 0, True, True),
    ],
)
def test_late_criteria_are_refused_without_a_reason(offers_in, promised, before, needs_reason):
    facts = {"offers_in": offers_in, "promised": promised, "before": before}
    assert (late_criteria_refusal(" ", **facts) is not None) == needs_reason
    assert late_criteria_refusal("The council met late.", **facts) is None


def set_criteria_of(story, line, points=HALVES, reason="", person=None):
    who = person or story.officer
    return set_criteria(line, points, author=who.user, by=who.by, at=LATER, reason=reason)


def test_criteria_set_before_any_offer_are_not_late(story):
    line = story.line(1_000)
    fixed = set_criteria_of(story, line)
    assert (fixed.is_late, fixed.offers_in, fixed.promised, fixed.fixed_at) == (False, 0, 0, LATER)
    assert fixed.points[0] == {"words": "Landed price", "weight": 60}
    assert fixed.points[2]["weight"] is None
    entry = history_of(fixed).get()
    assert (entry.verb, entry.by_id, entry.city_id) == ("fix", story.officer.user.pk, story.city.pk)
    assert str(fixed) == f"{line.pk}/{fixed.pk}"


def test_criteria_set_after_two_offers_require_reason_and_record_number_of_offers(story):
    line = story.line(1_000)
    story.lead(line)
    draft_lead(
        story.city, author=story.officer.user, by=story.officer.by, at=AT, line=line, product=line.product,
        supplier=story.supplier, stock_quantity=5, kind="sale",
    )  # fmt: skip
    in_hand = set_criteria_of(story, line)  # a draft does not count as an offer
    assert not in_hand.is_late
    other = story.line(1_000)
    for _ in range(2):
        story.lead(other)
    with pytest.raises(Refused) as caught:
        set_criteria_of(story, other)
    assert (caught.value.code, caught.value.details["field"]) == ("reason_missing", "reason")
    late = set_criteria_of(story, other, reason="The council met late.")
    assert (late.is_late, late.offers_in, late.reason) == (True, 2, "The council met late.")


def test_criteria_set_after_allocation_are_late_and_require_reason(story):
    promised = story.promise(1_000)
    with pytest.raises(Refused):
        set_criteria_of(story, promised.line)
    assert set_criteria_of(story, promised.line, reason="Late.").promised == 1_000


def test_new_criteria_require_reason_and_keep_earlier_criteria(story):
    line = story.line(1_000)
    first = set_criteria_of(story, line)
    with pytest.raises(Refused) as caught:
        set_criteria_of(story, line, [Criterion("Price", 100)])
    assert "To change the criteria, enter a reason." in str(caught.value)
    second = set_criteria_of(story, line, [Criterion("Price", 100)], reason="The council changed its mind.")
    first.refresh_from_db()
    assert (first.replaced, second.replaced) == (True, False)
    assert list(AllocationCriteria.objects.for_lines([line, None])) == [second]
    assert [entry.verb for entry in history_of(first).order_by("pk")] == ["fix", "replace"]


def test_only_officers_of_own_city_can_set_criteria(story):
    line = story.line(1_000)
    for person in (story.observer, story.stranger, story.approver, story.verifier):
        with pytest.raises(Refused) as caught:
            set_criteria_of(story, line, person=person)
        assert caught.value.code == "not_allowed"
    set_criteria_of(story, line)
    assert not AllocationCriteria.objects.visible_to(story.stranger.by).exists()
    assert AllocationCriteria.objects.visible_to(story.observer.by).count() == 1


def test_invalid_criteria_are_not_saved(story):
    line = story.line(1_000)
    with pytest.raises(Refused):
        set_criteria_of(story, line, [Criterion("Price", 10)])
    assert not AllocationCriteria.objects.exists()


def test_database_refuses_late_criteria_without_reason(story):
    fixed = set_criteria_of(story, story.line(1_000))
    with pytest.raises(IntegrityError), transaction.atomic():
        AllocationCriteria.objects.filter(pk=fixed.pk).update(offers_in=2)
