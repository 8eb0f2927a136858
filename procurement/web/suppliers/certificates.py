"""What a company shows as proof: entering a certificate, its page, and the judgements on it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web import record
from procurement.catalogue.models import CertificateKind, NotifiedBody, Product, Standard
from procurement.suppliers import actions
from procurement.suppliers.models import Certificate
from procurement.web.suppliers.companies import find, record_on
from workflow import clock
from workflow.doors.forms import DayField
from workflow.doors.http import show
from workflow.doors.moving import Step, make, reason_form

MODULES = [("", _("not said")), ("B", "B"), ("C2", "C2"), ("D", "D")]


class Paper(forms.Form):
    """A certificate as it was shown."""

    kind = forms.ModelChoiceField(CertificateKind.objects.order_by("code"), label=_("Kind"))
    number = forms.CharField(label=_("Number"), max_length=80)
    holder = forms.CharField(label=_("Holder"), max_length=200, required=False)
    manufacturer = forms.CharField(
        label=_("Manufacturer"), max_length=200, required=False, help_text=_("As the paper names it.")
    )
    models_covered = forms.CharField(
        label=_("Models"), max_length=300, required=False, help_text=_("As the paper names them.")
    )
    issuer = forms.CharField(
        label=_("Issuer"), max_length=200, required=False, help_text=_("The house on its letterhead.")
    )
    notified_body = forms.ModelChoiceField(
        NotifiedBody.objects.order_by("number", "name", "pk"),
        label=_("Notified body"),
        required=False,
        help_text=_("On European papers: the four digits beside CE, if the body is in our list."),
    )
    module = forms.ChoiceField(
        label=_("Module"),
        choices=MODULES,
        required=False,
        help_text=_("On European papers: B for the design, C2 or D for the making."),
    )
    standards = forms.ModelMultipleChoiceField(
        Standard.objects.order_by("code"),
        label=_("Standards"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Those the paper names. None: it names none. Hold Ctrl or ⌘ to choose several."),
    )
    products = forms.ModelMultipleChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("Products"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Those the paper names. None: it may be for any. Hold Ctrl or ⌘ to choose several."),
    )
    issued_on = DayField(label=_("Issued"), required=False)
    valid_until = DayField(label=_("Valid until"), required=False)
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, data: Any, known: Certificate | None = None) -> None:
        super().__init__(data, initial=_as_noted(known) if known else None)
        if known and known.module not in dict(MODULES):  # a program noted another one
            module = self.fields["module"]
            assert isinstance(module, forms.ChoiceField)  # declared above
            module.choices = [*MODULES, (known.module, known.module)]


def _as_noted(known: Certificate) -> dict[str, Any]:
    """A certificate's facts as they stand, for its form."""
    named = {name: list(getattr(known, name).all()) for name in ("standards", "products")}
    return {name: named[name] if name in named else getattr(known, name) for name in Paper.base_fields}


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
    return get_object_or_404(rows.prefetch_related("standards", "products"), reference=reference)


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
    "amend": Step(
        lambda request, thing, **facts: actions.amend(thing, by=request.by, at=clock.now(), **facts),
        form=Paper,
        hint=_("What rested on it is judged and checked again."),
    ),
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
