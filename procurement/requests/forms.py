"""Forms of needs: filters, sharing, reconfirmation, changes, lines, and the steps of posting one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City, CityDay
from partners.list_filters import city_name_condition, own_cities_condition, person_name_condition
from procurement.catalogue.forms import ProductSearchField, add_unit_to_help_text
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import (
    AcquisitionType,
    DeclaredUse,
    EndUserType,
    Market,
    market_of_country,
)
from procurement.catalogue.models.standards import Standard
from procurement.requests.alternatives.forms import AlternativesForm
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import URGENT_SUPPLY_DAYS, reconfirmation_period
from procurement.requests.standard_choices import StandardChoice, standard_groups, usual_standards
from workflow import clock
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.http.lists import ListFilterForm
from workflow.input_limits import MAX_SUPPLY_DAYS, MAX_TEXT_LENGTH

TITLE_MISSING = _("Enter a title, such as “N95 respirators for Burnaby Hospital”.")
PRODUCT_MISSING = _("Choose the product that you need.")
# What to know about the standards of a family. Other families get the general hint.
STANDARD_HINTS = {
    Product.Family.RESPIRATOR: _(
        "FFP2, KN95, KF94 and N95 are similar, not interchangeable. Only the standards you tick count."
    ),
    Product.Family.MASK: _(
        "A level, type or class says how well a mask filters and how much fluid it resists. Only the standards "
        "you tick count."
    ),
    Product.Family.GOWN: _("A level says how much fluid a gown resists. Only the standards you tick count."),
}
ADDRESS_MISSING = _("Enter where to deliver the goods: the name and address of the place.")
OTHER_PLACE_CHOICE = "other"
DEFAULT_STANDARDS_HINT = _("Only the standards you tick count. To accept any standard, tick none.")

# Each priority as what happens without the goods, so that two people choose the same one.
PRIORITY_CHOICES = (
    (RequestLine.Priority.CRITICAL, _("Critical: care stops or becomes unsafe without these goods")),
    (RequestLine.Priority.HIGH, _("High: the goods are already rationed")),
    (RequestLine.Priority.NORMAL, _("Normal: a reserve is left")),
)


class RequestFilterForm(ListFilterForm):
    """Form that filters and sorts the list of needs, by parameters of the page's address."""

    lookups: ClassVar = {
        "status": "status",
        "own": own_cities_condition,
        "uncovered": lambda _chosen, _by: Q(
            pk__in=RequestLine.objects.lacking_goods().values("supply_request")
        ),
        "soon": lambda _chosen, by: Q(
            city__in=by.visible_cities, pk__in=lines_running_out(clock.now()).values("supply_request")
        ),
        "product": lambda text, _by: Q(
            pk__in=RequestLine.objects.filter(product__in=Product.objects.search(text)).values(
                "supply_request"
            )
        ),
        "city": city_name_condition("city"),
        "of": "city__slug",
        "person": person_name_condition("author"),
        "since": "needed_by__gte",
        "until": "needed_by__lte",
    }

    q = forms.CharField(label=_("Search"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *SupplyRequest.Status.choices]
    )
    own = forms.BooleanField(label=_("Only our needs"), required=False)
    uncovered = forms.BooleanField(label=_("Not fully covered"), required=False)
    soon = forms.BooleanField(label=_("Less than 7 days of supply left"), required=False)
    product = ProductSearchField()
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    of = forms.SlugField(required=False, widget=forms.HiddenInput)
    person = forms.CharField(label=_("Posted by"), required=False, max_length=80)
    since = DayField(label=_("Needed on or after"), required=False, help_text="")
    until = DayField(label=_("Needed by"), required=False, help_text="")

    sorts = (
        ("urgency", _("Most urgent first")),
        ("needed_by", _("Needed by")),
        ("title", _("Need")),
        ("city", _("City")),
    )


def lines_running_out(at: datetime) -> QuerySet[RequestLine]:
    """Return the lines still short of goods of which the city's own supply lasts less than a week."""
    week_ahead = CityDay(at + timedelta(days=URGENT_SUPPLY_DAYS))
    return RequestLine.objects.lacking_goods().filter(runs_out_on__lt=week_ahead)


class ShareRequestForm(forms.Form):
    """Form that chooses a city to share the need with."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"))

    def __init__(self, data: Any, need: SupplyRequest) -> None:
        super().__init__(data)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = City.objects.exclude(pk=need.city_id).order_by("name_en", "pk")


class ReconfirmForm(forms.Form):
    """Form for the date until which the need remains valid. The period of its priority gives the default."""

    until = DayField(label=_("Ask again on"))

    def __init__(self, data: Any, need: SupplyRequest) -> None:
        today = need.city.day_at(clock.now())
        super().__init__(data, initial={"until": today + reconfirmation_period(need)})


class ReconfirmSelectedForm(forms.Form):
    """Form for the date until which several needs remain valid."""

    until = DayField(
        label=_("Ask again on"),
        required=False,
        help_text=_(
            "Leave blank to be asked again after 3, 7 or 14 days, depending on the priority of each need."
        ),
    )


class FacilityKindsField(forms.MultipleChoiceField):
    """Field for the kinds of place that will use the goods."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Who will use the goods"),
            choices=EndUserType.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Select every type of place that will use the goods. If any of them treats patients, "
                "the goods count as medical."
            ),
            error_messages={
                "required": _("Choose who will use the goods. Customs declarations depend on this.")
            },
        )


