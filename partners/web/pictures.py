"""Pages of files as pictures of our own, for whoever may read the file: beside the facts they prove, and large by a link."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path

from partners.visit import Visit
from workflow import documents
from workflow.models import File

SECONDS = 60  # after which the same address gives a page that could not be drawn at once


@login_required
def file_page(request: Visit, key: str, number: int, size: str) -> HttpResponseBase:
    """One page of a clean file the reader may see, as a picture. 404 for a page that it does not have.

    What cannot be drawn is a picture as well, which says so and what to do, with the status 422; 429 while others are being drawn.
    """
    file = get_object_or_404(File.objects.visible_to(request.by).filter(status=File.Status.CLEAN), key=key)
    if size not in documents.pages.WIDTHS or not 1 <= number <= file.pages:
        raise Http404
    try:
        place = documents.pages.picture_of(file, number, size)
    except documents.pages.Busy:
        answer = _instead(request, busy=True, status=429)
        answer["Retry-After"] = str(SECONDS)
        return answer
    if place is None:
        return _instead(request, busy=False, status=422)
    shown = HttpResponse(place.read_bytes(), content_type="image/webp")
    shown["Content-Disposition"] = "inline"
    return _guarded(shown, "private, max-age=3600")


def _instead(request: HttpRequest, *, busy: bool, status: int) -> HttpResponse:
    words = {"busy": busy}
    answer = render(request, "components/no_page.html", words, content_type="image/svg+xml", status=status)
    _guarded(answer, "no-store")
    return answer


def _guarded[R: HttpResponseBase](answer: R, keep: str) -> R:
    """Nothing in it runs or opens anything, whoever opens it by its address."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = keep
    return answer


urlpatterns = [
    path("files/<slug:key>/pages/<int:number>/<slug:size>.webp", file_page, name="file_page"),
]
