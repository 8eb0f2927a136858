"""The address of a person's calendar: made, made anew, withdrawn. Its value is returned once and kept nowhere."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.models import User
from accounts.tokens import new_token
from accounts.wishes import CalendarFeed
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import locked

LASTS = timedelta(
    days=366
)  # a calendar program asks for years; once a year its owner says that it still should
NOTED_EVERY = timedelta(hours=1)
NOT_YOURS = _("You may make or end the address of your own calendar only.")


class MadeFeed(NamedTuple):
    """A new address's row, and the address, which nobody can read again."""

    feed: CalendarFeed
    url: str


def make(user: User, *, by: Actor, at: datetime, real_at: datetime) -> MadeFeed:
    """Give a person an address for their calendar; the one before ends. Refuses anybody but that person, and who was shut out."""
    if by.user_id != user.pk or not user.is_active:
        raise Refused(NOT_ALLOWED, NOT_YOURS)
    token = new_token()
    with transaction.atomic():
        row = locked(user)
        withdraw_all(row, by=by, at=at, real_at=real_at)
        feed = CalendarFeed.objects.create(
            user=row, digest=tokens.digest(token), made_at=real_at, expires_at=real_at + LASTS
        )
        entries.record(feed, "issue", by=by, at=at)
    return MadeFeed(feed, settings.BASE_URL + reverse("calendar_feed", args=[token]))


def withdraw_all(user: User, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """End the address of a person's calendar at once; again changes nothing. Says how many ended."""
    working = list(
        CalendarFeed.objects.select_for_update().filter(user=user, withdrawn_at=None).order_by("pk")
    )
    for feed in working:
        feed.withdrawn_at = real_at
        feed.save(update_fields=["withdrawn_at"])
        entries.record(feed, "revoke", by=by, at=at)
    return len(working)


def withdraw(user: User, *, by: Actor, at: datetime, real_at: datetime) -> bool:
    """End one's own address; again changes nothing. Refuses anybody but its owner."""
    if by.user_id != user.pk:
        raise Refused(NOT_ALLOWED, NOT_YOURS)
    with transaction.atomic():
        return withdraw_all(user, by=by, at=at, real_at=real_at) > 0


def note_read(feed: CalendarFeed, real_at: datetime) -> None:
    """Note when a calendar was last read: to the hour, and not journaled."""
    if feed.last_read_at is None or real_at - feed.last_read_at >= NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=real_at)
