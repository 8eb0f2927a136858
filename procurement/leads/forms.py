"""Forms of offers: facts, answers to findings, filters, sharing, exchange rates, a contact's offer."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.form_fields import CurrencyField
from partners.list_filters import by_person, in_city, own_cities
from procurement.catalogue.forms import ProductFilter, of_product, show_unit
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import Use
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_choices import certificate_types_for
from procurement.leads.rules.lead_facts import FIRST_DAY, LAST_DAY
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine
from procurement.suppliers.models.suppliers import Supplier
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, LinesField, MoneyField, QuantityField
from workflow.http.lists import ListFilterForm, days
from workflow.input_limits import LONGEST_WORDS, MOST_DAYS, MOST_ON_A_PALLET

# Facts that are corrected together, in the order of the offer's page: the name of the group, its fields.
FACT_GROUPS: dict[str, tuple[str, ...]] = {
    "goods": ("line", "product", "standard", "model", "maker", "kind", "declared_use", "sample_available"),
    "quantity": (
        *("stock_quantity", "stock_place", "capacity_per_day", "min_order_quantity"),
        *("ready_on", "available_until", "lead_days", "valid_until"),
    ),
    "price": (
        *("unit_price", "currency", "incoterm", "incoterm_place", "prepayment_percent", "payment_terms"),
        *("insurance_percent", "inspection_cost"),
    ),
    "freight": (
        *("air_days", "sea_days", "air_freight", "sea_freight"),
        *("carton_pieces", "carton_kg", "carton_litres", "pallet_cartons"),
    ),
    "source": ("referred_by", "reference_customers", "remark"),
}


class LeadFactsForm(EditForm):
    """Form with which an officer enters or corrects the facts of an offer: all of them, or one group."""

    together = (frozenset({"unit_price", "currency"}), frozenset({"incoterm", "incoterm_place"}))

    supplier = forms.ModelChoiceField(
        Supplier.objects.filter(status="listed").order_by("name_en", "pk"), label=_("Supplier")
    )
    line = forms.ModelChoiceField(RequestLine.objects.none(), label=_("Related need"), required=False)
    product = forms.ModelChoiceField(Product.objects.order_by("family", "code"), label=_("Product"))
    standard = forms.ModelChoiceField(Standard.objects.order_by("code"), label=_("Standard"), required=False)
    model = forms.CharField(
        label=_("Model"), max_length=100, required=False, help_text=_("As printed on the packaging.")
    )
    maker = forms.ModelChoiceField(
        Supplier.objects.filter(status="listed").order_by("name_en", "pk"),
        label=_("Manufacturer"),
        required=False,
        empty_label=_("the supplier itself, or unknown"),
    )
    kind = forms.ChoiceField(label=_("Type"), choices=SupplierLead.Kind.choices)
    stock_quantity = QuantityField(label=_("In stock"), initial=0)
    stock_place = forms.CharField(label=_("Stock location"), max_length=200, required=False)
    capacity_per_day = QuantityField(label=_("Daily production"), initial=0, required=False)
    min_order_quantity = QuantityField(label=_("Minimum order quantity"), initial=0, required=False)
    ready_on = DayField(
        label=_("Ready to ship on"),
        required=False,
        help_text=_("For goods not yet made: the first day of production."),
    )
    available_until = DayField(
        label=_("Available until"),
        required=False,
        help_text=_("For goods not yet made: the last day of production."),
    )
    unit_price = MoneyField(label=_("Unit price"), required=False)
    currency = CurrencyField(label=_("Currency"), required=False)
    incoterm = forms.CharField(
        label=_("Incoterms rule"), max_length=3, required=False, help_text=_("Three letters, such as FCA.")
    )
    incoterm_place = forms.CharField(label=_("Named place (Incoterms)"), max_length=100, required=False)
    lead_days = forms.IntegerField(
        label=_("Production time (days)"), min_value=0, max_value=MOST_DAYS, required=False
    )
    air_days = forms.IntegerField(
        label=_("Transit time by air (days)"), min_value=0, max_value=MOST_DAYS, required=False
    )
    sea_days = forms.IntegerField(
        label=_("Transit time by sea (days)"), min_value=0, max_value=MOST_DAYS, required=False
    )
    air_freight = MoneyField(
        label=_("Air freight per kilogram"), max_digits=10, decimal_places=2, required=False
    )
    sea_freight = MoneyField(
        label=_("Sea freight per pallet"), max_digits=10, decimal_places=2, required=False
    )
    carton_pieces = QuantityField(label=_("Pieces per carton"), required=False)
    carton_kg = MoneyField(label=_("Carton weight (kg)"), max_digits=7, decimal_places=2, required=False)
    carton_litres = MoneyField(
        label=_("Carton volume (litres)"), max_digits=7, decimal_places=2, required=False
    )
    pallet_cartons = QuantityField(label=_("Cartons per pallet"), max_value=MOST_ON_A_PALLET, required=False)
    insurance_percent = MoneyField(
        label=_("Insurance (percentage of value)"), max_digits=5, decimal_places=2, required=False
    )
    inspection_cost = MoneyField(
        label=_("Inspection cost"),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("For the whole lot, in the offer’s currency."),
    )
    prepayment_percent = forms.IntegerField(
        label=_("Prepayment requested (percent)"), min_value=0, max_value=100, required=False
    )
    payment_terms = forms.CharField(
        label=_("Payment terms"),
        max_length=200,
        required=False,
        help_text=_(
            "In the seller’s words, for example: 30 percent in advance, the balance against documents."
        ),
    )
    sample_available = forms.TypedChoiceField(
        label=_("Sample available"),
        choices=[("", _("not stated")), ("True", _("yes")), ("False", _("no"))],
        coerce=lambda said: said == "True",
        empty_value=None,
        required=False,
    )
    reference_customers = LinesField(
        label=_("Reference customers"),
        longest=200,
        required=False,
        help_text=_("Customers the seller says it has supplied, one per line."),
    )
    valid_until = DayField(label=_("Offer valid until"), required=False)
    declared_use = forms.ChoiceField(
        label=_("Declared export use"), choices=[("", _("not stated")), *Use.choices], required=False
    )
    referred_by = LinesField(
        label=_("Intermediaries"),
        longest=200,
        required=False,
        help_text=_("One person or company per line, from first to last."),
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )

    group = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, city: City, lead: SupplierLead | None = None, group: str = "") -> None:
        names = [name for name in self.base_fields if name != "group"]
        known = {name: getattr(lead, name) for name in names} if lead else {}
        super().__init__(data, initial={**known, "group": group})
        if lead:  # the supplier of an offer never changes
            del self.fields["supplier"]
            maker = self.fields["maker"]
            assert isinstance(maker, forms.ModelChoiceField)  # declared above
            # A manufacturer that was merged stays a choice, so that saving another fact does not clear it.
            maker.queryset = Supplier.objects.filter(Q(status="listed") | Q(pk=lead.maker_id)).order_by(
                "name_en", "pk"
            )
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        open_lines = RequestLine.objects.filter(city=city, supply_request__status="open")
        field.queryset = open_lines.select_related("supply_request", "product").order_by("pk")
        for name in set(self.fields) - {"group", *FACT_GROUPS.get(group, self.fields)}:
            del self.fields[name]
        if not group:
            del self.fields["group"]

    def clean(self) -> dict[str, Any]:
        """Set empty counts to 0, and write the Incoterm in capitals. Leave out the name of the group."""
        facts = super().clean() or {}
        facts.pop("group", None)
        for name in {"capacity_per_day", "min_order_quantity"} & self.fields.keys():
            facts[name] = facts.get(name) or 0
        if "incoterm" in self.fields:
            facts["incoterm"] = (facts.get("incoterm") or "").upper()
        return facts


class AnswerForm(forms.Form):
    """Form for a written answer."""

    answer = forms.CharField(
        label=_("Written explanation"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_WORDS
    )


class FindingAnswersForm(forms.Form):
    """Form that answers the findings of an offer in writing, each in a box of its own."""

    def __init__(self, data: Any, findings: Sequence[Finding]) -> None:
        super().__init__(data)
        self.findings = findings
        for finding in findings:
            self.fields[finding.reference] = forms.CharField(
                label=_("Accept the risk: why is this no obstacle?"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=LONGEST_WORDS,
            )

    def clean(self) -> dict[str, Any]:
        """Require an explanation for at least one finding."""
        facts = super().clean() or {}
        if not self.errors and not any(facts.values()):
            raise forms.ValidationError(_("Explain at least one finding."), code="empty")
        return facts

    @property
    def answers(self) -> list[tuple[Finding, str]]:
        """Findings that were answered, with the explanation of each."""
        given = ((finding, self.cleaned_data[finding.reference]) for finding in self.findings)
        return [(finding, words) for finding, words in given if words]


OFFERED_SINCE, OFFERED_UNTIL = days("created_at")


class LeadFilterForm(ListFilterForm):
    """Form that filters the list of offers."""

    lookups: ClassVar = {
        "status": "status",
        "own": own_cities,
        "product": of_product("product"),
        "need": "line__supply_request__reference__istartswith",
        "supplier": lambda text, _by: Q(supplier__in=Supplier.objects.search(text)),
        "city": in_city("supplier__place"),
        "person": by_person("author"),
        "price_from": "price_here__gte",
        "price_to": "price_here__lte",
        "since": OFFERED_SINCE,
        "until": OFFERED_UNTIL,
    }

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *SupplierLead.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our offers"), required=False)
    product = ProductFilter()
    need = forms.CharField(label=_("Need"), required=False, max_length=20)
    supplier = forms.CharField(label=_("Supplier"), required=False, max_length=100)
    city = forms.CharField(label=_("City of the supplier"), required=False, max_length=80)
    person = forms.CharField(label=_("Entered by"), required=False, max_length=80)
    price_from = MoneyField(label=_("Unit price from"), required=False, max_digits=16, decimal_places=4)
    price_to = MoneyField(label=_("Unit price to"), required=False, max_digits=16, decimal_places=4)
    since = DayField(label=_("Received from"), required=False, help_text="")
    until = DayField(label=_("Received to"), required=False, help_text="")

    sorts = (
        ("supplier", _("Supplier")),
        ("product", _("Product")),
        ("quantity", _("Quantity")),
        ("price", _("Unit price")),
    )


class ShareLeadForm(forms.Form):
    """Form that chooses a city to share the offer with."""

    city = forms.ModelChoiceField(City.objects.order_by("name_en", "pk"), label=_("City"))


class RateForm(forms.Form):
    """Form for the value of one unit of a currency in another currency on a day."""

    currency = CurrencyField(label=_("From currency"), help_text=_("Three letters, such as AED."))
    rate = MoneyField(label=_("Value of one unit"), max_digits=18, decimal_places=8)
    into = CurrencyField(label=_("To currency"), help_text=_("Three letters, such as CAD."))
    on = DayField(label=_("Date"))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("For example, a central bank, a newspaper or a link.")
    )


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
