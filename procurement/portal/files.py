"""Files that a contact may open by link: their own, and those that a city added for them.

The addresses are under the page of the link, because its cookie is limited to that path. They are
signed for the link, which is loaded with every request: when the link ends, they end too. A file may
contain personal data, so opening it needs the six-digit code.
"""

from typing import Any, NamedTuple

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.link_sessions import link_required
from accounts.models import User
from procurement.outreach.models.inquiries import Inquiry
from procurement.portal.history import inquiries_sent_to
from procurement.portal.link_pages import LinkRequest, files_added_by, permissions_of_link, person_of_link
from procurement.verification.models import VerificationTask
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.downloads import file_denied_response, file_response_or_page, redirect_to_signed
from workflow.http.signed_urls import check_signature, sign_for_reader
from workflow.uploads.models import FOR_CONTACT_KIND, File, FileQuerySet

type PortalObject = Inquiry | VerificationTask

MAX_FILES = 20  # limit of files on a contact's own page; the newest are kept


class PortalFile(NamedTuple):
    """File on a contact's page with its address; the address is empty while the file is not clean."""

    file: File
    url: str


def files_added_by_contact(
    thing: PortalObject, user: User, name: str, page: PortalObject | None = None
) -> list[PortalFile]:
    """Return the files this person added to the object. `name` is the URL name of the file page.

    Includes files that are not clean. `page` is the object that the link is for, if it is not `thing`.
    """
    return _with_urls(files_added_by(thing, user), name, (page or thing).reference)


def files_for_contact(thing: PortalObject, name: str) -> list[PortalFile]:
    """Return the files that a city added for the contact: to an inquiry, or to the checks of a company."""
    meant = _files_beside(thing).filter(kind=FOR_CONTACT_KIND, status=File.Status.CLEAN)
    return _with_urls(meant.order_by("pk"), name, thing.reference)


def newest_portal_files(user: User, pk: int) -> list[PortalFile]:
    """Return the newest files for a contact's own page: their own and those for them, of all cities."""
    return _with_urls(_files_of_person(user).order_by("-pk")[:MAX_FILES], "my_uploaded_file", pk)


def _with_urls(rows: Any, name: str, where: Any) -> list[PortalFile]:
    return [
        PortalFile(file, reverse(name, args=[where, file.key]) if file.status == File.Status.CLEAN else "")
        for file in rows
    ]


def _files_beside(thing: PortalObject) -> FileQuerySet:
    """Return the files of an inquiry, or of a check and the other checks on its page."""
    if isinstance(thing, Inquiry):
        return File.objects.about(thing)
    checks = VerificationTask.objects.asked_together_with(thing).values("pk")
    return File.objects.filter(thing_label=VerificationTask._meta.label_lower, thing_id__in=checks)


def _files_of_person(user: User) -> FileQuerySet:
    """Return the person's files and the files for them, of everything they were asked about.

    Files they added in another role are not included.
    """
    questions = Q(thing_label=Inquiry._meta.label_lower, thing_id__in=inquiries_sent_to(user).values("pk"))
    given = VerificationTask.objects.filter(contact__user=user, offered_at__isnull=False)
    checks = Q(thing_label=VerificationTask._meta.label_lower, thing_id__in=given.values("pk"))
    return File.objects.filter(questions | checks, Q(by=user) | Q(kind=FOR_CONTACT_KIND))


def _files_of_link_object(request: LinkRequest, kind: type[PortalObject], reference: str) -> Any:
    """Return the contact's files and the files for the contact, of the inquiry or checks of the link.

    404 for any other object than the link's.
    """
    thing = kind.objects.select_related("contact__user").filter(pk=request.link.thing_id).first()
    if thing is None:
        raise Http404
    permissions_of_link(request, thing, reference)
    user = person_of_link(request)
    return _files_beside(thing).filter(Q(by=user) | Q(kind=FOR_CONTACT_KIND))


def _files_of_own_page(request: LinkRequest, pk: int) -> FileQuerySet:
    if request.link.thing_id != pk:
        raise Http404
    return _files_of_person(person_of_link(request))


def _redirect_to_signed_file(
    request: LinkRequest, rows: FileQuerySet, name: str, where: Any, key: str
) -> HttpResponse:
    find_clean_file(rows, key)
    signed = sign_for_reader(key, link_signing_name(request), real_now())
    return redirect_to_signed(reverse(f"{name}_signed", args=[where, key, signed]))


def _signed_file_response(
    request: LinkRequest, rows: FileQuerySet, name: str, where: Any, key: str, signed: str
) -> HttpResponseBase:
    file = find_clean_file(rows, key)
    try:
        check_signature(signed, key, link_signing_name(request), real_now())
    except Refused as refused:
        return file_denied_response(request, refused, reverse(name, args=[where, key]))
    return file_response_or_page(request, file)


def find_clean_file(rows: FileQuerySet, key: str) -> File:
    """Return the clean file with this key, or raise 404."""
    return get_object_or_404(rows.filter(status=File.Status.CLEAN), key=key)


def link_signing_name(request: LinkRequest) -> str:
    """Return the name of the link, for which file addresses are signed."""
    return f"link-{request.link.pk}"


@link_required("procurement.inquiry", code=True)
def inquiry_file(request: LinkRequest, reference: str, key: str) -> HttpResponse:
    """Redirect to a file of an inquiry, at an address signed for the link."""
    return _redirect_to_signed_file(
        request, _files_of_link_object(request, Inquiry, reference), "portal_inquiry_file", reference, key
    )


@link_required("procurement.inquiry", code=True)
def inquiry_file_signed(request: LinkRequest, reference: str, key: str, signed: str) -> HttpResponseBase:
    """Return a file of an inquiry, if the address was signed for this link and has not expired."""
    return _signed_file_response(
        request,
        _files_of_link_object(request, Inquiry, reference),
        "portal_inquiry_file",
        reference,
        key,
        signed,
    )


@link_required("procurement.verificationtask", code=True)
def check_file(request: LinkRequest, reference: str, key: str) -> HttpResponse:
    """Redirect to a file of a check, at an address signed for the link."""
    return _redirect_to_signed_file(
        request,
        _files_of_link_object(request, VerificationTask, reference),
        "portal_check_file",
        reference,
        key,
    )


@link_required("procurement.verificationtask", code=True)
def check_file_signed(request: LinkRequest, reference: str, key: str, signed: str) -> HttpResponseBase:
    """Return a file of a check, if the address was signed for this link and has not expired."""
    rows = _files_of_link_object(request, VerificationTask, reference)
    return _signed_file_response(request, rows, "portal_check_file", reference, key, signed)


@link_required("partners.contact", code=True)
def own_page_file(request: LinkRequest, pk: int, key: str) -> HttpResponse:
    """Redirect to a file of the contact's own page, at an address signed for the link."""
    return _redirect_to_signed_file(request, _files_of_own_page(request, pk), "my_uploaded_file", pk, key)


@link_required("partners.contact", code=True)
def own_page_file_signed(request: LinkRequest, pk: int, key: str, signed: str) -> HttpResponseBase:
    """Return a file of the contact's own page, if the address is signed for this link and has not expired."""
    return _signed_file_response(
        request, _files_of_own_page(request, pk), "my_uploaded_file", pk, key, signed
    )
