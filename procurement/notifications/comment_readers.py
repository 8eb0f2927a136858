"""Readers of a comment: the people whom it concerns and who may read it. Reads only."""

from typing import Any

from accounts.models import User
from partners.memberships.models import Membership
from partners.permissions.permissions import permissions_of
from procurement.notifications import audiences
from procurement.notifications.need_audiences import need_approvers
from workflow.comments_and_files.models import Comment
from workflow.outbox import in_app_notifications
from workflow.outbox.models import Notification

_DECIDERS_BY_STATUS: dict[tuple[str, str], audiences.Audience] = {
    ("procurement.order", "awaiting_approval"): audiences.approvers,
    ("procurement.order", "offered"): audiences.approvers,
    ("procurement.supplyrequest", "awaiting_approval"): need_approvers,
    ("procurement.supplierlead", "received"): audiences.reviewers,
    ("procurement.supplierlead", "under_review"): audiences.reviewers,
    ("procurement.verificationtask", "submitted"): audiences.reviewers,
    ("procurement.shipment", "planned"): audiences.customs_staff,
    ("procurement.shipment", "packed"): audiences.customs_staff,
    ("procurement.shipment", "in_transit"): audiences.customs_staff,
    ("procurement.shipment", "arrived"): audiences.customs_staff,
    ("procurement.shipment", "delivered"): audiences.logistics_staff,
    ("procurement.lot", "quarantined"): audiences.lot_staff,
}


def comment_readers(thing: Any) -> list[User]:
    """Return the people whom a comment on an item concerns and who may read it.

    These are the responsible person, earlier commenters and those who act next. If only the author of the comment
    remains, the city's officers are added.
    """
    comments = Comment.objects.about(thing)
    last = comments.order_by("-pk").first()
    working = Membership.objects.active().filter(city=last.city_id if last else None).values("user")
    wrote = User.objects.filter(pk__in=comments.values("by"), is_active=True)
    earlier = wrote.filter(pk__in=working).order_by("pk")
    asked = (
        Notification.objects.about(thing)
        .filter(settled_by=None)
        .exclude(entry__verb__in=in_app_notifications.ALWAYS_NOTIFIED_VERBS)
    )
    next_to_act = User.objects.filter(pk__in=asked.values("recipient"), is_active=True).order_by("pk")
    found = dict.fromkeys([*_responsible_for_any(thing), *earlier, *next_to_act, *_current_deciders(thing)])
    if last is None:
        return list(found)
    readers = [person for person in found if _may_read_comment(person, last)]
    if set(readers) <= {last.by} and hasattr(thing, "city_id"):
        return [
            *readers,
            *(
                officer
                for officer in audiences.officers(thing)
                if officer not in readers and _may_read_comment(officer, last)
            ),
        ]
    return readers


def _may_read_comment(person: User, comment: Comment) -> bool:
    """Return True if the person may read the comment, in a city of theirs or on an item assigned to them."""
    return Comment.objects.visible_to(permissions_of(person, via="clock")).filter(pk=comment.pk).exists()


def _responsible_for_any(thing: Any) -> list[User]:
    has_responsible = hasattr(thing, "city_id") or hasattr(thing, "author") or isinstance(thing, User)
    return audiences.responsible_officer(thing) if has_responsible or hasattr(thing, "user") else []


def _current_deciders(thing: Any) -> list[User]:
    """Return the people who decide on the item in its present status."""
    decide = _DECIDERS_BY_STATUS.get((thing._meta.label_lower, getattr(thing, "status", "")))
    return list(decide(thing)) if decide else []
