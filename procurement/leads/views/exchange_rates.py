"""Exchange rates entered by a city's people: list, detail, entry and withdrawal."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.powers import Power
from procurement.exports.list_columns import EXCHANGE_RATE_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.leads.actions.exchange_rates import enter_manual_rate
from procurement.leads.currency_conversion import last_rate_day
from procurement.leads.forms.exchange_rates import RateForm
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.rules.exchange_rates import WITHDRAW
from workflow import clock
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate


@login_required
def exchange_rate_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """List the exchange rates of the reader's city, newest first, as a page, CSV or XLSX."""
    rows = ManualRate.objects.visible_to(request.by).select_related("city", "author")
    if is_file_requested(request):
        return file_response(request, "rates", EXCHANGE_RATE_COLUMNS, rows, request.GET["as"])
    may_enter = bool(request.by.city_ids_by_power.get(Power.ORDER))
    return render_page(
        request,
        "leads/exchange_rate_list.html",
        {"page": paginate(request, rows), "may_enter": may_enter, "last_day": last_rate_day()},
    )


@login_required
def exchange_rate_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one exchange rate: the value, its author and its source."""
    thing = _rate(request, reference)
    return render_page(
        request,
        "leads/exchange_rate_detail.html",
        {"rate": thing, "powers": request.by} | activity_context(request, thing),
    )


@login_required
def new_rate(request: AuthenticatedRequest) -> HttpResponse:
    """Enter an exchange rate. Requires the power ORDER."""
    city = (
        City.objects.filter(pk__in=request.by.city_ids_by_power.get(Power.ORDER, frozenset()))
        .order_by("pk")
        .first()
    )
    if city is None:
        raise PermissionDenied
    form = RateForm(request.POST or None, initial={"into": city.currency})
    if not form.is_valid():
        return render_page(
            request, "leads/exchange_rate_form.html", {"form": form}, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: enter_manual_rate(
            city, **form.cleaned_data, author=request.user, by=request.by, at=clock.now()
        ),
        done=lambda new: new.get_absolute_url(),
        template="leads/exchange_rate_form.html",
        context={"form": form},
    )


@login_required
def rate_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Withdraw an exchange rate."""
    return run_move(request, _rate(request, reference), verb, RATE_MOVE_OPTIONS)


def _rate(request: AuthenticatedRequest, reference: str) -> ManualRate:
    return get_object_or_404(
        ManualRate.objects.visible_to(request.by).select_related("city", "author"), reference=reference
    )


RATE_MOVE_OPTIONS = move_options(MoveOption(WITHDRAW, hint=_("Prices already converted keep this rate.")))
