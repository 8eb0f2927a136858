"""What waits in offers and checks: reports to read, checks to give out, offers to look at and to verify."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules import Powers
from procurement.leads.models import SupplierLead
from procurement.verification.models import VerificationTask
from procurement.web.today.rows import Kind, Row, mine


def _reports(by: Powers) -> QuerySet[Any]:
    return VerificationTask.objects.filter(
        city__in=mine(by, Power.JUDGE_REPORT), status=VerificationTask.Status.SUBMITTED
    )


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
    Kind(_to_give_out, _choose, ("supplier",)),
    Kind(_new_leads, _look, ("supplier",)),
    Kind(_checked_leads, _verify, ("supplier",)),
)
