"""Payments: the list of due payments, and the moves on each. A payment is shown on its order's page."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.list_columns import PAYMENT_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import (
    PROPOSE_PAYMENT,
    RECORD_EARLY_REQUEST,
    RECORD_PAYMENT,
    SET_DUE_DATE,
    WITHDRAW_PROPOSAL,
)
from procurement.orders.views.order_summary import goods_summary
from procurement.orders.views.readiness_panel import LINES_WITH_GOODS
from workflow import clock
from workflow.days import reader_day
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField
from workflow.http.keyset import Orders
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.query_expressions import order_by_day, order_by_text

DUE, ALL = "due", "all"
PAYMENT_SORT_ORDERS: Orders = {
    "due_on": order_by_day("due_on"),
    "amount": "amount",
    "supplier": order_by_text("order__supplier__name_en", "order__supplier__legal_name_local"),
}


class RecordPaymentForm(forms.Form):
    """Form for the bank's data about a transfer: date and reference."""

    paid_on = DayField(label=_("Paid on"))
    transfer = forms.CharField(label=_("Transfer reference"), max_length=60)


class DueDateForm(EditForm):
    """Form for another due date of a payment, with the reason."""

    due_on = DayField(label=_("Due on"))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )

    def __init__(self, data: Any, payment: Payment) -> None:
        super().__init__(data, initial={"due_on": payment.due_on})


class PaymentFilterForm(forms.Form):
    """Form that filters the list of payments. Without a status, it shows due and proposed payments."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Due or proposed")), *Payment.Status.choices, (ALL, _("All payments"))],
    )


@login_required
def payment_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """List proposed payments and planned ones with a due date, earliest due date first, or as CSV.

    A filter shows another status instead, or all payments the reader may see.
    """
    rows = Payment.objects.visible_to(request.by).select_related("order__supplier", "proposed_by", "paid_by")
    form = PaymentFilterForm(request.GET)
    chosen = form.cleaned_data["status"] if form.is_valid() else ""
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.search(form.cleaned_data["q"])
    if not chosen:
        rows = rows.due()
    elif chosen != ALL:
        rows = rows.filter(status=chosen)
    if is_file_requested(request):
        return file_response(request, "payments", PAYMENT_COLUMNS, rows, request.GET["as"])
    named = rows.prefetch_related(Prefetch("order__lines", LINES_WITH_GOODS))
    page = paginate(request, named, PAYMENT_SORT_ORDERS, order="due_on")
    context = {
        "page": page,
        "listed": [(one, goods_summary(list(one.order.lines.all()))) for one in page],
        "filters": form,
        "today": reader_day(clock.now()),  # in the reader's time zone, like the dates in the list
        "chosen": chosen,
    }
    return render_page(request, "orders/payments/list.html", context)


@login_required
def redirect_to_payment(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the payment on its order's page."""
    return redirect(f"{_find_payment(request, pk).order.get_absolute_url()}#payments")


@login_required
def make_payment_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Show the form of a move on a payment, or make the move."""
    return run_move(request, _find_payment(request, pk), verb, PAYMENT_MOVE_OPTIONS)


def _find_payment(request: AuthenticatedRequest, pk: int) -> Payment:
    rows = Payment.objects.visible_to(request.by)
    return get_object_or_404(rows.select_related("order__supplier", "order__bank_account__phone"), pk=pk)


def payment_url(payment: Payment) -> str:
    """Return the address of the payment on its order's page."""
    return f"{payment.order.get_absolute_url()}#payments"


PAYMENT_MOVE_OPTIONS = move_options(
    PROPOSE_PAYMENT,
    MoveOption(RECORD_PAYMENT, form=RecordPaymentForm),
    MoveOption(SET_DUE_DATE, form=DueDateForm),
    MoveOption(
        RECORD_EARLY_REQUEST,
        hint=_(
            "Record what the supplier says. If the request comes soon after another payment, all payments "
            "are put on hold until someone has called the supplier back."
        ),
    ),
    WITHDRAW_PROPOSAL,
    after=payment_url,
)
