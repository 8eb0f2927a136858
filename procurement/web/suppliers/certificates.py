"""What a company shows as proof: entering a certificate, its page with the document beside its fields, and the judgements on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit
from partners.web import record
from procurement.leads import showing
from procurement.suppliers.actions import certificates, issuer_checks
from procurement.suppliers.actions.issuer_checks import ask_issuer
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.web.suppliers import workbench
from procurement.web.suppliers.certificate_form import Amended, Looked, Marked, Paper, Said
from procurement.web.suppliers.certificate_kinds import facts_of
from procurement.web.suppliers.changes import proposing
from procurement.web.suppliers.companies import find, record_on
from workflow import clock
from workflow.doors.http import show
from workflow.doors.moving import Step, make


@login_required
def add_certificate(request: Visit, reference: str) -> HttpResponse:
    """Note a certificate the company showed."""
    thing, form = find(request, reference), Paper(request.POST or None, kind=request.GET.get("kind", ""))
    return record_on(
        request,
        thing,
        form,
        _("Add a certificate"),
        lambda facts: certificates.claim(
            thing,
            facts.pop("kind"),
            number=facts.pop("number"),
            entered_by=request.user,
            by=request.by,
            at=clock.now(),
            **facts,
        ),
    )


@login_required
def certificate(request: Visit, reference: str) -> HttpResponse:
    """One certificate: the document beside its fields, what was looked at, what its kind proves and does not, where to check it."""
    thing = _certificate(request, reference)
    looks = IssuerCheck.objects.visible_to(request.by).filter(certificate=thing).select_related("by", "city")
    return show(
        request,
        "suppliers/certificate.html",
        {
            "certificate": thing,
            "powers": request.by,
            "looks": looks.order_by("-pk"),
            "facts": facts_of(thing.kind),
        }
        | workbench.document(request, thing)
        | workbench.judged(request, thing)
        | record.of(request, thing),
    )


def _certificate(request: Visit, reference: str) -> Certificate:
    rows = Certificate.objects.visible_to(request.by).select_related("kind", "supplier", "notified_body")
    return get_object_or_404(rows.prefetch_related("standards", "products"), reference=reference)


@login_required
def certificate_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A judgement on a certificate."""
    return make(request, _certificate(request, reference), verb, CERTIFICATE_STEPS)


def _seen(request: Visit, thing: Certificate, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a look as its action takes them; the picture of the screen is brought to the certificate first."""
    upload, file = request.FILES.get("screenshot"), None
    if upload is not None:
        city = min(request.by.where(Power.COMMENT), default=None)
        file = showing.attach(
            thing, upload, by=request.by, at=clock.now(), kind="screenshot", city_id=city
        ).pk
    told = {name: value for name, value in facts.items() if name != "screenshot"}
    return told | {"file": file, "looked_up_by": request.user, "by": request.by, "at": clock.now()}


def _told(request: Visit, thing: Certificate, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a look that a proposal holds: who looked is who proposes."""
    told = _seen(request, thing, facts)
    return {name: value for name, value in told.items() if name not in ("looked_up_by", "by", "at")}


def _judge(status: str) -> Step:
    return Step(
        lambda request, thing, **facts: issuer_checks.mark(thing, status, **_seen(request, thing, facts)),
        form=Marked,
        hint=_("What gives it away, or where its issuer was asked."),
        propose=proposing(f"mark_{status}", taken=_told),
    )


CERTIFICATE_STEPS = {
    "amend": Step(
        lambda request, thing, **facts: certificates.amend(thing, by=request.by, at=clock.now(), **facts),
        form=Amended,
        hint=_("What rested on it is judged and checked again."),
        propose=proposing("amend"),
    ),
    "confirm": Step(
        lambda request, thing, **facts: issuer_checks.confirm(thing, **_seen(request, thing, facts)),
        form=lambda data, thing: Looked(data),
        hint=_("Where it was looked up, and what was read there."),
        propose=proposing("confirm", taken=_told),
    ),
    "mark_unconfirmable": _judge(Certificate.Status.UNCONFIRMABLE),
    "mark_altered": _judge(Certificate.Status.ALTERED),
    "mark_wrong_scope": _judge(Certificate.Status.WRONG_SCOPE),
    "look_up": Step(
        lambda request, thing, reason, **facts: ask_issuer(
            thing, words=reason, **_seen(request, thing, facts)
        ),
        form=Said,
        hint=_("Kept with the certificate. To judge the paper, choose a judgement instead."),
    ),
}


urlpatterns = [
    path("suppliers/<slug:reference>/certificates/new/", add_certificate, name="add_certificate"),
    path("certificates/<slug:reference>/", certificate, name="certificate"),
    path("certificates/<slug:reference>/<slug:verb>/", certificate_move, name="certificate_move"),
]
