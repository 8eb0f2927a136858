"""Pages of candidates: the offers that fit a need, and the needs that an offer fits."""

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.allocations.candidates.queries import is_available, needs_fitting_offer, offers_fitting_lines
from procurement.allocations.candidates.rules import Candidate
from procurement.allocations.candidates.sentences import missing_texts, reason_texts
from procurement.distribution.queries import StoredLot, stored_lots_for_lines
from procurement.leads.views.leads import find_lead
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.views.requests import find_need
from workflow import clock
from workflow.http.pages import render_page

MAX_CANDIDATES = 50  # shown for each line, and for an offer; the best ones


class CandidateRow(NamedTuple):
    """A candidate with what speaks for it and what it lacks, in words."""

    candidate: Candidate
    reasons: list[str]
    missing: list[str]


class LineMatches(NamedTuple):
    """Need line with its candidates, the best first, the number of all of them, and the goods in the city's store."""

    line: RequestLine
    fitting: list[CandidateRow]
    nearly: list[CandidateRow]
    total: int
    stored: list[StoredLot]

    @property
    def shown(self) -> int:
        """Number of candidates on the page."""
        return len(self.fitting) + len(self.nearly)


def candidate_rows(candidates: Sequence[Candidate]) -> list[CandidateRow]:
    """Return the first `MAX_CANDIDATES` candidates with their words."""
    return [CandidateRow(one, reason_texts(one), missing_texts(one)) for one in candidates[:MAX_CANDIDATES]]


@login_required
def need_candidates(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the offers that fit or nearly fit each line of a need, best first. For the people of the need's city."""
    need, at = find_need(request, reference), clock.now()
    require_permission(request, Power.SEE, need)
    is_open = need.status == SupplyRequest.Status.OPEN
    lines = [line for line in need.lines.all() if is_open and line.unallocated_quantity]
    found = offers_fitting_lines(request.by, lines, at)
    stored = stored_lots_for_lines(request.by, need, lines, at) if lines else {}
    matches = []
    for line in lines:
        rows = candidate_rows(found[line.pk])
        fitting = [row for row in rows if row.candidate.fits]
        nearly = [row for row in rows if not row.candidate.fits]
        matches.append(LineMatches(line, fitting, nearly, len(found[line.pk]), stored.get(line.pk, [])))
    context = {
        "need": need,
        "is_open": is_open,
        "matches": matches,
        "may_allocate": request.by.may(Power.ALLOCATE, need),
    }
    return render_page(request, "allocations/candidates/need.html", context)


@login_required
def lead_candidates(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the need lines that an offer fits or nearly fits, best first. For the people of the offer's city."""
    lead = find_lead(request, reference)
    if lead.city_id not in request.by.visible_cities:
        raise PermissionDenied
    found = needs_fitting_offer(request.by, lead, clock.now())
    rows = candidate_rows(found)
    context = {
        "lead": lead,
        "available": is_available(lead),
        "fitting": [row for row in rows if row.candidate.fits],
        "nearly": [row for row in rows if not row.candidate.fits],
        "total": len(found),
        "shown": len(rows),
        "may_allocate": request.by.may(Power.ALLOCATE, lead),
    }
    return render_page(request, "allocations/candidates/lead.html", context)
