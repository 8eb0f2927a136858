"""URLs of saved views."""

from django.urls import path

from partners.saved_views.views import drop_view, keep_view

urlpatterns = [
    path("views/<slug:listed>/save/", keep_view, name="keep_view"),
    path("views/<int:pk>/remove/", drop_view, name="drop_view"),
]
