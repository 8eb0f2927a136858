"""What waits in offers and checks: reports to read, checks to give out, offers to look at and to verify."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules.powers import Powers
from procurement.leads.models.offer import SupplierLead
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.sharing import Reuse
from procurement.web.today.rows import Kind, Row, mine


def _reports(by: Powers) -> QuerySet[Any]:
    return VerificationTask.objects.filter(
        city__in=mine(by, Power.JUDGE_REPORT), status=VerificationTask.Status.SUBMITTED
    )


def _to_share(by: Powers) -> QuerySet[Any]:
    return Reuse.objects.open_to(mine(by, Power.JUDGE_REPORT))


def _to_give_out(by: Powers) -> QuerySet[Any]:
    return VerificationTask.objects.filter(
        city__in=mine(by, Power.ASSIGN_CHECK),
        status__in=(VerificationTask.Status.PROPOSED, VerificationTask.Status.DECLINED),
        lead__status__in=SupplierLead.LIVE,
    )


def _new_leads(by: Powers) -> QuerySet[Any]:
    return SupplierLead.objects.filter(
        city__in=mine(by, Power.JUDGE_LEAD), status=SupplierLead.Status.OFFERED
    )


def _checked_leads(by: Powers) -> QuerySet[Any]:
    return SupplierLead.objects.filter(
        city__in=mine(by, Power.JUDGE_LEAD),
        status=SupplierLead.Status.CHECKING,
        checks_open=0,
        blocking_findings=0,
        recheck=False,
        checks_by_others__gt=0,
    )


def _matches(by: Powers) -> QuerySet[Any]:
    """What this person may judge; of what they proposed to clear themselves, a second person does."""
    judges = mine(by, Power.JUDGE_LEAD)
    open_ones = ListMatch.objects.filter(status__in=(ListMatch.Status.POSSIBLE, ListMatch.Status.CLEARING))
    theirs = open_ones.filter(Q(city=None) | Q(city__in=judges)) if judges else ListMatch.objects.none()
    return theirs.exclude(status=ListMatch.Status.CLEARING, proposed_by=by.user_id).first_of_each()


def _lists(by: Powers) -> QuerySet[Any]:
    """Lists that another person proposes to withdraw."""
    withdrawing = WatchList.objects.filter(status=WatchList.Status.WITHDRAWING)
    keeps = by.may(Power.EDIT_REGISTER, WatchList())
    return withdrawing.exclude(withdrawn_by=by.user_id) if keeps else withdrawing.none()


def _withdraw(watch_list: WatchList, at: datetime) -> Row:
    return Row(
        _("Decide as the second person whether the list “%(list)s” is withdrawn") % {"list": watch_list},
        _("Decide"),
        watch_list.get_absolute_url(),
        _("It stays in force until then."),
        at,
        watch_list.reference,
    )


def _judge_match(match: ListMatch, at: datetime) -> Row:
    second = match.status == ListMatch.Status.CLEARING
    words = (
        _("Judge as the second person whether %(supplier)s is “%(listed)s” on the list “%(list)s”")
        if second
        else _("Judge whether %(supplier)s is “%(listed)s” on the list “%(list)s”")
    )
    return Row(
        words
        % {
            "supplier": match.supplier.name,
            "listed": match.listed_as,
            "list": match.listed.watch_list,
        },
        _("Judge"),
        match.get_absolute_url(),
        _("Nothing is ordered of the company before."),
        match.created_at + timedelta(days=1),
        match.reference,
    )


def _read_it(task: VerificationTask, at: datetime) -> Row:
    words = _("Read the report on %(supplier)s: %(check)s")
    return Row(
        words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
        _("Read it"),
        task.get_absolute_url(),
        _("The offer stays unverified until it is judged."),
        (task.submitted_at or at) + timedelta(days=1),
        task.reference,
    )


def _share(reuse: Reuse, at: datetime) -> Row:
    words = _("Another city would like to use your check of %(supplier)s: %(check)s")
    check = reuse.origin
    return Row(
        words % {"supplier": check.supplier.name, "check": check.get_check_kind_display()},
        _("Answer"),
        reuse.get_absolute_url(),
        _("They wait with their own until you answer."),
        reuse.created_at + timedelta(days=1),
        reuse.reference,
    )


def _choose(task: VerificationTask, at: datetime) -> Row:
    words = _("Choose who checks %(supplier)s: %(check)s")
    return Row(
        words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
        _("Choose"),
        task.get_absolute_url(),
        _("Nobody looks until somebody is asked."),
        task.created_at + timedelta(days=1),
        task.reference,
    )


def _look(lead: SupplierLead, at: datetime) -> Row:
    return Row(
        _("Look at the new offer of %(supplier)s") % {"supplier": lead.supplier.name},
        _("Look"),
        lead.get_absolute_url(),
        _("Its checks are not open yet."),
        lead.created_at + timedelta(days=1),
        lead.reference,
    )


def _verify(lead: SupplierLead, at: datetime) -> Row:
    return Row(
        _("Verify the offer of %(supplier)s: every check is accepted") % {"supplier": lead.supplier.name},
        _("Verify"),
        lead.get_absolute_url(),
        _("Its goods cannot be allocated before."),
        at,
        lead.reference,
    )


KINDS = (
    Kind(_reports, _read_it, ("contact__user", "supplier"), ("submitted_at", "pk")),
    Kind(_to_share, _share, ("origin__supplier",)),
    Kind(_to_give_out, _choose, ("supplier",)),
    Kind(_new_leads, _look, ("supplier",)),
    Kind(_checked_leads, _verify, ("supplier",)),
    Kind(_matches, _judge_match, ("supplier", "listed__watch_list")),
    Kind(_lists, _withdraw),
)
