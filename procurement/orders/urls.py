"""URLs of orders, payments and decision memos."""

from django.urls import include, path

from procurement.orders.decision_memos.views import (
    memo_pdf,
    memo_pdf_signed,
    new_memo,
    order_documents,
    redirect_to_memo,
    verify_decision_memo,
)
from procurement.orders.payments.views import make_payment_move, payment_list, redirect_to_payment
from procurement.orders.views.create import new_order
from procurement.orders.views.holds import hold_supplier_orders
from procurement.orders.views.moves import make_order_move
from procurement.orders.views.orders import order_detail, order_list
from procurement.orders.views.purchase_figures import purchase_figures_page

urlpatterns = [
    path("", include("procurement.orders.acknowledgements.urls")),
    path("orders/figures/", purchase_figures_page, name="order_figures"),
    path("orders/<slug:reference>/documents/", order_documents, name="order_documents"),
    path("orders/<slug:reference>/documents/memo/", new_memo, name="add_decision_memo"),
    path("decision-memos/<slug:reference>/", redirect_to_memo, name="decision_memo"),
    path("decision-memos/<slug:reference>/<slug:language>/", memo_pdf, name="decision_memo_pdf"),
    path(
        "decision-memos/<slug:reference>/<slug:language>/at/<str:signed>/",
        memo_pdf_signed,
        name="decision_memo_pdf_signed",
    ),
    path("memo/<slug:code>/", verify_decision_memo, name="verify_decision_memo"),
    path("suppliers/<slug:reference>/hold-orders/", hold_supplier_orders, name="hold_orders"),
    path("orders/<slug:reference>/<slug:verb>/", make_order_move, name="order_move"),
    path("orders/", order_list, name="orders"),
    path("orders/new/", new_order, name="add_order"),
    path("orders/<slug:reference>/", order_detail, name="order"),
    path("payments/", payment_list, name="payments"),
    path("payments/<int:pk>/", redirect_to_payment, name="payment"),
    path("payments/<int:pk>/<slug:verb>/", make_payment_move, name="payment_move"),
]
