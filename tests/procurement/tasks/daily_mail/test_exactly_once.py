"""Tests that the daily digest loses nothing and sends nothing twice, also when processes are killed."""

import random
import re
from datetime import timedelta

import pytest

from procurement import tasks
from procurement.tasks import run_tick
from tests.procurement.tasks.daily_mail.mail_reader import (
    MORNING,
    NOON,
    choose_delivery,
    comment_as_colleague,
    mail_to,
)
from tests.worlds.need_to_order import AT
from workflow.journal.models import Entry
from workflow.outbox import delivery, in_app_notifications, queue
from workflow.outbox.models import Message, Notification


class Killed(BaseException):
    """Exception that ends a process at this point."""


PLACES = (
    (tasks, "create_notifications"),
    (tasks, "build_digests"),
    (in_app_notifications, "_had_digest_today"),
    (tasks, "hold_for_digest"),
    (tasks, "enqueue_for_entry"),
    (delivery, "mark_sending"),
    (queue, "renew_lease"),
)


class Trigger:
    """Trigger that kills the process at random, at one of the places where that could do harm."""

    def __init__(self, dice, monkeypatch):
        self.dice, self.armed = dice, False
        for module, name in PLACES:
            monkeypatch.setattr(module, name, self.deadly(getattr(module, name)))

    def deadly(self, real):
        def dies(*args, **kwargs):
            if self.armed and self.dice.random() < 0.5:
                self.armed = False
                raise Killed
            return real(*args, **kwargs)

        return dies

    def tick(self, at):
        self.armed = self.dice.random() < 0.4
        try:
            run_tick(at)
        except Killed:
            Message.objects.filter(state=Message.State.SENDING).update(leased_until=AT)  # its lease expires
        self.armed = False


def play_week(dice, trigger, story, need, officer):
    """Play comments, choices, runs and kills at random, then quiet days. Return the number of comments."""
    said, at = 0, NOON
    for number in range(60):
        step = dice.choice(("say", "say", "tick", "tick", "tick", "choose", "wait"))
        if step == "say":
            comment_as_colleague(story, need, f"Word {number}", at)
            said += 1
        elif step == "choose":
            choose_delivery(officer, at, comments=dice.choice(("at_once", "digest", "digest")))
        elif step == "wait":
            at += timedelta(hours=dice.choice((1, 5, 9, 14)))
        else:
            trigger.tick(at)
    for _turn in range(24):
        at += timedelta(hours=7)
        run_tick(at)
    return said


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.every_way) for seed in range(1, 6))]
)
def test_each_notification_is_mailed_once_despite_crashes_and_preference_changes(
    story, need, officer, sink, monkeypatch, seed
):
    dice = random.Random(seed)
    said = play_week(dice, Trigger(dice, monkeypatch), story, need, officer)
    mails = mail_to(sink, officer)
    daily = [
        int(found[1])
        for mail in mails
        if (found := re.match(r"(\d+) notifications? for you", mail["Subject"]))
    ]
    alone = [mail for mail in mails if "New comment" in str(mail["Subject"])]
    assert sum(daily) + len(alone) == said
    assert len(daily) + len(alone) == len(mails) == len({str(mail["Message-ID"]) for mail in mails})
    assert Notification.objects.filter(recipient=officer).count() == said
    assert not Notification.objects.waiting_for_digest().exists()
    assert not Message.objects.exclude(state__in=(Message.State.SENT, Message.State.CANCELLED)).exists()


def test_digest_gathered_repeatedly_is_one_mail(story, need, officer, sink):
    comment_as_colleague(story, need, "One", NOON)
    run_tick(NOON)
    for _turn in range(3):
        tasks.create_digests(MORNING)
    assert Entry.objects.filter(verb="digest").count() == 1
