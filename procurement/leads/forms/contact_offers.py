"""Forms in which a contact makes, corrects and withdraws an offer."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.forms import add_unit_to_help_text
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.form_fields import IncotermField
from procurement.leads.forms.leads import LeadFactsForm
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_choices import certificate_types_for
from procurement.leads.rules.lead_facts import FIRST_DAY, LAST_DAY
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.alternatives.queries import accepted_choices, accepted_goods_of_lines
from procurement.requests.alternatives.rules import unaccepted_product_refusal
from procurement.requests.models import RequestLine
from workflow import clock
from workflow.errors import LazyText
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH

CURRENCY_CHOICES = [
    ("CNY", _("yuan (CNY)")),
    ("USD", _("US dollars (USD)")),
    ("EUR", _("euros (EUR)")),
    ("CAD", _("Canadian dollars (CAD)")),
]
# The fields of each certificate: type and number.
CERTIFICATE_FIELDS = [
    ("certificate", "certificate_number"),
    ("certificate_2", "certificate_number_2"),
    ("certificate_3", "certificate_number_3"),
]
# The fields of each product of an answer, and the largest number of products.
GOODS_FIELDS = ("line", "stock", "capacity", "available_until", "standard", "price")
MAX_GOODS_PER_ANSWER = 5
SHARED_FACT_FIELDS = (
    LeadFactsForm.base_fields
)  # a contact and an officer state these facts in the same fields


class OwnOfferForm(EditForm):
    """Form in which a contact corrects their own offer."""

    jointly_compared_fields = (
        frozenset({"unit_price", "currency"}),
        frozenset({"incoterm", "incoterm_place"}),
    )

    stock_quantity = QuantityField(label=_("Quantity in stock"), required=False)
    capacity_per_day = QuantityField(label=_("Daily production"), required=False)
    ready_on = DayField(label=_("Ready to ship on"), required=False)
    available_until = DayField(label=_("Last day of production for this need"), required=False)
    unit_price = MoneyField(label=_("Unit price"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    model = SHARED_FACT_FIELDS["model"]
    min_order_quantity = SHARED_FACT_FIELDS["min_order_quantity"]
    lead_days = SHARED_FACT_FIELDS["lead_days"]
    incoterm = IncotermField()
    incoterm_place = SHARED_FACT_FIELDS["incoterm_place"]
    valid_until = SHARED_FACT_FIELDS["valid_until"]
    prepayment_percent = SHARED_FACT_FIELDS["prepayment_percent"]
    payment_terms = SHARED_FACT_FIELDS["payment_terms"]
    carton_pieces = SHARED_FACT_FIELDS["carton_pieces"]
    carton_kg = SHARED_FACT_FIELDS["carton_kg"]
    carton_litres = SHARED_FACT_FIELDS["carton_litres"]
    pallet_cartons = SHARED_FACT_FIELDS["pallet_cartons"]
    remark = forms.CharField(
        label=_("Additional information"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, lead: SupplierLead) -> None:
        super().__init__(data, initial={name: getattr(lead, name) for name in self.base_fields})
        self.thing = lead
        terms = self.fields["incoterm"]
        assert isinstance(terms, IncotermField)  # declared above
        terms.add_stored_choice(lead.incoterm)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        known = [("", _("not stated")), *CURRENCY_CHOICES]
        other = [] if lead.currency in dict(known) else [(lead.currency, lead.currency)]
        field.choices = [*known, *other]

    def clean(self) -> dict[str, Any]:
        """Set empty counts to 0, and drop the currency of a price that was taken out."""
        facts = super().clean() or {}
        for name in ("stock_quantity", "capacity_per_day", "min_order_quantity"):
            facts[name] = facts.get(name) or 0
        if facts.get("unit_price") is None:
            facts["currency"] = ""
        return facts


class WithdrawOfferForm(forms.Form):
    """Form in which a contact takes back their own offer, with the reason."""

    reason = forms.CharField(
        label=_("Why are you withdrawing the offer?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MAX_TEXT_LENGTH,
    )


class MessageCityForm(forms.Form):
    """Form in which a contact tells the city about an offer that they can no longer change."""

    reason = forms.CharField(
        label=_("What has changed?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )


# Folded groups of optional facts.
FOLDED_FIELDS: tuple[tuple[LazyText, tuple[str, ...]], ...] = (
    (
        _("Model and production (optional)"),
        ("product", "model", "maker", "ready_on", "lead_days", "min_order_quantity"),
    ),
    (
        _("Delivery and payment terms (optional)"),
        ("incoterm", "incoterm_place", "valid_until", "prepayment_percent", "payment_terms"),
    ),
    (
        _("Packing (optional)"),
        ("carton_pieces", "carton_kg", "carton_litres", "pallet_cartons"),
    ),
)
MORE_SECTION_FIELD_NAMES = ("uscc", *CERTIFICATE_FIELDS[0], "phone", "remark")


class FoldedFields(NamedTuple):
    """Fields that the page folds under a heading. `is_open` if one of them has a value or an error."""

    label: Any
    fields: list[forms.BoundField]
    is_open: bool


def goods_label(lines: Iterable[RequestLine]) -> Callable[[RequestLine], str]:
    """Return the function that names a choice among these lines: by its product, or in full if several ask for that product."""
    counts = Counter(line.product_id for line in lines)
    return lambda line: line.numbered_label if counts[line.product_id] > 1 else str(line.product.name)


class OfferForm(forms.Form):
    """Form for an offer. Supplier, product and quantity are required; the rest is optional."""

    supplier = forms.CharField(
        label=_("Supplier name"), max_length=200, help_text=_("As shown on the business licence.")
    )
    line = forms.ModelChoiceField(
        RequestLine.objects.none(), label=_("What can the supplier provide?"), empty_label=None
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
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES, initial="CNY", required=False)
    gift = forms.BooleanField(label=_("This is a donation"), required=False)
    ready_on = DayField(
        label=_("Ready to ship on"),
        required=False,
        help_text=_(
            "For goods not yet made: the first day of production. If blank, production is "
            "assumed to start today."
        ),
    )
    available_until = DayField(
        label=_("Last day of production for this need"),
        required=False,
        help_text=_("For goods not yet made: the last day of production."),
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        label=_("Product offered, if different"),
        required=False,
        empty_label=_("the requested product"),
    )
    model = SHARED_FACT_FIELDS["model"]
    maker = forms.CharField(
        label=_("Manufacturer"),
        max_length=200,
        required=False,
        help_text=_("Only if the supplier is not the manufacturer."),
    )
    lead_days = SHARED_FACT_FIELDS["lead_days"]
    min_order_quantity = SHARED_FACT_FIELDS["min_order_quantity"]
    incoterm = IncotermField()
    incoterm_place = SHARED_FACT_FIELDS["incoterm_place"]
    valid_until = SHARED_FACT_FIELDS["valid_until"]
    prepayment_percent = SHARED_FACT_FIELDS["prepayment_percent"]
    payment_terms = SHARED_FACT_FIELDS["payment_terms"]
    carton_pieces = SHARED_FACT_FIELDS["carton_pieces"]
    carton_kg = SHARED_FACT_FIELDS["carton_kg"]
    carton_litres = SHARED_FACT_FIELDS["carton_litres"]
    pallet_cartons = SHARED_FACT_FIELDS["pallet_cartons"]
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
    phone = forms.CharField(
        label=_("Supplier’s contact person (WeChat or phone)"), max_length=60, required=False
    )
    remark = forms.CharField(
        label=_("Additional information"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )
    website = forms.CharField(
        required=False,
        label="Website",
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, data: Any, inquiry: Inquiry, typed: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=typed)
        lines = list(inquiry.asked_lines)
        self.accepted = accepted_goods_of_lines(lines, clock.now())
        choices = accepted_choices(self.accepted.values())
        products = Product.objects.filter(
            pk__in={line.product_id for line in lines} | {one.product.pk for one in choices}
        )
        others = {one.product.pk for one in choices if one.product.pk != one.line.product_id}
        if others:
            rows = Product.objects.filter(pk__in=others).order_by("family", "code")
            self._choose("product", rows, lambda product: product.name)
        else:
            del self.fields["product"]
        words = _(
            "In %(unit)s, for example 10,000, or 200 boxes of 50. If nothing is in stock, enter "
            "the daily production below."
        )
        add_unit_to_help_text(self, "stock", words, products)
        asked_lines = RequestLine.objects.filter(pk__in=[line.pk for line in lines]).select_related("product")
        self._choose("line", asked_lines.order_by("position"), goods_label(lines))
        standards = {one.standard.pk for one in choices if one.standard is not None}
        self._choose("standard", Standard.objects.filter(pk__in=standards).order_by("code"))
        kinds = certificate_types_for(inquiry.contact.city.country, list(products))
        for kind, _number in CERTIFICATE_FIELDS:
            self._choose(kind, kinds)
        self._add_goods(min(len(lines), MAX_GOODS_PER_ANSWER))

    def _add_goods(self, products: int) -> None:
        """Add the fields of the second product, the third and so on, up to the number of products asked for."""
        for number in range(2, products + 1):
            for name in GOODS_FIELDS:
                field = deepcopy(self.fields[name])
                field.required = False
                field.label = gettext("%(label)s (product %(number)s)") % {
                    "label": field.label,
                    "number": number,
                }
                if isinstance(field, forms.ModelChoiceField):
                    field.empty_label = gettext("not stated")
                self.fields[f"{name}_{number}"] = field

    @property
    def further_product_numbers(self) -> list[int]:
        """Numbers of the further products that the form has fields for, from 2."""
        return [number for number in range(2, MAX_GOODS_PER_ANSWER + 1) if f"line_{number}" in self.fields]

    @property
    def further_goods(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Number and facts of each further product that was filled in."""
        for number in self.further_product_numbers:
            goods = {name: self.cleaned_data[f"{name}_{number}"] for name in GOODS_FIELDS}
            if goods["line"] is not None:
                yield number, goods

    @property
    def offered_goods(self) -> list[tuple[Product, Standard | None]]:
        """Each product that was filled in, with the standard that it is claimed to meet."""
        facts = self.cleaned_data
        first = (facts.get("product") or facts["line"].product, facts["standard"])
        return [first, *((goods["line"].product, goods["standard"]) for _number, goods in self.further_goods)]

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
        untils = [f"available_until_{number}" for number in self.further_product_numbers]
        for name in ("ready_on", "valid_until", "available_until", *untils):
            day = facts.get(name)
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Enter a date between 2000 and 2099."))
        self._check_supply(facts)
        self._check_further(facts)
        self._check_goods(facts)
        for kind, number in CERTIFICATE_FIELDS:
            if bool(facts.get(kind)) != bool(facts.get(number)) and not self.errors.keys() & {kind, number}:
                self.add_error(
                    number if facts.get(kind) else kind,
                    _("Enter both the type and the number of the certificate."),
                )
        return facts

    def _check_goods(self, facts: dict[str, Any]) -> None:
        """Require a product that its line accepts, as `draft_lead` does. The stated standard is a claim, and is recorded."""
        line, product = facts.get("line"), facts.get("product")
        if line is None or product is None:
            return
        match = self.accepted[line.pk].match(product, facts.get("standard"))
        refused = unaccepted_product_refusal(match, line, "product")
        if refused is not None:
            self.add_error("product", str(refused.message))

    def _check_supply(self, facts: dict[str, Any], product: str = "") -> None:
        """Require a stock or a daily capacity, and the last day of a daily capacity.

        `product` ends the names of the fields of a further product.
        """
        stock, capacity, until = (f"{name}{product}" for name in ("stock", "capacity", "available_until"))
        if self.errors.keys() & {stock, capacity, "ready_on", until}:
            return
        if not facts.get(capacity):
            if not facts.get(stock):
                self.add_error(stock, _("Enter the quantity in stock or the daily production."))
            return
        first, last = facts.get("ready_on"), facts.get(until)
        if last is None:
            self.add_error(until, _("Enter the last day of production."))
        elif first is not None and last < first:
            self.add_error(
                until, _("The last day of production is before the first. Correct one of the dates.")
            )

    def _check_further(self, facts: dict[str, Any]) -> None:
        """Require the product and the supply of each further product that has any value."""
        named = [facts.get("line")]
        for number in self.further_product_numbers:
            line = facts.get(f"line_{number}")
            if line is not None:
                self._check_supply(facts, f"_{number}")
                if line in named:
                    words = _("You have already entered this product. Choose another.")
                    self.add_error(f"line_{number}", words)
                named.append(line)
            elif any(facts.get(f"{name}_{number}") for name in GOODS_FIELDS):
                self.add_error(f"line_{number}", _("Choose the product."))

    @property
    def certificates(self) -> list[tuple[CertificateType, str]]:
        """Type and number of each certificate that was named, without duplicates."""
        named = [(self.cleaned_data[kind], self.cleaned_data[number]) for kind, number in CERTIFICATE_FIELDS]
        return list(dict.fromkeys(pair for pair in named if pair[0]))

    @property
    def is_still_to_produce(self) -> bool:
        """True if the daily production is filled in and no stock; a contact's page then shows it."""
        return bool(self["capacity"].value()) and not self["stock"].value()

    @property
    def field_groups(self) -> dict[str, Any]:
        """Fields as the page shows them: `asked` openly, `folds` and `more` collapsed, and `further_product_numbers` inside `more`.

        Daily production and its last day are in no group: the page shows them beside the stock.
        """
        fields = {bound.name: bound for bound in self.visible_fields() if bound.name != "website"}
        goods = [
            fold_fields(
                gettext("Product %(number)s (optional)") % {"number": number},
                [fields.pop(f"{name}_{number}") for name in GOODS_FIELDS],
            )
            for number in self.further_product_numbers
        ]
        folds = [
            fold_fields(label, [fields.pop(name) for name in names if name in fields])
            for label, names in FOLDED_FIELDS
        ]
        further = [fold_fields(pair[0].label, pair) for pair in self._pairs(fields)]
        more = [fields.pop(name) for name in MORE_SECTION_FIELD_NAMES]
        return {
            "asked": [bound for name, bound in fields.items() if name not in ("capacity", "available_until")],
            "folds": [*goods, *folds],
            "more": more,
            "further": further,
        }

    @staticmethod
    def _pairs(fields: dict[str, forms.BoundField]) -> list[list[forms.BoundField]]:
        """Take the fields of the second and third certificate out of the fields."""
        return [[fields.pop(name) for name in pair] for pair in CERTIFICATE_FIELDS[1:]]


def fold_fields(label: Any, fields: Sequence[forms.BoundField]) -> FoldedFields:
    """Return a fold; it is open if one of its fields has a value or an error."""
    is_open = any(bound.errors or bound.value() not in (None, "", 0, "0") for bound in fields)
    return FoldedFields(label, list(fields), is_open)
