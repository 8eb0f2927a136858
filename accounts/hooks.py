"""Hooks of accounts: functions that it needs from the apps above it, so that it imports none of these apps.

The apps above register them in `AppConfig.ready()` (`partners/apps.py`, `procurement/apps.py`).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.authenticator_secrets import RotationResult
from accounts.identity_providers.rules import PersonCities
from accounts.models import ActionLink, User
from workflow.actors import Actor
from workflow.errors import LazyText
from workflow.hooks import Hook, KeyedHook
from workflow.outbox.models import DeliveryPreference


class SignedInActor(Actor, Protocol):
    """The actor of a signed-in person."""

    @property
    def may_write(self) -> bool:
        """True if the person may change anything. A second factor is then required."""
        ...


@dataclass(frozen=True, kw_only=True)
class LinkPage:
    """Content of a link's first page, and the address of the page behind its Continue button.

    It holds no personal data: it names offices and cities, never a person.
    """

    requesting_office: LazyText  # "City of Burnaby, Purchasing"
    subject: LazyText  # "Who makes N95 respirators in Zhongshan?"
    continue_url: (
        str  # target of Continue: the address of this one object, ending in "/"; the cookie is bound to it
    )
    due_at: datetime | None = None  # due date of the answer, in the site's (practice) time
    heading: LazyText = (
        ""  # "Thank you from Burnaby"; empty: the page is headed by its request or its subject
    )
    expects_answer: bool = True  # False: it shows the result of earlier help, or the person's own page
    office_email: str = ""  # address of the asking office, shown when the link no longer works


@dataclass(frozen=True, kw_only=True)
class InvitationInfo:
    """An open invitation, as its page shows it."""

    user: User  # the person it was sent to; only this person can accept it
    city_label: LazyText  # "City of Burnaby"
    role: LazyText
    inviter_name: LazyText  # name of the person who invites, as in the mail
    city: str = ""  # key of the city; empty: the whole network


@dataclass(frozen=True, kw_only=True)
class NotificationCategoryInfo:
    """Category of notifications, for which a person chooses how its mail is delivered."""

    name: str
    label: LazyText
    description: LazyText  # the events that it covers
    delivery_choices: tuple[str, ...] = tuple(
        DeliveryPreference.values
    )  # the deliveries that a person can choose
    restriction_reason: LazyText = ""  # the reason why some deliveries cannot be chosen


class ActorFactory(Protocol):
    """Function that returns the actor of a signed-in person.

    `via` is the way of access: session, token or link.
    """

    def __call__(self, user: User, *, via: str) -> SignedInActor: ...


class InvitationAcceptance(Protocol):
    """Function that accepts the invitation with this token for the actor.

    Raises Refused if the invitation is not open or was sent to another person.
    """

    def __call__(self, token: str, *, by: Actor, at: datetime, real_at: datetime) -> None: ...


actor_of_person = Hook[ActorFactory]("accounts.hooks.actor_of_person")

# By the model label of an item ("procurement.inquiry"): content of the first page of a link to it, or None if
# the link no longer asks for anything. The function may look at the link's purpose.
link_pages = KeyedHook[Callable[[ActionLink], LinkPage | None]]("accounts.hooks.link_pages")

# The open invitation with this token, or None if it is used, expired, revoked or unknown.
find_invitation = Hook[Callable[[str, datetime], InvitationInfo | None]]("accounts.hooks.find_invitation")

accept_invitation = Hook[InvitationAcceptance]("accounts.hooks.accept_invitation")

# The categories of notifications, in the order of the page.
notification_categories = Hook[tuple[NotificationCategoryInfo, ...]]("accounts.hooks.notification_categories")

# The start of a person's next working day after a time.
next_morning = Hook[Callable[[User, datetime], datetime]]("accounts.hooks.next_morning")

# The reply address for mail about this person's own account; empty if no such address is known.
reply_address = Hook[Callable[[User], str]]("accounts.hooks.reply_address")

# Functions that re-encrypt secrets of higher apps under SECRET_KEY, by the kind of secret. Each is safe to run again.
secret_rotations = KeyedHook[Callable[[], RotationResult]]("accounts.hooks.secret_rotations")

# The cities in which a person has a role, and those to which an invitation leads that is open at the real time.
cities_of_person = Hook[Callable[[User, datetime], PersonCities]]("accounts.hooks.cities_of_person")

# The names of cities by key, in the reader's language. One query; keys that the register lacks are left out.
city_names = Hook[Callable[[Collection[str]], Mapping[str, str]]]("accounts.hooks.city_names")


def link_page(link: ActionLink) -> LinkPage | None:
    """Return the content of the link's first page, or None if the link no longer asks for anything."""
    describe = link_pages.get().get(link.thing_label)
    return describe(link) if describe else None
