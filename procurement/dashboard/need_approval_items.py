"""Rows of the start page (“Today”) for needs that wait for an approver, and for those that one returned."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partners.memberships.models import Delegation, Membership
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.requests.approval.rules import AUTHORING_VERBS
from procurement.requests.models import SupplyRequest
from workflow.formatting import quote_typed
from workflow.journal.models import Entry

NO_ONE = 0  # the id of no user


def _needs_to_approve(by: Permissions) -> QuerySet[Any]:
    """Return needs, and posted ones with a proposed change, that wait for an approver and were not written by them.

    Those that only people wrote for whom the person is a delegate are left out.
    """
    waiting = SupplyRequest.objects.waiting_for_decision().filter(
        city__in=cities_with_power(by, Power.APPROVE)
    )
    others = waiting.exclude(Q(author=by.user_id) | Q(proposed_by=by.user_id))
    found = others.filter(Q(proposal__isnull=False) | ~Exists(_authoring_entries("pk", by.user_id)))
    if not by.delegations:
        return found
    delegated = frozenset(one.city_id for one in by.delegations)
    own = Delegation.objects.filter(
        pk__in=[one.delegation_id for one in by.delegations], city=OuterRef("city")
    )
    proposer = Coalesce(OuterRef("proposed_by"), Value(NO_ONE), output_field=BigIntegerField())
    free = own.exclude(delegator=OuterRef("author")).exclude(delegator=proposer)
    of_need = free.exclude(Exists(_authoring_entries(OuterRef("pk"), OuterRef("delegator"))))
    return found.filter(
        ~Q(city__in=delegated)
        | Q(Exists(free), proposal__isnull=False)
        | Q(Exists(of_need), proposal__isnull=True)
    )


def _authoring_entries(need: Any, person: Any) -> QuerySet[Entry]:
    """Return the entries by which a person wrote a need or sent it for approval, as a subquery.

    `need` is the name of its id, or the reference to it from a further subquery.
    """
    return Entry.objects.filter(
        thing_label=SupplyRequest._meta.label_lower,
        thing_id=OuterRef(need),
        verb__in=AUTHORING_VERBS,
        by=person,
    )


def _needs_sent_back(by: Permissions) -> QuerySet[Any]:
    """Return the needs that an approver sent back to this person, who wrote or last submitted them, or proposed the change.

    Needs of an author, and changes of a person, without a role in the city any more are for all its officers.
    """
    label = SupplyRequest._meta.label_lower
    sent = Entry.objects.filter(thing_label=label, thing_id=OuterRef("pk"), verb="submit").order_by("-pk")
    responsible = Membership.objects.active().filter(
        city=OuterRef("city"),
        user=Coalesce(OuterRef("proposed_by"), OuterRef("author")),
        user__is_active=True,
    )
    mine = Q(proposed_by=by.user_id) | Q(proposed_by=None) & (Q(author=by.user_id) | Q(sent_by=by.user_id))
    found = SupplyRequest.objects.sent_back().filter(city__in=cities_with_power(by, Power.POST_REQUEST))
    return found.alias(sent_by=Subquery(sent.values("by")[:1])).filter(mine | ~Exists(responsible))


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
        _("Correct or withdraw the change to this need: %(title)s")
        if is_change
        else _("Correct this need: %(title)s")
    )
    return TodoItem(
        words % {"title": quote_typed(need.title)},
        _("Open need"),
        need.get_absolute_url(),
        _("An approver returned the change, so it has not been applied.")
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
