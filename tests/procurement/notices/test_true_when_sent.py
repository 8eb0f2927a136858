"""What a mail says is asked again when it is sent: what was planned by night and is no longer so by morning does not go."""

from datetime import timedelta

import pytest

from procurement import tasks
from procurement.notices import planning
from procurement.orders.actions import ending
from procurement.outreach.actions import waiting
from procurement.outreach.actions.waiting import give_way
from procurement.shipments.actions import journey
from procurement.shipments.actions.handing.calls import call_for_papers
from procurement.shipments.actions.lots import recall_lot, release_lot
from tests.procurement.shipments.play import DOOR, HERE, SENT, Voyage
from tests.procurement.story import AT
from workflow import clock
from workflow.actors import CLOCK
from workflow.journal.entries import history_of
from workflow.models.post import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage("markham")
    voyage.practise()
    yield voyage
    clock.forget()


def planned(thing, verb: str, template: str) -> Message:
    entry = history_of(thing).filter(verb=verb).first()
    (message,) = [one for one in planning.plan(entry, entry.at) if one.template == template]
    message.save()
    return message


def sent(template: str) -> bool:
    for message in Message.objects.filter(template=template):
        tasks.deliver(message.next_try_at)
    return Message.objects.filter(template=template, state=Message.State.SENT).exists()


def test_thanks_for_goods_in_use_go_where_they_still_are(story):
    planned(story.released().lots.get(), "release", "goods_released")
    assert sent("goods_released")


def test_each_of_these_mails_goes_where_nothing_has_happened_meanwhile(story):
    shipment = story.departed()
    planned(shipment.lines.get().order_line.order, "place", "order_placed")
    assert sent("order_placed")
    planned(shipment, "depart", "goods_departed")
    assert sent("goods_departed")


@pytest.mark.parametrize("quantity", [3_000, 7_000])
def test_thanks_for_goods_in_use_do_not_go_once_a_lot_is_recalled(story, quantity):
    shipment = story.delivered()
    line = shipment.lines.get()
    first = story.count(line, accepted=quantity, lot_number="A-7")
    story.receive(shipment, first, story.count(line, accepted=10_000 - quantity, lot_number="B-7"))
    for lot in shipment.lots.order_by("number"):
        release_lot(story.pass_lot(lot), by=story.logistics.by, at=DOOR)
    kept, bad = shipment.lots.order_by("number")
    entry = history_of(kept).get(verb="release")
    for message in [*planning.plan(entry, DOOR)]:
        message.save()
    recall_lot(bad, reason="Torn.", by=story.logistics.by, at=DOOR)
    assert not sent("goods_released")


def test_goods_that_arrived_or_were_lost_overnight_are_not_said_to_be_on_their_way(story):
    shipment = story.departed()
    planned(shipment, "depart", "goods_departed")
    journey.lose(shipment, reason="The ship sank.", by=story.officer.by, at=SENT)
    assert not sent("goods_departed")


def test_goods_that_arrived_overnight_are_not_said_to_be_on_their_way(story):
    shipment = story.departed()
    planned(shipment, "depart", "goods_departed")
    journey.arrive(shipment, by=story.logistics.by, at=HERE)
    assert not sent("goods_departed")


def test_goods_that_were_closed_overnight_are_not_said_to_be_inspected_now(story):
    shipment = story.released()
    planned(shipment, "deliver", "goods_delivered")
    journey.close(shipment, by=story.logistics.by, at=DOOR)
    assert not sent("goods_delivered")


def test_a_supplier_is_not_said_to_have_an_order_that_was_cancelled_overnight(story):
    order = story.placed()
    planned(order, "place", "order_placed")
    ending.cancel(order, reason="No licence.", by=story.officer.by, at=AT)
    assert not sent("order_placed")


def test_a_mail_is_written_again_with_what_is_true_when_it_goes(story):
    shipment = story.plan()
    call = call_for_papers(
        shipment, "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user, by=story.officer.by,
        at=AT,
    )  # fmt: skip
    message = planned(call, "ask", "papers_asked")
    first, *rest = call.missing
    assert f"– {first.name}" in message.body
    story.hand_in(first)
    assert rest
    assert sent("papers_asked")
    message.refresh_from_db()
    assert f"– {first.name}" not in message.body


def test_papers_that_all_came_in_meanwhile_are_not_asked_for(story):
    shipment = story.plan()
    call = call_for_papers(
        shipment, "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user, by=story.officer.by,
        at=AT,
    )  # fmt: skip
    planned(call, "ask", "papers_asked")
    for paper in call.missing:
        story.hand_in(paper)
    assert not sent("papers_asked")


class TestRemindersThatWaitForOneHour:
    """Of two reminders that wait for the same hour the last goes; word of something else takes the place of none."""

    @pytest.fixture
    def mails(self, story) -> dict[tuple[str, str], list[Message]]:
        """The mails of a question after three reminders and word that somebody else may be asked, all of them waiting."""
        asked, at = story.asked(story.line()), AT
        for _number in range(3):
            at += timedelta(days=1)
            waiting.remind(asked, by=CLOCK, at=at)
        give_way(asked, by=CLOCK, at=at + timedelta(hours=1))
        found: dict[tuple[str, str], list[Message]] = {}
        for entry in history_of(asked).filter(verb__in=("remind", "give_way")).order_by("pk"):
            for message in planning.plan(entry, entry.at):
                message.save()
                found.setdefault((entry.verb, message.template), []).append(message)
        return found

    def test_the_request_to_phone_goes_although_later_word_in_the_same_template_waits(self, mails):
        (another,) = mails["give_way", "staff"]
        *_earlier, phone = (one for one in mails["remind", "staff"] if one.recipient == another.recipient)
        assert phone.entry_id < another.entry_id
        assert planning.relevant(phone)
        assert planning.relevant(another)

    def test_of_the_reminders_to_the_contact_the_last_alone_goes(self, mails):
        assert [planning.relevant(one) for one in mails["remind", "inquiry_reminder"]] == [False, False, True]

    def test_a_reminder_goes_once_the_later_one_was_taken_back(self, mails):
        first, second, third = mails["remind", "inquiry_reminder"]
        Message.objects.filter(pk=third.pk).update(state=Message.State.CANCELLED)
        assert [planning.relevant(one) for one in (first, second)] == [False, True]
