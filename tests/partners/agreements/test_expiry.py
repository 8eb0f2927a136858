"""Reminders that an agreement expires: two for each expiry date, each sent once, none after an end or suspension.

A new date or a renewal starts them again. An end can be undone.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.actions import (
    AgreementEdit,
    correct_agreement,
    end_agreement,
    remind_of_expiries,
    remind_of_expiry,
    renew_agreement,
    resume_agreement,
    suspend_agreement,
    undo_end,
)
from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import (
    MAX_DATE_UNCERTAINTY,
    MAX_REMINDER_LEAD_TIME,
    due_reminder_count,
    months_before,
    reminder_days,
)
from partners.partial_dates import PartialDate, Precision, parse_partial_date
from tests.worlds import cities
from tests.worlds.cities import NOW, Role
from workflow.actors import SYSTEM
from workflow.errors import Refused
from workflow.journal import entries
from workflow.journal.entries import history_of

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
ENDS = st.builds(PartialDate, DAYS, st.sampled_from(Precision.values))


def noon(day):
    return datetime.combine(day, time(12), UTC)


# --- dates of reminders ---
@given(ENDS, st.integers(-400, 400))
def test_agreement_expiry_has_two_ordered_reminders_before_its_end(expires, days):
    first, second = reminder_days(expires)
    last = expires.last_day
    assert first < second < last
    day = last + timedelta(days=days)
    due = due_reminder_count(expires, noon(day))
    assert due == (0 if day > last else (day >= first) + (day >= second))
    assert last - first < MAX_REMINDER_LEAD_TIME
    assert last - expires.first_day < MAX_DATE_UNCERTAINTY, "so the row is found by the day that is stored"


@given(ENDS, st.integers(0, 200))
def test_due_expiry_reminder_stays_due_until_the_end(expires, days):
    last = expires.last_day
    early, late = last - timedelta(days=days), last - timedelta(days=days // 2)
    assert due_reminder_count(expires, noon(early)) <= due_reminder_count(expires, noon(late))


@given(DAYS, st.integers(1, 24))
def test_months_before_a_date_is_the_same_day_or_the_last_of_a_shorter_month(day, number):
    before = months_before(day, number)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == number
    assert before.day == day.day or (before.day < day.day and (before + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("expires", "days"),
    [
        ("2021", ("2021-06-30", "2021-11-30")),
        ("2021-02", ("2020-08-28", "2021-01-28")),
        ("2021-08-31", ("2021-02-28", "2021-07-31")),
        ("2024-08-31", ("2024-02-29", "2024-07-31")),
        ("", ()),
    ],
)
def test_expiry_known_to_the_year_or_month_ends_with_it(expires, days):
    assert reminder_days(parse_partial_date(expires)) == tuple(map(date.fromisoformat, days))
    assert due_reminder_count(PartialDate(), NOW) == 0


# --- sending reminders ---
@pytest.fixture
def agreement(db):
    return cities.twinning("burnaby", "zhongshan", expires="2021")


def reminders(agreement):
    return list(history_of(agreement).filter(verb="remind").order_by("pk").values_list("at", flat=True))


def live_agreements(*days):
    return [remind_of_expiries(noon(date.fromisoformat(day))) for day in days]


def test_each_expiry_reminder_is_sent_once_however_often_the_job_runs(agreement):
    assert live_agreements(
        "2021-06-29", "2021-06-30", "2021-06-30", "2021-11-29", "2021-11-30", "2021-12-31"
    ) == [
        0,
        1,
        0,
        0,
        1,
        0,
    ]
    agreement.refresh_from_db()
    assert (agreement.reminded, agreement.status) == (2, "recorded")
    assert [at.date().isoformat() for at in reminders(agreement)] == ["2021-06-30", "2021-11-30"]
    assert list(TwinningAgreement.objects.expiring_soon()) == [agreement]


def test_only_one_of_two_due_expiry_reminders_is_sent_and_none_after_the_end(agreement):
    assert live_agreements("2021-12-05", "2021-12-06") == [1, 0]
    other = cities.twinning("burnaby", "wuhan", expires="2021-03-31")
    assert live_agreements("2021-12-07") == [0]
    other.refresh_from_db()
    assert other.reminded == 0


def test_expiry_reminder_is_sent_for_an_agreement_stored_without_an_action(agreement):
    """No reminder is planned when an agreement is written: the row alone decides when one is due."""
    TwinningAgreement.objects.filter(pk=agreement.pk).update(
        expires_on=date(2022, 1, 1), expires_precision="month"
    )
    assert live_agreements("2021-07-30", "2021-07-31") == [0, 1]


def test_changed_expiry_date_restarts_the_reminders(agreement):
    live_agreements("2021-12-01")
    correct_agreement(
        agreement,
        AgreementEdit(expires=parse_partial_date("2021-12-31")),
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="the same day",
    )
    assert agreement.reminded == 2
    correct_agreement(
        agreement,
        AgreementEdit(expires=parse_partial_date("2022")),
        by=CONSOLE_ACTOR,
        at=NOW,
        reason="a year more",
    )
    assert agreement.reminded == 0
    assert not TwinningAgreement.objects.expiring_soon().exists()
    assert live_agreements("2021-12-02", "2022-06-30") == [0, 1]
    renew_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="council", expires=parse_partial_date("2025"))
    assert live_agreements("2022-12-01", "2025-06-30", "2025-11-30") == [0, 1, 1]
    assert len(reminders(agreement)) == 4


@pytest.mark.parametrize("how", ["end", "suspend"])
def test_ended_or_suspended_agreement_is_not_reminded_until_restored(agreement, how):
    live_agreements("2021-06-30")
    if how == "end":
        end_agreement(agreement, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="vote")
    else:
        suspend_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote")
    assert live_agreements("2021-11-30") == [0]
    if how == "end":
        undo_end(agreement, by=CONSOLE_ACTOR, at=NOW, reason="a slip")
    else:
        resume_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote")
    assert agreement.reminded == 0
    assert live_agreements("2021-12-01") == [1]


def test_expiry_reminder_is_sent_only_by_the_periodic_job_and_only_when_due(agreement):
    with pytest.raises(Refused) as refused:
        remind_of_expiry(agreement, by=cities.powers(Role.COORDINATOR), at=noon(date(2021, 12, 1)))
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused) as refused:
        remind_of_expiry(agreement, by=SYSTEM, at=noon(date(2021, 1, 1)))
    assert refused.value.code == "not_ready"


STEPS = ["tick", "renew", "correct", "suspend", "resume", "end", "undo_end"]


# The same last day is entered again after the first of two reminders.
AS_IT_IS = [*[("tick", 120)] * 3, ("tick", 84), ("correct", 30), ("tick", 120)]


class RandomAgreementHistories(TestCase):
    @settings(max_examples=40)
    @example(AS_IT_IS)
    @example([("renew", 1), ("tick", 1)])
    @given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 120)), max_size=20))
    def test_one_expiry_date_is_reminded_at_most_twice_and_only_while_in_force(self, steps):
        agreement, at = cities.twinning("burnaby", "zhongshan", expires="2021-12-31"), NOW
        for verb, days in steps:
            at += timedelta(days=days)
            status, told = agreement.status, len(reminders(agreement))
            with suppress(Refused):
                run_verb(
                    agreement,
                    verb,
                    parse_partial_date((at + timedelta(days=days * 5)).date().isoformat()),
                    at,
                )
            agreement.refresh_from_db()
            assert len(reminders(agreement)) - told <= (verb == "tick" and status == "recorded")
        spell = 0
        for entry in history_of(agreement).order_by("pk"):
            same_end = entry.verb == "suspend" or not entry.after.keys() & {"expires_on", "status"}
            spell = spell + 1 if entry.verb == "remind" else spell if same_end else 0
            assert spell <= 2
        # Of two reminders that are due at once only one is sent, and both count as done.
        if agreement.status == "recorded":
            assert spell <= agreement.reminded <= 2
            assert bool(spell) == bool(agreement.reminded)


def run_verb(agreement, verb, ends, at):
    who = {"by": CONSOLE_ACTOR, "at": at}
    {
        "tick": lambda: remind_of_expiries(at),
        "renew": lambda: renew_agreement(agreement, reason="x", expires=ends, **who),
        "correct": lambda: correct_agreement(agreement, AgreementEdit(expires=ends), reason="x", **who),
        "suspend": lambda: suspend_agreement(agreement, reason="x", **who),
        "resume": lambda: resume_agreement(agreement, reason="x", **who),
        "end": lambda: end_agreement(agreement, why="terminated", reason="x", **who),
        "undo_end": lambda: undo_end(agreement, reason="x", **who),
    }[verb]()


# --- resuming, renewing, undoing ---
def test_agreement_is_resumed_with_a_new_expiry_date(agreement):
    suspend_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote", on=parse_partial_date("2020-03"))
    resume_agreement(
        agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote", expires=parse_partial_date("2024-05")
    )
    assert (agreement.status, bool(agreement.ended), agreement.expires) == (
        "recorded",
        False,
        parse_partial_date("2024-05"),
    )
    suspend_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote")
    resume_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote")
    assert agreement.expires == parse_partial_date("2024-05"), "as it stood"


def test_renewal_or_resumption_until_a_past_date_is_refused(agreement):
    for act in (renew_agreement, resume_agreement):
        if act is resume_agreement:
            suspend_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote")
        with pytest.raises(Refused) as refused:
            act(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote", expires=parse_partial_date("2020-04-15"))
        assert (refused.value.code, refused.value.details["field"]) == ("already_over", "expires")


@pytest.mark.parametrize("act", [renew_agreement, resume_agreement, undo_end])
def test_renewing_resuming_and_undoing_an_end_require_a_reason(agreement, act):
    if act is resume_agreement:
        suspend_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote")
    else:
        end_agreement(agreement, why="expired", by=CONSOLE_ACTOR, at=NOW, reason="vote")
    with pytest.raises(Refused) as refused:
        act(agreement, by=CONSOLE_ACTOR, at=NOW, reason=" ")
    assert refused.value.code == "reason_missing"


def test_end_entered_by_mistake_is_undone_and_all_values_restored(agreement):
    before = entries.snapshot(agreement)
    end_agreement(
        agreement, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="vote", on=parse_partial_date("2020-01")
    )
    undo_end(agreement, by=CONSOLE_ACTOR, at=NOW, reason="another city")
    assert entries.snapshot(TwinningAgreement.objects.get(pk=agreement.pk)) == before
    suspend_agreement(agreement, by=CONSOLE_ACTOR, at=NOW, reason="vote", on=parse_partial_date("2020-02"))
    before = entries.snapshot(agreement)
    end_agreement(
        agreement, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="vote", on=parse_partial_date("2020-03")
    )
    undo_end(agreement, by=CONSOLE_ACTOR, at=NOW, reason="another city")
    assert entries.snapshot(TwinningAgreement.objects.get(pk=agreement.pk)) == before, (
        "suspended again, since the same day"
    )
