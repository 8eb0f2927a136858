"""Pages of disputes: the claims of sources side by side. Editors of the register settle them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.agreements.models import TwinningAgreement
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.corrections.correctable_facts import fact_label, register_file_value
from partners.corrections.models import ENTRY_RELATIONS
from partners.corrections.views import register_page_url
from partners.disputes.models import Dispute, DisputeQuerySet, SourceClaim
from partners.disputes.rules import ADD_CLAIM, REOPEN, SETTLE
from partners.exchanges.models import Exchange
from partners.templatetags.partners import fact_value
from workflow import clock
from workflow.http.move_forms import ReasonForm
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page

CLAIMS_PREFETCH = Prefetch("claims", SourceClaim.objects.order_by("stated_on", "pk"))


class SourceClaimChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Form field to choose a claim, labelled with its source and value."""

    def label_from_instance(self, claim: Any) -> str:
        """Return source and value as on the page."""
        return f"{claim.source} – {fact_value(claim.dispute, claim.value)}"


class SettleDisputeForm(ReasonForm):
    """Form to settle a dispute: the claim that is right, and why."""

    field_order = ("claim", "reason")

    def __init__(self, data: Any, dispute: Dispute) -> None:
        super().__init__(data)
        claims = dispute.claims.select_related("dispute").order_by("stated_on", "pk")
        self.fields["claim"] = SourceClaimChoiceField(
            claims, label=_("Which source is correct?"), empty_label=None
        )
        self.order_fields(self.field_order)


def disputes_with_claims(rows: DisputeQuerySet) -> Iterable[Dispute]:
    """Return the disputes with their claims, the open ones first. Two queries."""
    found = rows.select_related("settled_by", *ENTRY_RELATIONS).prefetch_related(CLAIMS_PREFETCH)
    return found.order_by("status", "pk")


@login_required
def dispute_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a dispute: its claims, the value in the register, and who settled it and why."""
    thing = _get_dispute_or_404(request, pk)
    context = {
        "dispute": thing,
        "label": fact_label(thing.entry_model, thing.fact),
        "now": register_file_value(thing.register_entry, thing.fact),
        "back": register_page_url(thing.register_entry),
        "powers": request.by,
        "claim_url": "" if ADD_CLAIM.refusal(request.by, thing, clock.now()) else _add_claim_url(thing),
    }
    return render_page(request, "disputes/detail.html", context | activity_context(request, thing))


def _add_claim_url(thing: Dispute) -> str:
    """Return the address of the page to add another claim."""
    about = thing.register_entry
    name = {City: "claim_city", TwinningAgreement: "claim_agreement", Exchange: "claim_exchange"}[
        thing.entry_model
    ]
    return f"{reverse(name, args=[about.slug if isinstance(about, City) else about.pk])}?fact={thing.fact}"


def _get_dispute_or_404(request: AuthenticatedRequest, pk: int) -> Dispute:
    rows = Dispute.objects.visible_to(request.by).select_related("settled_by", *ENTRY_RELATIONS)
    return get_object_or_404(rows.prefetch_related(CLAIMS_PREFETCH), pk=pk)


@login_required
def dispute_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Make a move of a dispute, by a button or a form on its page."""
    return run_move(request, _get_dispute_or_404(request, pk), verb, DISPUTE_MOVE_OPTIONS)


DISPUTE_MOVE_OPTIONS = move_options(
    MoveOption(
        SETTLE,
        form=SettleDisputeForm,
        hint=_("The register will show this value. The other sources stay visible."),
    ),
    REOPEN,
)
