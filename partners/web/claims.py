"""What a source says about a fact of the register, added on pages by whoever keeps that part: of a place, an agreement, an exchange."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.actions.corrections import sides
from partners.actions.disputes import add_claim
from partners.models.corrections import Registered
from partners.models.disputes import Claim, Dispute
from partners.models.ties import Exchange, Twinning
from partners.places import web_address
from partners.rules.facts import STANDING, STANDINGS, claimable, label, written
from partners.rules.ties import may_edit_for
from partners.visit import Visit
from partners.web.cities import find
from partners.web.corrections import home, value_field
from partners.web.disputes import told
from partners.web.fields import KnownField
from workflow import clock
from workflow.doors.http import attempt, show

LONGEST = 200  # characters of what a source is noted to say
IN_WORDS = _("In the source’s own words, for example: In force, Expired, Terminated, Suspended.")


class Says(forms.Form):
    """What a source says about one fact."""

    fact = forms.CharField(widget=forms.HiddenInput)
    source = forms.CharField(label=_("Which source"), max_length=200)
    source_url = forms.CharField(
        label=_("The page where this can be read."), required=False, max_length=600, validators=[web_address],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    said = KnownField(label=_("When it said so"), required=False)

    def __init__(self, data: Any, thing: Registered, fact: str) -> None:
        super().__init__(data, initial={"fact": fact})
        field = forms.CharField(help_text=IN_WORDS) if fact == STANDING else value_field(type(thing), fact)
        field.label, field.required = _("What it says"), True
        if isinstance(field, forms.CharField):
            field.max_length = LONGEST
            field.validators.append(forms.CharField(max_length=LONGEST).validators[0])
        self.fields["value"] = field
        self.order_fields(["fact", "value", "source", "source_url", "said"])

    def clean_value(self) -> str:
        """The value as text: whether it can be one, the action says. A usual word for how an agreement stands is kept as its key."""
        value = str(self.cleaned_data["value"])
        usual = {str(words).casefold(): key for key, words in STANDINGS}
        return usual.get(value.casefold(), value) if self.data.get("fact") == STANDING else value


@login_required
def claim_twinning(request: Visit, pk: int) -> HttpResponse:
    """Add what a source says about an agreement."""
    rows = Twinning.objects.visible_to(request.by).select_related("city_a", "city_b")
    return _claim(request, get_object_or_404(rows, pk=pk))


@login_required
def claim_city(request: Visit, slug: str) -> HttpResponse:
    """Add what a source says about a place."""
    return _claim(request, find(request, slug))


@login_required
def claim_exchange(request: Visit, pk: int) -> HttpResponse:
    """Add what a source says about what passed between two places."""
    rows = Exchange.objects.visible_to(request.by).select_related("from_city", "to_city")
    return _claim(request, get_object_or_404(rows, pk=pk))


def _claim(request: Visit, thing: Registered) -> HttpResponse:
    """Which fact first, then what a source says about it."""
    if not may_edit_for(request.by, *(side.pk for side in sides(thing) if side is not None)):
        raise PermissionDenied
    fact, names = request.POST.get("fact") or request.GET.get("fact", ""), claimable(thing)
    context: dict[str, Any] = {"about": thing, "back": home(thing)}
    if fact not in names:
        rows = [(name, label(type(thing), name), written(thing, name)) for name in names]
        status = 422 if request.method == "POST" else 200
        return show(request, "partners/claim_facts.html", context | {"rows": rows}, status=status)
    form = Says(request.POST or None, thing, fact)
    context |= {
        "form": form,
        "fact": fact,
        "label": label(type(thing), fact),
        "said": written(thing, fact),
        "disputes": list(told(Dispute.objects.about(thing).filter(fact=fact))),
    }
    if not form.is_valid():
        return show(request, "partners/claim.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: add_claim(thing, **form.cleaned_data, by=request.by, at=clock.now()),
        done=_of,
        template="partners/claim.html",
        context=context,
    )


def _of(claim: Claim) -> str:
    """The disagreement it is part of."""
    return claim.dispute.get_absolute_url()


urlpatterns = [
    path("agreements/<int:pk>/sources/", claim_twinning, name="add_claim"),
    path("cities/<slug:slug>/sources/", claim_city, name="claim_city"),
    path("exchanges/<int:pk>/sources/", claim_exchange, name="claim_exchange"),
]
