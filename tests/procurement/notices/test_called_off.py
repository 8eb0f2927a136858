"""Whoever was told that something happens, or is asked for something, is told when it does not happen after all."""

from datetime import timedelta

import pytest

from accounts.models import User
from partners.actions import delegations, roles
from partners.actions.delegations import end_delegation
from partners.actions.roles import end_role
from procurement import tasks
from procurement.notices import planning
from procurement.orders.actions import deciding, ending
from procurement.shipments.actions import journey
from procurement.shipments.actions.arrivals import take_back
from procurement.shipments.actions.dock.cases import drop_case, settle_case
from procurement.shipments.actions.planning import assign_broker
from procurement.shipments.models.cases import DifferenceCase
from tests import world
from tests.procurement.orders import table
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.play import DOOR, SENT
from tests.procurement.story import AT
from workflow import clock
from workflow.actors import CLOCK
from workflow.journal.entries import history_of
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.models.post import Message

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def story(db) -> Desk:
    desk = Desk()
    desk.practise()
    yield desk
    clock.forget()


def tell(thing, verb: str) -> list[Message]:
    """What an entry causes: the mails are kept, and sent at the hour of each, or a little after the one before."""
    entry = Entry.objects.about(thing).filter(verb=verb).order_by("-pk")[0]
    planned = planning.plan(entry, entry.at)
    for message in planned:
        message.save()
    for message in planned:
        tasks.deliver(message.next_try_at + timedelta(minutes=Message.objects.count()))
    return list(Message.objects.filter(entry=entry, state=Message.State.SENT))


def under_the_bell(thing, verb: str) -> list[User]:
    entry = Entry.objects.about(thing).filter(verb=verb).order_by("-pk")[0]
    return [one.recipient for one in planning.tell(entry, entry.at).notices]


class TestAnOrder:
    def test_who_was_told_of_an_order_is_told_that_it_is_cancelled(self, story):
        order = story.placed()
        assert [one.template for one in tell(order, "place")] == ["order_placed"]
        ending.cancel(order, reason="They raised the price.", by=story.officer.by, at=AT)
        (said,) = tell(order, "cancel")
        assert said.recipient == story.contact.user
        assert "raised the price" not in said.body

    def test_who_never_heard_of_it_hears_nothing(self, story):
        order = story.placed()
        ending.cancel(order, reason="They raised the price.", by=story.officer.by, at=AT)
        assert tell(order, "cancel") == []

    def test_a_giver_is_told_in_words_of_a_gift(self, story):
        story.contact.user.language = "en"
        story.contact.user.save()
        gift = story.accepted()
        tell(gift, "accept")
        ending.cancel(gift, reason="No room.", by=story.officer.by, at=AT)
        (said,) = tell(gift, "cancel")
        assert "gift" in said.subject
        assert "order" not in said.body

    def test_its_author_is_told_that_a_colleague_cancelled_it(self, story):
        order = story.placed()
        ending.cancel(order, reason="No licence.", by=story.second_officer.by, at=AT)
        assert under_the_bell(order, "cancel") == [story.officer.user]

    def test_who_helped_is_told_that_the_goods_will_not_come(self, story):
        order = story.placed()
        tell(order, "place")
        ending.lose(order, reason="The maker is gone.", by=story.officer.by, at=AT)
        assert [one.template for one in tell(order, "lose")] == ["order_lost"]

    def test_the_giver_waits_for_thanks_where_logistics_completes_a_gift(self, story):
        gift = deciding.ready(story.accepted(), by=story.officer.by, at=AT)
        shipment = story.released(story.plan(gift))
        journey.close(shipment, by=story.logistics.by, at=DOOR)
        assert under_the_bell(gift, "complete") == [story.officer.user]


