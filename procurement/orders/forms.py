"""Forms of orders: writing one from allocations, its terms and dates, its account, shares and filters."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.list_filters import own_cities_condition, person_name_condition
from procurement.allocations.models import Allocation
from procurement.catalogue.forms import ProductSearchField
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.form_fields import IncotermField
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions import create
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import PaymentShare, invalid_shares_refusal
from procurement.orders.rules.blockers import MIN_QUOTES
from procurement.suppliers.models.bank_accounts import BankAccount, BankAccountQuerySet
from procurement.suppliers.models.suppliers import Supplier
from workflow.formatting import format_quantity
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField
from workflow.http.lists import ListFilterForm
from workflow.input_limits import MAX_OFFERS_PER_ORDER, MAX_TEXT_LENGTH


class OrderTermsForm(forms.Form):
    """Fields of the terms of an order that its author enters."""

    extra_costs = MoneyField(
        label=_("Freight, insurance, inspection"),
        required=False,
        max_digits=15,
        decimal_places=2,
        max_value=create.MAX_COST,
    )
    taxes = MoneyField(
        label=_("Taxes"), required=False, max_digits=15, decimal_places=2, max_value=create.MAX_COST
    )
    incoterm = IncotermField()
    incoterm_place = forms.CharField(label=_("Named place (Incoterms)"), max_length=100, required=False)
    authority = forms.ChoiceField(label=_("Procurement authority"), choices=Order.Authority.choices)
    authority_reference = forms.CharField(label=_("Authority reference"), max_length=100, required=False)
    budget_line = forms.CharField(label=_("Budget line"), max_length=60, required=False)
    offers_sought = forms.IntegerField(label=_("Quotes sought"), min_value=1, max_value=MAX_OFFERS_PER_ORDER)
    offers_sought_reason = forms.CharField(
        label=_("Reason the number differs from the record"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )
    few_offers_reason = forms.CharField(
        label=_("Reason for fewer than three quotes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )
    promised_on = DayField(label=_("Promised date"), required=False)

    def __init__(self, data: Any, *, incoterm: str, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        field = self.fields["incoterm"]
        assert isinstance(field, IncotermField)  # declared above
        field.add_stored_choice(incoterm)

    def clean(self) -> dict[str, Any]:
        """Set an empty amount to 0."""
        facts = super().clean() or {}
        for name in ("extra_costs", "taxes"):
            facts[name] = facts.get(name) or 0
        return facts


def unit_value_field(product: Product, currency: str, value: Decimal | None) -> MoneyField:
    """Return the field for the true value of one unit of donated goods."""
    return MoneyField(
        label=_("%(product)s: true value per unit, %(currency)s")
        % {"product": product.name, "currency": currency},
        initial=value or None,
        required=False,
        help_text=_("Customs requires this value and does not accept zero."),
    )


class OrderTermsEditForm(OrderTermsForm, EditForm):
    """Form for the terms of an order, which may change until the order is binding.

    For a donation, the form also asks for the true value per unit of each line.
    """

    def __init__(self, data: Any, order: Order) -> None:
        known = {name: getattr(order, name) for name in self.base_fields}
        super().__init__(data, incoterm=order.incoterm, initial=known)
        gift = order.kind == AcquisitionType.DONATION
        self.given = (
            list(order.lines.select_related("allocation__lead__product").order_by("pk")) if gift else []
        )
        for line in self.given:
            product = line.allocation.lead.product
            self.fields[f"value{line.pk}"] = unit_value_field(product, order.currency, line.unit_price)

    def clean(self) -> dict[str, Any]:
        """Collect the true values of donated goods in `unit_values`, by line."""
        facts = super().clean()
        values = {line.pk: facts.pop(f"value{line.pk}", None) for line in self.given}
        return facts | {"unit_values": {pk: value for pk, value in values.items() if value is not None}}


CONFIRMATION_METHODS = [
    ("", _("Not known")),
    *((method.value, method.label) for method in Order.RECORDED_METHODS),
]


class ConfirmationForm(forms.Form):
    """Form for the supplier's confirmation: date, number, way and person, and whether the goods are ready already."""

    promised_on = DayField(label=_("Promised date"), required=False)
    supplier_reference = forms.CharField(label=_("Supplier’s order number"), max_length=60, required=False)
    confirmation_method = forms.ChoiceField(
        label=_("How the supplier confirmed"), choices=CONFIRMATION_METHODS, required=False
    )
    confirmed_by_name = forms.CharField(
        label=_("Confirmed at the supplier by"), max_length=150, required=False
    )
    ready = forms.BooleanField(label=_("The goods are ready to ship"), required=False)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data, initial={"promised_on": order.promised_on})


class ConfirmationEditForm(EditForm):
    """Form for what was recorded of the supplier's confirmation, to complete or correct it."""

    promised_on = DayField(label=_("Promised date"), required=False)
    supplier_reference = forms.CharField(label=_("Supplier’s order number"), max_length=60, required=False)
    confirmation_method = forms.ChoiceField(
        label=_("How the supplier confirmed"), choices=CONFIRMATION_METHODS, required=False
    )
    confirmed_by_name = forms.CharField(
        label=_("Confirmed at the supplier by"), max_length=150, required=False
    )

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data, initial={name: getattr(order, name) for name in self.base_fields})
        link = Order.ConfirmationMethod.LINK
        if order.confirmation_method == link:
            field = self.fields["confirmation_method"]
            assert isinstance(field, forms.ChoiceField)  # declared above
            field.choices = [*CONFIRMATION_METHODS, (link.value, link.label)]


