"""Facts about a company by source: record one, settle a disagreement, retract one.

They are shown on the company's page.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.suppliers.actions.facts import record_fact
from procurement.suppliers.forms.facts import SupplierFactForm
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.rules.facts import RETRACT, SELECT_FACT_VALUE
from procurement.suppliers.views.changes import propose_move
from procurement.suppliers.views.suppliers import find_supplier
from workflow import clock
from workflow.days import reader_day
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action


@login_required
def add_fact(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Record what a source states about a company. `?fact=` preselects the fact.

    Requires the power REVIEW_LEAD.
    """
    thing = find_supplier(request, reference)
    require_permission(request, Power.REVIEW_LEAD, thing)
    known = {"name": request.GET.get("fact", ""), "stated_on": reader_day(clock.now())}
    form = SupplierFactForm(request.POST or None, request.by, known)
    context = {"thing": thing, "form": form, "title": _("Add a source")}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    name, value = facts.pop("name"), facts.pop("value")
    return run_action(
        request,
        lambda: record_fact(
            thing, name, value, entered_by=request.user, by=request.by, at=clock.now(), **facts
        ),
        done=thing.get_absolute_url(),
        template="http/record_form.html",
        context=context,
    )


@login_required
def supplier_fact_redirect(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the company of a recorded fact."""
    return redirect(
        get_object_or_404(SupplierFact.objects.visible_to(request.by), pk=pk).supplier.current_row
    )


@login_required
def fact_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Choose the value of one source, or retract a recorded fact."""
    rows = SupplierFact.objects.visible_to(request.by).select_related("supplier")
    return run_move(request, get_object_or_404(rows, pk=pk), verb, FACT_MOVE_OPTIONS)


def _supplier_url(thing: SupplierFact) -> str:
    return thing.supplier.current_row.get_absolute_url()


FACT_MOVE_OPTIONS = move_options(
    MoveOption(
        SELECT_FACT_VALUE,
        hint=_(
            "The company’s page shows this value from now on. Everything based on it is assessed and "
            "checked again."
        ),
        propose=propose_move,
    ),
    MoveOption(RETRACT, hint=_("This entry no longer counts but stays visible."), propose=propose_move),
    after=_supplier_url,
)
