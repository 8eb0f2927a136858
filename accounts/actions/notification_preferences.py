"""Action and query for a person's choice of how mail about each kind of notification is delivered.

A choice is recorded in the journal and also applies to notifications that are not mailed yet.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.hooks import next_morning, notification_categories
from accounts.models import NotificationPreference, User
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal import entries
from workflow.moves import select_locked
from workflow.outbox import in_app_notifications
from workflow.outbox.models import DeliveryPreference


def set_preferences(user: User, preferences: Mapping[str, str], *, by: Actor, at: datetime) -> list[str]:
    """Save the delivery of mail for some kinds of notification and return the kinds that changed.

    `preferences` maps the name of a kind to a `DeliveryPreference`. Mail that is already planned follows the
    choice: it moves into the daily summary, leaves it, or is dropped. Without a change nothing is recorded.
    Refuses an unknown kind, and a delivery that the kind does not offer.
    """
    for kind, delivery in preferences.items():
        _require_offered(kind, delivery)
    with transaction.atomic():
        row = select_locked(user)
        before = preferences_of(row)
        changed = [kind for kind, delivery in preferences.items() if before[kind] != delivery]
        morning = next_morning(row, at) if changed else at
        for kind in changed:
            NotificationPreference.objects.update_or_create(
                user=row, kind=kind, defaults={"delivery": preferences[kind]}
            )
            in_app_notifications.reschedule_notifications(
                row.pk, kind, preferences[kind], at=at, morning=morning
            )
        if changed:
            after = {**before, **preferences}
            entries.record(row, "choose_mail", by=by, at=at, before=before, after=after)
    return changed


def preferences_of(user: User) -> dict[str, str]:
    """Return the delivery of mail for each kind of notification: the person's choice, else at once.

    A chosen delivery that the kind no longer offers counts as at once.
    """
    chosen = dict(user.notification_preferences.values_list("kind", "delivery"))
    kinds = notification_categories.get()
    return {
        kind.name: delivery
        if (delivery := chosen.get(kind.name)) in kind.delivery_choices
        else DeliveryPreference.AT_ONCE
        for kind in kinds
    }


def _require_offered(kind: str, delivery: str) -> None:
    """Refuse an unknown kind of notification, and a delivery that the kind does not offer."""
    found = next((offered for offered in notification_categories.get() if offered.name == kind), None)
    if found is None:
        raise Refused("no_such_kind", _("This type of notification does not exist."))
    if delivery not in found.delivery_choices:
        raise Refused(
            "way_not_open", found.restriction_reason or _("Choose one of the options shown."), field=kind
        )
