"""Pages of distributions, their moves, and the people informed of a recall."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.distribution.actions import distribute_lot
from procurement.distribution.forms import DistributionForm
from procurement.distribution.models import Distribution
from procurement.distribution.rules import MARK_INFORMED, UNDO
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.quality.models import Lot
from workflow import clock
from workflow.errors import LazyText
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.outbox.models import Notification


@dataclass(frozen=True)
class InformedPerson:
    """Person of the city notified of a recall, with the time of the notification and of reading."""

    name: str
    notified_at: datetime
    read_at: datetime | None


@login_required
def new_distribution(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Record a distribution of pieces of a released lot. Requires the power RECEIVE."""
    rows = Lot.objects.visible_to(request.by).select_related("city", "shipment")
    lot: Lot = get_object_or_404(rows, reference=reference)
    require_permission(request, Power.RECEIVE, lot)
    form = DistributionForm(request.POST or None, lot)
    context = {"lot": lot, "form": form}
    template = "distribution/distribute.html"
    if not form.is_valid():
        return render_page(request, template, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: distribute_lot(lot, author=request.user, by=request.by, at=clock.now(), **form.cleaned_data),
        done=lot.get_absolute_url(),
        template=template,
        context=context,
    )


@login_required
def redirect_to_distributed_lot(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the lot of a distribution."""
    return redirect(get_object_or_404(Distribution.objects.visible_to(request.by), pk=pk).lot)


@login_required
def distribution_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Undo a distribution, or record that its place was informed of the recall."""
    rows = Distribution.objects.visible_to(request.by).select_related("lot", "organization__city")
    return run_move(request, get_object_or_404(rows, pk=pk), verb, DISTRIBUTION_MOVE_OPTIONS)


def distribution_context(lot: Lot, by: Permissions) -> dict[str, Any]:
    """Return the template context of a lot: its distributions and the pieces left.

    For a recalled lot, also the persons notified, the places to phone, and similar lots that were warned.
    """
    outs = list(
        with_mail_status(lot.distributions.all(), by)
        .select_related("organization__city", "lot", "informed_by")
        .order_by("distributed_on", "pk")
    )
    standing = [one for one in outs if one.status == Distribution.Status.DISTRIBUTED]
    context: dict[str, Any] = {
        "distributions": outs,
        "left": lot.quantity - sum(one.quantity for one in standing),
    }
    if lot.status == Lot.Status.RECALLED:
        context["informed"] = people_informed(lot)
        context["to_phone"] = [(one, mail_statuses_of(one)) for one in standing if one.informed_at is None]
        context["others"] = Lot.objects.same_number_elsewhere(lot).filter(warned_at__isnull=False).count()
    return context


def people_informed(lot: Lot) -> list[InformedPerson]:
    """Return the people of the city who were notified of the recall."""
    rows = Notification.objects.filter(
        thing_label=lot._meta.label_lower, thing_id=lot.pk, entry__verb="recall"
    )
    return [
        InformedPerson(str(one.recipient), one.at, one.read_at)
        for one in rows.select_related("recipient").order_by("pk")
    ]


def recall_phone_script(lot: Lot) -> LazyText:
    """Return the phone script for the recall of a lot."""
    words = _(
        "Lot %(number)s has been recalled. Please stop using it, set it aside and tell us how much is left."
    )
    return words % {"number": lot.number}


DISTRIBUTION_MOVE_OPTIONS = move_options(
    UNDO, MARK_INFORMED, after=lambda thing: thing.lot.get_absolute_url()
)
