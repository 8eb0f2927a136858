"""Tests of reminders of payments: when they go out, to whom, and when they stop or start again."""

from datetime import timedelta

from procurement.notifications.audiences import payers_to_remind
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.actions.holds import hold_order
from procurement.orders.payments.actions import (
    propose_payment,
    record_payment,
    send_payment_reminders,
    set_due_date,
    withdraw_proposal,
)
from procurement.orders.payments.models import Payment
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import AT, Story
from workflow.journal.entries import history_of

DAY = timedelta(days=1)


def due_deposit(story: Story) -> Payment:
    """Return a deposit that is due since Thursday 16 April."""
    return story.placed(bank_account=story.account()).payments.get(milestone="deposit")


def test_due_payment_is_reminded_three_times_from_its_due_day_on(story: Story) -> None:
    deposit = due_deposit(story)
    assert deposit.due_on == story.city.day_at(AT)
    sent = [send_payment_reminders(AT + days * DAY) for days in range(12)]
    assert sent[:6] == [1, 1, 0, 0, 0, 1], "Thursday, Friday and, after the weekend, Tuesday"
    assert sum(sent) == 3
    deposit.refresh_from_db()
    assert deposit.reminders == 3


def test_payment_without_due_day_paid_or_of_a_held_order_is_not_reminded(story: Story) -> None:
    deposit = due_deposit(story)
    assert send_payment_reminders(AT - DAY) == 0
    propose_payment(deposit, by=story.officer.by, at=LATE)
    record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
    assert send_payment_reminders(LATE + 30 * DAY) == 0
    other = due_deposit(story)
    hold_order(other.order, reason="A doubt.", by=story.officer.by, at=LATE)
    assert send_payment_reminders(LATE + 30 * DAY) == 0


def test_missed_days_bring_one_reminder_of_a_payment_and_a_new_due_day_starts_again(story: Story) -> None:
    deposit = due_deposit(story)
    assert send_payment_reminders(AT + 20 * DAY) == 1
    assert send_payment_reminders(AT + 21 * DAY) == 0
    later = story.city.day_at(AT) + 40 * DAY
    set_due_date(deposit, due_on=later, reason="Agreed.", by=story.officer.by, at=AT + 21 * DAY)
    assert send_payment_reminders(AT + 39 * DAY) == 0
    assert send_payment_reminders(AT + 43 * DAY) == 1


def test_proposed_payment_is_reminded_of_to_everyone_but_the_person_who_proposed_it(story: Story) -> None:
    deposit = due_deposit(story)
    send_payment_reminders(AT)
    propose_payment(deposit, by=story.officer.by, at=LATE)
    assert deposit.reminders == 0
    assert send_payment_reminders(LATE) == 0
    assert send_payment_reminders(LATE + 4 * DAY) == 1
    deposit.refresh_from_db()
    assert story.approver.user in payers_to_remind(deposit)
    assert story.officer.user not in payers_to_remind(deposit)
    withdraw_proposal(deposit, reason="Later.", by=story.officer.by, at=LATE + 4 * DAY)
    assert deposit.reminders == 0


def test_last_reminder_of_a_payment_also_goes_to_all_officers(story: Story) -> None:
    deposit, approver, second = due_deposit(story), story.approver.user, story.second_officer.user
    send_payment_reminders(AT)
    deposit.refresh_from_db()
    first = {
        notice.recipient_id
        for notice in build_notifications_for_entry(history_of(deposit).first(), AT).notices
    }
    assert {story.officer.user.pk, approver.pk} <= first
    assert second.pk not in first
    send_payment_reminders(AT + 20 * DAY)
    last = {
        notice.recipient_id
        for notice in build_notifications_for_entry(history_of(deposit).first(), AT).notices
    }
    assert second.pk in last


def test_reminder_of_an_order_put_on_hold_overnight_is_not_shown(story: Story) -> None:
    deposit = due_deposit(story)
    send_payment_reminders(AT)
    hold_order(deposit.order, reason="A doubt.", by=story.officer.by, at=AT)
    assert build_notifications_for_entry(history_of(deposit).first(), AT).messages == []
