"""Who acts in the tests of the machinery, and the messages they cause: made by playing actions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from accounts.actions import people
from accounts.actors import CONSOLE
from accounts.models import User
from tests.smtp import Sink
from workflow.journal import entries
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox import ledger
from workflow.outbox.delivery import Filled, Hooks

AT = datetime(2020, 4, 16, 16, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Someone:
    """A person with the powers a test gives them; the machinery knows actors by their protocol only."""

    user_id: int | None
    powers: frozenset[str] = frozenset({"comment"})
    sees: frozenset[int] = frozenset()
    cities: frozenset[int] = frozenset()
    brokers: bool = False
    label: str = "Someone"
    via: str = "session"

    def may(self, power: str, thing: object) -> bool:
        return power in self.powers

    concerned: frozenset[int] = frozenset()

    def where(self, power: str) -> frozenset[int]:
        return self.cities if power in self.powers else frozenset()


@dataclass
class Office:
    """What the rooms above would know about messages, for the outbox's hooks; remembers what it was told."""

    irrelevant: set[object] = field(default_factory=set)
    link: str = "https://example.test/l/abc/"
    bounced: list[Message] = field(default_factory=list)
    given_up: list[Message] = field(default_factory=list)
    polite: Callable[[Message, datetime], datetime] = lambda _message, at: at

    @property
    def hooks(self) -> Hooks:
        return Hooks(
            relevant=lambda message: message.pk not in self.irrelevant,
            fill=lambda message: Filled(self.link, "https://example.test/stop/xyz/"),
            bounced=self.bounced.append,
            given_up=self.given_up.append,
            polite=self.polite,
        )


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def add_user(db: None) -> Callable[..., User]:
    def add(**facts: str) -> User:
        number = next(_numbers)
        facts = {"email": f"person{number}@cast.example", "name": f"Person {number}"} | facts
        return people.add(**facts, by=CONSOLE, at=AT)

    return add


@pytest.fixture
def user(add_user: Callable[..., User]) -> User:
    return add_user()


@pytest.fixture
def plan(add_user: Callable[..., User]) -> Callable[..., Message]:
    """Plan one message; every fact can be given."""

    def plan(**facts: object) -> Message:
        recipient = facts.pop("recipient", None) or add_user()
        entry = facts.pop("entry", None) or Entry.objects.about(recipient).latest("pk")
        message = Message(
            **{
                "entry": entry,
                "recipient": recipient,
                "address": recipient.email,
                "language": "en",
                "template": "test",
                "subject": "A question",
                "body": f"Dear colleague,\n\nplease open {ledger.LINK}\n",
                "thing_label": "accounts.user",
                "thing_id": recipient.pk,
                "next_try_at": AT - timedelta(minutes=1),
                "expires_at": AT + timedelta(days=2),
            }
            | facts
        )
        ledger.queue([message])
        return message

    return plan


@pytest.fixture
def another_entry(user: User) -> Callable[[], Entry]:
    """A new entry about one and the same person."""
    return lambda: entries.record(user, "greet", by=CONSOLE, at=AT)


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """A mail server of our own, which the outbox uses."""
    with Sink() as it:
        options = {"host": "127.0.0.1", "port": it.port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.post.Smtp", "OPTIONS": options}}
        yield it
