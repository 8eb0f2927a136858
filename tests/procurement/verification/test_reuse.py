"""Tests of reused checks of another city: which checks, for how long, what each city learns, and when reuse ends."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from procurement.leads.actions.leads import verify_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.suppliers.actions.changes import accept_change, propose_change
from procurement.suppliers.actions.statuses import declare_interest
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.periodic import outdate_check, update_checks
from procurement.verification.actions.reuse import (
    agree_to_reuse,
    request_reuse,
    reusable_check,
    update_reuses,
)
from procurement.verification.models import CheckKind, CheckReuse, VerificationTask
from procurement.verification.rules.reuse import is_covered_by, reusable_until, reuse_days
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.check_reuse import (
    city_with_proposed_checks,
    decline_reuse,
    grant_reuse,
    own_licence_check,
    requested_reuse,
)
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT, LATER, Story
from workflow.actors import SYSTEM
from workflow.journal.models import Entry

LICENCE = CheckKind.BUSINESS_LICENCE


def own_check(reuse: CheckReuse) -> VerificationTask:
    return VerificationTask.objects.get(pk=reuse.task_id)


@pytest.mark.parametrize("check", CheckKind.values)
def test_each_type_of_check_has_its_sharing_period(check):
    days = reuse_days(check, AT.date())
    to_one_city = (CheckKind.PRICE_EXPLANATION, CheckKind.MISSING_CERTIFICATE)
    assert (days > 0) == (check not in to_one_city), "both are told to the city that asked"
    assert reuse_days(check, date(2019, 12, 31)) == 0, "the rule has a first day"


def test_check_can_be_reused_until_the_end_of_its_last_day(story):
    task = own_licence_check(story)
    last = AT + timedelta(days=reuse_days(LICENCE, AT.date()))
    origin = reusable_check(task, last - timedelta(seconds=1))
    assert origin is not None
    assert (origin.city, origin.check_kind) == (story.city, LICENCE)
    assert reusable_until(origin, AT.date()) == last.date()
    assert reusable_check(task, last + timedelta(seconds=1)) is None
    assert reusable_until(task, AT.date()) is None, "it is not accepted"


def test_only_an_accepted_check_of_the_same_company_and_goods_can_be_reused(story):
    lead = story.lead(story.line())
    _other, tasks = city_with_proposed_checks(story, model="AL-S9", stock_quantity=20_000)
    assert reusable_check(tasks[LICENCE], AT) is not None, "a licence is about no goods"
    assert reusable_check(tasks[CheckKind.VISIT], AT) is None, "another model was looked at"
    own = propose_check(lead, CheckKind.BANK_ACCOUNT, by=story.officer.by, at=AT)
    assert reusable_check(own, AT) is None, "no one has looked at the account"
    VerificationTask.objects.filter(lead=lead, check_kind=LICENCE).update(
        supplier=story.company("另一家 DEMO")
    )
    assert reusable_check(tasks[LICENCE], AT) is None
    nothing = propose_check(
        tasks[LICENCE].lead, CheckKind.PRICE_EXPLANATION, by=powers_for(_other.officer.user), at=AT
    )
    assert reusable_check(nothing, AT) is None


def test_same_goods_means_same_product_model_standard_and_certificate():
    def check(kind="sample_test", certificate=None, **goods):
        lead = SimpleNamespace(**{"product_id": 1, "model": "A", "standard_id": 2, **goods})
        return SimpleNamespace(check_kind=kind, certificate_id=certificate, lead=lead)

    assert is_covered_by(check(), check())
    for other in ({"product_id": 9}, {"model": "B"}, {"standard_id": 3}, {"certificate": 7}):
        assert not is_covered_by(check(), check(**other))
    assert is_covered_by(check("bank_account"), check("bank_account", product_id=9))


def test_granted_reuse_counts_as_an_accepted_check_by_others(story):
    reuse = requested_reuse(story)
    lead = reuse.task.lead
    lead.refresh_from_db()
    before = lead.checks_open
    assert (reuse.city, reuse.status, reuse.origin.city) == (story.city, "pending", story.city)
    agree_to_reuse(reuse, by=story.officer.by, at=LATER)
    task = own_check(reuse)
    assert (reuse.status, reuse.answered_by, reuse.answered_at) == ("agreed", story.officer.user, LATER)
    assert (task.status, task.reused_from, task.contact) == ("accepted", reuse.origin, None)
    assert (task.reviewed_by, task.reviewed_at) == (reuse.author, LATER)
    lead.refresh_from_db()
    assert (lead.checks_open, lead.checks_accepted, lead.checks_by_others) == (before - 1, 1, 1)


def test_reused_check_by_the_offers_provider_does_not_count_as_independent(story):
    story.lead(story.line())
    other, tasks = city_with_proposed_checks(story, contact=story.checker)
    who = {"by": other.officer.by, "at": AT}
    reuse = request_reuse(tasks[LICENCE], author=other.officer.user, **who)
    agree_to_reuse(reuse, by=story.officer.by, at=AT)
    lead = tasks[LICENCE].lead
    lead.refresh_from_db()
    assert (lead.checks_accepted, lead.checks_by_others) == (1, 0)


def test_declined_reuse_leaves_the_check_unassigned_and_cannot_be_requested_again(story):
    reuse = decline_reuse(story)
    assert (reuse.status, reuse.answered_by) == ("declined", story.verifier.user)
    task = own_check(reuse)
    assert (task.status, task.reused_from) == ("unassigned", None)
    with assert_refused("nothing_to_share", task):
        request_reuse(task, author=reuse.author, by=powers_for(reuse.author), at=AT)


def test_reuse_request_is_visible_only_to_the_asked_city(story):
    reuse = requested_reuse(story)
    asker = powers_for(reuse.author)
    assert list(CheckReuse.objects.visible_to(story.observer.by)) == [reuse]
    assert list(CheckReuse.objects.unanswered_by(frozenset({story.city.pk}))) == [reuse]
    for by in (asker, cities.powers("coordinator"), own_link(story.checker)):
        assert not CheckReuse.objects.visible_to(by).exists()
    entry = Entry.objects.get(thing_label="procurement.checkreuse", verb="request")
    assert entry.city_id == story.city.pk, "its history is the asked city's alone"


def test_reuse_is_requested_and_answered_only_by_permitted_people_without_an_interest(story):
    task = own_licence_check(story)
    markham = task.city
    for role in ("observer", "logistics"):
        user = cities.member(role, markham)
        with assert_refused("not_allowed", task):
            request_reuse(task, author=user, by=powers_for(user), at=AT)
    user = cities.member("verifier", markham)
    declare_interest(story.supplier, user, by=powers_for(user), at=AT)
    with assert_refused("not_allowed", task):
        request_reuse(task, author=user, by=powers_for(user), at=AT)
    asker = cities.member("officer", markham)
    reuse = request_reuse(task, author=asker, by=powers_for(asker), at=AT)
    declare_interest(story.supplier, story.officer.user, by=story.officer.by, at=AT)
    with assert_refused("not_allowed", reuse):
        agree_to_reuse(reuse, by=powers_for(story.officer.user), at=AT)
    assert reuse.contact == story.checker
    assert reuse.lead == reuse.origin.lead


def test_reuse_without_a_matching_check_is_refused_and_an_old_one_is_cancelled(story):
    _other, tasks = city_with_proposed_checks(story)
    with assert_refused("nothing_to_share", tasks[LICENCE]):
        request_reuse(tasks[LICENCE], author=_other.officer.user, by=_other.officer.by, at=AT)
    reuse = requested_reuse(Story())
    late = AT + timedelta(days=reuse_days(LICENCE, AT.date()) + 1)
    with assert_refused("not_ready", reuse):
        agree_to_reuse(reuse, by=story.officer.by, at=late)
    assert update_reuses(late) == 1
    reuse.refresh_from_db()
    assert reuse.status == "cancelled"


def test_reuse_request_no_longer_needed_is_cancelled_automatically(story):
    reuse = requested_reuse(story)
    assert update_reuses(AT) == 0
    request_check(own_check(reuse), story.contact, by=powers_for(reuse.author), at=AT)
    with assert_refused("not_ready", reuse):
        agree_to_reuse(reuse, by=story.officer.by, at=AT)
    assert update_reuses(AT) == 1
    reuse.refresh_from_db()
    assert reuse.status == "cancelled"


def test_outdated_original_outdates_the_reused_check_and_returns_the_verified_offer(story):
    reuse = grant_reuse(story)
    lead, other = reuse.task.lead, Story("markham")
    for task in lead.checks.filter(status="unassigned"):
        other.report(task)
    lead.refresh_from_db()
    verifier = cities.member("verifier", lead.city)
    verify_lead(lead, verifier=verifier, by=powers_for(verifier), at=AT)
    assert update_reuses(AT) == 0
    outdate_check(reuse.origin, by=SYSTEM, at=LATER)
    assert update_reuses(LATER) == 1
    lead.refresh_from_db()
    assert own_check(reuse).status == "outdated"
    assert lead.status == "under_review"
    again = lead.checks.get(status="unassigned")
    assert (again.check_kind, again.reused_from, again.why) == (LICENCE, None, "again")


def test_outdated_original_outdates_the_reused_check_of_an_offer_under_review(story):
    reuse = grant_reuse(story)
    outdate_check(reuse.origin, by=SYSTEM, at=LATER)
    assert update_reuses(LATER) == 1
    reuse.task.lead.refresh_from_db()
    assert (own_check(reuse).status, reuse.task.lead.status) == ("outdated", "under_review")


def test_changed_company_facts_outdate_a_reused_check(story):
    reuse = grant_reuse(story)
    change = propose_change(
        story.supplier, "correct", {"address": "Another street 1"}, reason="It moved.", author=story.officer.user,
        by=story.officer.by, at=LATER,
    )  # fmt: skip
    accept_change(change, decided_by=reuse.author, by=powers_for(reuse.author), at=LATER)
    rescreen_changed_offers(LATER)
    update_checks(LATER)
    assert own_check(reuse).status == "outdated"
