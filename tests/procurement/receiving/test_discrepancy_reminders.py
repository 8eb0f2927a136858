"""Tests of reminders of discrepancies: the sender's answer is asked for again, then the city's settlement."""

from datetime import timedelta

from procurement.notifications.builder import PlannedNotifications, build_notifications_for_entry
from procurement.orders.actions.approve import mark_ready
from procurement.receiving.actions.discrepancies import (
    answer_discrepancy,
    discard_discrepancy,
    send_discrepancy_reminders,
    settle_discrepancy,
)
from procurement.receiving.models import Discrepancy
from procurement.tasks import plan_messages
from tests.procurement.receiving.test_discrepancies import discrepancies_of, receive_with_discrepancies
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.reminders import last_reminder

DAY = timedelta(days=1)


def discrepancy(story: Journey) -> Discrepancy:
    return receive_with_discrepancies(story, rejected=0).discrepancies.get()


def remind(case: Discrepancy, days: int) -> Entry:
    """Send the reminders that are due some days after delivery; return the entry about this discrepancy."""
    assert send_discrepancy_reminders(DELIVERED_AT + days * DAY) == 1
    case.refresh_from_db()
    return Entry.objects.about(case).filter(verb="remind").latest("pk")


def planned(case: Discrepancy, days: int) -> PlannedNotifications:
    return build_notifications_for_entry(remind(case, days), DELIVERED_AT + days * DAY)


def recipients(plan: PlannedNotifications) -> set[str]:
    return {row.recipient.email for row in (*plan.messages, *plan.notices)}


def test_unanswered_discrepancy_is_reminded_three_times(story: Journey) -> None:
    discrepancy(story)
    sent = [send_discrepancy_reminders(DELIVERED_AT + days * DAY) for days in range(15)]
    assert (sent[0], sum(sent)) == (0, 3)


def test_sender_is_reminded_by_email_and_the_city_phones_at_last(story: Journey) -> None:
    case = discrepancy(story)
    first = planned(case, 4 if (DELIVERED_AT + DAY).weekday() >= 5 else 1)
    assert [mail.template for mail in first.messages] == ["discrepancies_reminder"]
    assert recipients(first) == {story.contact.user.email}
    last = planned(case, 20)
    assert {story.contact.user.email, story.officer.user.email} <= recipients(last)


def test_discrepancies_of_one_receipt_bring_one_reminder(story: Journey) -> None:
    first, second = discrepancies_of(receive_with_discrepancies(story))
    mail = planned(first, 20).messages[0]
    assert first.reference in mail.body
    assert second.reference in mail.body
    settle_discrepancy(first, outcome="accepted", by=story.officer.by, at=DELIVERED_AT + 20 * DAY)
    mail = planned(second, 21).messages[0]
    assert first.reference not in mail.body
    assert second.reference in mail.body


def test_answered_discrepancy_is_reminded_of_to_the_city_alone(story: Journey) -> None:
    case = discrepancy(story)
    remind(case, 20)
    at = DELIVERED_AT + 20 * DAY
    answer_discrepancy(case, answer="We forgot a carton.", by=story.logistics.by, at=at)
    assert case.reminders == 0
    assert send_discrepancy_reminders(at) == 0
    plan = planned(case, 30)
    assert story.officer.user.email in recipients(plan)
    assert story.contact.user.email not in recipients(plan)


def test_discrepancy_of_a_donation_is_reminded_of_to_the_city_alone(story: Journey) -> None:
    gift = mark_ready(story.accepted(), by=story.officer.by, at=AT)
    shipment = story.delivered(story.plan(gift))
    case = discrepancies_of(receive_with_discrepancies(story, shipment, rejected=0))[0]
    plan = planned(case, 20)
    assert story.officer.user.email in recipients(plan)
    assert story.contact.user.email not in recipients(plan)


def test_discrepancy_without_a_contact_is_reminded_of_to_the_city_alone(story: Journey) -> None:
    shipment = story.delivered(story.plan(story.ready(story.promise(contact=None))))
    case = discrepancies_of(receive_with_discrepancies(story, shipment, rejected=0))[0]
    plan = planned(case, 20)
    assert {mail.template for mail in plan.messages} <= {"staff"}
    assert story.officer.user.email in recipients(plan)


def test_discarded_discrepancy_is_not_reminded(story: Journey) -> None:
    case = discrepancy(story)
    discard_discrepancy(case, reason="Counted again.", by=story.officer.by, at=DELIVERED_AT)
    assert send_discrepancy_reminders(DELIVERED_AT + 30 * DAY) == 0


def test_last_reminder_names_the_contact_once_the_email_was_sent(story: Journey) -> None:
    case = discrepancy(story)
    assert last_reminder(case) is None
    entry = remind(case, 20)
    plan_messages(DELIVERED_AT + 20 * DAY)
    assert story.contact.user not in last_reminder(case).recipients
    Message.objects.filter(entry=entry).update(state=Message.State.SENT, sent_at=entry.at)
    sent_at, people = last_reminder(case)
    assert sent_at == entry.at
    assert {story.contact.user, story.officer.user} <= set(people)
    assert len(people) == len(set(people))
