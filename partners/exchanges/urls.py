"""URLs of exchanges."""

from django.urls import path

from partners.exchanges.views import add_exchange

urlpatterns = [
    path("cities/<slug:slug>/exchanges/add/", add_exchange, name="add_exchange"),
]
