"""The four steps of posting a need: what each asks, what of it is known already, and what leaving it saves."""

from dataclasses import replace
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit
from procurement.catalogue.models.facts import Dealing, Use
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.web.needs.change_a_need import ReceiversField, as_it_is
from procurement.web.units import ask_in
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS, MOST_DAYS_LEFT
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, MoneyField, QuantityField

STEPS = (_("What"), _("How many and by when"), _("Standards"), _("Who may see it"))
LAST = len(STEPS)
LINE_FACTS = frozenset(
    {"product", "quantity", "standards", "days_left", "max_unit_price", "alternatives_allowed"}
)
NEED_FACTS = frozenset(
    {"title", "declared_use", "facility_kinds", "needed_by", "deliver_to", "deliver_locode"}
    | {"accepts", "visibility", "notes"}
)


class What(Edit):
    """Step 1: the product, the use, and a title people will recognise."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("For which city"))
    product = forms.ModelChoiceField(Product.objects.order_by("family", "code"), label=_("Product"))
    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("Such as “N95 respirators for Burnaby Hospital”.")
    )
    declared_use = forms.ChoiceField(
        label=_("Declared use"), choices=Use.choices, widget=forms.RadioSelect, initial=Use.MEDICAL
    )
    facility_kinds = ReceiversField()

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = cities
        if len(cities) == 1:
            field.initial = cities[0]
            field.widget = forms.HiddenInput()


class Pieces(Edit):
    """How many, as people count them."""

    quantity = QuantityField(
        label=_("Quantity"), min_value=1, help_text=_("Such as 10,000, or 200 boxes of 50.")
    )

    def count(self, product: Product) -> Self:
        """Ask in the unit of these goods."""
        ask_in(self, "quantity", _("In %(unit)s, such as 10,000, or 200 boxes of 50."), [product])
        return self


class HowMany(Pieces):
    """Step 2: quantity, day and place."""

    needed_by = DayField(label=_("Needed by"))
    deliver_to = forms.CharField(
        label=_("Deliver to"), max_length=300, help_text=_("Name and address of the warehouse.")
    )
    deliver_locode = forms.CharField(
        label=_("UN/LOCODE"), max_length=5, required=False, help_text=_("Such as CAVAN for Vancouver.")
    )
    days_left = forms.IntegerField(
        label=_("Days of supply left"), min_value=0, max_value=MOST_DAYS_LEFT, required=False
    )
    max_unit_price = MoneyField(label=_("Most a piece may cost, in your currency"), required=False)


class Standards(Edit):
    """Step 3: which standards are accepted. Neighbours are shown side by side; none means any."""

    standards = forms.ModelMultipleChoiceField(
        Standard.objects.none(),
        label=_("Accepted standards"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "FFP2, KN95, KF94 and N95 are neighbours, not equals: only what you tick counts toward the need."
        ),
    )
    alternatives_allowed = forms.BooleanField(label=_("Other products are welcome too"), required=False)

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standards"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = product.standards.order_by("market", "code").distinct()


class Whom(Edit):
    """Step 4: how goods may come and who sees the need."""

    accepts = forms.MultipleChoiceField(
        label=_("How may goods come"),
        choices=Dealing.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["purchase", "donation"],
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=SupplyRequest.Visibility.choices,
        widget=forms.RadioSelect,
        initial="twins",
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )


def cities_of(request: Visit) -> Any:
    """The cities somebody may post a need for."""
    mine = request.by.cities.get(Power.POST_REQUEST, frozenset())
    return City.objects.filter(pk__in=mine).order_by("name_en", "pk")


def form_of(request: Visit, need: SupplyRequest, line: RequestLine | None, step: int) -> Edit:
    """What a step asks, with what is known of the need already."""
    form = _form_of(request, need, line, step)
    form.thing = need
    return form


def _form_of(request: Visit, need: SupplyRequest, line: RequestLine | None, step: int) -> Edit:
    data = request.POST or None
    if step == 1 or line is None:
        known: dict[str, Any] = {
            "city": need.city_id,
            "product": line and line.product_id,
            "title": need.title,
            "declared_use": need.declared_use,
            "facility_kinds": need.facility_kinds,
        }
        return What(data, cities=cities_of(request), initial=known)
    if step == 2:
        known = {name: getattr(need, name) for name in ("needed_by", "deliver_to", "deliver_locode")}
        known |= {"days_left": line.days_left, "max_unit_price": line.max_unit_price}
        known["quantity"] = line.quantity if need.needed_by else None
        return HowMany(data, initial=known).count(line.product)
    if step == LAST:
        return Whom(
            data, initial={"accepts": need.accepts, "visibility": need.visibility, "notes": need.notes}
        )
    ticked = {"standards": list(line.standards.all()), "alternatives_allowed": line.alternatives_allowed}
    return Standards(data, product=line.product, initial=ticked)


def save_step(request: Visit, need: SupplyRequest, facts: dict[str, Any]) -> None:
    """Save one step: what belongs to the need on the need, what belongs to its line on the line; further lines stay as they are."""
    at = clock.now()
    own = {name: value for name, value in facts.items() if name in NEED_FACTS}
    if own:
        needs.edit(need, by=request.by, at=at, **own)
    changed = {name: value for name, value in facts.items() if name in LINE_FACTS}
    if not changed:
        return
    lines = [as_it_is(line) for line in need.lines.order_by("position")]
    first = lines[0] if lines else LineFacts(product=changed["product"], quantity=1)
    if changed.get("product", first.product) != first.product:
        changed["standards"] = ()  # what was ticked is of the former product
    set_lines(need, [replace(first, **changed), *lines[1:]], by=request.by, at=at)
