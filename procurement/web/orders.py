"""Orders and gifts: the list, writing one from allocations, its page with approval and payments, and the moves on it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models import City
from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from procurement.allocations.models import Allocation
from procurement.catalogue.models import Dealing
from procurement.exchange.sheets import ORDERS
from procurement.leads.models import SupplierLead
from procurement.orders import actions
from procurement.orders.models import Order, OrderLine, Payment
from procurement.orders.rules import overpaid
from procurement.suppliers.models import BankAccount
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.forms import DayField, MoneyField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.doors.words import quantity
from workflow.errors import Refused

WITH_NAMES = ("supplier", "city", "author", "approved_by", "donor_city", "bank_account", "override_by")


class Filters(forms.Form):
    """What a reader may narrow the list by."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Order.Status.choices]
    )


class Choose(forms.Form):
    """Which promises go into the order."""

    allocations = forms.ModelMultipleChoiceField(
        Allocation.objects.none(), label=_("Allocations"), widget=forms.CheckboxSelectMultiple
    )
    donor_city = forms.ModelChoiceField(
        City.objects.order_by("name_en", "pk"), label=_("For a gift: given by which city"), required=False
    )

    def __init__(self, data: Any, waiting: Any, ticked: Any = None) -> None:
        super().__init__(data, initial={"allocations": ticked})
        field = self.fields["allocations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = waiting
        field.label_from_instance = label_of  # type: ignore[assignment, method-assign]  # Django's own way to label a choice


def label_of(allocation: Allocation) -> str:
    """An allocation as a choice: number, pieces, supplier, need."""
    from_whom = allocation.lead.supplier.name
    return f"{allocation.reference} · {quantity(allocation.quantity)} · {from_whom} → {allocation.line.supply_request.reference}"


class Facts(forms.Form):
    """What may be changed before an order binds anybody."""

    extra_costs = MoneyField(
        label=_("Freight, insurance, inspection"),
        required=False,
        max_digits=15,
        decimal_places=2,
        max_value=actions.MOST_COST,
    )
    taxes = MoneyField(
        label=_("Taxes"), required=False, max_digits=15, decimal_places=2, max_value=actions.MOST_COST
    )
    incoterm = forms.CharField(label=_("Incoterm"), max_length=3, required=False)
    incoterm_place = forms.CharField(label=_("Incoterm place"), max_length=100, required=False)
    authority = forms.ChoiceField(label=_("Authority"), choices=Order.Authority.choices)
    authority_reference = forms.CharField(
        label=_("Reference of the authority"), max_length=100, required=False
    )
    budget_line = forms.CharField(label=_("Budget line"), max_length=60, required=False)
    offers_sought = forms.IntegerField(label=_("Offers sought"), min_value=1, max_value=99)
    few_offers_reason = forms.CharField(
        label=_("Why fewer than three"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
    )
    promised_on = DayField(label=_("Promised for"), required=False)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data, initial={name: getattr(order, name) for name in self.base_fields})
        gift = order.kind == Dealing.DONATION
        self.given = (
            list(order.lines.select_related("allocation__lead__product").order_by("pk")) if gift else []
        )
        for line in self.given:
            self.fields[f"value{line.pk}"] = MoneyField(
                label=_("%(product)s: true value of a piece, %(currency)s")
                % {"product": line.allocation.lead.product.name, "currency": order.currency},
                initial=line.unit_price or None,
                required=False,
                help_text=_("Customs asks for it, and never takes nothing for an answer."),
            )

    def clean(self) -> dict[str, Any]:
        """An amount left open is nothing; the values of what is given go together, by line."""
        facts = super().clean() or {}
        for name in ("extra_costs", "taxes"):
            facts[name] = facts.get(name) or 0
        values = {line.pk: facts.pop(f"value{line.pk}", None) for line in self.given}
        return facts | {"unit_values": {pk: value for pk, value in values.items() if value is not None}}


class Promised(forms.Form):
    """By when the supplier promises the goods."""

    promised_on = DayField(label=_("Promised for"), required=False)


class UseAccount(forms.Form):
    """Into which account is paid."""

    account = forms.ModelChoiceField(BankAccount.objects.none(), label=_("Account"))
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = (
            BankAccount.objects.filter(supplier=order.supplier.current)
            .exclude(status="retired")
            .order_by("pk")
        )


class Paid(forms.Form):
    """The bank's own words about a transfer."""

    paid_on = DayField(label=_("Paid on"))
    transfer = forms.CharField(label=_("Reference of the transfer"), max_length=60)


@login_required
def orders(request: Visit) -> HttpResponseBase:
    """Every order and gift the reader may see, newest first, and what waits to be ordered."""
    rows = Order.objects.visible_to(request.by).select_related(*WITH_NAMES)
    form = Filters(request.GET)
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if wanted(request):
        return sheet(request, "orders", ORDERS, rows)
    may_write = bool(request.by.cities.get(Power.ORDER))
    context = {
        "page": page(request, rows),
        "filters": form,
        "may_write": may_write,
        "waiting": _waiting(request).count(),
    }
    return show(request, "orders/list.html", context)


def _waiting(request: Visit) -> Any:
    rows = Allocation.objects.visible_to(request.by).filter(status=Allocation.Status.CONFIRMED)
    return rows.select_related("lead__supplier", "line__supply_request", "city").order_by("pk")


@login_required
def write(request: Visit) -> HttpResponse:
    """Put confirmed allocations of one supplier into an order, or take note of a gift."""
    only(request, Power.ORDER)
    form = Choose(request.POST or None, _waiting(request), request.GET.getlist("allocation"))
    if not form.is_valid():
        return show(request, "orders/write.html", {"form": form}, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: _write(request, list(form.cleaned_data["allocations"]), form.cleaned_data["donor_city"]),
        done=lambda order: order.get_absolute_url(),
        template="orders/write.html",
        context={"form": form},
    )


def _write(request: Visit, promised: list[Allocation], donor_city: City | None) -> Order:
    facts: dict[str, Any] = {"author": request.user, "by": request.by, "at": clock.now()}
    kinds = {one.lead.kind for one in promised}
    if len(kinds) > 1:
        raise Refused(
            "mixed",
            _("Goods that are bought and goods that are given go into separate orders."),
            field="allocations",
        )
    if kinds == {SupplierLead.Kind.DONATION}:
        return actions.offer(promised[0].city, promised, donor_city=donor_city, **facts)
    return actions.draft(promised[0].city, promised, **facts)


@login_required
def order(request: Visit, reference: str) -> HttpResponse:
    """One order: what, from whom, at what price, who approved it, what is paid, what is shipped."""
    thing = find(request, reference)
    with_goods = OrderLine.objects.select_related(
        "allocation__lead__product", "allocation__line__supply_request"
    )
    prefetch_related_objects(
        [thing], Prefetch("lines", with_goods.order_by("pk"))
    )  # every move asks for them
    lines = thing.lines.all()
    # by way of the order, which they then need not read again
    rows = thing.payments.visible_to(request.by).select_related("proposed_by", "paid_by")
    payments = list(rows.order_by("pk"))
    context = {
        "order": thing,
        "lines": lines,
        "payments": payments,
        "overpaid": overpaid(thing, payments),
        "powers": request.by,
        "may_ship": request.by.may(Power.SHIP, thing) and any(line.to_ship for line in lines),
    }
    parts = [(payment, payment.get_milestone_display()) for payment in payments]
    return show(request, "orders/detail.html", context | record.of(request, thing, parts))


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of an order's page."""
    return make(request, find(request, reference), verb, STEPS)


@login_required
def payment(request: Visit, pk: int) -> HttpResponse:
    """A payment stands on its order's page."""
    return redirect(f"{_payment(request, pk).order.get_absolute_url()}#payments")


@login_required
def payment_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Propose or make a payment."""
    return make(request, _payment(request, pk), verb, PAYMENT_STEPS)


def find(request: Visit, reference: str) -> Order:
    """The order, as far as the reader may see it."""
    return get_object_or_404(
        Order.objects.visible_to(request.by).select_related(*WITH_NAMES), reference=reference
    )


def _payment(request: Visit, pk: int) -> Payment:
    return get_object_or_404(Payment.objects.visible_to(request.by).select_related("order__supplier"), pk=pk)


def _plain(action: Any, hint: Any = "") -> Step:
    return Step(lambda request, thing: action(thing, by=request.by, at=clock.now()), hint=hint)


def _reason(action: Any, hint: Any = "") -> Step:
    return Step(
        lambda request, thing, reason: action(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=hint,
    )


def _with(action: Any, form: Any) -> Step:
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=form
    )


def on_order(payment: Payment) -> str:
    """The payment's place on its order's page."""
    return f"{payment.order.get_absolute_url()}#payments"


STEPS = {
    "edit": _with(actions.edit, Facts),
    "use_account": _with(actions.use_account, UseAccount),
    "submit": _plain(actions.submit),
    "return": _reason(actions.send_back),
    "override": _reason(
        actions.override, _("Your name and your reason stand in the record, and in the decision memo.")
    ),
    "approve": _plain(actions.approve),
    "place": _plain(actions.place),
    "confirm": _with(actions.confirm, lambda data, thing: Promised(data)),
    "accept": _plain(actions.accept),
    "decline": _reason(actions.decline),
    "ready": _plain(actions.ready),
    "complete": _plain(actions.complete),
    "thank": _plain(actions.thank),
    "cancel": _reason(
        actions.cancel, _("What was allocated is given back, and what is not paid is called off.")
    ),
    "lose": _reason(actions.lose),
}
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
    path("orders/", orders, name="orders"),
    path("orders/new/", write, name="write_order"),
    path("orders/<slug:reference>/", order, name="order"),
    path("orders/<slug:reference>/<slug:verb>/", move, name="order_move"),
    path("payments/<int:pk>/", payment, name="payment"),
    path("payments/<int:pk>/<slug:verb>/", payment_move, name="payment_move"),
]
