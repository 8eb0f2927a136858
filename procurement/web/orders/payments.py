"""The payments of an order, each with its moves. They stand on the order's page."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.orders import actions
from procurement.orders.models import Payment
from workflow import clock
from workflow.doors.forms import DayField
from workflow.doors.moving import Step, make, reason_form


class Paid(forms.Form):
    """The bank's own words about a transfer."""

    paid_on = DayField(label=_("Paid on"))
    transfer = forms.CharField(label=_("Reference of the transfer"), max_length=60)


@login_required
def payment(request: Visit, pk: int) -> HttpResponse:
    """A payment stands on its order's page."""
    return redirect(f"{_payment(request, pk).order.get_absolute_url()}#payments")


@login_required
def payment_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Propose or make a payment."""
    return make(request, _payment(request, pk), verb, PAYMENT_STEPS)


def _payment(request: Visit, pk: int) -> Payment:
    return get_object_or_404(Payment.objects.visible_to(request.by).select_related("order__supplier"), pk=pk)


def on_order(payment: Payment) -> str:
    """The payment's place on its order's page."""
    return f"{payment.order.get_absolute_url()}#payments"


PAYMENT_STEPS = {
    "propose": Step(
        lambda request, thing: actions.propose(thing, by=request.by, at=clock.now()),
        after=on_order,
    ),
    "pay": Step(
        lambda request, thing, **facts: actions.pay(thing, by=request.by, at=clock.now(), **facts),
        form=lambda data, thing: Paid(data),
        after=on_order,
    ),
    "take_back": Step(
        lambda request, thing, reason: actions.take_back(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        after=on_order,
    ),
}


urlpatterns = [
    path("payments/<int:pk>/", payment, name="payment"),
    path("payments/<int:pk>/<slug:verb>/", payment_move, name="payment_move"),
]
