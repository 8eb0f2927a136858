"""Tests of offers: entered, changed, verified and ended, by whom, and their sum for a need line."""

from datetime import date, timedelta

import pytest

from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.counters import recalculate_offered_totals
from procurement.leads.actions.decisions import expire_overdue_leads, reject_lead, reopen_lead
from procurement.leads.actions.leads import LeadEdit, change_lead, share_lead, submit_lead, verify_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import LEAD_MOVES
from procurement.verification.actions.periodic import update_checks
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds import cities
from tests.worlds.leads import (
    drafted_offer,
    offer_under_review,
    rejected_offer,
    submitted_offer,
    verified_offer,
)
from tests.worlds.need_to_order import AT

# Status: how to reach it, and what the author, a second officer and a verifier may do then.
TABLE = [
    ("draft", drafted_offer, "edit offer withdraw", "edit offer withdraw", ""),
    (
        "received",
        submitted_offer,
        "edit check reject withdraw share",
        "edit check reject withdraw share",
        "check reject share",
    ),
    (
        "under_review",
        offer_under_review,
        "edit reject withdraw share",
        "edit reject withdraw share",
        "reject share",
    ),
    (
        "verified",
        verified_offer,
        "change remark reopen reject withdraw share",
        "change remark reopen reject withdraw share",
        "reopen reject share",
    ),
    ("rejected", rejected_offer, "", "", ""),
]


@pytest.mark.parametrize(
    ("status", "reach", "author", "officer", "verifier"), TABLE, ids=[row[1].__name__ for row in TABLE]
)
def test_allowed_offer_actions_by_status_and_role(story, status, reach, author, officer, verifier):
    lead = reach(story)
    assert lead.status == status
    assert open_verbs(LEAD_MOVES, lead, story.officer.by) == author
    assert open_verbs(LEAD_MOVES, lead, story.second_officer.by) == officer
    assert open_verbs(LEAD_MOVES, lead, story.verifier.by) == verifier
    for role in ("approver", "logistics", "observer"):
        assert open_verbs(LEAD_MOVES, lead, story.person(role).by) == "", role
    assert open_verbs(LEAD_MOVES, lead, story.stranger.by) == ""


def test_offer_without_any_quantity_cannot_be_submitted(story):
    lead = drafted_offer(story, stock_quantity=0)
    with assert_refused("not_ready", lead):
        submit_lead(lead, by=story.officer.by, at=AT)


def test_only_offers_that_meet_the_standard_count_for_the_need_line(story):
    line = story.line()
    line.standards.set([Standard.objects.get(code="ASTM-F2100-L2")])
    submitted_offer(story, line=line, stock_quantity=3_000)
    submitted_offer(
        story, line=line, stock_quantity=4_000, standard=Standard.objects.get(code="GB2626-2006-KN95")
    )
    line.refresh_from_db()
    assert (line.offered, line.offered_short, line.verified_free) == (3_000, 4_000, 0)


def test_rejected_offer_no_longer_counts_for_the_need_line(story):
    lead = submitted_offer(story, stock_quantity=3_000)
    reject_lead(lead, reason="fake", by=story.officer.by, at=AT)
    lead.line.refresh_from_db()
    assert lead.line.offered == 0


def test_offer_cannot_be_verified_by_its_author_or_before_its_checks(story):
    lead = offer_under_review(story)
    with assert_refused("not_allowed", lead):
        verify_lead(lead, verifier=story.officer.user, by=story.officer.by, at=AT)
    with assert_refused("not_ready", lead) as no:
        verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert no.value.details["checks_open"] == lead.checks_open > 0


def test_changed_fact_returns_a_verified_offer_to_review_and_reopens_its_check(story):
    lead = verified_offer(story)
    made = dict(lead.checks.values_list("check_kind", "pk"))
    change_lead(lead, LeadEdit(stock_quantity=9_000), by=story.officer.by, at=AT)
    assert (lead.status, lead.recheck, lead.supply) == ("under_review", True, 9_000)
    with assert_refused("not_ready", lead):
        verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert update_checks(AT) == 1
    lead.refresh_from_db()
    assert (lead.recheck, lead.checks_open, lead.checks_accepted) == (False, 1, len(made) - 1)
    again = lead.checks.get(status="unassigned")
    assert (again.check_kind, again.previous_id) == ("production_and_stock_visit", made[again.check_kind])


def test_edited_remark_leaves_an_offer_verified(story):
    lead = change_lead(
        verified_offer(story), LeadEdit(remark="they answer quickly"), by=story.officer.by, at=AT
    )
    assert lead.status == "verified"


def test_offer_cannot_be_reduced_below_or_rejected_with_an_allocation(story):
    promised = story.promise(1_000)
    lead = SupplierLead.objects.get(pk=promised.lead_id)
    with assert_refused("not_enough_supply", lead):
        change_lead(lead, LeadEdit(stock_quantity=999), by=story.officer.by, at=AT)
    with assert_refused("not_ready", lead):
        reject_lead(lead, reason="no", by=story.officer.by, at=AT)


def test_offer_expires_after_its_last_day_unless_allocated(story):
    lead = submitted_offer(story, valid_until=date(2020, 4, 20))
    promised = story.promise(1_000, valid_until=date(2020, 4, 20))
    assert expire_overdue_leads(AT + timedelta(days=4)) == 0
    assert expire_overdue_leads(AT + timedelta(days=5)) == 1
    lead.refresh_from_db()
    assert lead.status == "expired"
    assert SupplierLead.objects.get(pk=promised.lead_id).status == "verified"


@pytest.mark.parametrize("sent", [{}, {"valid_until": "2020-05-10"}])
def test_last_day_of_an_offer_follows_its_last_production_day_unless_set(story, sent):
    """Forms send every field. An end date that followed the last day of production must still follow it."""
    made = {"capacity_per_day": 1_000, "ready_on": date(2020, 5, 1), "available_until": date(2020, 5, 10)}
    lead = submitted_offer(story, stock_quantity=0, **made)
    program, path = Program(story.officer.user), f"supplier-leads/{lead.reference}"
    assert program.get(f"{path}/")["valid_until"] == "2020-05-10"
    moved = program.post(f"{path}/edit/", {"available_until": "2020-06-10", **sent})
    assert (moved["valid_until"], moved["supply"]) == ("2020-06-10", 41_000)
    own = program.post(f"{path}/edit/", {"valid_until": "2020-05-20"})
    assert own["valid_until"] == "2020-05-20"
    assert program.post(f"{path}/edit/", {"available_until": "2020-07-10"})["valid_until"] == "2020-05-20"


def test_offer_is_shared_with_a_named_city_only_and_its_findings_stay_private(story):
    lead = submitted_offer(story)
    oakville = cities.city("oakville")
    there = cities.powers("officer", oakville)
    assert lead not in SupplierLead.objects.visible_to(there)
    share_lead(lead, city=oakville, by=story.officer.by, at=AT)
    assert lead in SupplierLead.objects.visible_to(there)
    assert not Finding.objects.visible_to(there).exists()
    with assert_refused("own_city", lead):
        share_lead(lead, city=story.city, by=story.officer.by, at=AT)


def test_officer_reopens_a_verified_offer_for_review(story):
    lead = reopen_lead(verified_offer(story), reason="a doubt", by=story.officer.by, at=AT)
    assert (lead.status, lead.free_quantity) == ("under_review", 10_000)


@pytest.mark.django_db
def test_offer_without_a_need_line_needs_no_recalculation(django_assert_num_queries):
    with django_assert_num_queries(0):
        recalculate_offered_totals(SupplierLead())
