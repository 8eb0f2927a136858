"""Where sources disagree, on pages: what each says side by side, added and settled by who keeps that part of the register."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners import actions
from partners.models import Claim, Dispute, Twinning
from partners.models.corrections import ABOUT
from partners.models.disputes import DisputeQuerySet
from partners.places import web_address
from partners.rules.facts import claimable, label, written
from partners.rules.ties import may_edit_tie
from partners.visit import Visit
from partners.web import record
from partners.web.corrections import home
from partners.web.fields import KnownField
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.doors.moving import Reason, Step, make, reason_form

CLAIMS = Prefetch("claims", Claim.objects.order_by("said_on", "pk"))


class Says(forms.Form):
    """What a source says about one fact."""

    fact = forms.ChoiceField(label=_("About which fact"))
    value = forms.CharField(
        label=_("What it says"),
        max_length=200,
        help_text=_("A day as 2011, 2015-06 or 2015-06-14; a kind as sister, friendship or other."),
    )
    source = forms.CharField(label=_("Which source"), max_length=200)
    source_url = forms.CharField(
        label=_("The page where this can be read."), required=False, max_length=600, validators=[web_address],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    said = KnownField(label=_("When it said so"), required=False)

    def __init__(self, data: Any, tie: Twinning) -> None:
        super().__init__(data)
        field = self.fields["fact"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(name, label(Twinning, name)) for name in claimable(tie)]


class Settling(Reason):
    """Which source is right, and why."""

    field_order = ("claim", "reason")

    def __init__(self, data: Any, dispute: Dispute) -> None:
        super().__init__(data)
        self.fields["claim"] = forms.ModelChoiceField(
            dispute.claims.order_by("said_on", "pk"), label=_("Which source is right"), empty_label=None
        )
        self.order_fields(self.field_order)


@login_required
def add_claim(request: Visit, pk: int) -> HttpResponse:
    """Add what another source says about an agreement."""
    rows = Twinning.objects.visible_to(request.by).select_related("city_a", "city_b")
    tie = get_object_or_404(rows, pk=pk)
    if not may_edit_tie(request.by, tie):
        raise PermissionDenied
    form = Says(request.POST or None, tie)
    context = {"city": tie.city_a, "form": form, "title": _("Add what a source says")}
    if not form.is_valid():
        return show(request, "partners/add.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: actions.add_claim(tie, **form.cleaned_data, **_who(request)),
        done=tie.get_absolute_url(),
        template="partners/add.html",
        context=context,
    )


def _who(request: Visit) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


def told(rows: DisputeQuerySet) -> Iterable[Dispute]:
    """Disagreements with what each source says, the open ones first. Two queries."""
    found = rows.select_related("settled_by", *ABOUT).prefetch_related(CLAIMS)
    return found.order_by("status", "pk")


@login_required
def dispute(request: Visit, pk: int) -> HttpResponse:
    """One disagreement: the sources side by side, what the register says, who settled it and why."""
    thing = _find(request, pk)
    context = {
        "dispute": thing,
        "label": label(thing.kind, thing.fact),
        "now": written(thing.about, thing.fact),
        "back": home(thing.about),
        "powers": request.by,
    }
    return show(request, "partners/dispute.html", context | record.of(request, thing))


def _find(request: Visit, pk: int) -> Dispute:
    rows = Dispute.objects.visible_to(request.by).select_related("settled_by", *ABOUT)
    return get_object_or_404(rows.prefetch_related(CLAIMS), pk=pk)


@login_required
def move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """A button or a form of a disagreement's page."""
    return make(request, _find(request, pk), verb, STEPS)


STEPS = {
    "settle": Step(
        lambda request, thing, **facts: actions.settle(
            thing, settled_by=request.user, **_who(request), **facts
        ),
        form=Settling,
        hint=_("The register then says so too. What the others say stays visible."),
    ),
    "reopen": Step(
        lambda request, thing, reason: actions.reopen_dispute(thing, reason=reason, **_who(request)),
        form=reason_form,
    ),
}

urlpatterns = [
    path("agreements/<int:pk>/sources/", add_claim, name="add_claim"),
    path("disagreements/<int:pk>/", dispute, name="dispute"),
    path("disagreements/<int:pk>/<slug:verb>/", move, name="dispute_move"),
]