class HoldForm(forms.Form):
    """Form that puts an order, or all orders to a company, on hold."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )
    held_until = DayField(
        label=_("Last day of the hold"),
        required=False,
        help_text=_("The hold ends automatically after this day. Leave blank to end the hold yourself."),
    )
    tell_contact = forms.BooleanField(
        label=_("Inform the contact who found the supplier"),
        required=False,
        help_text=_("The contact is asked to wait. The reason is not given."),
    )

    def __init__(self, data: Any, order: Order | None = None) -> None:
        known = {"reason": order.hold_reason, "held_until": order.held_until} if order else None
        super().__init__(data, initial=known)
        if order is not None and order.contact_id is None:
            del self.fields["tell_contact"]


class ChooseAccountForm(forms.Form):
    """Form that chooses the supplier's bank account to pay into."""

    account = forms.ModelChoiceField(BankAccount.objects.none(), label=_("Bank account"))
    reason = forms.CharField(label=_("Reason"), max_length=MAX_TEXT_LENGTH)

    def __init__(self, data: Any, order: Order) -> None:
        super().__init__(data)
        field = self.fields["account"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = unretired_accounts_of(order.supplier)


class PaymentSharesForm(EditForm):
    """Form for the payment shares, in per cent of the total."""

    jointly_compared_fields = (frozenset(Payment.Milestone.values),)

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
            max_length=MAX_TEXT_LENGTH,
            help_text=_("Your name and reason are recorded. Most past losses involved advance payments."),
        )

    def clean(self) -> dict[str, Any]:
        """Return the shares as `PaymentShare` objects, without payments that have no share."""
        facts = super().clean() or {}
        values = {milestone: facts.get(milestone) or 0 for milestone in Payment.Milestone.values}
        shares = [PaymentShare(milestone, percent) for milestone, percent in values.items() if percent]
        return {"shares": shares, "deposit_reason": facts.get("deposit_reason", "")}


class OrderFilterForm(ListFilterForm):
    """Form that filters the list of orders."""

    lookups: ClassVar = {
        "status": "status",
        "own": own_cities_condition,
        "kind": "kind",
        "product": lambda text, _by: _has_line_with(
            allocation__lead__product__in=Product.objects.search(text)
        ),
        "need": lambda text, _by: _has_line_with(
            allocation__line__supply_request__reference__istartswith=text.strip()
        ),
        "person": person_name_condition("author"),
        "total_from": "total_in_city_currency__gte",
        "total_to": "total_in_city_currency__lte",
        "since": "promised_on__gte",
        "until": "promised_on__lte",
        "held": lambda _chosen, _by: Q(held_since__isnull=False),
        "overridden": lambda _chosen, _by: Q(override_by__isnull=False),
        "alone": lambda _chosen, _by: Q(pk__in=Order.objects.approved_by_author().values("pk")),
    }

    q = forms.CharField(label=_("Number or supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Order.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our orders"), required=False)
    held = forms.BooleanField(label=_("On hold"), required=False)
    overridden = forms.BooleanField(label=_("With an override"), required=False)
    alone = forms.BooleanField(label=_("Handled by one person alone"), required=False)
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Any")), *AcquisitionType.choices]
    )
    product = ProductSearchField()
    need = forms.CharField(label=_("Need"), required=False, max_length=20)
    person = forms.CharField(label=_("Created by"), required=False, max_length=80)
    total_from = MoneyField(label=_("Minimum total"), required=False, max_digits=18, decimal_places=2)
    total_to = MoneyField(label=_("Maximum total"), required=False, max_digits=18, decimal_places=2)
    since = DayField(label=_("Promised on or after"), required=False, help_text="")
    until = DayField(label=_("Promised on or before"), required=False, help_text="")

    sorts = (
        ("supplier", _("Supplier")),
        ("total", _("Total")),
        ("promised", _("Promised date")),
    )


def _has_line_with(**facts: Any) -> Q:
    """Return the condition for orders with a line that matches these facts."""
    return Q(pk__in=OrderLine.objects.filter(**facts).values("order"))


