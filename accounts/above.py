"""What accounts needs to know of the rooms above it, named by dotted paths in the settings so that it imports none of them.

`ACTOR_FACTORY`, `LINK_PAGES`, `FIND_INVITATION`, `ACCEPT_INVITATION`, `NOTICE_KINDS`, `NEXT_MORNING` and `REPLY_ADDRESS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Link, User
from workflow.actors import Actor
from workflow.errors import Words
from workflow.models.bell import Way


class Person(Actor, Protocol):
    """The Actor of somebody who signed in."""

    @property
    def writes(self) -> bool:
        """Whether they may change anything: then a second factor is required."""
        ...


@dataclass(frozen=True, kw_only=True)
class LinkPage:
    """What a link's first page may say, and where it leads. No personal data: offices and cities, never a person's name."""

    asker: Words  # "City of Burnaby, Purchasing"
    subject: Words  # "Who makes N95 respirators in Zhongshan?"
    url: str  # where Continue leads: an address of this one object, ending in "/"; the cookie is bound to it
    until: datetime | None = None  # when the answer is due, by the story's clock
    asks: bool = True  # whether it asks for help; otherwise it shows the result of earlier help, or the person's own page
    write_to: str = ""  # the asking office's own address, for when the link no longer works


@dataclass(frozen=True, kw_only=True)
class Invited:
    """An open invitation, as its page shows it."""

    user: User  # whom it was sent to; only they can accept it
    place: Words  # "City of Burnaby"
    role: Words
    asker: Words  # who invites: a person's name, as the mail said it


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A kind of notice that a person chooses for, as the page of these choices shows it."""

    name: str
    label: Words
    about: Words
    ways: tuple[str, ...] = tuple(Way.values)  # what may be chosen
    why: Words = ""  # where not everything may be: why not


@cache
def _found(path: str) -> Any:
    return import_string(path)


def person(user: User, via: str) -> Person:
    """The Actor of a signed-in person, made by `ACTOR_FACTORY(user, via=...)`."""
    made: Person = _found(settings.ACTOR_FACTORY)(user, via=via)
    return made


def link_page(link: Link) -> LinkPage | None:
    """What the link is about. None when nothing is asked any more.

    `LINK_PAGES` maps the label of a thing ("procurement.inquiry") to a function of the link, which may look at its purpose.
    """
    path = settings.LINK_PAGES.get(link.thing_label)
    describe: Callable[[Link], LinkPage | None] = _found(path) if path else lambda link: None
    return describe(link)


def find_invitation(token: str, real_at: datetime) -> Invited | None:
    """The open invitation with this token, by `FIND_INVITATION(token, real_at)`; None if used, expired, revoked or unknown."""
    invited: Invited | None = _found(settings.FIND_INVITATION)(token, real_at)
    return invited


def accept_invitation(token: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Give somebody what they were invited to, by `ACCEPT_INVITATION`. Raises Refused if it is not open, or not theirs."""
    _found(settings.ACCEPT_INVITATION)(token, by=by, at=at, real_at=real_at)


def notice_kinds() -> tuple[NoticeKind, ...]:
    """The kinds of notices there are, in the order of the page: `NOTICE_KINDS`."""
    kinds: tuple[NoticeKind, ...] = _found(settings.NOTICE_KINDS)
    return kinds


def next_morning(user: User, at: datetime) -> datetime:
    """When the next working day of a person begins, by `NEXT_MORNING(user, at)`."""
    moment: datetime = _found(settings.NEXT_MORNING)(user, at)
    return moment


def reply_address(user: User) -> str:
    """Where this person's reply to a mail about their own account is read, by `REPLY_ADDRESS(user)`; empty where none is known."""
    address: str = _found(settings.REPLY_ADDRESS)(user)
    return address