def change_reason_field() -> forms.CharField:
    """Return the field for the reason of a change. The action refuses an empty one once others were asked.

    It also does if the change needs approval.
    """
    return forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        help_text=_(
            "Everyone who was asked is notified and can read the reason. Required once a partner has "
            "been asked, and for a change that needs approval."
        ),
    )


class ChangeRequestForm(EditForm):
    """Form for the facts of a need and the quantities of its lines."""

    title = forms.CharField(label=_("Title"), max_length=160, error_messages={"required": TITLE_MISSING})
    declared_use = forms.ChoiceField(
        label=_("Declared use"), choices=DeclaredUse.choices, widget=forms.RadioSelect
    )
    facility_kinds = FacilityKindsField()
    needed_by = DayField(label=_("Needed by"), required=False)
    deliver_to = forms.CharField(label=_("Deliver to"), max_length=300, required=False)
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )

    def __init__(self, data: Any, need: SupplyRequest) -> None:
        self.lines = list(need.lines.select_related("product").order_by("position"))
        super().__init__(data, initial={name: getattr(need, name) for name in self.base_fields})
        self.fields["reason"] = change_reason_field()
        for line in self.lines:
            self.fields[f"quantity{line.pk}"] = QuantityField(
                label=_("%(product)s: quantity in %(unit)s")
                % {"product": line.product.name, "unit": line.product.get_unit_display()},
                min_value=1,
                initial=line.quantity,
            )

    def clean(self) -> dict[str, Any]:
        """Return the facts of the need by name, and `quantities`, a list in the order of the lines."""
        facts = super().clean() or {}
        quantities = [facts.pop(f"quantity{line.pk}", None) for line in self.lines]
        return facts | {"quantities": quantities}


class QuantityInputForm(EditForm):
    """Form for a quantity, in the unit in which people count the goods."""

    quantity = QuantityField(
        label=_("Quantity"),
        min_value=1,
        help_text=_("For example, 10,000, or 200 boxes of 50."),
        error_messages={"required": _("Enter the quantity, such as 10,000 or 200 boxes of 50.")},
    )

    def use_unit_of(self, product: Product) -> Self:
        """Ask for the quantity in the unit of these goods, and return the form."""
        add_unit_to_help_text(
            self, "quantity", _("In %(unit)s, such as 10,000 or 200 boxes of 50."), [product]
        )
        return self


class QuantityAndUrgencyForm(QuantityInputForm):
    """Form for a quantity, how urgent it is, and the highest price.

    The city's own supply is given in days, or as a stock with the use per day.
    """

    days_left = forms.IntegerField(
        label=_("Days of supply left"),
        min_value=0,
        max_value=MAX_SUPPLY_DAYS,
        required=False,
        help_text=_("Counted from today. If you know only the stock, enter it with the use per day."),
    )
    stock = QuantityField(label=_("Stock today"), required=False)
    use_per_day = QuantityField(label=_("Use per day"), min_value=1, required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=PRIORITY_CHOICES,
        coerce=int,
        widget=forms.RadioSelect,
        initial=RequestLine.Priority.NORMAL,
    )
    max_unit_price = MoneyField(label=_("Maximum price per unit, in your currency"), required=False)

    def use_unit_of(self, product: Product) -> Self:
        """Ask for the quantities in the unit of these goods, and return the form."""
        for name in ("stock", "use_per_day"):
            add_unit_to_help_text(self, name, _("In %(unit)s."), [product])
        return super().use_unit_of(product)

    def clean(self) -> dict[str, Any]:
        """Return the facts; the day on which the supply runs out stays if neither days nor stock were changed."""
        facts = super().clean() or {}
        shown = self.initial.get("days_left")
        facts["runs_out_on"] = None
        if facts.get("days_left") == shown:
            facts["days_left"] = None
            facts["runs_out_on"] = self.initial.get("runs_out_on")
        return facts


class AddLineForm(QuantityInputForm):
    """Form for another product of a need. The next page asks for its accepted standards."""

    product = forms.ModelChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("Product"),
        error_messages={"required": PRODUCT_MISSING},
    )
    field_order = ("product", "quantity")


