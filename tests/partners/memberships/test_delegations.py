"""Delegation of approvals: who delegates to whom, on which dates, and how it ends."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import CONSOLE_ACTOR
from partners.memberships import actions
from partners.memberships.actions import end_delegation, end_role
from partners.memberships.models import Delegation
from partners.memberships.rules import delegation_refusal
from partners.powers import Power
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.cities import NOW, powers_for
from workflow.clock import advance_clock, clear_instance_cache, create_instance
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
WHERE = "/cities/burnaby/limits/"


@pytest.fixture
def burnaby():
    clear_instance_cache()
    create_instance("practice", NOW)
    yield cities.city("burnaby")
    clear_instance_cache()


@pytest.fixture
def approver(burnaby):
    return cities.member("approver", burnaby)


@pytest.fixture
def officer(burnaby):
    return cities.member("officer", burnaby)


def delegate_days(approver, deputy, city, first=0, last=7, **facts):
    return actions.delegate_approvals(
        city,
        deputy,
        starts_on=TODAY + timedelta(days=first),
        ends_on=TODAY + timedelta(days=last),
        by=powers_for(approver),
        at=NOW,
        **facts,
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, ""),
        ({"approves": False}, "not_allowed"),
        ({"works_here": False}, "not_here"),
        ({"oneself": True}, "oneself"),
        ({"days": (TODAY, TODAY, TODAY)}, ""),
        ({"days": (TODAY, date(2020, 5, 2), date(2020, 5, 1))}, "bad_days"),
        ({"days": (TODAY, date(2020, 3, 1), date(2020, 3, 2))}, "bad_days"),
        ({"days": (TODAY, TODAY, TODAY + timedelta(days=60))}, ""),
        ({"days": (TODAY, TODAY, TODAY + timedelta(days=61))}, "bad_days"),
    ],
)
def test_invalid_delegation_is_refused_by_code(facts, code):
    usual = {"approves": True, "works_here": True, "oneself": False, "days": (TODAY, TODAY, TODAY)}
    no = delegation_refusal(**usual | facts)
    assert (no.code if no else "") == code


def test_delegate_can_approve_on_the_named_days_only(burnaby, approver, officer):
    given = delegate_days(approver, officer, burnaby, reason="Leave")
    by = powers_for(officer)
    assert by.city_ids_by_power[Power.APPROVE] == {burnaby.pk}
    assert [(one.delegator_id, one.last_day) for one in by.delegations] == [(approver.pk, given.ends_on)]
    assert by.delegations[0].delegator_name == str(approver)
    advance_clock(NOW + timedelta(days=7, hours=6))  # the last day, by Burnaby's local time
    assert powers_for(officer).delegations
    advance_clock(NOW + timedelta(days=8))
    assert Power.APPROVE not in powers_for(officer).city_ids_by_power
    assert not powers_for(officer).delegations
    entry = history_of(given).get()
    assert (entry.verb, entry.city_id, entry.reason) == ("delegate", burnaby.pk, "Leave")
    assert str(given) == f"{approver} → {officer}"


def test_approver_in_one_city_and_delegate_in_another_can_approve_in_both(burnaby, approver, officer):
    markham = cities.city("markham")
    actions.grant_role(officer, role="approver", city=markham, by=CONSOLE_ACTOR, at=NOW)
    delegate_days(approver, officer, burnaby)
    assert powers_for(officer).city_ids_by_power[Power.APPROVE] == {burnaby.pk, markham.pk}


def test_delegation_begins_on_its_first_day(burnaby, approver, officer):
    delegate_days(approver, officer, burnaby, first=1)
    assert not powers_for(officer).delegations
    advance_clock(NOW + timedelta(days=1))
    assert powers_for(officer).delegations


def test_delegation_ends_with_the_role_of_the_approver(burnaby, approver, officer):
    cities.member("approver", burnaby, "Ann Other")  # another approver gives no rights to this one's delegate
    delegate_days(approver, officer, burnaby)
    end_role(approver.memberships.get(), by=powers_for(approver), at=NOW)
    assert not powers_for(officer).delegations
    actions.grant_role(approver, role="officer", city=burnaby, by=CONSOLE_ACTOR, at=NOW)
    actions.grant_role(approver, role="approver", city=cities.city("markham"), by=CONSOLE_ACTOR, at=NOW)
    assert not powers_for(officer).delegations


def test_delegate_without_a_role_in_the_city_cannot_approve(burnaby, approver, officer):
    delegate_days(approver, officer, burnaby)
    end_role(officer.memberships.get(), by=powers_for(officer), at=NOW)
    assert not powers_for(officer).delegations


def test_approver_named_as_delegate_keeps_their_own_permission(burnaby, approver):
    other = cities.member("approver", burnaby, "Ann Other")
    delegate_days(approver, other, burnaby)
    assert not powers_for(other).delegations
    assert Power.APPROVE in powers_for(other).city_ids_by_power


def test_delegation_by_a_delegate_to_oneself_or_to_an_outsider_is_refused(burnaby, approver, officer):
    delegate_days(approver, officer, burnaby)
    third, stranger = cities.member("verifier", burnaby), cities.member("officer", cities.city("markham"))
    for delegator, deputy, code in (
        (officer, third, "not_allowed"),
        (approver, approver, "oneself"),
        (approver, stranger, "not_here"),
        (approver, cities.member("broker", burnaby), "not_here"),
    ):
        with pytest.raises(Refused) as caught:
            delegate_days(delegator, deputy, burnaby)
        assert caught.value.code == code


def test_delegation_is_revoked_by_giver_holder_or_administrator(burnaby, approver, officer):
    keeper = cities.member("administrator", burnaby)
    for person in (approver, officer, keeper):
        given = delegate_days(approver, officer, burnaby)
        with pytest.raises(Refused):
            end_delegation(given, by=powers_for(cities.member("observer", burnaby)), at=NOW)
        end_delegation(given, by=powers_for(person), at=NOW)
        assert not powers_for(officer).delegations
        with pytest.raises(Refused) as caught:
            end_delegation(given, by=powers_for(person), at=NOW)
        assert caught.value.code == "taken_back"


def test_database_rejects_a_delegation_to_oneself(burnaby, approver, officer):
    given = delegate_days(approver, officer, burnaby)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=given.pk).update(deputy=approver)


def test_approver_names_and_ends_a_delegate_on_the_page(burnaby, approver, officer):
    page = Browser(approver).open(WHERE)
    assert "No delegations." in page
    page = page.follow("Delegate my approvals")
    wrong = page.press("Name delegate", deputy=str(officer.pk), starts_on="2020-05-02", ends_on="2020-05-01")
    assert (wrong.status, set(wrong.wrong)) == (422, {"ends_on"})
    empty = Browser(approver).open(f"{WHERE}away/").press("Name delegate", starts_on="", ends_on="")
    assert (empty.status, set(empty.wrong)) == (422, {"deputy", "starts_on", "ends_on"})
    page = Browser(approver).open(f"{WHERE}away/")
    page = page.press(
        "Name delegate",
        deputy=str(officer.pk),
        starts_on="2020-04-16",
        ends_on="2020-05-01",
        reason="Leave",
    )
    assert page.at == WHERE
    assert f"{officer} for {approver}" in page
    page = page.press(f"End delegation {officer}")
    assert "ended early" in page
    assert not powers_for(officer).delegations


def test_delegations_are_given_only_by_approvers_and_visible_to_the_city_only(burnaby, approver, officer):
    given = delegate_days(approver, officer, burnaby, first=1, last=2)
    assert Browser(officer).client.get(f"{WHERE}away/").status_code == 403
    stranger = Browser(cities.member("approver", cities.city("markham")))
    assert stranger.client.get(f"{WHERE}away/").status_code == 404
    assert stranger.client.post(f"/delegations/{given.pk}/end/").status_code == 404
    watching = Browser(cities.member("observer", burnaby))
    assert f"{officer} for {approver}" in watching.open(WHERE)
    assert watching.client.post(f"/delegations/{given.pk}/end/").status_code == 403
    advance_clock(NOW + timedelta(days=9))
    assert "over" in watching.open(WHERE)
    assert not Browser(approver).open(WHERE).buttons
