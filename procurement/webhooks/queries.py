"""Reads of webhooks: the end of the feed, the status after an event, and whether an owner may read its object."""

from accounts.models import User
from partners.permissions.permissions import Permissions, permissions_of
from procurement.webhooks.events import EVENT_OBJECTS, KIND_BY_LABEL
from procurement.webhooks.models import WebhookDelivery, WebhookEndpoint
from workflow.journal.models import Entry, FeedPosition


def feed_end() -> int:
    """Return the last position of the feed, or 0 if it is empty."""
    return FeedPosition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def status_after(entry: Entry) -> str | None:
    """Return the status that an object had after a journal entry, as the journal records it; None if it does not."""
    earlier = Entry.objects.filter(
        thing_label=entry.thing_label, thing_id=entry.thing_id, pk__lte=entry.pk, after__has_key="status"
    )
    status: str | None = earlier.order_by("-pk").values_list("after__status", flat=True).first()
    return status


def owner_permissions(owner: User) -> Permissions:
    """Return the permissions of an owner at this moment. A person who may not sign in has none."""
    if not owner.is_active:
        return Permissions(user_id=owner.pk, label=owner.journal_name, via="token")
    return permissions_of(owner, via="token")


def owner_manages(endpoint: WebhookEndpoint, permissions: Permissions) -> bool:
    """Return True if the owner still manages the people and settings of the city."""
    return endpoint.city_id in permissions.managed_city_ids


def may_read_object(delivery: WebhookDelivery, permissions: Permissions) -> bool:
    """Return True if the object of an event exists and its reader may see it."""
    model = EVENT_OBJECTS[KIND_BY_LABEL[delivery.thing_label]].model
    rows = model._default_manager.visible_to(permissions)  # type: ignore[attr-defined]  # of our QuerySets
    found: bool = rows.filter(pk=delivery.thing_id).exists()
    return found
