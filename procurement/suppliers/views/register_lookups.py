"""Register lookups: record what a register or a manufacturer answered about a company, show it, retract it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.catalogue.models.products import Product
from procurement.suppliers.actions.register_lookups import record_lookup
from procurement.suppliers.forms.register_lookups import RegisterLookupForm
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.rules import register_lookups
from procurement.suppliers.rules.register_lookups import RETRACT
from procurement.suppliers.views.changes import propose_move
from procurement.suppliers.views.suppliers import find_supplier
from workflow import clock
from workflow.days import reader_day
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action


@login_required
def add_lookup(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Record the answer of a register or a manufacturer. Requires the power REVIEW_LEAD.

    `?goods=` and `?model=`, set by links from an offer, prefill the form.
    """
    thing = find_supplier(request, reference)
    require_permission(request, Power.REVIEW_LEAD, thing)
    goods = Product.objects.filter(code=request.GET.get("goods", "")).first()
    known = {"product": goods, "model": request.GET.get("model", ""), "answered_on": reader_day(clock.now())}
    form = RegisterLookupForm(request.POST or None, initial=known)
    context = {"thing": thing, "form": form, "title": _("Record a lookup")}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: record_lookup(
            thing, entered_by=request.user, by=request.by, at=clock.now(), **form.action_arguments()
        ),
        done=lambda created: created.get_absolute_url(),
        template="http/record_form.html",
        context=context,
    )


@login_required
def register_lookup_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one register lookup with its files, comments and older answers of the same source."""
    thing = _find_lookup(request, reference)
    context = {
        "look_up": thing,
        "official": thing.kind in register_lookups.OFFICIAL_REGISTERS,
        "powers": request.by,
        "older": RegisterLookup.objects.visible_to(request.by)
        .about_supplier(thing.supplier)
        .filter(kind=thing.kind, source_key=thing.source_key)
        .exclude(pk=thing.pk)[:20],
    }
    return render_page(request, "suppliers/register_lookup.html", context | activity_context(request, thing))


def _find_lookup(request: AuthenticatedRequest, reference: str) -> RegisterLookup:
    rows = RegisterLookup.objects.visible_to(request.by).select_related("supplier", "product", "entered_by")
    return get_object_or_404(rows, reference=reference)


@login_required
def lookup_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a register lookup, or make the move. The only move is to retract it."""
    return run_move(request, _find_lookup(request, reference), verb, LOOKUP_MOVE_OPTIONS)


LOOKUP_MOVE_OPTIONS = move_options(
    MoveOption(RETRACT, hint=_("This entry no longer counts but stays visible."), propose=propose_move)
)
