"""What waits in offers and checks: reports to read, checks to give out, offers to look at and to verify."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules import Powers
from procurement.leads.models import SupplierLead
from procurement.verification.models import VerificationTask
from procurement.web.today.rows import EACH, Row, mine


def reports(by: Powers, at: datetime) -> Iterator[Row]:
    """Reports that came in and are not judged."""
    tasks = VerificationTask.objects.filter(
        city__in=mine(by, Power.JUDGE_REPORT), status=VerificationTask.Status.SUBMITTED
    )
    for task in tasks.select_related("contact__user", "supplier").order_by("submitted_at", "pk")[:EACH]:
        words = _("Read the report on %(supplier)s: %(check)s")
        yield Row(
            words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
            _("Read it"),
            task.get_absolute_url(),
            _("The offer stays unverified until it is judged."),
            (task.submitted_at or at) + timedelta(days=1),
            task.reference,
        )


def to_give_out(by: Powers, at: datetime) -> Iterator[Row]:
    """Checks nobody was asked to make."""
    tasks = VerificationTask.objects.filter(
        city__in=mine(by, Power.ASSIGN_CHECK),
        status__in=(VerificationTask.Status.PROPOSED, VerificationTask.Status.DECLINED),
        lead__status__in=SupplierLead.LIVE,
    )
    for task in tasks.select_related("supplier").order_by("pk")[:EACH]:
        words = _("Choose who checks %(supplier)s: %(check)s")
        yield Row(
            words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
            _("Choose"),
            task.get_absolute_url(),
            _("Nobody looks until somebody is asked."),
            task.created_at + timedelta(days=1),
            task.reference,
        )


def leads(by: Powers, at: datetime) -> Iterator[Row]:
    """New offers, and those whose every check is accepted."""
    ours = SupplierLead.objects.filter(city__in=mine(by, Power.JUDGE_LEAD)).select_related("supplier")
    for lead in ours.filter(status=SupplierLead.Status.OFFERED).order_by("pk")[:EACH]:
        yield Row(
            _("Look at the new offer of %(supplier)s") % {"supplier": lead.supplier.name},
            _("Look"),
            lead.get_absolute_url(),
            _("Its checks are not open yet."),
            lead.created_at + timedelta(days=1),
            lead.reference,
        )
    ready = ours.filter(
        status=SupplierLead.Status.CHECKING, checks_open=0, blocking_findings=0, recheck=False
    )
    for lead in ready.filter(checks_accepted__gt=0).order_by("pk")[:EACH]:
        yield Row(
            _("Verify the offer of %(supplier)s: every check is accepted") % {"supplier": lead.supplier.name},
            _("Verify"),
            lead.get_absolute_url(),
            _("Its goods cannot be allocated before."),
            at,
            lead.reference,
        )
