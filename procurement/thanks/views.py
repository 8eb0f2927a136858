"""Pages of the thank-you of an order: messages, photo, letter and certificate, sent in one step."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.exports.list_columns import THANK_YOU_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.shared_texts import usual_language_pair
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.orders.views.order_summary import goods_text_by_order
from procurement.thanks.actions import send_thank_you
from procurement.thanks.forms import ArrivalPhotoForm, ThankYouMessagesForm
from procurement.thanks.models import ThankYou, ThankYouMessage
from procurement.thanks.queries import (
    accepts_mail,
    arrival_summary,
    helpers_of,
    photo_choices,
    shipment_lines_by_order,
    thank_you_documents,
)
from procurement.thanks.rules import CHOOSE_PHOTO, RESUME, SEND, SKIP
from workflow import clock
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.uploads.file_types import Upload
from workflow.uploads.models import File

DETAIL_RELATIONS = (
    "city",
    "order__city",
    "order__supplier",
    "order__donor_city",
    "order__contact",
    "shipment",
    "photo",
)
TEMPLATE = "thanks/detail.html"


@login_required
def thank_yous(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every thank-you of the reader's cities, newest first, as a page, CSV or XLSX."""
    rows = ThankYou.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    if is_file_requested(request):
        return file_response(request, "thanks", THANK_YOU_COLUMNS, rows, request.GET["as"])
    page = paginate(request, rows)
    goods = goods_text_by_order(thank_you.order for thank_you in page)
    context = {
        "page": page,
        "listed": [(thank_you, goods[thank_you.order_id] or thank_you.order.reference) for thank_you in page],
    }
    return render_page(request, "thanks/list.html", context)


@login_required
def thank_you_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one thank-you: what is ready to be sent, or what was sent."""
    thank_you = _find_thank_you(request, reference)
    return render_page(request, TEMPLATE, _page_context(request, thank_you, None))


@login_required
def thank_you_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Make a move on a thank-you. The move `send` takes the messages from the page."""
    thank_you = _find_thank_you(request, reference)
    if (
        verb != "send"
        or request.method != "POST"
        or SEND.refusal(request.by, thank_you, clock.now()) is not None
    ):
        return run_move(
            request, thank_you, verb, THANK_YOU_MOVE_OPTIONS | move_options(_choose_photo_option(request))
        )
    order = thank_you.order
    form = ThankYouMessagesForm(request.POST, thank_you, helpers_of(order), arrival_summary(order))
    if not form.is_valid():
        return render_page(request, TEMPLATE, _page_context(request, thank_you, form), status=422)
    return run_action(
        request,
        lambda: send_thank_you(
            thank_you,
            form.texts_to_send,
            language_pair=usual_language_pair(DocumentRecord(None, thank_you.order, clock.now())),
            author=request.user,
            by=request.by,
            at=clock.now(),
        ),
        done=thank_you.get_absolute_url(),
        template=TEMPLATE,
        context=lambda: _page_context(request, thank_you, form),
    )


@login_required
def thank_you_message_redirect(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the thank-you that contains this message."""
    rows = ThankYouMessage.objects.visible_to(request.by).select_related("thank_you")
    return redirect(get_object_or_404(rows, pk=pk).thank_you)


def _page_context(
    request: AuthenticatedRequest, thank_you: ThankYou, form: ThankYouMessagesForm | None
) -> dict[str, Any]:
    order = thank_you.order
    helped, arrived = helpers_of(order), arrival_summary(order)
    ready = thank_you.status == ThankYou.Status.READY
    created = thank_you_documents(order)
    context = {
        "thank_you": thank_you,
        "order": order,
        "goods": goods_text_by_order([order])[order.pk] or order.reference,
        "powers": request.by,
        "silent": [one.contact for one in helped if not accepts_mail(one.contact)],
        "arrived": arrived,
        "documents": [
            (GeneratedDocument.Kind(kind).label, created.get(kind))
            for kind in (GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE)
        ],
        "is_gift": order.kind == "donation",
        "papers_url": reverse("order_documents", args=[order.reference]),
        "thank_you_messages": list(
            thank_you.messages.select_related("contact__user", "contact__city").order_by("pk")
        ),
        "may_send": SEND.refusal(request.by, thank_you, clock.now()) is None,
    }
    if ready:
        context["travels"] = shipment_lines_by_order([order.pk]).get(order.pk, [])
        context["form"] = form or ThankYouMessagesForm(None, thank_you, helped, arrived)
        if CHOOSE_PHOTO.refusal(request.by, thank_you, clock.now()) is None:
            photo = context["photo_form"] = ArrivalPhotoForm(
                None, thank_you, photo_choices(order, request.by)
            )
            photo.thing = thank_you
    return context | activity_context(request, thank_you)


def _find_thank_you(request: AuthenticatedRequest, reference: str) -> ThankYou:
    rows = ThankYou.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS)
    return get_object_or_404(rows, reference=reference)


def _choose_photo_option(request: AuthenticatedRequest) -> MoveOption:
    """Return the step that chooses a photo: one of these goods that the reader may see, or a new one.

    A new photo is attached to the shipment.
    """

    def act(
        _request: AuthenticatedRequest,
        thing: ThankYou,
        make: Callable[..., ThankYou],
        upload: Upload | None,
        photo: File | None,
        **facts: Any,
    ) -> ThankYou:
        if upload is not None:
            photo = attach_file_and_flag_companies(thing.shipment, upload, by=request.by, at=clock.now())
        return make(thing, photo=photo, **facts)

    return MoveOption(
        CHOOSE_PHOTO,
        custom_action=act,
        form=lambda data, thank_you: ArrivalPhotoForm(
            data, thank_you, photo_choices(thank_you.order, request.by), request.FILES if data else None
        ),
    )


THANK_YOU_MOVE_OPTIONS = move_options(
    MoveOption(SEND, custom_action=lambda request, thing, make: None),  # from the messages on the page itself
    MoveOption(SKIP, hint=_("No message is sent. You can reopen the thank-you later.")),
    RESUME,
)
