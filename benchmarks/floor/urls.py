"""The floor's addresses: those of the API."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.floor.reading import detail, listed
from benchmarks.floor.statements import LISTS
from benchmarks.floor.writing import create, post


def healthz(request: HttpRequest) -> HttpResponse:
    """It answers."""
    return HttpResponse("ok", headers={"Content-Length": "2"})


def needs(request: HttpRequest) -> HttpResponse:
    """The list, or a new one."""
    return create(request) if request.method == "POST" else listed(request, "supply-requests")


urlpatterns = [
    path("healthz", healthz),
    path("api/v1/supply-requests/", needs),
    path("api/v1/supply-requests/<str:reference>/", detail),
    path("api/v1/supply-requests/<str:reference>/post/", post),
    *(path(f"api/v1/{name}/", listed, {"collection": name}) for name in LISTS if name != "supply-requests"),
]
