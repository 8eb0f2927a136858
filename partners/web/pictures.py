"""Pages of files as pictures of our own, for whoever may read the file: beside the facts they prove, and large by a link.

Pages of ours name the signed address of a picture (`{% page_picture %}`), which saves a way; the plain one leads to it.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse

from partners.visit import Visit
from partners.web.record import readable
from workflow.clock import real_now
from workflow.documents import pages
from workflow.documents.pages import Busy, picture_of
from workflow.doors.files import addresses, handing
from workflow.doors.files.addresses import sign_for
from workflow.doors.files.handing import lead_on, say_why
from workflow.doors.refusals import status_of
from workflow.errors import Refused
from workflow.models.evidence import File

SECONDS = 60  # after which the same address gives a page that could not be drawn at once


@login_required
def file_page(request: Visit, key: str, number: int, size: str) -> HttpResponse:
    """One page of a clean file the reader may see: on to the picture, at an address signed for them. 404 for a page it has not."""
    _find(request, key, number, size)
    signed = sign_for(request.user, key)
    return lead_on(reverse("file_page_signed", args=[key, signed, number, size]))


@login_required
def file_page_signed(request: Visit, key: str, signed: str, number: int, size: str) -> HttpResponseBase:
    """One page of a clean file, as a picture, to whom the address was signed for and who may still read it. 404 for a page it has not.

    What cannot be drawn is a picture as well, which says so and what to do, with the status 422; 429 while others are being drawn. So
    is an address that has ended, where a page shows it; where somebody opened it by itself, a page says so.
    """
    file = _find(request, key, number, size)
    try:
        addresses.judge(signed, key, addresses.reader(request.user), real_now())
    except Refused as refused:
        if request.headers.get("Sec-Fetch-Dest") == "image":
            return _instead(request, "over", status=status_of(refused))
        return say_why(request, refused, reverse("file_page", args=[key, number, size]))
    return _shown(request, file, number, size)


def _find(request: Visit, key: str, number: int, size: str) -> File:
    file = readable(request, key)
    if size not in pages.WIDTHS or not 1 <= number <= file.pages:
        raise Http404
    return file


def _shown(request: HttpRequest, file: File, number: int, size: str) -> HttpResponse:
    try:
        place = picture_of(file, number, "small" if size == "small" else "large")
    except Busy:
        answer = _instead(request, "busy", status=429)
        answer["Retry-After"] = str(SECONDS)
        return answer
    if place is None:
        return _instead(request, "broken", status=422)
    shown = HttpResponse(place.read_bytes(), content_type="image/webp")
    shown["Content-Disposition"] = "inline"
    return handing.guarded(shown, "private, max-age=3600")


def _instead(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    """A picture that says why there is none."""
    words = {"why": why}
    answer = render(request, "components/no_page.html", words, content_type="image/svg+xml", status=status)
    return handing.guarded(answer, "no-store")


urlpatterns = [
    path("files/<slug:key>/pages/<int:number>/<slug:size>.webp", file_page, name="file_page"),
    path(
        "files/<slug:key>/at/<str:signed>/pages/<int:number>/<slug:size>.webp",
        file_page_signed,
        name="file_page_signed",
    ),
]
