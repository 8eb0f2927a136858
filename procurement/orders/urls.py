"""URLs of orders, payments and decision memos."""

from django.urls import path

from procurement.orders.decision_memos.views import (
    memo,
    memo_pdf,
    memo_pdf_signed,
    new_memo,
    order_documents,
    verify_decision_memo,
)
from procurement.orders.payments.views import payment, payment_move, payments
from procurement.orders.views.create import new_order
from procurement.orders.views.holds import hold_orders
from procurement.orders.views.moves import order_move
from procurement.orders.views.orders import order, orders
from procurement.orders.views.purchase_figures import order_figures

urlpatterns = [
    path("orders/figures/", order_figures, name="order_figures"),
    path("orders/<slug:reference>/documents/", order_documents, name="order_documents"),
    path("orders/<slug:reference>/documents/memo/", new_memo, name="add_decision_memo"),
    path("decision-memos/<slug:reference>/", memo, name="decision_memo"),
    path("decision-memos/<slug:reference>/<slug:language>/", memo_pdf, name="decision_memo_pdf"),
    path(
        "decision-memos/<slug:reference>/<slug:language>/at/<str:signed>/",
        memo_pdf_signed,
        name="decision_memo_pdf_signed",
    ),
    path("memo/<slug:code>/", verify_decision_memo, name="verify_decision_memo"),
    path("suppliers/<slug:reference>/hold-orders/", hold_orders, name="hold_orders"),
    path("orders/<slug:reference>/<slug:verb>/", order_move, name="order_move"),
    path("orders/", orders, name="orders"),
    path("orders/new/", new_order, name="add_order"),
    path("orders/<slug:reference>/", order, name="order"),
    path("payments/", payments, name="payments"),
    path("payments/<int:pk>/", payment, name="payment"),
    path("payments/<int:pk>/<slug:verb>/", payment_move, name="payment_move"),
]