class NewOrderForm(OrderTermsForm):
    """Form that writes an order, or enters a donation, from allocations of one supplier.

    `proposed` holds the values to fill in. A purchase has a payment schedule, a bank account and the number of
    quotes; a donation has its donor and the true value of each allocation.
    """

    PURCHASE_ONLY_FIELDS = (
        "bank_account",
        "offers_sought",
        "offers_sought_reason",
        "few_offers_reason",
        "deposit_reason",
        *Payment.Milestone,
    )
    allocations = forms.ModelMultipleChoiceField(
        Allocation.objects.none(),
        label=_("Allocations"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one allocation.")},
    )
    deposit_reason = forms.CharField(
        label=_("Reason for paying more than 30 percent before shipping"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )
    bank_account = forms.ModelChoiceField(
        BankAccount.objects.none(), label=_("Bank account"), required=False, empty_label=_("Choose later")
    )
    donor_city = forms.ModelChoiceField(
        City.objects.order_by("name_en", "pk"), label=_("Donated by"), required=False
    )

    def __init__(self, data: Any, rows: Sequence[Allocation], proposed: Mapping[str, Any]) -> None:
        lead = rows[0].lead
        super().__init__(data, incoterm=lead.incoterm, initial=proposed)
        self.gift = lead.kind == SupplierLead.Kind.DONATION
        self.rows = rows
        chosen, account = self.fields["allocations"], self.fields["bank_account"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)  # declared above
        assert isinstance(account, forms.ModelChoiceField)  # declared above
        named = ("lead__supplier", "lead__product", "line__supply_request")
        chosen.queryset = Allocation.objects.filter(pk__in=[one.pk for one in rows]).select_related(*named)
        chosen.label_from_instance = allocation_label  # type: ignore[assignment, method-assign]  # Django's own way to label a choice
        account.queryset = unretired_accounts_of(lead.supplier)
        currency = proposed["currency"]
        for milestone, label in Payment.Milestone.choices:
            self.fields[milestone] = payment_share_field(label, proposed.get(milestone, 0))
        self.fields["few_offers_reason"].help_text = proposed["on_record"]
        if not self.gift:
            del self.fields["donor_city"]
            return
        for name in self.PURCHASE_ONLY_FIELDS:
            del self.fields[name]
        for one in rows:
            self.fields[f"value{one.pk}"] = unit_value_field(one.lead.product, currency, one.lead.unit_price)

    @property
    def payment_schedule_fields(self) -> list[Any]:
        """The bound fields of the payment schedule, in the order of the milestones."""
        return [self[milestone] for milestone in Payment.Milestone.values if milestone in self.fields]

    @property
    def unit_value_fields(self) -> list[Any]:
        """The bound fields for the true value of donated goods."""
        return [self[f"value{one.pk}"] for one in self.rows if f"value{one.pk}" in self.fields]

    @property
    def asks_few_offers_reason(self) -> bool:
        """True if the form shows the field for the reason for few quotes.

        It does if fewer than three quotes were sought, or if the reason was refused as missing.
        """
        sought = self["offers_sought"].value()
        return not str(sought).isdigit() or int(sought) < MIN_QUOTES or bool(self["few_offers_reason"].errors)

    @property
    def asks_offers_sought_reason(self) -> bool:
        """True if the form shows the field that asks why the number of quotes differs from the record.

        It does if the typed number is not the recorded one, or if the reason was refused as missing.
        """
        sought, reason = self["offers_sought"], self["offers_sought_reason"]
        return str(sought.value()) != str(sought.initial) or bool(reason.errors)

    @property
    def payment_shares(self) -> list[PaymentShare]:
        """The payment schedule as typed, without payments that have no share."""
        given = {milestone: self.cleaned_data.get(milestone) or 0 for milestone in Payment.Milestone.values}
        return [PaymentShare(milestone, percent) for milestone, percent in given.items() if percent]

    @property
    def terms(self) -> dict[str, Any]:
        """The terms for the action, as in `create.OrderTerms`.

        A number of quotes that was not changed is omitted, so that the action takes it from the record.
        """
        names = [name for name in OrderTermsForm.base_fields if name in self.cleaned_data]
        if "offers_sought" in names and "offers_sought" not in self.changed_data:
            names.remove("offers_sought")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def unit_values(self) -> dict[int, Decimal]:
        """The true values of donated goods, by allocation id."""
        given = {one.pk: self.cleaned_data.get(f"value{one.pk}") for one in self.rows}
        return {pk: value for pk, value in given.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        """Refuse a payment schedule that does not add up, at its field."""
        facts = super().clean()
        if not self.gift and not any(name in self.errors for name in Payment.Milestone.values):
            refused = invalid_shares_refusal(self.payment_shares, facts.get("deposit_reason", ""))
            if refused is not None:
                named = refused.details.get("field")
                self.add_error("deposit" if named == "shares" else named, str(refused.message))
        return facts


def payment_share_field(label: Any, percent: int) -> forms.IntegerField:
    """Return the field for the share of one payment, in per cent."""
    return forms.IntegerField(
        label=_("%(milestone)s (percent)") % {"milestone": label},
        min_value=0,
        max_value=100,
        initial=percent,
        required=False,
    )


def unretired_accounts_of(supplier: Supplier) -> BankAccountQuerySet:
    """Return the accounts of a company that are not retired, proposed ones included."""
    return BankAccount.objects.filter(supplier=supplier.current_row).exclude(status="retired").order_by("pk")


def allocation_label(allocation: Allocation) -> str:
    """Return the label of an allocation: number, pieces, supplier, need."""
    from_whom = allocation.lead.supplier.name
    return f"{allocation.reference} · {format_quantity(allocation.quantity)} · {from_whom} → {allocation.line.supply_request.reference}"
