"""Pages of unwanted goods: the list, one entry, adding and removing, and the public list."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.throttling import LINK_PAGE_LIMIT, throttle
from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.powers import CityScope, Power
from procurement.requests.unwanted_goods.actions import add_unwanted_goods
from procurement.requests.unwanted_goods.forms import UnwantedGoodsForm
from procurement.requests.unwanted_goods.models import UnwantedGoods
from procurement.requests.unwanted_goods.queries import all_unwanted_goods
from procurement.requests.unwanted_goods.rules import WITHDRAW
from workflow import clock
from workflow.days import reader_day
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate, paginate_sequence

UNWANTED_GOODS_FORM_TEMPLATE = "unwanted_goods/form.html"


@login_required
def unwanted_goods(request: AuthenticatedRequest) -> HttpResponse:
    """List what cities do not want, newest first."""
    rows = UnwantedGoods.objects.visible_to(request.by).select_related("city", "product", "standard")
    context = {
        "page": paginate(request, rows),
        "today": reader_day(clock.now()),
        "may_add": bool(request.by.cities_with(Power.POST_REQUEST)) or _may_add_for_all(request),
    }
    return render_page(request, "unwanted_goods/list.html", context)


@login_required
def unwanted_goods_entry(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one entry: the goods and the reason."""
    thing = _find_entry(request, reference)
    context = {"entry": thing, "powers": request.by, "today": reader_day(clock.now())}
    return render_page(request, "unwanted_goods/detail.html", context | activity_context(request, thing))


@login_required
def add_entry(request: AuthenticatedRequest) -> HttpResponse:
    """Add goods that a city of the reader, or no city, wants.

    Requires the power POST_REQUEST, or EDIT_CUSTOMS_RULES for all cities.
    """
    cities, for_all = request.by.cities_with(Power.POST_REQUEST), _may_add_for_all(request)
    if not cities and not for_all:
        raise PermissionDenied
    form = UnwantedGoodsForm(request.POST or None, cities, all_cities=for_all)
    if not form.is_valid():
        return render_page(
            request, UNWANTED_GOODS_FORM_TEMPLATE, {"form": form}, status=422 if form.is_bound else 200
        )
    facts = dict(form.cleaned_data)
    city = facts.pop("city") if "city" in form.fields else City.objects.filter(pk__in=cities).first()
    return run_action(
        request,
        lambda: add_unwanted_goods(city, **facts, by=request.by, at=clock.now()),
        done=lambda new: new.get_absolute_url(),
        template=UNWANTED_GOODS_FORM_TEMPLATE,
        context={"form": form},
    )


@login_required
def unwanted_goods_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Remove an entry from the list."""
    return run_move(request, _find_entry(request, reference), verb, UNWANTED_GOODS_MOVE_OPTIONS)


@require_safe
@throttle(LINK_PAGE_LIMIT)
def public_unwanted_goods(request: AuthenticatedRequest) -> HttpResponse:
    """Show to anyone what cities ask people not to send today. The page needs no account and is rate-limited."""
    page = paginate_sequence(request, all_unwanted_goods(clock.now()))
    return render_page(request, "unwanted_goods/public.html", {"page": page})


def _may_add_for_all(request: AuthenticatedRequest) -> bool:
    """Return True if the reader maintains the list for all cities."""
    return request.by.may(Power.EDIT_CUSTOMS_RULES, CityScope(None))


def _find_entry(request: AuthenticatedRequest, reference: str) -> UnwantedGoods:
    rows = UnwantedGoods.objects.visible_to(request.by).select_related("city", "product", "standard")
    return get_object_or_404(rows, reference=reference)


UNWANTED_GOODS_MOVE_OPTIONS = move_options(WITHDRAW)
