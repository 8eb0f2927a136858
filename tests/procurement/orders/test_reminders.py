"""Tests of the reminders about orders that wait: for a decision, the supplier's confirmation, promised goods."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partners.cities.models import City
from partners.memberships.models import Membership
from procurement.notifications.audiences import approvers, approvers_to_remind
from procurement.orders.actions.approve import (
    accept_donation,
    record_confirmation,
    return_to_author,
    submit_order,
)
from procurement.orders.actions.create import OrderEdit, create_donation, edit_order
from procurement.orders.actions.reminders import send_order_reminders
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.reminders import MAX_ORDER_REMINDERS, next_reminder_on, reminder_days
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

DAY = timedelta(days=1)
THURSDAY = datetime(2020, 4, 16, 20, tzinfo=UTC)  # 13:00 in Vancouver
BURNABY = City(name_en="Burnaby", country="CA", subdivision="CA-BC", timezone="America/Vancouver")


def order(status: str, **facts: object) -> Order:
    return Order(city=BURNABY, status=status, **facts)


def reminders_of(thing: Order) -> int:
    return Entry.objects.filter(thing_label="procurement.order", thing_id=thing.pk, verb="remind").count()


@pytest.mark.parametrize("status", ["awaiting_approval", "offered", "placed"])
def test_an_answer_is_asked_for_on_the_first_second_and_fourth_working_day(status):
    days = reminder_days(order(status, waiting_since=THURSDAY), status)
    assert days == [date(2020, 4, 17), date(2020, 4, 20), date(2020, 4, 22)]
    good_friday_eve = datetime(2020, 4, 10, 3, tzinfo=UTC)  # Thursday evening in Burnaby
    days = reminder_days(order(status, waiting_since=good_friday_eve), status)
    assert date(2020, 4, 10) not in days, "a holiday there"
    assert [day.weekday() < 5 for day in days] == [True, True, True]


@pytest.mark.parametrize("status", ["confirmed", "accepted", "ready_to_ship"])
def test_goods_are_asked_for_before_and_after_their_promised_day(status):
    promised = order(status, promised_on=date(2020, 4, 28))
    assert reminder_days(promised, status) == [date(2020, 4, 25), date(2020, 4, 29), date(2020, 5, 3)]
    assert reminder_days(order(status), status) == []


@pytest.mark.parametrize("status", ["draft", "approved", "completed", "cancelled", "lost"])
def test_an_order_that_waits_for_nothing_has_no_reminders(status):
    both = order(status, waiting_since=THURSDAY, promised_on=date(2020, 4, 28))
    assert reminder_days(both, status) == []
    assert next_reminder_on(both, status) is None


@pytest.mark.parametrize(("sent", "day"), [(0, date(2020, 4, 17)), (2, date(2020, 4, 22)), (3, None)])
def test_the_next_reminder_follows_those_sent(sent, day):
    waits = order("placed", waiting_since=THURSDAY, reminders=sent)
    assert next_reminder_on(waits, "placed") == day


@pytest.fixture
def story(once):
    with once():
        yield Story()


@pytest.mark.django_db
def test_an_approval_that_waits_is_reminded_of_three_times(story: Story) -> None:
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    assert waiting.waiting_since == AT
    first = waiting.next_reminder_on
    assert first is not None
    assert send_order_reminders(AT) == 0
    sent = [send_order_reminders(AT + days * DAY) for days in range(1, 15)]
    assert sum(sent) == 3
    waiting.refresh_from_db()
    assert (reminders_of(waiting), waiting.reminders, waiting.next_reminder_on) == (3, 3, None)


@pytest.mark.django_db
def test_days_that_the_job_missed_bring_one_reminder(story: Story) -> None:
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    assert send_order_reminders(AT + 30 * DAY) == 1
    assert send_order_reminders(AT + 31 * DAY) == 0
    waiting.refresh_from_db()
    assert (reminders_of(waiting), waiting.reminders) == (1, 3)


@pytest.mark.django_db
def test_an_order_taken_back_is_not_reminded_of_and_starts_again(story: Story) -> None:
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    return_to_author(waiting, reason="one more quote", by=story.officer.by, at=AT)
    assert send_order_reminders(AT + 30 * DAY) == 0
    later = AT + 30 * DAY
    submit_order(waiting, by=story.officer.by, at=later)
    assert (waiting.waiting_since, waiting.reminders) == (later, 0)
    assert waiting.next_reminder_on is not None
    assert waiting.next_reminder_on > waiting.city.day_at(later)


def donation(story: Story) -> Order:
    given = story.promise(5_000, kind="donation", price=None)
    values = {given.pk: Decimal(1)}
    who = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    return create_donation(story.city, [given], unit_values=values, **who)


@pytest.mark.django_db
def test_a_donation_waits_for_its_decision_and_its_promised_day_changes_nothing(story: Story) -> None:
    gift = donation(story)
    first = gift.next_reminder_on
    edit_order(gift, OrderEdit(promised_on=date(2020, 5, 20)), by=story.officer.by, at=AT + DAY)
    assert (gift.waiting_since, gift.next_reminder_on) == (AT, first)
    assert send_order_reminders(AT + 5 * DAY) == 1


@pytest.mark.django_db
def test_a_confirmation_ends_the_wait_and_the_promised_day_begins_another(story: Story) -> None:
    placed = story.placed()
    assert placed.waiting_since == AT
    assert send_order_reminders(AT + 5 * DAY) == 1
    day = placed.city.day_at(AT)
    record_confirmation(placed, promised_on=day + 10 * DAY, by=story.officer.by, at=AT + 5 * DAY)
    assert (placed.waiting_since, placed.reminders) == (None, 0)
    assert placed.next_reminder_on == day + 7 * DAY
    assert send_order_reminders(AT + 6 * DAY) == 0
    assert send_order_reminders(AT + 7 * DAY) == 1


@pytest.mark.django_db
def test_a_reminder_of_goods_is_not_sent_once_all_have_left(story: Story) -> None:
    placed = story.placed()
    day = placed.city.day_at(AT)
    record_confirmation(placed, promised_on=day + DAY, by=story.officer.by, at=AT)
    assert placed.reminders == 1, "three days before are past"
    line = placed.lines.get()
    OrderLine.objects.filter(pk=line.pk).update(shipped=line.quantity, departed=line.quantity)
    assert send_order_reminders(AT + 9 * DAY) == 0
    OrderLine.objects.filter(pk=line.pk).update(departed=line.quantity - 1)
    assert send_order_reminders(AT + 9 * DAY) == 1


@pytest.mark.django_db
def test_another_promised_day_of_an_accepted_donation_moves_its_reminders(story: Story) -> None:
    gift = accept_donation(donation(story), by=story.officer.by, at=AT)
    assert gift.next_reminder_on is None, "no day was promised"
    day = gift.city.day_at(AT)
    edit_order(gift, OrderEdit(promised_on=day + 20 * DAY), by=story.officer.by, at=AT)
    assert gift.next_reminder_on == day + 17 * DAY
    edit_order(gift, OrderEdit(promised_on=day + 30 * DAY), by=story.officer.by, at=AT)
    assert gift.next_reminder_on == day + 27 * DAY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "departed", "late"), [(0, 0, False), (1, 0, True), (1, 9_999, True), (1, 10_000, False)]
)
def test_an_order_is_late_from_the_day_after_its_promised_day(story: Story, days, departed, late):
    placed = story.placed()
    day = placed.city.day_at(AT)
    Order.objects.filter(pk=placed.pk).update(promised_on=day)
    OrderLine.objects.filter(order=placed).update(shipped=10_000, departed=departed)
    assert Order.objects.late(day + days * DAY).filter(pk=placed.pk).exists() is late


@pytest.mark.django_db
def test_author_with_approver_role_is_not_asked_to_approve_but_gets_the_last_reminder(story: Story) -> None:
    Membership.objects.create(
        user=story.officer.user, city=story.city, role="approver", status="active", created_at=AT
    )
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    assert story.officer.user not in approvers(waiting)
    assert story.officer.user not in approvers_to_remind(waiting)
    waiting.reminders = MAX_ORDER_REMINDERS
    assert story.officer.user in approvers_to_remind(waiting)
