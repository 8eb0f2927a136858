"""Pages of the city's staff on order acknowledgements: send the order, copy the link, decide on an answer."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.notifications.mail_text import WrittenMail, render_mail
from procurement.orders.acknowledgements.actions.requests import (
    copy_acknowledgement_link,
    request_acknowledgement,
)
from procurement.orders.acknowledgements.forms import AcceptProposalForm, RefuseAnswerForm
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.rules import (
    ACCEPT_PROPOSAL,
    REFUSE_ANSWER,
    REQUEST_ACKNOWLEDGEMENT,
    SEND_AGAIN,
    WITHDRAW_LINK,
    may_send,
    order_not_open_refusal,
    unsendable_order_refusal,
)
from procurement.orders.models import Order
from workflow import clock
from workflow.clock import real_now
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.outbox.queue import LINK_PLACEHOLDER

RELATIONS = ("order__supplier", "order__city", "city", "person", "purchase_order", "link_copied_by")


def acknowledgement_context(request: AuthenticatedRequest, order: Any) -> dict[str, Any]:
    """Return what an order's page shows about sending it to its supplier.

    `order` has the annotation `has_acknowledgement`. `is_order_unsent` is True if it was never sent and the reader sends
    orders; `may_send_order` if they can send it now.
    """
    if not order.has_acknowledgement:
        new = OrderAcknowledgement(order=order, city_id=order.city_id)
        is_unsent = (
            may_send(request.by, new) and order_not_open_refusal(new) is None and order.held_since is None
        )
        return {
            "is_order_unsent": is_unsent,
            "may_send_order": is_unsent
            and REQUEST_ACKNOWLEDGEMENT.refusal(request.by, new, clock.now()) is None,
        }
    rows = with_mail_status(OrderAcknowledgement.objects.visible_to(request.by), request.by)
    found: Any = rows.select_related("person", "purchase_order", "link_copied_by").get(order=order.pk)
    found.order = order
    return {
        "acknowledgement": found,
        "acknowledgement_mails": mail_statuses_of(found),
        "may_copy_order_link": WITHDRAW_LINK.refusal(request.by, found, clock.now()) is None
        and unsendable_order_refusal(found) is None,
    }


@login_required
@require_POST
def send_order(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Send a placed order to its supplier by link. Requires the power ORDER."""
    order = get_object_or_404(
        Order.objects.visible_to(request.by).select_related("supplier", "city"),
        reference=reference,
    )
    require_permission(request, Power.ORDER, order)
    return run_action(
        request,
        lambda: request_acknowledgement(order, author=request.user, by=request.by, at=clock.now()),
        done=acknowledgement_url,
        template="orders/acknowledgements/copied.html",
        context={"order": order},
    )


@login_required
def redirect_to_acknowledgement(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to the acknowledgement on its order's page."""
    return redirect(acknowledgement_url(_find_acknowledgement(request, reference)))


@login_required
def make_acknowledgement_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an acknowledgement, or make the move."""
    return run_move(request, _find_acknowledgement(request, reference), verb, ACKNOWLEDGEMENT_MOVE_OPTIONS)


@login_required
@require_POST
def copy_order_link(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the message with a new link, for the officer to send by hand. The journal names the officer.

    Requires the power ORDER.
    """
    thing = _find_acknowledgement(request, reference)
    require_permission(request, Power.ORDER, thing)

    def done(url: str) -> HttpResponse:
        context = {"order": thing.order, "acknowledgement": thing, "text": _message_text(thing, url).body}
        return render_page(request, "orders/acknowledgements/copied.html", context)

    return run_action(
        request,
        lambda: copy_acknowledgement_link(
            thing, user=request.user, by=request.by, at=clock.now(), real_at=real_now()
        ),
        done=done,
        template="orders/acknowledgements/copied.html",
        context={"order": thing.order, "acknowledgement": thing},
    )


def _message_text(thing: OrderAcknowledgement, url: str) -> WrittenMail:
    """Return the message to the supplier with a link, in the language in which it would be sent."""
    with translation.override(thing.language):
        mail = render_mail("purchase_order_sent", {"thing": thing, "addressed": thing.name})
    return WrittenMail(mail.subject, mail.body.replace(LINK_PLACEHOLDER, url))


def _find_acknowledgement(request: AuthenticatedRequest, reference: str) -> OrderAcknowledgement:
    rows = OrderAcknowledgement.objects.visible_to(request.by).select_related(*RELATIONS)
    return get_object_or_404(rows, reference=reference)


def acknowledgement_url(acknowledgement: OrderAcknowledgement) -> str:
    """Return the address of the acknowledgement on its order's page."""
    return f"{acknowledgement.order.get_absolute_url()}#acknowledgement"


ACKNOWLEDGEMENT_MOVE_OPTIONS = move_options(
    SEND_AGAIN,
    MoveOption(
        ACCEPT_PROPOSAL,
        form=AcceptProposalForm,
        hint=_("The order is confirmed by link, with the proposed date and the supplier’s order number."),
    ),
    MoveOption(
        REFUSE_ANSWER,
        form=RefuseAnswerForm,
        hint=_(
            "If an address is known, the supplier gets your reason and a new link. Otherwise copy the link and deliver it. "
            "The order stays as it is."
        ),
    ),
    MoveOption(WITHDRAW_LINK, hint=_("All links to this order stop working. The order stays placed.")),
    after=acknowledgement_url,
)
