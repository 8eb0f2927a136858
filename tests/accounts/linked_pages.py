"""Pages of a made-up object to which links lead, registered with the hook of accounts like real pages."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from accounts.hooks import LinkPage
from accounts.link_sessions import link_required
from accounts.models import ActionLink
from accounts.throttling import FORM_SUBMIT_LIMIT, throttle

LINKED_OBJECT = "partners.contact"
SETTLED_OBJECT = 404  # the number of an object about which nothing is open any more


def describe(link: ActionLink) -> LinkPage | None:
    """Return the text of the first page of a link; None for the object that is settled."""
    if link.thing_id == SETTLED_OBJECT:
        return None
    return LinkPage(
        requesting_office="City of Burnaby, Purchasing",
        subject="Who makes N95 respirators?",
        continue_url=f"/answer/{link.thing_id}/",
        due_at=datetime(2020, 4, 20, 16, 0, tzinfo=UTC),
        office_email="purchasing@burnaby.example",
    )


class LinkRequest(HttpRequest):
    """A request that came through a link."""

    link: ActionLink


@link_required(LINKED_OBJECT)
@throttle(FORM_SUBMIT_LIMIT, "POST")
def answer(request: LinkRequest, number: int) -> HttpResponse:
    where = f"{request.LANGUAGE_CODE}, {timezone.get_current_timezone_name()}"
    return HttpResponse(f"{request.method} {request.link} number {number} in {where}")


@link_required(LINKED_OBJECT, code=True)
def stored(request: LinkRequest, number: int) -> HttpResponse:
    return HttpResponse(f"stored about {request.link.user.name}")


urlpatterns = [
    path("", include("config.urls")),
    path("answer/<int:number>/", answer, name="portal_inquiry"),
    path("answer/<int:number>/stored/", stored, name="stored"),
    path("elsewhere/<int:number>/", answer, name="elsewhere"),
]
