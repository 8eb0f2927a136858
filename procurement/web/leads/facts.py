"""An offer's facts as an officer types them in."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.web.fields import CurrencyField
from procurement.catalogue.models.facts import Use
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.models.offer import SupplierLead
from procurement.requests.models import RequestLine
from procurement.suppliers.models.company import Supplier
from workflow.doors.bounds import LONGEST_WORDS, MOST_DAYS, MOST_ON_A_PALLET
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, LinesField, MoneyField, QuantityField


class Facts(Edit):
    """An offer's facts as an officer enters or corrects them."""

    together = (frozenset({"unit_price", "currency"}), frozenset({"incoterm", "incoterm_place"}))

    supplier = forms.ModelChoiceField(
        Supplier.objects.filter(status="listed").order_by("name_en", "pk"), label=_("Supplier")
    )
    line = forms.ModelChoiceField(RequestLine.objects.none(), label=_("For which need"), required=False)
    product = forms.ModelChoiceField(Product.objects.order_by("family", "code"), label=_("Product"))
    standard = forms.ModelChoiceField(Standard.objects.order_by("code"), label=_("Standard"), required=False)
    model = forms.CharField(
        label=_("Model"), max_length=100, required=False, help_text=_("As printed on the pack.")
    )
    maker = forms.ModelChoiceField(
        Supplier.objects.filter(status="listed").order_by("name_en", "pk"),
        label=_("Made by"),
        required=False,
        empty_label=_("the company itself, or not known"),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=SupplierLead.Kind.choices)
    stock_quantity = QuantityField(label=_("In stock"), initial=0)
    stock_place = forms.CharField(label=_("Where the stock is"), max_length=200, required=False)
    capacity_per_day = QuantityField(label=_("Made per day"), initial=0, required=False)
    min_order_quantity = QuantityField(label=_("Smallest order"), initial=0, required=False)
    ready_on = DayField(
        label=_("Ready to ship"),
        required=False,
        help_text=_("For goods still to be made: the first day of production."),
    )
    available_until = DayField(
        label=_("Available until"),
        required=False,
        help_text=_("For goods still to be made: the last day of production."),
    )
    unit_price = MoneyField(label=_("Price per piece"), required=False)
    currency = CurrencyField(label=_("Currency"), required=False)
    incoterm = forms.CharField(
        label=_("Incoterm"), max_length=3, required=False, help_text=_("Three letters, such as FCA.")
    )
    incoterm_place = forms.CharField(label=_("Place of the Incoterm"), max_length=100, required=False)
    lead_days = forms.IntegerField(label=_("Days to make"), min_value=0, max_value=MOST_DAYS, required=False)
    air_days = forms.IntegerField(label=_("Days by air"), min_value=0, max_value=MOST_DAYS, required=False)
    sea_days = forms.IntegerField(label=_("Days by sea"), min_value=0, max_value=MOST_DAYS, required=False)
    air_freight = MoneyField(
        label=_("Freight by air, per kilogram"), max_digits=10, decimal_places=2, required=False
    )
    sea_freight = MoneyField(
        label=_("Freight by sea, per pallet"), max_digits=10, decimal_places=2, required=False
    )
    carton_pieces = QuantityField(label=_("Pieces in a carton"), required=False)
    carton_kg = MoneyField(label=_("Weight of a carton, kg"), max_digits=7, decimal_places=2, required=False)
    carton_litres = MoneyField(
        label=_("Volume of a carton, litres"), max_digits=7, decimal_places=2, required=False
    )
    pallet_cartons = QuantityField(label=_("Cartons on a pallet"), max_value=MOST_ON_A_PALLET, required=False)
    insurance_percent = MoneyField(
        label=_("Insurance, percent of the value"), max_digits=5, decimal_places=2, required=False
    )
    inspection_cost = MoneyField(
        label=_("Cost of the inspection"),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("Of the whole lot, in the offer's currency."),
    )
    prepayment_percent = forms.IntegerField(
        label=_("Prepayment asked, percent"), min_value=0, max_value=100, required=False
    )
    payment_terms = forms.CharField(
        label=_("Payment terms"),
        max_length=200,
        required=False,
        help_text=_("As the seller words them, such as 30 percent in advance, the rest against papers."),
    )
    sample_available = forms.TypedChoiceField(
        label=_("Sample available"),
        choices=[("", _("not said")), ("True", _("yes")), ("False", _("no"))],
        coerce=lambda said: said == "True",
        empty_value=None,
        required=False,
    )
    reference_customers = LinesField(
        label=_("Reference customers"),
        longest=200,
        required=False,
        help_text=_("Whom the seller says they supplied, one a line."),
    )
    valid_until = DayField(label=_("Offer valid until"), required=False)
    declared_use = forms.ChoiceField(
        label=_("Declared export use"), choices=[("", _("not said")), *Use.choices], required=False
    )
    referred_by = LinesField(
        label=_("Who the offer came through"),
        longest=200,
        required=False,
        help_text=_("One person or company a line, first to last."),
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )

    def __init__(self, data: Any, city: City, lead: SupplierLead | None = None) -> None:
        known = {name: getattr(lead, name) for name in self.base_fields} if lead else None
        super().__init__(data, initial=known)
        if lead:  # an offer of another company is another offer
            del self.fields["supplier"]
            maker = self.fields["maker"]
            assert isinstance(maker, forms.ModelChoiceField)  # declared above
            # A maker that was merged meanwhile stays to be chosen: saving another fact must not forget it.
            maker.queryset = Supplier.objects.filter(Q(status="listed") | Q(pk=lead.maker_id)).order_by(
                "name_en", "pk"
            )
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        open_lines = RequestLine.objects.filter(city=city, supply_request__status="open")
        field.queryset = open_lines.select_related("supply_request", "product").order_by("pk")

    def clean(self) -> dict[str, Any]:
        """What was left open is nothing, not None, where the model counts."""
        facts = super().clean() or {}
        for name in ("capacity_per_day", "min_order_quantity"):
            facts[name] = facts.get(name) or 0
        facts["incoterm"] = (facts.get("incoterm") or "").upper()
        return facts
