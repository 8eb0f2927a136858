"""Commands that write thousands of rows for the fault tests straight into the tables.

`python -m tests.faults.many_rows plan N` creates N due messages. `... officer` prints an API token of a person who
may post needs. `... invite N` invites N people; each entry is to become one message. The negative controls are wrong
senders: `... marks_first` marks a message and then sends it, `... unclaimed` sends and then marks without a claim,
`... unfenced` claims but never checks its claim again.
"""

import gc
import os
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
gc.disable()  # a short process that leaves no garbage
django.setup()

from accounts.actions.tokens import issue_token
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.memberships.actions import invite_member
from tests.worlds import cities
from workflow import clock
from workflow.clock import create_instance, real_now
from workflow.installation_models import Instance
from workflow.journal.models import Entry
from workflow.outbox import queue
from workflow.outbox.delivery import MessageContent, compose
from workflow.outbox.models import Message
from workflow.outbox.queue import record_result
from workflow.outbox.smtp import MailTransport


def plan(count: int) -> None:
    """Create so many due messages to as many people, which may be sent at any hour."""
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
            subject="New comment",
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
    """Create an officer of Burnaby and print their API token."""
    create_instance(Instance.Kind.REAL)
    known = User.objects.filter(memberships__role="officer").first()
    person = known or cities.member("officer", cities.city("burnaby"))
    real = real_now()
    issued = issue_token(
        person, name="faults", scopes=["read", "write"], days=1, by=CONSOLE_ACTOR, at=real, real_at=real
    )
    sys.stdout.write(issued.value)


def invite(count: int) -> None:
    """Invite so many people from the console: an invitation goes out at any hour."""
    create_instance(Instance.Kind.REAL)
    facts = {"role": "officer", "city": cities.city("burnaby"), "at": clock.now(), "real_at": real_now()}
    for number in range(count):
        invite_member(
            email=f"invited{number}@cast.example", name=f"Invited {number}", by=CONSOLE_ACTOR, **facts
        )


def unclaimed() -> None:
    """Send every message without a claim, and mark it after it was sent."""
    at = clock.now()
    with MailTransport() as post:
        while (message := Message.objects.filter(state=Message.State.PLANNED).first()) is not None:
            post.send(compose(message, MessageContent(), at), lambda: None)
            Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, sent_at=at)


def unfenced() -> None:
    """Send one claimed message, no matter how long ago it was claimed, and mark it by its id."""
    at = clock.now()
    claimed = queue.claim_due_messages(1, at, timedelta())
    with MailTransport() as post:
        for message in claimed:
            post.send(compose(message, MessageContent(), at), lambda: None)
            facts = {"state": Message.State.SENT, "sent_at": at, "claim": None, "leased_until": None}
            Message.objects.filter(pk=message.pk).update(**facts)


def marks_first() -> None:
    """Send every message, each marked before it is sent."""
    at = clock.now()
    with MailTransport() as post:
        while claimed := queue.claim_due_messages(1, at, timedelta()):
            (message,) = claimed
            record_result(message, Message.State.SENT, "", sent_at=at)
            post.send(compose(message, MessageContent(), at), lambda: None)


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
