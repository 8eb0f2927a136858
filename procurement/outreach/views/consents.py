"""Pages of partner cities' consents to inquiries until a day: the list, one consent, and its withdrawal."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.consents import WITHDRAW_CONSENT
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page
from workflow.http.pagination import paginate

DETAIL_RELATIONS = (
    *("city", "through_city", "contact__user", "contact__city", "introducer__user", "given_by"),
    "inquiry",
)
MAX_USES_SHOWN = 100  # inquiries on the page of a consent, the newest first


@login_required
def consent_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the consents given to or by the reader's cities, those in force first, then the newest."""
    rows = IntroductionConsent.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    found = paginate(request, rows.order_by("status", "-pk"))  # "active" comes before all others
    return render_page(request, "outreach/consents.html", {"page": found})


@login_required
def consent_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one consent, and the inquiries sent with it that the reader may see."""
    consent = _find_consent(request, reference)
    uses = Inquiry.objects.visible_to(request.by).filter(consent=consent).order_by("-pk")
    context = {
        "consent": consent,
        "powers": request.by,
        "uses": list(uses.select_related("supply_request")[:MAX_USES_SHOWN]),
        "origin": Inquiry.objects.visible_to(request.by).filter(pk=consent.inquiry_id).first(),
    }
    return render_page(request, "outreach/consent.html", context | activity_context(request, consent))


@login_required
def make_consent_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Withdraw a consent."""
    return run_move(request, _find_consent(request, reference), verb, CONSENT_MOVE_OPTIONS)


def _find_consent(request: AuthenticatedRequest, reference: str) -> IntroductionConsent:
    rows = IntroductionConsent.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    return get_object_or_404(rows, reference=reference)


CONSENT_MOVE_OPTIONS = move_options(WITHDRAW_CONSENT)
