"""Pages of relief claims: the list with its savings, totals by relief and year, and the moves."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.reference_rows import EndUserType
from procurement.customs.duty_relief.forms import (
    CorrectClaimForm,
    EndUseProofForm,
    ReliefClaimFilterForm,
    RepaymentForm,
)
from procurement.customs.duty_relief.models import ReliefClaim, ReliefClaimQuerySet
from procurement.customs.duty_relief.rules import CORRECT_CLAIM, MARK_UNPROVEN, PROVE, REOPEN, REPAY
from procurement.distribution.queries import claim_distributions, qualifying_pieces
from procurement.exports.list_columns import Column
from procurement.exports.list_download import file_response, is_file_requested
from workflow import clock
from workflow.dated_text import text_as_of
from workflow.days import reader_day
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate

RELATED_FIELDS = (
    "city",
    "shipment",
    "declaration__clearance",
    "relief",
    "line__order_line__allocation__lead__product",
)
MAX_TOTAL_ROWS = 60

RELIEF_CLAIM_COLUMNS: tuple[Column, ...] = (
    (_("Reference"), lambda row: row.reference),
    (_("Shipment"), lambda row: row.shipment.reference),
    (pgettext_lazy("to customs", "Declaration"), lambda row: row.declaration.number),
    (_("Line"), lambda row: row.position),
    (_("Goods"), lambda row: row.line.order_line.allocation.lead.product.name if row.line else ""),
    (_("Units covered by the relief"), lambda row: row.pieces),
    (_("Legal basis"), lambda row: row.relief.basis),
    (_("Decision number"), lambda row: row.number),
    (_("Claimed on"), lambda row: row.claimed_on),
    (_("Relief in force on that date"), lambda row: row.get_held_display()),
    (_("Conditions not met"), lambda row: row.unmet_conditions_text),
    (_("Declared value"), lambda row: row.value),
    (_("Currency"), lambda row: row.currency),
    (_("Duty rate without relief (percent)"), lambda row: row.duty_percent),
    (_("Source of the duty rate"), lambda row: row.duty_source),
    (_("Tax rate without relief (percent)"), lambda row: row.tax_percent),
    (_("Source of the tax rate"), lambda row: row.tax_source),
    (_("Amount saved"), lambda row: row.saved),
    (_("Source of the amount"), lambda row: row.saved_source),
    (_("Amount saved, in the city’s currency"), lambda row: row.saved_here),
    (_("The city’s currency"), lambda row: row.currency_here),
    (_("Exchange rate"), lambda row: row.rate),
    (_("Date of the rate"), lambda row: row.rate_on),
    (_("Condition"), lambda row: text_as_of(row.relief.condition, reader_day(clock.now()))),
    (_("Proof of end use due by"), lambda row: row.prove_by),
    (_("Units with proven end use"), lambda row: row.shown),
    (_("Settled on"), lambda row: row.settled_on),
    (_("Amount repaid"), lambda row: row.repaid),
    (_("Status"), lambda row: row.get_status_display()),
)


class ReliefTotal(NamedTuple):
    """Savings of a city from one relief in one year.

    `unknown_amount_count` is the number of claims without an amount in the city's currency.
    """

    relief: DutyRelief
    year: int
    claim_count: int
    currency: str
    amount_saved: Any
    unknown_amount_count: int


@login_required
def relief_claims(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every relief claim of the reader's cities, newest first, with totals by relief and year.

    `?as=csv` returns the list as a file.
    """
    rows = ReliefClaim.objects.visible_to(request.by).select_related(*RELATED_FIELDS)
    reliefs = list(DutyRelief.objects.order_by("country", "code"))
    form = ReliefClaimFilterForm(request.GET, reliefs)
    if form.is_valid():
        rows = _apply_filters(rows, **form.cleaned_data)
    if is_file_requested(request):
        return file_response(request, "duty-reliefs", RELIEF_CLAIM_COLUMNS, rows, request.GET["as"])
    context = {"page": paginate(request, rows), "filters": form, "totals": relief_totals(rows, reliefs)}
    return render_page(request, "customs/duty_relief/list.html", context)


def relief_totals(rows: QuerySet[ReliefClaim], reliefs: Iterable[DutyRelief]) -> list[ReliefTotal]:
    """Return the totals of these claims by year, relief and city currency, newest year first. One query.

    At most `MAX_TOTAL_ROWS` rows.
    """
    found = list(
        rows.order_by()
        .annotate(year=ExtractYear("claimed_on"))
        .values("relief", "year", "currency_here")
        .annotate(claims=Count("pk"), saved_all=Sum("saved_here"), known=Count("saved_here"))
        .order_by("-year", "relief__country", "relief__code", "currency_here")[:MAX_TOTAL_ROWS]
    )
    known = {relief.pk: relief for relief in reliefs}
    return [
        ReliefTotal(
            known[one["relief"]],
            one["year"],
            one["claims"],
            one["currency_here"],
            one["saved_all"],
            one["claims"] - one["known"],
        )
        for one in found
    ]


@login_required
def relief_claim_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one claim: legal basis, savings and rates, condition, distributions that count, and history."""
    claim = _find_claim(request, reference)
    outs = claim_distributions(claim)
    kinds = dict(EndUserType.choices)
    context = {
        "claim": claim,
        "powers": request.by,
        "today": claim.city.day_at(clock.now()),
        "places": [kinds.get(one, one) for one in claim.places],
        "outs": [(out, bool(qualifying_pieces(claim, [out]))) for out in outs],
        "counted": qualifying_pieces(claim, outs),
    }
    return render_page(request, "customs/duty_relief/detail.html", context | activity_context(request, claim))


@login_required
def relief_claim_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a claim, or make the move."""
    return run_move(request, _find_claim(request, reference), verb, RELIEF_MOVE_OPTIONS)


def _apply_filters(
    rows: ReliefClaimQuerySet, q: str, relief: str, year: str, status: str
) -> ReliefClaimQuerySet:
    found = rows.search(q) if q else rows
    if relief:
        found = found.filter(relief__code=relief)
    if year:
        found = found.filter(claimed_on__year=int(year))
    return found.filter(status=status) if status else found


def _find_claim(request: AuthenticatedRequest, reference: str) -> ReliefClaim:
    rows = ReliefClaim.objects.visible_to(request.by).select_related(*RELATED_FIELDS)
    return get_object_or_404(rows, reference=reference)


RELIEF_MOVE_OPTIONS = move_options(
    MoveOption(CORRECT_CLAIM, form=CorrectClaimForm, hint=_("The previous values stay in the history.")),
    MoveOption(
        PROVE,
        form=EndUseProofForm,
        hint=_("The proof is based on the units distributed and on the document added below."),
    ),
    MoveOption(
        MARK_UNPROVEN, hint=_("The amount saved must be repaid. Explain why the end use cannot be proven.")
    ),
    MoveOption(REPAY, form=RepaymentForm),
    REOPEN,
)
