"""Pages that add a city, from GeoNames or by hand, and that edit its facts."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.cities import actions
from partners.cities.actions import CityEdit, correct_city
from partners.cities.forms import EditCityForm, NewCityForm, PlaceSearchForm
from partners.cities.models import City
from partners.cities.queries import facts_of_place, look_up_places, unused_slug
from partners.cities.views.cities import get_city_or_404
from partners.powers import CityScope, Power, may_edit_register_of
from workflow import clock
from workflow.http.edit_forms import locked_for_edit
from workflow.http.pages import render_page, run_action

MAX_PLACES_SHOWN = 20  # places of GeoNames on the page, the most populous first
MANUAL_ENTRY = "hand"


@login_required
def add_city(request: AuthenticatedRequest) -> HttpResponse:
    """Look up a place in GeoNames (`?q=`), take one over (`?geonames=`) or enter it by hand (`?by=hand`)."""
    require_permission(request, Power.EDIT_REGISTER, CityScope(None))
    if request.method == "POST":
        return _add(request, NewCityForm(request.POST))
    if request.GET.get("by") == MANUAL_ENTRY:
        names = {"name_en": request.GET.get("q", ""), "country": request.GET.get("country", "")}
        return _show_form(request, NewCityForm(initial=names))
    search = PlaceSearchForm(request.GET if "q" in request.GET else None)
    found = look_up_places(**_asked(search)) if search.is_valid() else []
    if chosen := request.GET.get("geonames"):
        place = next((one.place for one in found if str(one.place.geonames_id) == chosen), None)
        if place is None:
            raise Http404
        return _show_form(request, NewCityForm(initial=facts_of_place(place, search.cleaned_data["q"])))
    context = {"form": search, "found": found[:MAX_PLACES_SHOWN], "asked": search.is_valid()}
    return render_page(request, "cities/look_up.html", context)


def _asked(search: PlaceSearchForm) -> dict[str, str]:
    return {"name": search.cleaned_data["q"], "country": search.cleaned_data["country"]}


def _show_form(request: AuthenticatedRequest, form: NewCityForm, status: int = 200) -> HttpResponse:
    return render_page(request, "cities/facts.html", _new_city_context(form), status=status)


def _new_city_context(form: NewCityForm) -> dict[str, Any]:
    return {"form": form, "back": reverse("add_city")}


def _add(request: AuthenticatedRequest, form: NewCityForm) -> HttpResponse:
    if not form.is_valid():
        return _show_form(request, form, 422)
    facts = form.cleaned_data
    return run_action(
        request,
        lambda: actions.add_city(
            slug=unused_slug(facts["name_en"], facts["country"]), by=request.by, at=clock.now(), **facts
        ),
        done=City.get_absolute_url,
        template="cities/facts.html",
        context=_new_city_context(form),
    )


@login_required
def edit_city(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Edit the facts of a city. Others propose a correction instead."""
    city = get_city_or_404(request, slug)
    if not may_edit_register_of(request.by, city.pk):
        raise PermissionDenied
    with locked_for_edit(request, city):
        return _edit(request, city)


def _edit(request: AuthenticatedRequest, city: City) -> HttpResponse:
    form = EditCityForm(request.POST or None, city)
    context = {"form": form, "city": city, "back": city.get_absolute_url()}
    if not form.is_valid():
        return render_page(request, "cities/facts.html", context, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    reason = facts.pop("reason")
    return run_action(
        request,
        lambda: correct_city(city, CityEdit(**facts), by=request.by, at=clock.now(), reason=reason),
        done=city.get_absolute_url(),
        template="cities/facts.html",
        context=context,
    )
