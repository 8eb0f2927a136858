"""What the pages of a contact share: the person acting by link, on one thing, and the photos they add."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse

from accounts import limits
from accounts.models import Link, User
from accounts.web.limited import too_many, whom
from partners.models.people import Contact
from partners.rules.powers import Powers, powers_by_link
from partners.visit import Visit
from procurement.leads import showing
from procurement.shipments.gathering.handing import acting_for
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.rules.handing import OVER, STANDING, Bringer
from workflow import clock
from workflow.actors import Actor
from workflow.clock import real_now
from workflow.doors.refusals import status_of
from workflow.errors import Refused
from workflow.models.evidence import File
from workflow.models.tracked import Tracked
from workflow.moves import moves_of


class ByLink(Visit):
    """A request that came through a link: `link_required` sets it."""

    link: Link


def acting(request: ByLink, thing: Any, reference: str) -> Powers:
    """What the link's person may do: answer about this one thing, as the contact it names. 404 for any other thing."""
    contact: Contact | None = thing.contact
    mine = thing.pk == request.link.thing_id and thing.reference == reference
    if not mine or contact is None or contact.user_id != request.link.user_id:
        raise Http404
    return powers_by_link(request.link.user, contact, (thing._meta.label_lower, thing.pk))


def called(request: ByLink, reference: str) -> tuple[PaperCall, Bringer]:
    """The call for papers of the link, and who acts by it. 404 for another, one that was taken back, and goods whose way ended."""
    rows = PaperCall.objects.select_related("shipment", "city", "person", "supplier").filter(
        pk=request.link.thing_id
    )
    call = rows.filter(reference=reference, person=request.link.user_id, status__in=STANDING).first()
    if call is None or call.shipment.status in OVER:
        raise Http404
    return call, acting_for(call)


def person(request: ByLink) -> User:
    """The person the link was made for."""
    return request.link.user


def photo(
    request: ByLink,
    thing: Tracked,
    by: Actor,
    power: str,
    again: Callable[[Refused | None], HttpResponse],
    *,
    kind: str = "photo",
) -> HttpResponse:
    """Take a file. The page's script sends each alone and gets 201 with its id, or a problem that says what is wrong with it;
    without the script the form itself comes, and `again` shows the page once more with what was typed. `kind`: what it is evidence
    of. One that cannot be read is named and may be taken again; those that came before it stay.
    """
    by_script = "application/json" in request.headers.get("Accept", "")
    # A form without the script sends the fields of all questions at once: each has its own.
    upload = request.FILES.get("file" if by_script or kind == "photo" else f"file-{kind}")
    if request.method != "POST" or upload is None:
        return JsonResponse({"title": "file"}, status=422) if by_script else again(None)
    try:
        limits.count(limits.PHOTOS, whom(request), real_now())
        file = showing.attach(thing, upload, by=by, at=clock.now(), kind=kind, power=power)
    except Refused as refused:
        if by_script:
            status = 429 if "retry_after" in refused.details else status_of(refused)
            return JsonResponse({"title": str(refused.message)}, status=status)
        return again(refused)
    return JsonResponse({"id": file.pk}, status=201) if by_script else again(None)


def refusal_status(refused: Refused | None) -> int:
    """The status of a page that is shown once more."""
    return status_of(refused) if refused is not None else 200


def too_often(request: ByLink) -> HttpResponse | None:
    """Count a completed form of this link: the page of somebody who sent more than ten within an hour, else None."""
    try:
        limits.count(limits.SUBMITS, whom(request), real_now())
    except Refused as refused:
        return too_many(request, refused)
    return None


def files_of(thing: Tracked, user: User) -> Any:
    """The files this person added to the thing."""
    return File.objects.about(thing).filter(by=user).order_by("pk")


def closed_to(thing: Tracked, verb: str, by: Powers) -> Refused | None:
    """Why this person can no longer do it: somebody closed the thing while they were writing. None where they can."""
    return moves_of(thing).by_verb[verb].refusal(by, thing, clock.now())


def open_to(thing: Tracked, by: Powers) -> frozenset[str]:
    """The verbs that are open to this person now: the only ones the page offers."""
    return frozenset(
        move.verb for move, closed in moves_of(thing).available(by, thing, clock.now()) if closed is None
    )
