"""Rows of the start page (“Today”) for offers, checks and watchlist matches, from reports to read to offers to verify."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import UNSOLICITED_FILTER, SupplierLead
from procurement.leads.rules.leads import VERIFY
from procurement.sanctions.models import Watchlist, WatchlistMatch
from procurement.verification.models import CheckReuse, VerificationTask
from procurement.verification.rules.reuse import AGREE_TO_REUSE
from workflow.http.move_views import MoveOption


def _reports_to_review(by: Permissions) -> QuerySet[Any]:
    return VerificationTask.objects.filter(
        city__in=cities_with_power(by, Power.REVIEW_REPORT), status=VerificationTask.Status.SUBMITTED
    )


def _checks_to_share(by: Permissions) -> QuerySet[Any]:
    return CheckReuse.objects.unanswered_by(cities_with_power(by, Power.REVIEW_REPORT))


def _checks_to_assign(by: Permissions) -> QuerySet[Any]:
    return VerificationTask.objects.filter(
        city__in=cities_with_power(by, Power.ASSIGN_CHECK),
        status__in=VerificationTask.ASSIGNABLE_STATUSES,
        lead__status__in=SupplierLead.LIVE_STATUSES,
    )


def _new_leads(by: Permissions) -> QuerySet[Any]:
    received = SupplierLead.objects.filter(
        city__in=cities_with_power(by, Power.REVIEW_LEAD), status=SupplierLead.Status.RECEIVED
    )
    return received.exclude(UNSOLICITED_FILTER, accepted_by=None)


def _unsolicited_offers(by: Permissions) -> QuerySet[Any]:
    return SupplierLead.objects.awaiting_acceptance().filter(
        city__in=cities_with_power(by, Power.POST_REQUEST)
    )


def _offers_without_city(by: Permissions) -> QuerySet[Any]:
    """Return the unsolicited offers that no city has yet, for the coordinators who may pass them on."""
    found = SupplierLead.objects.awaiting_passing_on()
    return found if by.oversees_all_cities else found.filter(city__in=by.overseen_city_ids)


def _checked_leads(by: Permissions) -> QuerySet[Any]:
    return SupplierLead.objects.filter(
        city__in=cities_with_power(by, Power.REVIEW_LEAD),
        status=SupplierLead.Status.UNDER_REVIEW,
        checks_open=0,
        blocking_findings=0,
        recheck=False,
        checks_by_others__gt=0,
    )


def _blocked_leads(by: Permissions) -> QuerySet[Any]:
    """Return the offers under review that a finding without an answer has blocked for a working day."""
    waiting = Finding.objects.waiting().filter(lead=OuterRef("pk"), reminders__gt=0)
    return SupplierLead.objects.filter(
        Exists(waiting),
        city__in=cities_with_power(by, Power.REVIEW_LEAD),
        status__in=(SupplierLead.Status.UNDER_REVIEW, SupplierLead.Status.VERIFIED),
    )


# Every name of the company that resembles the same entry, the most similar first: one row gives all reasons.
ALIKE_NAMES = {
    "alike_names": ArraySubquery(
        WatchlistMatch.objects.filter(
            status__in=WatchlistMatch.Status.open, supplier=OuterRef("supplier"), entry=OuterRef("entry")
        )
        .order_by("-score", "pk")
        .values("name")
    )
}


def _matches_to_decide(by: Permissions) -> QuerySet[Any]:
    """Return the watchlist matches that this person may decide on, one for each company and entry.

    A proposal to clear a match needs a second person, so the proposer does not see it.
    """
    judges = cities_with_power(by, Power.REVIEW_LEAD)
    open_ones = WatchlistMatch.objects.filter(status__in=WatchlistMatch.Status.open)
    theirs = open_ones.filter(Q(city=None) | Q(city__in=judges)) if judges else WatchlistMatch.objects.none()
    return theirs.exclude(
        status=WatchlistMatch.Status.DISMISSAL_PROPOSED, proposed_by=by.user_id
    ).earliest_of_alike()


def _watchlists_to_withdraw(by: Permissions) -> QuerySet[Any]:
    """Return the watchlists that another person proposes to withdraw."""
    withdrawing = Watchlist.objects.filter(status=Watchlist.Status.WITHDRAWAL_PROPOSED)
    keeps = by.may(Power.EDIT_REGISTER, Watchlist())
    return withdrawing.exclude(withdrawn_by=by.user_id) if keeps else withdrawing.none()


def _withdrawal_item(watchlist: Watchlist, at: datetime) -> TodoItem:
    return TodoItem(
        _("Second review: should the list “%(list)s” be withdrawn?") % {"list": watchlist},
        _("Review withdrawal"),
        watchlist.get_absolute_url(),
        _("The list stays in force until then."),
        at,
        watchlist.reference,
    )


def _review_match_item(match: Any, at: datetime) -> TodoItem:
    names = dict.fromkeys(
        match.alike_names or [match.name]
    )  # none are open if it was decided in the meantime
    second = match.status == WatchlistMatch.Status.DISMISSAL_PROPOSED
    words = (
        _("Second review: is %(supplier)s the same as “%(listed)s” on “%(list)s”?")
        if second
        else _("Is %(supplier)s the same as “%(listed)s” on “%(list)s”?")
    )
    return TodoItem(
        words
        % {
            "supplier": match.supplier.name,
            "listed": match.listed_as,
            "list": match.entry.watchlist,
        },
        _("Review match"),
        match.get_absolute_url(),
        _("Matching names: %(names)s. You cannot order from this company until this is decided.")
        % {"names": ", ".join(names)},
        match.created_at + timedelta(days=1),
        match.reference,
    )


def _report_item(task: VerificationTask, at: datetime) -> TodoItem:
    words = _("Review the report on %(supplier)s: %(check)s")
    return TodoItem(
        words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
        _("Read report"),
        task.get_absolute_url(),
        _("The offer cannot be verified until the report is reviewed."),
        (task.submitted_at or at) + timedelta(days=1),
        task.reference,
    )


def _share_item(reuse: CheckReuse, at: datetime) -> TodoItem:
    words = _("Another city would like to use your check on %(supplier)s: %(check)s")
    check = reuse.origin
    return TodoItem(
        words % {"supplier": check.supplier.name, "check": check.get_check_kind_display()},
        _("Answer the city"),
        reuse.get_absolute_url(),
        _("That city is waiting for your answer before starting its own check."),
        reuse.created_at + timedelta(days=1),
        reuse.reference,
    )


def _assign_item(task: VerificationTask, at: datetime) -> TodoItem:
    words = _("Choose who checks %(supplier)s: %(check)s")
    return TodoItem(
        words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
        _("Assign check"),
        task.get_absolute_url(),
        _("No one will check this until you assign someone."),
        task.created_at + timedelta(days=1),
        task.reference,
    )


def _review_item(lead: SupplierLead, at: datetime) -> TodoItem:
    return TodoItem(
        _("Review the new offer from %(supplier)s") % {"supplier": lead.supplier.name},
        _("Review offer"),
        lead.get_absolute_url(),
        _("The checks on this offer have not been started yet."),
        lead.created_at + timedelta(days=1),
        lead.reference,
    )


def _decide_item(lead: SupplierLead, at: datetime) -> TodoItem:
    words = _("%(contact)s has made an unsolicited offer of goods from %(supplier)s")
    return TodoItem(
        words % {"contact": lead.contact, "supplier": lead.supplier.name},
        _("Accept or decline offer"),
        lead.get_absolute_url(),
        _("The contact is waiting for an answer."),
        lead.created_at + timedelta(days=1),
        lead.reference,
    )


def _find_city_item(lead: SupplierLead, at: datetime) -> TodoItem:
    words = _("Find a city for the goods from %(supplier)s offered by %(contact)s")
    return TodoItem(
        words % {"contact": lead.contact, "supplier": lead.supplier.name},
        _("Pass on offer"),
        f"{lead.get_absolute_url()}pass_on/",
        _("No city knows of this offer yet."),
        lead.created_at + timedelta(days=1),
        lead.reference,
    )


def _blocked_item(lead: SupplierLead, at: datetime) -> TodoItem:
    return TodoItem(
        _("Respond to the findings that block the offer from %(supplier)s")
        % {"supplier": lead.supplier.name},
        _("View findings"),
        f"{lead.get_absolute_url()}#findings",
        _("Until then, nothing can be ordered from this offer."),
        at,
        lead.reference,
    )


def _verify_item(lead: SupplierLead, at: datetime) -> TodoItem:
    return TodoItem(
        _("Verify the offer from %(supplier)s: all checks are accepted") % {"supplier": lead.supplier.name},
        _("Verify offer"),
        lead.get_absolute_url(),
        _("Until then, the goods in this offer cannot be allocated."),
        at,
        lead.reference,
    )


LEAD_AND_CHECK_TODO_KINDS = (
    TodoKind(
        "reports",
        _("Reports to read"),
        _reports_to_review,
        _report_item,
        ("contact__user", "supplier"),
        order=("submitted_at", "pk"),
        waiting_since_field="submitted_at",
    ),
    TodoKind(
        "reuses",
        _("Requests from other cities"),
        _checks_to_share,
        _share_item,
        ("origin__supplier",),
        row_action=MoveOption(AGREE_TO_REUSE),
    ),
    TodoKind("checks_to_assign", _("Checks to assign"), _checks_to_assign, _assign_item, ("supplier",)),
    TodoKind(
        "unsolicited_offers",
        _("Unsolicited offers"),
        _unsolicited_offers,
        _decide_item,
        ("supplier", "contact__user"),
    ),
    TodoKind(
        "offers_without_city",
        _("Unsolicited offers"),
        _offers_without_city,
        _find_city_item,
        ("supplier", "contact__city"),
    ),
    TodoKind("new_offers", _("Offers to review"), _new_leads, _review_item, ("supplier",)),
    TodoKind(
        "offers_to_verify",
        _("Offers to verify"),
        _checked_leads,
        _verify_item,
        ("supplier",),
        waiting_since_field="",
        row_action=MoveOption(VERIFY),
    ),
    TodoKind(
        "blocked_offers",
        _("Findings to respond to"),
        _blocked_leads,
        _blocked_item,
        ("supplier",),
        waiting_since_field="",
    ),
    TodoKind(
        "matches",
        _("Watchlist matches to review"),
        _matches_to_decide,
        _review_match_item,
        ("supplier", "entry__watchlist"),
        annotations=ALIKE_NAMES,
    ),
    TodoKind("watchlists", _("Watchlists to review"), _watchlists_to_withdraw, _withdrawal_item),
)
