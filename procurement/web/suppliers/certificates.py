"""What a company shows as proof: entering a certificate, its page, and the judgements on it."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web import record
from procurement.catalogue.models import CertificateKind
from procurement.suppliers import actions
from procurement.suppliers.models import Certificate
from procurement.web.suppliers.companies import find, record_on
from workflow import clock
from workflow.doors.forms import DayField
from workflow.doors.http import show
from workflow.doors.moving import Step, make, reason_form


class Paper(forms.Form):
    """A certificate as it was shown."""

    kind = forms.ModelChoiceField(CertificateKind.objects.order_by("code"), label=_("Kind"))
    number = forms.CharField(label=_("Number"), max_length=80)
    holder = forms.CharField(label=_("Holder"), max_length=200, required=False)
    issued_on = DayField(label=_("Issued"), required=False)
    valid_until = DayField(label=_("Valid until"), required=False)


@login_required
def add_certificate(request: Visit, reference: str) -> HttpResponse:
    """Note a certificate the company showed."""
    thing, form = find(request, reference), Paper(request.POST or None)
    return record_on(
        request,
        thing,
        form,
        _("Add a certificate"),
        lambda facts: actions.claim(
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
    """One certificate: what it claims, what its kind proves and does not, where to check it."""
    thing = _certificate(request, reference)
    return show(
        request,
        "suppliers/certificate.html",
        {"certificate": thing, "powers": request.by} | record.of(request, thing),
    )


def _certificate(request: Visit, reference: str) -> Certificate:
    rows = Certificate.objects.visible_to(request.by).select_related("kind", "supplier", "notified_body")
    return get_object_or_404(rows, reference=reference)


@login_required
def certificate_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A judgement on a certificate."""
    return make(request, _certificate(request, reference), verb, CERTIFICATE_STEPS)


def _judge(status: str) -> Step:
    return Step(
        lambda request, thing, reason: actions.mark(
            thing, status, reason=reason, by=request.by, at=clock.now()
        ),
        form=reason_form,
    )


CERTIFICATE_STEPS = {
    "confirm": Step(
        lambda request, thing, reason: actions.confirm(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Where it was looked up, and what was read there."),
    ),
    "mark_unconfirmable": _judge(Certificate.Status.UNCONFIRMABLE),
    "mark_altered": _judge(Certificate.Status.ALTERED),
    "mark_wrong_scope": _judge(Certificate.Status.WRONG_SCOPE),
}


urlpatterns = [
    path("suppliers/<slug:reference>/certificates/new/", add_certificate, name="add_certificate"),
    path("certificates/<slug:reference>/", certificate, name="certificate"),
    path("certificates/<slug:reference>/<slug:verb>/", certificate_move, name="certificate_move"),
]
