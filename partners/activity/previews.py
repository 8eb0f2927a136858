"""Addresses of the pages of files as pictures: small beside the facts that the file proves, and large behind a link.

Our own pages use the signed address of a picture (`{% page_picture %}`), which saves a redirect. The plain
address redirects to it.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from partners.activity.context import readable_file
from partners.authenticated_requests import AuthenticatedRequest
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.downloads import file_denied_response, redirect_to_signed, set_security_headers
from workflow.http.refusal_responses import http_status
from workflow.http.signed_urls import check_signature, reader_key, sign_for_request
from workflow.uploads import previews
from workflow.uploads.models import File
from workflow.uploads.previews import PreviewBusy, preview

RETRY_AFTER_SECONDS = 60  # Retry-After for a picture that cannot be drawn at once


@login_required
def file_page_picture(request: AuthenticatedRequest, key: str, number: int, size: str) -> HttpResponse:
    """Redirect to the picture of a page of a clean file, at an address signed for the reader.

    404 for a page that the file does not have, and for a file the reader may not see.
    """
    _get_file_or_404(request, key, number, size)
    signed = sign_for_request(request.user, key)
    return redirect_to_signed(reverse("file_page_signed", args=[key, signed, number, size]))


@login_required
def signed_file_page_picture(
    request: AuthenticatedRequest, key: str, signed: str, number: int, size: str
) -> HttpResponseBase:
    """Return a page of a clean file as a picture, to the reader for whom the address was signed.

    The reader must still have access to the file. 404 for a page that the file does not have. If a page
    cannot be drawn, the answer is a picture with an explanation and status 422; status 429 while other pages
    are being drawn. An address that is no longer valid gives such a picture inside a page, and an explaining
    page if it is opened directly.
    """
    file = _get_file_or_404(request, key, number, size)
    try:
        check_signature(signed, key, reader_key(request.user), real_now())
    except Refused as refused:
        if request.headers.get("Sec-Fetch-Dest") == "image":
            return _placeholder_picture(request, "over", status=http_status(refused))
        return file_denied_response(request, refused, reverse("file_page", args=[key, number, size]))
    return _picture_response(request, file, number, size)


def _get_file_or_404(request: AuthenticatedRequest, key: str, number: int, size: str) -> File:
    file = readable_file(request, key)
    if size not in previews.PREVIEW_WIDTHS or not 1 <= number <= file.pages:
        raise Http404
    return file


def _picture_response(request: HttpRequest, file: File, number: int, size: str) -> HttpResponse:
    try:
        place = preview(file, number, "small" if size == "small" else "large")
    except PreviewBusy:
        answer = _placeholder_picture(request, "busy", status=429)
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    if place is None:
        return _placeholder_picture(request, "broken", status=422)
    shown = HttpResponse(place.read_bytes(), content_type="image/webp")
    shown["Content-Disposition"] = "inline"
    return set_security_headers(shown, "private, max-age=3600")


def _placeholder_picture(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    """Return a picture with the reason why the page cannot be shown."""
    text = {"why": reason}
    response = render(request, "components/no_page.html", text, content_type="image/svg+xml", status=status)
    return set_security_headers(response, "no-store")
