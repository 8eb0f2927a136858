"""Rows by the thousand for the fault tests, straight into the tables: `python -m tests.faults.rows plan N`.

`... officer` prints an API token of somebody who may post needs; `... invite N` asks N people in, each an entry that is to become
one message. And the negative controls: `... marks_first` is a sender of the best-known kind, which marks a message and then sends
it; `... unclaimed` one that sends and then marks, `... unfenced` one that claims but never looks at its claim again.
"""

import gc
import os
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
gc.disable()  # it is started for a moment, often, and nothing of what it loads is garbage
django.setup()

from accounts.actions import tokens  # noqa: E402 - Django has to be set up first
from accounts.actors import CONSOLE  # noqa: E402
from accounts.models import User  # noqa: E402
from partners.actions.roles import invite_member  # noqa: E402
from tests import world  # noqa: E402
from workflow import clock  # noqa: E402
from workflow.clock import create_instance, real_now  # noqa: E402
from workflow.models.instance import Instance  # noqa: E402
from workflow.models.journal import Entry  # noqa: E402
from workflow.models.post import Message  # noqa: E402
from workflow.outbox import ledger  # noqa: E402
from workflow.outbox.delivery import Filled, compose  # noqa: E402
from workflow.outbox.post import Post  # noqa: E402


def plan(count: int) -> None:
    """So many due messages to as many people, sent at whatever hour of the night or the weekend the test runs."""
    create_instance(Instance.Kind.REAL)
    at = clock.now()
    first = (User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    people = [
        User(email=f"reader{first + n}@cast.example", name=f"Reader {n}", created_at=at) for n in range(count)
    ]
    User.objects.bulk_create(people)
    facts: dict[str, Any] = {
        "thing_label": "accounts.user",
        "verb": "comment",
        "by_label": "Nobody",
        "via": "command",
        "at": at,
    }
    entries = [Entry(thing_id=person.pk, announced_at=at, **facts) for person in people]
    Entry.objects.bulk_create(entries)
    Message.objects.bulk_create(
        Message(
            entry=entry,
            recipient=person,
            address=person.email,
            language="en",
            template="staff",
            subject="A comment",
            body="Hello",
            thing_label="accounts.user",
            thing_id=person.pk,
            next_try_at=at,
            hurried=True,
            expires_at=at + timedelta(days=7),
        )
        for entry, person in zip(entries, people, strict=True)
    )


def officer() -> None:
    """An officer of Burnaby, and the API token they write with."""
    create_instance(Instance.Kind.REAL)
    known = User.objects.filter(memberships__role="officer").first()
    person = known or world.member("officer", world.city("burnaby"))
    real = real_now()
    issued = tokens.issue(
        person, name="faults", scopes=["read", "write"], days=1, by=CONSOLE, at=real, real_at=real
    )
    sys.stdout.write(issued.value)


def invite(count: int) -> None:
    """So many people invited from the console: an invitation goes out at any hour."""
    create_instance(Instance.Kind.REAL)
    facts = {"role": "officer", "city": world.city("burnaby"), "at": clock.now(), "real_at": real_now()}
    for number in range(count):
        invite_member(email=f"invited{number}@cast.example", name=f"Invited {number}", by=CONSOLE, **facts)


def unclaimed() -> None:
    """Send everything, each message marked when it is sent; nobody says first that it is theirs."""
    at = clock.now()
    with Post() as post:
        while (message := Message.objects.filter(state=Message.State.PLANNED).first()) is not None:
            post.send(compose(message, Filled(), at), lambda: None)
            Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=at)


def unfenced() -> None:
    """Send what was claimed, however long ago, and mark it by its number."""
    at = clock.now()
    claimed = ledger.claim(1, at, timedelta())
    with Post() as post:
        for message in claimed:
            post.send(compose(message, Filled(), at), lambda: None)
            facts = {"state": Message.State.SENT, "sent_at": at, "claim": None, "leased_until": None}
            Message.objects.filter(pk=message.pk).update(**facts)


def marks_first() -> None:
    """Send everything, each message marked before it is sent."""
    at = clock.now()
    with Post() as post:
        while claimed := ledger.claim(1, at, timedelta()):
            (message,) = claimed
            ledger.mark(message, Message.State.SENT, "", sent_at=at)
            post.send(compose(message, Filled(), at), lambda: None)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["plan", count]:
            plan(int(count))
        case ["officer"]:
            officer()
        case ["invite", count]:
            invite(int(count))
        case ["marks_first"]:
            marks_first()
        case ["unclaimed"]:
            unclaimed()
        case ["unfenced"]:
            unfenced()
