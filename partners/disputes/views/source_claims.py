"""Pages on which register editors add the claim of a source about a city, an agreement or an exchange."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.views.cities import get_city_or_404
from partners.corrections.actions import register_cities_of
from partners.corrections.correctable_facts import (
    AGREEMENT_STATUS_CHOICES,
    AGREEMENT_STATUS_FACT,
    disputable_facts,
    fact_label,
    register_file_value,
)
from partners.corrections.forms import value_field
from partners.corrections.models import Registered
from partners.corrections.views import register_page_url
from partners.disputes.actions import add_claim
from partners.disputes.models import Dispute, SourceClaim
from partners.disputes.views.disputes import disputes_with_claims
from partners.exchanges.models import Exchange
from partners.form_fields import PartialDateField
from partners.powers import may_edit_register_of
from partners.validators import validate_web_address
from workflow import clock
from workflow.http.pages import render_page, run_action

MAX_CLAIMED_VALUE_LENGTH = 200  # maximum characters of a claimed value
AGREEMENT_STATUS_HELP = _(
    "Use the source’s own words, for example: In force, Expired, Terminated, Suspended."
)


class SourceClaimForm(forms.Form):
    """Form for the claim of a source about one fact."""

    fact = forms.CharField(widget=forms.HiddenInput)
    source = forms.CharField(label=_("Source"), max_length=200)
    source_url = forms.CharField(
        label=_("Web page where this information appears"), required=False, max_length=600, validators=[validate_web_address],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    said = PartialDateField(label=_("Source date"), required=False)

    def __init__(self, data: Any, thing: Registered, fact: str) -> None:
        super().__init__(data, initial={"fact": fact})
        field = (
            forms.CharField(help_text=AGREEMENT_STATUS_HELP)
            if fact == AGREEMENT_STATUS_FACT
            else value_field(type(thing), fact)
        )
        field.label, field.required = _("What the source says"), True
        if isinstance(field, forms.CharField):
            field.max_length = MAX_CLAIMED_VALUE_LENGTH
            field.validators.append(forms.CharField(max_length=MAX_CLAIMED_VALUE_LENGTH).validators[0])
        self.fields["value"] = field
        self.order_fields(["fact", "value", "source", "source_url", "said"])

    def clean_value(self) -> str:
        """Return the value as text. The action validates it.

        A usual word for the status of an agreement is replaced by its key.
        """
        value = str(self.cleaned_data["value"])
        usual = {str(words).casefold(): key for key, words in AGREEMENT_STATUS_CHOICES}
        return usual.get(value.casefold(), value) if self.data.get("fact") == AGREEMENT_STATUS_FACT else value


@login_required
def add_agreement_claim(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Add the claim of a source about an agreement."""
    rows = TwinningAgreement.objects.visible_to(request.by).select_related("city_a", "city_b")
    return _claim(request, get_object_or_404(rows, pk=pk))


@login_required
def add_city_claim(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add the claim of a source about a city."""
    return _claim(request, get_city_or_404(request, slug))


@login_required
def add_exchange_claim(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Add the claim of a source about an exchange."""
    rows = Exchange.objects.visible_to(request.by).select_related("from_city", "to_city")
    return _claim(request, get_object_or_404(rows, pk=pk))


def _claim(request: AuthenticatedRequest, thing: Registered) -> HttpResponse:
    """Show the list of facts first, then the form for a claim about the chosen fact."""
    if not may_edit_register_of(
        request.by, *(side.pk for side in register_cities_of(thing) if side is not None)
    ):
        raise PermissionDenied
    fact, names = request.POST.get("fact") or request.GET.get("fact", ""), disputable_facts(thing)
    context: dict[str, Any] = {"about": thing, "back": register_page_url(thing)}
    if fact not in names:
        rows = [(name, fact_label(type(thing), name), register_file_value(thing, name)) for name in names]
        status = 422 if request.method == "POST" else 200
        return render_page(request, "disputes/choose_fact.html", context | {"rows": rows}, status=status)
    form = SourceClaimForm(request.POST or None, thing, fact)
    context |= {
        "form": form,
        "fact": fact,
        "label": fact_label(type(thing), fact),
        "said": register_file_value(thing, fact),
        "disputes": list(disputes_with_claims(Dispute.objects.about_entry(thing).filter(fact=fact))),
    }
    if not form.is_valid():
        return render_page(request, "disputes/claim_form.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: add_claim(thing, **form.cleaned_data, by=request.by, at=clock.now()),
        done=_dispute_url,
        template="disputes/claim_form.html",
        context=context,
    )


def _dispute_url(claim: SourceClaim) -> str:
    """Return the address of the dispute that the claim belongs to."""
    return claim.dispute.get_absolute_url()
