"""Tests of a recall, which reaches everyone who handled or holds the lot.

It comes as a notification, as mail at any hour, and on the start page ("Today").
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement.distribution.actions import distribute_lot, mark_place_informed, recall_lot
from procurement.notifications.categories import NotificationCategory
from procurement.notifications.in_app_text import render_notifications
from procurement.quality.actions import reject_lot, release_lot
from procurement.quality.models import Lot
from procurement.tasks import plan_messages, run_tick
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.clock import clear_instance_cache
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
NIGHT = DELIVERED_AT + timedelta(hours=14)


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    yield voyage
    clear_instance_cache()


def recalled_lot(story: Journey, by) -> Lot:
    lot = story.released().lots.get()
    run_tick(DELIVERED_AT)
    recall_lot(lot, reason="The seams open.", by=by, at=NIGHT)
    run_tick(NIGHT)
    return lot


def goods_of(lot: Lot) -> str:
    return lot.line.order_line.allocation.lead.product.name


def recalled_text(lot: Lot) -> str:
    return f"Lot {lot.number} ({goods_of(lot)}) has been recalled"


def names_of_notified(lot: Lot) -> set[str]:
    return {str(one.recipient) for one in Notification.objects.about(lot).filter(entry__verb="recall")}


def test_people_who_handled_or_decide_on_a_recalled_lot_are_notified(story):
    people = [story.officer, story.second_officer, story.logistics, story.verifier, story.person("logistics")]
    bystanders = [story.observer, story.approver, story.stranger]
    lot = recalled_lot(story, story.officer.by)
    assert names_of_notified(lot) == {str(one.user) for one in people}
    assert not names_of_notified(lot) & {str(one.user) for one in bystanders}


def test_officer_who_recalls_a_lot_is_notified_if_the_city_has_no_other_officer(story):
    lot = recalled_lot(story, story.officer.by)
    assert str(story.officer.user) in names_of_notified(lot)


def test_person_who_released_a_recalled_lot_is_notified_after_changing_roles(story):
    former = story.person("logistics")
    lot = story.pass_lot(story.lot())
    release_lot(lot, by=former.by, at=DELIVERED_AT)
    role = former.user.memberships.get()
    role.role = "observer"
    role.save()
    recall_lot(lot, reason="The seams open.", by=story.officer.by, at=NIGHT)
    run_tick(NIGHT)
    assert str(former.user) in names_of_notified(lot)


def test_recall_emails_are_sent_at_night(story):
    lot = recalled_lot(story, story.officer.by)
    for minute in range(1, 4):  # each person gets one mail per run of the periodic job
        run_tick(NIGHT + timedelta(minutes=minute))
    mails = Message.objects.about(lot).filter(entry__verb="recall")
    assert {mail.recipient for mail in mails} >= {story.logistics.user, story.officer.user}
    assert {mail.state for mail in mails} == {Message.State.SENT}


@pytest.mark.parametrize("who", ["logistics", "officer", "verifier"])
def test_recall_stays_on_today_until_its_reader_opens_it(story, who):
    reader = getattr(story, who)
    lot = recalled_lot(story, story.officer.by)
    browser = Client()
    browser.force_login(reader.user)
    page = browser.get("/").content.decode()
    assert recalled_text(lot) in page
    notice = Notification.objects.about(lot).get(recipient=reader.user, kind=NotificationCategory.RECALLS)
    opened = browser.post(f"/notifications/{notice.pk}/open/")
    assert opened["Location"] == lot.get_absolute_url()
    assert recalled_text(lot) not in browser.get("/").content.decode()


def test_today_reads_all_recalled_lots_with_a_constant_number_of_queries(story):
    counted, reader = [], story.verifier.user
    browser = Client()
    browser.force_login(reader)
    lots = [story.released().lots.get() for _ in range(4)]
    for pair in (lots[:2], lots[2:]):
        for lot in pair:
            recall_lot(lot, reason="The seams open.", by=story.officer.by, at=DELIVERED_AT)
        while plan_messages(DELIVERED_AT):
            pass
        browser.get("/")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/").content.decode()
        counted.append((len(queries), page.count("remove it from every ward")))
    (few, two), (many, four) = counted
    assert (two, four) == (2, 4)
    assert many == few


def test_recall_stays_on_today_until_every_place_is_informed(story):
    lot = story.released().lots.get()
    me = {"by": story.logistics.by, "at": DELIVERED_AT}
    out = distribute_lot(
        lot, 300, place="Ward 9", distributed_on=DELIVERED_AT.date(), author=story.logistics.user, **me
    )
    recall_lot(lot, reason="The seams open.", by=story.officer.by, at=NIGHT)
    browser = Client()
    browser.force_login(story.logistics.user)
    sentence = f"Inform the places that have lot {lot.number} ({goods_of(lot)}) of the recall"
    assert sentence in browser.get("/").content.decode()
    mark_place_informed(out, **me)
    assert sentence not in browser.get("/").content.decode()


def test_rejected_lot_is_reported_to_people_who_handle_it(story):
    lot = story.lot()
    hands = [story.officer.user, story.verifier.user]
    reject_lot(lot, reason="The seams open.", by=story.logistics.by, at=DELIVERED_AT)
    run_tick(DELIVERED_AT)
    assert {one.recipient for one in Notification.objects.about(lot).filter(entry__verb="refuse")} == set(
        hands
    )


def test_notifications_that_are_no_recall_are_not_listed_as_recalls(story):
    story.released()
    run_tick(DELIVERED_AT)
    assert (
        render_notifications(Notification.objects.filter(kind=NotificationCategory.RECALLS), story.officer.by)
        == []
    )
