"""Actions that create and withdraw the address of a person's calendar.

The address is returned once. Only its digest is stored.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CalendarFeed, User
from accounts.tokens import new_token, token_digest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import select_locked

# A calendar program polls for years, so its owner confirms once a year that it still may.
FEED_LIFETIME = timedelta(days=366)
LAST_READ_UPDATE_INTERVAL = timedelta(hours=1)
NOT_YOUR_FEED = _("You can create or cancel only your own calendar link.")


class CreatedFeed(NamedTuple):
    """The row of a new calendar address, and the address itself, which cannot be read again later."""

    feed: CalendarFeed
    url: str


def create_feed(user: User, *, by: Actor, at: datetime, real_at: datetime) -> CreatedFeed:
    """Create the address of a person's calendar and withdraw the earlier one.

    Refuses an actor other than this person, and a deactivated person.
    """
    if by.user_id != user.pk or not user.is_active:
        raise Refused(NOT_ALLOWED, NOT_YOUR_FEED)
    token = new_token()
    with transaction.atomic():
        locked_user = select_locked(user)
        withdraw_all_feeds(locked_user, by=by, at=at, real_at=real_at)
        feed = CalendarFeed.objects.create(
            user=locked_user,
            digest=token_digest(token),
            created_at=real_at,
            expires_at=real_at + FEED_LIFETIME,
        )
        entries.record(feed, "issue", by=by, at=at)
    return CreatedFeed(feed, settings.BASE_URL + reverse("calendar_feed", args=[token]))


def withdraw_all_feeds(user: User, *, by: Actor, at: datetime, real_at: datetime) -> int:
    """Withdraw every working calendar address of a person and return how many there were.

    A second call changes nothing.
    """
    feeds = list(CalendarFeed.objects.select_for_update().filter(user=user, withdrawn_at=None).order_by("pk"))
    for feed in feeds:
        feed.withdrawn_at = real_at
        feed.save(update_fields=["withdrawn_at"])
        entries.record(feed, "revoke", by=by, at=at)
    return len(feeds)


def withdraw_feed(user: User, *, by: Actor, at: datetime, real_at: datetime) -> bool:
    """Withdraw one's own calendar address. Return True if one was working.

    A second call changes nothing. Refuses an actor other than the owner.
    """
    if by.user_id != user.pk:
        raise Refused(NOT_ALLOWED, NOT_YOUR_FEED)
    with transaction.atomic():
        return withdraw_all_feeds(user, by=by, at=at, real_at=real_at) > 0


def record_feed_read(feed: CalendarFeed, real_at: datetime) -> None:
    """Record when a calendar program last read this address, to the hour. This is not written to the journal."""
    if feed.last_read_at is None or real_at - feed.last_read_at >= LAST_READ_UPDATE_INTERVAL:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=real_at)
