"""The URLs of the product, and two API views defined in test_authentication.py."""

from django.urls import include, path

from tests.accounts.test_authentication import public, who

urlpatterns = [path("api/who/", who), path("api/public/", public), path("", include("config.urls"))]
