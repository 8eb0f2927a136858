"""Forms of unsolicited offers: the two short forms of a contact, and those with which one is accepted or passed on."""

from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.leads.forms.contact_offers import (
    CERTIFICATE_FIELDS,
    CURRENCY_CHOICES,
    SHARED_FACT_FIELDS,
    FoldedFields,
    fold_fields,
)
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.certificate_choices import certificate_types_for
from procurement.leads.queries.reached_cities import twin_city_ids
from procurement.leads.rules.lead_facts import FIRST_DAY, LAST_DAY
from procurement.requests.alternatives.models import LineAlternative
from procurement.requests.alternatives.queries import lines_accepting
from procurement.requests.models import RequestLine, SupplyRequest
from workflow import clock
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH


class UnsolicitedOfferForm(forms.Form):
    """Short form of a contact: a manufacturer they know, or goods that are to be given.

    With `need` the goods are those of one of its lines, or an accepted alternative; else the contact chooses product and
    city. Without a city that has an agreement in force with the contact's own, there is no choice: a coordinator finds one.
    """

    supplier = forms.CharField(
        label=_("Company or organization"), max_length=200, help_text=_("As shown on the business licence.")
    )
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=30, required=False)
    phone = forms.CharField(
        label=_("Supplier’s contact person (WeChat or phone)"), max_length=60, required=False
    )
    line = forms.ModelChoiceField(RequestLine.objects.none(), label=_("Goods"), empty_label=None)
    product = forms.ModelChoiceField(Product.objects.order_by("family", "code"), label=_("Goods"))
    city = forms.ModelChoiceField(City.objects.none(), label=_("For which city?"), empty_label=None)
    stock_quantity = QuantityField(label=_("Quantity in stock"), required=False)
    capacity_per_day = QuantityField(label=_("Daily production"), required=False)
    available_until = DayField(label=_("Last day of production"), required=False)
    unit_price = MoneyField(label=_("Unit price"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES, initial="CNY", required=False)
    certificate = forms.ModelChoiceField(
        CertificateType.objects.none(), label=_("Certificate"), required=False, empty_label=_("not stated")
    )
    certificate_number = forms.CharField(label=_("Certificate number"), max_length=80, required=False)
    model = SHARED_FACT_FIELDS["model"]
    remark = forms.CharField(
        label=_("Additional information"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, contact: Contact, *, gift: bool, need: SupplyRequest | None) -> None:
        super().__init__(data)
        self.gift = gift
        self.need = need
        if gift:
            self.fields["stock_quantity"].label = _("Quantity")
            self.fields["stock_quantity"].required = True
            for name in ("capacity_per_day", "available_until", "unit_price", "currency"):
                del self.fields[name]
        if need is None:
            del self.fields["line"]
            self._offer_cities(City.objects.filter(pk__in=twin_city_ids(contact)).order_by("name_en", "pk"))
        else:
            del self.fields["city"]
            lines = self.fields["line"]
            assert isinstance(lines, forms.ModelChoiceField)  # declared above
            lines.queryset = need.lines.select_related("product").order_by("position")
            lines.label_from_instance = _product_name  # type: ignore[method-assign]  # Django's own way
            self._offer_alternatives(need)
        products = Product.objects.all()
        if need is not None:
            asked = Q(pk__in=need.lines.values("product"))
            products = products.filter(asked | Q(pk__in=need.lines.values("alternatives__product")))
        certificates = self.fields["certificate"]
        assert isinstance(certificates, forms.ModelChoiceField)  # declared above
        certificates.queryset = certificate_types_for(contact.city.country, list(products))

    def _offer_cities(self, cities: Any) -> None:
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = cities
        if not cities:
            del self.fields["city"]

    def _offer_alternatives(self, need: SupplyRequest) -> None:
        """Offer the products that the lines of the need accept in place of their own."""
        listed = LineAlternative.objects.filter(line__supply_request=need).exclude(product=F("line__product"))
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = Product.objects.filter(pk__in=listed.values("product")).order_by("family", "code")
        field.label, field.empty_label = _("Product offered, if different"), _("the requested product")
        field.required = False
        if not field.queryset:
            del self.fields["product"]

    def clean(self) -> dict[str, Any]:
        """Require a stock or a daily production with its last day, and the type and number of a certificate."""
        facts = super().clean() or {}
        kind, number = facts.get("certificate"), facts.get("certificate_number")
        if bool(kind) != bool(number) and not self.errors.keys() & {"certificate", "certificate_number"}:
            words = _("Enter both the type and the number of the certificate.")
            self.add_error("certificate_number" if kind else "certificate", words)
        if self.errors.keys() & {"stock_quantity", "capacity_per_day", "available_until"}:
            return facts
        last = facts.get("available_until")
        if facts.get("capacity_per_day") and last is None:
            self.add_error("available_until", _("Enter the last day of production."))
        elif last is not None and not FIRST_DAY <= last <= LAST_DAY:
            self.add_error("available_until", _("Enter a date between 2000 and 2099."))
        elif not facts.get("stock_quantity") and not facts.get("capacity_per_day"):
            self.add_error("stock_quantity", _("Enter the quantity in stock or the daily production."))
        return facts

    @property
    def open_fields(self) -> list[forms.BoundField]:
        """The fields that the page shows at once."""
        return [bound for bound in self.visible_fields() if bound.name not in CERTIFICATE_FIELDS[0]]

    @property
    def folded_fields(self) -> list[FoldedFields]:
        """The fields that the page folds."""
        return [fold_fields(_("Certificate (optional)"), [self[name] for name in CERTIFICATE_FIELDS[0]])]

    @property
    def receiving_city(self) -> City | None:
        """City of the need, else the chosen one; None if there was no choice."""
        return self.need.city if self.need is not None else self.cleaned_data.get("city")

    @property
    def lead_facts(self) -> dict[str, Any]:
        """Facts of the offer, as `draft_lead` takes them, without city and supplier."""
        facts = self.cleaned_data
        line, price = facts.get("line"), facts.get("unit_price")
        return {
            "line": line,
            "product": facts.get("product") or facts["line"].product,
            "kind": SupplierLead.Kind.DONATION if self.gift else SupplierLead.Kind.SALE,
            "stock_quantity": facts["stock_quantity"] or 0,
            "capacity_per_day": facts.get("capacity_per_day") or 0,
            "available_until": facts.get("available_until"),
            "unit_price": price,
            "currency": facts["currency"] if price is not None else "",
            "model": facts["model"],
            "remark": facts["remark"],
        }


def _product_name(obj: Any) -> str:
    return str(obj.product.name)


class AcceptOfferForm(forms.Form):
    """Form that accepts an unsolicited offer. If the contact named no need line, it asks for one that accepts the goods."""

    line = forms.ModelChoiceField(
        RequestLine.objects.none(), label=_("Related need"), required=False, empty_label=_("none yet")
    )

    def __init__(self, data: Any, lead: SupplierLead) -> None:
        super().__init__(data)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        if lead.line_id is not None:
            del self.fields["line"]
            return
        lines = RequestLine.objects.select_related("supply_request", "product").order_by("pk")
        accepting = lines_accepting(lead.city_id, lead.product, lead.standard, clock.now())
        field.queryset = lines.filter(pk__in=[line.pk for line in accepting])
        if lead.kind == SupplierLead.Kind.DONATION:
            field.help_text = _(
                "If you choose no need, a need is drafted for this donation. Complete and post the draft."
            )


class PassOnForm(forms.Form):
    """Form that chooses the city to which a coordinator passes an unsolicited offer."""

    city = forms.ModelChoiceField(City.objects.order_by("name_en", "pk"), label=_("City"))