class TestAShipment:
    def test_the_broker_is_told_that_there_is_nothing_to_clear(self, story):
        shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
        journey.cancel(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
        assert under_the_bell(shipment, "cancel") == [story.broker.user]

    def test_the_broker_hears_that_it_is_lost(self, story):
        shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
        journey.lose(story.departed(shipment), reason="It sank.", by=story.logistics.by, at=SENT)
        assert story.broker.user in under_the_bell(shipment, "lose")

    @pytest.mark.parametrize("told", [True, False])
    def test_who_was_asked_for_papers_hears_that_they_are_needed_no_more(self, story, told):
        shipment = story.plan()
        call = story.call(shipment, "forwarder")
        if told:
            assert [one.template for one in tell(call, "ask")] == ["papers_asked"]
        journey.cancel(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
        assert [one.recipient for one in tell(shipment, "cancel")] == ([call.person] if told else [])

    def test_papers_asked_for_by_night_are_not_asked_for_once_it_is_cancelled(self, story):
        shipment = story.plan()
        call = story.call(shipment, "forwarder")
        entry = history_of(call).get(verb="ask")
        for message in planning.plan(entry, AT):
            message.save()
        journey.cancel(shipment, reason="Another flight.", by=story.logistics.by, at=AT)
        tasks.deliver(AT + WEEK / 2)
        assert not Message.objects.filter(thing_id=call.pk, state=Message.State.SENT).exists()

    def test_a_part_that_is_lost_is_told_to_who_helped_to_find_it(self, story):
        order = story.ready()
        shipment = story.departed(story.plan(order, part=5_000))
        story.plan(order)
        journey.lose(shipment, reason="It sank.", by=story.logistics.by, at=SENT)
        assert [one.template for one in tell(shipment, "lose")] == ["goods_lost"]

    def test_where_the_order_is_lost_with_it_one_letter_says_so(self, story):
        order = story.ready()
        tell(order, "place")
        shipment = story.departed(story.plan(order))
        journey.lose(shipment, reason="It sank.", by=story.logistics.by, at=SENT)
        said = [*tell(shipment, "lose"), *tell(order, "lose")]
        to_contact = [one.template for one in said if one.recipient == story.contact.user]
        assert to_contact == ["order_lost"]


class TestADifference:
    def counted(self, story) -> list[DifferenceCase]:
        shipment = story.delivered()
        line = shipment.lines.get()
        found = story.count(line, missing=1_000, rejected=500, reason="Torn or not there.")
        receipt = story.receive(shipment, found)
        return list(receipt.cases.order_by("pk"))

    def test_the_last_of_what_one_letter_asked_about_ends_it(self, story):
        first, last = self.counted(story)
        (asked,) = tell(first, "open")
        settle_case(first, outcome="replaced", by=story.officer.by, at=DOOR)
        assert tell(first, "settle") == []
        drop_case(last, reason="It was there.", by=story.officer.by, at=DOOR)
        (said,) = tell(last, "drop")
        assert (said.template, said.recipient) == ("goods_settled", asked.recipient)

    def test_two_that_end_in_one_moment_are_told_once(self, story):
        first, last = self.counted(story)
        tell(first, "open")
        take_back(first.receipt, reason="The wrong pallet.", by=story.logistics.by, at=DOOR)
        assert len([*tell(first, "take_back"), *tell(last, "take_back")]) == 1

    def test_who_had_no_letter_hears_nothing(self, story):
        first, last = self.counted(story)
        for one in (first, last):
            settle_case(one, outcome="replaced", by=story.officer.by, at=DOOR)
        assert tell(last, "settle") == []


class TestTheMachine:
    def test_who_asked_for_an_orders_papers_hears_that_they_are_ready(self, story):
        assert under_the_bell(table.ready(story), "finish") == [story.observer.user]

    def test_and_that_they_were_not_put_together(self, story):
        bundle = table.failed(story)
        assert under_the_bell(bundle, "fail") == [story.observer.user]
        assert Entry.objects.about(bundle).get(verb="fail").via == CLOCK.via


class TestPeople:
    def test_a_role_that_is_given_or_ended_is_told_to_the_person(self, story):
        person, administrator = world.user("Ann Roy"), story.person("administrator")
        given = roles.grant(person, role="officer", city=story.city, by=administrator.by, at=AT)
        tasks.run(AT)
        (told,) = InAppNotice.objects.filter(recipient=person)
        assert told.entry.verb == "grant"
        assert "Procurement officer" in Message.objects.get(recipient=person).body
        end_role(given, by=administrator.by, at=AT)
        assert under_the_bell(given, "end") == [person]

    def test_a_deputy_is_told_from_when_until_when(self, story):
        day = story.city.day_at(AT)
        given = delegations.delegate(
            story.city, story.officer.user, starts_on=day, ends_on=day + WEEK, by=story.approver.by, at=AT
        )
        assert under_the_bell(given, "delegate") == [story.officer.user]
        (mail,) = tell(given, "delegate")
        assert str(story.approver.user) in mail.body
        end_delegation(given, by=story.officer.by, at=AT)
        assert under_the_bell(given, "take_back") == [story.approver.user]
