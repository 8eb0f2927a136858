"""Announcements that certificates of live offers are about to end. Run by the periodic job."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.certificates import announce_certificate_end
from procurement.suppliers.models.certificates import Certificate, CertificateQuerySet
from procurement.suppliers.rules.certificates import END_ANNOUNCEMENT_DAYS
from workflow.actors import SYSTEM
from workflow.days import utc_day
from workflow.due_rows import process_due


def announce_certificate_ends(at: datetime) -> int:
    """Announce the certificates that end within 30 or 7 days. Return their number."""
    return process_due(_ending(at), lambda one: announce_certificate_end(one, by=SYSTEM, at=at))


def _ending(at: datetime) -> CertificateQuerySet:
    """Return the certificates of companies with live offers whose end is to be announced, oldest first."""
    today = utc_day(at)
    due = Q(pk=None)
    for days in END_ANNOUNCEMENT_DAYS:
        not_yet = Q(end_announced=None) | Q(end_announced__gt=days)
        due |= not_yet & Q(valid_until__range=(today, today + timedelta(days=days)))
    offers = SupplierLead.objects.live().order_by()
    holders = Q(supplier__in=offers.values("supplier"))
    holders |= Q(supplier__in=offers.exclude(maker=None).values("maker"))
    holders |= Q(supplier__in=offers.exclude(supplier__merged_into=None).values("supplier__merged_into"))
    rows = Certificate.objects.filter(due, holders).exclude(status__in=Certificate.Status.void)
    return rows.order_by(F("pk"))
