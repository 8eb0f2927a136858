"""A recall reaches everyone who handled the lot or holds it: under the bell, by mail at any hour, and on Today."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procurement import tasks
from procurement.notices.kinds import Kind
from procurement.notices.telling import tell_all
from procurement.shipments.actions.handouts import hand_out, tell_place
from procurement.shipments.actions.lots import recall_lot, refuse_lot, release_lot
from procurement.shipments.models.arrival import Lot
from tests.procurement.shipments.play import DOOR, Voyage
from workflow import clock
from workflow.models.bell import InAppNotice
from workflow.models.post import Message

pytestmark = pytest.mark.django_db
NIGHT = DOOR + timedelta(hours=14)


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage("richmond")
    voyage.practise()
    yield voyage
    clock.forget()


def recalled(story: Voyage, by) -> Lot:
    lot = story.released().lots.get()
    tasks.run(DOOR)
    recall_lot(lot, reason="The seams open.", by=by, at=NIGHT)
    tasks.run(NIGHT)
    return lot


def told(lot: Lot) -> set[str]:
    return {str(one.recipient) for one in InAppNotice.objects.about(lot).filter(entry__verb="recall")}


def test_everyone_who_counted_inspected_released_or_judges_is_notified_of_a_recall(story):
    people = [story.officer, story.second_officer, story.logistics, story.verifier, story.person("logistics")]
    bystanders = [story.observer, story.approver, story.stranger]
    lot = recalled(story, story.officer.by)
    assert told(lot) == {str(one.user) for one in people}
    assert not told(lot) & {str(one.user) for one in bystanders}


def test_the_only_officer_of_a_city_who_recalls_a_lot_is_notified_too(story):
    lot = recalled(story, story.officer.by)
    assert str(story.officer.user) in told(lot)


def test_somebody_who_released_it_and_changed_their_role_since_is_notified(story):
    former = story.person("logistics")
    lot = story.pass_lot(story.lot())
    release_lot(lot, by=former.by, at=DOOR)
    role = former.user.memberships.get()
    role.role = "observer"
    role.save()
    recall_lot(lot, reason="The seams open.", by=story.officer.by, at=NIGHT)
    tasks.run(NIGHT)
    assert str(former.user) in told(lot)


def test_the_mail_of_a_recall_goes_at_night_too(story):
    lot = recalled(story, story.officer.by)
    for minute in range(1, 4):  # one mail for each person and tick
        tasks.run(NIGHT + timedelta(minutes=minute))
    mails = Message.objects.about(lot).filter(entry__verb="recall")
    assert {mail.recipient for mail in mails} >= {story.logistics.user, story.officer.user}
    assert {mail.state for mail in mails} == {Message.State.SENT}


@pytest.mark.parametrize("who", ["logistics", "officer", "verifier"])
def test_a_recall_stands_on_today_until_its_reader_has_opened_it(story, who):
    reader = getattr(story, who)
    lot = recalled(story, story.officer.by)
    browser = Client()
    browser.force_login(reader.user)
    page = browser.get("/").content.decode()
    assert f"Lot {lot.number} is recalled" in page
    notice = InAppNotice.objects.about(lot).get(recipient=reader.user, kind=Kind.RECALLS)
    opened = browser.post(f"/notices/{notice.pk}/open/")
    assert opened["Location"] == lot.get_absolute_url()
    assert f"Lot {lot.number} is recalled" not in browser.get("/").content.decode()


def test_today_reads_the_lots_of_all_recalls_at_once(story):
    counted, reader = [], story.verifier.user
    browser = Client()
    browser.force_login(reader)
    lots = [story.released().lots.get() for _ in range(4)]
    for pair in (lots[:2], lots[2:]):
        for lot in pair:
            recall_lot(lot, reason="The seams open.", by=story.officer.by, at=DOOR)
        while tasks.announce(DOOR):
            pass
        browser.get("/")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/").content.decode()
        counted.append((len(asked), page.count("take it out of every ward")))
    (few, two), (many, four) = counted
    assert (two, four) == (2, 4)
    assert many == few


def test_a_place_nobody_has_told_keeps_the_recall_on_today(story):
    lot = story.released().lots.get()
    me = {"by": story.logistics.by, "at": DOOR}
    out = hand_out(lot, 300, place="Ward 9", handed_on=DOOR.date(), author=story.logistics.user, **me)
    recall_lot(lot, reason="The seams open.", by=story.officer.by, at=NIGHT)
    browser = Client()
    browser.force_login(story.logistics.user)
    assert f"Tell the places that have lot {lot.number}" in browser.get("/").content.decode()
    tell_place(out, **me)
    assert f"Tell the places that have lot {lot.number}" not in browser.get("/").content.decode()


def test_a_refused_lot_is_told_to_those_who_hold_it(story):
    lot = story.lot()
    hands = [story.officer.user, story.verifier.user]
    refuse_lot(lot, reason="The seams open.", by=story.logistics.by, at=DOOR)
    tasks.run(DOOR)
    assert {one.recipient for one in InAppNotice.objects.about(lot).filter(entry__verb="refuse")} == set(
        hands
    )


def test_notices_of_other_things_do_not_stand_on_today_as_recalls(story):
    story.released()
    tasks.run(DOOR)
    assert tell_all(InAppNotice.objects.filter(kind=Kind.RECALLS), story.officer.by) == []
