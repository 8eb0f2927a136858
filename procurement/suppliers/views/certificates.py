"""Certificates of a supplier: entry, the page with the document beside its fields, and decisions."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.views.certificate_types import certificate_type_facts
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.forms.certificates import (
    AmendCertificateForm,
    CertificateDecisionForm,
    IssuerAnswerForm,
    IssuerCheckForm,
    NewCertificateForm,
)
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.certificates import (
    AMEND,
    CONFIRM_WITH_ISSUER,
    MARK_ALTERED,
    MARK_UNCONFIRMABLE,
    MARK_WRONG_SCOPE,
    RECORD_ISSUER_ANSWER,
)
from procurement.suppliers.views.certificate_panels import document_context, screening_findings_context
from procurement.suppliers.views.changes import propose_move
from procurement.suppliers.views.suppliers import find_supplier, show_form_or_run_action
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.uploads.file_types import Upload


@login_required
def add_certificate(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Record a certificate that the supplier showed, with its photo or scan.

    `?kind=` preselects the type. With `?offer=`, the page leads back to this offer.
    """
    thing = find_supplier(request, reference)
    form = NewCertificateForm(request.POST or None, request.FILES, kind=request.GET.get("kind", ""))
    return show_form_or_run_action(
        request,
        thing,
        form,
        _("Add a certificate"),
        lambda facts: _enter_certificate(request, thing, **facts),
        back=_offer_of(request, thing),
    )


def _enter_certificate(
    request: AuthenticatedRequest,
    supplier: Supplier,
    *,
    kind: CertificateType,
    number: str,
    file: Upload | None,
    **facts: Any,
) -> Certificate:
    """Enter the certificate and attach its document."""
    at = clock.now()
    created = record_shown_certificate(
        supplier, kind, number=number, entered_by=request.user, by=request.by, at=at, **facts
    )
    if file is not None:
        city = min(request.by.cities_with(Power.COMMENT), default=None)
        attach_file_and_flag_companies(created, file, by=request.by, at=at, kind="certificate", city_id=city)
    return created


def _offer_of(request: AuthenticatedRequest, supplier: Supplier) -> SupplierLead | None:
    """Return the offer of `?offer=` if the reader may see it and it is of this supplier, else None."""
    reference = request.GET.get("offer", "")
    if not reference:
        return None
    mine = SupplierLead.objects.visible_to(request.by).filter(supplier__in=supplier.row_ids)
    return mine.filter(reference=reference).first()


@login_required
def certificate_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one certificate: the document beside its fields, the checks with the issuer, and its type."""
    thing = _find_certificate(request, reference)
    looks = IssuerCheck.objects.visible_to(request.by).filter(certificate=thing).select_related("by", "city")
    return render_page(
        request,
        "suppliers/certificate.html",
        {
            "certificate": thing,
            "powers": request.by,
            "looks": looks.order_by("-pk"),
            "facts": certificate_type_facts(thing.kind),
        }
        | document_context(request, thing)
        | screening_findings_context(request, thing)
        | activity_context(request, thing),
    )


def _find_certificate(request: AuthenticatedRequest, reference: str) -> Certificate:
    rows = Certificate.objects.visible_to(request.by).select_related("kind", "supplier", "notified_body")
    return get_object_or_404(rows.prefetch_related("standards", "products"), reference=reference)


@login_required
def certificate_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a certificate, or make the move."""
    return run_move(request, _find_certificate(request, reference), verb, CERTIFICATE_MOVE_OPTIONS)


def _issuer_check_facts(
    request: AuthenticatedRequest, thing: Certificate, facts: dict[str, Any]
) -> dict[str, Any]:
    """Return the facts of the issuer check. Stores the screenshot with the certificate first."""
    upload, file = request.FILES.get("screenshot"), None
    if upload is not None:
        city = min(request.by.cities_with(Power.COMMENT), default=None)
        file = attach_file_and_flag_companies(
            thing, upload, by=request.by, at=clock.now(), kind="screenshot", city_id=city
        ).pk
    values = {name: value for name, value in facts.items() if name != "screenshot"}
    return values | {"file": file}


def _decide_certificate(
    request: AuthenticatedRequest, thing: Certificate, make: Callable[..., Certificate], **facts: Any
) -> Certificate:
    return make(thing, **_issuer_check_facts(request, thing, facts))


def _propose_decision(
    request: AuthenticatedRequest, thing: Certificate, verb: str, **facts: Any
) -> JournaledModel:
    return propose_move(request, thing, verb, **_issuer_check_facts(request, thing, facts))


CERTIFICATE_MOVE_OPTIONS = move_options(
    MoveOption(
        AMEND,
        form=AmendCertificateForm,
        hint=_("Everything based on the certificate is assessed and checked again."),
        propose=propose_move,
    ),
    MoveOption(
        CONFIRM_WITH_ISSUER,
        custom_action=_decide_certificate,
        form=IssuerCheckForm,
        hint=_("Enter where you checked the certificate and what you found."),
        propose=_propose_decision,
    ),
    *(
        MoveOption(
            move,
            fixed_arguments={"status": move.target},
            custom_action=_decide_certificate,
            form=CertificateDecisionForm,
            hint=_("Enter what is wrong with the certificate, or how you contacted its issuer."),
            propose=_propose_decision,
        )
        for move in (MARK_UNCONFIRMABLE, MARK_ALTERED, MARK_WRONG_SCOPE)
    ),
    MoveOption(
        RECORD_ISSUER_ANSWER,
        custom_action=lambda request, thing, make, reason, **facts: _decide_certificate(
            request, thing, make, words=reason, **facts
        ),
        form=IssuerAnswerForm,
        hint=_("Kept with the certificate. To assess the document itself, choose an assessment instead."),
    ),
)
