"""URLs of saved views."""

from django.urls import path

from partners.saved_views.views import add_saved_view, delete_saved_view

urlpatterns = [
    path("views/<slug:listed>/save/", add_saved_view, name="keep_view"),
    path("views/<int:pk>/remove/", delete_saved_view, name="drop_view"),
]
