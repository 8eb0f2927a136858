"""Forms in which a contact makes, corrects and withdraws an offer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.forms import show_unit
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_choices import certificate_types_for
from procurement.leads.rules.lead_facts import FIRST_DAY, LAST_DAY
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.input_limits import LONGEST_WORDS

CURRENCIES = [
    ("CNY", _("yuan (CNY)")),
    ("USD", _("US dollars (USD)")),
    ("EUR", _("euros (EUR)")),
    ("CAD", _("Canadian dollars (CAD)")),
]
# The fields of each certificate: type and number.
CERTIFICATES = [
    ("certificate", "certificate_number"),
    ("certificate_2", "certificate_number_2"),
    ("certificate_3", "certificate_number_3"),
]


class OwnOfferForm(EditForm):
    """Form in which a contact corrects their own offer."""

    together = (frozenset({"unit_price", "currency"}),)

    stock_quantity = QuantityField(label=_("Quantity in stock"), required=False)
    capacity_per_day = QuantityField(label=_("Daily production"), required=False)
    ready_on = DayField(label=_("Ready to ship on"), required=False)
    available_until = DayField(label=_("Last day of production for this need"), required=False)
    unit_price = MoneyField(label=_("Unit price"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    remark = forms.CharField(
        label=_("Additional information"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )

    def __init__(self, data: Any, lead: SupplierLead) -> None:
        super().__init__(data, initial={name: getattr(lead, name) for name in self.base_fields})
        self.thing = lead
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        known = [("", _("not stated")), *CURRENCIES]
        other = [] if lead.currency in dict(known) else [(lead.currency, lead.currency)]
        field.choices = [*known, *other]

    def clean(self) -> dict[str, Any]:
        """Set empty counts to 0, and drop the currency of a price that was taken out."""
        facts = super().clean() or {}
        for name in ("stock_quantity", "capacity_per_day"):
            facts[name] = facts.get(name) or 0
        if facts.get("unit_price") is None:
            facts["currency"] = ""
        return facts


class WithdrawOfferForm(forms.Form):
    """Form in which a contact takes back their own offer, with the reason."""

    reason = forms.CharField(
        label=_("Why do you withdraw the offer?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


MORE = ("capacity", "ready_on", "available_until", "uscc", *CERTIFICATES[0], "phone", "remark")


class OfferForm(forms.Form):
    """Form for an offer. Supplier, product and quantity are required; the rest is optional."""

    supplier = forms.CharField(
        label=_("Supplier name"), max_length=200, help_text=_("As shown on the business licence.")
    )
    line = forms.ModelChoiceField(
        RequestLine.objects.none(), label=_("What can they supply?"), empty_label=None
    )
    stock = QuantityField(
        label=_("Quantity in stock"),
        required=False,
        help_text=_(
            "For example 10,000, or 200 boxes of 50. If nothing is in stock, enter the daily "
            "production below."
        ),
    )
    standard = forms.ModelChoiceField(
        Standard.objects.none(), label=_("Which standard do the goods meet?"), required=False
    )
    capacity = QuantityField(label=_("Daily production"), required=False)
    price = MoneyField(
        label=_("Unit price"), required=False, help_text=_("Leave this blank if you do not know yet.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="CNY", required=False)
    gift = forms.BooleanField(label=_("This is a donation"), required=False)
    ready_on = DayField(
        label=_("Ready to ship on"),
        required=False,
        help_text=_("For goods not yet made: the first day of production."),
    )
    available_until = DayField(
        label=_("Last day of production for this need"),
        required=False,
        help_text=_("For goods not yet made: the last day of production."),
    )
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        required=False,
        help_text=_("18 characters, as shown on the business licence."),
    )
    certificate = forms.ModelChoiceField(
        CertificateType.objects.none(), label=_("Certificate"), required=False
    )
    certificate_number = forms.CharField(label=_("Certificate number"), max_length=80, required=False)
    certificate_2 = forms.ModelChoiceField(
        CertificateType.objects.none(), label=_("Second certificate"), required=False
    )
    certificate_number_2 = forms.CharField(
        label=_("Second certificate number"), max_length=80, required=False
    )
    certificate_3 = forms.ModelChoiceField(
        CertificateType.objects.none(), label=_("Third certificate"), required=False
    )
    certificate_number_3 = forms.CharField(label=_("Third certificate number"), max_length=80, required=False)
    phone = forms.CharField(label=_("Contact person there (WeChat or phone)"), max_length=60, required=False)
    remark = forms.CharField(
        label=_("Additional information"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )
    website = forms.CharField(
        required=False,
        label="Website",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any, inquiry: Inquiry, typed: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=typed)
        lines = (
            RequestLine.objects.filter(supply_request=inquiry.supply_request)
            .select_related("product")
            .order_by("position")
        )
        products = Product.objects.filter(pk__in=lines.values("product"))
        words = _(
            "In %(unit)s, for example 10,000, or 200 boxes of 50. If nothing is in stock, enter "
            "the daily production below."
        )
        show_unit(self, "stock", words, products)
        self._choose("line", lines, lambda line: line.product.name)
        self._choose("standard", Standard.objects.filter(products__in=products).distinct().order_by("code"))
        kinds = certificate_types_for(inquiry.contact.city.country, list(products))
        for kind, _number in CERTIFICATES:
            self._choose(kind, kinds)

    def _choose(self, name: str, rows: Any, label: Any = str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = rows
        field.label_from_instance = label  # type: ignore[method-assign]  # Django's own way to label a choice

    def clean(self) -> dict[str, Any]:
        """Check the form: dates, supply, and a type and a number for each certificate.

        Only a robot fills in the hidden field `website`; such a form is refused.
        """
        facts = super().clean() or {}
        if facts.get("website"):
            raise forms.ValidationError(_("Please submit the form again."), code="honeypot")
        for name in ("ready_on", "available_until"):
            day = facts.get(name)
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Enter a date between 2000 and 2099."))
        self._check_supply(facts)
        for kind, number in CERTIFICATES:
            if bool(facts.get(kind)) != bool(facts.get(number)) and not self.errors.keys() & {kind, number}:
                self.add_error(
                    number if facts.get(kind) else kind,
                    _("Enter both the type and the number of the certificate."),
                )
        return facts

    def _check_supply(self, facts: dict[str, Any]) -> None:
        """Require a stock or a daily capacity; a daily capacity needs its first and last day."""
        if self.errors.keys() & {"stock", "capacity", "ready_on", "available_until"}:
            return
        if not facts.get("capacity"):
            if not facts.get("stock"):
                self.add_error("stock", _("Enter the quantity in stock or the daily production."))
            return
        first, last = facts.get("ready_on"), facts.get("available_until")
        if first is None:
            self.add_error("ready_on", _("Enter the first day of production."))
        if last is None:
            self.add_error("available_until", _("Enter the last day of production."))
        elif first is not None and last < first:
            self.add_error(
                "available_until",
                _("The last day of production is before the first. Correct one of the dates."),
            )

    @property
    def certificates(self) -> list[tuple[CertificateType, str]]:
        """Type and number of each certificate that was named, without duplicates."""
        named = [(self.cleaned_data[kind], self.cleaned_data[number]) for kind, number in CERTIFICATES]
        return list(dict.fromkeys(pair for pair in named if pair[0]))

    supply_fields = (
        "capacity",
        "ready_on",
        "available_until",
    )  # a contact's page shows them beside the stock

    @property
    def is_made(self) -> bool:
        """True if the daily production is filled in and no stock; a contact's page then shows it."""
        return bool(self["capacity"].value()) and not self["stock"].value()

    @property
    def groups(self) -> dict[str, Any]:
        """Fields as the page shows them: `asked` always, `more` folded, each pair in `further` folded again."""
        fields = {bound.name: bound for bound in self.visible_fields() if bound.name != "website"}
        further = [[fields.pop(name) for name in pair] for pair in CERTIFICATES[1:]]
        more = [fields.pop(name) for name in MORE]
        return {
            "asked": fields.values(),
            "more": more,
            "further": [(pair, _is_filled(pair)) for pair in further],
        }


def _is_filled(pair: Sequence[forms.BoundField]) -> bool:
    """Return True if a field of the pair has a value; then the fold is open."""
    return any(bound.value() for bound in pair)
