"""Nothing of the daily mail is lost or sent twice, whatever dies and whoever gathers it."""

import random
import re
from datetime import timedelta

import pytest

from procurement import tasks
from tests.procurement.story import AT
from tests.procurement.tasks.daily_mail.reading import MORNING, NOON, choose, say, to
from workflow.models.bell import InAppNotice
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox import bell, ledger


class Killed(BaseException):
    """A process that ends at this point."""


PLACES = (
    (bell, "ring"),
    (bell, "gather"),
    (bell, "_had_one"),
    (bell, "wait"),
    (ledger, "announce"),
    (ledger, "begin"),
    (ledger, "renew"),
)


class Trigger:
    """Pulled, it kills the process at one of the places where that could hurt, by chance."""

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
            tasks.run(at)
        except Killed:
            Message.objects.filter(state=Message.State.CLAIMED).update(leased_until=AT)  # its lease runs out
        self.armed = False


def a_week(dice, trigger, story, need, officer):
    """Comments, choices, ticks and kills at random; then quiet days. How many comments there were."""
    said, at = 0, NOON
    for number in range(60):
        step = dice.choice(("say", "say", "tick", "tick", "tick", "choose", "wait"))
        if step == "say":
            say(story, need, f"Word {number}", at)
            said += 1
        elif step == "choose":
            choose(officer, at, comments=dice.choice(("at_once", "digest", "digest")))
        elif step == "wait":
            at += timedelta(hours=dice.choice((1, 5, 9, 14)))
        else:
            trigger.tick(at)
    for _turn in range(60):
        at += timedelta(hours=4)
        tasks.run(at)
    return said


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.every_way) for seed in range(1, 6))]
)
def test_whatever_dies_and_whatever_is_chosen_each_is_told_once(
    story, need, officer, sink, monkeypatch, seed
):
    dice = random.Random(seed)
    said = a_week(dice, Trigger(dice, monkeypatch), story, need, officer)
    mails = to(sink, officer)
    daily = [
        int(found[1]) for mail in mails if (found := re.match(r"(\d+) notices? for you", mail["Subject"]))
    ]
    alone = [mail for mail in mails if "A comment" in str(mail["Subject"])]
    assert sum(daily) + len(alone) == said
    assert len(daily) + len(alone) == len(mails) == len({str(mail["Message-ID"]) for mail in mails})
    assert InAppNotice.objects.filter(recipient=officer).count() == said
    assert not InAppNotice.objects.waiting().exists()
    assert not Message.objects.exclude(state__in=(Message.State.SENT, Message.State.CANCELLED)).exists()


def test_two_who_gather_at_once_make_one_mail(story, need, officer, sink):
    say(story, need, "One", NOON)
    tasks.run(NOON)
    for _turn in range(3):
        tasks.digest(MORNING)
    assert Entry.objects.filter(verb="digest").count() == 1
