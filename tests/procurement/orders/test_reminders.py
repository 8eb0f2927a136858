"""Tests of reminders of orders: awaiting a decision, the supplier's confirmation, or promised goods."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partners.cities.models import City
from partners.memberships.models import Membership
from procurement.notifications.audiences import approvers, approvers_to_remind
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.actions.approve import (
    accept_donation,
    record_confirmation,
    return_to_author,
    submit_order,
)
from procurement.orders.actions.create import OrderEdit, create_donation, edit_order
from procurement.orders.actions.reminders import send_order_reminders
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.reminders import next_reminder_on, reminder_days
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry
from workflow.reminders import MAX_REMINDERS

DAY = timedelta(days=1)
THURSDAY = datetime(2020, 4, 16, 20, tzinfo=UTC)  # 13:00 in Vancouver
BURNABY = City(name_en="Burnaby", country="CA", subdivision="CA-BC", timezone="America/Vancouver")


def waiting_order(status: str, **facts: object) -> Order:
    return Order(city=BURNABY, status=status, **facts)


def days_of_reminders(thing: Order) -> int:
    return Entry.objects.filter(thing_label="procurement.order", thing_id=thing.pk, verb="remind").count()


@pytest.mark.parametrize("status", ["awaiting_approval", "offered", "placed"])
def test_decision_reminders_fall_on_the_first_second_and_fourth_working_day(status):
    days = reminder_days(waiting_order(status, waiting_since=THURSDAY), status)
    assert days == [date(2020, 4, 17), date(2020, 4, 20), date(2020, 4, 22)]
    good_friday_eve = datetime(2020, 4, 10, 3, tzinfo=UTC)  # Thursday evening in Burnaby
    days = reminder_days(waiting_order(status, waiting_since=good_friday_eve), status)
    assert date(2020, 4, 10) not in days, "a holiday there"
    assert [day.weekday() < 5 for day in days] == [True, True, True]


def test_decision_reminders_count_from_the_day_in_the_city_by_its_own_holidays():
    evening = datetime(2020, 4, 17, 3, tzinfo=UTC)  # Thursday in Burnaby, Friday by UTC
    waiting = waiting_order("placed", waiting_since=evening)
    assert reminder_days(waiting, "placed") == [date(2020, 4, 17), date(2020, 4, 20), date(2020, 4, 22)]
    before_family_day = datetime(
        2020, 2, 14, 20, tzinfo=UTC
    )  # Monday, 17 February, is a holiday of the province
    waiting = waiting_order("placed", waiting_since=before_family_day)
    assert reminder_days(waiting, "placed") == [date(2020, 2, 18), date(2020, 2, 19), date(2020, 2, 21)]
    before_canada_day = datetime(2020, 6, 30, 20, tzinfo=UTC)
    waiting = waiting_order("placed", waiting_since=before_canada_day)
    waiting.city = City(name_en="Ottawa", country="CA", timezone="America/Toronto")
    assert reminder_days(waiting, "placed") == [date(2020, 7, 2), date(2020, 7, 3), date(2020, 7, 7)]


@pytest.mark.parametrize("status", ["awaiting_approval", "offered", "placed"])
def test_order_without_a_day_since_which_it_waits_has_no_reminders(status):
    assert reminder_days(waiting_order(status), status) == []


@pytest.mark.parametrize("status", ["confirmed", "accepted", "ready_to_ship"])
def test_delivery_reminders_fall_before_and_after_the_promised_date(status):
    promised = waiting_order(status, promised_on=date(2020, 4, 28))
    assert reminder_days(promised, status) == [date(2020, 4, 25), date(2020, 4, 29), date(2020, 5, 3)]
    assert reminder_days(waiting_order(status), status) == []


@pytest.mark.parametrize("status", ["draft", "approved", "completed", "cancelled", "lost"])
def test_order_waiting_for_nothing_has_no_reminders(status):
    both = waiting_order(status, waiting_since=THURSDAY, promised_on=date(2020, 4, 28))
    assert reminder_days(both, status) == []
    assert next_reminder_on(both, status) is None


@pytest.mark.parametrize(("sent", "day"), [(0, date(2020, 4, 17)), (2, date(2020, 4, 22)), (3, None)])
def test_next_order_reminder_follows_those_already_sent(sent, day):
    waits = waiting_order("placed", waiting_since=THURSDAY, reminders=sent)
    assert next_reminder_on(waits, "placed") == day


@pytest.fixture
def story(once):
    with once():
        yield Story()


@pytest.mark.django_db
def test_order_awaiting_approval_is_reminded_three_times(story: Story) -> None:
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    assert waiting.waiting_since == AT
    first = waiting.next_reminder_on
    assert first is not None
    assert send_order_reminders(AT) == 0
    sent = [send_order_reminders(AT + days * DAY) for days in range(1, 15)]
    assert sum(sent) == 3
    waiting.refresh_from_db()
    assert (days_of_reminders(waiting), waiting.reminders, waiting.next_reminder_on) == (3, 3, None)


@pytest.mark.django_db
def test_missed_reminder_days_produce_one_reminder(story: Story) -> None:
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    assert send_order_reminders(AT + 30 * DAY) == 1
    assert send_order_reminders(AT + 31 * DAY) == 0
    waiting.refresh_from_db()
    assert (days_of_reminders(waiting), waiting.reminders) == (1, 3)


@pytest.mark.django_db
def test_order_returned_to_its_author_is_not_reminded_and_restarts_when_submitted(story: Story) -> None:
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
def test_donation_awaiting_a_decision_is_reminded_independently_of_its_promised_date(story: Story) -> None:
    gift = donation(story)
    first = gift.next_reminder_on
    edit_order(gift, OrderEdit(promised_on=date(2020, 5, 20)), by=story.officer.by, at=AT + DAY)
    assert (gift.waiting_since, gift.next_reminder_on) == (AT, first)
    assert send_order_reminders(AT + 5 * DAY) == 1


@pytest.mark.django_db
def test_supplier_confirmation_ends_its_reminders_and_starts_those_of_the_promised_date(story: Story) -> None:
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
def test_delivery_reminder_is_not_sent_after_all_goods_departed(story: Story) -> None:
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
def test_new_promised_date_of_an_accepted_donation_moves_its_reminders(story: Story) -> None:
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
def test_order_is_late_from_the_day_after_its_promised_date(story: Story, days, departed, late):
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
    waiting.reminders = MAX_REMINDERS
    assert story.officer.user in approvers_to_remind(waiting)


@pytest.mark.django_db
def test_reminder_of_a_confirmation_is_not_sent_to_the_approvers(story: Story) -> None:
    approver, placed = story.approver.user, story.placed()
    assert send_order_reminders(AT + 30 * DAY) == 1
    entry = Entry.objects.about(placed).get(verb="remind")
    readers = {notice.recipient for notice in build_notifications_for_entry(entry, AT + 30 * DAY).notices}
    assert story.officer.user in readers
    assert approver not in readers
