"""Pages of the audit file of an order: request, watch, download and delete it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest
from procurement.audit_files.actions import request_audit_file
from procurement.audit_files.builder import MAX_ARCHIVE_GIGABYTES, progress_task_name
from procurement.audit_files.models import AuditFile
from procurement.audit_files.rules import DISCARD, REBUILD
from procurement.orders.models import Order
from procurement.orders.views.orders import find_order
from workflow import clock
from workflow.http.downloads import archive_response, denied_page, redirect_to_signed
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import run_action
from workflow.http.signed_urls import sign_for_request
from workflow.progress import read_progress


def audit_file_context(request: AuthenticatedRequest, thing: Order) -> dict[str, Any]:
    """Return the template context about the reader's own audit file of this order."""
    found = AuditFile.objects.visible_to(request.by).filter(order=thing).first()
    return {
        "bundle": found,
        "progress": read_progress(progress_task_name(found))
        if found is not None and found.is_waiting
        else None,
        "why": failure_reason(found) if found is not None and found.failure else "",
    }


def failure_reason(bundle: AuditFile) -> str:
    """Return the reason why the audit file could not be created, with advice."""
    return str(AuditFile.Failure(bundle.failure).label) % {"gigabytes": MAX_ARCHIVE_GIGABYTES}


@login_required
@require_POST
def new_audit_file(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Request the audit file of an order. A reader who has already requested it gets the existing one."""
    thing = find_order(request, reference)
    return run_action(
        request,
        lambda: request_audit_file(
            thing, author=request.user, language=request.user.language, by=request.by, at=clock.now()
        ),
        done=audit_file_url,
        template="http/transition.html",
        context={"thing": thing},
    )


@login_required
def redirect_to_audit_file(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the audit file on the documents page of its order."""
    return redirect(audit_file_url(_find_audit_file(request, pk)))


@login_required
def make_audit_file_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Create an audit file again, or delete it."""
    return run_move(request, _find_audit_file(request, pk), verb, AUDIT_FILE_MOVE_OPTIONS)


@login_required
def audit_file_download(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to a signed address of the finished file. 404 if there is no finished file."""
    found = _find_audit_file(request, pk)
    if found.status != AuditFile.Status.READY:
        raise Http404
    signed = sign_for_request(request.user, str(found))
    return redirect_to_signed(reverse("audit_file_download_signed", args=[pk, signed]))


@login_required
def audit_file_download_signed(request: AuthenticatedRequest, pk: int, signed: str) -> HttpResponseBase:
    """Download the finished audit file. Only the reader for whom the address was signed may do so."""
    found = _find_audit_file(request, pk)
    no = denied_page(request, signed, str(found), reverse("audit_file_download", args=[pk]))
    return no or archive_response(found.stored, str(found), "application/zip")


def audit_file_url(found: AuditFile) -> str:
    """Return the address of an audit file on the documents page of its order."""
    return f"{reverse('order_documents', args=[found.order.reference])}#bundle"


def _find_audit_file(request: AuthenticatedRequest, pk: int) -> AuditFile:
    return get_object_or_404(AuditFile.objects.visible_to(request.by).select_related("order"), pk=pk)


AUDIT_FILE_MOVE_OPTIONS = move_options(
    MoveOption(
        REBUILD, custom_action=lambda request, thing, make: make(thing, language=request.user.language)
    ),
    DISCARD,
    after=audit_file_url,
)
