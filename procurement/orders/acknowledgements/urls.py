"""URLs of order acknowledgements: for the city's staff, and behind the supplier's link."""

from django.urls import path

from procurement.orders.acknowledgements.portal import (
    answer_order,
    linked_order_page,
    redirect_to_order_document,
    signed_order_document,
)
from procurement.orders.acknowledgements.views import (
    copy_order_link,
    make_acknowledgement_move,
    redirect_to_acknowledgement,
    send_order,
)

urlpatterns = [
    path("orders/<slug:reference>/send-to-supplier/", send_order, name="send_order"),
    path(
        "order-acknowledgements/<slug:reference>/", redirect_to_acknowledgement, name="order_acknowledgement"
    ),
    path("order-acknowledgements/<slug:reference>/copy/", copy_order_link, name="order_acknowledgement_copy"),
    path(
        "order-acknowledgements/<slug:reference>/<slug:verb>/",
        make_acknowledgement_move,
        name="order_acknowledgement_move",
    ),
    path("o/<slug:reference>/document/", redirect_to_order_document, name="portal_order_document"),
    path(
        "o/<slug:reference>/document/at/<str:signed>/",
        signed_order_document,
        name="portal_order_document_signed",
    ),
    path("o/<slug:reference>/<slug:verb>/", answer_order, name="portal_order_answer"),
    path("o/<slug:reference>/", linked_order_page, name="portal_order"),
]
