"""Forms of offers: the facts an officer enters, the filter of the list, and sharing."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City, CityDay
from partners.form_fields import CurrencyField
from partners.list_filters import city_name_condition, own_cities_condition, person_name_condition
from partners.permissions.permissions import Permissions
from procurement.catalogue.forms import ProductSearchField, product_condition
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.catalogue.models.standards import Standard
from procurement.leads.form_fields import IncotermField
from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import RequestLine
from procurement.suppliers.models.suppliers import Supplier
from workflow import clock
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, LinesField, MoneyField, QuantityField
from workflow.http.lists import ListFilterForm, day_range_conditions
from workflow.input_limits import MAX_CARTONS_PER_PALLET, MAX_DURATION_DAYS, MAX_TEXT_LENGTH

ROW_FACT_GROUP = "row"  # the facts that are corrected in a row of the list
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
    ROW_FACT_GROUP: ("stock_quantity", "unit_price", "currency", "valid_until"),
}


class LeadFactsForm(EditForm):
    """Form with which an officer enters or corrects the facts of an offer: all of them, or one group."""

    jointly_compared_fields = (
        frozenset({"unit_price", "currency"}),
        frozenset({"incoterm", "incoterm_place"}),
    )

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
    incoterm = IncotermField()
    incoterm_place = forms.CharField(label=_("Named place (Incoterms)"), max_length=100, required=False)
    lead_days = forms.IntegerField(
        label=_("Production time (days)"), min_value=0, max_value=MAX_DURATION_DAYS, required=False
    )
    air_days = forms.IntegerField(
        label=_("Transit time by air (days)"), min_value=0, max_value=MAX_DURATION_DAYS, required=False
    )
    sea_days = forms.IntegerField(
        label=_("Transit time by sea (days)"), min_value=0, max_value=MAX_DURATION_DAYS, required=False
    )
    air_freight = MoneyField(
        label=_("Air freight per kilogram"), max_digits=10, decimal_places=2, required=False
    )
    sea_freight = MoneyField(
        label=_("Sea freight per pallet"), max_digits=10, decimal_places=2, required=False
    )
    carton_pieces = QuantityField(label=_("Units per carton"), required=False)
    carton_kg = MoneyField(label=_("Carton weight (kg)"), max_digits=7, decimal_places=2, required=False)
    carton_litres = MoneyField(
        label=_("Carton volume (litres)"), max_digits=7, decimal_places=2, required=False
    )
    pallet_cartons = QuantityField(
        label=_("Cartons per pallet"), max_value=MAX_CARTONS_PER_PALLET, required=False
    )
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
        label=_("Declared export use"), choices=[("", _("not stated")), *DeclaredUse.choices], required=False
    )
    referred_by = LinesField(
        label=_("Intermediaries"),
        longest=200,
        required=False,
        help_text=_("One person or company per line, from first to last."),
    )
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )

    group = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, city: City, lead: SupplierLead | None = None, group: str = "") -> None:
        names = [name for name in self.base_fields if name != "group"]
        known = {name: getattr(lead, name) for name in names} if lead else {}
        super().__init__(data, initial={**known, "group": group})
        if lead:  # the supplier of an offer never changes
            del self.fields["supplier"]
            terms = self.fields["incoterm"]
            assert isinstance(terms, IncotermField)  # declared above
            terms.add_stored_choice(lead.incoterm)
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
        """Set empty counts to 0. Leave out the name of the group."""
        facts = super().clean() or {}
        facts.pop("group", None)
        for name in {"capacity_per_day", "min_order_quantity"} & self.fields.keys():
            facts[name] = facts.get(name) or 0
        return facts


OFFERED_SINCE, OFFERED_UNTIL = day_range_conditions("created_at")


ENDING_SOON_DAYS = 7


def _validity_condition(chosen: str, by: Permissions) -> Q:
    """Return the condition for offers that are valid today, end soon, or have ended, by their city's calendar."""
    now = clock.now()
    today, soon = CityDay(now), CityDay(now + timedelta(days=ENDING_SOON_DAYS))
    conditions = {
        "valid": Q(valid_until=None) | Q(valid_until__gte=today),
        "ending": Q(valid_until__gte=today, valid_until__lte=soon),
        "ended": Q(valid_until__lt=today),
    }
    return conditions[chosen]


def _evidence_condition(chosen: str, by: Permissions) -> Q:
    """Return the condition for offers to the reader's own cities whose checks are all accepted, or still open."""
    own = SupplierLead.objects.filter(city__in=by.visible_cities)
    found = own.with_all_checks_accepted() if chosen == "complete" else own.with_open_checks()
    return Q(pk__in=found.values("pk"))


class LeadFilterForm(ListFilterForm):
    """Form that filters the list of offers."""

    lookups: ClassVar = {
        "status": "status",
        "own": own_cities_condition,
        "kind": "kind",
        "validity": _validity_condition,
        "evidence": _evidence_condition,
        "product": product_condition("product"),
        "need": "line__supply_request__reference__istartswith",
        "supplier": lambda text, _by: Q(supplier__in=Supplier.objects.search(text)),
        "city": city_name_condition("supplier__place"),
        "person": person_name_condition("author"),
        "price_from": "price_in_city_currency__gte",
        "price_to": "price_in_city_currency__lte",
        "since": OFFERED_SINCE,
        "until": OFFERED_UNTIL,
    }

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *SupplierLead.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our offers"), required=False)
    kind = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Any")), *SupplierLead.Kind.choices]
    )
    validity = forms.ChoiceField(
        label=_("Validity"),
        required=False,
        choices=[
            ("", _("Any")),
            ("valid", _("Valid today")),
            ("ending", _("Ends within a week")),
            ("ended", _("No longer valid")),
        ],
    )
    evidence = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        choices=[("", _("Any")), ("complete", _("All checks accepted")), ("open", _("Checks missing"))],
    )
    product = ProductSearchField()
    need = forms.CharField(label=_("Need"), required=False, max_length=20)
    supplier = forms.CharField(label=_("Supplier"), required=False, max_length=100)
    city = forms.CharField(label=_("City of the supplier"), required=False, max_length=80)
    person = forms.CharField(label=_("Entered by"), required=False, max_length=80)
    price_from = MoneyField(label=_("Minimum unit price"), required=False, max_digits=16, decimal_places=4)
    price_to = MoneyField(label=_("Maximum unit price"), required=False, max_digits=16, decimal_places=4)
    since = DayField(label=_("Received on or after"), required=False, help_text="")
    until = DayField(label=_("Received on or before"), required=False, help_text="")

    sorts = (
        ("supplier", _("Supplier")),
        ("product", _("Product")),
        ("quantity", _("Quantity")),
        ("price", _("Unit price")),
    )


class RequestCertificatesForm(forms.Form):
    """Form that chooses the missing certificates to ask the contact for; none means all of them."""

    kinds = forms.ModelMultipleChoiceField(
        CertificateType.objects.order_by("code"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Missing certificates"),
    )


class ShareLeadForm(forms.Form):
    """Form that chooses a city to share the offer with."""

    city = forms.ModelChoiceField(City.objects.order_by("name_en", "pk"), label=_("City"))
