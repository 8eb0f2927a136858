"""The moves on an order's page: its terms, its account, its approval, and how it ends."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue.models.facts import Dealing
from procurement.orders.actions import deciding, ending, making, payments
from procurement.orders.actions.deciding import send_back
from procurement.orders.actions.making import use_account
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules.payments import Share
from procurement.suppliers.models.account import BankAccount
from procurement.web.orders.orders import find
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS, MOST_OFFERS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, MoneyField
from workflow.doors.moving import Step, make, reason_form


class Facts(Edit):
    """What may be changed before an order binds anybody."""

    extra_costs = MoneyField(
        label=_("Freight, insurance, inspection"),
        required=False,
        max_digits=15,
        decimal_places=2,
        max_value=making.MOST_COST,
    )
    taxes = MoneyField(
        label=_("Taxes"), required=False, max_digits=15, decimal_places=2, max_value=making.MOST_COST
    )
    incoterm = forms.CharField(label=_("Incoterm"), max_length=3, required=False)
    incoterm_place = forms.CharField(label=_("Incoterm place"), max_length=100, required=False)
    authority = forms.ChoiceField(label=_("Authority"), choices=Order.Authority.choices)
    authority_reference = forms.CharField(
        label=_("Reference of the authority"), max_length=100, required=False
    )
    budget_line = forms.CharField(label=_("Budget line"), max_length=60, required=False)
    offers_sought = forms.IntegerField(label=_("Offers sought"), min_value=1, max_value=MOST_OFFERS)
    few_offers_reason = forms.CharField(
        label=_("Why fewer than three"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
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
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_WORDS)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = (
            BankAccount.objects.filter(supplier=order.supplier.current)
            .exclude(status="retired")
            .order_by("pk")
        )


class Shares(Edit):
    """What is paid when, in per cent of the total."""

    together = (frozenset(Payment.Milestone.values),)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data)
        now = {one.milestone: one.percent for one in order.payments.unpaid()}
        for milestone, label in Payment.Milestone.choices:
            self.fields[milestone] = forms.IntegerField(
                label=_("%(milestone)s, per cent") % {"milestone": label},
                min_value=0,
                max_value=100,
                initial=now.get(milestone, 0),
            )
        self.fields["deposit_reason"] = forms.CharField(
            label=_("Why more than 30 percent is paid before anything is shipped"),
            required=False,
            initial=order.deposit_reason,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST_WORDS,
            help_text=_(
                "Your name and your reason stand in the record. What was paid in advance was lost most often."
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Shares of the total; none for a payment that is not made."""
        facts = super().clean() or {}
        told = {milestone: facts.get(milestone) or 0 for milestone in Payment.Milestone.values}
        shares = [Share(milestone, percent) for milestone, percent in told.items() if percent]
        return {"shares": shares, "deposit_reason": facts.get("deposit_reason", "")}


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of an order's page."""
    return make(request, find(request, reference), verb, STEPS)


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


STEPS = {
    "edit": _with(making.edit, Facts),
    "share": _with(payments.share, Shares),
    "use_account": _with(use_account, UseAccount),
    "submit": _plain(deciding.submit),
    "return": _reason(send_back),
    "override": _reason(
        deciding.override, _("Your name and your reason stand in the record, and in the decision memo.")
    ),
    "approve": _plain(deciding.approve),
    "place": _plain(deciding.place),
    "confirm": _with(deciding.confirm, lambda data, thing: Promised(data)),
    "accept": _plain(deciding.accept),
    "decline": _reason(ending.decline),
    "ready": _plain(deciding.ready),
    "complete": _plain(ending.complete),
    "thank": _plain(ending.thank),
    "cancel": _reason(
        ending.cancel, _("What was allocated is given back, and what is not paid is called off.")
    ),
    "lose": _reason(ending.lose),
}


urlpatterns = [path("orders/<slug:reference>/<slug:verb>/", move, name="order_move")]
