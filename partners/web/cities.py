"""The register on pages: the list of its places. A place's own page stands in partners/web/city."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.labels import country_label
from partners.models.cities import City, CityQuerySet
from partners.models.ties import Exchange
from partners.register.standing import Standing
from partners.roles import Power
from partners.rules.powers import Powers
from partners.visit import Visit
from workflow.doors.http import show
from workflow.doors.lists import page

SHOWN = 100  # exchanges on a page, the newest first; the file has them all
MARKS = {  # the name of each standing in the table of statuses
    Standing.IN_FORCE: "in_force",
    Standing.EXPIRED: "tie_expired",
    Standing.TERMINATED: "tie_terminated",
    Standing.SUSPENDED: "tie_suspended",
    Standing.UNKNOWN: "tie_unknown",
}


class Filters(forms.Form):
    """What a reader may narrow the list by; a filter is an address."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    tied = forms.ChoiceField(
        label=_("Ties"), required=False, choices=[("", _("Any")), ("mine", _("Twinned with my city"))]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [("", _("Any")), *countries()]


def countries() -> list[tuple[str, str]]:
    """The countries and regions of the register, by their names in the reader's language."""
    codes = City.objects.order_by("country").values_list("country", flat=True).distinct()
    return sorted(((code, country_label(code)) for code in codes), key=lambda pair: pair[1])


@login_required
def cities(request: Visit) -> HttpResponse:
    """Every place of the register, by name."""
    rows, form = City.objects.visible_to(request.by), Filters(request.GET)
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data, request.by)
    context = {
        "page": page(request, rows, {"name": "name_en"}, order="name"),
        "own": City.objects.filter(pk__in=request.by.speaks_for).order_by("name_en", "pk"),
        "filters": form,
        "may_add": request.by.may(Power.EDIT_REGISTER, City()),
    }
    return show(request, "partners/cities.html#cities", context)


def _narrowed(rows: CityQuerySet, asked: dict[str, str], by: Powers) -> CityQuerySet:
    rows = rows.search(asked["q"])
    if asked["country"]:
        rows = rows.filter(country=asked["country"])
    return rows.filter(pk__in=by.twins) if asked["tied"] else rows


def find(request: Visit, slug: str) -> City:
    """The place, as far as the reader may see it."""
    return get_object_or_404(City.objects.visible_to(request.by), slug=slug)


def between(a: City, b: City) -> QuerySet[Exchange]:
    """What passed between two places, the newest first."""
    rows = Exchange.objects.filter(Q(from_city=a, to_city=b) | Q(from_city=b, to_city=a))
    return rows.select_related("from_city", "to_city").order_by("-on", "-pk")


urlpatterns = [path("cities/", cities, name="cities")]
