"""Rows of the start page (“Today”) for needs that wait for an approver, and for those that one returned."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.requests.approval.rules import AUTHORING_VERBS
from procurement.requests.models import SupplyRequest
from workflow.formatting import quote_typed
from workflow.journal.models import Entry


def _needs_to_approve(by: Permissions) -> QuerySet[Any]:
    """Return needs, and posted ones with a proposed change, that wait for an approver and were not written by them."""
    waiting = SupplyRequest.objects.waiting_for_decision().filter(
        city__in=cities_with_power(by, Power.APPROVE)
    )
    written = Entry.objects.filter(
        thing_label=SupplyRequest._meta.label_lower,
        thing_id=OuterRef("pk"),
        verb__in=AUTHORING_VERBS,
        by=by.user_id,
    )
    others = waiting.exclude(Q(author=by.user_id) | Q(proposed_by=by.user_id))
    return others.filter(Q(proposal__isnull=False) | ~Exists(written))


def _needs_sent_back(by: Permissions) -> QuerySet[Any]:
    """Return this person's own needs, and changes that they proposed, that an approver sent back."""
    mine = Q(proposed_by=by.user_id) | Q(proposed_by=None, author=by.user_id)
    return SupplyRequest.objects.sent_back().filter(mine, city__in=cities_with_power(by, Power.POST_REQUEST))


def _need_decision_item(need: SupplyRequest, at: datetime) -> TodoItem:
    is_change = need.proposal is not None
    words = (
        _("Decide whether to change this need: %(title)s")
        if is_change
        else _("Decide whether to post this need: %(title)s")
    )
    return TodoItem(
        words % {"title": quote_typed(need.title)},
        _("Review need"),
        need.get_absolute_url(),
        _("Until you decide, the need stays as it is.")
        if is_change
        else _("Until you decide, the need is not posted."),
        (need.waiting_since or at) + timedelta(days=1),
        need.reference,
    )


def _returned_need_item(need: SupplyRequest, at: datetime) -> TodoItem:
    is_change = need.proposal is not None
    words = (
        _("Correct or withdraw the change of this need: %(title)s")
        if is_change
        else _("Correct this need: %(title)s")
    )
    return TodoItem(
        words % {"title": quote_typed(need.title)},
        _("Open need"),
        need.get_absolute_url(),
        _("An approver returned the change, so it has not been made.")
        if is_change
        else _("An approver returned the need, so it has not been posted."),
        (need.sent_back_at or at) + timedelta(days=1),
        need.reference,
    )


NEED_APPROVAL_TODO_KINDS = (
    TodoKind(
        "needs_to_decide",
        _("Needs to decide on"),
        _needs_to_approve,
        _need_decision_item,
        order=("waiting_since", "pk"),
        waiting_since_field="waiting_since",
        required_facts=("waiting_since",),
    ),
    TodoKind(
        "needs_returned",
        _("Needs to correct"),
        _needs_sent_back,
        _returned_need_item,
        order=("sent_back_at", "pk"),
        waiting_since_field="sent_back_at",
        required_facts=("sent_back_at",),
    ),
)
