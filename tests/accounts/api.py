"""The URLs of the product, and two API views defined in test_authentication.py."""

from django.urls import include, path

from tests.accounts.test_authentication import public_view, who_view

urlpatterns = [path("api/who/", who_view), path("api/public/", public_view), path("", include("config.urls"))]
