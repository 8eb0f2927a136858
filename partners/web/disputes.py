"""Where sources disagree, on pages: what each says side by side, settled by who keeps that part of the register."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from partners.actions import disputes
from partners.actions.disputes import reopen_dispute
from partners.models.cities import City
from partners.models.corrections import ABOUT
from partners.models.disputes import Claim, Dispute, DisputeQuerySet
from partners.models.ties import Exchange, Twinning
from partners.rules.disputes import CLAIM
from partners.rules.facts import label, written
from partners.templatetags.partners import said
from partners.visit import Visit
from partners.web import record
from partners.web.corrections import home
from workflow import clock
from workflow.doors.http import show
from workflow.doors.moving import Reason, Step, make, reason_form

CLAIMS = Prefetch("claims", Claim.objects.order_by("said_on", "pk"))


class Source(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A source with what it says, in words."""

    def label_from_instance(self, claim: Any) -> str:
        """As the page puts them side by side."""
        return f"{claim.source} – {said(claim.dispute, claim.value)}"


class Settling(Reason):
    """Which source is right, and why."""

    field_order = ("claim", "reason")

    def __init__(self, data: Any, dispute: Dispute) -> None:
        super().__init__(data)
        claims = dispute.claims.select_related("dispute").order_by("said_on", "pk")
        self.fields["claim"] = Source(claims, label=_("Which source is right"), empty_label=None)
        self.order_fields(self.field_order)


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
        "claim_url": _claiming(thing) if CLAIM.refusal(request.by, thing, clock.now()) is None else "",
    }
    return show(request, "partners/dispute.html", context | record.of(request, thing))


def _claiming(thing: Dispute) -> str:
    """Where another source is added."""
    about = thing.about
    name = {City: "claim_city", Twinning: "add_claim", Exchange: "claim_exchange"}[thing.kind]
    return f"{reverse(name, args=[about.slug if isinstance(about, City) else about.pk])}?fact={thing.fact}"


def _find(request: Visit, pk: int) -> Dispute:
    rows = Dispute.objects.visible_to(request.by).select_related("settled_by", *ABOUT)
    return get_object_or_404(rows.prefetch_related(CLAIMS), pk=pk)


@login_required
def move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """A button or a form of a disagreement's page."""
    return make(request, _find(request, pk), verb, STEPS)


STEPS = {
    "settle": Step(
        lambda request, thing, **facts: disputes.settle(
            thing, settled_by=request.user, **_who(request), **facts
        ),
        form=Settling,
        hint=_("The register then says so too. What the others say stays visible."),
    ),
    "reopen": Step(
        lambda request, thing, reason: reopen_dispute(thing, reason=reason, **_who(request)),
        form=reason_form,
    ),
}

urlpatterns = [
    path("disagreements/<int:pk>/", dispute, name="dispute"),
    path("disagreements/<int:pk>/<slug:verb>/", move, name="dispute_move"),
]
