"""Pages behind the link of a purchase order: the order in short, its document, and the supplier's answer."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from accounts.link_sessions import activate_locale, link_required
from accounts.models import User
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.views import pdf_response
from procurement.orders.acknowledgements.actions.answers import confirm_by_link, decline_order, propose_terms
from procurement.orders.acknowledgements.forms import (
    AnswerForm,
    ConfirmOrderForm,
    DeclineOrderForm,
    ProposeTermsForm,
)
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.queries import may_open, needed_by, terms_version
from procurement.orders.acknowledgements.rules import SellerActor, is_link_open, is_receipt_shown
from procurement.orders.rules.purchase_orders import current_purchase_order
from procurement.portal.files import link_signing_name
from procurement.portal.link_pages import LinkRequest, throttled_page
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.downloads import file_denied_response, redirect_to_signed
from workflow.http.pages import render_page, run_action
from workflow.http.signed_urls import check_signature, sign_for_reader

TEMPLATE = "orders/acknowledgements/portal/order.html"
FORMS: dict[str, type[AnswerForm]] = {
    "confirm": ConfirmOrderForm,
    "propose": ProposeTermsForm,
    "decline": DeclineOrderForm,
}
ANSWERS: dict[str, Callable[..., OrderAcknowledgement]] = {
    "confirm": confirm_by_link,
    "propose": propose_terms,
    "decline": decline_order,
}
order_link_required = link_required("procurement.orderacknowledgement")


@order_link_required
def linked_order_page(request: LinkRequest, reference: str) -> HttpResponse:
    """Show the order in short and the three answers; once it is confirmed by link, only what was answered."""
    acknowledgement, _by = _find_linked_order(request, reference)
    return render_page(request, TEMPLATE, _order_context(acknowledgement))


@order_link_required
def answer_order(request: LinkRequest, reference: str, verb: str) -> HttpResponse:
    """Record one answer of the supplier. Shows the page again with what was typed, if it is refused."""
    acknowledgement, by = _find_linked_order(request, reference)
    if verb not in FORMS:
        raise Http404
    form = _form_of(verb, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = _order_context(acknowledgement, verb, form)
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: ANSWERS[verb](acknowledgement, **form.cleaned_data, by=by, at=clock.now()),
        done=reverse("portal_order", args=[reference]),
        template=TEMPLATE,
        context=lambda: _order_context(_find_linked_order(request, reference)[0], verb, form),
    )


@order_link_required
def redirect_to_order_document(request: LinkRequest, reference: str) -> HttpResponse:
    """Redirect to an address of the purchase order's PDF, signed for the link."""
    found = _find_document(_find_linked_order(request, reference)[0])
    signed = sign_for_reader(str(found), link_signing_name(request), real_now())
    return redirect_to_signed(reverse("portal_order_document_signed", args=[reference, signed]))


@order_link_required
def signed_order_document(request: LinkRequest, reference: str, signed: str) -> HttpResponse:
    """Return the PDF of the purchase order as it was printed, if the address is valid for this link."""
    found = _find_document(_find_linked_order(request, reference)[0])
    try:
        check_signature(signed, str(found), link_signing_name(request), real_now())
    except Refused as refused:
        again = reverse("portal_order_document", args=[reference])
        return file_denied_response(request, refused, again)
    return pdf_response(found, shown=True)


def _find_linked_order(request: LinkRequest, reference: str) -> tuple[OrderAcknowledgement, SellerActor]:
    """Return the acknowledgement of the link, and the actor who answers by it.

    404 for another order, a link that opens nothing any more, and an order that waits for no answer, unless it was
    confirmed by link and is in force. While no address is known, the officer who copied the link is its holder; the page
    is then in the language of the supplier.
    """
    rows = OrderAcknowledgement.objects.select_related("order__supplier", "order__city", "city")
    found = rows.filter(pk=request.link.thing_id, reference=reference).first()
    if found is None or not may_open(found, request.link):
        raise Http404
    if not (is_link_open(found) or is_receipt_shown(found)):
        raise Http404
    if found.person_id is None:
        activate_locale(request, User(language=found.language, time_zone=found.city.zone.key))
    copier = request.link.copied_by_id
    return found, SellerActor(found, request.link.user_id if copier is None else None, copier)


def _order_context(
    acknowledgement: OrderAcknowledgement, verb: str = "", form: AnswerForm | None = None
) -> dict[str, Any]:
    """Return the content of the page. `form` is the form that was sent, of the answer `verb`."""
    if not is_link_open(acknowledgement):
        return {"acknowledgement": acknowledgement, "order": acknowledgement.order}
    order = acknowledgement.order
    document = current_purchase_order(order)
    if document is None:
        return {"acknowledgement": acknowledgement, "order": order, "is_open": True}
    day = order.promised_on or needed_by(document)
    answers = {
        one: _form_of(one, initial={"delivery_on": day} if one == "confirm" else None) for one in FORMS
    }
    if form is not None:
        answers[verb] = form
    return {
        "acknowledgement": acknowledgement,
        "order": order,
        "is_open": True,
        "version": terms_version(acknowledgement),
        "document": document,
        "words": _words_of(document),
        "answers": answers,
        "form": form,
        "opened": verb,
    }


def _form_of(verb: str, data: Any = None, *, initial: dict[str, Any] | None = None) -> AnswerForm:
    """Return the form of an answer. The three are on one page, so the ids of their fields begin with the answer."""
    return FORMS[verb](data, initial=initial, auto_id=f"{verb}_%s")


def _words_of(document: GeneratedDocument) -> dict[str, Any]:
    """Return the document's words in the reader's language, else in its last one, without the account.

    `opening` has the blocks before the first heading: parties, terms, goods and sums. `sections` has one row for each
    heading, `{"title", "blocks"}`. Each cell of a table comes with the name of its column, which a phone shows above it.
    """
    texts = document.file.words["languages"]
    short = get_language()[:2]
    words = next((one for one in texts if one["language"] == short), texts[-1])
    opening: list[dict[str, Any]] = []
    sections: list[dict[str, Any]] = []
    for block in words["blocks"]:
        if block["kind"] == "heading":
            sections.append({"title": block["text"], "blocks": []})
        elif not sections:
            opening.append(_with_column_names(block))
        elif block["kind"] not in ("sign", "facts"):  # facts below a heading are those of the account
            sections[-1]["blocks"].append(_with_column_names(block))
    return {"language": words["language"], "opening": opening, "sections": sections}


def _with_column_names(block: dict[str, Any]) -> dict[str, Any]:
    if block["kind"] != "table":
        return block
    return {**block, "rows": [list(zip(block["head"], row, strict=True)) for row in block["rows"]]}


def _find_document(acknowledgement: OrderAcknowledgement) -> GeneratedDocument:
    found: GeneratedDocument | None = None
    if is_link_open(acknowledgement):
        found = current_purchase_order(acknowledgement.order)
    if found is None:
        raise Http404
    return found
