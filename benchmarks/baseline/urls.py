"""URLs of the baseline server, which answers with hand-written SQL; they are the same as those of the API."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.baseline.reads import list_page, need_detail
from benchmarks.baseline.statements import LIST_STATEMENTS
from benchmarks.baseline.writes import create, post


def healthz(request: HttpRequest) -> HttpResponse:
    """Return "ok"."""
    return HttpResponse("ok", headers={"Content-Length": "2"})


def needs(request: HttpRequest) -> HttpResponse:
    """Return the list of needs, or create a need by POST."""
    return create(request) if request.method == "POST" else list_page(request, "supply-requests")


urlpatterns = [
    path("healthz", healthz),
    path("api/v1/supply-requests/", needs),
    path("api/v1/supply-requests/<str:reference>/", need_detail),
    path("api/v1/supply-requests/<str:reference>/post/", post),
    *(
        path(f"api/v1/{name}/", list_page, {"collection": name})
        for name in LIST_STATEMENTS
        if name != "supply-requests"
    ),
]
