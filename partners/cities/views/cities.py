"""Page with the list of cities, and helpers for pages below a city: find the city, add an entry to it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.cities.models import City, CityQuerySet
from partners.permissions.permissions import Permissions
from partners.place_labels import country_label
from partners.powers import Power
from workflow import clock
from workflow.http.keyset import Orders
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.query_expressions import order_by_number


class CityFilterForm(forms.Form):
    """Filters of the list, given in the address of the page."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    tied = forms.ChoiceField(
        label=_("Agreements"),
        required=False,
        choices=[("", _("Any")), ("mine", _("My city’s partner cities"))],
    )
    all = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [("", _("Any")), *country_choices()]


CITY_SORT_ORDERS: Orders = {
    "name": "name_en",
    "population": order_by_number("population"),
    "country": "country",
}


def country_choices() -> list[tuple[str, str]]:
    """Return the countries and regions of the register, sorted by name in the language of the reader."""
    codes = City.objects.order_by("country").values_list("country", flat=True).distinct()
    return sorted(((code, country_label(code)) for code in codes), key=lambda pair: pair[1])


@login_required
def city_list(request: AuthenticatedRequest) -> HttpResponse:
    """Show the reader's partner cities, sorted by name; with `?all=1` or a filter, the cities of the register."""
    rows, form = City.objects.visible_to(request.by), CityFilterForm(request.GET)
    is_filtered = any(request.GET.get(name) for name in ("all", "q", "country", "tied"))
    tied_only = bool(request.by.partner_cities) and not is_filtered
    if tied_only:
        rows = rows.filter(pk__in=request.by.partner_cities)
    elif form.is_valid():
        rows = _filter_cities(rows, form.cleaned_data, request.by)
    cities_url = reverse("cities")
    context = {
        "chips": [
            (_("Your partner cities"), cities_url, tied_only),
            (_("All cities"), f"{cities_url}?all=1", not tied_only),
            (_("Contacts"), reverse("contacts"), False),
        ]
        if request.by.partner_cities
        else [],
        "page": paginate(request, rows, CITY_SORT_ORDERS, order="name"),
        "own": City.objects.filter(pk__in=request.by.cities_of_person).order_by("name_en", "pk"),
        "filters": form,
        "may_add": request.by.may(Power.EDIT_REGISTER, City()),
    }
    return render_page(request, "cities/list.html#cities", context)


def _filter_cities(rows: CityQuerySet, filters: dict[str, str], by: Permissions) -> CityQuerySet:
    rows = rows.search(filters["q"])
    if filters["country"]:
        rows = rows.filter(country=filters["country"])
    return rows.filter(pk__in=by.partner_cities) if filters["tied"] else rows


def get_city_or_404(request: AuthenticatedRequest, slug: str) -> City:
    """Return the city if the reader may see it, otherwise raise 404."""
    return get_object_or_404(City.objects.visible_to(request.by), slug=slug)


def add_city_entry(
    request: AuthenticatedRequest, slug: str, kind: type[forms.Form], title: Any, add: Any
) -> HttpResponse:
    """Show the form that adds an entry of a city, or add it with `add(city, who, **facts)`.

    `who` holds the actor and the time, as keyword arguments of an action.
    """
    city, form = get_city_or_404(request, slug), kind(request.POST or None)
    require_permission(request, Power.EDIT_REGISTER)  # for any city; the action checks both sides
    context = {"city": city, "form": form, "title": title}
    if not form.is_valid():
        return render_page(request, "cities/add.html", context, status=422 if form.is_bound else 200)
    who = {"by": request.by, "at": clock.now()}
    return run_action(
        request,
        lambda: add(city, who, **form.cleaned_data),
        done=city.get_absolute_url(),
        template="cities/add.html",
        context=context,
    )
