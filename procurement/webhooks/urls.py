"""URLs of the pages of webhooks."""

from django.urls import path

from procurement.webhooks.views import (
    make_webhook_move,
    new_webhook,
    reveal_webhook_secret,
    webhook_detail,
    webhook_list,
)

urlpatterns = [
    path("webhooks/", webhook_list, name="webhooks"),
    path("cities/<slug:slug>/webhooks/add/", new_webhook, name="add_webhook"),
    path("webhooks/<int:pk>/", webhook_detail, name="webhook"),
    path("webhooks/<int:pk>/reveal/", reveal_webhook_secret, name="reveal_webhook_secret"),
    path("webhooks/<int:pk>/<slug:verb>/", make_webhook_move, name="webhook_move"),
]