class StandardsForm(AlternativesForm):
    """Form of step 3: accepted standards in a table by market, and alternatives. No standard selected means any.

    The button `usual` ticks the standards that are usual in the market of the city.
    """

    standards = forms.ModelMultipleChoiceField(
        Standard.objects.none(),
        label=_("Accepted standards"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        template_name="requests/standards.html",
    )

    def __init__(
        self, data: Any = None, *, product: Product, need: SupplyRequest, on: date, **kwargs: Any
    ) -> None:
        """`on` is the day by which the goods are needed, or today: the table says what is in force then."""
        self.product, self.need, self.on = product, need, on
        self.market = market_of_country(need.city.country)
        if data is not None and "usual" in data:
            data = data.copy()
            data.setlist("standards", [str(one.pk) for one in usual_standards(product, self.market, on)])
        super().__init__(data, **kwargs)
        field = self.fields["standards"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = product.standards.order_by("market", "code").distinct()
        field.help_text = STANDARD_HINTS.get(Product.Family(product.family), DEFAULT_STANDARDS_HINT)
        self.add_alternatives(product, on, after="standards")

    @property
    def usual_market_name(self) -> str:
        """The name of the market whose usual standards one button accepts, or "" if none are known."""
        known = self.market and usual_standards(self.product, self.market, self.on)
        return str(Market(self.market).label) if known else ""

    @cached_property
    def standards_by_market(
        self,
    ) -> list[tuple[str, list[tuple[forms.boundfield.BoundWidget, StandardChoice]]]]:
        """The standards by market, each with its tick box."""
        boxes = {str(box.data["value"]): box for box in self["standards"]}
        ticked = {str(getattr(one, "pk", one)) for one in self["standards"].value() or ()}
        field = self.fields["standards"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        accepted = [one for one in field.queryset or () if str(one.pk) in ticked]
        groups = standard_groups(
            self.product, accepted, market=self.market, use=self.need.declared_use, on=self.on
        )
        return [
            (group.market, [(boxes[str(one.standard.pk)], one) for one in group.choices]) for group in groups
        ]


class LineForm(QuantityAndUrgencyForm, StandardsForm):
    """Form for a need line: quantity, standards, and its own date if it differs from the need's."""

    field_order = (
        "quantity",
        "standards",
        "needed_by",
        "days_left",
        "stock",
        "use_per_day",
        "priority",
        "max_unit_price",
    )
    needed_by = DayField(
        label=_("Needed by"), required=False, help_text=_("Only if it differs from the date of the need.")
    )


class NeedProductForm(EditForm):
    """Form of step 1: product, declared use, and a title that people will recognize."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"))
    product = forms.ModelChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("Product"),
        error_messages={"required": PRODUCT_MISSING},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("For example, “N95 respirators for Burnaby Hospital”."),
        error_messages={"required": TITLE_MISSING},
    )
    declared_use = forms.ChoiceField(
        label=_("Declared use"),
        choices=DeclaredUse.choices,
        widget=forms.RadioSelect,
        initial=DeclaredUse.MEDICAL,
    )
    facility_kinds = FacilityKindsField()

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = cities
        if len(cities) == 1:
            field.initial = cities[0]
            field.widget = forms.HiddenInput()


class NeedQuantityForm(QuantityAndUrgencyForm):
    """Form of step 2: quantity, date, place and urgency.

    `places` are the city's own places. If there are any, the recipient is chosen among them, or typed.
    """

    needed_by = DayField(
        label=_("Needed by"),
        error_messages={"required": _("Enter the date by which you need the goods, such as 2020-04-30.")},
    )
    place = forms.ChoiceField(label=_("Deliver to"), widget=forms.RadioSelect)
    deliver_to = forms.CharField(
        label=_("Deliver to"),
        max_length=300,
        help_text=_("Name and address of the warehouse."),
        error_messages={"required": ADDRESS_MISSING},
    )
    deliver_locode = forms.CharField(
        label=_("UN/LOCODE"), max_length=5, required=False, help_text=_("For example, CAVAN for Vancouver.")
    )
    field_order = (
        "quantity",
        "needed_by",
        "place",
        "deliver_to",
        "deliver_locode",
        "priority",
        "days_left",
        "stock",
        "use_per_day",
        "max_unit_price",
    )

    def __init__(self, data: Any = None, *, places: Sequence[str] = (), initial: dict[str, Any]) -> None:
        known = initial.get("deliver_to") or ""
        place = known if known in places else OTHER_PLACE_CHOICE if known else ""
        super().__init__(data, initial={**initial, "place": place})
        if not places:
            del self.fields["place"]
            return
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [*((one, one) for one in places), (OTHER_PLACE_CHOICE, _("Another place"))]
        field.error_messages["required"] = _("Choose where to deliver the goods.")
        self.fields["deliver_to"].required = False
        self.fields["deliver_to"].label = _("Name and address of another place")
        self.fields["deliver_to"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Return the facts, with the chosen place as the delivery address."""
        facts = super().clean() or {}
        place = facts.pop("place", "")
        if place and place != OTHER_PLACE_CHOICE:
            facts["deliver_to"] = place
        elif place and "deliver_to" in facts and not facts["deliver_to"]:
            self.add_error("deliver_to", ADDRESS_MISSING)
        return facts


class NeedVisibilityForm(EditForm):
    """Form of step 4: purchase or donation, and who may see the need."""

    accepts = forms.MultipleChoiceField(
        label=_("How can you receive the goods?"),
        choices=AcquisitionType.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["purchase", "donation"],
        error_messages={"required": _("Choose whether you buy, accept donations, or both.")},
    )
    visibility = forms.ChoiceField(
        label=_("Who can see the need"),
        choices=SupplyRequest.Visibility.choices,
        widget=forms.RadioSelect,
        initial="partner_cities",
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )
