"""Notifications: a person sees only their own, and no content about an object they may no longer read."""

import pytest
from django.urls import reverse

from procurement.notifications.table_lookup import table_rows_for_entry
from tests.rights.http_requests import (
    EVERY_PERSON,
    Differences,
    count_written_rows,
    one_of_each_relation,
    rolled_back,
)
from tests.rights.pages_table import OWN_DEEDS
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry
from workflow.outbox.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]


def notify_everyone_of_everything(world) -> None:
    """Notify everyone of everything, as if they had been able to see it and have lost the right since.

    Of each event of each kind of object the last one is announced; in `make test-all` all of them.
    """
    told = [entry for entry in Entry.objects.order_by("pk") if table_rows_for_entry(entry)]
    assert len(told) > 50
    entries = told if EVERY_PERSON else {(one.thing_label, one.verb): one for one in told}.values()
    Notification.objects.bulk_create(
        [
            Notification(
                entry=entry, recipient=user, kind="orders", thing_label=entry.thing_label, thing_id=entry.thing_id, at=AT
            )
            for entry in entries
            for user in world.users.values()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def test_notifications_contain_no_data_user_may_no_longer_see(world):
    """Each visitor searches every answer for data that the reader may not read."""
    with rolled_back():
        notify_everyone_of_everything(world)
        for visitor in (world.visitors[who] for who in one_of_each_relation()):
            path = reverse("notifications")
            while path:
                page = visitor.page("get", path)
                assert page.status_code == 200
                cursor = page.context["page"].next_cursor
                path = f"{reverse('notifications')}?cursor={cursor}" if cursor else ""
            path = "notifications/?page_size=100"
            while path:
                data = visitor.api("get", path).json()
                path = (data["next"] or "").partition("/api/v1/")[2]
    assert world.leaks == []


def test_notification_links_lead_only_to_records_user_may_see(world):
    wrong = Differences()
    with rolled_back():
        notify_everyone_of_everything(world)
        lead = world.things["lead"]
        for who, visitor in world.visitors.items():
            mine = Notification.objects.filter(
                recipient=world.users[who], thing_label="procurement.supplierlead"
            )
            notice = mine.filter(thing_id=lead.pk).first() or mine.first()
            if notice is None:
                continue
            answer = visitor.page("post", reverse("change_notification", args=[notice.pk, "open"]))
            there = visitor.page("get", answer["Location"])
            if there.status_code != 200:
                wrong.add(who, answer["Location"], there.status_code)
    assert wrong == []


def test_marking_all_notifications_read_leaves_those_of_others_unread(world):
    assert {"read_notifications", "withdraw_calendar"} <= OWN_DEEDS
    url = reverse("read_notifications")
    before = count_written_rows()
    assert world.visitors["foreign officer"].page("post", url).status_code == 303
    assert world.stranger.page("post", url).status_code == 302
    assert world.stranger.page("get", url).status_code in (302, 405)
    assert count_written_rows() == before, "they have none, so nothing is written"
    with rolled_back():
        world.visitors["own officer"].page("post", url)
        others = Notification.objects.exclude(recipient=world.users["own officer"])
        assert not others.exclude(read_at=None).exists()
