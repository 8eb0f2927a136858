"""Shared parts of the pages behind a link: its actor and object, photo uploads, files, rate limits."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse

from accounts import throttling
from accounts.models import ActionLink, User
from accounts.throttling import client_key, throttled_response
from partners.authenticated_requests import AuthenticatedRequest
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions, permissions_by_link
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.queries import document_request_actor
from procurement.documents.rules.requests import STATUSES_WITH_WORKING_LINKS, SubmitterActor
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.shipments.models import Shipment
from workflow import clock
from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.refusal_responses import http_status
from workflow.moves import moves_of
from workflow.uploads.models import File


class LinkRequest(AuthenticatedRequest):
    """Request that came through a link. `link_required` sets `link`."""

    link: ActionLink


def permissions_of_link(request: LinkRequest, thing: Any, reference: str) -> Permissions:
    """Return the powers of the link's person: to answer about this one object, as the contact it names.

    404 for any other object or person.
    """
    contact: Contact | None = thing.contact
    mine = thing.pk == request.link.thing_id and thing.reference == reference
    if not mine or contact is None or contact.user_id != request.link.user_id:
        raise Http404
    return permissions_by_link(request.link.user, contact, (thing._meta.label_lower, thing.pk))


def linked_document_request(request: LinkRequest, reference: str) -> tuple[DocumentRequest, SubmitterActor]:
    """Return the document request of the link, and the actor who submits by it.

    404 for another request or person, a request that is closed, and a shipment that has ended.
    """
    rows = DocumentRequest.objects.select_related("shipment", "city", "person", "supplier").filter(
        pk=request.link.thing_id
    )
    document_request = rows.filter(
        reference=reference, person=request.link.user_id, status__in=STATUSES_WITH_WORKING_LINKS
    ).first()
    if document_request is None or document_request.shipment.status in Shipment.Status.settled:
        raise Http404
    return document_request, document_request_actor(document_request)


def person_of_link(request: LinkRequest) -> User:
    """Return the person the link was made for."""
    return request.link.user


def add_link_photo(
    request: LinkRequest,
    thing: JournaledModel,
    by: Actor,
    power: str,
    again: Callable[[Refused | None], HttpResponse],
    *,
    kind: str = "photo",
    name: str = "",
) -> HttpResponse:
    """Store an uploaded file and return the answer for the page.

    The page's script sends each file alone and gets 201 with its id, or a JSON problem with the reason.
    Without the script, the whole form arrives, and `again` shows the page with what was typed. `kind` is
    what the file is evidence for. `name` is the file field in the form that is sent without the script, by
    default one for each `kind`. A refused file leaves the files stored before it untouched.
    """
    by_script = "application/json" in request.headers.get("Accept", "")
    # A form without the script sends the file fields of all questions at once, so each question has its own.
    own = name or ("file" if kind == "photo" else f"file-{kind}")
    upload = request.FILES.get("file" if by_script else own)
    if request.method != "POST" or upload is None:
        return JsonResponse({"title": "file"}, status=422) if by_script else again(None)
    try:
        throttling.count_use(throttling.PHOTO_LIMIT, client_key(request), real_now())
        file = attach_file_and_flag_companies(thing, upload, by=by, at=clock.now(), kind=kind, power=power)
    except Refused as refused:
        if by_script:
            status = 429 if "retry_after" in refused.details else http_status(refused)
            return JsonResponse({"title": str(refused.message)}, status=status)
        return again(refused)
    return JsonResponse({"id": file.pk}, status=201) if by_script else again(None)


def refusal_status(refused: Refused | None) -> int:
    """Return the HTTP status for a page that is shown again: that of the refusal, or 200."""
    return http_status(refused) if refused is not None else 200


def throttled_page(request: LinkRequest) -> HttpResponse | None:
    """Count a completed form of this link. After ten within an hour, return the error page; else None."""
    try:
        throttling.count_use(throttling.FORM_SUBMIT_LIMIT, client_key(request), real_now())
    except Refused as refused:
        return throttled_response(request, refused)
    return None


def files_added_by(thing: JournaledModel, user: User) -> Any:
    """Return the files this person added to the object."""
    return File.objects.about(thing).filter(by=user).order_by("pk")


def refusal_of_move(thing: JournaledModel, verb: str, by: Permissions) -> Refused | None:
    """Return why this person may no longer make the move, or None if they may.

    The object may have been closed while they were writing.
    """
    return moves_of(thing).by_verb[verb].refusal(by, thing, clock.now())


def open_verbs_of(thing: JournaledModel, by: Permissions) -> frozenset[str]:
    """Return the verbs that are open to this person now. The page offers only these."""
    return frozenset(
        move.verb for move, closed in moves_of(thing).available(by, thing, clock.now()) if closed is None
    )
