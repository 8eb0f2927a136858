"""Pages of agreements: record, correct, confirm, suspend, end, renew, and history."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.agreements import actions
from partners.agreements.forms import (
    CorrectAgreementForm,
    EndAgreementForm,
    NewAgreementForm,
    RenewAgreementForm,
    ResumeAgreementForm,
    SuspendAgreementForm,
)
from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import (
    ASK_TO_CONFIRM,
    CONFIRM,
    CORRECT,
    END,
    RENEW,
    RESUME,
    SUSPEND,
    UNDO_END,
    may_edit_agreement,
)
from partners.agreements.views.agreement_table import status_badge
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.cities.views.cities import add_city_entry
from partners.disputes.models import Dispute
from partners.disputes.views.disputes import disputes_with_claims
from partners.exchanges.queries import exchanges_between
from partners.exchanges.views import newest_exchanges_by_year
from workflow import clock
from workflow.days import reader_day
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page


@login_required
def add_agreement(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Record an agreement of a city."""
    return add_city_entry(request, slug, NewAgreementForm, _("Add an agreement"), _start_agreement)


def _start_agreement(
    city: City, who: dict[str, Any], partner: City, kind: str, **facts: Any
) -> TwinningAgreement:
    return actions.add_agreement(city, partner, kind=kind, **who, **facts)


def get_agreement_or_404(request: AuthenticatedRequest, pk: int) -> TwinningAgreement:
    """Return the agreement if the reader may see it, otherwise raise 404."""
    rows = TwinningAgreement.objects.visible_to(request.by).select_related("city_a", "city_b")
    return get_object_or_404(rows, pk=pk)


@login_required
def agreement_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show an agreement: its facts, the exchanges between the two cities, and the history."""
    agreement, today = get_agreement_or_404(request, pk), reader_day(clock.now())
    years, shipments = newest_exchanges_by_year(
        exchanges_between(agreement.city_a, agreement.city_b), request.by
    )
    context = {
        "agreement": agreement,
        "mark": status_badge(agreement, today),
        "years": years,
        "shipments": shipments,
        "powers": request.by,
        "disputes": list(disputes_with_claims(Dispute.objects.about_entry(agreement))),
        "may_edit": may_edit_agreement(request.by, agreement),
        "today": today,
    }
    return render_page(request, "agreements/detail.html", context | activity_context(request, agreement))


@login_required
def agreement_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Make a move of an agreement, by a button or a form on its page."""
    return run_move(request, get_agreement_or_404(request, pk), verb, AGREEMENT_MOVE_OPTIONS)


AGREEMENT_MOVE_OPTIONS = move_options(
    CONFIRM,
    ASK_TO_CONFIRM,
    MoveOption(CORRECT, form=CorrectAgreementForm, hint=_("Earlier values stay in the history.")),
    MoveOption(
        SUSPEND,
        form=SuspendAgreementForm,
        hint=_("No one can be asked under this agreement until it is resumed."),
    ),
    MoveOption(RESUME, form=ResumeAgreementForm, hint=_("The city’s contacts will be suggested again.")),
    MoveOption(
        END,
        form=EndAgreementForm,
        hint=_(
            "The agreement stays in the register. No one can be asked under this agreement any more, and "
            "open inquiries are cancelled."
        ),
    ),
    MoveOption(
        RENEW,
        form=RenewAgreementForm,
        hint=_(
            "The people who manage this record are reminded six months and one month "
            "before the agreement expires."
        ),
    ),
    MoveOption(
        UNDO_END,
        hint=_("Use this if the agreement was ended by mistake. All values return to what they were before."),
    ),
)
