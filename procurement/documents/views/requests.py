"""Pages of document requests: choose a person, preview the message, send it, and follow the request."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_POST

from accounts.models import Language, User
from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.models import Contact
from partners.contacts.working_hours import next_working_day
from partners.powers import Power
from procurement.documents.actions.requests import copy_request_link, request_documents
from procurement.documents.forms import DocumentOwner, DocumentRequestForm, ResponsibleParty, owner_key
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.queries import requested_documents
from procurement.documents.rules.requests import CANCEL, REMIND
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.notifications.mail_text import WrittenMail, due_time_values, render_mail
from procurement.shipments.models import Shipment
from procurement.shipments.views.shipment import find_shipment
from workflow import clock
from workflow.clock import real_now
from workflow.http.move_views import move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.outbox.queue import LINK_PLACEHOLDER
from workflow.outbox.quiet_hours import time_zone_named


def _owners(shipment: Shipment) -> dict[str, DocumentOwner]:
    """Return the owners, except the city, of documents that the shipment still needs, by role."""
    documents = shipment.documents.exclude(owner=ResponsibleParty.CITY).exclude(
        status__in=CustomsDocument.Status.void
    )
    owed = {
        (document.owner, document.supplier_id): document.supplier
        for document in documents.select_related("supplier").order_by("pk")
    }
    return {
        owner_key(*whose): DocumentOwner(ResponsibleParty(whose[0]), owed[whose])
        for whose in sorted(owed, key=lambda one: list(ResponsibleParty).index(ResponsibleParty(one[0])))
    }


@login_required
def new_document_request(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the form of a document request, then a preview of the message, then send it.

    Requires the power SHIP.
    """
    thing = find_shipment(request, reference)
    require_permission(request, Power.SHIP, thing)
    role = request.GET.get("role", "")
    sent = request.POST if request.method == "POST" else None
    whose = _owners(thing)
    known = _suggested_persons(request, thing, whose)
    form = DocumentRequestForm(sent, whose, known.get(role, {"role": role, "language": Language.EN}))
    context: dict[str, Any] = {"shipment": thing, "form": form, "known": list(known.values())}
    if not form.is_valid():
        return render_page(
            request, "documents/request_form.html", context, status=422 if form.is_bound else 200
        )
    context["letters"] = _message_previews(request, thing, form)
    if "send" not in request.POST:
        return render_page(request, "documents/request_form.html", context)
    return run_action(
        request,
        lambda: request_documents(thing, **form.facts, author=request.user, by=request.by, at=clock.now()),
        done=lambda document_request: document_request.get_absolute_url(),
        template="documents/request_form.html",
        context=context,
    )


def _suggested_persons(
    request: AuthenticatedRequest, thing: Shipment, whose: dict[str, DocumentOwner]
) -> dict[str, dict[str, Any]]:
    """Return the persons to propose, by owner: the assigned broker, the contact who helped, the suppliers."""
    found: dict[str, dict[str, Any]] = {}
    if thing.broker is not None:
        found[ResponsibleParty.BROKER] = _person_facts(ResponsibleParty.BROKER, thing.broker)
    seen = Contact.objects.visible_to(request.by).select_related("user")
    helper = seen.filter(pk=thing.contact_id).first() if thing.contact_id is not None else None
    if helper is not None:
        found[ResponsibleParty.CONTACT] = _person_facts(ResponsibleParty.CONTACT, helper.user)
    for key, one in whose.items():
        if one.supplier is not None and one.supplier.email:
            found[key] = {
                "role": key,
                "name": str(one.supplier),
                "email": one.supplier.email,
                "language": Language.ZH_HANS if one.supplier.country == "CN" else Language.EN,
            }
    return found


def _person_facts(role: str, user: Any) -> dict[str, Any]:
    return {"role": role, "name": user.name, "email": user.email, "language": user.language}


def _message_previews(
    request: AuthenticatedRequest, thing: Shipment, form: DocumentRequestForm
) -> list[tuple[str, WrittenMail]]:
    """Return the message in the person's language, and in the reader's to compare."""
    facts = form.facts
    facts_shown = {name: facts[name] for name in ("role", "supplier", "note")}
    person = User.objects.filter(email=facts["email"].strip().lower()).first() or User(email=facts["email"])
    due_on = next_working_day(person, facts["due_on"]) if facts["due_on"] else None
    document_request = DocumentRequest(
        shipment=thing, city=thing.city, person=person, due_on=due_on, **facts_shown
    )
    languages = dict.fromkeys((facts["language"], request.user.language))
    return [(language, _message_text(document_request, facts["name"], language)) for language in languages]


def _message_text(document_request: DocumentRequest, name: str, language: str, url: str = "") -> WrittenMail:
    """Return the message, with its due date in the local time of the person.

    `url` is the link; without it, a placeholder is in its place.
    """
    with translation.override(language):
        by_when = due_time_values(
            document_request, clock.now(), time_zone_named(document_request.person.time_zone)
        )
        mail = render_mail("documents_requested", {"thing": document_request, "addressed": name, **by_when})
        return WrittenMail(
            mail.subject, mail.body.replace(LINK_PLACEHOLDER, url or translation.gettext("(your link)"))
        )


@login_required
def document_request_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show a document request: the person, the documents received, and the state of the messages."""
    thing = _find_document_request(request, reference)
    context = {
        "document_request": thing,
        "powers": request.by,
        "asked": requested_documents(thing),
        "mails": mail_statuses_of(thing),
        "may_copy": request.by.may(Power.SHIP, thing) and thing.status != DocumentRequest.Status.CANCELLED,
    }
    return render_page(request, "documents/request_detail.html", context | activity_context(request, thing))


@login_required
@require_POST
def copy_document_request(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the message with a new link, for the officer to send by hand. The journal names the officer.

    Requires the power SHIP.
    """
    thing = _find_document_request(request, reference)
    require_permission(request, Power.SHIP, thing)

    def done(url: str) -> HttpResponse:
        text = _message_text(thing, thing.name, thing.person.language, url).body
        return render_page(
            request, "documents/request_copied.html", {"document_request": thing, "text": text}
        )

    return run_action(
        request,
        lambda: copy_request_link(
            thing, user=request.user, by=request.by, at=clock.now(), real_at=real_now()
        ),
        done=done,
        template="documents/request_copied.html",
        context={"document_request": thing},
    )


@login_required
def document_request_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Make a move on a document request."""
    return run_move(request, _find_document_request(request, reference), verb, DOCUMENT_REQUEST_MOVE_OPTIONS)


def _find_document_request(request: AuthenticatedRequest, reference: str) -> DocumentRequest:
    rows = with_mail_status(DocumentRequest.objects.visible_to(request.by), request.by)
    thing: DocumentRequest = get_object_or_404(
        rows.select_related("shipment", "city", "person", "author", "supplier"), reference=reference
    )
    return thing


DOCUMENT_REQUEST_MOVE_OPTIONS = move_options(REMIND, CANCEL)
