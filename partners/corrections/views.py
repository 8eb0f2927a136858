"""Pages of corrections: every signed-in user proposes, and editors of the register decide."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.activity.context import activity_context
from partners.agreements.models import TwinningAgreement
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.corrections.actions import propose_correction
from partners.corrections.correctable_facts import correctable_facts, fact_label, register_file_value
from partners.corrections.forms import CorrectionFilterForm, CorrectionForm
from partners.corrections.models import ENTRY_RELATIONS, Correction, CorrectionQuerySet, Registered
from partners.corrections.rules import ACCEPT, DECLINE, REOPEN, WITHDRAW
from partners.csv_export import csv_response, is_csv_requested
from partners.exchanges.models import Exchange
from partners.permissions.permissions import Permissions
from partners.powers import Power
from workflow import clock
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate

CORRECTION_RELATIONS = ("author", "decided_by", "side_a", "side_b")


@login_required
def propose_city_correction(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Propose a correction of a city."""
    return _propose(request, get_object_or_404(City.objects.visible_to(request.by), slug=slug))


@login_required
def propose_agreement_correction(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Propose a correction of an agreement."""
    rows = TwinningAgreement.objects.visible_to(request.by).select_related("city_a", "city_b")
    return _propose(request, get_object_or_404(rows, pk=pk))


@login_required
def propose_exchange_correction(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Propose a correction of an exchange."""
    rows = Exchange.objects.visible_to(request.by).select_related("from_city", "to_city")
    return _propose(request, get_object_or_404(rows, pk=pk))


def _propose(request: AuthenticatedRequest, thing: Registered) -> HttpResponse:
    fact, names = request.POST.get("fact") or request.GET.get("fact", ""), correctable_facts(thing)
    context: dict[str, Any] = {"about": thing, "back": register_page_url(thing)}
    if fact not in names:
        rows = [(name, fact_label(type(thing), name), register_file_value(thing, name)) for name in names]
        waiting = Correction.objects.about_entry(thing).undecided().select_related("author").order_by("pk")
        context |= {"rows": rows, "waiting": waiting}
        return render_page(
            request, "corrections/choose_fact.html", context, status=422 if request.POST else 200
        )
    form = CorrectionForm(request.POST or None, thing, fact)
    context |= {
        "form": form,
        "fact": fact,
        "label": fact_label(type(thing), fact),
        "said": register_file_value(thing, fact),
    }
    if not form.is_valid():
        return render_page(request, "corrections/propose.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: propose_correction(
            thing, **form.cleaned_data, author=request.user, by=request.by, at=clock.now()
        ),
        done=lambda created: created.get_absolute_url(),
        template="corrections/propose.html",
        context=context,
    )


def register_page_url(thing: Registered) -> str:
    """Return the address of the page that shows a register entry."""
    return (thing.from_city if isinstance(thing, Exchange) else thing).get_absolute_url()


CORRECTION_CSV_COLUMNS = (
    (_("Reference"), lambda row: row.reference),
    (pgettext_lazy("what it is about", "Applies to"), lambda row: row.register_entry),
    (_("Fact"), lambda row: fact_label(row.entry_model, row.fact)),
    (_("Previous value"), lambda row: row.previous_value),
    (_("Correct value"), lambda row: row.value),
    (_("Source"), lambda row: row.source_url),
    (_("Status"), lambda row: row.get_status_display()),
)


@login_required
def correction_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """Show the corrections and the decisions on them, the newest first."""
    rows, form = Correction.objects.visible_to(request.by), CorrectionFilterForm(request.GET)
    if form.is_valid():
        rows = _filter_corrections(rows, form.cleaned_data, request.by)
    rows = rows.select_related("author", *ENTRY_RELATIONS)
    if is_csv_requested(request):
        return csv_response(request, "corrections", CORRECTION_CSV_COLUMNS, rows.order_by("-pk"))
    return render_page(request, "corrections/list.html", {"page": paginate(request, rows), "filters": form})


def _filter_corrections(
    rows: CorrectionQuerySet, filters: dict[str, str], by: Permissions
) -> CorrectionQuerySet:
    if filters["status"]:
        rows = rows.filter(status=filters["status"])
    if filters["whose"] == "mine":
        return rows.filter(author=by.user_id)
    if filters["whose"] == "keep" and not by.oversees_all_cities:
        editable_cities = by.cities_with(Power.EDIT_REGISTER)
        return rows.filter(Q(side_a__in=editable_cities) | Q(side_b__in=editable_cities))
    return rows


def get_correction_or_404(request: AuthenticatedRequest, reference: str) -> Correction:
    """Return the correction if the reader may see it, otherwise raise 404."""
    rows = Correction.objects.visible_to(request.by).select_related(*CORRECTION_RELATIONS, *ENTRY_RELATIONS)
    return get_object_or_404(rows, reference=reference)


@login_required
def correction_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show a correction: current, earlier and proposed value, its source, and the decision."""
    thing = get_correction_or_404(request, reference)
    context = {
        "correction": thing,
        "label": fact_label(thing.entry_model, thing.fact),
        "now": register_file_value(thing.register_entry, thing.fact),
        "others": Correction.objects.about_entry(thing.register_entry)
        .undecided()
        .filter(fact=thing.fact)
        .exclude(pk=thing.pk)
        .order_by("pk"),
        "back": register_page_url(thing.register_entry),
        "powers": request.by,
    }
    return render_page(request, "corrections/detail.html", context | activity_context(request, thing))


@login_required
def correction_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Make a move of a correction, by a button or a form on its page."""
    return run_move(request, get_correction_or_404(request, reference), verb, CORRECTION_MOVE_OPTIONS)


CORRECTION_MOVE_OPTIONS = move_options(
    ACCEPT,
    MoveOption(DECLINE, hint=_("The reason is sent to the person who proposed the correction.")),
    MoveOption(
        REOPEN,
        hint=pgettext_lazy(
            "a correction", "If the correction was accepted, the previous value is restored in the register."
        ),
    ),
    WITHDRAW,
)
