"""Exchange rates that the city's people enter: the list, one of them, entering and withdrawing."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from partners.web.fields import CurrencyField
from procurement.exchange.sheets import RATES
from procurement.leads.actions.rates import enter_manual_rate, withdraw_manual_rate
from procurement.leads.models.rate import EnteredRate
from procurement.leads.money import last_day
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.forms import DayField, MoneyField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form


class RateForm(forms.Form):
    """What one unit of a currency was worth in another, on a day."""

    currency = CurrencyField(label=_("One unit of"), help_text=_("Three letters, such as AED."))
    rate = MoneyField(label=_("was worth"), max_digits=18, decimal_places=8)
    into = CurrencyField(label=_("in the currency"), help_text=_("Three letters, such as CAD."))
    on = DayField(label=_("on the day"))
    source = forms.CharField(
        label=_("Where it was read"), max_length=200, help_text=_("A central bank, a newspaper, an address.")
    )


@login_required
def rates(request: Visit) -> HttpResponseBase:
    """The rates of the reader's city, newest first."""
    rows = EnteredRate.objects.visible_to(request.by).select_related("city", "author")
    if wanted(request):
        return sheet(request, "rates", RATES, rows)
    may_enter = bool(request.by.cities.get(Power.ORDER))
    return show(
        request,
        "leads/rates.html",
        {"page": page(request, rows), "may_enter": may_enter, "last_day": last_day()},
    )


@login_required
def rate(request: Visit, reference: str) -> HttpResponse:
    """One rate: what was entered, by whom, from where."""
    thing = _rate(request, reference)
    return show(request, "leads/rate.html", {"rate": thing, "powers": request.by} | record.of(request, thing))


@login_required
def enter_rate(request: Visit) -> HttpResponse:
    """Enter a rate."""
    city = City.objects.filter(pk__in=request.by.cities.get(Power.ORDER, frozenset())).order_by("pk").first()
    if city is None:
        raise PermissionDenied
    form = RateForm(request.POST or None, initial={"into": city.currency})
    if not form.is_valid():
        return show(request, "leads/enter_rate.html", {"form": form}, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: enter_manual_rate(
            city, **form.cleaned_data, author=request.user, by=request.by, at=clock.now()
        ),
        done=lambda new: new.get_absolute_url(),
        template="leads/enter_rate.html",
        context={"form": form},
    )


@login_required
def rate_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """Withdraw a rate."""
    return make(request, _rate(request, reference), verb, RATE_STEPS)


def _rate(request: Visit, reference: str) -> EnteredRate:
    return get_object_or_404(
        EnteredRate.objects.visible_to(request.by).select_related("city", "author"), reference=reference
    )


RATE_STEPS = {
    "withdraw": Step(
        lambda request, thing, reason: withdraw_manual_rate(
            thing, reason=reason, by=request.by, at=clock.now()
        ),
        form=reason_form,
        hint=_("Prices already converted keep it."),
    )
}

urlpatterns = [
    path("rates/", rates, name="rates"),
    path("rates/new/", enter_rate, name="enter_rate"),
    path("rates/<slug:reference>/", rate, name="rate"),
    path("rates/<slug:reference>/<slug:verb>/", rate_move, name="rate_move"),
]
