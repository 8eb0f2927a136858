"""Payments: the list of what is due, what holds the money of an order, and the moves of each. One stands on its order's page."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.exchange.sheets import PAYMENTS
from procurement.orders.actions.payments import pay, propose, set_due, take_back, urge
from procurement.orders.models.payment import Payment
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import reader_day
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.queries import by_day

DUE, ALL = "due", "all"
SOONEST = {"due_on": by_day("due_on")}


class Paid(forms.Form):
    """The bank's own words about a transfer."""

    paid_on = DayField(label=_("Paid on"))
    transfer = forms.CharField(label=_("Reference of the transfer"), max_length=60)


class Due(Edit):
    """Another day on which a payment is due, and why."""

    due_on = DayField(label=_("Due on"))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )

    def __init__(self, data: Any, payment: Payment) -> None:
        super().__init__(data, initial={"due_on": payment.due_on})


class Filters(forms.Form):
    """What a reader may narrow the list by; what is due where they say nothing."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Due or proposed")), *Payment.Status.choices, (ALL, _("All of them"))],
    )


@login_required
def payments(request: Visit) -> HttpResponseBase:
    """What is due or waits for its second person, the longest due first; or every payment of the reader's city."""
    rows = Payment.objects.visible_to(request.by).select_related("order__supplier", "proposed_by", "paid_by")
    form = Filters(request.GET)
    chosen = form.cleaned_data["status"] if form.is_valid() else ""
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.search(form.cleaned_data["q"])
    if not chosen:
        rows = rows.due()
    elif chosen != ALL:
        rows = rows.filter(status=chosen)
    if wanted(request):
        return sheet(request, "payments", PAYMENTS, rows)
    context = {
        "page": page(request, rows, SOONEST, order="due_on"),
        "filters": form,
        "today": reader_day(clock.now()),  # by the reader's own calendar, as the days beside it
        "chosen": chosen,
    }
    return show(request, "orders/due.html", context)


@login_required
def payment(request: Visit, pk: int) -> HttpResponse:
    """A payment stands on its order's page."""
    return redirect(f"{_payment(request, pk).order.get_absolute_url()}#payments")


@login_required
def payment_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Propose or make a payment."""
    return make(request, _payment(request, pk), verb, PAYMENT_STEPS)


def _payment(request: Visit, pk: int) -> Payment:
    rows = Payment.objects.visible_to(request.by)
    return get_object_or_404(rows.select_related("order__supplier", "order__bank_account__phone"), pk=pk)


def on_order(payment: Payment) -> str:
    """The payment's place on its order's page."""
    return f"{payment.order.get_absolute_url()}#payments"


def _reason(action: Any, hint: Any = "") -> Step:
    return Step(
        lambda request, thing, reason: action(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=hint,
        after=on_order,
    )


PAYMENT_STEPS = {
    "propose": Step(
        lambda request, thing: propose(thing, by=request.by, at=clock.now()),
        after=on_order,
    ),
    "pay": Step(
        lambda request, thing, **facts: pay(thing, by=request.by, at=clock.now(), **facts),
        form=lambda data, thing: Paid(data),
        after=on_order,
    ),
    "set_due": Step(
        lambda request, thing, **facts: set_due(thing, by=request.by, at=clock.now(), **facts),
        form=Due,
        after=on_order,
    ),
    "urge": _reason(
        urge,
        _(
            "Write down what they say. Hard upon another payment it stops all money until somebody has called back."
        ),
    ),
    "take_back": _reason(take_back),
}


urlpatterns = [
    path("payments/", payments, name="payments"),
    path("payments/<int:pk>/", payment, name="payment"),
    path("payments/<int:pk>/<slug:verb>/", payment_move, name="payment_move"),
]
