"""Tests of the boundaries in the rules for checks and their reuse, without a database."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from partners.cities.models import City
from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.rules.reuse import (
    CANCEL_REUSE,
    REQUEST_REUSE,
    REUSE_PERIODS,
    ReusePeriod,
    may_answer_reuse,
    may_request_reuse,
    outdated_check_refusal,
    reusable_until,
    reuse_days,
    unneeded_reuse_refusal,
)
from procurement.verification.rules.tasks import (
    CHANGE_DUE_TIME,
    CHECK_DUE_DAYS,
    DUE_DAYS_AFTER_RETURN,
    MARK_OUTDATED,
    REMIND,
    REQUEST_CHECK,
    REUSE_CHECK,
    CertificateSenderActor,
    contact_interest_refusal,
    due_time_change_refusal,
    ended_lead_refusal,
    fourth_reminder_refusal,
    issuer_answer_in_report,
    may_assign,
    may_report,
    may_review,
    needs_phone_call,
)
from workflow.actors import SYSTEM
from workflow.errors import Refused

BURNABY = City(pk=1, name_en="Burnaby", timezone="America/Vancouver")
EVENING = datetime(2020, 4, 17, 2, tzinfo=UTC)  # of 16 April in Burnaby
LENT = {
    CheckKind.BUSINESS_LICENCE: 180,
    CheckKind.CERTIFICATE: 90,
    CheckKind.VISIT: 60,
    CheckKind.SAMPLE_TEST: 90,
    CheckKind.EXPORT_PERMISSION: 30,
    CheckKind.BANK_ACCOUNT: 30,
    CheckKind.PRICE_EXPLANATION: 0,
    CheckKind.MISSING_CERTIFICATE: 0,
}


class ContactStub(SimpleNamespace):
    """A contact."""

    declines_contact = False

    def __str__(self) -> str:
        return "Li Wei"


LI, LEFT_ALONE = ContactStub(), ContactStub(declines_contact=True)
NO_REPORTS = SimpleNamespace(all=list)


def task(**facts: Any) -> Any:
    lead = SimpleNamespace(status=facts.pop("lead", "under_review"), reference="SL-1")
    return SimpleNamespace(
        **{"status": "requested", "contact": LI, "reminder_count": 0, "lead": lead, **facts}
    )


def actor(*powers: str) -> Any:
    """Return a user with these powers, without a declared interest."""
    return SimpleNamespace(
        may=lambda power, thing: power in powers, companies_with_interest=frozenset(), user_id=1
    )


# --- reminders --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("contact", "reminder_count", "more"),
    [(LI, 2, True), (LI, 3, False), (None, 2, True), (None, 3, False), (LEFT_ALONE, 0, False)],
)
def test_contact_gets_at_most_three_check_reminders_and_none_after_stopping(contact, reminder_count, more):
    assert (fourth_reminder_refusal(task(contact=contact, reminder_count=reminder_count)) is None) is more


@pytest.mark.parametrize(
    ("facts", "phone"),
    [
        ({"reminder_count": 3}, True),
        ({"reminder_count": 3, "status": "in_progress"}, True),
        ({"reminder_count": 3, "status": "returned"}, True),
        ({"reminder_count": 2}, False),
        ({"reminder_count": 3, "status": "submitted"}, False),
        ({"reminder_count": 3, "contact": None}, False),
        ({"reminder_count": 3, "contact": LEFT_ALONE}, False),
    ],
)
def test_phone_call_is_due_when_all_check_reminders_were_sent_without_a_report(facts, phone):
    assert needs_phone_call(task(**facts)) is phone


@pytest.mark.parametrize("status", SupplierLead.Status.values)
def test_check_can_be_reminded_and_rescheduled_only_while_its_offer_is_live(status):
    live = status in SupplierLead.LIVE_STATUSES
    assert (ended_lead_refusal(task(lead=status)) is None) is live
    assert (due_time_change_refusal(task(lead=status)) is None) is live
    assert due_time_change_refusal(task(lead=status, contact=LEFT_ALONE)) is not None


@pytest.mark.parametrize(
    ("move", "status", "closing"),
    [
        (REQUEST_CHECK, "unassigned", {"lead": "rejected"}),
        (CHANGE_DUE_TIME, "requested", {"lead": "rejected"}),
        (CHANGE_DUE_TIME, "requested", {"contact": LEFT_ALONE}),
        (REMIND, "returned", {"reminder_count": 3}),
    ],
)
def test_unreachable_contact_cannot_be_assigned_or_reminded(move, status, closing):
    officer = actor(Power.ASSIGN_CHECK)
    assert move.refusal(officer, task(status=status), EVENING) is None
    no = move.refusal(officer, task(status=status, **closing), EVENING)
    assert no.code == "not_ready"
    over = task(status="accepted", get_status_display=lambda: "Accepted")
    assert move.refusal(officer, over, EVENING).code == "wrong_status"


# --- who may ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("power", Power)
def test_assigning_reporting_and_reviewing_checks_require_their_own_permissions(power):
    it, by = task(reports=NO_REPORTS), actor(power)
    assert may_assign(by, it) is (power == Power.ASSIGN_CHECK)
    assert may_report(by, it) is (power == Power.REPORT_ON_CHECK)
    assert may_review(by, it) is (power == Power.REVIEW_REPORT)


@pytest.mark.parametrize("company", [5, 6])
def test_person_with_an_interest_in_company_or_maker_cannot_review_a_report(company):
    it = task(supplier_id=5, reports=NO_REPORTS)
    it.lead.maker_id = 6
    judge = actor(Power.REVIEW_REPORT)
    judge.companies_with_interest = frozenset({7})
    assert may_review(judge, it) is True
    judge.companies_with_interest = frozenset({company})
    no = may_review(judge, it)
    assert isinstance(no, Refused)
    assert no.details["show"]


def test_unassigned_check_has_no_conflict_of_interest():
    assert contact_interest_refusal(task(contact=None)) is None


@pytest.mark.parametrize("move", [MARK_OUTDATED, REUSE_CHECK, CANCEL_REUSE])
def test_only_the_system_can_outdate_reuse_or_cancel_a_shared_check(move):
    it = SimpleNamespace(status=min(move.source))
    assert move.refusal(actor(*Power), it, EVENING).code == "not_allowed"
    assert move.refusal(SYSTEM, it, EVENING) is None


# --- what the issuer said ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked", "said", "result"),
    [
        ("yes", "yes", "confirms"),
        ("yes", "no", "differs"),
        ("yes", "could_not_check", "no_answer"),
        ("yes", None, "no_answer"),
        ("no", "yes", None),
        ("could_not_check", "yes", None),
        (None, "yes", None),
    ],
)
def test_issuers_answer_counts_only_if_the_issuer_was_asked(asked, said, result):
    given = {
        code: {"answer": word} if word else None
        for code, word in (("asked_issuer", asked), ("issuer_confirms", said))
    }
    assert issuer_answer_in_report(CheckKind.CERTIFICATE, given) == result
    assert issuer_answer_in_report(CheckKind.VISIT, given) is None


# --- shared checks ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("check", "days"), LENT.items())
def test_each_type_of_check_is_shared_for_its_days_from_the_rules_first_day(check, days):
    assert [reuse_days(check, on) for on in (date(2019, 12, 31), date(2020, 1, 1))] == [0, days]


def test_later_sharing_rule_replaces_the_earlier_from_its_first_day(monkeypatch):
    first, second = ReusePeriod(date(2020, 1, 1), 30), ReusePeriod(date(2020, 5, 1), 60)
    monkeypatch.setitem(REUSE_PERIODS, CheckKind.EXPORT_PERMISSION, (first, second))
    assert [reuse_days(CheckKind.EXPORT_PERMISSION, on) for on in (date(2020, 4, 30), date(2020, 5, 1))] == [
        30,
        60,
    ]


@pytest.mark.parametrize("power", Power)
def test_reuse_is_requested_with_assigning_and_answered_with_reviewing_permission(power):
    reuse: Any = SimpleNamespace(task=task())
    by = actor(power)
    assert may_request_reuse(by, reuse) is (power == Power.ASSIGN_CHECK)
    assert may_answer_reuse(by, reuse) is (power == Power.REVIEW_REPORT)


def lent_check(**facts: Any) -> Any:
    given = {
        "check_kind": CheckKind.EXPORT_PERMISSION,
        "status": "accepted",
        "reviewed_at": EVENING,
        "city": BURNABY,
        **facts,
    }
    return SimpleNamespace(**given)


@pytest.mark.parametrize(
    "facts", [{"status": "submitted"}, {"reviewed_at": None}, {"check_kind": CheckKind.PRICE_EXPLANATION}]
)
def test_only_an_accepted_shareable_check_has_a_last_day(facts):
    assert reusable_until(lent_check(), date(2020, 4, 20)) == date(2020, 5, 16)
    assert reusable_until(lent_check(**facts), date(2020, 4, 20)) is None


@pytest.mark.parametrize(
    ("at", "valid"),
    [
        (datetime(2020, 5, 16, 12, tzinfo=UTC), True),
        (datetime(2020, 5, 17, 6, 59, tzinfo=UTC), True),  # still the evening of 16 May in Burnaby
        (datetime(2020, 5, 17, 7, tzinfo=UTC), False),
    ],
)
def test_check_is_shareable_through_its_whole_last_day_in_the_citys_time_zone(at, valid):
    assert (outdated_check_refusal(SimpleNamespace(city=BURNABY, origin=lent_check()), at) is None) is valid
    never = SimpleNamespace(city=BURNABY, origin=lent_check(check_kind=CheckKind.PRICE_EXPLANATION))
    assert outdated_check_refusal(never, at) is not None


@pytest.mark.parametrize(
    ("mine", "theirs", "wanted"),
    [
        ({}, {}, True),
        ({"status": "declined"}, {}, True),
        ({"status": "requested"}, {}, False),
        ({"lead": "rejected"}, {}, False),
        ({}, {"status": "outdated"}, False),
        ({}, {"reused_from_id": 7}, False),
    ],
)
def test_reuse_request_holds_while_one_city_needs_and_the_other_has_the_check(mine, theirs, wanted):
    origin = SimpleNamespace(**{"status": "accepted", "reused_from_id": None, **theirs})
    reuse = SimpleNamespace(
        task=task(**{"status": VerificationTask.Status.UNASSIGNED, **mine}), origin=origin
    )
    assert (unneeded_reuse_refusal(reuse) is None) is wanted
    assert (REQUEST_REUSE.refusal(actor(Power.ASSIGN_CHECK), reuse, EVENING) is None) is wanted


# --- a certificate that was asked for -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("power", "thing", "may"),
    [
        (Power.OFFER_LEAD, Certificate(supplier_id=1, kind_id=2), True),
        (Power.OFFER_LEAD, Certificate(supplier_id=1, kind_id=3), False),
        (Power.OFFER_LEAD, Certificate(supplier_id=9, kind_id=2), False),
        (Power.ASSIGN_CHECK, Certificate(supplier_id=1, kind_id=2), False),
        (Power.OFFER_LEAD, SupplierLead(supplier_id=1), False),
    ],
)
def test_certificate_request_link_may_enter_only_the_requested_certificate(power, thing, may):
    task = VerificationTask(supplier=Supplier(pk=1), requested_certificate_type_id=2)
    assert CertificateSenderActor(task, 5, "").may(power, thing) is may


def test_check_is_due_after_four_days_and_a_returned_report_after_two():
    assert (CHECK_DUE_DAYS, DUE_DAYS_AFTER_RETURN) == (4, 2)
