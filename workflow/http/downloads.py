"""Redirects to signed addresses, and the responses with the bytes of files.

If a signed address does not work, a page explains why and links to a new one.
"""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.pages import render_page
from workflow.http.refusal_responses import http_status
from workflow.http.signed_urls import check_signature, reader_key
from workflow.uploads.generated_archives import archive_path
from workflow.uploads.models import File
from workflow.uploads.storage import clean_path


def redirect_to_signed(address: str) -> HttpResponseRedirect:
    """Redirect to a signed address.

    The redirect must not be stored, because the next one leads to another address.
    """
    answer = HttpResponseRedirect(address)
    answer["Cache-Control"] = "private, no-store"
    return answer


def file_response(file: File) -> FileResponse:
    """Return a clean file as a download that the browser never runs.

    The caller has found the file by `visible_to`. Raises 404 if it is not clean. Refuses a file whose bytes
    are not those that were found clean.
    """
    if file.status != File.Status.CLEAN:
        raise Http404
    bytes_of = clean_path(file).open("rb")
    answer = FileResponse(bytes_of, as_attachment=True, filename=file.name, content_type=file.content_type)
    return set_security_headers(answer, "private, no-store")


def file_response_or_page(request: HttpRequest, file: File) -> HttpResponseBase:
    """Return a clean file, or the page that explains why its bytes are not served."""
    try:
        return file_response(file)
    except Refused as refused:
        return file_denied_response(request, refused, "")


def archive_response(stored: str, name: str, content_type: str) -> FileResponse:
    """Return an archive that this program wrote, as a streamed download.

    Raises 404 if the file is missing.
    """
    place = archive_path(stored)
    if not stored or not place.is_file():
        raise Http404
    answer = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    return set_security_headers(answer, "private, no-store")


def file_denied_response(request: HttpRequest, refused: Refused, again: str) -> HttpResponse:
    """Return the page of an address that gives no file.

    It explains what happened and links to a new address at `again`, which checks the rights again. `again` is
    empty if a new address would not help.
    """
    context = {"refused": refused, "again": again}
    answer = render_page(request, "http/file_address.html", context, status=http_status(refused))
    answer["Cache-Control"] = "private, no-store"
    return answer


def denied_page(request: HttpRequest, signed: str, key: str, again: str) -> HttpResponse | None:
    """Return the page that explains why a signed address does not work, or None if it works.

    The reader is the signed-in person. The page links to a new address.
    """
    try:
        check_signature(signed, key, reader_key(request.user), real_now())
    except Refused as refused:
        return file_denied_response(request, refused, again)
    return None


def set_security_headers[R: HttpResponseBase](answer: R, keep: str) -> R:
    """Set the headers so that nothing in the response runs or opens anything.

    This holds even if a person opens its address directly. `keep` is the value of Cache-Control.
    """
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = keep
    return answer
