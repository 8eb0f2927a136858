"""Forms of orders: writing one from allocations, its terms and dates, its account, shares and filters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from procurement.allocations.models import Allocation
from procurement.catalogue.models.reference_rows import Dealing
from procurement.orders.actions import create
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import Share
from procurement.suppliers.models.bank_accounts import BankAccount
from workflow.formatting import format_quantity
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField
from workflow.input_limits import LONGEST_WORDS, MOST_OFFERS


class OrderFactsForm(EditForm):
    """Form for the terms of an order, which may change until the order binds.

    For a donation, the form also asks for the true value of a piece of each line.
    """

    extra_costs = MoneyField(
        label=_("Freight, insurance, inspection"),
        required=False,
        max_digits=15,
        decimal_places=2,
        max_value=create.MOST_COST,
    )
    taxes = MoneyField(
        label=_("Taxes"), required=False, max_digits=15, decimal_places=2, max_value=create.MOST_COST
    )
    incoterm = forms.CharField(label=_("Incoterms rule"), max_length=3, required=False)
    incoterm_place = forms.CharField(label=_("Named place (Incoterms)"), max_length=100, required=False)
    authority = forms.ChoiceField(label=_("Procurement authority"), choices=Order.Authority.choices)
    authority_reference = forms.CharField(label=_("Authority reference"), max_length=100, required=False)
    budget_line = forms.CharField(label=_("Budget line"), max_length=60, required=False)
    offers_sought = forms.IntegerField(label=_("Quotes sought"), min_value=1, max_value=MOST_OFFERS)
    few_offers_reason = forms.CharField(
        label=_("Reason for fewer than three quotes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )
    promised_on = DayField(label=_("Promised date"), required=False)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data, initial={name: getattr(order, name) for name in self.base_fields})
        gift = order.kind == Dealing.DONATION
        self.given = (
            list(order.lines.select_related("allocation__lead__product").order_by("pk")) if gift else []
        )
        for line in self.given:
            self.fields[f"value{line.pk}"] = MoneyField(
                label=_("%(product)s: true value per unit, %(currency)s")
                % {"product": line.allocation.lead.product.name, "currency": order.currency},
                initial=line.unit_price or None,
                required=False,
                help_text=_("Customs requires it and does not accept zero."),
            )

    def clean(self) -> dict[str, Any]:
        """Set an empty amount to 0, and collect the values of donated goods by line in `unit_values`."""
        facts = super().clean() or {}
        for name in ("extra_costs", "taxes"):
            facts[name] = facts.get(name) or 0
        values = {line.pk: facts.pop(f"value{line.pk}", None) for line in self.given}
        return facts | {"unit_values": {pk: value for pk, value in values.items() if value is not None}}


class PromisedDateForm(forms.Form):
    """Form for the date for which the supplier promises the goods."""

    promised_on = DayField(label=_("Promised date"), required=False)


class ChooseAccountForm(forms.Form):
    """Form that chooses the supplier's bank account to pay into."""

    account = forms.ModelChoiceField(BankAccount.objects.none(), label=_("Bank account"))
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


class SharesForm(EditForm):
    """Form for the payment shares, in per cent of the total."""

    together = (frozenset(Payment.Milestone.values),)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data)
        now = {one.milestone: one.percent for one in order.payments.unpaid()}
        for milestone, label in Payment.Milestone.choices:
            self.fields[milestone] = forms.IntegerField(
                label=_("%(milestone)s (percent)") % {"milestone": label},
                min_value=0,
                max_value=100,
                initial=now.get(milestone, 0),
            )
        self.fields["deposit_reason"] = forms.CharField(
            label=_("Reason for paying more than 30 percent before shipping"),
            required=False,
            initial=order.deposit_reason,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=LONGEST_WORDS,
            help_text=_("Your name and reason are recorded. Most losses were advance payments."),
        )

    def clean(self) -> dict[str, Any]:
        """Return the shares as `Share` objects. A payment without a share is left out."""
        facts = super().clean() or {}
        values = {milestone: facts.get(milestone) or 0 for milestone in Payment.Milestone.values}
        shares = [Share(milestone, percent) for milestone, percent in values.items() if percent]
        return {"shares": shares, "deposit_reason": facts.get("deposit_reason", "")}


class OrderFilterForm(forms.Form):
    """Form that filters the list of orders."""

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Order.Status.choices]
    )


class ChooseAllocationsForm(forms.Form):
    """Form that chooses the allocations for the order and, for a donation, the donor city."""

    allocations = forms.ModelMultipleChoiceField(
        Allocation.objects.none(), label=_("Allocations"), widget=forms.CheckboxSelectMultiple
    )
    donor_city = forms.ModelChoiceField(
        City.objects.order_by("name_en", "pk"), label=_("Donor city (donations only)"), required=False
    )

    def __init__(self, data: Any, waiting: Any, ticked: Any = None) -> None:
        super().__init__(data, initial={"allocations": ticked})
        field = self.fields["allocations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = waiting
        field.label_from_instance = allocation_label  # type: ignore[assignment, method-assign]  # Django's own way to label a choice


def allocation_label(allocation: Allocation) -> str:
    """Return the label of an allocation: number, pieces, supplier, need."""
    from_whom = allocation.lead.supplier.name
    return f"{allocation.reference} · {format_quantity(allocation.quantity)} · {from_whom} → {allocation.line.supply_request.reference}"
