"""Actors, messages and a mail server for the tests of workflow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from accounts.actions.people import add_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from tests.smtp import Sink
from workflow.journal import entries
from workflow.journal.models import Entry
from workflow.outbox import queue
from workflow.outbox.delivery import DeliveryHooks, MessageContent
from workflow.outbox.models import Message

AT = datetime(2020, 4, 16, 16, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class ActorStub:
    """A person with given powers; the app workflow knows actors only by their protocol."""

    user_id: int | None
    powers: frozenset[str] = frozenset({"comment"})
    visible_cities: frozenset[int] = frozenset()
    city_ids: frozenset[int] = frozenset()
    is_broker: bool = False
    label: str = "Someone"
    via: str = "session"

    def may(self, power: str, thing: object) -> bool:
        return power in self.powers

    companies_with_interest: frozenset[int] = frozenset()

    def cities_with(self, power: str) -> frozenset[int]:
        return self.city_ids if power in self.powers else frozenset()


@dataclass
class HooksStub:
    """Stand-in for the functions that higher apps register with the outbox's hooks.

    It records bounced and abandoned messages.
    """

    irrelevant: set[object] = field(default_factory=set)
    link: str = "https://example.test/l/abc/"
    bounced: list[Message] = field(default_factory=list)
    given_up: list[Message] = field(default_factory=list)
    polite: Callable[[Message, datetime], datetime] = lambda _message, at: at

    @property
    def hooks(self) -> DeliveryHooks:
        return DeliveryHooks(
            is_relevant=lambda message: message.pk not in self.irrelevant,
            build_content=lambda message: MessageContent(self.link, "https://example.test/stop/xyz/"),
            on_bounce=self.bounced.append,
            on_give_up=self.given_up.append,
            next_polite_time=self.polite,
        )


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def office() -> HooksStub:
    return HooksStub()


@pytest.fixture
def add_user(db: None) -> Callable[..., User]:
    def add(**facts: str) -> User:
        number = next(_numbers)
        facts = {"email": f"actor{number}@cast.example", "name": f"Person {number}"} | facts
        return add_person(**facts, by=CONSOLE_ACTOR, at=AT)

    return add


@pytest.fixture
def user(add_user: Callable[..., User]) -> User:
    return add_user()


@pytest.fixture
def plan(add_user: Callable[..., User]) -> Callable[..., Message]:
    """Return a function that plans one message; every field can be given."""

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
                "body": f"Dear colleague,\n\nplease open {queue.LINK_PLACEHOLDER}\n",
                "thing_label": "accounts.user",
                "thing_id": recipient.pk,
                "next_try_at": AT - timedelta(minutes=1),
                "expires_at": AT + timedelta(days=2),
            }
            | facts
        )
        queue.enqueue([message])
        return message

    return plan


@pytest.fixture
def another_entry(user: User) -> Callable[[], Entry]:
    """Return a function that records a new entry about the same person."""
    return lambda: entries.record(user, "greet", by=CONSOLE_ACTOR, at=AT)


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """Run a mail server that the outbox uses."""
    with Sink() as it:
        options = {"host": "127.0.0.1", "port": it.port, "timeout": 1}
        settings.MAILERS = {"default": {"BACKEND": "workflow.outbox.smtp.SmtpTransport", "OPTIONS": options}}
        yield it
