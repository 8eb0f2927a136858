"""A thing that links may lead to, as a room above accounts would register it: what its first page says, and the page behind it."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.above import LinkPage
from accounts.limits import SUBMITS
from accounts.models import Link
from accounts.web.grants import link_required
from accounts.web.limited import limited

THING = "partners.contact"
SETTLED = 404  # the number of a thing that nothing is asked about any more


def describe(link: Link) -> LinkPage | None:
    """What the first page of a link says."""
    if link.thing_id == SETTLED:
        return None
    return LinkPage(
        asker="City of Burnaby, Purchasing",
        subject="Who makes N95 respirators?",
        url=f"/answer/{link.thing_id}/",
        until=datetime(2020, 4, 20, 16, 0, tzinfo=UTC),
        write_to="purchasing@burnaby.example",
    )


class LinkRequest(HttpRequest):
    """A request that came through a link."""

    link: Link


@link_required(THING)
@limited(SUBMITS, "POST")
def answer(request: LinkRequest, number: int) -> HttpResponse:
    return HttpResponse(f"{request.method} {request.link} number {number} in {request.LANGUAGE_CODE}")


@link_required(THING, code=True)
def stored(request: LinkRequest, number: int) -> HttpResponse:
    return HttpResponse(f"stored about {request.link.user.name}")


urlpatterns = [
    path("", include("config.urls")),
    path("answer/<int:number>/", answer, name="answer"),
    path("answer/<int:number>/stored/", stored, name="stored"),
    path("elsewhere/<int:number>/", answer, name="elsewhere"),
]
